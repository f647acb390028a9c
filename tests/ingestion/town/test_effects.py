# SPDX-License-Identifier: Apache-2.0
"""Planted effects at full size: what customers want, what is sold out, what weather and works do."""

from collections import defaultdict
from datetime import date

import numpy as np
import pytest
import statsmodels.api as sm

from ingestion.town.conditions import road_works_factor, sales_factor
from ingestion.town.deliveries import COUNTS, count
from ingestion.town.demand import RECEIPT
from ingestion.town.inputs import Month, Site, Till, Town, read_town
from ingestion.town.production import NOT_SOLD_OUT, Shelf, shelf
from ingestion.town.receipts import SALE, daily_counts, draw_till
from ingestion.town.rhythm import day_factor, level
from ingestion.town.weather import day_weather, normal_day
from tests.ingestion.town.small_town import COOPERATIVE

BREZEL = "01004"


@pytest.fixture(scope="module")
def plan() -> Town:
    return read_town(COOPERATIVE, scale=1.0, seed=None, months=None)


@pytest.fixture(scope="module")
def shelves(plan: Town) -> dict[str, Shelf]:
    """Half a year of every bakery with slips."""
    months = [Month(2026, number) for number in range(1, 7)]
    owners = plan.plan["production"]["slips"]["owners"]
    bakers = [s for s in plan.sites if s.member and s.trade_id == "baeckerei"]
    return {
        s.name: shelf(plan, s, months) for s in bakers if s.member and s.member.owner_no in owners
    }


def _tills(plan: Town, site: Site) -> list[Till]:
    return [till for till in plan.tills if till.site.index == site.index]


def test_one_in_fifteen_article_days_is_sold_out(shelves: dict[str, Shelf]) -> None:
    sold_out = np.concatenate([s.sold_out_second.ravel() != NOT_SOLD_OUT for s in shelves.values()])
    assert 0.05 < sold_out.mean() < 0.08


def test_sold_out_means_nothing_left_and_something_left_means_not_sold_out(
    shelves: dict[str, Shelf],
) -> None:
    for shown in shelves.values():
        assert ((shown.left == 0) == (shown.sold_out_second != NOT_SOLD_OUT)).all()
        assert (shown.left == np.maximum(shown.baked - shown.wanted, 0)).all()


def test_bakers_bake_whole_trays(plan: Town, shelves: dict[str, Shelf]) -> None:
    packs = {r["article"]: r["pack"] * 1000 for r in plan.plan["production"]["articles"]}
    goods = plan.goods["baeckerei"]
    for shown in shelves.values():
        pack = np.array([packs[goods.article_no[article]] for article in shown.articles])
        assert (shown.baked % pack == 0).all()
        assert (shown.baked > 0).all()


@pytest.mark.parametrize("name", ["Backhaus Vennemann", "Backstube am Gleis"])
def test_all_tills_of_a_shop_sell_together_what_was_made_less_what_is_left(
    plan: Town, name: str
) -> None:
    site, months = plan.site_named(name), [Month(2026, 3), Month(2026, 4)]
    shown = shelf(plan, site, months)
    sold = np.zeros((len(shown.day), len(plan.goods["baeckerei"].price)), dtype=np.int64)
    for till in _tills(plan, site):
        data = draw_till(plan, till, months, 1)
        lines = data.lines
        counts = (lines.kind == SALE) & (data.kind[lines.receipt] == RECEIPT)
        place = (data.closing[lines.receipt][counts], lines.article[counts])
        np.add.at(sold, place, lines.quantity[counts])
    assert (sold[:, shown.articles] == shown.baked - shown.left).all()


def test_no_receipt_is_without_a_line(plan: Town) -> None:
    (till,) = _tills(plan, plan.site_named("Backhaus Vennemann"))
    data = draw_till(plan, till, [Month(2026, 5)], 1)
    assert set(range(len(data.kind))) == set(data.lines.receipt.tolist())


@pytest.mark.parametrize("name", ["Fadenlauf", "Backhaus Vennemann", "Backstube am Gleis"])
def test_daily_counts_are_the_purchases_that_are_drawn(plan: Town, name: str) -> None:
    for till in _tills(plan, plan.site_named(name)):
        data = draw_till(plan, till, plan.all_months, 1)
        days, counts = daily_counts(plan, till)
        assert days == data.closing_day
        assert counts.tolist() == count(data)[:, COUNTS.index("receipt_count")].tolist()


