# SPDX-License-Identifier: Apache-2.0
"""Texts of times, as counters write them, to UTC.

Belongs here: the change of clocks, offsets, and the days a delivery covers.
Does not belong here: typing and refusing single values (the contract does that).

What cannot be read stays as it is, so that the contract refuses the row and shows what stood there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd
import pyarrow as pa

from foundation.errors import ConfigError
from ingestion.adapter import refuse

UTC_TEXT = "%Y-%m-%dT%H:%M:%S+00:00"
NO_SUCH_HOUR = " (Stunde fällt wegen Zeitumstellung aus)"


def offset_times_to_utc(column: pa.ChunkedArray, time_format: str) -> pa.Array:
    """Times with an offset to UTC (``%z`` in the format) as UTC texts ``…T…+00:00``."""
    texts = column.to_pandas()
    instants = pd.to_datetime(texts, format=time_format, errors="coerce", utc=True)
    return _texts_or_original(instants, texts)


def iso_times_to_utc(texts: pd.Series) -> tuple[pa.Array, pd.Series]:
    """ISO 8601 times with offset as UTC texts, and as instants (NaT if unreadable)."""
    instants = pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=True)
    return _texts_or_original(instants, texts), instants


def local_times_to_utc(
    texts: pd.Series, time_format: str, zone: str, occurrence: pd.Series
) -> tuple[pa.Array, pd.Series]:
    """Local times of ``zone`` as UTC texts, and the local times themselves (NaT if unreadable).

    ``occurrence`` counts, from 0, how often the same sensor has named the same time before: of an
    hour that the end of summer time repeats, the first is summer time and the second is not. An
    hour that the start of summer time leaves out is kept as text with a note.
    """
    if "%z" in time_format:
        instants = pd.to_datetime(texts, format=time_format, errors="coerce", utc=True)
        return _texts_or_original(instants, texts), instants.dt.tz_localize(None)
    local = pd.to_datetime(texts, format=time_format, errors="coerce")
    aware = local.dt.tz_localize(
        _zone(zone), ambiguous=(occurrence == 0).to_numpy(dtype=bool), nonexistent="NaT"
    )
    missing_hour = aware.isna() & local.notna()
    noted = texts.mask(missing_hour, texts.astype("string") + NO_SUCH_HOUR)
    return _texts_or_original(aware.dt.tz_convert("UTC"), noted), local


def days_of_texts(
    texts: Sequence[str], day_format: str, file_name: str, field: str
) -> tuple[date, date]:
    """First and last day among texts; unreadable ones are left to the contract.

    Raises BadDelivery when none can be read.
    """
    days = pd.to_datetime(pd.Series(sorted(set(texts))), format=day_format, errors="coerce")
    return first_and_last(days, file_name, field)


def first_and_last(times: pd.Series, file_name: str, field: str) -> tuple[date, date]:
    """First and last day of local times. Raises BadDelivery when there is none."""
    known = times.dropna()
    if known.empty:
        raise refuse(
            file_name,
            rule="zeitpunkt_unlesbar",
            field=field,
            found="keinen einzigen lesbaren Zeitpunkt",
            expected="Zeitpunkte in der Schreibweise des Vertrags",
            remedy="Export wiederholen oder timeFormat im Vertrag anpassen",
        )
    first: datetime = known.min().to_pydatetime()
    last: datetime = known.max().to_pydatetime()
    return first.date(), last.date()


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(
            f"Option timezone: gefunden „{name}“, erwartet eine Zeitzone wie Europe/Berlin "
            "oder UTC; im Vertrag berichtigen."
        ) from error


def _texts_or_original(instants: pd.Series, originals: pd.Series) -> pa.Array:
    texts = instants.dt.strftime(UTC_TEXT).where(instants.notna(), originals)
    return pa.array(texts, type=pa.string(), from_pandas=True)
