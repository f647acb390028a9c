# SPDX-License-Identifier: Apache-2.0
"""Receipts of a real shop on the ladder: a rung is used only where it proved better, and that holds in weeks the choice did not see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.forecasting.demand import DAY, EVENTS, SERIES, WEATHER, Demand, OwnerData, demand_of
from analysis.forecasting.ladder import (
    FIGURES,
    NAIVE,
    RUNGS,
    Plan,
    backtest,
    choose,
    figures,
)
from analysis.forecasting.metrics import wape
from tests.second_cooperative import expected
from tests.second_cooperative.conftest import Second
from tests.second_cooperative.founded import RETAIL

LAST = date(2011, 12, 9)
ARTICLES, WHOLE_SHOP = 4, "alles"
# The first four weeks choose the rungs, the last four judge the choice.
PLAN = Plan(folds=8, rounds=60)
SLIP = ["site_id", "article_number", "day_date"]
SLIP += ["produced_quantity", "left_over_quantity", "sold_out_at"]


@dataclass(frozen=True)
class Climbed:
    """What the ladder made of the shop."""

    demand: Demand
    table: pd.DataFrame
    measured: pd.DataFrame
    chosen: pd.DataFrame


def owner(second: Second) -> OwnerData:
    """The shop's articles that sold on most days, and everything it sold as one more."""
    with second.house.lakehouse.connect(read_only=True) as con:
        sales = con.execute(
            """SELECT site_id, article_number, day_date, quantity::DOUBLE AS quantity
            FROM core.fct_daily_sale"""
        ).df()
        sites = con.execute(
            "SELECT site_id, quarter_id, day_date, is_open, is_reported FROM core.fct_site_day"
        ).df()
    days = sales.groupby("article_number")["day_date"].nunique()
    often = days.sort_index().sort_values(ascending=False, kind="stable").index[:ARTICLES]
    whole = sales.groupby(["site_id", "day_date"], as_index=False)["quantity"].sum()
    some = sales[sales["article_number"].isin(often)]
    every = pd.date_range(sites["day_date"].min(), pd.Timestamp(LAST) + pd.Timedelta(days=7))
    calendar = pd.DataFrame({"quarter_id": sites["quarter_id"].iloc[0], DAY: every})
    return OwnerData(
        sales=pd.concat([some, whole.assign(article_number=WHOLE_SHOP)]),
        sites=sites,
        production=pd.DataFrame(columns=SLIP),
        calendar=calendar.assign(**dict.fromkeys(EVENTS, 0.0)),
        weather=pd.DataFrame(columns=[DAY, "issued_date", *WEATHER]),
    )


@pytest.fixture(scope="module")
def climbed(second: Second) -> Climbed:
    """Backtest, figures and choice, once."""
    data = owner(second)
    demand = demand_of(data, LAST)
    table = backtest(demand, data, PLAN)
    return Climbed(demand, table, *_judged(table, demand, PLAN.origins(LAST)[:4]))


def _judged(
    table: pd.DataFrame, demand: Demand, origins: list[date]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    weeks = table[table["origin"].isin([pd.Timestamp(day) for day in origins])]
    measured = figures(weeks, demand, PLAN)
    return measured, choose(measured, demand.state)


def sold(path: Any) -> Mapping[tuple[str, date], int]:
    """Article and day to what was sold of it less what came back, by pandas."""
    lines = expected.receipt_lines(path)
    goods = lines[~lines["postage"]].assign(n=lambda frame: frame["Quantity"].astype(int))
    found: dict[Any, int] = goods.groupby(["StockCode", "day"])["n"].sum().to_dict()
    return found


def test_daily_sales_are_those_of_the_file(second: Second) -> None:
    with second.house.lakehouse.connect(read_only=True) as con:
        rows = con.execute(
            "SELECT article_number, day_date, quantity::INT FROM core.fct_daily_sale"
        ).fetchall()
    assert {(article, day): n for article, day, n in rows} == sold(RETAIL)


def test_days_without_a_receipt_are_closed_and_no_demand(climbed: Climbed) -> None:
    lines = expected.receipt_lines(RETAIL)
    y = climbed.demand.y["quantity"]
    whole = y[y.index.get_level_values(0).str.endswith(f"|{WHOLE_SHOP}")].droplevel(0)
    goods = lines.loc[~lines["postage"], "day"]
    assert {at.date() for at in whole.dropna().index} <= set(lines["day"])
    assert {at.date() for at in whole.dropna().index} >= set(goods)


def test_every_fold_forecasts_the_week_after_it(climbed: Climbed) -> None:
    table = climbed.table
    assert table["origin"].nunique() == 8
    assert ((table[DAY] - table["origin"]).dt.days.between(1, 7)).all()
    assert table[DAY].max() == pd.Timestamp(LAST)


def test_all_figures_of_all_rungs_are_finite(climbed: Climbed) -> None:
    assert len(climbed.measured) == (ARTICLES + 1) * len(RUNGS)
    assert np.isfinite(climbed.measured[list(FIGURES)].to_numpy(dtype=float)).all()


def test_each_rung_in_use_beat_those_below_it(climbed: Climbed) -> None:
    wapes: dict[Any, dict[Any, float]] = climbed.measured.pivot(
        index=SERIES, columns="rung", values="wape"
    ).to_dict("index")
    used = dict(climbed.chosen["rung"])
    assert len(used) == ARTICLES + 1
    for series, rung in used.items():
        errors = [wapes[series][lower] for lower in RUNGS[: RUNGS.index(rung) + 1]]
        assert errors[-1] == min(errors)
        assert errors.count(errors[-1]) == 1


def test_the_ladder_climbs_and_says_why(climbed: Climbed) -> None:
    higher = climbed.chosen[climbed.chosen["rung"] != NAIVE]
    assert len(higher) > 0
    assert higher["reason"].str.match(r"Fehler \d+ % statt \d+ % mit dem ").all()


def test_in_weeks_the_choice_did_not_see_the_ladder_is_no_worse_than_last_week(
    climbed: Climbed,
) -> None:
    later = [pd.Timestamp(day) for day in PLAN.origins(LAST)[4:]]
    table = climbed.table[climbed.table["origin"].isin(later)]
    used = table[table["rung"] == table[SERIES].map(climbed.chosen["rung"])]
    naive = table[table["rung"] == NAIVE]
    errors = [wape(t["actual"].to_numpy(), t["mean"].to_numpy()) for t in (used, naive)]
    assert len(used) == len(naive) == (ARTICLES + 1) * 28
    assert errors[0] < errors[1]
