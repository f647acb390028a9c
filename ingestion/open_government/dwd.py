# SPDX-License-Identifier: Apache-2.0
"""Station files of the Deutscher Wetterdienst: measured values per hour or per ten minutes.

Belongs here: the archives of the Climate Data Center (a zip with `produkt_*.txt`), and the CSV of
current observations with three header lines. Does not belong here: forecasts and the service Bright
Sky (``bright_sky.py``), hours out of ten minutes (dbt).

A file holds one kind of measurement, so most columns of a row stay empty; a time ends the interval
that it measures, in UTC. Values come in the units of the other weather source: °C, mm, minutes, km/h.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatch
from functools import partial
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from foundation.contracts import Contract
from foundation.errors import BadDelivery
from ingestion.adapter import ROW_NUMBER, Parsed, read_csv_text, refuse, utf8_bytes
from ingestion.archives import read_members
from ingestion.sensors.times import UTC_TEXT, first_and_last

_MINUTES_PER_HOUR = Decimal(60)
_KMH_PER_MS = Decimal("3.6")
_ONE = Decimal(1)
# What a column of an archive measures, and what makes it the unit of the contract.
_ARCHIVED = {
    "TT_TU": ("temperature", _ONE),
    "TT_10": ("temperature", _ONE),
    "R1": ("precipitation", _ONE),
    "RWS_10": ("precipitation", _ONE),
    "SD_SO": ("sunshine", _ONE),
    "SD_10": ("sunshine", _MINUTES_PER_HOUR),
    "F": ("wind_speed", _KMH_PER_MS),
    "FF_10": ("wind_speed", _KMH_PER_MS),
}
# Columns of the current observations with the unit that their second line must name.
_CURRENT = {
    "dry_bulb_temperature_at_2_meter_above_ground": ("temperature", "Grad C"),
    "precipitation_amount_last_hour": ("precipitation", "mm"),
    "total_time_of_sunshine_during_last_hour": ("sunshine", "min"),
    "mean_wind_speed_during last_10_min_at_10_meters_above_ground": ("wind_speed", "km/h"),
}
_DAY, _CLOCK = "surface observations", "Parameter description"
_VALUES = ("temperature", "precipitation", "sunshine", "wind_speed")
_NOT_ARCHIVED, _NOT_CURRENT = "-999", "---"
_END_OF_RECORD = "eor"
_REMEDY = "die Datei beim Deutschen Wetterdienst erneut laden und unverändert einliefern"


@dataclass(frozen=True)
class _Rows:
    """One file's rows in the contract's words."""

    columns: dict[str, list[str | None]]
    numbers: list[int]


class _Products:
    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and fnmatch(name.lower(), "produkt_*.txt")


class DwdAdapter:
    """Reads an archive of one station and kind, or one station's current observations."""

    name = "open_government.dwd"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """First and last local day of the intervals measured. Raises BadDelivery."""
        rows = _read(file_name, data)
        instants = pd.to_datetime(
            pd.Series(rows.columns["measured_at"]), format=UTC_TEXT, errors="coerce", utc=True
        )
        lengths = pd.to_timedelta(pd.Series(rows.columns["interval_minutes"]).astype(int), "min")
        zone = ZoneInfo(str(contract.options.get("timezone", "Europe/Berlin")))
        # The closing midnight belongs to the day that it closes.
        starts = (instants - lengths).dt.tz_convert(zone).dt.tz_localize(None)
        return first_and_last(starts, file_name, "MESS_DATUM")

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """Text columns of the contract, one row per line of the file. Raises BadDelivery."""
        rows = _read(file_name, data)
        obj = contract.objects[0]
        columns = {f.name: pa.array(rows.columns[f.name], pa.string()) for f in obj.fields}
        return Parsed(
            {obj.name: pa.table({**columns, ROW_NUMBER: pa.array(rows.numbers, pa.int64())})}
        )


def _read(file_name: str, data: bytes) -> _Rows:
    if not file_name.lower().endswith(".zip"):
        return _current(file_name, data)
    products = read_members(file_name, data, _Products())
    if len(products) != 1:
        raise refuse(
            file_name,
            rule="datei_fehlt",
            found=f"ein Archiv mit {len(products)} Dateien namens produkt_*.txt",
            expected="genau eine Datei produkt_*.txt mit Messwerten",
            remedy="das Archiv mit den Messwerten laden, nicht das mit Metadaten (Meta_Daten)",
        )
    ((name, content),) = products.items()
    return _archived(f"{file_name}/{name}", content)


