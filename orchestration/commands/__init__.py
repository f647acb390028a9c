# SPDX-License-Identifier: Apache-2.0
"""What the commands of ``ortskern`` do, one module per command; ``cli.py`` imports each when it is called."""
