# SPDX-License-Identifier: Apache-2.0
"""The surplus of a fiscal year, and what reserves and funds take from it first.

Belongs here: surplus before the Rückvergütung, statutory reserve (§ 7 no. 2 GenG), reserve of the
Vorstand (§ 20 GenG, at most half), funds by resolution.
Does not belong here: shares of single members.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd

from analysis.distribution.data_fee import DataFeeResult
from analysis.distribution.tables import Members, as_date, as_decimal, rows
from analysis.distribution.terms import Account, FiscalYear, FundDecision, FundRule, Statute
from foundation.errors import ConfigError, OrtskernError
from foundation.money import round_cents

ZERO = Decimal("0.00")
SALES = (
    "invoice_number",
    "service_from_date",
    "service_to_date",
    "buyer_kind",
    "member_id",
    "net_eur",
    "vat_rate_percent",
)


@dataclass(frozen=True)
class Sale:
    """The year's part of one invoice (or of its cancellation, negative) for a data product."""

    invoice_number: str
    member_id: str | None
    net_eur: Decimal
    vat_rate_percent: Decimal


@dataclass(frozen=True)
class Surplus:
    """Surplus before the Rückvergütung, with the parts that its cap under § 22 KStG needs."""

    revenue_eur: Decimal
    other_income_eur: Decimal
    side_result_eur: Decimal
    data_fees_eur: Decimal
    costs_eur: Decimal
    tax_eur: Decimal
    third_party_purchases_eur: Decimal
    member_sales: list[Sale]

    @property
    def amount_eur(self) -> Decimal:
        """Revenue and income less fees, costs and tax; may be negative."""
        income = self.revenue_eur + self.other_income_eur + self.side_result_eur
        return income - self.data_fees_eur - self.costs_eur - self.tax_eur


@dataclass(frozen=True)
class Reserve:
    """What one reserve or fund gets."""

    pot: str
    title: str
    account: Account
    amount_eur: Decimal
    legal_basis: str
    resolution: str | None


def _total(lines: list[Decimal]) -> Decimal:
    return round_cents(sum(lines, ZERO))


def accrued(net: Decimal, began: date, ended: date, year: FiscalYear) -> Decimal:
    """The part of `net` that falls into the year by days, in whole cents."""
    days = (ended - began).days + 1

    def until(last: date) -> Decimal:
        passed = min(max((last - began).days + 1, 0), days)
        return round_cents(net * passed / days)

    return until(year.last_day) - until(year.first_day - timedelta(days=1))


def read_sales(sales: pd.DataFrame, members: Members, year: FiscalYear) -> list[Sale]:
    """The year's part of each sale (core.fct_product_sale, one row per invoice).

    A subscription over two years belongs to both by days (§ 250 (2) HGB); the parts of all years
    add up to the invoice. A buyer counts as member if it was one on the last day of supply.
    Raises OrtskernError when a sale to a member names none, or a sale to a third party names one.
    """
    out = []
    for row in rows(sales, "fct_product_sale", SALES):
        began, ended = as_date(row["service_from_date"]), as_date(row["service_to_date"])
        if began is None or ended is None or ended < began:
            raise OrtskernError(
                f"Tabelle „fct_product_sale“, Rechnung {row['invoice_number']}, Feld "
                f"„service_to_date“: gefunden {ended}, erwartet ein Tag ab {began}; Verkaufsliste "
                "berichtigen."
            )
        if ended < year.first_day or began > year.last_day:
            continue
        member = row["member_id"]
        if (row["buyer_kind"] == "mitglied") != (member is not None):
            raise OrtskernError(
                f"Tabelle „fct_product_sale“, Rechnung {row['invoice_number']}, Feld „member_id“: "
                f"gefunden {member or 'nichts'}, erwartet passend zu „{row['buyer_kind']}“; "
                "Verkaufsliste berichtigen."
            )
        if member is not None:
            members.get(member, "fct_product_sale")
            if not members.was_member(member, ended, ended):
                member = None
        net = accrued(as_decimal(row["net_eur"]), began, ended, year)
        rate = as_decimal(row["vat_rate_percent"])
        out.append(Sale(str(row["invoice_number"]), member, net, rate))
    return out


