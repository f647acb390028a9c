# SPDX-License-Identifier: Apache-2.0
"""What every paper of a member carries: parties, numbers, dates, footer, the invoice behind it.

Belongs here: the frame that Jahresabrechnung, Gutschrift and Abrechnung share. Does not belong
here: the content of any one of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from foundation import formats
from foundation.cooperative import Cooperative
from foundation.identity import Identity
from reports.papers.letter import letter
from reports.papers.parts import Row
from reports.statements import parts
from reports.statements.einvoice import Invoice, InvoiceLine

KIND_TITLE = {"gutschrift": "Gutschrift", "abrechnung": "Abrechnung"}


@dataclass(frozen=True)
class Paper:
    """One paper: what the template prints, and the invoice behind it where there is one."""

    kind: str
    number: str
    issued_on: dt.date
    is_draft: bool
    content: Row
    invoice: Invoice | None
    net_eur: Decimal
    vat_eur: Decimal
    gross_eur: Decimal


def year_name(year: str) -> str:
    return year.replace("-", "/")


def paper_frame(
    title: str,
    number: str,
    statement: Row,
    identity: Identity,
    cooperative: Cooperative,
    issued_on: dt.date,
) -> Row:
    """What every paper about money carries: both parties, numbers, dates, footer."""
    info = [
        ["Nummer", number],
        ["Datum", formats.day(issued_on)],
        ["Mitgliedsnummer", identity.member_number],
        ["Geschäftsjahr", year_name(statement["fiscal_year"])],
    ]
    if identity.is_entrepreneur and identity.vat_id:
        info.append(["Ihre USt-IdNr.", identity.vat_id])
    elif identity.is_entrepreneur and identity.tax_number:
        info.append(["Ihre Steuernummer", identity.tax_number])
    return letter(
        title,
        number,
        cooperative,
        description=f"{title} {number} für Mitglied {identity.member_number}",
        info=info,
        identity=identity,
        draft=bool(statement["is_draft"]),
    )


def self_billing(identity: Identity, kind: str) -> str:
    if kind != "gutschrift" or identity.self_billing_agreed_on is None:
        return ""
    agreed = formats.day(identity.self_billing_agreed_on)
    return f"Gutschriften vereinbart am {agreed}"


def parties(identity: Identity, cooperative: Cooperative) -> str:
    """Who supplied and who received: in a Gutschrift the receiver writes the invoice."""
    return (
        f"Gutschrift nach § 14 Abs. 2 UStG. Leistender: {identity.name}, {identity.street}, "
        f"{identity.postcode} {identity.city}. "
        f"Leistungsempfänger und Aussteller: {cooperative.name}."
    )


def tax_note(identity: Identity) -> str:
    return {
        "regulaer": parts.VAT_NOTE,
        "kleinunternehmer": parts.SMALL_NOTE,
        "keine": parts.CITIZEN_NOTE,
    }[identity.vat_status]


def refund_due(statement: Row, terms: Row) -> str:
    last: dt.date = statement["period_to"]
    months = last.year * 12 + last.month + int(terms["paid_within_months"])
    end = dt.date(months // 12, months % 12 + 1, 1) - dt.timedelta(days=1)
    return formats.day(end)


def days_later(day: dt.date, days: int) -> str:
    return formats.day(day + dt.timedelta(days=days))


def objection_until(day: dt.date, terms: Row) -> str:
    return days_later(day, int(terms["objection_days"]))


def invoice_of(rows: list[Row], identity: Identity, date: dt.date, due_text: str) -> Invoice | None:
    if rows[0]["document_kind"] != "gutschrift" or identity.self_billing_agreed_on is None:
        return None
    net, vat, gross = parts.add([(r["net_eur"], r["vat_eur"], r["gross_eur"]) for r in rows])
    return Invoice(
        number=rows[0]["invoice_number"],
        issued_on=date,
        agreed_on=identity.self_billing_agreed_on,
        vat_rate=rows[0]["vat_rate"].quantize(Decimal("0.01")),
        net_eur=net,
        vat_eur=vat,
        gross_eur=gross,
        due_text=due_text,
        lines=tuple(
            InvoiceLine(
                description=row["description"],
                quantity=row["quantity"].quantize(Decimal("0.01")),
                unit_price_eur=row["unit_price_eur"].quantize(Decimal("0.0001")),
                net_eur=row["net_eur"],
                period_from=row["period_from"],
                period_to=row["period_to"],
            )
            for row in rows
        ),
    )
