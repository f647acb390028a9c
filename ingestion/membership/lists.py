# SPDX-License-Identifier: Apache-2.0
"""What the lists of the members' office have in common: one CSV file, one raw table, days in it.

Belongs here: reading a list by its contract and the days it speaks of.
Does not belong here: any single list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import pandas as pd
import pyarrow as pa

from foundation.contracts import Contract
from ingestion.adapter import ROW_NUMBER, Parsed, kept_fields, read_csv_text, refuse
from ingestion.files import object_of

_DAY_IN_NAME = re.compile(r"(?<!\d)(\d{4})-(\d{2})(?:-(\d{2}))?(?!\d)")


def read_list(file_name: str, data: bytes, contract: Contract) -> pa.Table:
    """The columns of the source that the contract does not drop, under the source's names, trimmed.

    Raises BadDelivery.
    """
    obj = object_of(file_name, contract)
    sources = kept_fields(obj)
    table = read_csv_text(
        data,
        file_name,
        columns=list(sources),
        delimiter=str(contract.options.get("delimiter", ";")),
        encoding=str(contract.options.get("encoding", "utf-8")),
    )
    for i, name in enumerate(sources):
        trimmed = pa.compute.utf8_trim_whitespace(table[name])
        empty = pa.compute.equal(trimmed, "")
        table = table.set_column(i, name, pa.compute.if_else(empty, None, trimmed))
    return table


def parse_list(file_name: str, data: bytes, contract: Contract) -> Parsed:
    """One list whose columns are the contract's fields, nothing derived. Raises BadDelivery."""
    obj = object_of(file_name, contract)
    table = read_list(file_name, data, contract)
    columns = {name: table[source] for source, name in kept_fields(obj).items()}
    return Parsed({obj.name: pa.table({**columns, ROW_NUMBER: table[ROW_NUMBER]})})


def state_of(
    file_name: str, table: pa.Table, columns: Iterable[str], day_format: str
) -> tuple[date, date]:
    """The days for which a list of everything gives the state, so that lists can be put in order.

    A month or day in the name or its folders (``2026-10/mitglieder.csv``) says it; otherwise the
    last day in ``columns`` (days that are past when they are written down): the list is not older.

    Raises BadDelivery when neither tells.
    """
    named = _DAY_IN_NAME.findall(file_name)
    if named:
        year, month, day = (int(part) if part else None for part in named[-1])
        try:
            first = date(year or 0, month or 0, day or 1)
        except ValueError as error:
            raise refuse(
                file_name,
                rule="tag_unlesbar",
                found="einen Tag im Dateinamen, den es nicht gibt",
                expected="einen Monat wie 2026-10 oder einen Tag wie 2026-10-01",
                remedy="Datei umbenennen und erneut einliefern",
            ) from error
        return first, first if day else (pd.Timestamp(first) + pd.offsets.MonthEnd(0)).date()
    _, last = days_in(table, columns, file_name, day_format)
    return last, last


def days_in(
    table: pa.Table, columns: Iterable[str], file_name: str, day_format: str = "%Y-%m-%d"
) -> tuple[date, date]:
    """First and last day that stands in the columns; texts after the day are left out.

    Raises BadDelivery when no day can be read.
    """
    names = list(columns)
    texts = pd.concat([table[name].to_pandas() for name in names], ignore_index=True)
    width = len(date(2000, 1, 1).strftime(day_format))
    shortened = texts.astype("string").str.slice(0, width)
    days = pd.to_datetime(shortened, format=day_format, errors="coerce").dropna()
    if days.empty:
        raise refuse(
            file_name,
            rule="tag_unlesbar",
            field=names[0],
            found="keinen einzigen lesbaren Tag",
            expected="Tage wie 2026-10-01",
            remedy="Export wiederholen oder dateFormat im Vertrag anpassen",
        )
    return days.min().date(), days.max().date()
