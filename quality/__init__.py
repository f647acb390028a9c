# SPDX-License-Identifier: Apache-2.0
"""What must hold before anyone sees a number.

Belongs here: checks derived from contracts, and the disclosure gate in front of `release`.
Does not belong here: reading deliveries (`ingestion`), Dagster (`orchestration`).
"""
