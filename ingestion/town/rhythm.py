# SPDX-License-Identifier: Apache-2.0
"""When the town is busy: opening days, week, year, holidays, festival, trend.

Belongs here: expected counts per day and the course of a day. Does not belong here: drawing from
them.
"""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import holidays
import numpy as np

from ingestion.town.conditions import sales_factor
from ingestion.town.inputs import Month, Site, Town


@cache
def holidays_of(state: str, year: int) -> frozenset[date]:
    """Public holidays of one federal state (two letters) and year; source: PyPI ``holidays``."""
    return frozenset(holidays.country_holidays("DE", subdiv=state, years=year))


def is_holiday(town: Town, day: date) -> bool:
    """Whether the day is a public holiday in the town's federal state."""
    return day in holidays_of(str(town.identity["state"]), day.year)


def utc_offset_hours(town: Town, day: date) -> int:
    """Hours between local noon and UTC on that day (1 in winter, 2 in summer)."""
    zone = ZoneInfo(str(town.identity["timezone"]))
    offset = datetime(day.year, day.month, day.day, 12, tzinfo=zone).utcoffset()
    return int(offset.total_seconds() // 3600) if offset else 0


def trend(town: Town, day: date) -> float:
    """Growth since the first planned day, as a factor."""
    first = Month.parse(str(town.plan["first_month"])).days[0]
    return float(1.0 + town.plan["trend_per_year"] * (day - first).days / 365.0)


def is_festival(town: Town, day: date) -> bool:
    """Whether the town's festival is on."""
    return day in town.plan["festival"]["days"]


def is_open(town: Town, site: Site, day: date) -> bool:
    """Whether the shop trades on that day."""
    if day < site.opened_on or (site.closed_on is not None and day > site.closed_on):
        return False
    week = town.plan["trades"][site.trade_id]["week"]
    return week[day.weekday()] > 0 and not is_holiday(town, day)


def expected_receipts(town: Town, site: Site, month: Month) -> tuple[list[date], np.ndarray]:
    """Trading days of a shop in a month and the expected receipts of each (float, all tills)."""
    days = [day for day in town.days_of(month) if is_open(town, site, day)]
    return days, level(town, site) * np.array([day_factor(town, site, day) for day in days])


def level(town: Town, site: Site) -> float:
    """Expected receipts of a shop on a day on which every factor is 1."""
    trade = town.plan["trades"][site.trade_id]
    spread = float(town.plan["size_spread"])
    own = float(np.exp(spread * town.rng("site", site.index).standard_normal()))
    size = float(town.plan["sizes"][site.size])
    return float(trade["receipts"] * size * own * town.plan["activity"])


def day_factor(town: Town, site: Site, day: date) -> float:
    """What season, week, growth, festival, weather and works make of that level on a day."""
    trade = town.plan["trades"][site.trade_id]
    factor = trade["week"][day.weekday()] * trend(town, day) * sales_factor(town, site, day)
    factor *= town.plan["seasons"][trade["season"]][day.month - 1]
    if trade["festival"] and is_festival(town, day):
        factor *= town.plan["festival"]["factor"]
    for plant in town.plants_of("dominating_shop"):
        if plant["trade"] == site.trade_id and day.isoformat().startswith(str(plant["month"])):
            factor *= plant["receipts_factor"]
    return float(factor)


def least_receipts(town: Town, site: Site, days: list[date]) -> np.ndarray:
    """Receipts that a day has at least: some where a fault is planted, so that it can be there.

    Without this, a town at a hundredth of its size would lose its planted days and months.
    """
    least = np.zeros(len(days), dtype=np.int64)
    for plant in town.plants:
        if (
            "period" in plant
            and plant.get("site", plant.get("like")) == town.sites[site.index].name
        ):
            period = str(plant["period"])
            number = 5 if len(period) == len("2026-11-13") else 1
            least += [number * day.isoformat().startswith(period) for day in days]
    return least


def closings_before(town: Town, site: Site, month: Month) -> int:
    """Trading days since the first planned month: where the running closing number stands."""
    current, count = Month.parse(str(town.plan["first_month"])), 0
    while current.index < month.index:
        count += sum(is_open(town, site, day) for day in current.days)
        current = current.next()
    return count


def second_of_day(town: Town, profile: str, uniform: np.ndarray) -> np.ndarray:
    """Seconds since midnight for uniform numbers in [0, 1), following the named daily course."""
    course = town.plan["profiles"][profile]
    weights = np.array(course["weights"], dtype=float)
    cumulative = np.concatenate([[0.0], np.cumsum(weights) / weights.sum()])
    edges = (course["start"] + np.arange(len(cumulative))) * 3600.0
    seconds: np.ndarray = np.interp(uniform, cumulative, edges).astype(np.int64)
    return seconds


def closing_second(town: Town, profile: str) -> int:
    """Second of the day at which the till is closed: a quarter of an hour after the last hour."""
    course = town.plan["profiles"][profile]
    return int((course["start"] + len(course["weights"])) * 3600 + 900)
