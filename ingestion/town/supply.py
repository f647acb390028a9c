# SPDX-License-Identifier: Apache-2.0
"""Incoming invoices of food shops: who buys what from whom, and how much of it is of the region.

Belongs here: drawing purchases, planting faults, folders and the truth. Does not belong here: the
syntax of an invoice (``supply_files``), its reading.

A shop's month is split into a regional and a distant part; each goes to one or two suppliers, and
each supplier writes one invoice. What is true is added up from the lines that were written.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from ingestion.town.delivered import Delivered
from ingestion.town.gdpdu import pack
from ingestion.town.inputs import Month, Site, Town
from ingestion.town.supply_files import (
    CREDIT_NOTE,
    INVOICE,
    SELF_BILLED,
    Invoice,
    Line,
    Party,
    cii,
    picture_only,
    ubl,
)

_FOLDER = "einvoices"
# Where one of these is planted the file is no good: reason and what stays out.
_BAD = {"invoice_wrong_totals": "row", "invoice_truncated": "row", "invoice_pdf": "delivery"}


@dataclass(frozen=True)
class Bought:
    """One invoice of a shop as it is written; ``counts`` is False where the house must leave it out."""

    site: Site
    month: Month
    invoice: Invoice
    name: str
    content: bytes
    plant: dict[str, Any] | None = None
    counts: bool = True


def deliver_supply(town: Town, inbox: Path) -> Delivered:
    """Writes every shop's invoices and says what they hold."""
    paths: list[str] = []
    bad: list[dict[str, Any]] = []
    bought: list[Bought] = []
    single = {s["site"]: s.get("files") == "einzeln" for s in town.plan["supply"]["shops"]}
    for site in (s for s in town.sites if s.number in single):
        again: list[Bought] = []
        for month in town.months:
            items = [*_month(town, site, month), *again]
            again = [_again(b) for b in items if _kind(b) == "invoice_twice" and b.counts]
            files = _files(site, month, items, single[site.number])
            for path, content in files.items():
                target = inbox / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            paths += files
            bought += items
            bad += [_bad(b, single[site.number]) for b in items if _kind(b) in _BAD]
    return Delivered(sorted(paths), _truth(town, bought), bad)


def _month(town: Town, site: Site, month: Month) -> Iterator[Bought]:
    rng = town.rng("supply", site.index, month.index)
    plants = {
        p["kind"]: p for p in town.plants if p.get("shop") == site.number and _is_of(p, month)
    }
    plan = town.plan["supply"]
    volume = plan["volume_eur"][site.trade_id] * rng.lognormal(0, plan["spread"])
    share = plan["local_share"][site.quarter_id] * plan["season"][month.number - 1]
    share = min(share * rng.lognormal(0, plan["spread"]), 0.9)
    local = volume * share * plants.get("supply_dominated", {}).get("factor", 1)
    invoices = [
        *_of_part(town, rng, site, month, local, True),
        *_of_part(town, rng, site, month, volume * (1 - share), False),
    ]
    for number, invoice in enumerate(invoices):
        yield from _written(site, month, invoice, plants, is_first=number == 0)


def _is_of(plant: dict[str, Any], month: Month) -> bool:
    return "month" in plant and Month.parse(str(plant["month"])) == month


def _of_part(
    town: Town, rng: np.random.Generator, site: Site, month: Month, amount: float, is_local: bool
) -> Iterator[Invoice]:
    region = {row["postcode"] for row in town.region}
    fitting = [
        (number, s)
        for number, s in enumerate(town.plan["supply"]["suppliers"], start=1)
        if site.trade_id in s["trades"] and (s["postcode"] in region) == is_local
    ]
    count = min(len(fitting), 1 + int(rng.random() < 0.5))
    for place in sorted(rng.choice(len(fitting), count, replace=False)):
        number, supplier = fitting[int(place)]
        day = month.days[int(rng.integers(0, len(month.days)))]
        yield Invoice(
            number=f"{month.year}{month.number:02d}-{site.number.removeprefix('B-')}-{number:02d}",
            kind=INVOICE,
            day=day,
            seller=_seller(supplier),
            buyer=_buyer(town, site),
            lines=tuple(_lines(rng, supplier["goods"], amount / count)),
        )


def _lines(rng: np.random.Generator, goods: list[dict[str, Any]], amount: float) -> Iterator[Line]:
    """Lines worth about ``amount``; at least one unit of each article."""
    parts = rng.dirichlet(np.full(len(goods), 3.0)) * amount
    for item, part in zip(goods, parts, strict=True):
        price = Decimal(item["price"])
        quantity = max(int(part / float(price)), 1)
        yield Line(item["name"], item["unit"], item.get("gtin", ""), quantity, price)


def _seller(supplier: dict[str, Any]) -> Party:
    given = {key: supplier[key] for key in ("name", "street", "postcode", "city", "vat_id")}
    return Party(**given, country=supplier.get("country", "DE"))


def _buyer(town: Town, site: Site) -> Party:
    return Party(
        name=site.member.name if site.member else site.name,
        street=f"{site.street} {site.house_no}",
        postcode=str(town.identity["postcode"]),
        city=str(town.identity["city"]),
        country="DE",
        vat_id=site.member.vat_id if site.member else "",
    )


