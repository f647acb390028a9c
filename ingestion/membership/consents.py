# SPDX-License-Identifier: Apache-2.0
"""Consents given and withdrawn (``einwilligungen.csv``).

Belongs here: the list as text table. Does not belong here: which consent is in force (dbt).
"""

from __future__ import annotations

from datetime import date

from foundation.contracts import Contract
from ingestion.adapter import Parsed
from ingestion.files import object_of
from ingestion.membership.lists import days_in, parse_list, read_list


class ConsentsAdapter:
    """Reads the whole list; each delivery carries all declarations up to its day."""

    name = "membership.consents"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """Days of the first and the last declaration. Raises BadDelivery."""
        source = object_of(file_name, contract).field("recorded_at").source
        return days_in(read_list(file_name, data, contract), [source], file_name)

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """The declarations as text. Raises BadDelivery."""
        return parse_list(file_name, data, contract)


ADAPTER = ConsentsAdapter()
