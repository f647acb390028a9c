# SPDX-License-Identifier: Apache-2.0
"""The rules that a cooperative writes by hand: statute, price list, fiscal year.

Belongs here: typed models of `statute.yaml`, `price_list.yaml`, `fiscal_years/<id>.yaml`, and the
refusals that follow from them alone (a price agreed too late, a tiered refund, a dividend).
Does not belong here: sums over members or sales.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from foundation.errors import ConfigError


def _no_float(value: object) -> object:
    if isinstance(value, float):
        raise ValueError(f'{value} ohne Anführungszeichen; bitte als Text schreiben, etwa "4.00"')
    return value


Exact = Annotated[Decimal, BeforeValidator(_no_float)]
Organ = Literal["vorstand", "aufsichtsrat", "generalversammlung", "beirat"]
ORGAN_NAMES: dict[str, str] = {
    "vorstand": "Vorstand",
    "aufsichtsrat": "Aufsichtsrat",
    "generalversammlung": "Generalversammlung",
    "beirat": "Beirat",
}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Resolution(_Model):
    """Who decided what when: a figure without organ, date and minutes is a proposal."""

    organ: Organ
    decided_on: date
    minutes: str = Field(min_length=3)

    def text(self) -> str:
        """One line for papers: "Generalversammlung vom 14.11.2026 (Protokoll …)"."""
        return f"{ORGAN_NAMES[self.organ]} vom {self.decided_on:%d.%m.%Y} ({self.minutes})"


class RefundRules(_Model):
    """§ 22 KStG: which surplus may be refunded, and by which turnover of the member."""

    kind: Literal["absatz", "uebrige"]
    basis: list[Literal["datenverguetung", "bezug"]] = Field(min_length=1)
    organs: list[Organ] = Field(min_length=1)
    paid_within_months: int = Field(ge=1, le=12)
    legal_basis: str


class ReserveRules(_Model):
    """§ 7 no. 2 GenG: yearly share of the surplus until the reserve has reached its minimum."""

    percent: Exact = Field(ge=0, le=100)
    until_eur: Exact = Field(ge=0)
    legal_basis: str


class FundRule(_Model):
    """A fund that the statute knows; only such funds can get money."""

    id: str = Field(pattern="^[a-z_]+$")
    title: str
    account: str = Field(pattern=r"^\d{4,8}$")
    purpose: str


class Statute(_Model):
    """What the statute says about money and release."""

    name: str
    adopted_on: date
    refund: RefundRules
    statutory_reserve: ReserveRules
    board_reserve_max_percent: Exact = Field(ge=0, le=50)
    board_reserve_legal_basis: str
    funds: list[FundRule]
    objection_days: int = Field(ge=14)
    objection_route: str
    approvals: dict[str, Organ]


class PointRules(_Model):
    """How points come about; the four parts are added, so each can be recomputed by hand."""

    base_per_month: Exact = Field(ge=0)
    volume_factor: Exact = Field(ge=0)
    volume_unit_lines: int = Field(gt=0)
    quality_per_month: Exact = Field(ge=0)
    timeliness_per_month: Exact = Field(ge=0)


class PriceList(_Model):
    """The data fee: a price per point, agreed before the fiscal year, at arm's length."""

    version: str
    agreed_on: date
    agreed_by: Resolution
    valid_from: date
    valid_to: date
    basis: str
    price_per_point_eur: Exact = Field(gt=0)
    vat_rate_percent: Exact = Field(ge=0, le=100)
    points: PointRules
    invoiced_within_days: int = Field(ge=1, le=92)
    paid_within_days: int = Field(ge=1, le=60)
    arms_length: str = Field(min_length=10)


class Account(_Model):
    """One account of the chart of accounts."""

    number: str = Field(pattern=r"^\d{4,8}$")
    name: str


class AmountLine(_Model):
    """One line of the accounts."""

    account: str
    title: str
    amount_eur: Exact
    is_data_purchase: bool = False


class RefundDecision(_Model):
    """The one percentage. A mapping, tiers or exceptions are refused before this is read."""

    percent: Exact = Field(ge=0, le=100)
    resolution: Resolution | None
    invoiced_on: date | None


class FundDecision(_Model):
    """A share of the surplus for a fund or reserve."""

    fund: str
    percent_of_surplus: Exact = Field(ge=0, le=100)
    resolution: Resolution | None


