# SPDX-License-Identifier: Apache-2.0
"""What every room of Ortskern stands on.

Belongs here: settings, clock, errors, money, formats, keys, object stores, contracts, the lakehouse and its ledger.
Does not belong here: anything that knows a source, an indicator or a report. Imports nothing of ours.
"""
