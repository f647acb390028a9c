# SPDX-License-Identifier: Apache-2.0
"""What happened at one till: receipts, lines and payments as parallel integer arrays.

Belongs here: making receipts of a till's customers and everything that hangs together inside one
(deposit, discount, tip, cancellation). Does not belong here: any file format.

All amounts are whole cents, all quantities thousandths, so that sums are exact. Who came and what
was still on the shelf is drawn in ``demand`` and ``production``; nothing is drawn here.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from ingestion.town.demand import GASTRONOMY, RECEIPT, Demand, Ints, daily_customers
from ingestion.town.inputs import Goods, Month, Till, Town
from ingestion.town.production import articles_of, served
from ingestion.town.rhythm import closing_second

# Line kinds and their GV_TYP
SALE, DISCOUNT, DEPOSIT, DEPOSIT_BACK, TIP, TRANSFER = 0, 1, 2, 3, 4, 5
LINE_TYPES = ("Umsatz", "Rabatt", "Pfand", "PfandRueckzahlung", "TrinkgeldAN", "Geldtransit")
PAYMENT_TYPES = ("Bar", "ECKarte", "Kreditkarte", "ElZahlungsdienstleister")
KEY_STANDARD, KEY_REDUCED, KEY_OUTSIDE, KEY_EXEMPT = 1, 2, 5, 6
# Tenths of a percent that make a till's day less tidy
_DISCOUNT, _SPLIT = 0.015, 0.004


@dataclass
class Lines:
    """Receipt lines, ordered by receipt and position."""

    receipt: Ints
    position: Ints
    kind: Ints
    article: Ints
    quantity: Ints
    price: Ints
    amount: Ints
    vat_key: Ints
    cancelled: Ints

    def take(self, index: Ints) -> "Lines":
        """The lines of an index array, in its order."""
        return Lines(**{name: values[index] for name, values in vars(self).items()})


@dataclass
class TillData:
    """Receipts of one till over some months; receipts are ordered by closing.

    ``closing_*`` have one entry per closing (business day), the other arrays one per receipt.
    ``reverses`` is the receipt that a cancellation takes back, or -1.
    """

    till: Till
    closing_day: list[date]
    closing_month: Ints
    closing_number: Ints
    closing_second: int
    closing: Ints
    second: Ints
    kind: Ints
    is_storno: Ints
    in_house: Ints
    reverses: Ints
    number: Ints
    clerk: Ints
    customer: Ints
    gross: Ints
    lines: Lines
    payment_receipt: Ints
    payment_type: Ints
    payment_amount: Ints


def draw_till(town: Town, till: Till, months: list[Month], first_number: int) -> TillData:
    """Draws the months of one till; ``first_number`` is the number of the first receipt."""
    trade = town.plan["trades"][till.site.trade_id]
    goods = town.goods[till.site.trade_id]
    demand = served(town, till, months)
    closing, second, kind, u = demand.closing, demand.second, demand.kind, demand.u
    reversed_ = demand.is_reversed
    simple = till.site.system == "csv"
    gastronomy = till.site.trade_id in GASTRONOMY and not simple
    share = town.plan["in_house"]["share" if gastronomy else "share_bakery"]
    in_house = (u[3] < share) & (gastronomy or till.site.trade_id == "baeckerei")

    lines = _base_lines(goods, demand)
    reduced_from = town.plan["in_house"]["reduced_from"]
    old_rate = np.array([day < reduced_from for day in demand.day], dtype=bool)[closing]
    food = goods.is_food[lines.article] & in_house[lines.receipt] & old_rate[lines.receipt]
    lines.vat_key[food] = KEY_STANDARD
    lines = _with_extras(lines, goods, demand, simple)
    cash = u[4] < trade["cash"]
    if gastronomy:
        tipped = (u[6] < 0.12) & in_house & ~cash & (kind == RECEIPT) & ~reversed_
        lines = _with_tips(lines, tipped)
    if till.site.member is not None and till.site.member.vat_status == "kleinunternehmer":
        lines.vat_key[lines.kind != TIP] = KEY_EXEMPT
    payment = np.select([cash, u[7] < 0.75, u[7] < 0.94], [0, 1, 2], 3)

    # A cancellation is a copy of its receipt with opposite sign, two and a half minutes later.
    source = np.repeat(np.arange(len(kind)), 1 + reversed_)
    is_storno = np.concatenate([[False], source[1:] == source[:-1]]) if len(source) else source > 0
    lines = _copied(lines, source, is_storno, len(kind))
    closing, second = closing[source], second[source] + 150 * is_storno
    gross = np.bincount(lines.receipt, lines.amount, len(source)).astype(np.int64)
    kind, payment = kind[source], payment[source]
    reverses = np.where(is_storno, np.arange(len(source)) - 1, -1)
    split = (u[5][source] > 1 - _SPLIT) & (gross > 1000) & (payment > 0) & (kind == RECEIPT)

    data = TillData(
        till=till,
        closing_day=demand.day,
        closing_month=demand.month,
        closing_number=demand.number,
        closing_second=closing_second(town, trade["profile"]),
        closing=closing,
        second=second,
        kind=kind,
        is_storno=is_storno,
        in_house=in_house[source],
        reverses=reverses,
        number=np.zeros(len(source), dtype=np.int64),
        clerk=(u[3][source] * 1e6).astype(np.int64) % 3,
        customer=np.where(u[6][source] > 0.995, (u[7][source] * 1e6).astype(np.int64) % 4, -1),
        gross=gross,
        lines=lines,
        payment_receipt=np.empty(0, dtype=np.int64),
        payment_type=np.empty(0, dtype=np.int64),
        payment_amount=np.empty(0, dtype=np.int64),
    )
    _pay(data, payment, split)
    if not simple:
        _bank(data)
    data.number = first_number + np.arange(len(data.closing))
    return data


def daily_counts(town: Town, till: Till) -> tuple[list[date], Ints]:
    """Trading days of a till and its purchases less cancellations on each, without the lines.

    Only where shelves run empty the lines have to be drawn: who finds nothing leaves no receipt.
    """
    if not articles_of(town, till.site.trade_id):
        return daily_customers(town, till, town.all_months)
    demand = served(town, till, town.all_months)
    buys = (demand.kind == RECEIPT) & ~demand.is_reversed
    return demand.day, np.bincount(demand.closing[buys], minlength=len(demand.day))


def _base_lines(goods: Goods, demand: Demand) -> Lines:
    receipt, article, quantity = demand.receipt, demand.article, demand.quantity
    start = np.searchsorted(receipt, receipt, side="left")
    price = goods.price[article]
    return Lines(
        receipt=receipt,
        position=4 * (np.arange(len(receipt)) - start),
        kind=np.zeros(len(receipt), dtype=np.int64),
        article=article,
        quantity=quantity,
        price=price,
        amount=(quantity * price + 500) // 1000,
        vat_key=goods.vat_key[article],
        cancelled=np.zeros(len(receipt), dtype=bool),
    )


def _with_extras(base: Lines, goods: Goods, demand: Demand, simple: bool) -> Lines:
    """Adds cancelled lines, discounts and, unless the till is simple, deposits."""
    u, void = demand.u, demand.is_void
    plain = (demand.kind == RECEIPT) & ~demand.is_reversed
    parts = [base]
    cancelled = base.take(np.flatnonzero(void))
    cancelled.position = cancelled.position + 2
    cancelled.quantity, cancelled.amount = -cancelled.quantity, -cancelled.amount
    cancelled.cancelled = np.ones(len(cancelled.receipt), dtype=bool)
    parts.append(cancelled)

    first = base.position == 0
    rebate = (base.amount + 5) // 10
    discount = base.take(np.flatnonzero(first & ((u[5] < _DISCOUNT) & plain)[base.receipt]))
    rebate = rebate[np.flatnonzero(first & ((u[5] < _DISCOUNT) & plain)[base.receipt])]
    parts.append(_priced(discount, DISCOUNT, 90, -1, rebate))

    if not simple and goods.deposit.any():
        kept = (goods.deposit[base.article] > 0) & ~void
        deposit = base.take(np.flatnonzero(kept))
        pieces = np.maximum(deposit.quantity // 1000, 1)
        priced = _priced(deposit, DEPOSIT, 0, pieces, goods.deposit[deposit.article])
        priced.position = deposit.position + 1
        parts.append(priced)
        back = base.take(np.flatnonzero(first & ((u[5] > 0.93) & plain)[base.receipt]))
        pieces = 1 + (u[6][back.receipt] * 6).astype(np.int64)
        smallest = np.full(len(back.receipt), goods.deposit[goods.deposit > 0].min())
        back = _priced(back, DEPOSIT_BACK, 91, -pieces, smallest)
        back.vat_key[:] = KEY_STANDARD
        parts.append(back)
    return _joined(parts)


def _priced(lines: Lines, kind: int, position: int, pieces: Ints | int, price: Ints) -> Lines:
    """Lines of another kind on the same receipts: whole pieces at a price; VAT key as before."""
    count = np.zeros(len(lines.receipt), dtype=np.int64) + pieces
    return Lines(
        receipt=lines.receipt,
        position=np.full(len(count), position),
        kind=np.full(len(count), kind),
        article=lines.article,
        quantity=count * 1000,
        price=price,
        amount=count * price,
        vat_key=lines.vat_key.copy(),
        cancelled=np.zeros(len(count), dtype=bool),
    )


def _with_tips(lines: Lines, tipped: Ints) -> Lines:
    gross = np.bincount(lines.receipt, lines.amount, len(tipped)).astype(np.int64)
    first = np.flatnonzero((lines.position == 0) & tipped[lines.receipt])
    base = lines.take(first)
    tip = np.maximum(gross[base.receipt] * 8 // 1000 * 10, 50)
    tips = _priced(base, TIP, 92, 1, tip)
    tips.vat_key[:] = KEY_OUTSIDE
    return _joined([lines, tips])


def _joined(parts: list[Lines]) -> Lines:
    names = vars(parts[0])
    joined = Lines(**{n: np.concatenate([getattr(p, n) for p in parts]) for n in names})
    return joined.take(np.argsort(joined.receipt * 128 + joined.position, kind="stable"))


def _copied(lines: Lines, source: Ints, is_storno: Ints, receipts: int) -> Lines:
    """Lines of the receipts in ``source``; those of cancellations with opposite sign."""
    counts = np.bincount(lines.receipt, minlength=receipts)
    start = np.cumsum(counts) - counts
    copies = counts[source]
    receipt = np.repeat(np.arange(len(source)), copies)
    within = np.arange(len(receipt)) - (np.cumsum(copies) - copies)[receipt]
    copied = lines.take(start[source][receipt] + within)
    sign = np.where(is_storno[receipt], -1, 1)
    copied.receipt, copied.position = receipt, within + 1
    copied.quantity, copied.amount = copied.quantity * sign, copied.amount * sign
    return copied


def _pay(data: TillData, payment: Ints, split: Ints) -> None:
    """One payment per receipt; a few split between card and cash. Other kinds are not paid."""
    receipt = np.repeat(np.arange(len(data.kind)), np.where(data.kind == RECEIPT, 1 + split, 0))
    second = np.concatenate([[False], receipt[1:] == receipt[:-1]]) if len(receipt) else receipt > 0
    half = data.gross[receipt] // 2
    amount = np.where(split[receipt], half, data.gross[receipt])
    amount[second] = (data.gross[receipt] - half)[second]
    data.payment_receipt, data.payment_amount = receipt, amount
    data.payment_type = np.where(second, 0, payment[receipt])


def _bank(data: TillData) -> None:
    """On Fridays half of the day's cash goes to the bank: a receipt with one Geldtransit line."""
    closings = len(data.closing_day)
    in_cash = data.payment_type == 0
    cash = np.bincount(
        data.closing[data.payment_receipt[in_cash]], data.payment_amount[in_cash], closings
    ).astype(np.int64)
    friday = np.array([day.weekday() == 4 for day in data.closing_day], dtype=bool)
    taken = cash // 10_000 * 5_000
    where = np.flatnonzero(friday & (taken > 0))
    count, old = len(where), len(data.closing)
    zeros, none = np.zeros(count, dtype=np.int64), np.full(count, -1)
    added = {
        "closing": where,
        "second": np.full(count, data.closing_second - 300),
        "kind": zeros,
        "is_storno": zeros > 0,
        "in_house": zeros > 0,
        "reverses": none,
        "number": zeros,
        "clerk": zeros,
        "customer": none,
        "gross": -taken[where],
    }
    receipt = old + np.arange(count)
    one = zeros + 1
    line = Lines(
        receipt, one, zeros + TRANSFER, none, one * 1000, -taken[where], -taken[where],
        zeros + KEY_OUTSIDE, zeros > 0,
    )  # fmt: skip
    order = np.argsort(np.concatenate([data.closing, where]), kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    for name, values in added.items():
        setattr(data, name, np.concatenate([getattr(data, name), values])[order])
    data.reverses = np.where(data.reverses >= 0, rank[data.reverses], -1)
    names = vars(line)
    lines = Lines(**{n: np.concatenate([getattr(data.lines, n), getattr(line, n)]) for n in names})
    lines.receipt = rank[lines.receipt]
    data.lines = lines.take(np.argsort(lines.receipt * 128 + lines.position, kind="stable"))
    paid = rank[np.concatenate([data.payment_receipt, receipt])]
    by_receipt = np.argsort(paid, kind="stable")
    data.payment_receipt = paid[by_receipt]
    data.payment_type = np.concatenate([data.payment_type, zeros])[by_receipt]
    data.payment_amount = np.concatenate([data.payment_amount, -taken[where]])[by_receipt]
