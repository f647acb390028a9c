# SPDX-License-Identifier: Apache-2.0
"""Rows of a member's report, from its own rows and released tables.

Belongs here: own months beside the year before, which comparison is shown, what a membership cost and
earned. Does not belong here: the lake, names, layout; whether a value may be shown (the gate checks).

A comparison falls back from the trade to its group and to the town, month by month, and says which it
shows (methods.md 3). Only values that stand in released rows are taken, and only for members who
agreed to be compared.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from analysis.distribution.papers import figure_code
from foundation.money import round_cents

Row = dict[str, Any]
PUBLISHED, TOTAL = "veröffentlicht", "ALLE"
NOT_RELEASED = "nicht freigegeben"
TRADE, GROUP, TOWN = "branche", "gruppe", "stadt"
# More days than these without a receipt at the edge of a shop's data and the month counts as delivered in
# part. Set on 26.11.2026: rest days and holidays explain up to a week, the longest from Christmas Eve, the
# last day of trade, to New Year's Eve; beyond that a comparison would show the gap and not the trade.
MOST_DAYS_AT_EDGE = 7


@dataclass(frozen=True)
class Released:
    """Released tables that a report may quote; one that was not released is empty."""

    by_trade: Sequence[Row] = ()
    by_group: Sequence[Row] = ()
    footfall: Sequence[Row] = ()


@dataclass(frozen=True)
class Own:
    """What the lake knows of members.

    ``months``: site_id, business_month, first_date, last_date, open_days, receipt_count, revenue_eur; the two
    dates are the month's, cut to the days from the shop's first receipt to its last.
    ``sites``: site_id to member_id, trade_id, trade_name, trade_group, quarter_id, block_id.
    ``weather``: (quarter_id, month) to temperature_max_c, precipitation_mm, sunshine_hours.
    ``members``: member_id, member_kind, share_count, has_comparison, is_in_indicators (None without a shop).
    ``statements``: papers.statement rows; ``purchases``: (member, fiscal year) to gross euros.
    ``usage``: edition, table_name, contract_id, title. ``deliveries``: (member, contract) to number, of months
    up to the report's.
    ``forecasts``: site_id, article_count, known_until_date. ``order_weeks``: marts.fct_order_week rows.
    ``backtests``: the rung in use per site and article: from_date, to_date, day_count, coverage_share, wape,
    week_before_wape.
    """

    months: Sequence[Row]
    sites: Mapping[str, Row]
    sensors: Sequence[Row]
    members: Sequence[Row]
    statements: Sequence[Row] = ()
    usage: Sequence[Row] = ()
    weather: Mapping[tuple[str, dt.date], Row] = field(default_factory=dict)
    purchases: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    deliveries: Mapping[tuple[str, str], int] = field(default_factory=dict)
    forecasts: Sequence[Row] = ()
    backtests: Sequence[Row] = ()
    order_weeks: Sequence[Row] = ()


def year_before(month: dt.date) -> dt.date:
    """The same month a year earlier."""
    return month.replace(year=month.year - 1)


def delivered_part(row: Row) -> Row:
    """From when or until when a month was delivered, where more than a week of it is missing; else empty.

    Days run from a shop's first receipt to its last, so only these two months can be parts.
    """
    first, last = row["first_date"], row["last_date"]
    missing_after = calendar.monthrange(last.year, last.month)[1] - last.day
    return {
        "delivered_from_date": first if first.day - 1 > MOST_DAYS_AT_EDGE else None,
        "delivered_to_date": last if missing_after > MOST_DAYS_AT_EDGE else None,
    }


def is_whole(row: Row) -> bool:
    """Whether a month may stand beside another."""
    return not any(delivered_part(row).values())


def mean_basket(row: Row) -> Decimal | None:
    """Revenue by purchases, rounded to cents; None where nobody bought."""
    count = row["receipt_count"]
    return round_cents(row["revenue_eur"] / count) if count > 0 else None


def nearest_sensor(site: Row, sensors: Iterable[Row]) -> str | None:
    """The counter in the shop's block, else the first one of its quarter, else none."""
    ordered = sorted(sensors, key=lambda s: str(s["sensor_id"]))
    for place in ("block_id", "quarter_id"):
        for sensor in ordered:
            if site[place] is not None and sensor[place] == site[place]:
                return str(sensor["sensor_id"])
    return None


# What a row says of others where nothing stands beside it.
ALONE: Row = dict.fromkeys(
    ("comparison_level", "comparison_name", "comparison_trade_eur", "comparison_group_eur")
    + ("comparison_code", "comparison_gap")
)


class Comparison:
    """The finest released mean basket for a trade and month."""

    def __init__(self, released: Released) -> None:
        self._trade = _shown(released.by_trade, "trade_id")
        self._group = _shown(released.by_group, "trade_group")
        self._town = {
            r["business_month"]: r["status"] for r in released.by_group if r["trade_group"] == TOTAL
        }

    def of(self, site: Row, month: dt.date) -> Row:
        """Level, name, value and code; where not even the town is shown, why."""
        trade = self._trade.get((site["trade_id"], month))
        if trade:
            return ALONE | {
                "comparison_level": TRADE,
                "comparison_name": site["trade_name"],
                "comparison_trade_eur": trade["mean_basket_eur"],
                "comparison_code": trade["figure_code"],
            }
        for level, key in ((GROUP, site["trade_group"]), (TOWN, TOTAL)):
            found = self._group.get((key, month))
            if found:
                return ALONE | {
                    "comparison_level": level,
                    "comparison_name": key if level == GROUP else "gesamte Stadt",
                    "comparison_group_eur": found["mean_basket_eur"],
                    "comparison_code": found["figure_code"],
                }
        return ALONE | {"comparison_gap": self._town.get(month, NOT_RELEASED)}