def compute_surplus(
    sales: pd.DataFrame, fees: DataFeeResult, members: Members, year: FiscalYear
) -> Surplus:
    """Surplus of the year from sales, data fees and the accounts in YAML.

    Where the accounts carry control sums (as adopted), a difference of one cent is refused.
    """
    sold = read_sales(sales, members, year)
    surplus = Surplus(
        revenue_eur=_total([sale.net_eur for sale in sold]),
        other_income_eur=_total([line.amount_eur for line in year.other_income]),
        side_result_eur=_total([line.amount_eur for line in year.side_business]),
        data_fees_eur=fees.total_eur,
        costs_eur=_total([line.amount_eur for line in year.costs]),
        tax_eur=year.income_tax_eur,
        third_party_purchases_eur=_total(
            [line.amount_eur for line in year.costs if line.is_data_purchase]
        ),
        member_sales=[sale for sale in sold if sale.member_id is not None],
    )
    for field, found, wanted in (
        ("control_product_revenue_eur", surplus.revenue_eur, year.control_product_revenue_eur),
        ("control_data_fees_eur", surplus.data_fees_eur, year.control_data_fees_eur),
    ):
        if wanted is not None and found != wanted:
            raise ConfigError(
                f"Datei „fiscal_years/{year.id}.yaml“, Feld „{field}“: gefunden {wanted} €, "
                f"erwartet {found} € wie in den Büchern; Abweichung vor der Verteilung klären."
            )
    return surplus


def compute_reserves(surplus: Surplus, statute: Statute, year: FiscalYear) -> list[Reserve]:
    """Reserves and funds, in the order in which they are served; each at most what is left.

    A loss serves none. Raises ConfigError when the Vorstand takes more than half, or when a fund is
    not in the statute, or when the shares exceed the surplus.
    """
    amount = surplus.amount_eur
    if amount <= 0:
        return []
    rule = statute.statutory_reserve
    gap = max(rule.until_eur - year.statutory_reserve_before_eur, ZERO)
    out = [
        Reserve(
            "gesetzliche_ruecklage",
            "Gesetzliche Rücklage",
            year.account("gesetzliche_ruecklage"),
            min(round_cents(amount * rule.percent / 100), round_cents(gap)),
            rule.legal_basis,
            None,
        )
    ]
    if year.board_reserve is not None:
        share = year.board_reserve.percent_of_surplus
        if share > statute.board_reserve_max_percent:
            raise ConfigError(
                f"Datei „fiscal_years/{year.id}.yaml“, Feld „board_reserve“: gefunden {share} %, "
                f"erwartet höchstens {statute.board_reserve_max_percent} % des Überschusses ohne "
                "Generalversammlung (§ 20 GenG); Anteil senken oder als Fonds beschließen lassen."
            )
        other = FundRule(
            id="andere_ergebnisruecklagen",
            title="Andere Ergebnisrücklagen",
            account=year.account("andere_ergebnisruecklagen").number,
            purpose="",
        )
        out.append(_fund(other, year.board_reserve, amount, statute.board_reserve_legal_basis))
    known = {fund.id: fund for fund in statute.funds}
    for decision in year.funds:
        if decision.fund not in known:
            raise ConfigError(
                f"Datei „fiscal_years/{year.id}.yaml“, Feld „funds“: gefunden „{decision.fund}“, "
                f"erwartet einer der Fonds der Satzung ({', '.join(known)}); Namen berichtigen."
            )
        out.append(_fund(known[decision.fund], decision, amount, "Beschluss"))
    if sum((reserve.amount_eur for reserve in out), ZERO) > amount:
        raise ConfigError(
            f"Datei „fiscal_years/{year.id}.yaml“: Rücklagen und Fonds übersteigen den Überschuss "
            f"von {amount} €; Anteile senken."
        )
    return out


def _fund(rule: FundRule, decision: FundDecision, surplus: Decimal, basis: str) -> Reserve:
    resolution = decision.resolution.text() if decision.resolution else None
    share = round_cents(surplus * decision.percent_of_surplus / 100)
    account = Account(number=rule.account, name=rule.title)
    return Reserve(rule.id, rule.title, account, share, basis, resolution)
