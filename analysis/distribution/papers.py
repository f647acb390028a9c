# SPDX-License-Identifier: Apache-2.0
"""Rows of `papers.statement` and `papers.statement_position`: all that a paper prints but names.

Belongs here: kinds and consecutive numbers of papers, totals, the terms that make a recomputation
possible.
Does not belong here: identities (from the register, when the paper is made), layout.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis.distribution.positions import FEE
from analysis.distribution.refund import DELIVERY, PURCHASE
from analysis.distribution.tables import Members, Row
from analysis.distribution.year import Distribution

ZERO = Decimal("0.00")
PREFIX = {"gutschrift": "GS", "abrechnung": "AB", "entgeltminderung": "EM"}
STATEMENT_COLUMNS = [
    "member_id",
    "fiscal_year",
    "statement_number",
    "is_draft",
    "member_kind",
    "vat_status",
    "period_from",
    "period_to",
    "points_total",
    "fee_net_eur",
    "refund_net_eur",
    "net_eur",
    "vat_eur",
    "gross_eur",
    "refund_percent",
    "refund_resolution",
    "accounts_adoption",
    "price_list_version",
    "price_list_agreed_on",
    "price_per_point_eur",
    "terms_json",
    "figure_code",
]


def figure_code(*parts: str) -> str:
    """ "W-" and ten characters, the same for the same figure in every edition."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return "W-" + base64.b32encode(digest).decode()[:10]


def document_kind(pot: str, vat_status: str) -> str:
    """Kind of paper: gutschrift to an entrepreneur, abrechnung to anyone else.

    A refund on purchases is neither: the cooperative's own price comes down (§ 17 UStG), and the
    paper is an entgeltminderung.
    """
    if pot == PURCHASE:
        return "entgeltminderung"
    return "abrechnung" if vat_status == "keine" else "gutschrift"


def statement_frames(
    distribution: Distribution, members: pd.DataFrame, *, tie_column: str = "member_number"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One statement per member of the year, and its positions; money exact.

    Consecutive numbers run by the tie key within kind and quarter, so the same year gives the same
    numbers. A member without any position gets a statement over 0.00.
    """
    known = Members(members, tie_column)
    year = distribution.terms.year
    by_member: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in distribution.positions.to_dict("records"):
        by_member[record["member_id"]].append({str(key): record[key] for key in record})
    counters: Counter[tuple[str, str]] = Counter()
    statements: list[dict[str, Any]] = []
    positions: list[dict[str, Any]] = []
    for member in known:
        if not known.was_member(member, year.first_day, year.last_day) and member not in by_member:
            continue
        counters["JA", ""] += 1
        info = known.get(member, "members")
        own = by_member[member]
        begun: set[tuple[str, str]] = set()
        for number, row in enumerate(own, start=1):
            kind = document_kind(row["pot"], info["vat_status"])
            series = row.pop("quarter") or "RV"
            # Purchases of one member may carry two VAT rates: one paper, two positions
            if (kind, series) not in begun:
                begun.add((kind, series))
                counters[kind, series] += 1
            row |= {
                "position": number,
                "document_kind": kind,
                "invoice_number": _number(PREFIX[kind], year.id, series, counters[kind, series]),
                "figure_code": figure_code(
                    "papers.statement_position",
                    year.id,
                    member,
                    row["pot"],
                    series,
                    str(row["vat_rate"]) if row["pot"] == PURCHASE else "",
                ),
            }
            positions.append(row)
        statements.append(_statement(distribution, info, own, counters["JA", ""]))
    columns = [*[c for c in distribution.positions.columns if c != "quarter"]]
    columns[2:2] = ["position", "document_kind", "invoice_number"]
    return (
        pd.DataFrame(statements, columns=STATEMENT_COLUMNS, dtype=object),
        pd.DataFrame(positions, columns=[*columns, "figure_code"], dtype=object),
    )


def _number(prefix: str, year: str, series: str, running: int) -> str:
    return "-".join(part for part in (prefix, year, series, f"{running:04d}") if part)


def _statement(
    distribution: Distribution, member: Row, own: list[dict[str, Any]], running: int
) -> dict[str, Any]:
    terms = distribution.terms
    year, prices = terms.year, terms.price_list
    fees = [row for row in own if row["pot"] == FEE]
    refunds = [row for row in own if row["pot"] in (DELIVERY, PURCHASE)]
    resolution = year.refund.resolution
    return {
        "member_id": member["member_id"],
        "fiscal_year": year.id,
        "statement_number": _number("JA", year.id, "", running),
        "is_draft": distribution.is_draft,
        "member_kind": member["member_kind"],
        "vat_status": member["vat_status"],
        "period_from": year.first_day,
        "period_to": year.last_day,
        "points_total": sum((row["quantity"] for row in fees), ZERO),
        "fee_net_eur": sum((row["net_eur"] for row in fees), ZERO),
        "refund_net_eur": sum((row["net_eur"] for row in refunds), ZERO),
        "net_eur": sum((row["net_eur"] for row in own), ZERO),
        "vat_eur": sum((row["vat_eur"] for row in own), ZERO),
        "gross_eur": sum((row["gross_eur"] for row in own), ZERO),
        "refund_percent": year.refund.percent,
        "refund_resolution": resolution.text() if resolution else None,
        "accounts_adoption": year.adopted.text() if year.adopted else None,
        "price_list_version": prices.version,
        "price_list_agreed_on": prices.agreed_on,
        "price_per_point_eur": prices.price_per_point_eur,
        "terms_json": _terms(distribution),
        "figure_code": figure_code("papers.statement", year.id, member["member_id"]),
    }


def _terms(distribution: Distribution) -> str:
    """Price list, objection and use of the surplus: the same text on every paper of the year.

    The two kinds of refund stand as one sum: few members buy, and a total over few members would
    tell each of them about the others.
    """
    terms = distribution.terms
    content = {
        "points": {k: str(v) for k, v in terms.price_list.points.model_dump().items()},
        "price_list_minutes": terms.price_list.agreed_by.text(),
        "fee_paid_within_days": terms.price_list.paid_within_days,
        "objection_days": terms.statute.objection_days,
        "objection_route": terms.statute.objection_route,
        "refund_basis": list(terms.statute.refund.basis),
        "refund_legal_basis": terms.statute.refund.legal_basis,
        "paid_within_months": terms.statute.refund.paid_within_months,
        "surplus_eur": str(distribution.surplus_eur),
        "surplus_code": figure_code("ledger.pot", terms.year.id, "ueberschuss"),
        "pots": [
            {key: None if value is None else str(value) for key, value in row.items()}
            | {"figure_code": figure_code("ledger.pot", terms.year.id, str(row["pot"]))}
            for row in _public_pots(distribution)
        ],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def _public_pots(distribution: Distribution) -> list[dict[str, Any]]:
    columns = ["pot", "title", "amount_eur", "legal_basis", "resolution"]
    out: list[dict[str, Any]] = []
    for record in distribution.pots[columns].to_dict("records"):
        row = {str(key): value for key, value in record.items()}
        if row["pot"] == PURCHASE:
            out[-1]["amount_eur"] += row["amount_eur"]
            continue
        if row["pot"] == DELIVERY:
            row |= {"pot": "rueckverguetung", "title": "Rückvergütung an Mitglieder"}
        out.append(row)
    return out
