# SPDX-License-Identifier: Apache-2.0
"""The north star: local revenue per minute on foot, with factors for diversity and reachability.

Belongs here: the figure, its parts and its interval, from released tables alone. Does not belong
here: the tables themselves (the gate hands over what is released), pictures, voices from surveys.

Method: revenue = mean basket x receipts; minutes = visits x mean minutes per visit; visits =
passages at a counter / passages per visit, mean over the counters of the quarter; factor of
diversity = Hill number of order 1 (exp of Shannon's entropy) over groups of trades / reference;
factor of reachability = share of trips without a car / reference. The interval of 95 % combines the
variances of mean minutes and of the share (sampling and noise, see ``panel``) on the logarithm of
the figure. The town's minutes are the sum over its quarters, and are there only if all are.

Limits: revenue is that of consenting members, not of all shops; passages per visit are stated, not
measured, and their error is not in the interval; minutes and means of travel come from the same
persons and are treated as independent; noise beside suppressed cells is as in ``panel``.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import exp, log, sqrt
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analysis.panel import ALL, Z95, Estimate, Waves, mean_over_bands, newest, share_of, waves_of
from foundation.errors import ConfigError
from foundation.money import round_cents

PUBLISHED, SUPPRESSED, MISSING = "veröffentlicht", "unterdrückt", "fehlt"
PARENTS = ("basket_by_quarter", "footfall_monthly", "panel_dwell", "panel_trips", "trade_mix")
VALUES = (
    "value",
    "low",
    "high",
    "cents_per_minute",
    "revenue_eur",
    "minutes",
    "mean_minutes",
    "diversity_factor",
    "reachability_factor",
)
COLUMNS = ["quarter_id", "business_month", *VALUES, "status", "reason"]
REVENUE, FOOTFALL, DWELL = "Umsatz", "Passanten", "Minuten je Besuch"
DIVERSITY, REACHABILITY = "Branchenmix", "Wege"
_FOUR = Decimal("0.0001")
Positive = Field(gt=0)


class NorthStar(BaseModel):
    """Content of ``cooperative/north_star.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    hold_months: int = Field(ge=0, le=12)
    passages_per_visit: dict[str, float] = Field(min_length=1)
    missing_hours_max: float = Field(ge=0, lt=1)
    minutes: dict[str, float] = Field(min_length=2)
    within_band_minutes: float = Field(ge=0)
    diversity_reference: float = Positive
    car_modes: tuple[str, ...] = Field(min_length=1)
    reachability_reference: float = Positive
    noise_variance: float = Field(ge=0)


@dataclass(frozen=True)
class Part:
    """One part of the figure; without an estimate it is suppressed or missing."""

    name: str
    estimate: Estimate | None
    is_hidden: bool = False


def load_north_star(path: Path) -> NorthStar:
    """Read ``north_star.yaml``. Raises ConfigError with file, field and remedy."""
    try:
        found = NorthStar.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"Datei „{path.name}“ ist nicht lesbar: {error}; prüfen.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "Ganzes"
        raise ConfigError(
            f"Datei „{path.name}“, Feld „{place}“: gefunden {first['msg']}; Datei berichtigen."
        ) from error
    for sensor, passages in found.passages_per_visit.items():
        if passages <= 0:
            raise ConfigError(
                f"Datei „{path.name}“, Feld „passages_per_visit.{sensor}“: gefunden {passages}, "
                "erwartet eine Zahl über null; Datei berichtigen."
            )
    return found


def effective_number(counts: Iterable[float]) -> float:
    """Hill number of order 1: how many equally strong groups are as diverse as these; 0 for none."""
    present = [n for n in counts if n > 0]
    total = sum(present)
    return exp(-sum(n / total * log(n / total) for n in present)) if total else 0.0


def visits(counters: pd.DataFrame, month: date, star: NorthStar) -> float | None:
    """Visits of one quarter and month, from the counters that ran well enough; None without any.

    Args:
        counters: ``sensor_id``, ``pedestrians_per_day`` (missing hours filled by the mean of their
            hour of the day), ``observed_hours``, ``missing_hours``.
    """
    days = monthrange(month.year, month.month)[1]
    found = []
    for row in counters.to_dict("records"):
        passages = star.passages_per_visit.get(str(row["sensor_id"]))
        if passages is None or not _is_there(row["pedestrians_per_day"]):
            continue
        hours = int(row["observed_hours"]) + int(row["missing_hours"])
        if int(row["missing_hours"]) <= star.missing_hours_max * hours:
            found.append(float(row["pedestrians_per_day"]) * days / passages)
    return sum(found) / len(found) if found else None


def north_star(released: Mapping[str, pd.DataFrame], star: NorthStar) -> pd.DataFrame:
    """The figure of every quarter and month for which baskets are released.

    Args:
        released: table to its released rows; a table that is not released may be absent or empty.

    Returns:
        Columns ``COLUMNS``; values are None unless the status is „veröffentlicht“.
    """
    parts = _Parts(released, star)
    rows = [_row(*cell, parts) for cell in parts.cells]
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


