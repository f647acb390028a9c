# SPDX-License-Identifier: Apache-2.0
"""What members' reports read from the lake: months with the days that deliveries reach over."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from analysis.members.report import is_whole
from orchestration.member_figures import read_months

OCTOBER = date(2026, 10, 1)


@pytest.fixture
def con() -> Iterator[DuckDBPyConnection]:
    """A plain database with the shops s1 (of a member) and s2 (of none)."""
    with duckdb.connect() as found:
        found.execute("CREATE SCHEMA core")
        found.execute(
            """CREATE TABLE core.dim_site AS
            SELECT * FROM (VALUES ('s1', 'm1'), ('s2', NULL)) AS sites(site_id, member_id)"""
        )
        yield found


def deliver(con: DuckDBPyConnection, first: str, last: str) -> None:
    """Receipts of both shops on every day between two."""
    con.execute(
        """CREATE TABLE core.fct_site_day AS
        SELECT site_id, day_date::DATE AS day_date, TRUE AS is_open, TRUE AS is_reported,
            1 AS receipt_count, 2.50::DECIMAL(18, 2) AS revenue_eur
        FROM core.dim_site, generate_series(?::DATE, ?::DATE, INTERVAL 1 DAY) AS days(day_date)""",
        [first, last],
    )


def test_the_days_of_a_month_are_cut_to_those_delivered(con: DuckDBPyConnection) -> None:
    deliver(con, "2025-10-20", "2026-10-12")
    months = {m["business_month"]: m for m in read_months(con, OCTOBER)}
    assert (months[date(2025, 10, 1)]["first_date"], months[OCTOBER]["last_date"]) == (
        date(2025, 10, 20),
        date(2026, 10, 12),
    )
    assert [m for m, row in sorted(months.items()) if not is_whole(row)] == [
        date(2025, 10, 1),
        OCTOBER,
    ]


def test_a_month_that_is_delivered_further_is_whole(con: DuckDBPyConnection) -> None:
    deliver(con, "2026-10-01", "2026-11-03")
    assert [m["last_date"] for m in read_months(con, OCTOBER)] == [date(2026, 10, 31)]
