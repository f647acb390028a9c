# SPDX-License-Identifier: Apache-2.0
"""What a member's report says in numbers: own months, the comparison that may be shown, use, money."""
