# SPDX-License-Identifier: Apache-2.0
"""What customers of one till want: who comes when, and for which articles in which quantity.

Belongs here: drawing customers and their wishes as parallel integer arrays. Does not belong here:
whether the shelf still holds it (``production``), what the till makes of it (``receipts``).

Quantities are thousandths. Random numbers are drawn per till and month: how many months are drawn
together changes nothing.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from ingestion.town.inputs import Goods, Month, Site, Till, Town
from ingestion.town.rhythm import (
    closings_before,
    expected_receipts,
    least_receipts,
    second_of_day,
)

Ints = np.ndarray

# Receipt kinds and their BON_TYP
RECEIPT, TRAINING, ABORTED, ORDER = 0, 1, 2, 3
RECEIPT_TYPES = ("Beleg", "AVTraining", "AVBelegabbruch", "AVBestellung")
GASTRONOMY = ("cafe", "restaurant", "eisdiele")
# Tenths of a percent that make a till's day less tidy
_TRAINING, _ABORTED, _ORDER, _REVERSED, _CANCELLED_LINE = 0.003, 0.004, 0.010, 0.004, 0.002
_MOST_FURTHER_LINES = 14
# Pieces of an article under a euro, and of any other one, that a customer takes on the average.
MEAN_CHEAP, MEAN_PIECES, MEAN_WEIGHED = 3.0, 1.14, 0.649
_CHEAP_CENTS, _ONCE = 100, 0.86


@dataclass
class Demand:
    """Customers (one receipt each, ordered by day and time) and what each of them wants.

    ``day``, ``month``, ``number`` have one entry per trading day; ``closing`` (index of the day),
    ``second``, ``kind``, ``is_reversed`` and the columns of ``u`` one per receipt; ``receipt``,
    ``article``, ``quantity`` and the columns of ``v`` one per line.
    """

    day: list[date]
    month: Ints
    number: Ints
    closing: Ints
    second: Ints
    kind: Ints
    is_reversed: Ints
    u: np.ndarray
    receipt: Ints
    article: Ints
    quantity: Ints
    v: np.ndarray

    @property
    def is_void(self) -> Ints:
        """Lines that the till takes back at once (only on receipts that stand)."""
        stands = (self.kind == RECEIPT) & ~self.is_reversed
        found: Ints = (self.v[2] < _CANCELLED_LINE) & stands[self.receipt]
        return found

    @property
    def consumed(self) -> Ints:
        """What each line takes from the shelf for good: nothing where the goods come back."""
        stands = (self.kind == RECEIPT) & ~self.is_reversed
        return np.where(stands[self.receipt] & ~self.is_void, self.quantity, 0)

    def limited(self, quantity: Ints) -> "Demand":
        """The same customers with these quantities; who gets nothing at all leaves no receipt."""
        line = np.flatnonzero(quantity > 0)
        kept = np.zeros(len(self.closing), dtype=bool)
        kept[self.receipt[line]] = True
        rank = np.cumsum(kept) - 1
        return Demand(
            day=self.day,
            month=self.month,
            number=self.number,
            closing=self.closing[kept],
            second=self.second[kept],
            kind=self.kind[kept],
            is_reversed=self.is_reversed[kept],
            u=self.u[:, kept],
            receipt=rank[self.receipt[line]],
            article=self.article[line],
            quantity=quantity[line],
            v=self.v[:, line],
        )


def draw_demand(town: Town, till: Till, months: list[Month]) -> Demand:
    """Draws the customers of one till over some months."""
    goods = town.goods[till.site.trade_id]
    drawn = [_draw_month(town, till, month) for month in months]
    days = [day for month in drawn for day in month.days]
    per_day = np.concatenate([month.count for month in drawn])
    further = np.concatenate([month.further for month in drawn])
    u = np.concatenate([month.u for month in drawn], axis=1)
    v = np.concatenate([month.draw_lines() for month in drawn], axis=1)
    first = 1200 + closings_before(town, till.site, months[0])

    closing = np.repeat(np.arange(len(days)), per_day)
    second = second_of_day(town, town.plan["trades"][till.site.trade_id]["profile"], u[0])
    order = np.argsort(closing * 100_000 + second, kind="stable")
    second, u, further = second[order], u[:, order], further[order]
    receipt = np.repeat(np.arange(len(further)), 1 + further)
    weekday = np.array([day.isoweekday() for day in days], dtype=np.int64)
    article = _wished(town, till.site, goods, weekday[closing[receipt]], v[0])
    kind = _kinds(till.site, u)
    return Demand(
        day=days,
        month=np.concatenate([np.full(len(m.days), m.index) for m in drawn]),
        number=first + np.arange(len(days)),
        closing=closing,
        second=second,
        kind=kind,
        is_reversed=(u[2] < _REVERSED) & (kind == RECEIPT),
        u=u,
        receipt=receipt,
        article=article,
        quantity=_quantities(goods, article, v[1]),
        v=v,
    )


def daily_customers(town: Town, till: Till, months: list[Month]) -> tuple[list[date], Ints]:
    """Trading days and how many customers buy on each, less those who bring everything back."""
    days: list[date] = []
    counts: list[Ints] = []
    for drawn in (_draw_month(town, till, month) for month in months):
        kind = _kinds(till.site, drawn.u)
        buys = (kind == RECEIPT) & (drawn.u[2] >= _REVERSED)
        closing = np.repeat(np.arange(len(drawn.days)), drawn.count)
        counts.append(np.bincount(closing[buys], minlength=len(drawn.days)))
        days += drawn.days
    return days, np.concatenate(counts)


@dataclass
class _DrawnMonth:
    """Random numbers of one till and month; those of the lines are drawn when they are asked for."""

    index: int
    days: list[date]
    count: Ints
    further: Ints
    u: np.ndarray
    rng: np.random.Generator

    def draw_lines(self) -> np.ndarray:
        """Three numbers per line."""
        return self.rng.random((3, len(self.further) + int(self.further.sum())))


def _draw_month(town: Town, till: Till, month: Month) -> _DrawnMonth:
    rng = town.rng("till", till.index, month.index)
    days, expected = expected_receipts(town, till.site, month)
    noise = np.exp(town.plan["day_spread"] * rng.standard_normal(len(days)))
    count = rng.poisson(expected * noise * till.share * town.scale)
    count = np.maximum(count, least_receipts(town, till.site, days))
    total = int(count.sum())
    mean = town.plan["trades"][till.site.trade_id]["lines"]
    further = np.minimum(rng.poisson(mean - 1, total), _MOST_FURTHER_LINES)
    return _DrawnMonth(month.index, days, count, further, rng.random((8, total)), rng)


def _kinds(site: Site, u: np.ndarray) -> Ints:
    kind = np.where(u[1] < _TRAINING, TRAINING, RECEIPT)
    if site.system == "csv":
        kind[:] = RECEIPT
        return kind
    kind[(u[1] >= 0.1) & (u[1] < 0.1 + _ABORTED)] = ABORTED
    if site.trade_id in GASTRONOMY:
        kind[(u[1] >= 0.2) & (u[1] < 0.2 + _ORDER)] = ORDER
    return kind


def shares(
    town: Town, site: Site, goods: Goods, weekday: int, column: str = "factor"
) -> np.ndarray:
    """Share of each article in the lines of a weekday (1 Monday); they add up to 1.

    A wish of the plan multiplies the share of its article exactly; the others make room for it.
    ``column`` picks what customers do (``factor``) or what the baker reckons with.
    """
    share = np.diff(goods.cumulative_weight, prepend=0.0)
    for wish in town.plan["production"]["wishes"]:
        if wish["trade"] == site.trade_id and wish["weekday"] == weekday:
            at = goods.article_no.index(str(wish["article"]))
            wanted = share[at] * float(wish[column])
            share = share * (1 - wanted) / (1 - share[at])
            share[at] = wanted
    return share


def _wished(town: Town, site: Site, goods: Goods, weekday: Ints, uniform: np.ndarray) -> Ints:
    article = np.searchsorted(goods.cumulative_weight, uniform, side="right")
    for wish in town.plan["production"]["wishes"]:
        if wish["trade"] == site.trade_id:
            on_that_day = np.flatnonzero(weekday == wish["weekday"])
            cumulative = np.cumsum(shares(town, site, goods, int(wish["weekday"])))
            article[on_that_day] = np.searchsorted(cumulative, uniform[on_that_day], side="right")
    return np.minimum(article, len(goods.price) - 1)


def _quantities(goods: Goods, article: Ints, uniform: np.ndarray) -> Ints:
    # Small things are bought by the handful, others mostly once.
    cheap = 1 + (uniform * 5).astype(np.int64)
    pieces = np.where(goods.price[article] < _CHEAP_CENTS, cheap, np.where(uniform < _ONCE, 1, 2))
    weighed = 150 + 2 * (uniform * 500).astype(np.int64)
    return np.where(goods.is_weighed[article], weighed, pieces * 1000)


def mean_quantity(goods: Goods) -> np.ndarray:
    """Mean quantity of a line by article, in pieces or kilograms."""
    pieces = np.where(goods.price < _CHEAP_CENTS, MEAN_CHEAP, MEAN_PIECES)
    return np.where(goods.is_weighed, MEAN_WEIGHED, pieces)
