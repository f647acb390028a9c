# SPDX-License-Identifier: Apache-2.0
"""Dagster and the command line: thin assets over the pure functions of the other rooms.

Belongs here: assets, checks, jobs, schedules, sensors, the command line. Does not belong here: any computation; imported by
none of the other rooms.
"""
