# SPDX-License-Identifier: Apache-2.0
"""Why a forecast is what it is, in factors and in German.

Belongs here: grouping exact contributions by cause and naming them. Does not belong here: computing contributions (``panel``).

On a logarithmic link the contributions of all features add up to the logarithm of the forecast, so that
forecast = usual amount x product of the factors, without remainder. A factor of a cause is exp of the sum of its contributions.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.forecasting.panel import LEVEL, PHASE, RHYTHM, SIZE, WEEK
from foundation.formats import number

WEEKDAY, SKY, HOLIDAY, FESTIVAL, WORKS, RECENT, MONTH = (
    "Wochentag",
    "Wetter",
    "Ferien/Feiertag",
    "Fest/Markt",
    "Baustelle",
    "zuletzt verkauft",
    "Monatsende",
)
CAUSES: Mapping[str, str] = {
    PHASE: WEEKDAY,
    RHYTHM: WEEKDAY,
    "x_weekday": WEEKDAY,
    "x_temperature_max_c": SKY,
    "x_precipitation_mm": SKY,
    "x_sunshine_minutes": SKY,
    "x_is_public_holiday": HOLIDAY,
    "x_is_school_holiday": HOLIDAY,
    "x_is_bridge_day": HOLIDAY,
    "x_is_market_day": FESTIVAL,
    "x_event_count": FESTIVAL,
    "x_has_festival": FESTIVAL,
    "x_has_road_works": WORKS,
    "x_is_payday": MONTH,
    "x_days_to_month_end": MONTH,
    LEVEL: RECENT,
    WEEK: RECENT,
}
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
MOST = 4
LEAST_EFFECT = 0.03


@dataclass(frozen=True)
class Reason:
    """One cause of one forecast: how it is named, and by which factor it moved the usual amount."""

    cause: str
    text: str
    factor: float

    def __str__(self) -> str:
        return f"{self.text} ×{number(round(self.factor, 2), 2)}"


def cause_of(feature: str) -> str | None:
    """The cause that mlforecast's or the calendar's feature belongs to; None for what is usual for the series."""
    for name in (feature, feature.removeprefix("x_")):
        if name in CAUSES:
            return CAUSES[name]
    if feature in (SIZE, "base"):
        return None
    if "seasonal" in feature:
        return WEEKDAY
    return RECENT


def factors(contributions: pd.DataFrame) -> pd.DataFrame:
    """Contributions summed by cause, as factors; column ``usual`` is the amount that they multiply."""
    causes = [cause_of(str(c)) or "usual" for c in contributions.columns]
    summed = contributions.T.groupby(causes).sum().T
    return pd.DataFrame(np.exp(summed.to_numpy()), index=summed.index, columns=summed.columns)


def reasons(row: "pd.Series[float]", calendar: Mapping[str, float]) -> list[Reason]:
    """The causes that moved a forecast most, strongest first; at most four, none weaker than three per cent.

    Args:
        row: one row of ``factors``.
        calendar: the calendar of that day, so that the cause is called what it was.
    """
    found = [
        Reason(str(cause), _named(str(cause), calendar, factor), float(factor))
        for cause, factor in row.items()
        if cause != "usual" and abs(factor - 1) >= LEAST_EFFECT
    ]
    found.sort(key=lambda r: (-abs(np.log(r.factor)), r.cause))
    return found[:MOST]


def _named(cause: str, calendar: Mapping[str, float], factor: float) -> str:
    def on(name: str) -> bool:
        return calendar.get(name, 0.0) > 0

    if cause == WEEKDAY:
        return WEEKDAYS[int(calendar["weekday"])]
    if cause == FESTIVAL:
        named = [("has_festival", "Fest"), ("is_market_day", "Markttag")]
        named += [("event_count", "Veranstaltung")]
        return next((text for name, text in named if on(name)), "kein Fest, kein Markt")
    if cause == HOLIDAY:
        named = [("is_public_holiday", "Feiertag"), ("is_bridge_day", "Brückentag")]
        named += [("is_school_holiday", "Schulferien")]
        return next((text for name, text in named if on(name)), "keine Ferien")
    if cause == WORKS:
        return "Baustelle" if on("has_road_works") else "keine Baustelle"
    if cause == MONTH:
        return "Zahltag" if on("is_payday") else "Zeit im Monat"
    if cause == RECENT:
        return "zuletzt mehr verkauft" if factor > 1 else "zuletzt weniger verkauft"
    return _sky(calendar)


def _sky(calendar: Mapping[str, float]) -> str:
    rain, warm = calendar.get("precipitation_mm", np.nan), calendar.get("temperature_max_c", np.nan)
    parts = [] if np.isnan(warm) else [f"{round(warm)} °C"]
    if not np.isnan(rain):
        parts.append("Regen" if rain >= 1 else "trocken")
    return f"Wetter ({', '.join(parts)})" if parts else "Wetter"
