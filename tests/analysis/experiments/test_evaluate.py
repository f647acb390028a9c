# SPDX-License-Identifier: Apache-2.0
"""The registered evaluation finds what was planted and says what it rests on."""

import datetime as dt

import pytest

from analysis.experiments.evaluate import (
    Evaluation,
    estimate_rows,
    evaluate,
    is_over,
    week_rows,
)
from tests.analysis.experiments.samples import LAST, START, block_weeks, entry, events, record


@pytest.fixture(scope="module")
def found() -> Evaluation:
    """The sample's experiment with 12 per cent more."""
    return evaluate(entry(), (record(entry()),), block_weeks(effect=0.12), events())


def test_the_planted_effect_lies_in_the_interval(found: Evaluation) -> None:
    planned = estimate_rows(found)[0]
    assert planned["low_percent"] < 12 < planned["high_percent"]
    assert found.verdict.kind == "belegt"


def test_the_planned_method_comes_first_and_the_others_beside_it(found: Evaluation) -> None:
    rows = estimate_rows(found)
    assert [(r["method"], r["is_planned"]) for r in rows] == [("sdid", True), ("did", False)]


def test_rows_name_the_registered_wording(found: Evaluation) -> None:
    assert {r["entry_sha256"] for r in estimate_rows(found)} == {record(entry()).entry_sha256}


def test_both_curves_are_near_a_hundred_before_and_part_afterwards(found: Evaluation) -> None:
    rows = week_rows(found)
    after = [r for r in rows if r["week_start_date"] >= START]
    gap = sum(r["treated_index"] - r["synthetic_index"] for r in after) / len(after)
    assert 9 < gap < 15
    assert {r["phase"] for r in rows} == {"vorher", "Versuch"}


def test_the_weighted_baseline_of_the_treated_curve_is_a_hundred(found: Evaluation) -> None:
    weights = found.main.fit.time_weights
    rows = week_rows(found)[: len(weights)]
    mean = sum(w * r["treated_index"] for w, r in zip(weights, rows, strict=True))
    assert mean == pytest.approx(100, abs=0.5)


def test_influence_covers_both_curves(found: Evaluation) -> None:
    assert set(found.influence) == {"treated", "synthetic"}
    assert len(found.influence["treated"]) == 8


@pytest.mark.parametrize(("day", "over"), [(LAST, False), (LAST + dt.timedelta(days=1), True)])
def test_a_trial_is_over_the_day_after_its_last(day: dt.date, over: bool) -> None:
    assert is_over(entry(), day) is over


def test_the_same_data_give_the_same_rows(found: Evaluation) -> None:
    again = evaluate(entry(), (record(entry()),), block_weeks(effect=0.12), events())
    assert (estimate_rows(again), week_rows(again)) == (estimate_rows(found), week_rows(found))
