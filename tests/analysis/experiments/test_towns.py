# SPDX-License-Identifier: Apache-2.0
"""In seeded towns the registered evaluation finds the effect where there is one, and none where there is none.

The bounds are those of the binomial distribution: a sound evaluation misses them in one of a hundred
series of towns. The seeds are fixed, so the counts are the same every time.
"""

from dataclasses import dataclass
from math import log

import pytest
from scipy.stats import binom

from analysis.experiments.evaluate import Evaluation, evaluate
from analysis.experiments.registry import load_entries, load_registrations
from foundation.settings import PROJECT_ROOT
from tests.analysis.experiments.towns import block_weeks, event_days, musterstadt

SAMPLE = PROJECT_ROOT / "cooperative"
ENTRY = load_entries(SAMPLE)["sommergassen"]
RECORDS = load_registrations(SAMPLE)["sommergassen"]
CHANCE = 0.01
LEVEL = 1 - ENTRY.analysis.significance


@dataclass(frozen=True)
class Counts:
    """Towns whose interval holds the truth, and towns where placebos in space, or both tests, see an effect."""

    towns: int
    covered: int
    seen: int
    proven: int


def counted(towns: int, *, with_effect: bool) -> Counts:
    """Evaluate so many towns as registered."""
    truth = log(musterstadt().plan["conditions"]["experiment"]["factor"]) if with_effect else 0.0
    found: list[Evaluation] = [
        evaluate(ENTRY, RECORDS, block_weeks(seed, with_effect=with_effect), event_days())
        for seed in range(towns)
    ]
    return Counts(
        towns,
        sum(e.main.low <= truth <= e.main.high for e in found),
        sum(e.main.p_space <= ENTRY.analysis.significance for e in found),
        sum(e.verdict.kind == "belegt" for e in found),
    )


def least_covered(towns: int) -> int:
    """Fewer would be covered with a chance below one in a hundred, if the interval keeps its level."""
    return int(binom.ppf(CHANCE, towns, LEVEL))


def most_false(towns: int) -> int:
    """More would be seen by accident with a chance of at most one in a hundred."""
    return int(binom.isf(CHANCE, towns, ENTRY.analysis.significance))


@pytest.fixture(scope="module")
def with_effect() -> Counts:
    return counted(20, with_effect=True)


@pytest.fixture(scope="module")
def without_effect() -> Counts:
    return counted(20, with_effect=False)


def test_the_bounds_are_those_of_the_binomial_distribution() -> None:
    assert (least_covered(20), most_false(20)) == (16, 4)
    assert (least_covered(100), most_false(100)) == (89, 11)


def test_the_interval_covers_the_planted_effect(with_effect: Counts) -> None:
    assert with_effect.covered >= least_covered(with_effect.towns)


def test_the_interval_covers_zero_where_nothing_was_done(without_effect: Counts) -> None:
    assert without_effect.covered >= least_covered(without_effect.towns)


def test_where_nothing_was_done_hardly_anything_is_seen(without_effect: Counts) -> None:
    assert without_effect.seen <= most_false(without_effect.towns)
    assert without_effect.proven <= without_effect.seen


def test_the_planted_effect_is_seen_far_more_often_than_by_accident(with_effect: Counts) -> None:
    assert with_effect.seen > most_false(with_effect.towns)


@pytest.mark.soak
def test_a_hundred_towns_with_and_without_keep_the_bounds() -> None:
    there, absent = counted(100, with_effect=True), counted(100, with_effect=False)
    assert there.covered >= max(90, least_covered(100))
    assert absent.covered >= least_covered(100)
    assert absent.seen <= min(8, most_false(100))
