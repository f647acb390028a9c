# SPDX-License-Identifier: Apache-2.0
"""CSV files whose columns the contract maps: what the formats of tills, counters, offices and shops share.

Belongs here: reading by the contract's options ``delimiter`` and ``encoding``, rows whose columns are
the contract's fields, the days a file speaks of. Does not belong here: what one format leaves to be
worked out (the packages beside this file), refusals of the CSV itself (``adapter``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from foundation.contracts import Contract
from ingestion.adapter import ROW_NUMBER, Parsed, kept_fields, read_csv_text, refuse
from ingestion.files import object_of


def read_columns(
    file_name: str, data: bytes, contract: Contract, columns: Sequence[str]
) -> pa.Table:
    """These columns of the file, under its own names, written as the contract says.

    Raises BadDelivery.
    """
    return read_csv_text(
        data,
        file_name,
        columns=columns,
        delimiter=str(contract.options.get("delimiter", ";")),
        encoding=str(contract.options.get("encoding", "utf-8")),
    )


def read_trimmed(file_name: str, data: bytes, contract: Contract) -> pa.Table:
    """The columns of the source that the contract does not drop, under the source's names, trimmed.

    Raises BadDelivery.
    """
    sources = kept_fields(object_of(file_name, contract))
    table = read_columns(file_name, data, contract, list(sources))
    for i, name in enumerate(sources):
        trimmed = pc.utf8_trim_whitespace(table[name])
        table = table.set_column(i, name, pc.if_else(pc.equal(trimmed, ""), None, trimmed))
    return table


def parse_plain(file_name: str, data: bytes, contract: Contract) -> Parsed:
    """One file whose columns are the contract's fields, nothing derived. Raises BadDelivery."""
    obj = object_of(file_name, contract)
    table = read_trimmed(file_name, data, contract)
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
            expected=f"Tage wie {date(2026, 10, 1).strftime(day_format)}",
            remedy="Export wiederholen oder dateFormat im Vertrag anpassen",
        )
    return days.min().date(), days.max().date()