class FiscalYear(_Model):
    """The year's accounts as adopted, and what the organs decided about the surplus."""

    id: str = Field(pattern=r"^\d{4}-\d{2}$")
    first_day: date
    last_day: date
    adopted: Resolution | None
    other_income: list[AmountLine]
    costs: list[AmountLine]
    side_business: list[AmountLine]
    income_tax_eur: Exact = Field(ge=0)
    statutory_reserve_before_eur: Exact = Field(ge=0)
    control_product_revenue_eur: Exact | None = None
    control_data_fees_eur: Exact | None = None
    fee_runs: dict[str, date]
    refund: RefundDecision
    board_reserve: FundDecision | None = None
    funds: list[FundDecision]
    accounts: dict[str, Account]

    def account(self, role: str) -> Account:
        """The account for a role; raises ConfigError when the chart does not name it."""
        if role not in self.accounts:
            raise ConfigError(
                f"Datei „fiscal_years/{self.id}.yaml“, Feld „accounts“: gefunden kein Konto für "
                f"„{role}“, erwartet eine Kontonummer; Konto im Kontenplan ergänzen."
            )
        return self.accounts[role]

    def quarters(self) -> list[tuple[str, date, date]]:
        """The four quarters of the fiscal year as (Q1.., first day, last day)."""
        out = []
        for index in range(4):
            first = _add_months(self.first_day, 3 * index)
            last = date.fromordinal(_add_months(first, 3).toordinal() - 1)
            out.append((f"Q{index + 1}", first, last))
        if out[-1][2] != self.last_day:
            raise ConfigError(
                f"Geschäftsjahr {self.id}: gefunden {self.first_day} bis {self.last_day}, erwartet "
                "zwölf volle Monate; first_day und last_day in fiscal_years berichtigen."
            )
        return out

    @property
    def is_draft(self) -> bool:
        """True until the accounts are adopted and the refund is resolved (§ 48 GenG)."""
        return self.adopted is None or self.refund.resolution is None


@dataclass(frozen=True)
class Terms:
    """Everything by hand that one distribution needs."""

    statute: Statute
    price_list: PriceList
    year: FiscalYear


def _add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, day.day)


M = TypeVar("M", bound=BaseModel)
_SURPLUS_KEYS = ("percent_of_surplus", "share_of_surplus", "percent_of_revenue", "derived_from")
_UNEQUAL_KEYS = ("percent_by_member", "percent_by_kind", "tiers", "exceptions", "minimum_eur")
_DIVIDEND_KEYS = ("dividend", "dividend_percent", "interest_on_shares", "interest_percent")


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise ConfigError(
            f"Datei „{path.name}“ fehlt im Ordner „{path.parent.name}“; bitte nach dem Muster von "
            "Musterstadt anlegen."
        )
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ConfigError(
            f"Datei „{path.name}“ ist kein gültiges YAML ({str(error).splitlines()[0]}); "
            "Einrückung und Doppelpunkte prüfen."
        ) from error
    if not isinstance(content, dict):
        raise ConfigError(f"Datei „{path.name}“ ist leer oder keine Liste von Feldern; ergänzen.")
    return content


def _parse(model: type[M], content: dict[str, Any], name: str) -> M:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            f"Datei „{name}“, Feld „{place}“: gefunden {first.get('input')!r}, erwartet: "
            f"{first['msg']}; Angabe ergänzen oder berichtigen."
        ) from error


def parse_price_list(content: dict[str, Any], name: str = "price_list.yaml") -> PriceList:
    """Read a price list; refuses a fee that is derived from the surplus.

    Such a fee would count as an unequal refund and void the deduction of § 22 KStG for everyone.
    """
    derived = [key for key in _SURPLUS_KEYS if key in content]
    if derived or content.get("basis") != "punkte":
        found = derived[0] if derived else f"basis: {content.get('basis')}"
        raise ConfigError(
            f"Datei „{name}“: gefunden „{found}“, erwartet basis: punkte mit festem Preis; die "
            "Datenvergütung ist ein Preis und darf nicht aus dem Überschuss abgeleitet sein, sonst "
            "gilt sie als ungleiche Rückvergütung (§ 22 KStG)."
        )
    return _parse(PriceList, content, name)


def parse_fiscal_year(content: dict[str, Any], name: str = "Geschäftsjahr") -> FiscalYear:
    """Read a fiscal year; refuses dividends and any refund that is not one percentage for all."""
    for key in _DIVIDEND_KEYS:
        if content.get(key):
            raise ConfigError(
                f"Datei „{name}“, Feld „{key}“: Dividende und Verzinsung der Anteile (§§ 19, 21a "
                "GenG) brauchen Kapitalertragsteuer, Kirchensteuerabfrage und Steuerbescheinigung "
                "und sind nicht vorgesehen; bitte Feld streichen und außerhalb abrechnen."
            )
    refund = content.get("refund")
    percent = refund.get("percent") if isinstance(refund, dict) else None
    unequal = [key for key in _UNEQUAL_KEYS if isinstance(refund, dict) and key in refund]
    if unequal or isinstance(percent, (dict, list)):
        raise ConfigError(
            f"Datei „{name}“, Feld „refund.{unequal[0] if unequal else 'percent'}“: die "
            "Rückvergütung muss für alle Mitglieder derselbe Prozentsatz sein, ein ungleicher Fall "
            "nimmt allen den Abzug (§ 22 KStG); bitte einen einzigen Prozentsatz angeben."
        )
    return _parse(FiscalYear, content, name)


def load_terms(cooperative: Path, fiscal_year: str) -> Terms:
    """Read statute, price list and fiscal year from the folder of the cooperative.

    Raises ConfigError (German, with file and field) when something is missing or not allowed.
    """
    year_file = cooperative / "fiscal_years" / f"{fiscal_year}.yaml"
    return Terms(
        statute=_parse(Statute, _read(cooperative / "statute.yaml"), "statute.yaml"),
        price_list=parse_price_list(_read(cooperative / "price_list.yaml")),
        year=parse_fiscal_year(_read(year_file), f"fiscal_years/{year_file.name}"),
    )
