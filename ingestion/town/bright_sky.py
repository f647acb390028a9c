# SPDX-License-Identifier: Apache-2.0
"""Weather as Bright Sky answers it: observed hours per month, and one forecast per day.

Belongs here: hours that make up a day's weather, forecasts and their errors, the JSON. Does not
belong here: the weather itself (``weather``).

As in the real answers, a time ends the hour it measures, and an answer runs from midnight to
midnight, both included: the last hour of one is the first of the next.
"""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from ingestion.town.delivered import Delivered
from ingestion.town.inputs import Month, Town
from ingestion.town.weather import RAIN_DAY_MM, DayWeather, day_weather

FOLDER = "weather_bright_sky"
_SUNNY_HOURS = 17
Hour = dict[str, Any]
Row = dict[str, Any]


def deliver_weather(town: Town, inbox: Path) -> Delivered:
    """Writes all answers into the inbox and says what each day's observed weather is."""
    paths: list[str] = []
    bad: list[Row] = []
    observed: list[Row] = []
    for month in town.all_months:
        days = town.days_of(month)
        absent = _absent(town)
        hours = [h for h in _observed_hours(town, days) if h["timestamp"] not in absent]
        path = f"{FOLDER}/wetter_{month}.json"
        wrong = _falsify(town, hours, path)
        _write(inbox / path, hours, _source(town))
        set_aside = {row["row"] for row in wrong}
        rows = enumerate(hours, start=1)
        kept = {hour["timestamp"]: hour for row, hour in rows if row not in set_aside}
        observed += [_said_of(town, day, kept) for day in days]
        paths.append(path)
        bad += wrong
    forecasts: list[Row] = []
    for issued in _issue_days(town):
        expected = _forecast(town, issued)
        hours = _hours(town, expected, kind="forecast")
        path = f"{FOLDER}/vorhersage/vorhersage_{issued}.json"
        _write(inbox / path, hours, _source(town, forecast_from=hours[0]["timestamp"]))
        paths.append(path)
        cut = _truncate(town, inbox, path, issued)
        bad += cut
        if not cut:
            by_time = {hour["timestamp"]: hour for hour in hours}
            forecasts += [
                {"issued_date": issued.isoformat(), **_said_of(town, day, by_time)}
                for day in expected
            ]
    return Delivered(paths, {"observed": observed, "forecast": forecasts}, bad)


def _issue_days(town: Town) -> list[date]:
    count = int(town.plan["bright_sky"]["forecast_days"])
    days = [town.until - timedelta(days=back) for back in reversed(range(count))]
    return [day for day in days if town.has_month(day)]


def _observed_hours(town: Town, days: tuple[date, ...]) -> list[Hour]:
    """The hours of the days, with what the station measured at both ends."""
    one = timedelta(days=1)
    around = (days[0] - one, *days, days[-1] + one)
    hours = _hours(town, {day: day_weather(town, day) for day in around}, kind="historical")
    first = _stamp(_ends_of_hours(days[0] - one, _zone(town))[-1])
    last = _stamp(_ends_of_hours(days[-1], _zone(town))[-1])
    return [hour for hour in hours if first <= hour["timestamp"] <= last]


def _absent(town: Town) -> set[str]:
    """Planted hours of which the station reported nothing."""
    absent: set[str] = set()
    for plant in town.plants_of("weather_gap"):
        first = datetime.fromisoformat(str(plant["from"])).replace(tzinfo=_zone(town))
        absent |= {_stamp(first + timedelta(hours=i)) for i in range(int(plant["hours"]))}
    return absent


def _falsify(town: Town, hours: list[Hour], path: str) -> list[Row]:
    """Puts planted values into the hours; returns them as rows that must be set aside."""
    wrong: list[Row] = []
    for plant in town.plants_of("weather_out_of_range"):
        at = _stamp(datetime.fromisoformat(str(plant["at"])).replace(tzinfo=_zone(town)))
        for row, hour in enumerate(hours, start=1):
            if hour["timestamp"] == at:
                hour["temperature"] = float(plant["value"])
                wrong.append(_bad(plant, path, "row") | {"row": row, "value": plant["value"]})
    return wrong


