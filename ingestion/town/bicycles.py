# SPDX-License-Identifier: Apache-2.0
"""How many bicycles pass a counter in each quarter of an hour, and what the counter makes of it.

Belongs here: drawing the counts, and the faults of counters that all formats share. Does not belong
here: formats (``sensorthings``, ``eco_counter``).
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from ingestion.town.conditions import road_works_factor, weather_factor
from ingestion.town.footfall import local_hours
from ingestion.town.inputs import Month, Town
from ingestion.town.rhythm import is_holiday, trend

QUARTER = timedelta(minutes=15)
TEXT = "%Y-%m-%dT%H:%M"


@dataclass
class Counted:
    """One counter's month: start of each quarter of an hour (aware, local), counts, and faults.

    ``counts`` are what passed; ``absent`` are quarters the counter says nothing of; ``wrong`` holds
    what it says instead, by quarter, where that is no count. ``plants`` names what was planted.
    """

    sensor: dict[str, str]
    month: Month
    starts: list[datetime]
    counts: np.ndarray
    absent: set[int] = field(default_factory=set)
    wrong: dict[int, int] = field(default_factory=dict)
    plants: list[dict[str, Any]] = field(default_factory=list)

    @property
    def counted(self) -> list[int]:
        """Quarters with a true count."""
        faulty = self.absent | set(self.wrong)
        return [i for i in range(len(self.starts)) if i not in faulty]

    def truth(self, *, refused: bool = False) -> dict[str, Any]:
        """The month's true sums, as far as they were delivered and may be loaded."""
        kept = [] if refused else self.counted
        return {
            "sensor_id": self.sensor["sensor_id"],
            "business_month": f"{self.month}-01",
            "bicycles_sum": int(self.counts[kept].sum()),
            "observed_quarters": len(kept),
            "missing_quarters": len(self.starts) - len(kept),
        }


def sensors_of(town: Town, contract: str) -> list[tuple[int, dict[str, str]]]:
    """The sensors under one contract, with the number that picks their random stream."""
    return list(enumerate(s for s in town.sensors if s["contract"] == contract))


def draw_month(
    town: Town, family: str, index: int, sensor: dict[str, str], month: Month
) -> Counted:
    """What one counter counts in a month, up to the day until which sources deliver."""
    plan = town.plan["bicycles"]
    course = np.array(plan["hours"], dtype=float) / sum(plan["hours"]) / 4
    # Added up in UTC: sums on the local clock forget which of the two hours of autumn they are in.
    starts = [
        (hour.astimezone(UTC) + QUARTER * quarter).astimezone(hour.tzinfo)
        for hour in local_hours(town, month)
        if hour.date() <= town.until
        for quarter in range(4)
    ]
    rng = town.rng(family, index, month.index)
    mood = np.exp(plan["spread"] * rng.standard_normal(32))
    level = {day: expected_day(town, sensor, day) * mood[day.day] for day in town.days_of(month)}
    expected = np.array([level[at.date()] * course[at.hour] for at in starts])
    counted = Counted(sensor, month, starts, rng.poisson(expected).astype(np.int64))
    for plant in town.plants:
        if plant.get("sensor") == sensor["sensor_id"]:
            _plant(counted, plant)
    return counted


def expected_day(town: Town, sensor: dict[str, str], day: date) -> float:
    """Expected bicycles of a day at a counter."""
    plan = town.plan["bicycles"]
    level = plan["per_day"][sensor["sensor_id"]]
    level *= town.plan["seasons"][plan["season"]][day.month - 1] * trend(town, day)
    level *= plan["holiday"] if is_holiday(town, day) else plan["week"][day.weekday()]
    level *= weather_factor(town, plan["weather"], day)
    return float(level * road_works_factor(town, sensor["block_id"], day, "footfall"))


def _plant(counted: Counted, plant: dict[str, Any]) -> None:
    kind, starts = plant["kind"], counted.starts
    if kind == "dead_sensor":
        stuck = {i for i, at in enumerate(starts) if plant["from"] <= at.date()}
        counted.absent |= {i for i in stuck if starts[i].date() >= plant["silent_from"]}
        # A stuck counter delivers counts like any other; only their sameness gives it away.
        counted.counts[sorted(stuck)] = int(plant["value"])
    elif kind == "bicycle_clock_change":
        counted.absent |= {i for i, at in enumerate(starts) if at.fold}
    elif kind in ("bicycle_gap", "bicycle_empty_cells"):
        counted.absent |= quarters_of(counted, plant)
    elif kind == "bicycle_bad_quality":
        counted.wrong |= dict.fromkeys(quarters_of(counted, plant), int(plant["value"]))
    elif kind == "bicycle_out_of_range":
        at = {i for i, s in enumerate(starts) if s.strftime(TEXT) == str(plant["at"])}
        counted.wrong |= dict.fromkeys(at, int(plant["value"]))
    else:
        return
    counted.plants.append(plant)


def quarters_of(counted: Counted, plant: dict[str, Any]) -> set[int]:
    """The quarters of an hour that a plant spans, from its ``from`` for its ``hours``."""
    begins = [i for i, s in enumerate(counted.starts) if s.strftime(TEXT) == str(plant["from"])]
    last = len(counted.starts)
    return {i for b in begins[:1] for i in range(b, min(b + int(plant["hours"]) * 4, last))}
