# SPDX-License-Identifier: Apache-2.0
"""The town's air: one CSV per month in the form of the Umweltbundesamt's download.

Belongs here: hourly values of one station, and that file's habits: byte order mark, times in
quotation marks that name the end of the hour (24:00), `-` for what was not measured, a field too
many where nothing was, a closing line. Does not belong here: weather (``weather``).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from ingestion.town.delivered import Delivered
from ingestion.town.footfall import local_hours
from ingestion.town.inputs import Month, Town
from ingestion.town.weather import day_weather

CONTRACT = "air_uba"
METRICS = ("pm10", "ozone", "no2", "pm2_5")
HEADER = (
    '"Station code";Date;"Particulate matter (PM₁₀) Daily average (hourly floating) in µg/m³";'
    '"Ozone (O₃) One hour average in µg/m³";"Nitrogen dioxide (NO₂) One hour average in µg/m³";'
    '"Particulate matter (PM₂,₅) Daily average (hourly floating) in µg/m³";"Air quality index"'
)
_CLOSING = '"Source: Musterstadt, Umweltamt. All times are given in the time valid at the time of measurement (CET or CEST)."'


@dataclass
class _Hours:
    """One month: start of each hour (aware, local), values by metric (-1: not measured)."""

    month: Month
    starts: list[datetime]
    values: dict[str, np.ndarray]
    outage: set[int] = field(default_factory=set)


def deliver_air(town: Town, inbox: Path) -> Delivered:
    """Writes one file per month of the one station."""
    paths, months, bad = [], [], []
    code = str(town.plan["air"]["code"])
    for index, sensor in enumerate(s for s in town.sensors if s["contract"] == CONTRACT):
        for month in town.all_months:
            path = f"{CONTRACT}/{sensor['sensor_id']}/{code.lower()}_{month}.csv"
            hours = _draw(town, index, month)
            wrong = _wrong(town, sensor, hours)
            target = inbox / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_file(code, hours, wrong))
            paths.append(path)
            months += [_truth(sensor, hours, metric, set(wrong)) for metric in METRICS]
            bad += [
                {
                    "plant_id": plant["id"],
                    "contract_id": CONTRACT,
                    "path": path,
                    "reason": "air_out_of_range",
                    "unit": "row",
                    "row": i + 2,
                    "value": int(plant["value"]),
                }
                for i, plant in wrong.items()
            ]
    return Delivered(paths=paths, truth={"months": months}, bad_files=bad)


def _draw(town: Town, index: int, month: Month) -> _Hours:
    plan = town.plan["air"]
    rng = town.rng("air", index, month.index)
    starts = [hour for hour in local_hours(town, month) if hour.date() <= town.until]
    found = _Hours(month, starts, {})
    rain = np.array([day_weather(town, at.date()).is_rain_day for at in starts], dtype=float)
    for metric in METRICS:
        mood = np.exp(plan["spread"] * rng.standard_normal(32))
        course = plan["hours"].get(metric, [1.0] * 24)
        level = plan["levels"][metric] * plan["season"][metric][month.number - 1]
        expected = np.array([level * mood[at.day] * course[at.hour] for at in starts])
        expected *= np.exp(rng.normal(0, 0.12, len(starts)))
        if metric.startswith("pm"):
            # Particles are given as the mean of the last 24 hours.
            expected = _floating(expected * np.exp(plan["rain"] * rain))
        values = np.maximum(np.rint(expected), 1).astype(np.int64)
        values[rng.random(len(starts)) < plan["not_measured"]] = -1
        found.values[metric] = values
    for plant in town.plants_of("air_outage"):
        begins = [i for i, at in enumerate(starts) if _text(at) == str(plant["from"])]
        found.outage |= {i for b in begins[:1] for i in range(b, b + int(plant["hours"]))}
    for i in found.outage:
        for metric in METRICS:
            found.values[metric][i] = -1
    return found


def _floating(values: np.ndarray) -> np.ndarray:
    sums = np.cumsum(np.concatenate([[0.0], values]))
    ends = np.arange(1, len(values) + 1)
    begins = np.maximum(ends - 24, 0)
    means: np.ndarray = (sums[ends] - sums[begins]) / (ends - begins)
    return means


def _wrong(town: Town, sensor: dict[str, str], hours: _Hours) -> dict[int, dict[str, Any]]:
    planted = {
        str(p["at"]): p
        for p in town.plants_of("air_out_of_range")
        if p["sensor"] == sensor["sensor_id"]
    }
    return {i: planted[_text(at)] for i, at in enumerate(hours.starts) if _text(at) in planted}


def _file(station: str, hours: _Hours, wrong: dict[int, dict[str, Any]]) -> bytes:
    lines = [HEADER]
    for i, at in enumerate(hours.starts):
        cells = {m: "-" if hours.values[m][i] < 0 else str(hours.values[m][i]) for m in METRICS}
        if i in wrong:
            cells[wrong[i]["metric"]] = str(wrong[i]["value"])
        index = ";" if i in hours.outage else '"very good"'
        lines.append(f"{station};\"'{_end(at)}'\";{';'.join(cells.values())};{index}")
    text = "\n".join([*lines, "", _CLOSING]) + "\n"
    return b"\xef\xbb\xbf" + text.encode()


def _end(start: datetime) -> str:
    """The end of the hour as the file names it: on the clock of its start, midnight as 24:00."""
    end = start.replace(tzinfo=None) + timedelta(hours=1)
    return f"{end:%Y-%m-%d %H:%M}" if end.hour else f"{start:%Y-%m-%d} 24:00"


def _truth(sensor: dict[str, str], hours: _Hours, metric: str, wrong: set[int]) -> dict[str, Any]:
    """Sum and number of the hours that count; a row with an impossible value is set aside whole."""
    values = hours.values[metric]
    kept = [i for i in range(len(values)) if values[i] >= 0 and i not in wrong]
    return {
        "sensor_id": sensor["sensor_id"],
        "metric": metric,
        "business_month": f"{hours.month}-01",
        "value_sum": int(values[kept].sum()),
        "observed_hours": len(kept),
        "missing_hours": len(values) - len(kept),
    }


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"
