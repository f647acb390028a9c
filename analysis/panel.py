# SPDX-License-Identifier: Apache-2.0
"""Shares and means from released counts of a panel, and how far they may be off.

Belongs here: reading counts of persons (perturbed, some suppressed) as a share or as a mean over bands,
with the variance that sampling and noise leave. Does not belong here: indices made of them
(``vitality``, ``north_star``), drawing the noise (the gate), weights of a panel.

Method: of n persons asked, a share p has the variance p(1-p)/n (simple random sample of a large
town); each released count carries independent noise of a known variance s², which adds
s²(k + p²)/n² for a share of k counts, and s²·Σ(m-mean)²/n² for a mean over bands with middles m.
Limits: who was invited but did not answer is not in it; the panel answers several times, so waves
are not independent of each other; within a band everyone is taken for its middle.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Any

import pandas as pd

ALL = "ALLE"
# 97.5 % quantile of the normal distribution: an interval of 95 %.
Z95 = 1.959964
COUNT = "person_count"
# Count by value of the dimension; None is suppressed.
Counts = Mapping[str, int | None]
Waves = dict[str, dict[date, dict[str, int | None]]]


@dataclass(frozen=True)
class Estimate:
    """A figure of a wave and its variance."""

    value: float
    variance: float

    @property
    def interval(self) -> tuple[float, float]:
        """95 % of intervals made like this one hold the true value."""
        half = Z95 * sqrt(self.variance)
        return self.value - half, self.value + half


def waves_of(frame: pd.DataFrame, dimension: str, count: str = COUNT) -> Waves:
    """Released counts by quarter, wave and value of ``dimension``; suppressed ones are None."""
    waves: Waves = {}
    for row in frame.to_dict("records"):
        value = row[count]
        there = value is not None and not bool(pd.isna(value))
        wave = waves.setdefault(str(row["quarter_id"]), {}).setdefault(row["business_month"], {})
        wave[str(row[dimension])] = int(value) if there else None
    return waves


def newest(waves: Collection[Any], month: date, hold_months: int) -> Any:
    """The newest wave of ``month`` or up to ``hold_months`` months before it; None if there is none."""
    held = [w for w in waves if 0 <= _months(w, month) <= hold_months]
    return max(held, default=None)


def share_of(
    counts: Counts, parts: Collection[str], noise_variance: float = 0.0
) -> Estimate | None:
    """The share of ``parts`` in all persons; None where one of the counts is suppressed or absent."""
    total = counts.get(ALL)
    found = [counts.get(part) for part in parts]
    known = [n for n in found if n is not None]
    if not total or len(known) < len(found):
        return None
    share = min(sum(known) / total, 1.0)
    noise = noise_variance * (len(found) + share**2)
    return Estimate(share, share * (1 - share) / total + noise / total**2)


def mean_over_bands(
    counts: Counts, middles: Mapping[str, float], within: float = 0.0, noise_variance: float = 0.0
) -> Estimate | None:
    """The mean over bands, each taken for its middle.

    ``within`` is the standard deviation inside a band. Persons in suppressed bands are those that
    the others leave of all persons; several such bands share them, and how they do is unknown,
    which widens the interval. None where the number of persons or every band is suppressed.
    """
    total = counts.get(ALL)
    known = {b: n for b in middles if (n := counts.get(b)) is not None}
    hidden = [float(middles[b]) for b in middles if b not in known]
    if not total or not known:
        return None
    rest = max(total - sum(known.values()), 0) if hidden else 0
    cells = [(float(n), float(middles[b])) for b, n in known.items()]
    cells += [(rest / len(hidden), middle) for middle in hidden]
    size = sum(n for n, _ in cells)
    mean = sum(n * middle for n, middle in cells) / size
    spread = sum(n * (middle - mean) ** 2 for n, middle in cells) / size + within**2
    noise = noise_variance * sum((middle - mean) ** 2 for _, middle in cells) / size**2
    # Nobody knows how the rest divides: a uniform distribution between the two extremes.
    unknown = (rest / size * (max(hidden) - min(hidden))) ** 2 / 12 if len(hidden) > 1 else 0.0
    return Estimate(mean, spread / size + noise + unknown)


def _months(wave: date, month: date) -> int:
    return (month.year - wave.year) * 12 + month.month - wave.month
