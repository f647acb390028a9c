# SPDX-License-Identifier: Apache-2.0
"""One fiscal year from contributions and sales to allocations, bookings and pots.

Belongs here: the order of the pots and the identity that holds them together.
Does not belong here: the rule of any single pot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis.distribution.bookings import BookingLine, book_year
from analysis.distribution.data_fee import DataFeeResult, compute_data_fees
from analysis.distribution.positions import FEE, Position, build_positions
from analysis.distribution.refund import DELIVERY, PURCHASE, RefundResult, compute_refund
from analysis.distribution.surplus import Reserve, Surplus, compute_reserves, compute_surplus
from analysis.distribution.tables import Members
from analysis.distribution.terms import ORGAN_NAMES, FiscalYear, Resolution, Terms
from foundation.errors import OrtskernError

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Pot:
    """One use of money.

    `counts_in_surplus` is False for the data fee alone: it is a cost, paid before any surplus.
    """

    fiscal_year: str
    sort: int
    pot: str
    title: str
    amount_eur: Decimal
    share_of_surplus: Decimal | None
    counts_in_surplus: bool
    legal_basis: str
    resolution: str | None
    is_draft: bool


@dataclass(frozen=True)
class Distribution:
    """The year's result as frames; columns are the fields of Position, BookingLine and Pot."""

    terms: Terms
    surplus_eur: Decimal
    carried_forward_eur: Decimal
    is_draft: bool
    positions: pd.DataFrame
    bookings: pd.DataFrame
    pots: pd.DataFrame


def frame(items: Sequence[Any], kind: type) -> pd.DataFrame:
    """Dataclasses as a frame with every column, exact numbers and dates kept as Python objects."""
    columns = [field.name for field in fields(kind)]
    return pd.DataFrame([asdict(item) for item in items], columns=columns, dtype=object)


def distribute(
    fees: DataFeeResult,
    refund: RefundResult,
    reserves: list[Reserve],
    surplus: Surplus,
    members: Members,
    terms: Terms,
) -> Distribution:
    """Put the pots together; surplus = refund + reserves and funds + carried forward, to the cent.

    A loss is carried forward whole. Raises OrtskernError when the identity does not hold.
    """
    positions = build_positions(fees, refund, members, terms)
    taken = refund.total_eur + sum((reserve.amount_eur for reserve in reserves), ZERO)
    carried = surplus.amount_eur - taken
    if carried < 0 < surplus.amount_eur:
        raise OrtskernError(
            f"Geschäftsjahr {terms.year.id}: verteilt {taken} €, vorhanden {surplus.amount_eur} €; "
            "Rücklagen, Fonds oder Rückvergütung senken."
        )
    pots = _pots(fees, refund, reserves, surplus, carried, terms)
    counted = sum((pot.amount_eur for pot in pots if pot.counts_in_surplus), ZERO)
    if counted != surplus.amount_eur:
        raise OrtskernError(
            f"Geschäftsjahr {terms.year.id}: Töpfe ergeben {counted} €, Überschuss ist "
            f"{surplus.amount_eur} €; die Verteilung wird nicht ausgegeben, bitte melden."
        )
    return Distribution(
        terms=terms,
        surplus_eur=surplus.amount_eur,
        carried_forward_eur=carried,
        is_draft=terms.year.is_draft,
        positions=frame(positions, Position),
        bookings=frame(book_year(terms.year, positions, reserves, carried), BookingLine),
        pots=frame(pots, Pot),
    )


def distribute_year(
    contributions: pd.DataFrame,
    sales: pd.DataFrame,
    members: pd.DataFrame,
    terms: Terms,
    *,
    tie_column: str = "member_number",
) -> Distribution:
    """The whole way for one fiscal year.

    `contributions`: marts.fct_data_contribution; `sales`: core.fct_product_sale; `members`:
    member_id, member_kind, vat_status, joined_on, left_on and `tie_column`, one row per member.
    Money must arrive as Decimal (read over Arrow). Errors are German sentences with the remedy.
    """
    known = Members(members, tie_column)
    fees = compute_data_fees(contributions, terms.price_list, known, terms.year)
    surplus = compute_surplus(sales, fees, known, terms.year)
    reserves = compute_reserves(surplus, terms.statute, terms.year)
    refund = compute_refund(fees, surplus, reserves, known, terms.statute, terms.year)
    return distribute(fees, refund, reserves, surplus, known, terms)


def _pots(
    fees: DataFeeResult,
    refund: RefundResult,
    reserves: list[Reserve],
    surplus: Surplus,
    carried: Decimal,
    terms: Terms,
) -> list[Pot]:
    year, prices = terms.year, terms.price_list
    refunded = {
        pot: sum((share.net_eur for share in refund.shares if share.pot == pot), ZERO)
        for pot in (DELIVERY, PURCHASE)
    }
    resolved = year.refund.resolution.text() if year.refund.resolution else None
    agreed = f"Preisliste {prices.version}, vereinbart am {prices.agreed_on:%d.%m.%Y}"
    law = terms.statute.refund.legal_basis
    adopted = year.adopted.text() if year.adopted else None
    lines: list[tuple[str, str, Decimal, str, str | None]] = [
        (FEE, "Datenvergütung an Mitglieder", fees.total_eur, "Datenliefervertrag", agreed)
    ]
    lines += [(r.pot, r.title, r.amount_eur, r.legal_basis, r.resolution) for r in reserves]
    on_deliveries = "Rückvergütung auf Datenlieferungen"
    lines += [
        (DELIVERY, on_deliveries, refunded[DELIVERY], law, resolved),
        (PURCHASE, "Rückvergütung auf Bezüge", refunded[PURCHASE], law, resolved),
        ("ergebnisvortrag", "Vortrag auf neue Rechnung", carried, "§ 48 GenG", adopted),
    ]
    return [
        Pot(
            fiscal_year=year.id,
            sort=sort,
            pot=pot,
            title=title,
            amount_eur=amount,
            share_of_surplus=_share(amount, surplus.amount_eur) if pot != FEE else None,
            counts_in_surplus=pot != FEE,
            legal_basis=legal_basis,
            resolution=resolution,
            is_draft=year.is_draft,
        )
        for sort, (pot, title, amount, legal_basis, resolution) in enumerate(lines)
    ]


def _share(amount: Decimal, surplus: Decimal) -> Decimal | None:
    return (amount / surplus).quantize(Decimal("0.000001")) if surplus > 0 else None


def decision_frame(year: FiscalYear) -> pd.DataFrame:
    """What organs decided about the year, one row per decision, for `ledger.decision`."""
    found: list[tuple[str, Resolution | None, str]] = [
        ("jahresabschluss", year.adopted, f"Jahresabschluss {year.id} festgestellt"),
        (
            "rueckverguetung",
            year.refund.resolution,
            f"Rückvergütung {year.refund.percent} % auf den Umsatz mit der Genossenschaft",
        ),
    ]
    funds = [*year.funds, *([year.board_reserve] if year.board_reserve else [])]
    found += [(f.fund, f.resolution, f"{f.percent_of_surplus} % des Überschusses") for f in funds]
    return pd.DataFrame(
        [
            {
                "subject": subject,
                "fiscal_year": year.id,
                "organ": ORGAN_NAMES[resolution.organ],
                "decided_on": resolution.decided_on,
                "minutes": resolution.minutes,
                "text": text,
            }
            for subject, resolution, text in found
            if resolution is not None
        ],
        columns=["subject", "fiscal_year", "organ", "decided_on", "minutes", "text"],
        dtype=object,
    )
