# SPDX-License-Identifier: Apache-2.0
"""What is true about the simulated town: numbers that tests compare the pipeline's results with.

Belongs here: adding up what the sources report about their own files. Does not belong here:
reading any delivered file; and nothing of the pipeline reads what is written here.

Definitions: a purchase is a ``Beleg`` that is no cancellation and has at least one line of GV_TYP
``Umsatz``; the number of receipts is purchases less cancellations, as each takes one back. Revenue
is the sum of ``Umsatz`` and ``Rabatt`` lines of all ``Beleg`` receipts, cancellations (negative)
included. Money is text with two decimals, a month is its first day.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.money import from_cents
from ingestion.town.deliveries import COUNTS, Delivery
from ingestion.town.footfall import SensorMonth
from ingestion.town.inputs import Month, Town
from ingestion.town.premises import QuarterMonth

Cell = dict[str, Any]
_MONEY = {
    "revenue_cents": "revenue_eur",
    "deposit_cents": "deposit_eur",
    "tips_cents": "tips_eur",
    "transfer_cents": "transfer_eur",
}


@dataclass(frozen=True)
class Facts:
    """What the sources report: tills, sensors, register, office."""

    deliveries: list[Delivery]
    footfall: list[SensorMonth]
    register: list[QuarterMonth]
    office: dict[str, list[dict[str, str]]]


def build_truth(town: Town, facts: Facts) -> dict[str, Any]:
    """The truth file's content (JSON-ready); keys as listed in ``tests/ingestion/town``."""
    withdrawn = _withdrawn_owners(town)
    receipts = _receipts(town, facts.deliveries, withdrawn)
    consented = [row for row in receipts if row["consented"]]
    return {
        "format": 1,
        "seed": town.seed,
        "scale": town.scale,
        "first_month": str(town.months[0]),
        "last_month": str(town.months[-1]),
        "running_month": str(town.running),
        "receipts": receipts,
        "cells": {
            "quarter": _cells(town, consented, "quarter_id"),
            "trade_group": _cells(town, consented, "trade_group"),
            "quarter_trade_group": _cells(town, consented, "quarter_id", "trade_group"),
        },
        "totals": _totals(town, facts.deliveries, withdrawn),
        "vacancy": [_vacancy(q) for q in facts.register],
        "independent_shops": [_shops(q) for q in facts.register],
        "footfall": [_footfall(s) for s in facts.footfall],
        "festival": _festival(town, facts.footfall),
        "consent": {
            "indikatoren_withdrawn_owners": sorted(withdrawn),
            "withdrawn": [r for r in facts.office["consents"] if r["status"] == "widerrufen"],
        },
        "members": _members(town, facts.office["members"]),
        "sales": facts.office["sales"],
        "sales_totals": _sales_totals(town, facts.office["sales"]),
        "bad_files": _bad_files(facts),
        "plants": [_plant(town, plant, facts, consented) for plant in town.plants],
        "deliveries": [_delivery(town, d, withdrawn) for d in facts.deliveries],
    }


def _first_day(month: Month) -> str:
    return f"{month}-01"


def _is_good(delivery: Delivery) -> bool:
    return delivery.reason is None and not delivery.again


def _owner(town: Town, delivery: Delivery) -> str:
    member = town.sites[delivery.site].member
    return member.owner_no if member else ""


def _withdrawn_owners(town: Town) -> set[str]:
    members = [town.site_named(p["site"]).member for p in town.plants_of("withdrawn_consent")]
    return {m.owner_no for m in members if m}


def _amounts(sums: dict[str, int]) -> Cell:
    """Counts and money of summed COUNTS; gross is what the receipts' heads add up to."""
    row: Cell = {k: v for k, v in sums.items() if not k.endswith("_cents")}
    row |= {name: str(from_cents(sums[key])) for key, name in _MONEY.items()}
    row["gross_eur"] = str(from_cents(sum(sums[key] for key in _MONEY)))
    return row


def _add(into: dict[str, int], counts: dict[str, int]) -> None:
    for key in COUNTS:
        into[key] += counts[key]


def _receipts(town: Town, deliveries: list[Delivery], withdrawn: set[str]) -> list[Cell]:
    sums: dict[tuple[str, str, str, str], dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(COUNTS, 0)
    )
    for d in filter(_is_good, deliveries):
        site = town.sites[d.site]
        _add(sums[_owner(town, d), site.quarter_id, site.trade_id, _first_day(d.month)], d.counts)
    kept = ("receipt_count", "purchase_count", "storno_count", "line_count")
    rows = []
    for (owner, quarter, trade, month), counted in sorted(sums.items()):
        amounts = {k: v for k, v in _amounts(counted).items() if k in kept or k.endswith("_eur")}
        rows.append(
            {
                "owner_no": owner,
                "quarter_id": quarter,
                "trade_id": trade,
                "trade_group": town.trade_groups[trade],
                "business_month": month,
                "consented": owner not in withdrawn,
                **amounts,
            }
        )
    return rows


