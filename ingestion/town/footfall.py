# SPDX-License-Identifier: Apache-2.0
"""Footfall as hystreet delivers it: one CSV per sensor and month, one row per hour.

Belongs here: hourly counts, their gaps and their weather columns. Does not belong here: tills.

A month's hours are the real ones: 23 on the last Sunday of March, 25 on the last Sunday of October.
The sensors do as many do: the repeated hour in October is delivered only once.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from ingestion.town.conditions import footfall_factor
from ingestion.town.inputs import Month, Town
from ingestion.town.rhythm import is_festival, is_holiday, trend

HEADER = (
    "location;time of measurement;weekday;pedestrians count;temperature in ºc;"
    "weather condition;incidents"
)
_WEATHER = ("clear-day", "partly-cloudy-day", "cloudy", "rain", "clear-night", "fog", "snow")
_TEMPERATURE = (2, 3, 7, 11, 15, 18, 20, 20, 16, 11, 6, 3)


@dataclass
class SensorMonth:
    """What one file holds, and what it lacks; ``sums`` leave out the planted value."""

    sensor_id: str
    month: Month
    path: str
    pedestrians_sum: int = 0
    observed_hours: int = 0
    missing_hours: int = 0
    hours_in_month: int = 0
    out_of_range: list[dict[str, Any]] = field(default_factory=list)
    expected_without_festival: dict[str, float] = field(default_factory=dict)


def deliver_footfall(town: Town, inbox: Path) -> list[SensorMonth]:
    """Writes the sensors' files into the inbox and says what they hold."""
    return [
        _sensor_month(town, index, sensor, month, inbox)
        for index, sensor in enumerate(town.sensors)
        if sensor["contract"] == "footfall_hystreet"
        for month in town.months
    ]


def local_hours(town: Town, month: Month) -> list[datetime]:
    """Every hour of the local month, aware, in order of time."""
    zone = ZoneInfo(str(town.identity["timezone"]))
    days = month.days
    start = datetime(days[0].year, days[0].month, 1, tzinfo=zone).astimezone(UTC)
    following = month.next()
    end = datetime(following.year, following.number, 1, tzinfo=zone).astimezone(UTC)
    count = int((end - start).total_seconds() // 3600)
    return [(start + timedelta(hours=i)).astimezone(zone) for i in range(count)]


def expected_day(town: Town, sensor: dict[str, str], day: date) -> float:
    """Expected passers-by of a day at a sensor: weather and road works count, the festival not."""
    plan = town.plan["footfall"]
    level = plan["per_day"][sensor["sensor_id"]]
    level *= town.plan["seasons"][plan["season"]][day.month - 1] * trend(town, day)
    level *= plan["holiday"] if is_holiday(town, day) else plan["week"][day.weekday()]
    return float(level * footfall_factor(town, sensor["quarter_id"], sensor["block_id"], day))


def _sensor_month(
    town: Town, index: int, sensor: dict[str, str], month: Month, inbox: Path
) -> SensorMonth:
    plan, sensor_id = town.plan["footfall"], sensor["sensor_id"]
    course = np.array(plan["hours"], dtype=float) / sum(plan["hours"])
    hours = local_hours(town, month)
    rng = town.rng("footfall", index, month.index)
    # One mood per day: what moves a day moves it whole, not each hour for itself.
    mood = np.exp(plan["spread"] * rng.standard_normal(32))
    warmth, sky = rng.normal(0, 3.5, 32), rng.integers(0, 4, 32)
    name = f"{sensor_id.lower()}_{month}.csv"
    found = SensorMonth(sensor_id, month, f"footfall_hystreet/{sensor_id}/{name}")
    found.hours_in_month = len(hours)
    expected = np.empty(len(hours))
    days = {day: expected_day(town, sensor, day) for day in month.days}
    for i, hour in enumerate(hours):
        whole_day = days[hour.date()]
        if is_festival(town, hour.date()):
            found.expected_without_festival[hour.date().isoformat()] = round(whole_day, 3)
            whole_day *= town.plan["festival"]["factor"]
        expected[i] = whole_day * course[hour.hour] * mood[hour.day]
    counts = rng.poisson(expected)
    absent = _absent(town, sensor_id, hours)
    wrong = {
        str(plant["at"]): plant
        for plant in town.plants_of("sensor_out_of_range")
        if plant["sensor"] == sensor_id
    }
    lines = [HEADER]
    for i, hour in enumerate(hours):
        if i in absent:
            continue
        plant = wrong.get(f"{hour:%Y-%m-%dT%H:%M}") if hour.fold == 0 else None
        value = int(plant["value"]) if plant else int(counts[i])
        if plant:
            found.out_of_range.append(
                {"plant_id": plant["id"], "row": len(lines) + 1, "value": value}
            )
        else:
            found.pedestrians_sum += value
            found.observed_hours += 1
        warm = _TEMPERATURE[hour.month - 1] + warmth[hour.day] + 4 * np.sin((hour.hour - 9) / 3.82)
        stamp = f"{hour:%Y-%m-%d %H:%M:%S %z}"
        night = 4 if hour.hour < 6 or hour.hour > 21 else int(sky[hour.day])
        festival = town.plan["festival"]["name"] if is_festival(town, hour.date()) else ""
        lines.append(
            f"{sensor['name']};{stamp};{_weekday(hour)};{value};{warm:.1f};{_WEATHER[night]};{festival}"
        )
    found.missing_hours = found.hours_in_month - found.observed_hours
    path = inbox / found.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\xef\xbb\xbf" + ("\r\n".join(lines) + "\r\n").encode())
    return found


def _absent(town: Town, sensor_id: str, hours: list[datetime]) -> set[int]:
    """Hours that the sensor does not deliver: planted outages, and the repeated hour of October."""
    absent: set[int] = set()
    if town.plants_of("sensor_clock_change"):
        absent |= {i for i, hour in enumerate(hours) if hour.fold}
    for plant in town.plants_of("sensor_outage"):
        if plant["sensor"] == sensor_id:
            starts = [i for i, h in enumerate(hours) if f"{h:%Y-%m-%dT%H:%M}" == str(plant["from"])]
            absent |= {first + i for first in starts for i in range(int(plant["hours"]))}
    return absent


def _weekday(hour: datetime) -> str:
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return names[hour.weekday()]
