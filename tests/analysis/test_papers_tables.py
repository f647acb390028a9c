# SPDX-License-Identifier: Apache-2.0
"""The frames of the papers fit the tables of the lake, column by column and cent by cent."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from analysis.distribution import distribute_year, statement_frames
from tests.analysis import distribution_town as town

SQL = Path(__file__).parents[2] / "foundation" / "migrations" / "papers" / "0001_statement.sql"


@pytest.fixture(scope="module")
def lake() -> duckdb.DuckDBPyConnection:
    """An engine in memory with the papers tables and the sample town's frames in them."""
    con = duckdb.connect()
    con.execute("ATTACH ':memory:' AS lake; CREATE SCHEMA lake.papers")
    con.execute(SQL.read_text(encoding="utf-8"))
    delivered, sold, people = town.town()
    year = distribute_year(delivered, sold, people, town.sample_terms())
    statements, positions = statement_frames(year, people)
    for table, frame in (("statement", statements), ("statement_position", positions)):
        con.register("arrived", pa.Table.from_pandas(frame, preserve_index=False))
        con.execute(f"INSERT INTO lake.papers.{table} BY NAME SELECT * FROM arrived")
    return con


def test_totals_of_statements_are_the_sums_of_their_positions(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    wrong = lake.execute("""
        SELECT count(*) FROM lake.papers.statement s LEFT JOIN (
            SELECT member_id, sum(net_eur) net, sum(vat_eur) vat, sum(gross_eur) gross
            FROM lake.papers.statement_position GROUP BY member_id) p USING (member_id)
        WHERE (s.net_eur, s.vat_eur, s.gross_eur)
            <> (coalesce(p.net, 0), coalesce(p.vat, 0), coalesce(p.gross, 0))
    """).fetchone()
    assert wrong == (0,)


def test_every_column_of_the_papers_is_explained_in_german(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    silent = lake.execute(
        "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'papers' AND comment IS NULL"
    ).fetchall()
    assert silent == []
