# SPDX-License-Identifier: Apache-2.0
"""Reading the input frames: columns there, money exact, dates as dates.

Belongs here: turning a data frame into plain Python values, once, with refusals.
Does not belong here: any rule of distribution.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from foundation.errors import OrtskernError

Row = dict[Hashable, Any]
# Names that core may use for the same column; the left one is used here.
_ALIASES = {
    "joined_on": "joined_date",
    "left_on": "left_date",
    "service_from_date": "service_from",
    "service_to_date": "service_to",
    "vat_rate_percent": "vat_rate",
}


def rows(frame: pd.DataFrame, table: str, columns: Sequence[str]) -> list[Row]:
    """The frame as dictionaries with exactly `columns`; missing values become None.

    Raises OrtskernError when a column is missing or money or points come as float (as DuckDB's
    `.df()` delivers DECIMAL): such a frame has already lost its cents.
    """
    for name, other in _ALIASES.items():
        if name in columns and name not in frame.columns and other in frame.columns:
            frame = frame.rename(columns={other: name})
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise OrtskernError(
            f"Tabelle „{table}“, Feld „{missing[0]}“: gefunden nichts, erwartet eine Spalte dieses "
            "Namens; Modell oder Abfrage ergänzen."
        )
    for name in columns:
        if name.endswith("_eur") and pd.api.types.is_float_dtype(frame[name]) and len(frame):
            raise OrtskernError(
                f"Tabelle „{table}“, Feld „{name}“: gefunden Gleitkommazahlen, erwartet DECIMAL; "
                "die Tabelle über Arrow lesen, nicht über float."
            )
    records = frame.loc[:, list(columns)].astype(object).to_dict("records")
    return [{key: None if pd.isna(value) else value for key, value in r.items()} for r in records]


def as_date(value: Any) -> dt.date | None:
    """A day, whether it comes as date, datetime, pandas Timestamp, ISO text or nothing."""
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    return dt.date.fromisoformat(str(value)[:10])


def as_decimal(value: Any) -> Decimal:
    """An exact number; whole numbers and texts are converted, float is not accepted."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, float):
        raise OrtskernError(f"Gleitkommazahl {value} statt DECIMAL; Tabelle über Arrow lesen.")
    return Decimal(str(value))


class Members:
    """The members of the year by pseudonym, with the key that decides ties of a cent.

    `tie_column` is `member_number` where the caller may read the register, otherwise `member_id`;
    it must be named, because it decides who gets the odd cent.
    """

    def __init__(self, frame: pd.DataFrame, tie_column: str = "member_number") -> None:
        names = ["member_id", "member_kind", "vat_status", "joined_on", "left_on"]
        columns = list(dict.fromkeys([*names, tie_column]))
        self._by_id: dict[str, Row] = {}
        for row in rows(frame, "members", columns):
            if row["member_id"] in self._by_id:
                raise OrtskernError(
                    f"Tabelle „members“: Mitglied {row['member_id']} steht doppelt; erwartet eine "
                    "Zeile je Mitglied, bitte Modell prüfen."
                )
            row["joined_on"], row["left_on"] = as_date(row["joined_on"]), as_date(row["left_on"])
            row["tie"] = str(row[tie_column])
            self._by_id[row["member_id"]] = row

    def __iter__(self) -> Any:
        return iter(sorted(self._by_id, key=lambda member: self._by_id[member]["tie"]))

    def get(self, member_id: str, where: str) -> Row:
        """The member's row. Raises OrtskernError naming the table that knows a stranger."""
        if member_id not in self._by_id:
            raise OrtskernError(
                f"Tabelle „{where}“: Mitglied {member_id} steht nicht in der Mitgliederliste; "
                "Mitgliederliste nachliefern oder die Zuordnung berichtigen."
            )
        return self._by_id[member_id]

    def tie(self, member_id: str) -> str:
        """The key that orders members and decides ties."""
        return str(self._by_id[member_id]["tie"])

    def was_member(self, member_id: str, first: dt.date, last: dt.date) -> bool:
        """True when the membership and the period have a day in common."""
        row = self._by_id[member_id]
        joined, left = row["joined_on"], row["left_on"]
        return (joined is None or joined <= last) and (left is None or left >= first)
