# SPDX-License-Identifier: Apache-2.0
"""Merchandise lists of a shop's till or inventory system: price, cost, pack and shelf life of each article.

Belongs here: the list as text table. Does not belong here: which of two lists is in force (dbt).
"""

from __future__ import annotations

from datetime import date

from foundation.contracts import Contract
from ingestion.adapter import Parsed
from ingestion.files import object_of
from ingestion.mapped_csv import days_in, parse_plain, read_trimmed


class MerchandiseAdapter:
    """Reads the whole list of one owner; each row says from which day it holds."""

    name = "supply.merchandise"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """First and last day from which rows hold. Raises BadDelivery."""
        source = object_of(file_name, contract).field("valid_from_date").source
        day_format = str(contract.options.get("dateFormat", "%Y-%m-%d"))
        table = read_trimmed(file_name, data, contract)
        return days_in(table, [source], file_name, day_format)

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """The articles as text. Raises BadDelivery."""
        return parse_plain(file_name, data, contract)


ADAPTER = MerchandiseAdapter()
