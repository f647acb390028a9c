# SPDX-License-Identifier: Apache-2.0
"""Observations as a server of the OGC SensorThings API 1.1 answers them.

Belongs here: Datastreams, their Things, units and resolutions, and observations as rows of text.
Does not belong here: pages and whether they are all there (``answers.py``), fetching.

A server offers the same count as Datastreams of several resolutions. The contract's option
`periodMinutes` says which one is loaded; all the others would count the same bicycle again. The
option `metrics` names, for each ObservedProperty, what it is called here.

`_row_number` counts the observations through all pages, beginning with 2 as in a file with a header.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from foundation.contracts import Contract
from ingestion.adapter import ROW_NUMBER, Parsed, refuse
from ingestion.sensors.answers import Answer, read_answers
from ingestion.sensors.times import first_and_last, iso_times_to_utc

ID = "@iot.id"
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


@dataclass(frozen=True)
class _Datastream:
    name: str
    thing: str | None
    observed_property: str | None
    unit: str | None
    period: int | None


class SensorThingsAdapter:
    """Reads the answers about one Thing: its Datastreams and their observations."""

    name = "sensors.sensorthings"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """First and last local day of the observations that count. Raises BadDelivery."""
        frame = _observations(file_name, read_answers(file_name, data), contract)
        zone = str(contract.options.get("timezone", "Europe/Berlin"))
        _, starts = iso_times_to_utc(frame["start"])
        return first_and_last(starts.dt.tz_convert(zone), file_name, "phenomenonTime")

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """Text columns of the contract; ``measured_at`` is UTC. Raises BadDelivery."""
        obj = contract.objects[0]
        frame = _observations(file_name, read_answers(file_name, data), contract)
        starts, _ = iso_times_to_utc(frame["start"])
        columns = {
            field.name: starts
            if field.physical_type.startswith("TIMESTAMP")
            else pa.array(frame[field.name], type=pa.string(), from_pandas=True)
            for field in obj.fields
            if field.handling != "drop"
        }
        numbers = pa.array(frame["row"].to_numpy(dtype=np.int64))
        return Parsed({obj.name: pa.table({**columns, ROW_NUMBER: numbers})})


def _observations(file_name: str, answers: Iterable[Answer], contract: Contract) -> pd.DataFrame:
    """Observations of the Datastreams that count, one row each, all texts."""
    datastreams: dict[str, Mapping[str, Any]] = {}
    rows: list[tuple[str, str | None, str | None, str | None, str | None]] = []
    for answer in answers:
        for place, entity in answer.entities:
            if "unitOfMeasurement" in entity:
                datastreams[str(entity.get(ID))] = entity
                continue
            stream = entity.get("Datastream")
            if not isinstance(stream, dict) or ID not in stream:
                raise _without(place, len(rows) + 2, f"Datastream.{ID}", "$expand=Datastream")
            if "unitOfMeasurement" in stream:
                datastreams[str(stream[ID])] = stream
            start, _, end = (_text(entity.get("phenomenonTime")) or "").partition("/")
            quality = _text(entity.get("resultQuality"))
            rows.append((str(stream[ID]), start, end, _text(entity.get("result")), quality))
    if not rows:
        raise refuse(
            file_name,
            rule="datei_leer",
            found="keine einzige Beobachtung",
            expected="mindestens eine Beobachtung (Observation)",
            remedy="Zeitraum des Abrufs prüfen und den Abruf wiederholen",
        )
    columns = ["datastream_id", "start", "end", "result", "result_quality"]
    frame = pd.DataFrame(rows, columns=columns).replace({"": None})
    frame["row"] = np.arange(2, len(frame) + 2)
    frame["minutes"] = _minutes(frame)
    known = _describe(file_name, frame, datastreams)
    return _counting(file_name, frame, known, contract)


def _minutes(frame: pd.DataFrame) -> pd.Series:
    """Length of each interval; servers end it at the next one's start or a second before."""
    _, starts = iso_times_to_utc(frame["start"])
    _, ends = iso_times_to_utc(frame["end"])
    seconds = (ends - starts).dt.total_seconds()
    return pd.Series(np.ceil(seconds / 60), index=frame.index)


