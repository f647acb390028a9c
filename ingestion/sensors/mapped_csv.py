# SPDX-License-Identifier: Apache-2.0
"""Hourly counts from any CSV file, by the mapping that its contract writes down.

Belongs here: reading by mapping. Does not belong here: a format with habits of its own.

The mapping: each field's ``physicalName`` is the column of the delivery; the field of type
TIMESTAMP is made of the option ``timeColumns`` (default: its own column), written as ``timeFormat``
in ``timezone`` (``UTC`` where the file counts in UTC; unused where the format carries ``%z``).
Further options: ``delimiter``, ``encoding``. Files packed with gzip are recognised by their bytes.
"""

from __future__ import annotations

import zlib
from datetime import date
from functools import reduce

import pandas as pd
import pyarrow as pa

from foundation import formats
from foundation.contracts import Contract, ContractField, ContractObject
from foundation.errors import ConfigError
from ingestion.adapter import ROW_NUMBER, Parsed, refuse
from ingestion.mapped_csv import read_columns
from ingestion.sensors.times import first_and_last, local_times_to_utc

GZIP_MAGIC = b"\x1f\x8b"
# A packed file can be a thousand times larger than it looks; a town's counts never are.
MOST_UNPACKED_BYTES = 2 * 1024**3


class MappedCountsAdapter:
    """Reads one file of counts as its contract maps it."""

    name = "sensors.mapped_csv"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """First and last day in the file's own time. Raises BadDelivery."""
        table = self._read(file_name, data, contract)
        _, local = _times(table, contract)
        return first_and_last(local, file_name, " ".join(_time_columns(contract)))

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """Text columns of the contract; the time is UTC with offset. Raises BadDelivery."""
        obj = contract.objects[0]
        table = self._read(file_name, data, contract)
        times, _ = _times(table, contract)
        time_field = _time_field(obj)
        columns = {
            f.name: times if f is time_field else table[f.source]
            for f in obj.fields
            if f.handling != "drop"
        }
        return Parsed({obj.name: pa.table({**columns, ROW_NUMBER: table[ROW_NUMBER]})})

    def _read(self, file_name: str, data: bytes, contract: Contract) -> pa.Table:
        obj = contract.objects[0]
        wanted = list(_time_columns(contract))
        wanted += [f.source for f in obj.fields if f.handling != "drop" and f.source not in wanted]
        if _time_field(obj).source not in _time_columns(contract):
            wanted.remove(_time_field(obj).source)
        return read_columns(file_name, unpacked(data, file_name), contract, wanted)


def unpacked(data: bytes, file_name: str, most_bytes: int = MOST_UNPACKED_BYTES) -> bytes:
    """The bytes as they are, or unpacked if gzip. Raises BadDelivery for a damaged archive."""
    if not data.startswith(GZIP_MAGIC):
        return data
    parts: list[bytes] = []
    size = 0
    while data:
        stream = zlib.decompressobj(wbits=31)
        try:
            part = stream.decompress(data, most_bytes - size + 1)
        except zlib.error as error:
            raise _bad_archive(file_name, f"ein beschädigtes Archiv ({error})") from error
        size += len(part)
        if size > most_bytes:
            raise _bad_archive(file_name, f"mehr als {formats.number(most_bytes)} Byte entpackt")
        if not stream.eof:
            raise _bad_archive(file_name, "ein abgeschnittenes Archiv")
        parts.append(part)
        data = stream.unused_data if stream.unused_data.startswith(GZIP_MAGIC) else b""
    return b"".join(parts)


def _bad_archive(file_name: str, found: str) -> Exception:
    return refuse(
        file_name,
        rule="archiv_unlesbar",
        found=found,
        expected="eine vollständige mit gzip gepackte Datei",
        remedy="Datei erneut packen und vollständig einliefern",
    )


def _time_field(obj: ContractObject) -> ContractField:
    for field in obj.fields:
        if field.physical_type.startswith("TIMESTAMP"):
            return field
    raise ConfigError(
        f"Vertrag, Tabelle „{obj.name}“: gefunden kein Feld vom Typ TIMESTAMP, erwartet eines; "
        "im Vertrag ergänzen."
    )


def _time_columns(contract: Contract) -> list[str]:
    named = contract.options.get("timeColumns") or [_time_field(contract.objects[0]).source]
    return [named] if isinstance(named, str) else [str(name) for name in named]


def _times(table: pa.Table, contract: Contract) -> tuple[pa.Array, pd.Series]:
    """UTC texts and local times of all rows."""
    columns = [table[name].to_pandas().astype("string") for name in _time_columns(contract)]
    texts = reduce(lambda left, right: left + " " + right, columns)
    # Which sensor a row belongs to: all text columns of the contract together.
    keys = [
        table[f.source].to_pandas()
        for f in contract.objects[0].fields
        if f.physical_type == "VARCHAR" and f.handling != "drop"
    ]
    occurrence = (
        texts.groupby([*keys, texts], dropna=False).cumcount()
        if keys
        else texts.groupby(texts, dropna=False).cumcount()
    )
    return local_times_to_utc(
        texts,
        str(contract.options.get("timeFormat", "%Y-%m-%d %H:%M:%S")),
        str(contract.options.get("timezone", "Europe/Berlin")),
        occurrence,
    )


ADAPTER = MappedCountsAdapter()
