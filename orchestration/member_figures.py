# SPDX-License-Identifier: Apache-2.0
"""What members' reports are made of: their own rows from the lake, released tables beside them.

Belongs here: SQL that collects a member's own figures, and handing the result to the gate. Does not
belong here: what a report says (``analysis/members``), names, layout.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection

from analysis.members.forecasts import forecast_rows
from analysis.members.report import Own, Released, month_rows, report_rows, usage_rows
from orchestration.house import House
from orchestration.inventory import has_table
from quality.disclosure.composites import write_papers

TABLES = ("member_month", "member_usage", "member_report", "member_forecast")
# The lowest rung of the forecasts: as on the same weekday of the week before.
WEEK_BEFORE = "saisonal_naiv"
# Values that the gate compares with what was released.
_COMPARED = {
    "comparison_group_eur": ("basket_by_trade_group", "mean_basket_eur"),
    "comparison_trade_eur": ("basket_by_trade", "mean_basket_eur"),
    "pedestrians_per_day": ("footfall_monthly", "pedestrians_per_day"),
}
Row = dict[str, Any]


def last_closed_month(today: date) -> date:
    """First day of the month before today's: the newest that is complete."""
    first = today.replace(day=1)
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)


def rows_of(con: DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> list[Row]:
    """What a query answers, as dictionaries."""
    return list(con.execute(sql, list(values)).to_arrow_table().to_pylist())


def write_figures(house: House) -> dict[str, int]:
    """Compute the rows of all members' reports and bring them through the gate; table to rows."""
    month = last_closed_month(house.today)
    membership = house.cooperative.membership
    share_value = membership.share_value_eur if membership else Decimal(0)
    with house.lakehouse.writer() as con:
        own, released = read_own(con, month), read_released(con)
        rows = {
            "member_month": month_rows(own, released, month),
            "member_usage": usage_rows(own, month),
            "member_report": report_rows(own, month, share_value),
            "member_forecast": forecast_rows(own, month),
        }
        owners = _own_pseudonyms(own)
        for table, found in rows.items():
            _write(con, table, found, owners)
    return {table: len(found) for table, found in rows.items()}


def _write(
    con: DuckDBPyConnection,
    table: str,
    rows: Sequence[Row],
    owners: Mapping[str, Sequence[str]],
) -> None:
    schema = con.execute(f"SELECT * FROM papers.{table} LIMIT 0").to_arrow_table().schema
    compared = {
        column: source
        for column, source in _COMPARED.items()
        if column in schema.names and any(row[column] is not None for row in rows)
    }
    frame = pa.Table.from_pylist(list(rows), schema=schema)
    write_papers(con, table, frame, comparisons=compared, owners=owners)


def _own_pseudonyms(own: Own) -> dict[str, list[str]]:
    sites: dict[str, list[str]] = defaultdict(list)
    for site_id, site in own.sites.items():
        sites[site["member_id"]].append(site_id)
    return sites


def read_released(con: DuckDBPyConnection) -> Released:
    """The released tables that a report may quote."""

    def table(name: str) -> list[Row]:
        return rows_of(con, f"SELECT * FROM release.{name}") if _is_there(con, name) else []

    return Released(
        by_trade=table("basket_by_trade"),
        by_group=table("basket_by_trade_group"),
        footfall=table("footfall_monthly"),
    )


def _is_there(con: DuckDBPyConnection, table: str) -> bool:
    return has_table(con, "release", table)


def read_own(con: DuckDBPyConnection, month: date) -> Own:
    """Rows of members themselves, up to and including a month."""
    sites = rows_of(
        con,
        """SELECT site_id, member_id, owner_id, sites.trade_id, trades.trade_name, sites.trade_group,
            quarter_id, block_id
        FROM core.dim_site AS sites LEFT JOIN core.dim_trade AS trades USING (trade_id)
        WHERE member_id IS NOT NULL""",
    )
    return Own(
        months=read_months(con, month),
        sites={s["site_id"]: s for s in sites},
        sensors=rows_of(con, "SELECT sensor_id, quarter_id, block_id FROM core.dim_sensor"),
        members=read_members(con),
        statements=rows_of(
            con,
            "SELECT member_id, fiscal_year, is_draft, fee_net_eur, refund_net_eur, figure_code FROM papers.statement",
        ),
        usage=rows_of(
            con,
            """SELECT usage.edition, usage.table_name, usage.contract_id, provenance.title
            FROM ledger.usage INNER JOIN release.provenance USING (table_name)
            WHERE NOT EXISTS (FROM ledger.usage AS undone WHERE undone.reverses = usage.booking_id)
            ORDER BY ALL""",
        ),
        weather=_weather(con),
        purchases=_purchases(con),
        deliveries=read_deliveries(con, month),
        forecasts=rows_of(
            con,
            """SELECT site_id, count(DISTINCT article_number) AS article_count,
                max(known_until_date) AS known_until_date
            FROM marts.fct_forecast GROUP BY ALL""",
        ),
        backtests=_backtests(con),
        order_weeks=rows_of(con, "SELECT * FROM marts.fct_order_week"),
    )


def read_months(con: DuckDBPyConnection, month: date) -> list[Row]:
    """Months of members' shops up to and including one, each with the days that its deliveries reach over."""
    return rows_of(
        con,
        """SELECT days.site_id, date_trunc('month', day_date)::DATE AS business_month,
            min(day_date) AS first_date, max(day_date) AS last_date,
            count(*) FILTER (is_open) AS open_days, sum(receipt_count)::BIGINT AS receipt_count,
            sum(revenue_eur)::DECIMAL(18, 2) AS revenue_eur
        FROM core.fct_site_day AS days
        INNER JOIN core.dim_site AS sites ON sites.site_id = days.site_id AND sites.member_id IS NOT NULL
        WHERE is_reported AND day_date < ?::DATE + INTERVAL 1 MONTH
        GROUP BY ALL""",
        [month],
    )


def _backtests(con: DuckDBPyConnection) -> list[Row]:
    """The rung in use, beside what the same weekday of the week before would have been worth."""
    return rows_of(
        con,
        """SELECT used.site_id, used.article_number, used.from_date, used.to_date, used.day_count,
            used.coverage_share, used.wape, before.wape AS week_before_wape
        FROM marts.fct_backtest AS used
        LEFT JOIN marts.fct_backtest AS before
            ON before.site_id = used.site_id AND before.article_number = used.article_number
            AND before.rung = ?
        WHERE used.is_used""",
        [WEEK_BEFORE],
    )


def read_members(con: DuckDBPyConnection) -> list[Row]:
    """Active members and what they agreed to; whoever has no shop has nothing to put into indicators."""
    return rows_of(
        con,
        """SELECT members.member_id, members.member_kind, members.share_count,
            coalesce(bool_or(consents.is_given), FALSE) AS has_comparison,
            any_value(owners.is_in_indicators) AS is_in_indicators
        FROM core.dim_member AS members
        LEFT JOIN core.fct_consent AS consents
            ON consents.member_id = members.member_id AND consents.is_current AND consents.purpose = 'vergleich'
        LEFT JOIN (SELECT DISTINCT member_id FROM core.dim_site) AS shops ON shops.member_id = members.member_id
        LEFT JOIN core.dim_owner AS owners
            ON owners.owner_id = members.owner_id AND shops.member_id IS NOT NULL
        WHERE members.is_active GROUP BY ALL""",
    )


def _weather(con: DuckDBPyConnection) -> dict[tuple[str, date], Row]:
    if not has_table(con, "core", "fct_calendar_day"):
        return {}
    rows = rows_of(
        con,
        """SELECT quarter_id, date_trunc('month', day_date)::DATE AS business_month,
            avg(temperature_max_c)::DECIMAL(5, 2) AS temperature_max_c,
            sum(precipitation_mm)::DECIMAL(18, 2) AS precipitation_mm,
            (sum(sunshine_minutes) / 60)::DECIMAL(18, 2) AS sunshine_hours
        FROM core.fct_calendar_day WHERE weather_kind = 'beobachtet' GROUP BY ALL""",
    )
    return {(r["quarter_id"], r["business_month"]): r for r in rows}


def _purchases(con: DuckDBPyConnection) -> dict[tuple[str, str], Decimal]:
    rows = rows_of(
        con,
        """SELECT member_id, fiscal_year, sum(gross_eur)::DECIMAL(18, 2) AS gross_eur
        FROM ledger.revenue WHERE member_id IS NOT NULL GROUP BY ALL""",
    )
    return {(r["member_id"], r["fiscal_year"]): r["gross_eur"] for r in rows}


def read_deliveries(con: DuckDBPyConnection, month: date) -> dict[tuple[str, str], int]:
    """(Member, contract) to deliveries with months up to and including one; the running month is in no table."""
    rows = rows_of(
        con,
        """SELECT member_id, contract_id, count(DISTINCT delivery_sha256) AS deliveries
        FROM core.fct_receipt WHERE member_id IS NOT NULL AND business_month <= ? GROUP BY ALL""",
        [month],
    )
    return {(r["member_id"], r["contract_id"]): r["deliveries"] for r in rows}
