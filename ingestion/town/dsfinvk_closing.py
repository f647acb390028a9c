# SPDX-License-Identifier: Apache-2.0
"""The DSFinV-K files with one or few rows per closing: master data and closing totals.

Belongs here: cashpointclosing, location, cashregister, slaves, pa, tse, vat, subitems, and the
totals businesscases, payment, cash_per_currency. Does not belong here: anything per receipt
(``dsfinvk``).
"""

import hashlib
from typing import Protocol

import numpy as np
import polars as pl

from ingestion.town.demand import RECEIPT
from ingestion.town.inputs import Town
from ingestion.town.receipts import LINE_TYPES, PAYMENT_TYPES, TillData
from ingestion.town.text import decimal, quoted


class Style(Protocol):
    """How the till's software writes."""

    @property
    def grouping(self) -> bool:
        """Whether thousands are grouped."""

    @property
    def brand(self) -> str:
        """The software's name."""


class Export(Protocol):
    """What is taken from the rows of one till: closings, how each row begins, net amounts of the lines."""

    town: Town
    data: TillData
    closings: int
    prefix: list[str]
    bon_id: pl.Series
    net: np.ndarray

    @property
    def style(self) -> Style:
        """How it is written."""


def closing_files(export: Export, company: str) -> dict[str, list[str]]:
    """Rows of each such file as one text per closing (empty where a file has no row)."""
    data, town = export.data, export.town
    site, member = data.till.site, data.till.site.member
    identity = town.identity
    place = (
        f"{quoted(f'{site.street} {site.house_no}')};{identity['postcode']};{identity['city']};DEU"
    )
    tax = member.tax_number if member else "337/5999/9999"
    vat_id = member.vat_id if member else ""
    serial = hashlib.sha256(f"{town.seed}/{data.till.till_id}".encode()).hexdigest()
    key = serial.upper() * 2
    brand = export.style.brand
    total, cash, payment = _payments(export)
    bounds = np.searchsorted(data.closing, np.arange(export.closings + 1))
    ids = export.bon_id.to_list()
    files: dict[str, list[str]] = {
        "location.csv": [], "cashregister.csv": [], "slaves.csv": [], "tse.csv": [], "vat.csv": [],
    }  # fmt: skip
    closing = []
    rates = town.plan["vat_rates"].items()
    vat = [f"{k};{v['rate'].replace('.', ',')};{v['name']}\r\n" for k, v in rates]
    for i, prefix in enumerate(export.prefix):
        first, last = bounds[i], bounds[i + 1]
        if first == last:
            # A day without a receipt is not closed: nothing is written for it.
            closing.append("")
            for rows in files.values():
                rows.append("")
            continue
        closing.append(
            f"{prefix}{data.closing_day[i].isoformat()};2.4;{ids[first]};{ids[last - 1]};"
            f"{quoted(company[:60])};{place};{tax};{vat_id};{total[i]};{cash[i]}\r\n"
        )
        files["location.csv"].append(f"{prefix}{quoted(site.name[:60])};{place};{vat_id}\r\n")
        files["cashregister.csv"].append(
            f"{prefix}{brand};Modell {3 + data.till.index % 5};{serial[:16]};{brand};"
            f"{2 + data.till.index % 3}.{data.till.index % 10};EUR;0\r\n"
        )
        files["slaves.csv"].append(f"{prefix}T1;{brand};Theke;{serial[16:28]};{brand};2.0\r\n")
        files["tse.csv"].append(
            f"{prefix}1;{serial};ecdsa-plain-SHA256;utcTimeWithSeconds;UTF-8;{key};{key * 3};\r\n"
        )
        files["vat.csv"].append("".join(prefix + rate for rate in vat))
    nothing = [""] * export.closings
    return {
        **files,
        "cashpointclosing.csv": closing,
        "pa.csv": nothing,
        "subitems.csv": nothing,
        "businesscases.csv": _business_cases(export),
        "payment.csv": payment,
        "cash_per_currency.csv": [
            f"{prefix}EUR;{amount}\r\n" if first != last else ""
            for prefix, amount, first, last in zip(
                export.prefix, cash, bounds[:-1], bounds[1:], strict=True
            )
        ],
    }


def _payments(export: Export) -> tuple[list[str], list[str], list[str]]:
    """Per closing: all payments, cash payments (texts), and the rows of payment.csv."""
    data, group = export.data, export.style.grouping
    kinds = len(PAYMENT_TYPES)
    cell = data.closing[data.payment_receipt] * kinds + data.payment_type
    size = export.closings * kinds
    amount = np.bincount(cell, data.payment_amount, size).astype(np.int64)
    used = np.bincount(cell, minlength=size).reshape(-1, kinds) > 0
    grid = amount.reshape(-1, kinds)
    texts = decimal(amount, 2, group).to_list()
    rows = [
        "".join(
            f"{prefix}{name};{name};{texts[i * kinds + k]}\r\n"
            for k, name in enumerate(PAYMENT_TYPES)
            if used[i, k]
        )
        for i, prefix in enumerate(export.prefix)
    ]
    total = decimal(grid.sum(axis=1), 2, group).to_list()
    return total, decimal(grid[:, 0], 2, group).to_list(), rows


def _business_cases(export: Export) -> list[str]:
    """Rows of businesscases.csv per closing: sums of lines by kind and VAT key, receipts only."""
    data, lines, group = export.data, export.data.lines, export.style.grouping
    counted = np.flatnonzero(data.kind[lines.receipt] == RECEIPT)
    width = len(LINE_TYPES) * 9
    cell = (
        data.closing[lines.receipt[counted]] * width
        + lines.kind[counted] * 9
        + lines.vat_key[counted]
    )
    unique, inverse = np.unique(cell, return_inverse=True)
    gross = np.bincount(inverse, lines.amount[counted], len(unique)).astype(np.int64) * 1000
    net = np.bincount(inverse, export.net[counted], len(unique)).astype(np.int64)
    texts = zip(
        decimal(gross, 5, group).to_list(),
        decimal(net, 5, group).to_list(),
        decimal(gross - net, 5, group).to_list(),
        strict=True,
    )
    rows = [""] * export.closings
    for place, (a, b, c) in zip(unique.tolist(), texts, strict=True):
        closing, kind, key = place // width, place % width // 9, place % 9
        rows[closing] += f"{export.prefix[closing]}{LINE_TYPES[kind]};;0;{key};{a};{b};{c}\r\n"
    return rows
