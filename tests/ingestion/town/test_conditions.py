# SPDX-License-Identifier: Apache-2.0
"""The town's weather is plausible and always the same; conditions move what they are meant to."""

from dataclasses import replace
from datetime import date, timedelta
from math import exp
from pathlib import Path
from statistics import correlation, mean

import pytest

from ingestion.town.conditions import (
    experiment_factor,
    footfall_factor,
    road_works_factor,
    sales_factor,
    tell_conditions,
    weather_factor,
)
from ingestion.town.inputs import Town, read_town
from ingestion.town.weather import day_weather, normal_day
from tests.ingestion.town.small_town import COOPERATIVE

YEAR = [date(2025, 10, 1) + timedelta(days=i) for i in range(365)]


@pytest.fixture(scope="module")
def plan() -> Town:
    """The town as planned; nothing is drawn."""
    return read_town(COOPERATIVE, scale=1.0, seed=None, months=None)


def test_the_weather_of_a_day_does_not_depend_on_the_months_simulated(plan: Town) -> None:
    short = read_town(COOPERATIVE, scale=0.01, seed=None, months=1)
    day = date(2026, 10, 3)
    assert day_weather(short, day) == day_weather(plan, day)


def test_another_seed_has_other_weather(plan: Town) -> None:
    other = replace(plan, seed=1)
    assert [day_weather(other, d) for d in YEAR] != [day_weather(plan, d) for d in YEAR]


def test_summers_are_warm_and_winters_cold(plan: Town) -> None:
    july = mean(day_weather(plan, d).temperature_max_c for d in YEAR if d.month == 7)
    january = mean(day_weather(plan, d).temperature_max_c for d in YEAR if d.month == 1)
    assert 20 < july < 29
    assert -2 < january < 10


def test_a_warm_day_is_followed_by_a_warm_one(plan: Town) -> None:
    warmer = [
        day_weather(plan, d).temperature_mean_c - normal_day(plan, d).temperature_mean_c
        for d in YEAR
    ]
    assert 0.5 < correlation(warmer[1:], warmer[:-1]) < 0.9


def test_the_memory_reaches_across_the_edge_of_a_month(plan: Town) -> None:
    edges = [date(year, month, 1) for year in range(1990, 2026) for month in range(1, 13)]

    def warmer(day: date) -> float:
        usual = normal_day(plan, day).temperature_mean_c
        return day_weather(plan, day).temperature_mean_c - usual

    before = [warmer(day - timedelta(days=1)) for day in edges]
    assert 0.5 < correlation([warmer(day) for day in edges], before) < 0.9


def test_it_rains_on_as_many_days_as_in_the_region(plan: Town) -> None:
    assert 130 < sum(day_weather(plan, d).is_rain_day for d in YEAR) < 200


def test_the_sun_never_shines_longer_than_the_day(plan: Town) -> None:
    assert max(day_weather(plan, d).sunshine_minutes for d in YEAR) < 16 * 60


def test_weather_hardly_moves_a_shops_year(plan: Town) -> None:
    effects = plan.plan["conditions"]["weather_effects"]["sales"]
    means = {
        trade: mean(weather_factor(plan, e, day) for day in YEAR) for trade, e in effects.items()
    }
    assert {trade: value for trade, value in means.items() if not 0.96 < value < 1.04} == {}


def test_rain_lowers_the_number_of_people_in_the_street(plan: Town) -> None:
    wet = [d for d in YEAR if day_weather(plan, d).is_rain_day]
    dry = [d for d in YEAR if d not in set(wet)]

    def level(days: list[date]) -> float:
        return mean(footfall_factor(plan, "ALT", "ALT-01", day) for day in days)

    assert level(wet) / level(dry) == pytest.approx(exp(-0.15), abs=0.03)


def test_road_works_count_from_their_first_to_their_last_day(plan: Town) -> None:
    days = [date(2026, 3, 8), date(2026, 3, 9), date(2026, 5, 15), date(2026, 5, 16)]
    factors = [road_works_factor(plan, "BAH-02", day, "sales") for day in days]
    assert factors == [1.0, 0.78, 0.78, 1.0]


def test_road_works_leave_other_blocks_alone(plan: Town) -> None:
    assert road_works_factor(plan, "BAH-03", date(2026, 4, 1), "sales") == 1.0


def test_the_experiment_counts_from_its_first_to_its_last_day(plan: Town) -> None:
    days = [date(2026, 5, 31), date(2026, 6, 1), date(2026, 9, 27), date(2026, 9, 28)]
    assert [experiment_factor(plan, "NOR-02", day) for day in days] == [1.0, 1.12, 1.12, 1.0]


def test_road_works_do_not_touch_the_experiments_blocks(plan: Town) -> None:
    conditions = plan.plan["conditions"]
    under_works = {block for works in conditions["road_works"] for block in works["blocks"]}
    assert under_works & set(conditions["experiment"]["blocks"]) == set()


def test_all_blocks_of_the_plan_exist(plan: Town) -> None:
    conditions = plan.plan["conditions"]
    named = {block for works in conditions["road_works"] for block in works["blocks"]}
    named |= set(conditions["experiment"]["blocks"])
    assert named <= {block["block_id"] for block in plan.blocks}


def test_all_trades_of_the_plan_exist(plan: Town) -> None:
    assert set(plan.plan["conditions"]["weather_effects"]["sales"]) <= set(plan.plan["trades"])


def test_a_shops_factor_is_the_product_of_what_touches_it(plan: Town) -> None:
    site = next(s for s in plan.sites if s.block_id == "BAH-02" and s.trade_id == "bekleidung")
    day = date(2026, 4, 1)
    effect = plan.plan["conditions"]["weather_effects"]["sales"]["bekleidung"]
    expected = weather_factor(plan, effect, day) * 0.78
    assert sales_factor(plan, site, day) == pytest.approx(expected)


def test_the_truth_holds_the_weather_of_every_day_delivered(plan: Town) -> None:
    weather = tell_conditions(plan, Path("unused")).truth["weather"]
    assert (weather[0]["day_date"], weather[-1]["day_date"]) == ("2025-10-01", "2026-11-21")
