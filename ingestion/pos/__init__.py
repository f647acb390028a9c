# SPDX-License-Identifier: Apache-2.0
"""Receipts from tills: DSFinV-K archives, and CSV exports by a mapping in the contract.

Belongs here: reading what tills write. Does not belong here: loading
(`ingestion/loading.py`), or what a receipt means (dbt).
"""