def _shown(rows: Iterable[Row], key: str) -> dict[tuple[str, dt.date], Row]:
    return {(r[key], r["business_month"]): r for r in rows if r["status"] == PUBLISHED}


def month_rows(own: Own, released: Released, report_month: dt.date) -> list[Row]:
    """Rows of ``papers.member_month``: every own month up to the report's."""
    compared = {m["member_id"] for m in own.members if m["has_comparison"]}
    comparison = Comparison(released)
    footfall = _shown(released.footfall, "sensor_id")
    there = {(r["site_id"], r["business_month"]): r for r in own.months}
    rows = []
    for (site_id, month), row in sorted(there.items()):
        if month > report_month:
            continue
        site = own.sites[site_id]
        before = there.get((site_id, year_before(month)))
        if before and not (is_whole(row) and is_whole(before)):
            before = None
        sensor = nearest_sensor(site, own.sensors)
        walked = footfall.get((sensor, month)) if sensor else None
        weather = own.weather.get((site["quarter_id"], month), {})
        found: Row = {
            "member_id": site["member_id"],
            "report_month": report_month,
            "site_id": site_id,
            "business_month": month,
            **delivered_part(row),
            "open_days": row["open_days"],
            "receipt_count": row["receipt_count"],
            "revenue_eur": row["revenue_eur"],
            "mean_basket_eur": mean_basket(row),
            "year_before_receipt_count": before["receipt_count"] if before else None,
            "year_before_revenue_eur": before["revenue_eur"] if before else None,
            "year_before_mean_basket_eur": mean_basket(before) if before else None,
            "sensor_id": sensor,
            "pedestrians_per_day": walked["pedestrians_per_day"] if walked else None,
            "pedestrians_code": walked["figure_code"] if walked else None,
            "temperature_max_c": weather.get("temperature_max_c"),
            "precipitation_mm": weather.get("precipitation_mm"),
            "sunshine_hours": weather.get("sunshine_hours"),
            "figure_code": figure_code("papers.member_month", site_id, month.isoformat()),
        }
        agreed = site["member_id"] in compared
        rows.append(found | (comparison.of(site, month) if agreed else ALONE))
    return rows


def usage_rows(own: Own, report_month: dt.date) -> list[Row]:
    """Rows of ``papers.member_usage``: where the deliveries of a member went.

    Whoever withdrew the purpose „indikatoren“ is in no figure about shops.
    """
    in_use = {m["member_id"] for m in own.members if m["is_in_indicators"]}
    editions = [u["edition"] for u in own.usage]
    newest = max(editions, default=None)
    rows = []
    for (member, contract), count in sorted(own.deliveries.items()):
        if member not in in_use:
            continue
        for use in own.usage:
            if use["edition"] == newest and use["contract_id"] == contract:
                key = (str(newest), contract, use["table_name"], member)
                rows.append(
                    {
                        "member_id": member,
                        "report_month": report_month,
                        "edition": newest,
                        "contract_id": contract,
                        "table_name": use["table_name"],
                        "title": use["title"],
                        "own_deliveries": count,
                        "figure_code": figure_code("papers.member_usage", *key),
                    }
                )
    return rows


def report_rows(own: Own, report_month: dt.date, share_value: Decimal) -> list[Row]:
    """Rows of ``papers.member_report``: consent, shares, and the money of the last statement."""
    newest: dict[str, Row] = {}
    for statement in own.statements:
        member = statement["member_id"]
        if member not in newest or newest[member]["fiscal_year"] < statement["fiscal_year"]:
            newest[member] = statement
    rows = []
    for member in sorted(own.members, key=lambda m: str(m["member_id"])):
        money = newest.get(member["member_id"], {})
        shares = member["share_count"]
        year = money.get("fiscal_year")
        nothing = Decimal("0.00") if year else None
        rows.append(
            {
                "member_id": member["member_id"],
                "report_month": report_month,
                "member_kind": member["member_kind"],
                "has_comparison": member["has_comparison"],
                "is_in_indicators": member["is_in_indicators"],
                "share_count": shares,
                "share_value_eur": share_value,
                "shares_eur": None if shares is None else shares * share_value,
                "fiscal_year": year,
                "is_draft": money.get("is_draft"),
                "purchases_gross_eur": own.purchases.get((member["member_id"], str(year)), nothing),
                "fee_net_eur": money.get("fee_net_eur"),
                "refund_net_eur": money.get("refund_net_eur"),
                "statement_code": money.get("figure_code"),
                "figure_code": figure_code(
                    "papers.member_report", report_month.isoformat(), member["member_id"]
                ),
            }
        )
    return rows
