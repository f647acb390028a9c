# SPDX-License-Identifier: Apache-2.0
"""What counts and what does not is what the entry's rules say, and the result names it."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.experiments.panel import prepare
from foundation.errors import OrtskernError
from tests.analysis.experiments.samples import (
    CONTROLS,
    START,
    TREATED,
    block_weeks,
    entry,
    events,
)

WEEKS_BEFORE, WEEKS = 17, 25


def without(frame: pd.DataFrame, owner: str, weeks: int) -> pd.DataFrame:
    """The frame with an owner's last weeks taken out."""
    gone = sorted(frame["week_start_date"].unique())[-weeks:]
    return frame[~((frame["owner_id"] == owner) & frame["week_start_date"].isin(gone))]


def road_works(block: str, days: int, first: dt.date = START) -> pd.DataFrame:
    """Road works on so many days."""
    return events(
        *(
            ("baustelle", first + dt.timedelta(days=i), block[:1], block, "Kanal")
            for i in range(days)
        )
    )


def test_the_panel_has_every_block_and_week() -> None:
    panel = prepare(entry(), block_weeks(), events()).panel
    assert panel.outcomes.shape == (10, WEEKS)
    assert panel.before == WEEKS_BEFORE
    assert panel.controls == CONTROLS


def test_the_outcome_is_the_logarithm_of_the_receipts_of_the_block() -> None:
    frame = block_weeks()
    found = prepare(entry(), frame, events())
    first = frame[
        (frame["block_id"] == "T-1") & (frame["week_start_date"] == found.panel.periods[0])
    ]
    assert found.panel.outcomes[0, 0] == pytest.approx(np.log(first["receipt_count"].sum()))


def test_a_shop_silent_for_three_weeks_counts_in_no_week() -> None:
    found = prepare(entry(), without(block_weeks(), "C-01-O0", 3), events())
    assert "C-01-O0" not in found.receipts.index.get_level_values("owner_id")
    assert found.left_out == ("weniger als fünf Betriebe mit mindestens 3 Wochen ohne Bon",)


def test_a_shop_silent_for_two_weeks_counts() -> None:
    found = prepare(entry(), without(block_weeks(), "C-01-O0", 2), events())
    assert "C-01-O0" in found.receipts.index.get_level_values("owner_id")


def test_a_control_with_two_weeks_of_road_works_is_no_donor() -> None:
    found = prepare(entry(), block_weeks(), road_works("C-03", 14))
    assert found.panel.controls == tuple(c for c in CONTROLS if c != "C-03")
    assert found.left_out == ("Block C-03 wegen 14 Tagen Baustelle",)


def test_a_control_with_shorter_road_works_stays() -> None:
    assert prepare(entry(), block_weeks(), road_works("C-03", 13)).panel.controls == CONTROLS


def test_weeks_of_road_works_in_a_treated_block_are_left_out() -> None:
    found = prepare(entry(), block_weeks(), road_works("T-1", 8))
    assert len(found.panel.periods) == WEEKS - 2
    assert START not in found.panel.periods


def test_the_week_of_a_festival_of_the_whole_town_is_left_out() -> None:
    day = START - dt.timedelta(days=1)
    found = prepare(entry(), block_weeks(), events(("fest", day, None, None, "Stadtfest")))
    assert (len(found.panel.periods), found.panel.before) == (WEEKS - 1, WEEKS_BEFORE - 1)
    assert found.left_out == ("Woche ab 27.04.2026 wegen „Stadtfest“",)


def test_a_festival_of_one_quarter_changes_nothing() -> None:
    found = prepare(entry(), block_weeks(), events(("fest", START, "T", None, "Straßenfest")))
    assert len(found.panel.periods) == WEEKS


def test_against_the_course_of_the_trade_a_seasonal_shop_is_no_effect() -> None:
    frame = block_weeks()
    summer = (frame["trade_id"] == "trade-0") & (frame["week_start_date"] >= START)
    frame.loc[summer, "receipt_count"] *= 3
    # Blocks differ in how much of the seasonal trade they have.
    frame.loc[(frame["trade_id"] == "trade-0") & (frame["block_id"] == "T-1"), "receipt_count"] *= 4
    adjusted = prepare(entry(rules={"trade_adjusted": True}), frame, events()).panel
    plain = prepare(entry(), frame, events()).panel

    def rise(outcomes: np.ndarray) -> float:
        return float(outcomes[0, WEEKS_BEFORE:].mean() - outcomes[0, :WEEKS_BEFORE].mean())

    assert rise(plain.outcomes) > 0.5
    assert rise(adjusted.outcomes) == pytest.approx(0, abs=0.05)


def test_a_shop_without_another_one_of_its_trade_is_left_out_of_the_comparison() -> None:
    frame = block_weeks()
    frame.loc[frame["owner_id"] == "T-1-O0", "trade_id"] = "eisdiele"
    found = prepare(entry(rules={"trade_adjusted": True}), frame, events())
    assert "T-1-O0" not in found.receipts.index.get_level_values("owner_id")
    assert found.left_out == (
        "weniger als fünf Betriebe ohne zweiten der Branche in einem anderen Vergleichsblock",
    )


def test_a_treated_block_without_shops_cannot_be_evaluated() -> None:
    frame = block_weeks()
    with pytest.raises(OrtskernError, match="Versuch „Gassen“: im Block T-2 ist kein Betrieb"):
        prepare(entry(), frame[frame["block_id"] != "T-2"], events())


def test_five_silent_shops_are_counted_and_fewer_are_not() -> None:
    frame = block_weeks()
    for number in range(1, 6):
        frame = without(frame, f"C-0{number}-O0", 3)
    found = prepare(entry(), frame, events())
    assert found.left_out == ("5 Betriebe mit mindestens 3 Wochen ohne Bon",)


def test_a_control_without_shops_is_counted_and_not_named() -> None:
    frame = block_weeks()
    found = prepare(entry(), frame[frame["block_id"] != "C-05"], events())
    assert found.left_out == ("1 Vergleichsblock ohne Betrieb, der durchgehend geliefert hat",)


def test_beforehand_the_known_weeks_are_parted_as_the_plan_parts_its_weeks() -> None:
    # Eight of 25 weeks are the test; of fourteen known ones that is four.
    found = prepare(entry(), block_weeks(), events(), until=dt.date(2026, 4, 12))
    assert (found.panel.before, len(found.panel.periods)) == (10, 14)


def test_too_few_known_weeks_are_no_diagnosis() -> None:
    with pytest.raises(
        OrtskernError, match="bis 20.02.2026 sind 6 ganze Wochen der Vorzeit bekannt"
    ):
        prepare(entry(), block_weeks(), events(), until=dt.date(2026, 2, 20))


def test_influence_of_owners_adds_up_to_the_weights() -> None:
    found = prepare(entry(), block_weeks(), events())
    influence = found.influence(dict.fromkeys(TREATED, 0.5))
    assert influence.shape == (8, WEEKS)
    assert influence.sum().to_numpy() == pytest.approx(np.ones(WEEKS))


def test_owners_of_the_treated_blocks_are_counted_once() -> None:
    assert prepare(entry(), block_weeks(), events()).owners(TREATED) == 8
