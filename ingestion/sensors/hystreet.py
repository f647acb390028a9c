# SPDX-License-Identifier: Apache-2.0
"""Hourly pedestrian counts as hystreet's download writes them.

Belongs here: the CSV download of hystreet (byte order mark, ``;``, local time with offset).
Does not belong here: other counters (``mapped_csv``), the API of hystreet, the meaning of hours.

A sensor is known by the name of its location, as in ``cooperative/reference/sensors.csv``.
"""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from foundation.contracts import Contract
from ingestion.adapter import Parsed, read_object
from ingestion.sensors.times import days_of_texts, offset_times_to_utc

# "2020-05-06 00:00:00 +0200": the offset tells the two hours apart that the end of summer time
# repeats.
TIME_FORMAT = "%Y-%m-%d %H:%M:%S %z"


class HystreetAdapter:
    """Reads one download: any number of locations, one row per location and hour."""

    name = "sensors.hystreet"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """First and last local day, as the time column writes them. Raises BadDelivery."""
        table = self._read(file_name, data, contract)
        days = table["measured_at"].combine_chunks().cast(pa.string()).to_pylist()
        return days_of_texts(
            [text[:10] for text in days if text], "%Y-%m-%d", file_name, _source(contract)
        )

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """Text columns of the contract; ``measured_at`` is UTC with offset. Raises BadDelivery."""
        obj = contract.objects[0]
        table = self._read(file_name, data, contract)
        for field in obj.fields:
            if field.name not in table.column_names:
                continue
            column = table[field.name]
            if field.physical_type.startswith("TIMESTAMP"):
                column = offset_times_to_utc(column, TIME_FORMAT)
            elif field.physical_type.startswith("DECIMAL"):
                # Downloads in German write 4,6 and in English 4.6; thousands do not occur here.
                column = pa.compute.replace_substring(column, ",", ".")
            table = table.set_column(table.column_names.index(field.name), field.name, column)
        return Parsed({obj.name: table})

    def _read(self, file_name: str, data: bytes, contract: Contract) -> pa.Table:
        return read_object(
            data,
            file_name,
            contract.objects[0],
            delimiter=str(contract.options.get("delimiter", ";")),
            encoding=str(contract.options.get("encoding", "utf-8")),
        )


def _source(contract: Contract) -> str:
    return contract.objects[0].field("measured_at").source


ADAPTER = HystreetAdapter()
