# SPDX-License-Identifier: Apache-2.0
"""What the cooperative computes: pure functions, data frames in and out.

Belongs here: methods (distribution of revenue, later forecasts and experiments) that can be tested
with a hand-written table. Does not belong here: the lakehouse, Dagster, identities, printing.
"""
