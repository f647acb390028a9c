# SPDX-License-Identifier: Apache-2.0
"""One owner from tables to proposals: quantities only with slips, closed days, last week in euros, nobody else's rows."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from analysis.forecasting.demand import OwnerData
from analysis.forecasting.ladder import NAIVE, Plan
from analysis.forecasting.owner import (
    NO_SLIP,
    NOT_ON_SLIP,
    OwnerResult,
    Rules,
    forecast_owner,
    opening,
    weekday_alone,
)
from tests.analysis.forecast_town import LAST, owner

TODAY = date(2026, 11, 22)
PLAN = Plan(rounds=15)
SLIPPED = {f"{1001 + i:05d}" for i in range(4)}


def slips(data: OwnerData, more: int) -> pd.DataFrame:
    """Since October: each day ``more`` baked than sold."""
    sales = data.sales[data.sales["day_date"] > pd.Timestamp("2026-10-01")]
    sales = sales[sales["article_number"].isin(SLIPPED)]
    return sales.drop(columns="quantity").assign(
        produced_quantity=sales["quantity"] + more, left_over_quantity=more, sold_out_at=None
    )


def merchandise() -> pd.DataFrame:
    """Six articles with costs; a piece too few costs 0.60, one too many 0.40."""
    return pd.DataFrame(
        {
            "article_number": f"{1001 + i:05d}",
            "article_name": f"Artikel {i}",
            "product_group": "Brot",
            "unit": "Stück",
            "unit_price_eur": Decimal("1.07"),
            "unit_cost_eur": Decimal("0.40"),
            "salvage_eur": Decimal("0.00"),
            "shelf_life_days": 1,
            "pack_size": Decimal(2),
            "minimum_order": Decimal(0),
        }
        for i in range(6)
    )


@pytest.fixture(scope="module")
def data() -> OwnerData:
    found = owner(articles=6, days=150)
    return replace(found, production=slips(found, 40))


@pytest.fixture(scope="module")
def result(data: OwnerData) -> OwnerResult:
    return forecast_owner(data, merchandise(), TODAY, PLAN, Rules())


def test_articles_on_the_slip_get_whole_packs(result: OwnerResult) -> None:
    orders = {p["article_number"]: p["order_quantity"] for p in result.proposals}
    assert {a for a, q in orders.items() if q is not None} == SLIPPED
    assert all(orders[a] % 2 == 0 for a in SLIPPED)


def test_articles_off_the_slip_show_expected_sales_alone(result: OwnerResult) -> None:
    other = [p for p in result.proposals if p["article_number"] not in SLIPPED]
    assert {p["no_quantity_reason"] for p in other} == {NOT_ON_SLIP}
    assert all(p["expected_quantity"] > 0 for p in other)


def test_a_shop_without_slips_gets_no_quantity(data: OwnerData) -> None:
    bare = replace(data, production=data.production.head(0))
    found = forecast_owner(bare, merchandise(), TODAY, PLAN, Rules())
    assert {p["no_quantity_reason"] for p in found.proposals} == {NO_SLIP}
    assert found.weeks == []


def test_proposals_are_for_tomorrow(result: OwnerResult) -> None:
    assert {(p["target_date"], p["is_next_day"]) for p in result.proposals} == {
        (date(2026, 11, 23), True)
    }


def test_a_shop_closed_tomorrow_gets_the_next_day_open(data: OwnerData) -> None:
    monday = data.sites["day_date"].dt.dayofweek == 0
    sales = data.sales[data.sales["day_date"].dt.dayofweek != 0]
    closed = replace(data, sites=data.sites.assign(is_open=~monday), sales=sales)
    found = forecast_owner(closed, merchandise(), TODAY, PLAN, Rules())
    assert {(p["target_date"], p["is_next_day"]) for p in found.proposals} == {
        (date(2026, 11, 24), False)
    }


def test_a_first_public_holiday_counts_as_closed(data: OwnerData) -> None:
    day = date(2026, 11, 25)
    free = data.calendar.assign(is_public_holiday=data.calendar["day_date"] == pd.Timestamp(day))
    assert opening(replace(data, calendar=free), [day]) == {("s0", day): False}


@pytest.mark.parametrize("opens", [True, False])
def test_a_public_holiday_is_what_the_ones_before_were(data: OwnerData, opens: bool) -> None:
    day, past = date(2026, 11, 25), pd.to_datetime(["2026-10-03", "2026-11-01"])
    when = data.calendar["day_date"]
    free = data.calendar.assign(is_public_holiday=when.isin([*past, pd.Timestamp(day)]))
    sites = data.sites.assign(is_open=opens | ~data.sites["day_date"].isin(past))
    assert opening(replace(data, calendar=free, sites=sites), [day]) == {("s0", day): opens}


def test_a_month_that_was_not_delivered_closes_no_weekday(data: OwnerData) -> None:
    lost = data.sites["day_date"].dt.month == 10
    sites = data.sites.assign(is_open=~lost, is_reported=~lost)
    days = [LAST + timedelta(days=k) for k in range(1, 8)]
    assert all(opening(replace(data, sites=sites), days).values())


def test_goods_brought_back_are_no_demand_below_zero(data: OwnerData) -> None:
    back = data.sales.head(1).assign(day_date=pd.Timestamp("2026-08-10"), quantity=-5)
    other = data.sales[
        (data.sales["article_number"] != back["article_number"].iloc[0])
        | (data.sales["day_date"] != back["day_date"].iloc[0])
    ]
    found = forecast_owner(
        replace(data, sales=pd.concat([other, back])), merchandise(), TODAY, PLAN, Rules()
    )
    assert len(found.forecasts) == 6 * 7


def test_new_numbers_for_everything_after_a_closure_are_forecast_without_a_look_back(
    data: OwnerData,
) -> None:
    when = data.sales["day_date"]
    renamed = data.sales.assign(
        article_number=data.sales["article_number"].where(
            when < pd.Timestamp("2026-11-02"), "9" + data.sales["article_number"]
        )
    )
    closed = when.between(pd.Timestamp("2026-10-15"), pd.Timestamp("2026-11-01"))
    sites = data.sites.assign(is_open=~data.sites["day_date"].between("2026-10-15", "2026-11-01"))
    moved = replace(data, sales=renamed[~closed], sites=sites, production=data.production.head(0))
    found = forecast_owner(moved, merchandise(), TODAY, PLAN, Rules())
    assert {f["article_number"] for f in found.forecasts} == {f"9{1001 + i:05d}" for i in range(6)}
    assert {f["rung_reason"] for f in found.forecasts} == {"Artikel neu"}


def keeping(days: int) -> pd.DataFrame:
    return merchandise().assign(shelf_life_days=days)


@pytest.mark.parametrize(("age", "shelf_life", "counts"), [(1, 3, True), (2, 3, False)])
def test_what_was_left_counts_until_it_expires(
    data: OwnerData, age: int, shelf_life: int, counts: bool
) -> None:
    slip = data.production[data.production["day_date"] == pd.Timestamp(TODAY - timedelta(days=age))]
    found = forecast_owner(
        replace(data, production=slip), keeping(shelf_life), TODAY, PLAN, Rules()
    )
    on_hand = {p["on_hand_quantity"] for p in found.proposals if p["article_number"] in SLIPPED}
    assert on_hand == {Decimal("40.000") if counts else Decimal("0.000")}


def test_today_s_recorded_order_is_on_the_shelf_tomorrow_less_what_sells_today(
    data: OwnerData,
) -> None:
    recorded = {("s0", "01001", TODAY): Decimal(500)}
    found = forecast_owner(data, keeping(5), TODAY, PLAN, Rules(), recorded)
    today = next(
        f for f in found.forecasts if (f["article_number"], f["target_date"]) == ("01001", TODAY)
    )
    line = next(p for p in found.proposals if p["article_number"] == "01001")
    assert line["on_hand_quantity"] == 40 + 500 - today["expected_quantity"]
    assert line["order_quantity"] == 0


def test_goods_that_keep_are_not_judged_by_a_day_s_sales(data: OwnerData) -> None:
    assert forecast_owner(data, keeping(5), TODAY, PLAN, Rules()).weeks == []


def test_baking_far_too_much_would_have_been_saved(result: OwnerResult) -> None:
    week = result.weeks[0]
    assert week["saved_eur"] > 4 * 7 * 20 * Decimal("0.40")
    assert (week["week_from_date"], week["week_to_date"]) == (date(2026, 11, 15), LAST)


def test_a_recorded_proposal_is_what_last_week_is_judged_by(data: OwnerData) -> None:
    day = date(2026, 11, 18)
    production = data.production.reset_index(drop=True)
    row = production[
        (production["day_date"] == pd.Timestamp(day)) & (production["article_number"] == "01001")
    ].iloc[0]
    one = replace(data, production=production.loc[[row.name]])
    recorded = {("s0", "01001", day): Decimal(int(row["produced_quantity"]))}
    week = forecast_owner(one, merchandise(), TODAY, PLAN, Rules(), recorded).weeks[0]
    assert (week["recorded_count"], week["saved_eur"]) == (1, Decimal("0.00"))


def sold_out(data: OwnerData, more: int) -> tuple[OwnerData, dict[tuple[str, str, date], Decimal]]:
    """Slips on which everything was sold, and recorded proposals of so much more than was baked."""
    sales = data.sales.set_index(["site_id", "article_number", "day_date"])["quantity"]
    slips = data.production
    baked = sales.reindex(pd.MultiIndex.from_frame(slips[list(sales.index.names)])).to_numpy()
    found = slips.assign(produced_quantity=baked, left_over_quantity=0)
    recorded = {
        (r["site_id"], r["article_number"], r["day_date"].date()): Decimal(
            int(r["produced_quantity"]) + more
        )
        for r in found.to_dict("records")
    }
    return replace(data, production=found), recorded


def test_more_than_was_sold_out_is_not_judged(data: OwnerData) -> None:
    out, recorded = sold_out(data, 5)
    week = forecast_owner(out, merchandise(), TODAY, PLAN, Rules(), recorded).weeks[0]
    assert week["sold_out_count"] == week["line_count"] > 0
    assert week["saved_eur"] == 0


def test_less_than_was_sold_out_lost_the_margin_between_both(data: OwnerData) -> None:
    out, recorded = sold_out(data, -3)
    week = forecast_owner(out, merchandise(), TODAY, PLAN, Rules(), recorded).weeks[0]
    assert week["sold_out_count"] == 0
    assert week["saved_eur"] == -3 * week["line_count"] * Decimal("0.60")


def test_backtest_has_a_row_per_article_and_rung(result: OwnerResult) -> None:
    assert len(result.backtests) == 6 * 3
    assert sum(r["is_used"] for r in result.backtests) == 6


def test_backtest_names_the_four_weeks_it_looks_back_on(result: OwnerResult) -> None:
    found = {(r["from_date"], r["to_date"]) for r in result.backtests}
    assert found == {(LAST - timedelta(days=27), LAST)}


def test_forecasts_span_the_horizon_in_order(result: OwnerResult) -> None:
    assert len(result.forecasts) == 6 * 7
    assert all(
        f["low_quantity"] <= f["expected_quantity"] * Decimal("1.1") for f in result.forecasts
    )


def test_simple_rungs_know_the_weekday(result: OwnerResult) -> None:
    index = pd.MultiIndex.from_product(
        [["a"], pd.date_range("2026-11-23", periods=7)], names=["series", "day_date"]
    )
    opened = {("a", day.date()): True for _, day in index}
    found = weekday_alone(pd.Series([10.0, 10, 10, 10, 20, 10, 10], index=index), opened)
    assert found[4] == "Freitag ×1,75"
    assert found[0] == "Montag ×0,88"


def test_closed_days_are_not_what_a_day_is_compared_with() -> None:
    days = pd.date_range("2026-11-23", periods=7)
    index = pd.MultiIndex.from_product([["a|01001"], days], names=["series", "day_date"])
    opened = {("a", day.date()): day.dayofweek != 6 for day in days}
    found = weekday_alone(pd.Series([9.0, 10, 10, 10, 10, 11, 0.1], index=index), opened)
    assert found == ["Montag ×0,90", "", "", "", "", "Samstag ×1,10", ""]


def test_new_articles_stay_on_the_lowest_rung(data: OwnerData) -> None:
    sales: Any = data.sales
    late = (sales["article_number"] == "01006") & (sales["day_date"] < pd.Timestamp("2026-10-20"))
    found = forecast_owner(replace(data, sales=sales[~late]), merchandise(), TODAY, PLAN, Rules())
    rungs = {p["article_number"]: (p["rung"], p["rung_reason"]) for p in found.proposals}
    assert rungs["01006"] == (NAIVE, "Artikel neu")
