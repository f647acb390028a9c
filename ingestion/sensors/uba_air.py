# SPDX-License-Identifier: Apache-2.0
"""Hourly air quality as the Umweltbundesamt offers it for download.

Belongs here: the CSV with a unit in each header, times such as `'2022-01-01 24:00'` in quotation
marks, `-` for a missing value, lines with a field too many and a closing line about the source.
Does not belong here: limits and indices of air quality.

The file knows its station by a code; the contract's option `stations` says what it is called here.

A time names the end of its hour on the clock that was valid then: 24:00 is the last hour of its day,
and 03:00 occurs twice when summer time ends.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import pyarrow as pa

from foundation.contracts import Contract
from ingestion.adapter import (
    ROW_NUMBER,
    Parsed,
    is_computed,
    read_csv_text,
    refuse,
    utf8_bytes,
)
from ingestion.sensors.times import first_and_last, local_times_to_utc

MISSING = "-"
_CLOSING_LINES = ('"Source', '"Quelle')
_FORMAT = "%Y-%m-%d %H:%M"


class UbaAirAdapter:
    """Reads one download: one station, one row per hour, one column per pollutant."""

    name = "sensors.uba_air"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """First and last local day; 24:00 belongs to the day it ends. Raises BadDelivery."""
        _, local = _times(_read(file_name, data, contract), contract)
        return first_and_last(local, file_name, _time_source(contract))

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """Text columns; ``measured_at`` is the hour's start in UTC. Raises BadDelivery."""
        obj = contract.objects[0]
        table = _read(file_name, data, contract)
        times, _ = _times(table, contract)
        columns = {
            f.name: times if f.physical_type.startswith("TIMESTAMP") else _present(table[f.source])
            for f in obj.fields
            if f.handling != "drop"
        }
        columns["station"] = _named(columns["station"], contract)
        return Parsed({obj.name: pa.table({**columns, ROW_NUMBER: table[ROW_NUMBER]})})


def _read(file_name: str, data: bytes, contract: Contract) -> pa.Table:
    delimiter = str(contract.options.get("delimiter", ";"))
    text = utf8_bytes(data, file_name, str(contract.options.get("encoding", "utf-8")))
    fields = contract.objects[0].fields
    wanted = [f.source for f in fields if f.handling != "drop" and not is_computed(f)]
    return read_csv_text(
        _straightened(text, file_name, delimiter), file_name, columns=wanted, delimiter=delimiter
    )


def _straightened(text: bytes, file_name: str, delimiter: str) -> bytes:
    """The lines with as many fields as the header: empty ones too many go, the closing line too.

    Line numbers stay as they were. Raises BadDelivery where a field too many holds something.
    """
    lines = text.decode("utf-8").splitlines()
    while lines and (not lines[-1].strip() or lines[-1].startswith(_CLOSING_LINES)):
        lines.pop()
    width = lines[0].count(delimiter) if lines else 0
    for number, line in enumerate(lines):
        extra = line.count(delimiter) - width
        if extra > 0 and line.endswith(delimiter * extra):
            lines[number] = line[:-extra]
        elif extra < 0 and line.strip():
            raise refuse(
                file_name,
                rule="zeile_abgeschnitten",
                row=number + 1,
                found=f"{line.count(delimiter) + 1} Felder",
                expected=f"{width + 1} Felder wie in der Kopfzeile",
                remedy="Zeile ist abgeschnitten: Export wiederholen und vollständig einliefern",
            )
    return "\n".join(lines).encode("utf-8")


def _times(table: pa.Table, contract: Contract) -> tuple[pa.Array, pd.Series]:
    """UTC texts and local times of the hours' starts."""
    written = table[_time_source(contract)].to_pandas().astype("string").str.strip("'")
    at_midnight = written.str.endswith("24:00")
    ends = pd.to_datetime(
        written.mask(at_midnight, written.str.replace("24:00", "00:00")),
        format=_FORMAT,
        errors="coerce",
    ) + pd.to_timedelta(at_midnight.fillna(False).astype("int64"), unit="D")
    starts = ends - pd.Timedelta(hours=1)
    texts = starts.dt.strftime(_FORMAT).astype("string").fillna(written)
    return local_times_to_utc(
        texts,
        _FORMAT,
        str(contract.options.get("timezone", "Europe/Berlin")),
        texts.groupby(texts, dropna=False).cumcount(),
    )


def _named(codes: pa.ChunkedArray, contract: Contract) -> pa.Array:
    names = contract.options.get("stations") or {}
    return pa.array([names.get(code, code) for code in codes.to_pylist()], pa.string())


def _present(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.compute.if_else(pa.compute.equal(column, MISSING), None, column)


def _time_source(contract: Contract) -> str:
    obj = contract.objects[0]
    return next(f.source for f in obj.fields if f.physical_type.startswith("TIMESTAMP"))


ADAPTER = UbaAirAdapter()
