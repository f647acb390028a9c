# SPDX-License-Identifier: Apache-2.0
"""A small hand-made cooperative for tests of the distribution and of its papers.

Belongs here: frames as the lake would deliver them. Does not belong here: assertions.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analysis.distribution import Terms, load_terms
from analysis.distribution.terms import parse_fiscal_year

COOPERATIVE = Path(__file__).parents[2] / "cooperative"
MONTHS = [dt.date(2025, 10, 1), dt.date(2025, 11, 1), dt.date(2025, 12, 1)] + [
    dt.date(2026, month, 1) for month in range(1, 10)
]


@lru_cache
def sample_terms() -> Terms:
    """Statute, price list and fiscal year of Musterstadt."""
    return load_terms(COOPERATIVE, "2025-26")


def year_content() -> dict[str, Any]:
    """The fiscal year of Musterstadt as read from YAML, to be changed by a test."""
    path = COOPERATIVE / "fiscal_years" / "2025-26.yaml"
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def price_content() -> dict[str, Any]:
    """The price list of Musterstadt as read from YAML, to be changed by a test."""
    path = COOPERATIVE / "price_list.yaml"
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def terms_with(**changes: Any) -> Terms:
    """Terms of Musterstadt with fields of the fiscal year replaced."""
    terms = sample_terms()
    year = parse_fiscal_year(year_content() | changes)
    return Terms(terms.statute, terms.price_list, year)


def members(statuses: list[str]) -> pd.DataFrame:
    """One member per VAT status, numbered from M-0001."""
    return pd.DataFrame(
        [
            {
                "member_id": f"{number:032x}",
                "member_number": f"M-{number:04d}",
                "member_kind": "buerger" if status == "keine" else "haendler",
                "vat_status": status,
                "joined_on": dt.date(2024, 6, 1),
                "left_on": None,
            }
            for number, status in enumerate(statuses, start=1)
        ]
    )


def contributions(lines_per_month: list[int]) -> pd.DataFrame:
    """Twelve months of deliveries per member; 2 % of the rows fail, one of the months is late."""
    return pd.DataFrame(
        [
            {
                "member_id": f"{number:032x}",
                "owner_id": f"o{number}",
                "site_id": f"s{number}",
                "business_month": month,
                "deliveries": 1,
                "on_time_deliveries": int(month.month != 5),
                "delivered_rows": lines,
                "passed_rows": lines - lines // 50,
                "receipt_lines": lines - lines // 50,
            }
            for number, lines in enumerate(lines_per_month, start=1)
            if lines
            for month in MONTHS
        ],
        columns=[
            "member_id",
            "owner_id",
            "site_id",
            "business_month",
            "deliveries",
            "on_time_deliveries",
            "delivered_rows",
            "passed_rows",
            "receipt_lines",
        ],
    )


def sale(number: int, net: str, member: int | None = None, **changes: Any) -> dict[str, Any]:
    """One invoice for a data product; `member` is the number of the buying member."""
    amount = Decimal(net)
    vat = (amount * 19 / 100).quantize(Decimal("0.01"))
    return {
        "invoice_number": f"RE-{number:04d}",
        "invoice_date": dt.date(2026, 2, 10),
        "service_from_date": dt.date(2026, 1, 1),
        "service_to_date": dt.date(2026, 1, 31),
        "product_id": "fussverkehr-stundenwerte",
        "buyer_kind": "dritte" if member is None else "mitglied",
        "member_id": None if member is None else f"{member:032x}",
        "net_eur": amount,
        "vat_rate_percent": Decimal("19.00"),
        "vat_eur": vat,
        "gross_eur": amount + vat,
    } | changes


def town() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Contributions, sales and members: bakery, small shop (§ 19), citizen, citizen that buys."""
    people = members(["regulaer", "kleinunternehmer", "keine", "keine", "regulaer"])
    sold = [sale(1, "9000.00"), sale(2, "250.00", 1), sale(3, "480.00", 4), sale(4, "12000.00")]
    return contributions([5200, 700, 0, 0, 5200]), pd.DataFrame(sold), people
