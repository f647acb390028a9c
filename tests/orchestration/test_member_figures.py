# SPDX-License-Identifier: Apache-2.0
"""What members' reports read from the lake: months with the days delivered, members by their shops, deliveries that count."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from analysis.members.report import is_whole
from orchestration.member_figures import read_deliveries, read_members, read_months

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


def test_only_a_member_with_a_shop_can_be_in_the_indicators(con: DuckDBPyConnection) -> None:
    con.execute(
        """CREATE TABLE core.dim_member AS SELECT *, 1 AS share_count, TRUE AS is_active
        FROM (VALUES ('m1', 'haendler', 'o1'), ('m2', 'erzeuger', 'o2'), ('m3', 'buerger', NULL))
            AS members(member_id, member_kind, owner_id)"""
    )
    con.execute(
        """CREATE TABLE core.dim_owner AS
        SELECT * FROM (VALUES ('o1', FALSE), ('o2', TRUE)) AS owners(owner_id, is_in_indicators)"""
    )
    con.execute(
        """CREATE TABLE core.fct_consent AS SELECT 'm1' AS member_id, purpose, TRUE AS is_current,
            purpose = 'vergleich' AS is_given
        FROM (VALUES ('vergleich'), ('indikatoren')) AS purposes(purpose)"""
    )
    found = {m["member_id"]: m for m in read_members(con)}
    assert {name: m["is_in_indicators"] for name, m in found.items()} == {
        "m1": False,
        "m2": None,
        "m3": None,
    }
    assert found["m1"]["has_comparison"]


def test_a_delivery_of_the_running_month_counts_in_no_table(con: DuckDBPyConnection) -> None:
    con.execute(
        """CREATE TABLE core.fct_receipt AS
        SELECT 'pos_csv' AS contract_id, member_id, delivery_sha256, month::DATE AS business_month
        FROM (VALUES ('m1', 'a', '2026-10-01'), ('m1', 'b', '2026-11-01'), ('m2', 'c', '2026-11-01'))
            AS receipts(member_id, delivery_sha256, month)"""
    )
    assert read_deliveries(con, OCTOBER) == {("m1", "pos_csv"): 1}
