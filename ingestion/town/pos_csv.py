# SPDX-License-Identifier: Apache-2.0
"""A till without DSFinV-K: its receipt lines as the CSV that its software exports (cp1252, German).

Belongs here: the rows of that CSV. Does not belong here: what happened (``receipts``).
"""

import numpy as np
import polars as pl

from ingestion.town.inputs import Town
from ingestion.town.receipts import DISCOUNT, TillData
from ingestion.town.text import Rows, clock_texts, decimal, gather, quoted, rows

HEADER = "Belegnummer;Datum;Kasse;Artikelnr;Bezeichnung;Menge;Einzelpreis;Summe;MwSt;Storno\r\n"


def line_rows(town: Town, data: TillData) -> Rows:
    """One row per receipt line; a cancelled line or receipt has ``J`` and a negative quantity.

    A discount is an article of its own (RABATT) with quantity -1, so that price times quantity
    holds.
    """
    lines, goods = data.lines, town.goods[data.till.site.trade_id]
    articles = len(goods.price)
    named = [
        f"{number};{quoted(name)};"
        for number, name in zip(goods.article_no, goods.name, strict=True)
    ]
    discounts = [f"RABATT;{quoted(f'Rabatt {name}')};" for name in goods.name]
    which = np.where(lines.kind == DISCOUNT, articles, 0) + lines.article
    rates = [str(town.plan["vat_rates"].get(key, {}).get("rate", "")) for key in range(9)]
    closing = data.closing[lines.receipt]
    date = [f";{day:%d.%m.%Y} " for day in data.closing_day]
    minute = clock_texts().str.slice(0, 5).gather(data.second[lines.receipt])
    void = (lines.cancelled | data.is_storno[lines.receipt]).astype(np.int64)
    columns: list[pl.Series | str] = [
        pl.Series(data.number[lines.receipt]).cast(pl.String), gather(date, closing), minute,
        f";{data.till.till_id};", gather([*named, *discounts], which),
        decimal(lines.quantity, 3, True), ";", decimal(lines.price, 2, True), ";",
        decimal(lines.amount, 2, True),
        gather([f";{rate.replace('.', ',')}" for rate in rates], lines.vat_key),
        gather([";N\r\n", ";J\r\n"], void),
    ]  # fmt: skip
    return rows(columns, closing, len(data.closing_day))
