# SPDX-License-Identifier: Apache-2.0
"""Answers to surveys, as survey programs export them.

Belongs here: one module per program. Does not belong here: what answers mean (dbt), who was asked
and who draws the panel.
"""
