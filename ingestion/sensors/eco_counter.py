# SPDX-License-Identifier: Apache-2.0
"""Counts of Eco-Counter devices as cities publish them: one CSV per site and month, one column per channel.

Belongs here: the wide CSV with a column `<id> (<name>)` and a column `<id>-status` per channel, in
local time without offset. Does not belong here: other counters.

The first channel of a site is the sum of the others, and a site may count cars beside bicycles:
the contract's option `channels` names the channels that count and what they count
(`{"100031297": bicycles}`). Cells without a value are gaps and give no row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
import pyarrow as pa

from foundation.contracts import Contract
from foundation.errors import BadDelivery, ConfigError, Finding
from ingestion.adapter import ROW_NUMBER, Parsed, header_of, read_csv_text, refuse, utf8_bytes
from ingestion.sensors.times import first_and_last, local_times_to_utc

TIME_FORMAT = "%Y-%m-%d %H:%M"
_CHANNEL = re.compile(r"\s*(?P<id>\d+)\s*\((?P<name>.*)\)\s*")


@dataclass(frozen=True)
class _Channel:
    id: str
    name: str
    metric: str
    column: str
    status: str


class EcoCounterAdapter:
    """Reads one site's month: of all its channels those that the contract names."""

    name = "sensors.eco_counter"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """First and last local day. Raises BadDelivery."""
        table, _ = _read(file_name, data, contract)
        _, local = _times(table, contract)
        return first_and_last(local, file_name, _time_column(contract))

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """One row per counted channel and time; ``measured_at`` is UTC. Raises BadDelivery."""
        obj = contract.objects[0]
        table, channels = _read(file_name, data, contract)
        times, _ = _times(table, contract)
        parts = [_rows(table, times, channel) for channel in channels]
        rows = pa.concat_tables(parts)
        if not len(rows):
            raise BadDelivery([_empty(file_name, channel) for channel in channels])
        kept = [f.name for f in obj.fields if f.handling != "drop"]
        return Parsed({obj.name: rows.select([*kept, ROW_NUMBER])})


def _read(file_name: str, data: bytes, contract: Contract) -> tuple[pa.Table, list[_Channel]]:
    delimiter = str(contract.options.get("delimiter", ","))
    encoding = str(contract.options.get("encoding", "utf-8"))
    header = header_of(utf8_bytes(data, file_name, encoding), delimiter)
    channels = _channels(file_name, header, _wanted(contract))
    columns = [_time_column(contract), *(c for ch in channels for c in (ch.column, ch.status))]
    table = read_csv_text(data, file_name, columns=columns, delimiter=delimiter, encoding=encoding)
    return table, channels


def _wanted(contract: Contract) -> dict[str, str]:
    named = contract.options.get("channels")
    if not isinstance(named, Mapping) or not named:
        raise ConfigError(
            f"Vertrag {contract.id}, Option channels: gefunden {named!r}, erwartet Kanalnummern mit "
            'dem, was sie zählen, wie {"100031297": bicycles}; im Vertrag ergänzen.'
        )
    return {str(key): str(value) for key, value in named.items()}


def _time_column(contract: Contract) -> str:
    return str(contract.options.get("timeColumn", "Datetime"))


def _channels(file_name: str, header: list[str], wanted: Mapping[str, str]) -> list[_Channel]:
    """The wanted channels of this file, in the order of its header."""
    matches = [(column, match) for column in header if (match := _CHANNEL.fullmatch(column))]
    found = [
        _Channel(match["id"], match["name"], wanted[match["id"]], column, f"{match['id']}-status")
        for column, match in matches
        if match["id"] in wanted
    ]
    if not found:
        there = ", ".join(match["id"] for _, match in matches) or "keinen Kanal"
        raise refuse(
            file_name,
            rule="kanal_fehlt",
            row=1,
            field=" oder ".join(wanted),
            found=there,
            expected="mindestens einen Kanal, den der Vertrag unter channels nennt",
            remedy="Export der richtigen Zählstelle einliefern oder channels im Vertrag ergänzen",
        )
    names = [channel.name for channel in found]
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled is not None:
        raise refuse(
            file_name,
            rule="kanal_doppelt",
            row=1,
            field=doubled,
            found="zwei gezählte Kanäle dieses Namens",
            expected="je Name einen Kanal, sonst zählte dasselbe Fahrrad zweimal",
            remedy="im Vertrag unter channels nur einen der Kanäle nennen",
        )
    return found


def _times(table: pa.Table, contract: Contract) -> tuple[pa.Array, pd.Series]:
    texts = table[_time_column(contract)].to_pandas().astype("string")
    return local_times_to_utc(
        texts,
        str(contract.options.get("timeFormat", TIME_FORMAT)),
        str(contract.options.get("timezone", "Europe/Berlin")),
        texts.groupby(texts, dropna=False).cumcount(),
    )


def _rows(table: pa.Table, times: pa.Array, channel: _Channel) -> pa.Table:
    def constant(text: str) -> pa.Array:
        return pa.repeat(pa.scalar(text, pa.string()), len(table))

    rows = pa.table(
        {
            "channel_id": constant(channel.id),
            "channel_name": constant(channel.name),
            "metric": constant(channel.metric),
            "measured_at": times,
            "value": table[channel.column],
            "status": table[channel.status],
            ROW_NUMBER: table[ROW_NUMBER],
        }
    )
    return rows.filter(pa.compute.is_valid(rows["value"]))


def _empty(file_name: str, channel: _Channel) -> Finding:
    return Finding(
        file=file_name,
        row=None,
        field=channel.column,
        found="keinen einzigen Wert",
        expected="Zählwerte",
        remedy="Zählgerät prüfen lassen; der Monat bleibt eine Lücke",
        rule="kanal_leer",
    )


ADAPTER = EcoCounterAdapter()
