# SPDX-License-Identifier: Apache-2.0
"""How good the forecasts for a member's shops were: one row per shop from its look back and its last week.

Belongs here: sums over a shop's articles. Does not belong here: forecasting and its measures (``analysis/forecasting``), sentences.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from analysis.distribution.papers import figure_code
from analysis.members.report import Own

Row = dict[str, Any]


def forecast_rows(own: Own, report_month: dt.date) -> list[Row]:
    """Rows of ``papers.member_forecast``: every shop that is forecast and belongs to a member.

    A shop whose look back does not say which days it covers is left out until it is forecast anew.
    """
    looked_back = _by_site(own.backtests)
    weeks = {w["site_id"]: w for w in own.order_weeks}
    rows = []
    for forecast in sorted(own.forecasts, key=lambda f: str(f["site_id"])):
        site_id = forecast["site_id"]
        articles = looked_back[site_id]
        if site_id not in own.sites or any(a["to_date"] is None for a in articles):
            continue
        week = weeks.get(site_id, {})
        rows.append(
            {
                "member_id": own.sites[site_id]["member_id"],
                "report_month": report_month,
                "site_id": site_id,
                "article_count": forecast["article_count"],
                **look_back(articles),
                "week_from_date": week.get("week_from_date"),
                "week_to_date": week.get("week_to_date"),
                "week_saved_eur": week.get("saved_eur"),
                "week_line_count": week.get("line_count"),
                "week_sold_out_count": week.get("sold_out_count"),
                "week_recorded_count": week.get("recorded_count"),
                "figure_code": figure_code(
                    "papers.member_forecast", site_id, forecast["known_until_date"].isoformat()
                ),
            }
        )
    return rows


def look_back(articles: Sequence[Row]) -> Row:
    """Days, hit rate and articles better than the week before; a day counts the same whichever article it belongs to."""
    compared = [a for a in articles if a["day_count"] > 0]
    days = sum(a["day_count"] for a in compared)
    judged = [a for a in compared if a["wape"] is not None and a["week_before_wape"] is not None]
    return {
        "compared_from_date": min((a["from_date"] for a in compared), default=None),
        "compared_to_date": max((a["to_date"] for a in compared), default=None),
        "day_count": days,
        "hit_share": _share(sum(a["coverage_share"] * a["day_count"] for a in compared), days),
        "judged_count": len(judged),
        "better_count": sum(a["wape"] < a["week_before_wape"] for a in judged),
    }


def _share(part: Decimal | int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP) if whole > 0 else None


def _by_site(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["site_id"]].append(row)
    return found
