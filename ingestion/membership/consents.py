# SPDX-License-Identifier: Apache-2.0
"""Consents given and withdrawn (``einwilligungen.csv``).

Belongs here: the list as text table. Does not belong here: which consent is in force (dbt).
"""

from __future__ import annotations

from datetime import date

import pyarrow.compute as pc

from foundation.contracts import Contract
from ingestion.adapter import Parsed
from ingestion.files import object_of
from ingestion.mapped_csv import days_in, parse_plain, read_trimmed

NO_OFFSET = " (ohne Abstand zu UTC)"
_OFFSET = r"(Z|[+-]\d{2}:?\d{2})$"


class ConsentsAdapter:
    """Reads the whole list; each delivery carries all declarations up to its day."""

    name = "membership.consents"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """Days of the first and the last declaration. Raises BadDelivery."""
        source = object_of(file_name, contract).field("recorded_at").source
        return days_in(read_trimmed(file_name, data, contract), [source], file_name)

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """The declarations as text. Raises BadDelivery.

        A time without an offset is marked, so that the contract refuses it: an hour too much or
        too little can decide whether a consent was in force.
        """
        parsed = parse_plain(file_name, data, contract)
        for table_name, table in parsed.tables.items():
            times = table["recorded_at"]
            exact = pc.match_substring_regex(times, _OFFSET)
            marked = pc.binary_join_element_wise(times, NO_OFFSET, "")
            column = pc.if_else(exact, times, marked)
            place = table.column_names.index("recorded_at")
            parsed.tables[table_name] = table.set_column(place, "recorded_at", column)
        return parsed


ADAPTER = ConsentsAdapter()
