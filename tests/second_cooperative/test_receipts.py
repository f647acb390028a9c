# SPDX-License-Identifier: Apache-2.0
"""Invoices of a real shop become receipts: nothing lost, nothing invented, nothing given away."""

from datetime import date
from decimal import Decimal

from duckdb import DuckDBPyConnection

from tests.second_cooperative import expected
from tests.second_cooperative.conftest import Second
from tests.second_cooperative.founded import RETAIL


def one(con: DuckDBPyConnection, sql: str) -> tuple[object, ...]:
    row = con.execute(sql).fetchone()
    assert row is not None
    return tuple(row)


def test_every_line_of_every_invoice_arrives(con: DuckDBPyConnection) -> None:
    lines = expected.receipt_lines(RETAIL)
    assert one(con, "SELECT count(*), sum(line_count)::BIGINT FROM core.fct_receipt") == (
        lines["InvoiceNo"].nunique(),
        len(lines),
    )
    assert (lines["InvoiceNo"].nunique(), len(lines)) == (603, 9495)


def test_cancelled_lines_and_postage_are_counted(con: DuckDBPyConnection) -> None:
    lines = expected.receipt_lines(RETAIL)
    counted = one(
        con,
        "SELECT sum(cancelled_line_count)::INT, sum(service_line_count)::INT FROM core.fct_receipt",
    )
    assert counted == (int(lines["back"].sum()), int(lines["postage"].sum())) == (453, 383)


def test_postage_is_in_no_basket_not_even_where_it_is_paid_back(con: DuckDBPyConnection) -> None:
    lines = expected.receipt_lines(RETAIL)
    postage = lines[lines["postage"]]
    assert set(postage["back"]) == {True, False}
    sql = "SELECT sum(gross_eur), bool_or(is_basket_line) FROM core.fct_receipt_line WHERE line_kind = 'service'"
    assert one(con, sql) == (postage["eur"].sum(), False)


def test_purchases_and_revenue_of_every_month_are_those_of_the_file(
    con: DuckDBPyConnection,
) -> None:
    rows = con.execute(
        "SELECT business_month, receipt_count, revenue_eur FROM marts.ind_basket_contribution"
    ).fetchall()
    assert {r[0]: expected.Month(*r[1:]) for r in rows} == expected.months(RETAIL)
    assert len(rows) == 13


def test_revenue_is_right_to_the_cent(con: DuckDBPyConnection) -> None:
    lines = expected.receipt_lines(RETAIL)
    goods = lines.loc[~lines["postage"], "eur"].sum()
    assert one(con, "SELECT sum(revenue_eur) FROM core.fct_receipt") == (goods,)
    assert one(con, "SELECT sum(total_eur) FROM core.fct_receipt") == (lines["eur"].sum(),)
    assert isinstance(goods, Decimal)


def test_no_cancellation_is_a_purchase(con: DuckDBPyConnection) -> None:
    sql = "SELECT max(basket_count), count(*) FROM core.fct_receipt WHERE cancelled_line_count = line_count"
    lines = expected.receipt_lines(RETAIL)
    assert one(con, sql) == (0, lines.loc[lines["back"], "InvoiceNo"].nunique())


def test_months_are_those_of_the_file_and_no_others(con: DuckDBPyConnection) -> None:
    sql = "SELECT min(business_date), max(business_date) FROM core.fct_receipt"
    assert one(con, sql) == (date(2010, 12, 1), date(2011, 12, 9))


def test_all_invoices_are_those_of_the_shop_although_the_file_names_no_till(
    con: DuckDBPyConnection,
) -> None:
    sql = "SELECT count(DISTINCT site_id), count(DISTINCT till_id), count(*) FILTER (site_id IS NULL) FROM core.fct_receipt"
    assert one(con, sql) == (1, 1, 0)


def test_customers_and_invoice_numbers_never_reach_the_lake(con: DuckDBPyConnection) -> None:
    lines = expected.receipt_lines(RETAIL)
    columns = {r[0] for r in con.execute("DESCRIBE raw.pos_csv_lines").fetchall()}
    assert not {c for c in columns if "customer" in c or "country" in c}
    named = set(lines["InvoiceNo"]) | set(lines["CustomerID"])
    for column in ("receipt_id", "till_id", "article", "description"):
        values = con.execute(f"SELECT DISTINCT {column} FROM raw.pos_csv_lines").fetchall()
        assert not named & {v for (v,) in values}


def test_the_basket_of_a_single_shop_is_suppressed_everywhere(con: DuckDBPyConnection) -> None:
    for table in ("basket_by_quarter", "basket_by_trade_group"):
        rows = con.execute(
            f"SELECT mean_basket_eur, receipt_count, status FROM release.{table} WHERE status <> 'fehlt'"
        ).fetchall()
        assert len(rows) == 2 * 13
        assert set(rows) == {(None, None, "unterdrückt")}


def test_the_gate_says_that_it_suppressed(second: Second) -> None:
    report = second.run.reports["gate:basket_by_quarter"]
    assert (report.published, report.suppressed) == (0, 26)
