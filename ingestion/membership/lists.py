# SPDX-License-Identifier: Apache-2.0
"""What the lists of the members' office have in common: each gives the state of a day.

Belongs here: the day of which a list of everything gives the state.
Does not belong here: reading (``ingestion/mapped_csv.py``), any single list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import pandas as pd
import pyarrow as pa

from ingestion.adapter import refuse
from ingestion.mapped_csv import days_in

_DAY_IN_NAME = re.compile(r"(?<!\d)(\d{4})-(\d{2})(?:-(\d{2}))?(?!\d)")


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
