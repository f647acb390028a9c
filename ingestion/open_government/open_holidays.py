# SPDX-License-Identifier: Apache-2.0
"""Lists of OpenHolidays: public and school holidays of the German states, one file per list (CSV).

Belongs here: the entries of a file as a text table, with the German name and the length of each. Does not
belong here: the days of an entry and whose they are (dbt), the library that marks the calendar by itself.

An entry names states, or places within one; without either it holds everywhere. Where schools of one
state differ by kind, a list names those in place of the states: such a file has no column Subdivisions.
"""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pyarrow as pa

from foundation.contracts import Contract
from ingestion.adapter import ROW_NUMBER, Parsed, header_of, read_csv_text, utf8_bytes
from ingestion.sensors.times import days_of_texts

_FIRST, _LAST = "StartDate", "EndDate"
_COLUMNS = ("Id", "Country", _FIRST, _LAST, "Type", "RegionalScope", "Name")
_PLACES = "Subdivisions"
# Both have been used for the kinds of schools that an entry is limited to.
_KINDS_OF_SCHOOLS = ("Groups", "OUnits")
# Names stand behind their language: "DE Neujahr,EN New Year's Day".
_GERMAN = re.compile(r"(?:^|,)DE (.+?)(?=,[A-Z]{2} |$)")


class OpenHolidaysAdapter:
    """Reads one list as its publisher offers it."""

    name = "open_government.open_holidays"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """First and last day of its entries; most lie ahead. Raises BadDelivery."""
        table = _read(file_name, data, contract)
        texts = [t for name in (_FIRST, _LAST) for t in table[name].to_pylist() if t]
        return days_of_texts(texts, "%Y-%m-%d", file_name, _FIRST)

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """One row per entry. Raises BadDelivery."""
        table = _read(file_name, data, contract)
        found = {name: table[name].to_pylist() for name in table.column_names}
        nothing = [None] * len(table)
        kinds = [found[name] for name in _KINDS_OF_SCHOOLS if name in found] or [nothing]
        columns = {
            "holiday_id": found["Id"],
            "country": found["Country"],
            "start_date": found[_FIRST],
            "end_date": found[_LAST],
            "day_count": _lengths(found[_FIRST], found[_LAST]),
            "holiday_kind": found["Type"],
            "regional_scope": found["RegionalScope"],
            "holiday_name": [_german(text) for text in found["Name"]],
            "subdivisions": found.get(_PLACES, nothing),
            "school_kinds": [
                ",".join(filter(None, row)) or None for row in zip(*kinds, strict=True)
            ],
        }
        obj = contract.objects[0]
        arrays = {f.name: pa.array(columns[f.name], pa.string()) for f in obj.fields}
        return Parsed({obj.name: pa.table({**arrays, ROW_NUMBER: table[ROW_NUMBER]})})


def _read(file_name: str, data: bytes, contract: Contract) -> pa.Table:
    encoding = str(contract.options.get("encoding", "utf-8"))
    header = header_of(utf8_bytes(data, file_name, encoding), ";")
    limits = [name for name in (_PLACES, *_KINDS_OF_SCHOOLS) if name in header]
    # A list that does not say for whom it holds would hold for everybody.
    return read_csv_text(
        data, file_name, columns=[*_COLUMNS, *(limits or [_PLACES])], encoding=encoding
    )


def _lengths(firsts: list[str | None], lasts: list[str | None]) -> list[str | None]:
    """Days of each entry, both ends included; None where a date cannot be read, which the contract says."""
    starts, ends = (
        pd.to_datetime(pd.Series(texts, dtype=object), format="%Y-%m-%d", errors="coerce")
        for texts in (firsts, [last or first for first, last in zip(firsts, lasts, strict=True)])
    )
    days = (ends - starts).dt.days + 1
    return [None if pd.isna(n) else str(int(n)) for n in days]


def _german(text: str | None) -> str | None:
    """The German name; the text as it stands where there is none."""
    found = _GERMAN.search(text or "")
    return found.group(1) if found else text


ADAPTER = OpenHolidaysAdapter()