class _Parts:
    """Looks up the parts of one cell after another in the released tables."""

    def __init__(self, released: Mapping[str, pd.DataFrame], star: NorthStar) -> None:
        self.star = star
        self._baskets = {
            (str(r["quarter_id"]), r["business_month"]): r
            for r in _records(released, "basket_by_quarter")
        }
        counters = released.get("footfall_monthly", pd.DataFrame())
        self._counters = (
            {
                (str(q), m): rows
                for (q, m), rows in counters.groupby(["quarter_id", "business_month"])
            }
            if len(counters)
            else {}
        )
        self._dwell = _waves(released, "panel_dwell", "minutes_band")
        self._trips = _waves(released, "panel_trips", "travel_mode")
        self._shops: dict[tuple[str, Any], list[float | None]] = {}
        for r in _records(released, "trade_mix"):
            count = float(r["shop_count"]) if _is_there(r["shop_count"]) else None
            self._shops.setdefault((str(r["quarter_id"]), r["business_month"]), []).append(count)

    @property
    def cells(self) -> list[tuple[str, Any]]:
        return sorted(self._baskets, key=str)

    @property
    def quarters(self) -> list[str]:
        return sorted({quarter for quarter, _ in self._baskets} - {ALL})

    def revenue(self, quarter: str, month: date) -> Part:
        row = self._baskets[quarter, month]
        if not (_is_there(row["mean_basket_eur"]) and _is_there(row["receipt_count"])):
            return Part(REVENUE, None, row["status"] == SUPPRESSED)
        return Part(REVENUE, Estimate(float(_revenue(row)), 0.0))

    def minutes(self, quarter: str, month: date) -> list[Part]:
        """Minutes on foot and mean minutes per visit; of the town those of all its quarters."""
        places = self.quarters if quarter == ALL else [quarter]
        found = [(self._visits(q, month), self._dwelt(q, month)) for q in places]
        absent = [part for both in found for part in both if part.estimate is None]
        if absent or not found:
            return absent or [Part(FOOTFALL, None)]
        known = [(v.estimate.value, m.estimate) for v, m in found if v.estimate and m.estimate]
        visited = sum(v for v, _ in known)
        total = sum(v * mean.value for v, mean in known)
        variance = sum(v**2 * mean.variance for v, mean in known)
        return [
            Part(FOOTFALL, Estimate(total, variance)),
            Part(DWELL, Estimate(total / visited, variance / visited**2)),
        ]

    def _visits(self, quarter: str, month: date) -> Part:
        counters = self._counters.get((quarter, month))
        visited = visits(counters, month, self.star) if counters is not None else None
        return Part(FOOTFALL, Estimate(visited, 0.0) if visited else None)

    def _dwelt(self, quarter: str, month: date) -> Part:
        wave = self._wave(self._dwell, quarter, month)
        if wave is None:
            return Part(DWELL, None)
        within, noise = self.star.within_band_minutes, self.star.noise_variance
        mean = mean_over_bands(wave, self.star.minutes, within, noise)
        return Part(DWELL, mean, is_hidden=mean is None)

    def diversity(self, quarter: str, month: date) -> Part:
        counts = self._shops.get((quarter, month), [])
        known = [n for n in counts if n is not None]
        if not known or len(known) < len(counts):
            return Part(DIVERSITY, None)
        factor = effective_number(known) / self.star.diversity_reference
        return Part(DIVERSITY, Estimate(factor, 0.0) if factor else None)

    def reachability(self, quarter: str, month: date) -> Part:
        wave = self._wave(self._trips, quarter, month)
        if wave is None:
            return Part(REACHABILITY, None)
        by_car = share_of(wave, self.star.car_modes, self.star.noise_variance)
        if by_car is None or by_car.value == 1:
            return Part(REACHABILITY, None, is_hidden=by_car is None)
        # What is not by car: so a rare means of travel that the gate suppresses hides nothing.
        reference = self.star.reachability_reference
        without = Estimate((1 - by_car.value) / reference, by_car.variance / reference**2)
        return Part(REACHABILITY, without)

    def _wave(self, waves: Waves, quarter: str, month: date) -> dict[str, int | None] | None:
        of_quarter = waves.get(quarter, {})
        return of_quarter.get(newest(of_quarter, month, self.star.hold_months))


def _row(quarter: str, month: date, parts: _Parts) -> list[Any]:
    found = [
        parts.revenue(quarter, month),
        *parts.minutes(quarter, month),
        parts.diversity(quarter, month),
        parts.reachability(quarter, month),
    ]
    absent = [part for part in found if part.estimate is None]
    if absent:
        hidden = sorted({part.name for part in absent if part.is_hidden})
        names = ", ".join(hidden or sorted({part.name for part in absent}))
        status, why = (
            (SUPPRESSED, "Zum Schutz nicht veröffentlicht") if hidden else (MISSING, "Ohne")
        )
        return [quarter, month, *[None] * len(VALUES), status, f"{why}: {names}"]
    revenue, minutes, mean, diversity, reachability = [p.estimate for p in found if p.estimate]
    plain = 100 * revenue.value / minutes.value
    value = plain * diversity.value * reachability.value
    low, high = _interval(value, [minutes, reachability])
    return [
        quarter,
        month,
        *map(_four, (value, low, high, plain)),
        round_cents(Decimal(str(revenue.value))),
        round(minutes.value),
        *map(_four, (mean.value, diversity.value, reachability.value)),
        PUBLISHED,
        None,
    ]


def _interval(value: float, parts: Sequence[Estimate]) -> tuple[float, float]:
    """95 % around a product or quotient of independent parts, on its logarithm."""
    error = sqrt(sum(part.variance / part.value**2 for part in parts))
    return value * exp(-Z95 * error), value * exp(Z95 * error)


def _revenue(row: Mapping[Any, Any]) -> Decimal:
    return Decimal(str(row["mean_basket_eur"])) * int(row["receipt_count"])


def _records(released: Mapping[str, pd.DataFrame], table: str) -> list[dict[Any, Any]]:
    return released[table].to_dict("records") if table in released else []


def _waves(released: Mapping[str, pd.DataFrame], table: str, dimension: str) -> Waves:
    return waves_of(released[table], dimension) if len(released.get(table, ())) else {}


def _is_there(value: Any) -> bool:
    return value is not None and not bool(pd.isna(value))


def _four(value: float) -> Decimal:
    return Decimal(str(value)).quantize(_FOUR, ROUND_HALF_UP)
