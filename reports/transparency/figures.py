# SPDX-License-Identifier: Apache-2.0
"""Which indicators the report shows, and how each reads: values, sentence, chart.

Belongs here: taking series out of released rows. Does not belong here: computing a value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from foundation import formats
from reports.papers.parts import Row, code_text
from reports.transparency.charts import line_svg

PUBLISHED, TOTAL = "veröffentlicht", "ALLE"
Released = Mapping[str, Sequence[Row]]


@dataclass(frozen=True)
class Series:
    """One indicator of the town by month: released rows with value, status and code."""

    title: str
    column: str
    unit: str
    rows: Sequence[Row]

    def at(self, month: dt.date) -> Row | None:
        """The row of a month; None where the table has none."""
        return next((r for r in self.rows if r["business_month"] == month), None)

    def shown(self, month: dt.date) -> str:
        """The value of a month as a reader expects it, or why there is none."""
        row = self.at(month)
        if row is None or row[self.column] is None:
            return formats.MISSING if row is None else str(row["status"])
        return value_text(row[self.column], self.unit)

    def cell(self, month: dt.date) -> list[Any]:
        """Value above its code."""
        row = self.at(month)
        code = [code_text(row["figure_code"])] if row and row["status"] == PUBLISHED else []
        return [self.shown(month), *code]


def value_text(value: Decimal | float | int, unit: str) -> str:
    """A value with its unit."""
    if unit == "Anteil":
        return formats.percent(value)
    if unit.startswith("€"):
        return formats.eur(Decimal(str(value)))
    if unit == "Punkte":
        return formats.number(value, 1)
    exact = Decimal(str(value))
    if exact == exact.to_integral_value() or exact > 100:
        return formats.number(exact, 0)
    # A tenth would make 0,06 and 0,07 the same.
    return formats.number(exact, 1 if abs(exact) >= 1 else 2)


def series_of(released: Released, components: Mapping[str, tuple[str, str]]) -> list[Series]:
    """The indicators of this edition, in the order of the index.

    Args:
        components: component of the index to its title and unit.
    """
    found = []
    index = _town(released.get("vitality_index", ()))
    if index:
        found.append(Series("Vitalitätsindex (0 bis 100)", "index_value", "Punkte", index))
    parts = _town(released.get("vitality_component", ()))
    for component, (title, unit) in components.items():
        rows = [r for r in parts if r["component"] == component]
        if rows:
            found.append(Series(_named(title, unit), "value", unit, rows))
    star = _town(released.get("north_star", ()))
    if star:
        found.append(Series("Nordstern (Cent Umsatz je Minute zu Fuß)", "value", "Cent", star))
    names = {r["sensor_id"]: r["name"] for r in released.get("sensor", ())}
    walkers: dict[str, list[Row]] = {}
    for row in released.get("footfall_monthly", ()):
        walkers.setdefault(row["sensor_id"], []).append(row)
    for sensor, rows in sorted(walkers.items()):
        name = names.get(sensor, sensor)
        found.append(
            Series(f"Passanten je Tag, {name}", "pedestrians_per_day", "je Tag", _ordered(rows))
        )
    return found


def _named(title: str, unit: str) -> str:
    return title if unit in ("Anteil", "Punkte") else f"{title} ({unit})"


def _town(rows: Sequence[Row]) -> list[Row]:
    return _ordered([r for r in rows if r["quarter_id"] == TOTAL])


def _ordered(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda r: r["business_month"])


def sentence(series: Series, months: Sequence[dt.date]) -> str:
    """One line: the newest month beside the beginning of the quarter and the year before."""
    last = months[-1]
    row = series.at(last)
    if row is None or row[series.column] is None:
        reason = row["reason"] if row else "keine Angabe"
        return f"{series.title}: für {formats.month(last)} nicht veröffentlicht ({reason})."
    beside = []
    for month in (months[0], last.replace(year=last.year - 1)):
        known = series.at(month)
        if known is not None and known[series.column] is not None:
            beside.append(f"{formats.month(month)} {series.shown(month)}")
    text = f"{series.title}: {series.shown(last)} im {formats.month(last)}"
    return f"{text} ({'; '.join(beside)})." if beside else f"{text}."


def chart_of(series: Series, months: Sequence[dt.date]) -> Row:
    """The series as a chart; its sentence says the same."""
    axis = {"Anteil": ".1%", "Punkte": ",.0f"}.get(series.unit, ",.2~f")
    rows = [r for r in series.rows if r["business_month"] <= months[-1]][-13:]
    said = sentence(series, months)
    below = said.removeprefix(f"{series.title}: ")
    return {
        "title": series.title,
        "alt": f"Verlauf über {len(rows)} Monate. {said}",
        "note": below[:1].upper() + below[1:],
        "svg": line_svg(
            [r["business_month"] for r in rows], [r[series.column] for r in rows], axis
        ),
    }
