# SPDX-License-Identifier: Apache-2.0
"""A curve of too few or dominated owners does not leave, nor a week from which one could be computed."""

import datetime as dt

import pytest

from foundation.cooperative import DisclosureRules, load_cooperative
from foundation.settings import PROJECT_ROOT
from quality.disclosure.trials import Influence, Passage, is_aged, passage

RULES: DisclosureRules = load_cooperative(PROJECT_ROOT / "cooperative").disclosure
LAST, TODAY = dt.date(2026, 9, 27), dt.date(2026, 11, 22)
WEEKS = 6
EVEN = {f"o{i}": [1 / 8] * WEEKS for i in range(8)}


def judged(treated: dict[str, list[float]], synthetic: dict[str, list[float]] = EVEN) -> Passage:
    curves: Influence = {"treated": treated, "synthetic": synthetic}
    return passage(curves, RULES, last_day=LAST, on=TODAY)


def shares(*values: float) -> dict[str, list[float]]:
    """Owners with the same influence in every week."""
    return {f"o{i}": [value] * WEEKS for i, value in enumerate(values)}


def test_eight_even_owners_may_leave_in_every_week() -> None:
    assert judged(EVEN) == Passage(None, (True,) * WEEKS)


def test_four_owners_are_too_few() -> None:
    found = judged(shares(0.25, 0.25, 0.25, 0.25))
    assert (found.reason, any(found.weeks)) == ("zu wenige Betriebe", False)


def test_an_owner_of_no_influence_does_not_count() -> None:
    assert judged(shares(0.25, 0.25, 0.25, 0.25, 0.0)).reason == "zu wenige Betriebe"


def test_a_dominated_group_is_refused() -> None:
    found = judged(shares(0.4, 0.15, 0.15, 0.15, 0.15))
    assert (found.reason, found.is_open) == ("ein Betrieb macht zu viel aus", False)


def test_two_dominating_owners_are_refused() -> None:
    assert judged(shares(0.31, 0.31, 0.13, 0.13, 0.12)).reason == "zwei Betriebe machen zu viel aus"


def test_a_dominated_twin_is_refused_as_well() -> None:
    assert judged(EVEN, shares(0.5, 0.2, 0.1, 0.1, 0.1)).reason == "ein Betrieb macht zu viel aus"


def test_a_curve_of_nobody_is_refused() -> None:
    assert judged({}).reason == "zu wenige Betriebe"


def with_dominated(*weeks: int) -> dict[str, list[float]]:
    """Eight owners, one of them with half of the influence in these weeks."""
    curve = {owner: list(values) for owner, values in EVEN.items()}
    for week in weeks:
        for owner, values in curve.items():
            values[week] = 0.5 if owner == "o0" else 0.5 / 7
    return curve


def test_a_single_dominated_week_takes_a_second_one_along() -> None:
    assert judged(with_dominated(2)).weeks == (True, True, False, False, True, True)


def test_the_last_week_takes_the_one_before_along() -> None:
    assert judged(with_dominated(5)).weeks == (True, True, True, True, False, False)


def test_two_dominated_weeks_protect_each_other() -> None:
    assert judged(with_dominated(0, 3)).weeks == (False, True, True, False, True, True)


@pytest.mark.parametrize(
    ("day", "aged"),
    [
        (dt.date(2026, 9, 27), False),
        (dt.date(2026, 9, 30), False),
        (dt.date(2026, 10, 1), True),
    ],
)
def test_a_window_is_aged_when_its_month_is_closed(day: dt.date, aged: bool) -> None:
    assert is_aged(LAST, RULES, day) is aged


def test_an_open_month_is_refused() -> None:
    found = passage(
        {"treated": EVEN, "synthetic": EVEN}, RULES, last_day=LAST, on=dt.date(2026, 9, 28)
    )
    assert found.reason == "der Zeitraum ist noch nicht abgeschlossen"