def test_friday_pretzels_are_recovered_from_days_on_which_they_lasted(
    plan: Town, shelves: dict[str, Shelf]
) -> None:
    (wish,) = plan.plan["production"]["wishes"]
    article = plan.goods["baeckerei"].article_no.index(BREZEL)
    ratios = []
    for shown in shelves.values():
        column = shown.articles.index(article)
        lasted = shown.sold_out_second[:, column] == NOT_SOLD_OUT
        friday = np.array([day.isoweekday() == wish["weekday"] for day in shown.day])
        sold = (shown.baked - shown.left)[:, column]
        # Against all other articles of the same days: a Friday is busier for every one of them.
        others = np.minimum(shown.wanted, shown.baked).sum(axis=1) - sold
        share = [sold[lasted & on].sum() / others[lasted & on].sum() for on in (friday, ~friday)]
        ratios.append(share[0] / share[1])
    assert abs(float(np.mean(ratios)) / wish["factor"] - 1) < 0.10


def test_pretzels_sell_out_more_often_on_fridays(plan: Town, shelves: dict[str, Shelf]) -> None:
    article = plan.goods["baeckerei"].article_no.index(BREZEL)
    out: dict[bool, list[bool]] = {True: [], False: []}
    for shown in shelves.values():
        column = shown.sold_out_second[:, shown.articles.index(article)] != NOT_SOLD_OUT
        for day, sold_out in zip(shown.day, column.tolist(), strict=True):
            out[day.isoweekday() == 5].append(sold_out)
    assert np.mean(out[True]) > 1.3 * np.mean(out[False])


def test_the_weather_moves_the_ice_cream_parlour_as_planned(plan: Town) -> None:
    effect = plan.plan["conditions"]["weather_effects"]["sales"]["eisdiele"]
    (till,) = [t for t in plan.tills if t.site.trade_id == "eisdiele"][:1]
    days, counts = daily_counts(plan, till)
    rows = []
    for day in days:
        weather, usual = day_weather(plan, day), normal_day(plan, day)
        warmer = min(max(weather.temperature_max_c - usual.temperature_max_c, -10), 10)
        months = [float(day.month == m) for m in range(1, 13)]
        weekdays = [float(day.isoweekday() == w) for w in range(2, 8)]
        rows.append([warmer, float(weather.is_rain_day), *months, *weekdays])
    fit = sm.GLM(counts, np.array(rows), family=sm.families.Poisson()).fit(scale="X2")
    assert fit.params[0] == pytest.approx(effect["temperature"], abs=3 * fit.bse[0])
    assert fit.params[1] == pytest.approx(effect["rain"], abs=3 * fit.bse[1])
    assert fit.params[0] > 5 * fit.bse[0]


def test_road_works_lower_the_receipts_of_their_block_on_their_days_only(plan: Town) -> None:
    works = next(w for w in plan.plan["conditions"]["road_works"] if "BAH-02" in w["blocks"])
    counted = {True: 0.0, False: 0.0}
    usual = {True: 0.0, False: 0.0}
    for till in plan.tills:
        if till.site.block_id == "BAH-02":
            days, counts = daily_counts(plan, till)
            for day, number in zip(days, counts.tolist(), strict=True):
                during = works["first_day"] <= day <= works["last_day"]
                counted[during] += number
                factor = day_factor(plan, till.site, day) * level(plan, till.site)
                usual[during] += factor / road_works_factor(plan, "BAH-02", day, "sales")
    ratio = (counted[True] / usual[True]) / (counted[False] / usual[False])
    assert ratio == pytest.approx(works["sales"], rel=0.05)


def test_the_first_and_last_day_of_road_works_count_and_their_neighbours_do_not(plan: Town) -> None:
    works = next(w for w in plan.plan["conditions"]["road_works"] if "BAH-02" in w["blocks"])
    shop, elsewhere = plan.site_named("Gleis Neun Streetwear"), plan.site_named("Modepunkt")
    first, last = works["first_day"], works["last_day"]
    factor = {
        day: sales_factor(plan, shop, day) / sales_factor(plan, elsewhere, day)
        for day in (date.fromordinal(first.toordinal() - 1), first, last,
                    date.fromordinal(last.toordinal() + 1))
    }  # fmt: skip
    assert list(factor.values()) == pytest.approx([1, works["sales"], works["sales"], 1])


def test_the_festival_surprises_the_bakers(plan: Town) -> None:
    out = defaultdict(list)
    for site in plan.sites:
        if site.member and site.trade_id == "baeckerei":
            shown = shelf(plan, site, [Month(2026, 9)])
            for day, row in zip(shown.day, shown.sold_out_second != NOT_SOLD_OUT, strict=True):
                out[day in plan.plan["festival"]["days"]].append(row.mean())
    assert np.mean(out[True]) > 2 * np.mean(out[False])
