# SPDX-License-Identifier: Apache-2.0
"""Delivered weather adds up to the weather of the town, and forecasts get worse with the days."""

import json
from datetime import UTC, date, datetime, timedelta
from statistics import mean
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ingestion.town.inputs import read_town
from ingestion.town.weather import day_weather
from tests.ingestion.town.small_town import COOPERATIVE, SmallTown

FOLDER = "weather_bright_sky"
BERLIN = ZoneInfo("Europe/Berlin")
PLANTED = {"2026-01-17", "2026-02-21"}
CLOCK_CHANGES = {"2025-10-26": 25, "2026-03-29": 23, "2026-10-25": 25}


def hours(town: SmallTown, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((town.inbox / FOLDER / name).read_text())["weather"]
    return found


def end_of(hour: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(hour["timestamp"])


def test_every_month_and_the_running_one_have_an_answer(town: SmallTown) -> None:
    months = [path.stem for path in sorted((town.inbox / FOLDER).glob("wetter_*.json"))]
    assert (len(months), months[0], months[-1]) == (14, "wetter_2025-10", "wetter_2026-11")


def test_there_is_a_forecast_for_each_of_the_last_45_days(town: SmallTown) -> None:
    issued = [p.stem[-10:] for p in sorted((town.inbox / FOLDER / "vorhersage").glob("*.json"))]
    assert (len(issued), issued[0], issued[-1]) == (45, "2026-10-08", "2026-11-21")


def test_an_answer_runs_from_midnight_to_midnight(town: SmallTown) -> None:
    found = hours(town, "wetter_2026-03.json")
    ends = [end_of(hour).astimezone(BERLIN) for hour in (found[0], found[-1])]
    assert [f"{end:%m-%d %H}" for end in ends] == ["03-01 00", "04-01 00"]


def test_months_overlap_in_an_hour_that_both_tell_alike(town: SmallTown) -> None:
    last = hours(town, "wetter_2026-03.json")[-1]
    first = hours(town, "wetter_2026-04.json")[0]
    assert {**last, "temperature": None} == {**first, "temperature": None}


@pytest.mark.parametrize("day", sorted(CLOCK_CHANGES))
def test_a_day_of_the_clock_change_has_its_own_number_of_hours(town: SmallTown, day: str) -> None:
    starts = [end_of(h) - timedelta(hours=1) for h in hours(town, f"wetter_{day[:7]}.json")]
    of_day = [s for s in starts if s.astimezone(BERLIN).date().isoformat() == day]
    assert len(of_day) == CLOCK_CHANGES[day]


def test_rain_of_the_hours_adds_up_to_the_day(town: SmallTown) -> None:
    plan = read_town(COOPERATIVE, scale=1.0, seed=None, months=None)
    rain: dict[date, float] = {}
    for hour in hours(town, "wetter_2026-07.json")[1:]:
        day = (end_of(hour) - timedelta(hours=1)).astimezone(BERLIN).date()
        rain[day] = rain.get(day, 0.0) + hour["precipitation"]
    assert len(rain) == 31
    wrong = {d: r for d, r in rain.items() if abs(r - day_weather(plan, d).precipitation_mm) > 0.01}
    assert wrong == {}


def test_the_truth_of_a_whole_day_is_its_planned_weather(town: SmallTown) -> None:
    planned = {row["day_date"]: row for row in town.truth["conditions"]["weather"]}
    for row in town.truth["weather"]["observed"]:
        if row["day_date"] in PLANTED:
            continue
        plan = planned[row["day_date"]]
        assert row["temperature_mean_c"] == pytest.approx(plan["temperature_mean_c"], abs=0.06)
        for name in ("temperature_max_c", "precipitation_mm", "sunshine_minutes", "wind_max_kmh"):
            assert row[name] == plan[name], (row["day_date"], name)


def test_the_planted_gap_lacks_its_hours(town: SmallTown) -> None:
    ends = {end_of(hour) for hour in hours(town, "wetter_2026-01.json")}
    gap = [datetime(2026, 1, 17, hour, tzinfo=UTC) for hour in range(1, 6)]
    assert [end for end in gap if end in ends] == []


def test_the_planted_value_stands_in_its_row(town: SmallTown) -> None:
    bad = town.bad("weather_out_of_range")
    assert hours(town, "wetter_2026-02.json")[bad["row"] - 1]["temperature"] == bad["value"]


def test_the_cut_forecast_is_no_json(town: SmallTown) -> None:
    text = (town.inbox / town.bad("weather_truncated")["path"]).read_text()
    with pytest.raises(json.JSONDecodeError, match="delimiter|value|Unterminated|property"):
        json.loads(text)


def test_forecasts_get_worse_with_the_days_ahead(town: SmallTown) -> None:
    planned = {row["day_date"]: row for row in town.truth["conditions"]["weather"]}
    errors: dict[int, list[float]] = {}
    for row in town.truth["weather"]["forecast"]:
        if row["day_date"] in planned:
            ahead = date.fromisoformat(row["day_date"]) - date.fromisoformat(row["issued_date"])
            error = row["temperature_max_c"] - planned[row["day_date"]]["temperature_max_c"]
            errors.setdefault(ahead.days, []).append(abs(error))
    assert mean(errors[0]) < mean(errors[4]) < mean(errors[9])
