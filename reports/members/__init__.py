# SPDX-License-Identifier: Apache-2.0
"""The report to a member: its shops, comparison, use of its data, money, whom to call.

Belongs here: what stands on it (`content`, `shops`), the file (`render`). Does not belong here:
numbers (they come from `papers`), reading register or lake.
"""
