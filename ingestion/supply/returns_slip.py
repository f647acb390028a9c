# SPDX-License-Identifier: Apache-2.0
"""Evening slips (Retourenzettel) of shops that bake or lay out by the day: made, left over, sold out at.

Belongs here: the slip as text table, for a day, a week or any span. Does not belong here: which of
two slips for the same day counts, and whether it came late (dbt).
"""

from __future__ import annotations

from datetime import date

from foundation.contracts import Contract
from ingestion.adapter import Parsed
from ingestion.files import object_of
from ingestion.mapped_csv import days_in, parse_plain, read_trimmed


class ReturnsSlipAdapter:
    """Reads one slip of any number of days, articles and shops."""

    name = "supply.returns_slip"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """First and last day on the slip. Raises BadDelivery."""
        source = object_of(file_name, contract).field("day_date").source
        day_format = str(contract.options.get("dateFormat", "%Y-%m-%d"))
        table = read_trimmed(file_name, data, contract)
        return days_in(table, [source], file_name, day_format)

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """The rows as text. Raises BadDelivery."""
        return parse_plain(file_name, data, contract)


ADAPTER = ReturnsSlipAdapter()