def _cells(town: Town, rows: list[Cell], *by: str) -> list[Cell]:
    """Cells of a table by month: owners, sums, largest shares, and the firm rule's verdict."""
    cells: dict[tuple[str, ...], dict[str, list[Decimal]]] = {}
    counts: dict[tuple[str, ...], int] = defaultdict(int)
    for row in rows:
        key = (*(str(row[name]) for name in by), str(row["business_month"]))
        owners = cells.setdefault(key, defaultdict(list))
        owners[row["owner_no"]].append(Decimal(row["revenue_eur"]))
        counts[key] += row["receipt_count"]
    found = []
    for key, owners in sorted(cells.items()):
        values = sorted((sum(v, Decimal(0)) for v in owners.values()), reverse=True)
        total = sum(values, Decimal(0))
        top1, top2 = values[0] / total, sum(values[:2], Decimal(0)) / total
        found.append(
            {
                **dict(zip((*by, "business_month"), key, strict=True)),
                "owners": len(values),
                "receipt_count": counts[key],
                "revenue_eur": str(total),
                "top1_share": f"{top1:.4f}",
                "top2_share": f"{top2:.4f}",
                "passes_firm_rule": _passes(town, values, total),
            }
        )
    return found


def _passes(town: Town, values: list[Decimal], total: Decimal) -> bool:
    rule = town.identity["disclosure"]
    if len(values) < rule["firms_min"]:
        return False
    top2 = sum(values[:2], Decimal(0))
    rest_hides = total - top2 >= Decimal(str(rule["p_percent"])) / 100 * values[0]
    return (
        values[0] <= Decimal(str(rule["top1_max"])) * total
        and top2 < Decimal(str(rule["top2_max"])) * total
        and rest_hides
    )


def _totals(town: Town, deliveries: list[Delivery], withdrawn: set[str]) -> Cell:
    sums, csv_sums, refused = (dict.fromkeys(COUNTS, 0) for _ in range(3))
    for d in filter(_is_good, deliveries):
        _add(sums, d.counts)
        if d.contract_id == "pos_csv":
            _add(csv_sums, d.counts)
        if _after_withdrawal(town, d, withdrawn):
            _add(refused, d.counts)
    good = sum(map(_is_good, deliveries))
    return {
        "deliveries_good": good,
        "deliveries_again": sum(d.again for d in deliveries),
        "deliveries_bad": sum(d.reason is not None for d in deliveries),
        **_amounts(sums),
        "csv_line_count": csv_sums["line_count"],
        "csv_receipt_count": csv_sums["receipt_count"],
        "line_count_all_after_withdrawal": refused["line_count_all"],
        "receipt_count_after_withdrawal": refused["receipt_count"],
    }


def _after_withdrawal(town: Town, delivery: Delivery, withdrawn: set[str]) -> bool:
    """Whether a delivery of a withdrawn owner reaches beyond the day of the withdrawal."""
    days = [p["withdrawn_on"] for p in town.plants_of("withdrawn_consent")]
    last: date = delivery.month.days[-1]
    return _owner(town, delivery) in withdrawn and any(last >= day for day in days)


def _vacancy(q: QuarterMonth) -> Cell:
    return {
        "quarter_id": q.quarter_id,
        "business_month": _first_day(q.month),
        "premise_count": q.premise_count,
        "vacant_count": q.vacant_count,
        "under_conversion_count": q.under_conversion_count,
    }


def _shops(q: QuarterMonth) -> Cell:
    return {
        "quarter_id": q.quarter_id,
        "business_month": _first_day(q.month),
        "shop_count": q.shop_count,
        "independent_count": q.independent_count,
    }


def _footfall(s: SensorMonth) -> Cell:
    return {
        "sensor_id": s.sensor_id,
        "business_month": _first_day(s.month),
        "pedestrians_sum": s.pedestrians_sum,
        "observed_hours": s.observed_hours,
        "missing_hours": s.missing_hours,
        "hours_in_month": s.hours_in_month,
    }


def _festival(town: Town, footfall: list[SensorMonth]) -> Cell:
    plan = town.plan["festival"]
    expected: dict[str, dict[str, float]] = defaultdict(dict)
    for s in footfall:
        if s.expected_without_festival:
            expected[s.sensor_id] |= s.expected_without_festival
    return {
        "factor": plan["factor"],
        "days": [day.isoformat() for day in plan["days"] if town.has_month(day)],
        "expected_per_day_without": expected,
        "trades": [name for name, t in town.plan["trades"].items() if t["festival"]],
    }


