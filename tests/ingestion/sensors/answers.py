# SPDX-License-Identifier: Apache-2.0
"""Answers of a SensorThings server, for tests.

Belongs here: small pages that are right, to be spoilt by a test. Does not belong here: tests.
"""

import io
import json
import zipfile
from typing import Any

Json = dict[str, Any]


def datastream(number: int = 1, duration: str | None = "PT15M", **changed: Any) -> Json:
    """A Datastream with its Thing and ObservedProperty."""
    found = {
        "@iot.id": number,
        "name": f"Fahrräder {number}",
        "unitOfMeasurement": {"name": "Fahrräder", "symbol": "Anzahl", "definition": None},
        "properties": {"aggregateDuration": duration} if duration else {},
        "Thing": {"@iot.id": 9, "name": "Radweg Nord"},
        "ObservedProperty": {"@iot.id": 7, "name": "Anzahl Fahrräder"},
    }
    return found | changed


def observation(time: str, result: Any = 5, number: int = 1, **changed: Any) -> Json:
    """An Observation of a Datastream."""
    found = {
        "@iot.id": f"{number}-{time}",
        "phenomenonTime": time,
        "result": result,
        "Datastream": {"@iot.id": number},
    }
    return found | changed


def quarters(count: int, number: int = 1) -> list[Json]:
    """So many quarters of an hour from midnight UTC of 2 March 2026 on, with results 0, 1, 2, …"""
    return [
        observation(
            f"2026-03-02T{i // 4:02d}:{i % 4 * 15:02d}:00Z/2026-03-02T{i // 4:02d}:{i % 4 * 15 + 14:02d}:59Z",
            i, number,
        )
        for i in range(count)
    ]  # fmt: skip


def pages(observations: list[Json], size: int = 100, *streams: Json) -> dict[str, Json]:
    """Both answers by file name, in pages of a size."""
    found: dict[str, Json] = {"datastreams_page1.json": {"value": list(streams or [datastream()])}}
    for number, first in enumerate(range(0, len(observations), size), start=1):
        page: Json = {"@iot.count": len(observations), "value": observations[first : first + size]}
        if first + size < len(observations):
            page["@iot.nextLink"] = f"https://x.example/v1.1/Observations?$skip={first + size}"
        found[f"observations_page{number}.json"] = page
    return found


def packed(content: dict[str, Json | bytes]) -> bytes:
    """A zip of the pages; a page may also be given as bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, page in content.items():
            data = page if isinstance(page, bytes) else json.dumps(page).encode()
            archive.writestr(f"nord_2026-03/{name}", data)
    return buffer.getvalue()
