# SPDX-License-Identifier: Apache-2.0
"""Hourly weather as Bright Sky gives it: observations of the Deutscher Wetterdienst and its forecasts.

Belongs here: the answer to ``/weather`` (``weather[]``, ``sources[]``) as a text table. Does not
belong here: fetching (the answers lie in the inbox), the weather of a day (dbt), station files
(``dwd.py``).

An entry's time ends the hour that it measures: what fell by 0:00 fell on the day before. An answer
does not say when its forecast was made; that is the local day of its first forecast hour.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from foundation.contracts import Contract
from ingestion.adapter import Parsed, is_computed, refuse
from ingestion.documents import as_text, check_fields, objects_in, read_json, text_table

_EXPECTED = "eine Antwort von Bright Sky (/weather) mit „weather“ und „sources“"
_FORECAST = "forecast"
INTERVAL_MINUTES = "60"


class BrightSkyAdapter:
    """Reads one answer: any span of hours, observed, forecast or both."""

    name = "open_government.bright_sky"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """First and last local day of the hours measured. Raises BadDelivery."""
        hours, _ = _read(file_name, data, contract)
        zone = _zone(contract)
        times = [time for time in (_instant(hour.get("timestamp")) for hour in hours) if time]
        if not times:
            raise refuse(
                file_name,
                rule="zeitpunkt_unlesbar",
                field="timestamp",
                found="keinen einzigen lesbaren Zeitpunkt",
                expected="Zeitpunkte wie 2026-11-22T06:00:00+00:00",
                remedy="Abruf wiederholen und unverändert einliefern",
            )
        first, last = min(times), max(times)
        # The closing midnight belongs to the day that it closes.
        last = max(first, last - timedelta(hours=1))
        return first.astimezone(zone).date(), last.astimezone(zone).date()

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """Text columns of the contract, one row per entry of ``weather``. Raises BadDelivery."""
        hours, sources = _read(file_name, data, contract)
        obj = contract.objects[0]
        kinds = {s.get("id"): as_text(s.get("observation_type")) for s in sources}
        stations = {s.get("id"): as_text(s.get("dwd_station_id")) for s in sources}
        of_sources = [hour.get("source_id") for hour in hours]
        issued = _issued(hours, kinds, _zone(contract))
        computed: dict[str, list[str | None]] = {
            "observation_type": [kinds.get(source) for source in of_sources],
            "station_id": [stations.get(source) for source in of_sources],
            "issued_date": [issued if kinds.get(s) == _FORECAST else None for s in of_sources],
            "interval_minutes": [INTERVAL_MINUTES] * len(hours),
        }
        columns = {
            field.name: computed[field.name]
            if is_computed(field)
            else [as_text(hour.get(field.source)) for hour in hours]
            for field in obj.fields
        }
        return Parsed({obj.name: text_table(columns)})


def _read(
    file_name: str, data: bytes, contract: Contract
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    document = read_json(file_name, data, _EXPECTED)
    hours = objects_in(file_name, document, "weather", "Stunden mit Wetter")
    sources = objects_in(file_name, document, "sources", "die Stationen zu den Stunden")
    check_fields(
        file_name, hours, [f.source for f in contract.objects[0].fields if not is_computed(f)]
    )
    check_fields(file_name, sources, ["id", "observation_type", "dwd_station_id"])
    return hours, sources


def _issued(
    hours: list[dict[str, Any]], kinds: dict[Any, str | None], zone: ZoneInfo
) -> str | None:
    times = [
        time
        for hour in hours
        if kinds.get(hour.get("source_id")) == _FORECAST
        and (time := _instant(hour.get("timestamp")))
    ]
    return min(times).astimezone(zone).date().isoformat() if times else None


def _instant(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return None
    return time if time.tzinfo else None


def _zone(contract: Contract) -> ZoneInfo:
    return ZoneInfo(str(contract.options.get("timezone", "Europe/Berlin")))


ADAPTER = BrightSkyAdapter()
