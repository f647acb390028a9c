# SPDX-License-Identifier: Apache-2.0
"""Bicycle counters whose server speaks OGC SensorThings 1.1: one zip per Thing and month.

Belongs here: the server's answers, page by page. Does not belong here: what the counters count
(``bicycles``).

As real servers do, this one offers each counter three times: per quarter of an hour, per hour and
per day. The zip holds the answer about the Datastreams and all pages of the observations.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ingestion.town.bicycles import Counted, draw_month, sensors_of
from ingestion.town.delivered import Delivered
from ingestion.town.gdpdu import pack
from ingestion.town.inputs import Town

CONTRACT = "sensorthings"
_SERIES = (("15-Min", "PT15M"), ("1-Stunde", "PT1H"), ("1-Tag", "P1D"))
_UNIT = {"name": "Fahrräder", "symbol": "Anzahl", "definition": None}


def deliver_sensorthings(town: Town, inbox: Path) -> Delivered:
    """Writes one zip per Thing and month; a month of which a Thing says nothing has none."""
    paths, months, bad = [], [], []
    for index, sensor in sensors_of(town, CONTRACT):
        for month in town.all_months:
            counted = draw_month(town, "sensorthings", index, sensor, month)
            refused = [
                p
                for p in town.plants_of("missing_page")
                if p["sensor"] == sensor["sensor_id"] and str(p["period"]) == str(month)
            ]
            months.append(counted.truth(refused=bool(refused)))
            if not counted.counted:
                continue
            thing = sensor["sensor_id"].lower()
            path = f"{CONTRACT}/{sensor['sensor_id']}/{thing}_{month}.zip"
            pages = answers(town, counted)
            for plant in refused:
                del pages[f"observations_page{plant['page']}.json"]
                bad.append(
                    {
                        "plant_id": plant["id"],
                        "contract_id": CONTRACT,
                        "path": path,
                        "reason": "missing_page",
                        "unit": "delivery",
                    }
                )
            bad += _discarded(counted, path)
            target = inbox / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_packed(f"{thing}_{month}", pages))
            paths.append(path)
    return Delivered(paths=paths, truth={"months": months}, bad_files=bad)


def answers(town: Town, counted: Counted) -> dict[str, dict[str, Any]]:
    """The pages of both answers by file name."""
    plan = town.plan["bicycles"]["sensorthings"]
    thing = int(plan["things"][counted.sensor["sensor_id"]])
    pages = {"datastreams_page1.json": _datastreams(plan, thing, counted.sensor["name"])}
    observations = list(_observations(thing, counted))
    size, address = int(plan["page_size"]), f"{plan['address']}/Things({thing})/Observations"
    for number, first in enumerate(range(0, len(observations), size), start=1):
        page: dict[str, Any] = {"@iot.count": len(observations)}
        if first + size < len(observations):
            query = f"$count=true&$top={size}&$skip={first + size}&$expand=Datastream"
            page["@iot.nextLink"] = f"{address}?{query}"
        page["value"] = observations[first : first + size]
        pages[f"observations_page{number}.json"] = page
    return pages


def _datastreams(plan: dict[str, Any], thing: int, name: str) -> dict[str, Any]:
    described = [
        {
            "@iot.id": thing * 10 + i,
            "@iot.selfLink": f"{plan['address']}/Datastreams({thing * 10 + i})",
            "name": f"Fahrräder {series} an {name}",
            "unitOfMeasurement": _UNIT,
            "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_CountObservation",
            "properties": {"aggregateDuration": duration},
            "Thing": {"@iot.id": thing, "name": name},
            "ObservedProperty": {"@iot.id": 7, "name": "Anzahl Fahrräder"},
        }
        for i, (series, duration) in enumerate(_SERIES)
    ]
    return {"@iot.count": len(described), "value": described}


def _observations(thing: int, counted: Counted) -> Iterator[dict[str, Any]]:
    """All observations of the month, resolution after resolution, in order of time."""
    bad = {i for p in counted.plants if p["kind"] == "bicycle_bad_quality" for i in counted.wrong}
    said = [i for i in range(len(counted.starts)) if i not in counted.absent]
    per_hour: dict[datetime, int] = defaultdict(int)
    per_day: dict[datetime, int] = defaultdict(int)
    for i in said:
        start, value = counted.starts[i], int(counted.wrong.get(i, counted.counts[i]))
        quality = "bad" if i in bad else "good"
        yield _observation(thing * 10, start, timedelta(minutes=15), value, quality)
        if i not in bad:
            instant = start.astimezone(UTC)
            per_hour[instant.replace(minute=0)] += value
            per_day[start.replace(hour=0, minute=0, fold=0)] += value
    for start, value in per_hour.items():
        yield _observation(thing * 10 + 1, start, timedelta(hours=1), value, "good")
    for start, value in per_day.items():
        yield _observation(thing * 10 + 2, start, timedelta(days=1), value, "good")


def _observation(
    datastream: int, start: datetime, length: timedelta, value: int, quality: str
) -> dict[str, Any]:
    begin = start.astimezone(UTC)
    # A day ends at the next midnight of the local clock, twice a year after 23 or 25 hours.
    end = (start + length).astimezone(UTC) if length.days else begin + length
    end -= timedelta(seconds=1)
    return {
        "@iot.id": f"{datastream}-{begin:%Y%m%d%H%M}",
        "phenomenonTime": f"{begin:%Y-%m-%dT%H:%M:%SZ}/{end:%Y-%m-%dT%H:%M:%SZ}",
        "resultTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "result": value,
        "resultQuality": quality,
        "Datastream": {"@iot.id": datastream},
    }


def _discarded(counted: Counted, path: str) -> list[dict[str, Any]]:
    """Rows that the source itself calls invalid: the first, by its place, and how many."""
    said = [i for i in range(len(counted.starts)) if i not in counted.absent]
    return [
        {
            "plant_id": plant["id"],
            "contract_id": CONTRACT,
            "path": path,
            "reason": "bad_quality",
            "unit": "row",
            "row": said.index(min(counted.wrong)) + 2,
            "occurrences": len(counted.wrong),
        }
        for plant in counted.plants
        if plant["kind"] == "bicycle_bad_quality" and counted.wrong
    ]


def _packed(folder: str, pages: dict[str, dict[str, Any]]) -> bytes:
    texts = {
        f"{folder}/{name}": json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode()
        for name, page in pages.items()
    }
    return pack(texts)
