# SPDX-License-Identifier: Apache-2.0
"""What the lists of the members' office have in common: one CSV file, one raw table, days in it.

Belongs here: reading a list by its contract and the days it speaks of.
Does not belong here: any single list.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fnmatch import fnmatch
from pathlib import PurePosixPath

import pandas as pd
import pyarrow as pa

from foundation.contracts import Contract, ContractObject
from ingestion.adapter import ROW_NUMBER, Parsed, kept_fields, read_csv_text, refuse


def object_of(file_name: str, contract: Contract) -> ContractObject:
    """The contract's object that a file carries. Raises BadDelivery for a name it does not know."""
    base = PurePosixPath(file_name).name
    for obj in contract.objects:
        if fnmatch(base.lower(), obj.physical_name.lower()):
            return obj
    known = ", ".join(obj.physical_name for obj in contract.objects)
    raise refuse(
        file_name,
        rule="datei_unbekannt",
        found=f"eine Datei namens {base}",
        expected=known,
        remedy="Datei umbenennen oder in den richtigen Eingangsordner legen",
    )


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
