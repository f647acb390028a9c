# SPDX-License-Identifier: Apache-2.0
"""Genossenschaftliche Rückvergütung (§ 22 KStG): one percentage of each member's turnover.

Belongs here: basis, cap and shares of the refund. Does not belong here: dividends (§ 19 GenG) or
anything measured by shares held or by a shop's till.

Basis is what cooperative and member invoiced each other: fees that the member charged
(`datenverguetung`) and products that it bought (`bezug`), as the statute says. A refund on
deliveries raises their consideration, a refund on purchases lowers theirs (§ 17 UStG); therefore
the shares are kept apart, and purchases by VAT rate.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from analysis.distribution.data_fee import DataFeeResult
from analysis.distribution.surplus import Reserve, Surplus
from analysis.distribution.tables import Members
from analysis.distribution.terms import ORGAN_NAMES, FiscalYear, Statute
from foundation.errors import ConfigError, OrtskernError
from foundation.money import from_cents, largest_remainder, round_cents, to_cents

ZERO = Decimal("0.00")
DELIVERY = "rueckverguetung_lieferung"
PURCHASE = "rueckverguetung_bezug"


@dataclass(frozen=True)
class RefundShare:
    """One member's refund on one kind of turnover; `vat_rate_percent` only for purchases."""

    member_id: str
    pot: str
    vat_rate_percent: Decimal | None
    basis_eur: Decimal
    net_eur: Decimal


@dataclass(frozen=True)
class RefundResult:
    """All shares, the cap they respect, and whether a resolution stands behind them."""

    percent: Decimal
    shares: list[RefundShare]
    cap_eur: Decimal
    is_draft: bool

    @property
    def total_eur(self) -> Decimal:
        """Sum of the net refunds."""
        return sum((share.net_eur for share in self.shares), ZERO)

    @property
    def basis_eur(self) -> Decimal:
        """Sum of the turnover that is refunded."""
        return sum((share.basis_eur for share in self.shares), ZERO)


def refund_basis(
    fees: DataFeeResult, surplus: Surplus, members: Members, statute: Statute
) -> dict[tuple[str, str, Decimal | None], Decimal]:
    """Turnover by member, kind and (for purchases) VAT rate; only positive sums remain.

    A quarter counts when the membership overlaps it. A purchase that was cancelled leaves nothing.
    """
    basis: dict[tuple[str, str, Decimal | None], Decimal] = defaultdict(lambda: ZERO)
    if "datenverguetung" in statute.refund.basis:
        for fee in fees.fees:
            if members.was_member(fee.member_id, fee.period_from, fee.period_to):
                basis[fee.member_id, DELIVERY, None] += fee.net_eur
    if "bezug" in statute.refund.basis:
        for sale in surplus.member_sales:
            if sale.member_id is not None:
                basis[sale.member_id, PURCHASE, sale.vat_rate_percent] += sale.net_eur
    return {key: round_cents(amount) for key, amount in basis.items() if amount > 0}


def refund_cap(
    fees: DataFeeResult, surplus: Surplus, reserves: list[Reserve], statute: Statute
) -> Decimal:
    """The most that may be refunded: surplus from member business, after reserves.

    `absatz`: purchases from members / all purchases; `uebrige`: turnover with members / all
    turnover (§ 22 (1) KStG). Side business is taken out first, reserves and funds are served first.
    """
    own = surplus.amount_eur - surplus.side_result_eur
    if statute.refund.kind == "absatz":
        part = fees.total_eur
        whole = fees.total_eur + surplus.third_party_purchases_eur
    else:
        part = sum((sale.net_eur for sale in surplus.member_sales), ZERO)
        whole = surplus.revenue_eur
    if own <= 0 or whole <= 0 or part <= 0:
        return ZERO
    taken = sum((reserve.amount_eur for reserve in reserves), ZERO)
    cents = int(min(own * part / whole, surplus.amount_eur - taken).scaleb(2))
    return max(from_cents(cents), ZERO)


def compute_refund(
    fees: DataFeeResult,
    surplus: Surplus,
    reserves: list[Reserve],
    members: Members,
    statute: Statute,
    year: FiscalYear,
) -> RefundResult:
    """Each member's refund: the same percentage of its turnover, cents by largest remainder.

    Raises ConfigError when the percentage needs more than the cap, or an organ decided that the
    statute does not name.
    """
    percent, resolution = year.refund.percent, year.refund.resolution
    if resolution and resolution.organ not in statute.refund.organs:
        allowed = ", ".join(ORGAN_NAMES[organ] for organ in statute.refund.organs)
        raise ConfigError(
            f"Datei „fiscal_years/{year.id}.yaml“, Feld „refund.resolution.organ“: gefunden "
            f"{ORGAN_NAMES[resolution.organ]}, erwartet {allowed}; Beschluss des zuständigen "
            "Organs eintragen."
        )
    basis = refund_basis(fees, surplus, members, statute)
    cap = refund_cap(fees, surplus, reserves, statute)
    keys = sorted(basis, key=lambda key: (members.tie(key[0]), key[1], key[2] or ZERO))
    total = round_cents(sum(basis.values(), ZERO) * percent / 100)
    if total > cap:
        raise ConfigError(
            f"Datei „fiscal_years/{year.id}.yaml“, Feld „refund.percent“: gefunden {percent} % "
            f"(das sind {total} €), erwartet höchstens {cap} € aus dem Mitgliedergeschäft nach "
            "Rücklagen (§ 22 KStG); Prozentsatz senken und neu beschließen."
        )
    ties = [(members.tie(key[0]), key[1], str(key[2] or "")) for key in keys]
    cents = largest_remainder(to_cents(total), [basis[key] for key in keys], ties) if total else []
    shares = [
        RefundShare(member, pot, rate, basis[member, pot, rate], from_cents(share))
        for (member, pot, rate), share in zip(keys, cents, strict=bool(total))
    ]
    check_equal(shares, percent)
    return RefundResult(percent, shares, cap, resolution is None or year.adopted is None)


def check_equal(shares: list[RefundShare], percent: Decimal) -> None:
    """Refuse a share that is off the common percentage by more than rounding explains.

    One unequal case voids the deduction for everyone. Rounding the total moves a share by at most
    half a cent, the largest remainder by less than one.
    """
    for share in shares:
        if abs(share.net_eur - share.basis_eur * percent / 100) >= Decimal("0.015"):
            raise OrtskernError(
                f"Rückvergütung an {share.member_id}: gefunden {share.net_eur} €, erwartet "
                f"{percent} % von {share.basis_eur} € wie bei allen; ein ungleicher Fall nimmt "
                "allen den Abzug (§ 22 KStG), bitte die Abweichung entfernen."
            )