def _written(
    site: Site, month: Month, invoice: Invoice, plants: dict[str, Any], *, is_first: bool
) -> Iterator[Bought]:
    """An invoice as its file; a shop's first one of the month carries what is planted."""
    plant = next((p for p in plants.values() if p["kind"].startswith("invoice_")), None)
    kind = plant["kind"] if plant and is_first else ""
    if kind == "invoice_self_billed":
        invoice = replace(invoice, kind=SELF_BILLED)
    if kind == "invoice_with_discount":
        invoice = replace(invoice, discount=(invoice.line_total / 20).quantize(Decimal("0.01")))
    name = f"{invoice.number}.xml"
    content = ubl(invoice) if kind == "invoice_ubl" else cii(invoice)
    yield Bought(site, month, invoice, name, content, plant if kind else None)
    further = replace(
        invoice, number=f"{invoice.number}-2", day=min(invoice.day + timedelta(1), month.days[-1])
    )
    name = f"{further.number}.xml"
    if kind == "invoice_credit_note":
        # Half of the first line comes back.
        line = replace(invoice.lines[0], quantity=max(invoice.lines[0].quantity // 2, 1))
        back = replace(further, kind=CREDIT_NOTE, lines=(line,))
        yield Bought(site, month, back, name, cii(back), plant)
    elif kind == "invoice_wrong_totals" and plant:
        wrong = replace(further, wrong_by=Decimal(plant["difference"]))
        yield Bought(site, month, wrong, name, cii(wrong), plant, counts=False)
    elif kind == "invoice_truncated":
        content = cii(further)[: len(cii(further)) * 6 // 10]
        yield Bought(site, month, further, name, content, plant, counts=False)
    elif kind == "invoice_pdf":
        name = f"{further.number}.pdf"
        yield Bought(site, month, further, name, picture_only(), plant, counts=False)


def _kind(bought: Bought) -> str:
    """What is planted in this very file."""
    if bought.plant is None:
        return ""
    kind: str = bought.plant["kind"]
    return kind if bought.counts == (kind not in _BAD) else ""


def _again(bought: Bought) -> Bought:
    """The same invoice once more, in the next month's delivery; it must count once."""
    return replace(bought, counts=False)


def _files(site: Site, month: Month, items: list[Bought], single: bool) -> dict[str, bytes]:
    folder = f"{_FOLDER}/{site.number}"
    if single:
        return {f"{folder}/{b.name}": b.content for b in items}
    return {f"{folder}/{site.number}_{month}.zip": pack({b.name: b.content for b in items})}


def _bad(bought: Bought, single: bool) -> dict[str, Any]:
    folder = f"{_FOLDER}/{bought.site.number}"
    zipped = f"{folder}/{bought.site.number}_{bought.month}.zip"
    plant = bought.plant or {}
    return {
        "plant_id": plant["id"],
        "contract_id": _FOLDER,
        "path": f"{folder}/{bought.name}" if single else zipped,
        "file": bought.name,
        "reason": plant["kind"],
        "unit": _BAD[plant["kind"]],
    }


def _truth(town: Town, bought: list[Bought]) -> dict[str, Any]:
    """True purchases per quarter and month, of them those of the region; counts of what was written."""
    region = {row["postcode"] for row in town.region}
    cells: dict[tuple[str, str], dict[str, list[Decimal]]] = defaultdict(dict)
    good = [b for b in bought if b.counts]
    for b in good:
        sign = -1 if b.invoice.kind == CREDIT_NOTE else 1
        owner = b.site.member.owner_no if b.site.member else ""
        sums = cells[b.site.quarter_id, f"{b.month}-01"].setdefault(owner, [Decimal(0)] * 2)
        is_local = b.invoice.seller.country == "DE" and b.invoice.seller.postcode in region
        sums[0] += sign * b.invoice.net
        sums[1] += sign * b.invoice.net if is_local else 0
    return {
        "cells": [
            {
                "quarter_id": quarter,
                "business_month": month,
                "owners": len(owners),
                "net_eur": str(sum(s[0] for s in owners.values())),
                "local_net_eur": str(sum(s[1] for s in owners.values())),
                "largest_local_share": _largest(owners),
            }
            for (quarter, month), owners in sorted(cells.items())
        ],
        "invoices": len(good),
        "lines": sum(len(b.invoice.lines) + bool(b.invoice.discount) for b in good),
        "credit_notes": [b.invoice.number for b in good if b.invoice.kind == CREDIT_NOTE],
        "self_billed": [b.invoice.number for b in good if b.invoice.kind == SELF_BILLED],
        "twice": [b.invoice.number for b in bought if _is_again(b)],
    }


def _is_again(bought: Bought) -> bool:
    plant = bought.plant or {}
    return plant.get("kind") == "invoice_twice" and not bought.counts


def _largest(owners: dict[str, list[Decimal]]) -> str:
    local = [s[1] for s in owners.values()]
    return f"{max(local) / sum(local, Decimal(0)):.4f}"
