# SPDX-License-Identifier: Apache-2.0
"""The order sheet of a shop: one printed page and one phone screen for the next day it is open.

Belongs here: what stands on it (``content``), its look on the phone (``phone``), the files (``render``). Does not belong here:
forecasts and quantities (they come from ``papers``), reading register or lake.
"""
