# SPDX-License-Identifier: Apache-2.0
"""Numbers of a member's report: own months, the comparison's fall-back, use, money."""

import calendar
import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from analysis.members.report import (
    Own,
    Released,
    month_rows,
    nearest_sensor,
    report_rows,
    usage_rows,
)
from foundation.migrations import described_columns

OCTOBER, BEFORE = dt.date(2026, 10, 1), dt.date(2025, 10, 1)
SITE = {
    "member_id": "m1",
    "trade_id": "baeckerei",
    "trade_name": "Bäckerei",
    "trade_group": "Lebensmittel",
    "quarter_id": "ALT",
    "block_id": "ALT-01",
}
SENSORS = [
    {"sensor_id": "S1", "quarter_id": "ALT", "block_id": "ALT-02"},
    {"sensor_id": "S2", "quarter_id": "ALT", "block_id": "ALT-01"},
    {"sensor_id": "S3", "quarter_id": "NOR", "block_id": "NOR-01"},
]


def month(day: dt.date, revenue: str, receipts: int, **changes: Any) -> dict[str, Any]:
    base = {
        "site_id": "s1",
        "business_month": day,
        "first_date": day,
        "last_date": day.replace(day=calendar.monthrange(day.year, day.month)[1]),
        "open_days": 20,
        "receipt_count": receipts,
        "revenue_eur": Decimal(revenue),
    }
    return base | changes


def member(**changes: Any) -> dict[str, Any]:
    base = {"member_id": "m1", "member_kind": "haendler", "share_count": 2}
    return base | {"has_comparison": True, "is_in_indicators": True} | changes


def own(**changes: Any) -> Own:
    base = Own(
        months=[month(BEFORE, "80.00", 10), month(OCTOBER, "100.01", 8)],
        sites={"s1": SITE},
        sensors=SENSORS,
        members=[member()],
    )
    return replace(base, **changes)


def basket(key: str, name: str, value: str | None, day: dt.date = OCTOBER) -> dict[str, Any]:
    return {
        key: name,
        "business_month": day,
        "mean_basket_eur": None if value is None else Decimal(value),
        "status": "unterdrückt" if value is None else "veröffentlicht",
        "figure_code": f"W-{name}",
    }


def october(own_rows: Own, released: Released = Released()) -> dict[str, Any]:
    return month_rows(own_rows, released, OCTOBER)[-1]


TRADE = basket("trade_id", "baeckerei", "7.10")
GROUP = basket("trade_group", "Lebensmittel", "12.60")
TOWN = basket("trade_group", "ALLE", "22.06")


def test_the_mean_basket_is_rounded_to_cents() -> None:
    assert october(own())["mean_basket_eur"] == Decimal("12.50")


def test_the_year_before_stands_beside_the_month() -> None:
    row = october(own())
    assert row["year_before_revenue_eur"] == Decimal("80.00")
    assert row["year_before_mean_basket_eur"] == Decimal("8.00")


def parts(first_day: int = 1, last_day: int = 31) -> Own:
    """The year before delivered from a day on, the report's month until a day."""
    return own(
        months=[
            month(BEFORE, "80.00", 10, first_date=BEFORE.replace(day=first_day)),
            month(OCTOBER, "100.01", 8, last_date=OCTOBER.replace(day=last_day)),
        ]
    )


@pytest.mark.parametrize(
    ("known", "is_compared"),
    [
        (parts(first_day=8), True),
        (parts(first_day=9), False),
        (parts(last_day=24), True),
        (parts(last_day=23), False),
    ],
)
def test_a_month_of_which_more_than_a_week_is_missing_is_compared_with_no_other(
    known: Own, is_compared: bool
) -> None:
    row = october(known)
    shown = {v is not None for k, v in row.items() if k.startswith("year_before")}
    assert shown == {is_compared}


def test_a_month_delivered_in_part_says_from_when_or_until_when() -> None:
    before, now = month_rows(parts(20, 12), Released(), OCTOBER)
    assert (before["delivered_from_date"], before["delivered_to_date"]) == (
        dt.date(2025, 10, 20),
        None,
    )
    assert (now["delivered_from_date"], now["delivered_to_date"]) == (None, dt.date(2026, 10, 12))


def test_the_end_of_a_february_is_its_own() -> None:
    february = dt.date(2026, 2, 1)
    rows = month_rows(own(months=[month(february, "1.00", 1)]), Released(), OCTOBER)
    assert rows[0]["delivered_to_date"] is None


