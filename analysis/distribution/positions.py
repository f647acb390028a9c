# SPDX-License-Identifier: Apache-2.0
"""Positions: what one member gets from one pot for one period, with VAT by status.

Belongs here: net, rate, VAT and gross of each allocation. Does not belong here: how much anyone
gets (`data_fee`, `refund`), numbers of papers (`papers`).

VAT stands on deliveries of members with regular taxation alone; § 19 UStG and persons who are no
entrepreneurs get none (§ 14c UStG). A refund on purchases lowers the cooperative's own price with
the rate of that sale (§ 17 UStG); that tax is the cooperative's and no member's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analysis.distribution.data_fee import DataFeeResult, QuarterFee
from analysis.distribution.refund import DELIVERY, PURCHASE, RefundResult, RefundShare
from analysis.distribution.tables import Members
from analysis.distribution.terms import PriceList, Terms
from foundation.money import round_cents

FEE = "datenverguetung"
VAT_STATUSES = ("regulaer", "kleinunternehmer", "keine")


@dataclass(frozen=True)
class Position:
    """One row of `ledger.allocation`; counts and points only for the data fee."""

    fiscal_year: str
    member_id: str
    pot: str
    quarter: str | None
    period_from: date
    period_to: date
    invoiced_on: date | None
    description: str
    quantity: Decimal
    unit: str
    unit_price_eur: Decimal
    basis_eur: Decimal | None
    refund_percent: Decimal | None
    months_delivered: int | None
    receipt_lines: int | None
    delivered_rows: int | None
    passed_rows: int | None
    deliveries: int | None
    on_time_deliveries: int | None
    points_base: Decimal | None
    points_volume: Decimal | None
    points_quality: Decimal | None
    points_timeliness: Decimal | None
    net_eur: Decimal
    vat_rate: Decimal
    vat_eur: Decimal
    gross_eur: Decimal
    is_draft: bool


def rate_for(vat_status: str, prices: PriceList) -> Decimal:
    """VAT rate in per cent on a member's deliveries: the list's for regular members, else 0."""
    if vat_status not in VAT_STATUSES:
        raise ValueError(
            f"Umsatzsteuerstatus „{vat_status}“ ist unbekannt; erwartet {VAT_STATUSES}."
        )
    return prices.vat_rate_percent if vat_status == "regulaer" else Decimal(0)


def build_positions(
    fees: DataFeeResult, refund: RefundResult, members: Members, terms: Terms
) -> list[Position]:
    """All positions of the year, by member's tie key, then fees by quarter, then refunds."""
    out = [_fee_position(fee, members, terms) for fee in fees.fees]
    out += [_refund_position(share, members, terms) for share in refund.shares]
    order = {FEE: 0, DELIVERY: 1, PURCHASE: 2}
    out.sort(key=lambda p: (members.tie(p.member_id), order[p.pot], p.period_from, p.vat_rate))
    return out


def _fee_position(fee: QuarterFee, members: Members, terms: Terms) -> Position:
    rate = rate_for(members.get(fee.member_id, "members")["vat_status"], terms.price_list)
    vat = round_cents(fee.net_eur * rate / 100)
    return Position(
        fiscal_year=terms.year.id,
        member_id=fee.member_id,
        pot=FEE,
        quarter=fee.quarter,
        period_from=fee.period_from,
        period_to=fee.period_to,
        invoiced_on=fee.invoiced_on,
        description=f"Datenvergütung {fee.quarter} {terms.year.id}",
        quantity=fee.points.total,
        unit="Punkte",
        unit_price_eur=terms.price_list.price_per_point_eur,
        basis_eur=None,
        refund_percent=None,
        months_delivered=fee.months_delivered,
        points_base=fee.points.base,
        points_volume=fee.points.volume,
        points_quality=fee.points.quality,
        points_timeliness=fee.points.timeliness,
        net_eur=fee.net_eur,
        vat_rate=rate,
        vat_eur=vat,
        gross_eur=fee.net_eur + vat,
        is_draft=terms.year.is_draft or fee.invoiced_on is None,
        **fee.counts,
    )


def _refund_position(share: RefundShare, members: Members, terms: Terms) -> Position:
    year = terms.year
    if share.pot == PURCHASE:
        rate = share.vat_rate_percent or Decimal(0)
        description = f"Rückvergütung {year.id} auf Ihre Bezüge"
    else:
        rate = rate_for(members.get(share.member_id, "members")["vat_status"], terms.price_list)
        description = f"Rückvergütung {year.id} auf Ihre Datenlieferungen"
    vat = round_cents(share.net_eur * rate / 100)
    return Position(
        fiscal_year=year.id,
        member_id=share.member_id,
        pot=share.pot,
        quarter=None,
        period_from=year.first_day,
        period_to=year.last_day,
        invoiced_on=year.refund.invoiced_on,
        description=description,
        quantity=Decimal("1.00"),
        unit="pauschal",
        unit_price_eur=share.net_eur,
        basis_eur=share.basis_eur,
        refund_percent=year.refund.percent,
        months_delivered=None,
        receipt_lines=None,
        delivered_rows=None,
        passed_rows=None,
        deliveries=None,
        on_time_deliveries=None,
        points_base=None,
        points_volume=None,
        points_quality=None,
        points_timeliness=None,
        net_eur=share.net_eur,
        vat_rate=rate,
        vat_eur=vat,
        gross_eur=share.net_eur + vat,
        is_draft=year.is_draft,
    )
