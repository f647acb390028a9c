# SPDX-License-Identifier: Apache-2.0
"""Pure functions over data frames: distribution, forecasting, experiments.

Belongs here: the cooperative's calculations, without side effects.
Does not belong here: Dagster, the lakehouse, files, the clock.
"""
