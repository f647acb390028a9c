# SPDX-License-Identifier: Apache-2.0
"""What weather, road works and the experiment do to sales and footfall.

Belongs here: the planted effects of ``conditions.yaml``, as factors. Does not belong here: the
festival (``rhythm``), drawing from the factors (tills and sensors), the files about them.

Weather counts against what is usual on that day of the year: a warm day in March lifts the ice-cream
parlour as much as a hot one in July, and over a year the totals hardly move.
"""

from datetime import date
from math import exp
from pathlib import Path
from typing import Any

from ingestion.town.delivered import Delivered
from ingestion.town.inputs import Site, Town
from ingestion.town.weather import day_weather, normal_day

# A heat wave does not sell without end.
_MOST_DEGREES = 10.0


def sales_factor(town: Town, site: Site, day: date) -> float:
    """Weather by trade x road works in the block x experiment in the block, for the receipts."""
    effects = town.plan["conditions"]["weather_effects"]
    effect = effects["sales"].get(site.trade_id, effects["sales_other"])
    return (
        weather_factor(town, effect, day)
        * road_works_factor(town, site.block_id, day, "sales")
        * experiment_factor(town, site.block_id, day)
    )


def footfall_factor(town: Town, quarter_id: str, block_id: str | None, day: date) -> float:
    """The same for people in the street; without a block only what the whole quarter feels."""
    del quarter_id  # The sky is the same over all quarters.
    effect = town.plan["conditions"]["weather_effects"]["footfall"]
    return (
        weather_factor(town, effect, day)
        * road_works_factor(town, block_id, day, "footfall")
        * experiment_factor(town, block_id, day)
    )


def weather_factor(town: Town, effect: dict[str, float], day: date) -> float:
    """Factor of a day's weather for one effect (``temperature`` per degree, ``rain`` per day)."""
    weather, usual = day_weather(town, day), normal_day(town, day)
    warmer = weather.temperature_max_c - usual.temperature_max_c
    warmer = min(max(warmer, -_MOST_DEGREES), _MOST_DEGREES)
    wetter = weather.is_rain_day - usual.rain_share
    return exp(effect["temperature"] * warmer + effect["rain"] * wetter)


def road_works_factor(town: Town, block_id: str | None, day: date, of: str) -> float:
    """Product of the factors of all road works in the block on that day; ``of`` names the column."""
    factor = 1.0
    for works in town.plan["conditions"]["road_works"]:
        if block_id in works["blocks"] and works["first_day"] <= day <= works["last_day"]:
            factor *= float(works[of])
    return factor


def experiment_factor(town: Town, block_id: str | None, day: date) -> float:
    """The experiment's factor in its blocks while it runs."""
    trial = town.plan["conditions"]["experiment"]
    runs = trial["first_day"] <= day <= trial["last_day"]
    return float(trial["factor"]) if runs and block_id in trial["blocks"] else 1.0


def tell_conditions(town: Town, _inbox: Path) -> Delivered:
    """No file: the planted effects, and the weather of each day that they count."""
    plan = town.plan["conditions"]
    days = [day for month in town.all_months for day in town.days_of(month)]
    truth: dict[str, Any] = {
        "weather_effects": plan["weather_effects"],
        "road_works": [_dated(works) for works in plan["road_works"]],
        "experiment": _dated(plan["experiment"]),
        "weather": [{"day_date": day.isoformat(), **vars(day_weather(town, day))} for day in days],
        "usual": [{"day_date": day.isoformat(), **vars(normal_day(town, day))} for day in days],
    }
    return Delivered(paths=[], truth=truth)


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()}