def test_rows_of_months_are_those_of_the_migrated_table() -> None:
    columns = {name for name, _, _ in described_columns("papers", "member_month")}
    assert set(october(own())) == columns


def test_a_month_after_the_reports_is_left_out() -> None:
    rows = month_rows(own(), Released(), BEFORE)
    assert [r["business_month"] for r in rows] == [BEFORE]


@pytest.mark.parametrize(
    ("trade", "group", "level", "value"),
    [
        ([TRADE], [GROUP, TOWN], "branche", Decimal("7.10")),
        ([], [GROUP, TOWN], "gruppe", Decimal("12.60")),
        ([basket("trade_id", "baeckerei", None)], [GROUP, TOWN], "gruppe", Decimal("12.60")),
        ([], [basket("trade_group", "Lebensmittel", None), TOWN], "stadt", Decimal("22.06")),
        ([], [], None, None),
    ],
)
def test_a_comparison_falls_back_and_says_which_it_shows(
    trade: list[Any], group: list[Any], level: str | None, value: Decimal | None
) -> None:
    row = october(own(), Released(by_trade=trade, by_group=group))
    shown = row["comparison_trade_eur"] or row["comparison_group_eur"]
    assert (row["comparison_level"], shown) == (level, value)


@pytest.mark.parametrize(
    ("group", "gap"),
    [
        ([basket("trade_group", "ALLE", None)], "unterdrückt"),
        ([basket("trade_group", "ALLE", None) | {"status": "fehlt"}], "fehlt"),
        ([basket("trade_group", "Lebensmittel", None)], "nicht freigegeben"),
        ([basket("trade_group", "ALLE", None, BEFORE)], "nicht freigegeben"),
        ([], "nicht freigegeben"),
        ([TOWN], None),
    ],
)
def test_a_month_beside_no_others_says_what_the_towns_row_says(
    group: list[Any], gap: str | None
) -> None:
    assert october(own(), Released(by_group=group))["comparison_gap"] == gap


def test_whoever_did_not_agree_is_shown_no_comparison() -> None:
    row = october(own(members=[member(has_comparison=False)]), Released(by_group=[GROUP, TOWN]))
    assert {v for k, v in row.items() if k.startswith("comparison")} == {None}


def test_the_nearest_counter_stands_in_the_block_else_in_the_quarter() -> None:
    assert nearest_sensor(SITE, SENSORS) == "S2"
    assert nearest_sensor(SITE | {"block_id": "ALT-09"}, SENSORS) == "S1"
    assert nearest_sensor(SITE | {"block_id": "X-1", "quarter_id": "X"}, SENSORS) is None


USE = [
    {"edition": e, "table_name": t, "contract_id": "pos_csv", "title": t}
    for e, t in (("2026-10-05", "old"), ("2026-11-22", "basket"))
]


def test_use_is_that_of_the_newest_edition() -> None:
    rows = usage_rows(own(usage=USE, deliveries={("m1", "pos_csv"): 3}), OCTOBER)
    assert [(r["table_name"], r["own_deliveries"]) for r in rows] == [("basket", 3)]


def test_whoever_withdrew_is_in_no_table() -> None:
    gone = own(
        usage=USE, deliveries={("m1", "pos_csv"): 3}, members=[member(is_in_indicators=False)]
    )
    assert usage_rows(gone, OCTOBER) == []


def statement(year: str, fee: str) -> dict[str, Any]:
    row = {"member_id": "m1", "fiscal_year": year, "is_draft": False, "figure_code": f"W-{year}"}
    return row | {"fee_net_eur": Decimal(fee), "refund_net_eur": Decimal("1.00")}


def test_money_is_that_of_the_last_statement() -> None:
    known = own(
        statements=[statement("2024-25", "5.00"), statement("2025-26", "7.00")],
        purchases={("m1", "2025-26"): Decimal("9.00"), ("m1", "2024-25"): Decimal("2.00")},
    )
    row = report_rows(known, OCTOBER, Decimal("100.00"))[0]
    assert (row["fee_net_eur"], row["purchases_gross_eur"]) == (Decimal("7.00"), Decimal("9.00"))


def test_shares_are_number_times_value() -> None:
    row = report_rows(own(), OCTOBER, Decimal("100.00"))[0]
    assert (row["shares_eur"], row["fiscal_year"]) == (Decimal("200.00"), None)