def _archived(place: str, data: bytes) -> _Rows:
    text = utf8_bytes(data, place, "latin-1")
    head, _, body = text.partition(b"\n")
    names = b";".join(name.strip() for name in head.split(b";"))
    columns = [name.decode("utf-8") for name in names.split(b";")]
    measured = [name for name in columns if name in _ARCHIVED]
    if not measured:
        raise refuse(
            place,
            rule="spalte_fehlt",
            row=1,
            found=f"Kopfzeile ohne bekannten Messwert ({';'.join(columns)})",
            expected="eine der Spalten " + ", ".join(_ARCHIVED),
            remedy="Archive für Temperatur, Niederschlag, Sonnenschein oder Wind einliefern",
        )
    table = read_csv_text(
        names + b"\n" + body,
        place,
        columns=["STATIONS_ID", "MESS_DATUM", *measured, _END_OF_RECORD],
    )
    _check_ends(place, table)
    times = _stripped(table, "MESS_DATUM")
    found = _empty(len(table))
    found["station_id"] = _each(_stripped(table, "STATIONS_ID"), lambda t: t.zfill(5))
    found["measured_at"] = _each(times, lambda t: _utc(t, "%Y%m%d%H%M", f"{t:<012}"))
    found["interval_minutes"] = ["10" if t and len(t) == 12 else "60" for t in times]
    for name in measured:
        target, factor = _ARCHIVED[name]
        found[target] = _each(
            _stripped(table, name), partial(_converted, factor=factor, missing=_NOT_ARCHIVED)
        )
    return _Rows(found, table[ROW_NUMBER].to_pylist())


def _check_ends(place: str, table: pa.Table) -> None:
    for row, mark in zip(
        table[ROW_NUMBER].to_pylist(), _stripped(table, _END_OF_RECORD), strict=True
    ):
        if mark != _END_OF_RECORD:
            raise refuse(
                place,
                rule="zeile_abgeschnitten",
                row=row,
                field=_END_OF_RECORD,
                found=f"„{mark or ''}“ am Ende der Zeile",
                expected=f"„{_END_OF_RECORD}“ am Ende jeder Zeile",
                remedy=_REMEDY,
            )


def _current(file_name: str, data: bytes) -> _Rows:
    whole = read_csv_text(data, file_name, columns=[_DAY, _CLOCK, *_CURRENT], encoding="latin-1")
    # Below the names stand a line of units, with the station, and one in German.
    units, table = whole.slice(0, 1).to_pylist()[0], whole.slice(2)
    _check_units(file_name, units)
    if not len(table):
        raise refuse(
            file_name,
            rule="datei_leer",
            row=4,
            found="nur die drei Kopfzeilen",
            expected="mindestens eine Zeile mit Messwerten",
            remedy=_REMEDY,
        )
    found = _empty(len(table))
    found["station_id"] = [units[_DAY]] * len(table)
    pairs = zip(_stripped(table, _DAY), _stripped(table, _CLOCK), strict=True)
    found["measured_at"] = _each(
        [f"{day or ''} {clock or ''}".strip() for day, clock in pairs],
        lambda t: _utc(t, "%d.%m.%y %H:%M", t),
    )
    found["interval_minutes"] = ["60"] * len(table)
    for name, (target, _) in _CURRENT.items():
        found[target] = _each(
            _stripped(table, name), lambda t: _converted(t.replace(",", "."), _ONE, _NOT_CURRENT)
        )
    return _Rows(found, table[ROW_NUMBER].to_pylist())


def _check_units(file_name: str, units: dict[str, str | None]) -> None:
    faults = [
        refuse(
            file_name,
            rule="einheit",
            row=2,
            field=name,
            found=f"Einheit „{units[name] or ''}“",
            expected=f"Einheit „{unit}“",
            remedy=_REMEDY,
        )
        for name, (_, unit) in _CURRENT.items()
        if units[name] != unit
    ]
    if faults:
        raise BadDelivery([finding for fault in faults for finding in fault.findings])


def _empty(length: int) -> dict[str, list[str | None]]:
    return {name: [None] * length for name in _VALUES}


def _stripped(table: pa.Table, name: str) -> list[str | None]:
    return [text.strip() or None if text else None for text in table[name].to_pylist()]


def _each(texts: list[str | None], change: Callable[[str], str | None]) -> list[str | None]:
    # Measured values repeat: each is worked out once.
    changed = {text: change(text) for text in set(texts) if text is not None}
    return [None if text is None else changed[text] for text in texts]


def _utc(text: str, written: str, padded: str) -> str:
    """The time as UTC text; what cannot be read stays, for the contract to show and refuse."""
    try:
        return datetime.strptime(padded, written).replace(tzinfo=UTC).strftime(UTC_TEXT)
    except ValueError:
        return text


def _converted(text: str, factor: Decimal, missing: str) -> str | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None if text == missing else text
    if missing != _NOT_CURRENT and value == Decimal(missing):
        return None
    return format((value * factor).normalize(), "f")


ADAPTER = DwdAdapter()
