# SPDX-License-Identifier: Apache-2.0
"""Invoices for data products (``datenprodukte_verkaeufe.csv``).

Belongs here: the list as text table, without the buyer's name. Does not belong here: how revenue
is shared (``analysis/distribution``).
"""

from __future__ import annotations

from datetime import date

from foundation.contracts import Contract
from ingestion.adapter import Parsed
from ingestion.files import object_of
from ingestion.mapped_csv import days_in, parse_plain, read_trimmed


class SalesAdapter:
    """Reads the invoices of a fiscal year; amounts stay text until the contract types them."""

    name = "membership.sales"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """First and last day of the periods of supply. Raises BadDelivery."""
        obj = object_of(file_name, contract)
        sources = [obj.field(name).source for name in ("service_from_date", "service_to_date")]
        day_format = str(contract.options.get("dateFormat", "%Y-%m-%d"))
        return days_in(read_trimmed(file_name, data, contract), sources, file_name, day_format)

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """The invoices as text. Raises BadDelivery."""
        return parse_plain(file_name, data, contract)


ADAPTER = SalesAdapter()