def _members(town: Town, rows: list[dict[str, str]]) -> Cell:
    day = str(town.identity["as_of"])[:10]
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        if row["beitritt_am"] <= day and (not row["austritt_am"] or row["austritt_am"] > day):
            counts[row["quartier"], row["art"]] += 1
    shops: dict[str, set[str]] = defaultdict(set)
    for site in town.sites:
        if site.member:
            shops[site.member.owner_no].add(site.number)
    return {
        "by_quarter_kind": [
            {"quarter_id": q, "member_kind": k, "member_count": n}
            for (q, k), n in sorted(counts.items())
        ],
        "members": len(rows),
        "sites": sum(len(v) for v in shops.values()),
        "tills": len(town.tills),
        "owners_with_several_shops": sorted(o for o, v in shops.items() if len(v) > 1),
        "without_self_billing": [
            row["mitgliedsnr"]
            for row in rows
            if row["art"] != "buerger" and not row["gutschrift_vereinbart_am"]
        ],
    }


def _sales_totals(town: Town, rows: list[dict[str, str]]) -> Cell:
    """Net sales of the first fiscal year in the plan, by product and kind of buyer."""
    year = Month.parse(str(town.plan["first_month"])).year
    start = int(town.identity["fiscal_year_start_month"])
    first, last = f"{year}-{start:02d}-01", f"{year + 1}-{start:02d}-01"
    totals: dict[str, dict[str, Decimal]] = {"dritte": {}, "mitglied": {}}
    for row in rows:
        if first <= row["rechnungsdatum"] < last:
            of_kind = totals[row["kaeufer_art"]]
            so_far = of_kind.get(row["produkt_id"], Decimal(0))
            of_kind[row["produkt_id"]] = so_far + Decimal(row["netto"])
    return {kind: {p: str(v) for p, v in sorted(t.items())} for kind, t in totals.items()}


def _content(delivery: Delivery) -> Cell:
    kept = ("receipt_count", "line_count", "line_count_all", "revenue_eur", "gross_eur")
    return {k: v for k, v in _amounts(delivery.counts).items() if k in kept}


def _bad_files(facts: Facts) -> list[Cell]:
    bad: list[Cell] = [
        {
            "plant_id": d.plant_id,
            "contract_id": d.contract_id,
            "path": d.path,
            "reason": d.reason,
            "unit": "delivery",
            "till": d.till_id,
            "business_month": _first_day(d.month),
            "content": _content(d),
        }
        for d in facts.deliveries
        if d.reason is not None
    ]
    for s in facts.footfall:
        bad += [
            {
                "plant_id": wrong["plant_id"],
                "contract_id": "footfall_hystreet",
                "path": s.path,
                "reason": "sensor_out_of_range",
                "unit": "row",
                "row": wrong["row"],
                "value": wrong["value"],
            }
            for wrong in s.out_of_range
        ]
    return bad


def _plant(town: Town, plant: dict[str, Any], facts: Facts, consented: list[Cell]) -> Cell:
    """The plant as planned, with what became of it."""
    row: Cell = {k: v if isinstance(v, (int, float)) else str(v) for k, v in plant.items()}
    row["paths"] = [d.path for d in facts.deliveries if d.plant_id == plant["id"]]
    member = town.site_named(plant["site"]).member if "site" in plant else None
    if member:
        row |= {"owner_no": member.owner_no, "member_no": member.number}
    if plant["kind"] == "dominating_shop":
        month = _first_day(Month.parse(str(plant["month"])))
        group = town.trade_groups[plant["trade"]]
        cells = [
            c
            for c in _cells(town, consented, "trade_group")
            if c["trade_group"] == group and c["business_month"] == month
        ]
        row |= {"table": "trade_group", **(cells[0] if cells else {})}
        owners = {r["owner_no"] for r in consented if r["trade_id"] == plant["trade"]}
        row["owner_no"] = min(owners, default="")
    if plant["kind"] == "two_owner_cell":
        row |= {"table": "quarter_trade_group", "owners": 2}
    if plant["kind"] == "withdrawn_consent" and member:
        row["paths"] = [
            d.path for d in facts.deliveries if _after_withdrawal(town, d, {member.owner_no})
        ]
    return row


def _delivery(town: Town, d: Delivery, withdrawn: set[str]) -> Cell:
    return {
        "contract_id": d.contract_id,
        "path": d.path,
        "till": d.till_id,
        "business_month": _first_day(d.month),
        "good": d.reason is None,
        "again": d.again,
        "late": d.late,
        "after_withdrawal": _after_withdrawal(town, d, withdrawn),
        "receipt_count": d.counts["receipt_count"],
        "line_count": d.counts["line_count"],
        "line_count_all": d.counts["line_count_all"],
    }
