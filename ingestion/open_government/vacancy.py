# SPDX-License-Identifier: Apache-2.0
"""The town's register of vacant premises: the portal's answer and one CSV file per month.

Belongs here: both files of the register as text tables. Does not belong here: CKAN itself
(``ckan.py``), the vacancy rate (dbt).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
import pyarrow as pa

from foundation.contracts import Contract, ContractObject
from foundation.errors import Finding
from ingestion.adapter import ROW_NUMBER, Parsed, read_object, refuse
from ingestion.open_government.ckan import Package, compare_with_files, read_package

RESOURCES = "vacancy_resources"
PREMISES = "vacancy_premises"


class VacancyAdapter:
    """Reads either file by the ending of its name."""

    name = "open_government.vacancy"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """The months whose state a CSV gives; of an answer the days on which its files changed.

        Raises BadDelivery.
        """
        if _is_answer(file_name):
            package = read_package(file_name, data)
            texts = [r.last_modified for r in package.resources] + [package.modified]
            days = _days([text for text in texts if text])
            return _span(days, file_name, "last_modified")
        table = self._premises(file_name, data, contract)
        source = contract.object(PREMISES).field("recorded_date").source
        first, last = _span(_days(table["recorded_date"].to_pylist()), file_name, source)
        return first.replace(day=1), _month_end(last)

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """The files named in an answer, or the premises of a month. Raises BadDelivery."""
        if _is_answer(file_name):
            package = read_package(file_name, data)
            return Parsed({RESOURCES: _resources(package, contract.object(RESOURCES))})
        return Parsed({PREMISES: self._premises(file_name, data, contract)})

    def check_inbox(self, files: Mapping[str, bytes], contract: Contract) -> list[Finding]:
        """What an answer names and the inbox lacks; ``files``: all files of the inbox by name."""
        findings: list[Finding] = []
        for name in sorted(n for n in files if _is_answer(n)):
            findings += compare_with_files(name, read_package(name, files[name]), files)
        return findings

    def _premises(self, file_name: str, data: bytes, contract: Contract) -> pa.Table:
        return read_object(
            data,
            file_name,
            contract.object(PREMISES),
            delimiter=str(contract.options.get("delimiter", ";")),
            encoding=str(contract.options.get("encoding", "utf-8")),
        )


def _is_answer(file_name: str) -> bool:
    return file_name.lower().endswith(".json")


def _resources(package: Package, obj: ContractObject) -> pa.Table:
    values: dict[str, list[str | None]] = {
        "result.name": [package.id] * len(package.resources),
        "result.title": [package.title] * len(package.resources),
        "result.license_id": [package.licence] * len(package.resources),
        "resources.name": [r.name for r in package.resources],
        "resources.url": [r.url for r in package.resources],
        "resources.format": [r.format.upper() for r in package.resources],
        "resources.hash": [r.hash for r in package.resources],
        # CKAN writes UTC without saying so.
        "resources.last_modified": [_utc(r.last_modified) for r in package.resources],
    }
    columns = {f.name: pa.array(values[f.source], pa.string()) for f in obj.fields}
    numbers = pa.array(range(1, len(package.resources) + 1), pa.int64())
    return pa.table({**columns, ROW_NUMBER: numbers})


def _utc(text: str | None) -> str | None:
    if text is None or text.endswith("Z") or "+" in text:
        return text
    return f"{text}+00:00"


def _days(texts: list[str | None]) -> pd.Series:
    shortened = pd.Series([text[:10] if text else None for text in texts], dtype="object")
    return pd.to_datetime(shortened, format="%Y-%m-%d", errors="coerce").dropna()


def _span(days: pd.Series, file_name: str, field: str) -> tuple[date, date]:
    if days.empty:
        raise refuse(
            file_name,
            rule="stand_unlesbar",
            field=field,
            found="keinen einzigen lesbaren Tag",
            expected="Tage wie 2026-10-01",
            remedy="Export wiederholen und erneut einliefern",
        )
    return days.min().date(), days.max().date()


def _month_end(day: date) -> date:
    return (pd.Timestamp(day) + pd.offsets.MonthEnd(0)).date()


ADAPTER = VacancyAdapter()
