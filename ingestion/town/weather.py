# SPDX-License-Identifier: Apache-2.0
"""The weather of the town: a season of long-term means, and days that follow each other.

Belongs here: what the weather of any day was, and what is normal for its time of year. Does not
belong here: what it does to shops (``conditions``) or how it is delivered (``bright_sky``).

Numbers are drawn per month, and a day remembers those before it, across the month's edge too: the
weather of a day is the same whatever months are simulated.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import erf, exp, log, sqrt
from typing import Any

import numpy as np

from ingestion.town.inputs import FAMILIES, Month, Town

# How much a day remembers of the days before it (today first); squares add up to one.
_MEMORY = np.sqrt(np.array([0.40, 0.24, 0.15, 0.09, 0.06, 0.04, 0.02]))
_SHORT_MEMORY = np.sqrt(np.array([0.70, 0.22, 0.08]))
RAIN_DAY_MM = 1.0
# Rain takes this share of the sunshine that a day of its season has on average.
_SUN_ON_RAIN_DAYS = 0.45


@dataclass(frozen=True)
class DayWeather:
    """The weather of one day; the temperature is the mean and the highest of its hours."""

    temperature_mean_c: float
    temperature_max_c: float
    precipitation_mm: float
    sunshine_minutes: int
    wind_max_kmh: float

    @property
    def is_rain_day(self) -> bool:
        """Whether it rained at least one millimetre."""
        return self.precipitation_mm >= RAIN_DAY_MM


@dataclass(frozen=True)
class Normal:
    """What is usual on a day of the year."""

    temperature_mean_c: float
    temperature_max_c: float
    rain_share: float
    rain_mm: float
    sunshine_minutes: float
    wind_max_kmh: float


@dataclass(frozen=True)
class Climate:
    """The plan's long-term means, hashable; one value per calendar month."""

    temperature_mean_c: tuple[float, ...]
    temperature_rise_c: tuple[float, ...]
    rain_days_share: tuple[float, ...]
    rain_mm: tuple[float, ...]
    sunshine_hours: tuple[float, ...]
    wind_max_kmh: tuple[float, ...]
    temperature_spread_c: float
    wind_spread: float


def climate_of(town: Town) -> Climate:
    """The climate in ``conditions.yaml``."""
    plan = town.plan["conditions"]["climate"]
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in plan.items()}
    return Climate(**values)


def day_weather(town: Town, day: date) -> DayWeather:
    """The weather of a day; the same for the same seed, whatever else is simulated."""
    return _day(town.seed, climate_of(town), day)


def normal_day(town: Town, day: date) -> Normal:
    """What is usual on that day of the year."""
    return _normal(climate_of(town), day)


@cache
def _normal(climate: Climate, day: date) -> Normal:
    # Values stand in the middle of their months; the day lies between two of them.
    place = day.month - 1 + (day.day - 15.5) / 30.5
    left = int(np.floor(place))
    weight = place - left

    def between(values: tuple[float, ...]) -> float:
        return float(values[left % 12] * (1 - weight) + values[(left + 1) % 12] * weight)

    mean = between(climate.temperature_mean_c)
    return Normal(
        temperature_mean_c=mean,
        temperature_max_c=mean + between(climate.temperature_rise_c),
        rain_share=between(climate.rain_days_share),
        rain_mm=between(climate.rain_mm),
        sunshine_minutes=60 * between(climate.sunshine_hours),
        wind_max_kmh=between(climate.wind_max_kmh),
    )


@cache
def _noise(seed: int, month_index: int) -> np.ndarray:
    """Four rows of independent standard normal numbers, one column per possible day."""
    sequence = np.random.SeedSequence([seed, FAMILIES["weather"], month_index])
    return np.random.Generator(np.random.PCG64(sequence)).standard_normal((4, 31))


def _remembered(seed: int, row: int, day: date, memory: np.ndarray) -> float:
    """A standard normal number of that day that resembles those of the days before."""
    total = 0.0
    for back, weight in enumerate(memory):
        then = day - timedelta(days=back)
        month = Month(then.year, then.month)
        total += float(weight) * float(_noise(seed, month.index)[row, then.day - 1])
    return total


def _share_below(z: float) -> float:
    """Share of standard normal numbers below ``z``, never quite 0 or 1."""
    return min(max((1 + erf(z / sqrt(2))) / 2, 1e-6), 1 - 1e-6)


@cache
def _day(seed: int, climate: Climate, day: date) -> DayWeather:
    usual = _normal(climate, day)
    warmth = climate.temperature_spread_c * _remembered(seed, 0, day, _MEMORY)
    clouds = _share_below(_remembered(seed, 1, day, _SHORT_MEMORY))
    light = _share_below(_remembered(seed, 2, day, _SHORT_MEMORY))
    gusts = _remembered(seed, 3, day, _SHORT_MEMORY)
    is_wet = clouds < usual.rain_share
    rain = RAIN_DAY_MM - (usual.rain_mm - RAIN_DAY_MM) * log(clouds / usual.rain_share)
    # Dry days have so much more sun that the season's mean stays what it is.
    dry = (1 - usual.rain_share * _SUN_ON_RAIN_DAYS) / (1 - usual.rain_share)
    sun = usual.sunshine_minutes * (_SUN_ON_RAIN_DAYS if is_wet else dry) * (0.5 + light)
    rise = (usual.temperature_max_c - usual.temperature_mean_c) * (0.7 + 0.6 * light)
    mean = usual.temperature_mean_c + warmth
    wind = usual.wind_max_kmh * exp(climate.wind_spread * gusts - climate.wind_spread**2 / 2)
    return DayWeather(
        temperature_mean_c=round(mean, 1),
        temperature_max_c=round(mean + rise, 1),
        precipitation_mm=round(rain, 1) if is_wet else 0.0,
        sunshine_minutes=int(sun),
        wind_max_kmh=round(wind, 1),
    )