def _describe(
    file_name: str, frame: pd.DataFrame, datastreams: Mapping[str, Mapping[str, Any]]
) -> dict[str, _Datastream]:
    found = {}
    for key, mine in frame.groupby("datastream_id"):
        entity = datastreams.get(str(key))
        if entity is None:
            row = int(mine["row"].iloc[0])
            raise _without(file_name, row, "unitOfMeasurement", f"Datastreams({key})")
        declared = _duration(_inner(entity, "properties", "aggregateDuration"))
        lengths = Counter(int(m) for m in mine["minutes"].dropna())
        observed = lengths.most_common(1)[0][0] if lengths else None
        found[str(key)] = _Datastream(
            name=_text(entity.get("name")) or str(key),
            thing=_inner(entity, "Thing", "name"),
            observed_property=_inner(entity, "ObservedProperty", "name"),
            unit=_inner(entity, "unitOfMeasurement", "symbol")
            or _inner(entity, "unitOfMeasurement", "name"),
            period=declared or observed,
        )
    return found


def _counting(
    file_name: str, frame: pd.DataFrame, known: Mapping[str, _Datastream], contract: Contract
) -> pd.DataFrame:
    """The rows of Datastreams in the contract's resolution and of a property that it names."""
    wanted = contract.options.get("periodMinutes")
    metrics = {str(k): str(v) for k, v in (contract.options.get("metrics") or {}).items()}
    used = {
        key: stream
        for key, stream in known.items()
        if (wanted is None or stream.period == int(wanted))
        and (not metrics or stream.observed_property is None or stream.observed_property in metrics)
    }
    if not used:
        raise refuse(
            file_name,
            rule="datenstrom_fehlt",
            field="Datastream",
            found=" und ".join(sorted(_shown(stream) for stream in known.values())),
            expected=f"„{'“ oder „'.join(metrics) or 'eine Messgröße'}“ je {wanted} Minuten",
            remedy="Abruf um diesen Datastream ergänzen oder periodMinutes im Vertrag anpassen",
        )
    frame = frame[frame["datastream_id"].isin(list(used))].reset_index(drop=True)
    streams = [used[key] for key in frame["datastream_id"]]
    frame["thing"] = [s.thing for s in streams]
    frame["datastream"] = [s.name for s in streams]
    frame["observed_property"] = [s.observed_property for s in streams]
    frame["metric"] = [metrics.get(s.observed_property or "", s.observed_property) for s in streams]
    frame["unit"] = [s.unit for s in streams]
    frame["period_minutes"] = [None if s.period is None else str(s.period) for s in streams]
    return frame


def _shown(stream: _Datastream) -> str:
    resolution = "einzelne Zeitpunkte" if stream.period is None else f"je {stream.period} Minuten"
    return f"„{stream.observed_property or stream.name}“ {resolution}"


def _without(file_name: str, row: int, field: str, expected: str) -> Exception:
    return refuse(
        file_name,
        rule="feld_fehlt",
        row=row,
        field=field,
        found="nichts",
        expected=f"die Angabe aus {expected}",
        remedy="Abruf mit Datastream, Thing und ObservedProperty ($expand) wiederholen",
    )


def _inner(entity: Mapping[str, Any], *path: str) -> str | None:
    value: object = entity
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return _text(value)


def _duration(text: str | None) -> int | None:
    """Minutes of an ISO 8601 duration such as PT15M, PT1H, P1D."""
    match = _DURATION.fullmatch(text or "")
    if match is None:
        return None
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return days * 1440 + hours * 60 + minutes or None


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)


ADAPTER = SensorThingsAdapter()
