# SPDX-License-Identifier: Apache-2.0
"""What every room stands on: settings, clock, money, formats, contracts, lakehouse, ledger.

Belongs here: what more than one room needs and what knows nothing of tills, sensors or papers.
Does not belong here: anything that imports another package of this project.
"""
