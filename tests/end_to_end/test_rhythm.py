# SPDX-License-Identifier: Apache-2.0
"""The planted rhythms of day, week and year are found again in the core."""

from datetime import date
from statistics import mean
from typing import Any

import numpy as np
import pytest
import yaml

from tests.end_to_end.town import SAMPLE, Town

PLAN: dict[str, Any] = yaml.safe_load((SAMPLE / "town/town.yaml").read_text("utf-8"))


def test_receipts_of_bakeries_follow_the_morning(town: Town) -> None:
    profile = PLAN["profiles"]["morgen"]
    found = dict(
        town.rows("SELECT hour, count(*) FROM core.fct_receipt WHERE trade_id = 'baeckerei' GROUP BY 1")
    )  # fmt: skip
    counts = [found.get(profile["start"] + i, 0) for i in range(len(profile["weights"]))]
    assert float(np.corrcoef(counts, profile["weights"])[0, 1]) > 0.95


def test_footfall_follows_the_week(town: Town) -> None:
    found = town.rows(
        "SELECT isodow(o.observed_date), sum(o.observed_value) / count(DISTINCT (o.observed_date, o.sensor_id)) "
        "FROM core.fct_observation o JOIN core.dim_day d ON d.day_date = o.observed_date "
        "WHERE NOT d.is_public_holiday AND o.sensor_id = 'FR-ALT-1' "
        "AND NOT list_contains(?, o.observed_date) GROUP BY 1 ORDER BY 1",
        [PLAN["festival"]["days"]],
    )
    days = [float(value) for _, value in found]
    week = PLAN["footfall"]["week"]
    assert [d / mean(days) for d in days] == pytest.approx([w / mean(week) for w in week], rel=0.08)


def test_presents_sell_in_december_as_planted(town: Town) -> None:
    season = PLAN["seasons"]["geschenke"]
    trades = [name for name, trade in PLAN["trades"].items() if trade["season"] == "geschenke"]
    found = dict(
        town.rows(
            "SELECT business_month, sum(basket_count) / count(DISTINCT business_date) "
            "FROM core.fct_receipt WHERE list_contains(?, trade_id) GROUP BY 1",
            [trades],
        )
    )
    ratio = float(found[date(2025, 12, 1)]) / float(found[date(2026, 1, 1)])
    assert ratio == pytest.approx(season[11] / season[0], rel=0.25)
