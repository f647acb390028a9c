# SPDX-License-Identifier: Apache-2.0
"""What a shop bakes or lays out each day, and what of the customers' wishes it can serve.

Belongs here: the rule by which a shop decides, and the shelf that its tills share. Does not belong
here: wishes (``demand``), the till's receipts (``receipts``), papers about it (``slips``).

The rule looks back on expected sales, not on drawn ones, so that a month is the same whatever comes
before it. It knows the season and its weekdays, and is surprised by festival, heat and road works.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from ingestion.town.demand import Demand, Ints, draw_demand, mean_quantity, shares
from ingestion.town.inputs import Month, Site, Till, Town
from ingestion.town.rhythm import day_factor, is_open, level

# More than any shop sells: articles that are not made by the day never run out.
_PLENTY = 2**60
NOT_SOLD_OUT = -1


@dataclass(frozen=True)
class Shelf:
    """What a shop had and what became of it: one row per trading day, one column per article.

    Quantities are thousandths; ``sold_out_second`` is the second of the day at which the last piece
    went, NOT_SOLD_OUT where something was left. ``served`` are the customers of each till with what
    they got.
    """

    day: list[date]
    articles: list[int]
    baked: Ints
    wanted: Ints
    left: Ints
    sold_out_second: Ints
    served: dict[int, Demand]


def articles_of(town: Town, trade_id: str) -> list[dict[str, Any]]:
    """The plan of each article of a trade, in the order of its goods; none where nothing is made."""
    planned = {str(row["article"]): row for row in town.plan["production"]["articles"]}
    numbers = town.goods[trade_id].article_no
    return [planned[number] for number in numbers] if numbers[0] in planned else []


def served(town: Town, till: Till, months: list[Month]) -> Demand:
    """The customers of one till with what was still there for them."""
    if not articles_of(town, till.site.trade_id):
        return draw_demand(town, till, months)
    return shelf(town, till.site, months).served[till.index]


def shelf(town: Town, site: Site, months: list[Month]) -> Shelf:
    """What the shop had, over all its tills: the next customer gets what the last one left."""
    tills = [till for till in town.tills if till.site.index == site.index]
    demands = {till.index: draw_demand(town, till, months) for till in tills}
    days = next(iter(demands.values())).day
    goods = len(town.goods[site.trade_id].price)
    made = [i for i, row in enumerate(articles_of(town, site.trade_id)) if row["baked"]]
    stock = np.full((len(days), goods), _PLENTY, dtype=np.int64)
    stock[:, made] = _baked(town, site, days, months)[:, made]

    lines = list(demands.values())
    cell = np.concatenate([d.closing[d.receipt] * goods + d.article for d in lines])
    second = np.concatenate([d.second[d.receipt] for d in lines])
    wanted = np.concatenate([d.quantity for d in lines])
    taken = np.concatenate([d.consumed for d in lines])
    order = np.lexsort((second, cell))
    so_far = np.cumsum(taken[order])
    first = np.searchsorted(cell[order], cell[order], side="left")
    upto = so_far - (so_far - taken[order])[first]
    there = np.maximum(stock.ravel()[cell[order]] - (upto - taken[order]), 0)
    got = np.empty_like(wanted)
    got[order] = np.minimum(wanted[order], there)

    total = np.bincount(cell, taken, stock.size).astype(np.int64).reshape(stock.shape)
    last = np.flatnonzero((there > 0) & (taken[order] >= there))
    sold_out = np.full(stock.size, NOT_SOLD_OUT)
    sold_out[cell[order][last]] = second[order][last]
    parts = np.split(got, np.cumsum([len(d.quantity) for d in lines])[:-1])
    return Shelf(
        day=days,
        articles=made,
        baked=stock[:, made],
        wanted=total[:, made],
        left=np.maximum(stock - total, 0)[:, made],
        sold_out_second=sold_out.reshape(stock.shape)[:, made],
        served={
            index: demand.limited(part)
            for (index, demand), part in zip(demands.items(), parts, strict=True)
        },
    )


def _baked(town: Town, site: Site, days: list[date], months: list[Month]) -> Ints:
    """Thousandths of each article on each day, whole packs."""
    rule, plan = town.plan["production"]["rule"], articles_of(town, site.trade_id)
    goods = town.goods[site.trade_id]
    pack = np.array([round(float(row["pack"]) * 1000) for row in plan], dtype=np.int64)
    least = np.array([round(float(row["minimum"]) * 1000) for row in plan], dtype=np.int64)
    per_customer = town.plan["trades"][site.trade_id]["lines"] * mean_quantity(goods)
    share = {w: shares(town, site, goods, w, "baker_expects") for w in range(1, 8)}
    usual = level(town, site) * town.scale
    customers = usual * np.array([_usual_factor(town, site, day) for day in days])
    mean = customers[:, None] * np.array([share[day.isoweekday()] for day in days]) * per_customer
    feeling = np.concatenate([_feeling(town, site, m, days, len(plan)) for m in months])
    amount = mean * (1 + rule["margin"]) * feeling + rule["spare"] * np.sqrt(
        mean * mean_quantity(goods)
    )
    return np.maximum(np.rint(amount * 1000 / pack).astype(np.int64) * pack, least)


def _usual_factor(town: Town, site: Site, day: date) -> float:
    """What the same weekday made of sales in the weeks before; the day itself for a new shop."""
    weeks = int(town.plan["production"]["rule"]["weeks"])
    before = [day - timedelta(days=7 * week) for week in range(1, weeks + 1)]
    there = [d for d in before if is_open(town, site, d)] or [day]
    return float(np.mean([day_factor(town, site, d) for d in there]))


def _feeling(town: Town, site: Site, month: Month, days: list[date], articles: int) -> np.ndarray:
    of_month = sum((day.year, day.month) == (month.year, month.number) for day in days)
    rng = town.rng("production", site.index, month.index)
    spread = float(town.plan["production"]["rule"]["feeling"])
    factor: np.ndarray = np.exp(spread * rng.standard_normal((of_month, articles)))
    return factor
