# SPDX-License-Identifier: Apache-2.0
"""Dagster and the command line: thin assets, checks, jobs, schedules, sensors.

Belongs here: the order in which the rooms are called, and what a steward sees while they work.
Does not belong here: calculations; nothing imports this package.
"""
