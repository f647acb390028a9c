# SPDX-License-Identifier: Apache-2.0
"""What must hold before anyone sees a number.

Belongs here: rules and suites derived from contracts, and the disclosure gate.
Does not belong here: reading deliveries (``ingestion``), or tests of models (``dbt_project``).
"""
