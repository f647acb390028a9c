# SPDX-License-Identifier: Apache-2.0
"""Demand, calendar, backtest, rungs and reasons on an owner whose truths are known."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analysis.forecasting import metrics
from analysis.forecasting.demand import (
    DAY,
    ENDED,
    LIVE,
    NEW,
    SERIES,
    Demand,
    OwnerData,
    calendar_at,
    demand_of,
    weather_at,
)
from analysis.forecasting.ladder import (
    ETS,
    NAIVE,
    RUNGS,
    TREES,
    Plan,
    backtest,
    choose,
    figures,
    known_on,
    predict,
)
from analysis.forecasting.reasons import FESTIVAL, factors, reasons
from analysis.forecasting.rungs import SeasonalNaive
from tests.analysis.forecast_town import FESTIVAL_FACTOR, FRIDAY_ARTICLE, LAST, SLIP, owner

PLAN = Plan(rounds=60)
FRIDAY = pd.Timestamp("2026-11-27")
PRETZEL = f"s0|{FRIDAY_ARTICLE}"


@pytest.fixture(scope="module")
def data() -> OwnerData:
    return owner()


@pytest.fixture(scope="module")
def demand(data: OwnerData) -> Demand:
    return demand_of(data, LAST)


@pytest.fixture(scope="module")
def table(data: OwnerData, demand: Demand) -> pd.DataFrame:
    return backtest(demand, data, PLAN)


def slip(day: date, left: float, out: str | None) -> pd.DataFrame:
    return pd.DataFrame([["s0", "01001", day, 30.0, left, out]], columns=SLIP)


# -- demand ----------------------------------------------------------------------------------------


def test_a_day_open_without_sale_is_zero(data: OwnerData) -> None:
    day = pd.Timestamp("2026-11-10")
    sales = data.sales[(data.sales["article_number"] != "01002") | (data.sales["day_date"] != day)]
    y = demand_of(replace(data, sales=sales), LAST).y
    assert y.loc[("s0|01002", day), "quantity"] == 0


def test_a_closed_day_is_not_zero_but_unknown(data: OwnerData) -> None:
    day = pd.Timestamp("2026-11-10")
    closed = data.sites.assign(is_open=data.sites["day_date"] != day)
    sales = data.sales[data.sales["day_date"] != day]
    y = demand_of(replace(data, sales=sales, sites=closed), LAST).y
    assert y.xs(day, level=DAY)["quantity"].isna().all()


@pytest.mark.parametrize(("left", "out"), [(0.0, "15:20"), (0.0, None)])
def test_a_sold_out_day_is_censored(data: OwnerData, left: float, out: str | None) -> None:
    day = date(2026, 11, 10)
    found = demand_of(replace(data, production=slip(day, left, out)), LAST)
    assert np.isnan(found.y.loc[("s0|01001", pd.Timestamp(day)), "quantity"])
    assert found.sold[("s0|01001", pd.Timestamp(day))] > 0


def test_a_day_with_leftovers_is_known(data: OwnerData) -> None:
    day = date(2026, 11, 10)
    found = demand_of(replace(data, production=slip(day, 3.0, None)), LAST)
    assert not np.isnan(found.y.loc[("s0|01001", pd.Timestamp(day)), "quantity"])


def test_articles_are_new_live_or_ended(data: OwnerData) -> None:
    sales, number = data.sales, data.sales["article_number"]
    late = (number == "01001") & (sales["day_date"] < pd.Timestamp("2026-11-01"))
    gone = (number == "01002") & (sales["day_date"] > pd.Timestamp("2026-10-01"))
    state = demand_of(replace(data, sales=sales[~late & ~gone]), LAST).state
    found = [state[f"s0|{n}"] for n in ("01001", "01002", "01003")]
    assert found == [NEW, ENDED, LIVE]


def test_goods_brought_back_are_a_day_without_demand(data: OwnerData) -> None:
    day = pd.Timestamp("2026-11-10")
    mine = (data.sales["article_number"] == "01002") & (data.sales["day_date"] == day)
    sales = data.sales.assign(quantity=data.sales["quantity"].where(~mine, -3))
    y = demand_of(replace(data, sales=sales), LAST).y
    assert y.loc[("s0|01002", day), "quantity"] == 0


def test_an_article_of_the_season_begins_anew_when_it_comes_back(data: OwnerData) -> None:
    number, when = data.sales["article_number"], data.sales["day_date"]
    away = (number == "01002") & when.between("2026-01-06", "2026-11-03")
    found = demand_of(replace(data, sales=data.sales[~away]), LAST)
    y = found.y.xs("s0|01002", level=SERIES)["quantity"].dropna()
    assert (y.index.min().date(), found.state["s0|01002"]) == (date(2026, 11, 4), NEW)


def test_a_closed_shop_s_articles_do_not_begin_anew(data: OwnerData) -> None:
    closed = data.sites["day_date"].between("2026-08-01", "2026-09-15")
    sales = data.sales[~data.sales["day_date"].between("2026-08-01", "2026-09-15")]
    found = demand_of(replace(data, sales=sales, sites=data.sites.assign(is_open=~closed)), LAST)
    assert set(found.state) == {LIVE}


def test_the_first_week_of_a_series_is_no_error_of_last_week_s_forecast() -> None:
    days = pd.date_range("2026-09-01", periods=80, name=DAY)
    index = pd.MultiIndex.from_product([["alt", "neu"], days], names=[SERIES, DAY])
    y = pd.DataFrame({"quantity": 20.0}, index=index)
    y.loc[("neu", days[:60]), "quantity"] = np.nan
    model = SeasonalNaive().fit(y, fh=[1])
    assert (model.predict_quantiles(alpha=[0.1, 0.5, 0.9]).to_numpy() == 20.0).all()


# -- calendar --------------------------------------------------------------------------------------


def test_weather_of_the_days_ahead_is_never_the_observed_one(data: OwnerData) -> None:
    origin = LAST - timedelta(days=7)
    found = weather_at(data.weather, origin)["temperature_max_c"]
    ahead = found[found.index > pd.Timestamp(origin)]
    assert len(ahead) == 10
    assert (ahead == 11.0).all()
    assert (found[found.index <= pd.Timestamp(origin)] == 10.0).all()


def test_a_fold_knows_no_forecast_issued_after_its_origin(data: OwnerData) -> None:
    origin = LAST - timedelta(days=7)
    weather = data.weather.copy()
    later = pd.to_datetime(weather["issued_date"]) > pd.Timestamp(origin)
    weather.loc[later, "temperature_max_c"] = 99.0
    assert weather_at(weather, origin)["temperature_max_c"].max() < 99.0


def test_the_calendar_reaches_to_the_horizon(data: OwnerData, demand: Demand) -> None:
    found = calendar_at(data, demand.names, LAST, 7)
    assert found.index.get_level_values(DAY).max() == pd.Timestamp(LAST + timedelta(days=7))


# -- ladder ----------------------------------------------------------------------------------------


def test_four_folds_end_with_the_last_known_week(table: pd.DataFrame) -> None:
    assert table["origin"].nunique() == 4
    assert table[DAY].max() == pd.Timestamp(LAST)
    assert ((table[DAY] - table["origin"]).dt.days.between(1, 7)).all()


def test_every_rung_forecasts_the_same_days(table: pd.DataFrame) -> None:
    assert table.groupby("rung").size().nunique() == 1
    assert set(table["rung"]) == set(RUNGS)


def test_no_fold_sees_its_own_days(data: OwnerData, table: pd.DataFrame) -> None:
    origin = PLAN.origins(LAST)[-1]
    sales = data.sales.copy()
    sales.loc[sales["day_date"] > pd.Timestamp(origin), "quantity"] = 1
    changed = demand_of(replace(data, sales=sales), LAST)
    again, _ = predict(TREES, PLAN, known_on(origin, PLAN, changed, data))
    first = table[(table["origin"] == pd.Timestamp(origin)) & (table["rung"] == TREES)]
    first = first.set_index([SERIES, DAY])["mean"]
    assert again["mean"].to_numpy() == pytest.approx(first.loc[again.index].to_numpy())


def test_learning_beats_last_week(table: pd.DataFrame, demand: Demand) -> None:
    measured = figures(table, demand, PLAN)
    mean = measured.groupby("rung")["wape"].mean()
    assert mean[TREES] < 0.8 * mean[NAIVE]


def test_eight_of_ten_days_lie_in_the_range(table: pd.DataFrame, demand: Demand) -> None:
    measured = figures(table, demand, PLAN)
    found = measured[measured["rung"] == TREES]["coverage"].mean()
    assert 0.68 < found < 0.9


WAPES = {
    "alles": {NAIVE: 0.3, ETS: 0.25, TREES: 0.2},
    "nur glatt": {NAIVE: 0.3, ETS: 0.25, TREES: 0.26},
    "nichts": {NAIVE: 0.3, ETS: 0.31, TREES: 0.3},
    "unbekannt": {NAIVE: np.nan, ETS: np.nan, TREES: np.nan},
    "neu": {NAIVE: 0.3, ETS: 0.2, TREES: 0.1},
}


@pytest.mark.parametrize(
    ("series", "rung"),
    [("alles", TREES), ("nur glatt", ETS), ("nichts", NAIVE), ("unbekannt", NAIVE), ("neu", NAIVE)],
)
def test_a_rung_is_climbed_only_where_it_beat_the_one_before(series: str, rung: str) -> None:
    rows = [
        {SERIES: s, "rung": r, "wape": w} for s, found in WAPES.items() for r, w in found.items()
    ]
    state = pd.Series({s: NEW if s == "neu" else LIVE for s in WAPES})
    assert choose(pd.DataFrame(rows), state).loc[series, "rung"] == rung


def test_the_choice_gives_its_reason_in_figures() -> None:
    rows = [{SERIES: "a", "rung": r, "wape": w} for r, w in WAPES["alles"].items()]
    chosen = choose(pd.DataFrame(rows), pd.Series({"a": LIVE}))
    expected = "Fehler 20 % statt 25 % mit dem geglätteten Wochenverlauf"
    assert chosen.loc["a", "reason"] == expected


# -- measures --------------------------------------------------------------------------------------

ACTUAL = np.array([10.0, 20.0, np.nan, 30.0])
FORECAST = np.array([12.0, 18.0, 99.0, 36.0])


def test_wape_is_errors_over_sales_of_known_days() -> None:
    assert metrics.wape(ACTUAL, FORECAST) == pytest.approx(10 / 60)


def test_bias_is_what_was_forecast_too_much() -> None:
    assert metrics.bias(ACTUAL, FORECAST) == pytest.approx(6 / 60)


def test_mase_compares_with_the_naive_steps_of_the_past() -> None:
    history = np.array([1.0, 2.0, 3.0, 4.0])
    assert metrics.mase(ACTUAL, FORECAST, history, season=2) == pytest.approx((10 / 3) / 2)


def test_pinball_loss_of_one_level() -> None:
    found = metrics.pinball(np.array([10.0, 10.0]), np.array([[8.0], [12.0]]), np.array([0.9]))
    assert found == pytest.approx((0.9 * 2 + 0.1 * 2) / 2)


def test_coverage_counts_both_ends() -> None:
    found = metrics.coverage(ACTUAL, np.array([10.0, 0, 0, 0]), np.array([11.0, 20, 0, 29]))
    assert found == pytest.approx(2 / 3)


# -- reasons ---------------------------------------------------------------------------------------


def fitted(data: OwnerData, demand: Demand) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    known = known_on(LAST, PLAN, demand, data)
    found, model = predict(TREES, PLAN, known)
    return found, factors(model.contributions(range(1, 8), known.ahead)), known.ahead


def test_usual_amount_times_factors_is_the_forecast(data: OwnerData, demand: Demand) -> None:
    found, parts, _ = fitted(data, demand)
    assert parts.prod(axis=1).to_numpy() == pytest.approx(found["mean"].to_numpy(), rel=1e-9)


def test_friday_is_named_first_for_pretzels_on_a_friday(data: OwnerData, demand: Demand) -> None:
    _, parts, ahead = fitted(data, demand)
    named = reasons(parts.loc[(PRETZEL, FRIDAY)], ahead.loc[(PRETZEL, FRIDAY)].to_dict())
    assert str(named[0]).startswith("Freitag ×1,")
    assert named[0].factor == pytest.approx(1.61, rel=0.1)


def test_at_most_four_reasons_strongest_first() -> None:
    row = pd.Series(
        {
            "Wochentag": 0.8,
            "Wetter": 1.05,
            "Fest/Markt": 1.35,
            "Monatsende": 1.04,
            "Baustelle": 0.9,
            "usual": 20.0,
            "zuletzt verkauft": 1.01,
        }
    )
    day = {"weekday": 4.0, "has_festival": 1.0, "has_road_works": 1.0, "temperature_max_c": 24.2}
    day |= {"precipitation_mm": 0.0}
    found = [str(r) for r in reasons(row, day)]
    assert found == [
        "Fest ×1,35",
        "Freitag ×0,80",
        "Baustelle ×0,90",
        "Wetter (24 °C, trocken) ×1,05",
    ]


def test_the_festival_factor_is_recovered(data: OwnerData, demand: Demand) -> None:
    known = known_on(LAST, PLAN, demand, data)
    (_, model), ahead = predict(TREES, PLAN, known), known.ahead
    saturday = ahead.index.get_level_values(DAY) == pd.Timestamp("2026-11-28")
    fair = ahead.copy()
    fair.loc[saturday, ["has_festival", "event_count"]] = 1.0
    with_it = factors(model.contributions(range(1, 8), fair))[FESTIVAL][saturday]
    without = factors(model.contributions(range(1, 8), ahead))[FESTIVAL][saturday]
    assert np.median(with_it / without) == pytest.approx(FESTIVAL_FACTOR, rel=0.1)