def _truncate(town: Town, inbox: Path, path: str, issued: date) -> list[Row]:
    """Cuts the planted forecast in the middle of its file."""
    cut = [p for p in town.plants_of("weather_truncated") if p["period"] == issued]
    for _ in cut:
        data = (inbox / path).read_bytes()
        (inbox / path).write_bytes(data[: len(data) // 2])
    return [_bad(plant, path, "delivery") for plant in cut]


def _bad(plant: Row, path: str, unit: str) -> Row:
    return {
        "plant_id": plant["id"],
        "contract_id": FOLDER,
        "path": path,
        "reason": plant["kind"],
        "unit": unit,
    }


def _hours(town: Town, weather: dict[date, DayWeather], kind: str) -> list[Hour]:
    """Entries from the first midnight to the last, both included."""
    found: list[Hour] = []
    zone = _zone(town)
    for day, values in weather.items():
        rng = town.rng("weather", Month(day.year, day.month).index, day.day)
        ends = _ends_of_hours(day, zone)
        local = np.array([(end - timedelta(hours=1)).astimezone(zone).hour for end in ends])
        # The instants that belong to the day are the beginnings of its hours.
        warm = values.temperature_mean_c + _wave(local) * (
            values.temperature_max_c - values.temperature_mean_c
        )
        rain = _rain(rng, values.precipitation_mm, len(ends))
        sun = _sun(values.sunshine_minutes, local)
        wind = values.wind_max_kmh * (0.55 + 0.45 * _wave(local - 1))
        wind[int(np.argmax(wind))] = values.wind_max_kmh
        for i, end in enumerate(ends):
            start = end - timedelta(hours=1)
            if not found:
                found.append(_entry(start, kind))
            found[-1]["temperature"] = round(float(warm[i]), 1)
            found.append(_entry(end, kind))
            found[-1]["precipitation"] = round(float(rain[i]), 1)
            found[-1]["sunshine"] = float(sun[i])
            found[-1]["wind_speed"] = round(float(max(wind[i], 0.0)), 1)
            found[-1]["condition"] = "rain" if rain[i] else "dry"
    # The closing instant belongs to a day of which nothing is said.
    found[-1]["temperature"] = found[-2]["temperature"]
    return found


def _ends_of_hours(day: date, zone: ZoneInfo) -> list[datetime]:
    """The instants, in UTC, at which the hours of a local day end: 23, 24 or 25 of them."""
    start = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    following = day + timedelta(days=1)
    end = datetime(following.year, following.month, following.day, tzinfo=zone).astimezone(UTC)
    count = int((end - start).total_seconds() // 3600)
    return [start + timedelta(hours=i + 1) for i in range(count)]


def _wave(local_hour: np.ndarray) -> np.ndarray:
    """A day's course with mean 0 and highest value 1, in the afternoon."""
    wave = np.cos((local_hour - 14) / 24 * 2 * np.pi)
    wave = wave - wave.mean()
    course: np.ndarray = wave / wave.max()
    return course


def _rain(rng: np.random.Generator, amount: float, count: int) -> np.ndarray:
    """Tenths of a millimetre over a few hours in a row."""
    rain = np.zeros(count)
    length = int(rng.integers(2, 9))
    first = int(rng.integers(0, count - length))
    rain[first : first + length] = rng.multinomial(round(amount * 10), [1 / length] * length)
    return rain / 10


def _sun(minutes: int, local_hour: np.ndarray) -> np.ndarray:
    """Minutes of sunshine, most of them around noon and never more than an hour has."""
    away = np.abs(local_hour - 12.5)
    weight = np.where(away < _SUNNY_HOURS / 2, np.cos(away / _SUNNY_HOURS * np.pi), 0)
    sun = np.minimum(60, np.floor(minutes * weight / weight.sum()))
    for i in np.argsort(-weight, kind="stable"):
        sun[i] += min(60 - sun[i], minutes - sun.sum())
    return sun


def _entry(at: datetime, kind: str) -> Hour:
    return {
        "timestamp": _stamp(at),
        "source_id": 2 if kind == "forecast" else 1,
        "precipitation": 0.0,
        "pressure_msl": None,
        "sunshine": 0.0,
        "temperature": None,
        "wind_direction": None,
        "wind_speed": 0.0,
        "cloud_cover": None,
        "condition": "dry",
        "icon": None,
    }


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _zone(town: Town) -> ZoneInfo:
    return ZoneInfo(str(town.identity["timezone"]))


def _source(town: Town, forecast_from: str | None = None) -> Hour:
    station = town.plan["bright_sky"]["station"]
    return {
        "id": 2 if forecast_from else 1,
        "dwd_station_id": station["dwd_station_id"],
        "observation_type": "forecast" if forecast_from else "historical",
        "lat": station["lat"],
        "lon": station["lon"],
        "height": station["height"],
        "station_name": station["name"],
        "wmo_station_id": None,
        "first_record": forecast_from,
        "last_record": None,
        "distance": 0.0,
    }


def _write(path: Path, hours: list[Hour], source: Hour) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # A line per hour: a finding's row can be looked up in an editor.
    rows = ",\n".join(json.dumps(h, separators=(",", ":")) for h in hours)
    sources = json.dumps([source], ensure_ascii=False)
    path.write_text(f'{{"weather":[\n{rows}\n],"sources":{sources}}}\n', encoding="utf-8")


def _forecast(town: Town, issued: date) -> dict[date, DayWeather]:
    """What was expected on the day of issue; the error grows with the days ahead."""
    plan = town.plan["bright_sky"]
    rng = town.rng("forecast_weather", issued.toordinal())
    expected = {}
    for ahead in range(int(plan["forecast_ahead"]) + 1):
        day = issued + timedelta(days=ahead)
        truth = day_weather(town, day)
        z = rng.standard_normal(4)
        errors = {name: at + ahead * more for name, (at, more) in plan["forecast_error"].items()}
        # A wrong forecast is the sky of another day of the season, not a mixture of two.
        sky = day_weather(town, day - timedelta(days=7 + int(rng.integers(0, 7))))
        sky = sky if rng.random() < errors["rain_share"] else truth
        rain = sky.precipitation_mm * float(np.exp(errors["amount"] * z[1]))
        mean = truth.temperature_mean_c + errors["temperature_c"] * float(z[0])
        rise = truth.temperature_max_c - truth.temperature_mean_c
        expected[day] = DayWeather(
            temperature_mean_c=round(mean, 1),
            temperature_max_c=round(round(mean, 1) + rise, 1),
            precipitation_mm=round(max(rain, RAIN_DAY_MM), 1) if sky.is_rain_day else 0.0,
            sunshine_minutes=int(
                min(sky.sunshine_minutes * np.exp(errors["amount"] * z[2] / 2), 15 * 60)
            ),
            wind_max_kmh=round(truth.wind_max_kmh * float(np.exp(errors["amount"] * z[3])), 1),
        )
    return expected


def _said_of(town: Town, day: date, by_time: dict[str, Hour]) -> Row:
    """What the entries say of a day: the truth to compare with, to the rounding of the hours."""
    ends = _ends_of_hours(day, _zone(town))
    of_day = [by_time[at] for end in ends if (at := _stamp(end)) in by_time]
    starts = [_stamp(end - timedelta(hours=1)) for end in ends]
    warm = [by_time[at]["temperature"] for at in starts if at in by_time]
    return {
        "day_date": day.isoformat(),
        "temperature_mean_c": round(sum(warm) / len(warm), 4),
        "temperature_max_c": max(warm),
        "precipitation_mm": round(sum(h["precipitation"] for h in of_day), 1),
        "sunshine_minutes": int(sum(h["sunshine"] for h in of_day)),
        "wind_max_kmh": max(h["wind_speed"] for h in of_day),
        "observed_hours": len(warm),
    }
