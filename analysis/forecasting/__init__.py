# SPDX-License-Identifier: Apache-2.0
"""What will be sold tomorrow, why, and how much of it to order.

Belongs here: pure functions from one owner's daily sales to forecasts, reasons and order proposals. Does not belong here: reading
the lake, choosing shops (``orchestration``), printing (``reports``).
"""

import os

# LightGBM's idle threads would otherwise spin and starve whatever else runs on a small machine.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OMP_NUM_THREADS", "1")
