# SPDX-License-Identifier: Apache-2.0
"""Datenvergütung: points of a member in a quarter times a price agreed beforehand.

Belongs here: points and the quarterly fee. Does not belong here: the surplus. The fee is owed with
or without one; that is what keeps it a price and the Rückvergütung of § 22 KStG equal.

Limits: points measure delivery (months, lines, passed rows, punctuality), not what the data were
worth to a buyer; square roots keep a large shop from outweighing ten small ones, they do not make
splitting one shop into two members impossible.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pandas as pd

from analysis.distribution.tables import Members, as_date, rows
from analysis.distribution.terms import FiscalYear, PointRules, PriceList
from foundation.errors import ConfigError, OrtskernError
from foundation.money import round_cents

COLUMNS = (
    "member_id",
    "business_month",
    "deliveries",
    "on_time_deliveries",
    "delivered_rows",
    "passed_rows",
    "receipt_lines",
)
COUNTS = COLUMNS[2:]
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Points:
    """The four parts of a quarter's points, each rounded to two decimals as printed."""

    base: Decimal
    volume: Decimal
    quality: Decimal
    timeliness: Decimal

    @property
    def total(self) -> Decimal:
        """Sum of the printed parts, so that a reader's addition agrees."""
        return self.base + self.volume + self.quality + self.timeliness


@dataclass(frozen=True)
class QuarterFee:
    """One member's fee for one quarter, net, with everything needed to recompute it."""

    member_id: str
    quarter: str
    period_from: date
    period_to: date
    invoiced_on: date | None
    months_delivered: int
    counts: dict[str, int]
    points: Points
    net_eur: Decimal


@dataclass(frozen=True)
class DataFeeResult:
    """Fees in the order quarter, then member's tie key; members without points have none."""

    fees: list[QuarterFee]

    @property
    def total_eur(self) -> Decimal:
        """Sum of the net fees."""
        return sum((fee.net_eur for fee in self.fees), ZERO)

    def by_member(self) -> dict[str, Decimal]:
        """Net fee of the year by member."""
        out: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for fee in self.fees:
            out[fee.member_id] += fee.net_eur
        return dict(out)


def check_price_list(price_list: PriceList, year: FiscalYear) -> None:
    """Refuse a price list that was not settled before the year begins, or does not cover it.

    Parameters set after the period began would make the fee a share of profit (§ 22 (2) KStG).
    """
    latest = max(price_list.agreed_on, price_list.agreed_by.decided_on)
    if latest >= year.first_day:
        raise ConfigError(
            f"Datei „price_list.yaml“, Feld „agreed_on“: gefunden {latest:%d.%m.%Y}, erwartet ein "
            f"Tag vor Beginn des Geschäftsjahres am {year.first_day:%d.%m.%Y}; eine später "
            "vereinbarte Liste gilt erst für das nächste Geschäftsjahr."
        )
    if price_list.valid_from > year.first_day or price_list.valid_to < year.last_day:
        raise ConfigError(
            f"Datei „price_list.yaml“, Feld „valid_from“: gefunden {price_list.valid_from} bis "
            f"{price_list.valid_to}, erwartet das ganze Geschäftsjahr {year.id}; Preise gelten "
            "unverändert für das ganze Jahr."
        )


def points_of(rules: PointRules, months: int, counts: dict[str, int]) -> Points:
    """Points of one quarter from its counts.

    base = base_per_month x months with accepted data; volume = factor x square root of (lines /
    unit); quality = per month x months x passed / delivered rows; timeliness = per month x months x
    deliveries on time / deliveries. Monotone in months, lines, passed rows and deliveries on time.
    """
    if months == 0:
        return Points(ZERO, ZERO, ZERO, ZERO)
    with localcontext() as context:
        context.prec = 40
        scale = Decimal(counts["receipt_lines"]) / rules.volume_unit_lines
        passed = Decimal(counts["passed_rows"]) / max(counts["delivered_rows"], 1)
        on_time = Decimal(counts["on_time_deliveries"]) / max(counts["deliveries"], 1)
        return Points(
            _two(rules.base_per_month * months),
            _two(rules.volume_factor * scale.sqrt()),
            _two(rules.quality_per_month * months * passed),
            _two(rules.timeliness_per_month * months * on_time),
        )


def _two(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def compute_data_fees(
    contributions: pd.DataFrame,
    price_list: PriceList,
    members: pd.DataFrame | Members,
    year: FiscalYear,
) -> DataFeeResult:
    """Fee per member and quarter of `year`, net in euros.

    `contributions` is marts.fct_data_contribution: one row per member, site and business month;
    months outside the year are ignored. A month counts as delivered when at least one row passed
    its contract. Raises ConfigError for a price list agreed too late, OrtskernError for counts that
    contradict each other or for a member that is not in the list.
    """
    check_price_list(price_list, year)
    known = members if isinstance(members, Members) else Members(members)
    sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
    months: dict[tuple[str, str], set[date]] = defaultdict(set)
    quarters = {name: (first, last) for name, first, last in year.quarters()}
    for row in rows(contributions, "fct_data_contribution", COLUMNS):
        month = as_date(row["business_month"])
        quarter = next((q for q, (a, b) in quarters.items() if month and a <= month <= b), None)
        if month is None or quarter is None:
            continue
        known.get(row["member_id"], "fct_data_contribution")
        counts = {name: int(row[name] or 0) for name in COUNTS}
        _check_counts(row["member_id"], month, counts)
        key = (quarter, row["member_id"])
        for name, value in counts.items():
            sums[key][name] += value
        if counts["passed_rows"] > 0:
            months[key].add(month)
    fees = []
    for quarter, member in sorted(sums, key=lambda key: (key[0], known.tie(key[1]))):
        count = len(months[quarter, member])
        points = points_of(price_list.points, count, sums[quarter, member])
        if points.total > 0:
            first, last = quarters[quarter]
            fees.append(
                QuarterFee(
                    member_id=member,
                    quarter=quarter,
                    period_from=first,
                    period_to=last,
                    invoiced_on=_run_date(year, price_list, quarter, last),
                    months_delivered=count,
                    counts=sums[quarter, member],
                    points=points,
                    net_eur=round_cents(points.total * price_list.price_per_point_eur),
                )
            )
    return DataFeeResult(fees)


def _check_counts(member: str, month: date, counts: dict[str, int]) -> None:
    wrong = next((name for name, value in counts.items() if value < 0), None)
    for part, whole in (("on_time_deliveries", "deliveries"), ("passed_rows", "delivered_rows")):
        if counts[part] > counts[whole]:
            wrong = part
    if wrong:
        raise OrtskernError(
            f"Tabelle „fct_data_contribution“, Mitglied {member}, Monat {month:%m/%Y}, Feld "
            f"„{wrong}“: gefunden {counts[wrong]}, erwartet zwischen 0 und der Gesamtzahl; Modell "
            "prüfen."
        )


def _run_date(year: FiscalYear, prices: PriceList, quarter: str, last: date) -> date | None:
    run = year.fee_runs.get(quarter)
    if run and not last < run <= last + timedelta(days=prices.invoiced_within_days):
        raise ConfigError(
            f"Datei „fiscal_years/{year.id}.yaml“, Feld „fee_runs.{quarter}“: gefunden "
            f"{run:%d.%m.%Y}, erwartet bis {prices.invoiced_within_days} Tage nach Quartalsende am "
            f"{last:%d.%m.%Y}; die Datenvergütung ist vierteljährlich abzurechnen."
        )
    return run
