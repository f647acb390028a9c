# SPDX-License-Identifier: Apache-2.0
"""The data catalogue of this house: what is released now, as a file of the edition and as rows for the portal.

Belongs here: reading what is released and from which contracts. Does not belong here: the standard's words (``reports/catalogue``).
"""

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from duckdb import DuckDBPyConnection

from orchestration.house import House
from quality.disclosure.definitions import load_definitions
from reports.catalogue import (
    FILE_NAME,
    ReleasedTable,
    catalogue,
    catalogue_bytes,
    catalogue_rows,
)
from reports.exports import released_tables


def write_catalogue(house: House, con: DuckDBPyConnection, folder: Path) -> None:
    """Write the catalogue as JSON-LD beside the tables of an edition."""
    content = catalogue(house.cooperative, house.contracts, _released(house, con), house.today)
    (folder / FILE_NAME).write_bytes(catalogue_bytes(content))


def write_catalogue_rows(house: House, con: DuckDBPyConnection, folder: Path) -> None:
    """Write ``catalogue.parquet`` for the portal's page."""
    rows = catalogue_rows(house.contracts, _released(house, con))
    pq.write_table(pa.Table.from_pylist(rows), folder / "catalogue.parquet", compression="zstd")


def _released(house: House, con: DuckDBPyConnection) -> list[ReleasedTable]:
    definitions = load_definitions(house.settings.cooperative)
    behind = {
        str(table): tuple(sorted(json.loads(contracts)))
        for table, contracts in con.execute(
            "SELECT table_name, contracts FROM lake.release.provenance"
        ).fetchall()
    }
    return [
        _described(con, name, definition.title, f"{definition.question} {definition.grain}", behind)
        for name in released_tables(con)
        if (definition := definitions.get(name)) is not None
    ]


def _described(
    con: DuckDBPyConnection, name: str, title: str, text: str, behind: dict[str, tuple[str, ...]]
) -> ReleasedTable:
    first, last = _months(con, name)
    return ReleasedTable(name, title, text, behind.get(name, ()), first, last)


def _months(con: DuckDBPyConnection, table: str) -> tuple[date | None, date | None]:
    """First day of the first month and last day of the last one; None for a table without months."""
    there = con.execute(f'DESCRIBE lake.release."{table}"').fetchall()
    if "business_month" not in {str(row[0]) for row in there}:
        return None, None
    row = con.execute(
        f'SELECT min(business_month), last_day(max(business_month)) FROM lake.release."{table}"'
    ).fetchone()
    return (row[0], row[1]) if row else (None, None)
