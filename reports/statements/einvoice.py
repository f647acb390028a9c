# SPDX-License-Identifier: Apache-2.0
"""ZUGFeRD XML (profile EN 16931) of a Gutschrift: the member sells, the cooperative writes it.

Belongs here: one `Invoice` to bytes, and the check against the schema before anything is attached.
Does not belong here: PDF, layout, who may get VAT (that is settled in the positions).

BT-3 is 389 (self-billed invoice); 381 would be a credit note and mean something else. Only members
with `regulaer` carry VAT; § 19 UStG is category E with the reason in BT-120.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from foundation.cooperative import Cooperative
from foundation.errors import OrtskernError
from foundation.identity import Identity

PROFILE = "urn:cen.eu:en16931:2017"
SELF_BILLED = "389"
SMALL_BUSINESS = "Kein Ausweis von Umsatzsteuer: Kleinunternehmer nach § 19 UStG"


@dataclass(frozen=True)
class InvoiceLine:
    """One position; net = quantity x unit price, rounded to cents."""

    description: str
    quantity: Decimal
    unit_price_eur: Decimal
    net_eur: Decimal
    period_from: dt.date
    period_to: dt.date


@dataclass(frozen=True)
class Invoice:
    """A Gutschrift with one VAT rate, as methods and law want it."""

    number: str
    issued_on: dt.date
    agreed_on: dt.date
    vat_rate: Decimal
    net_eur: Decimal
    vat_eur: Decimal
    gross_eur: Decimal
    due_text: str
    lines: tuple[InvoiceLine, ...]


def invoice_xml(invoice: Invoice, seller: Identity, buyer: Cooperative) -> bytes:
    """The XML of one Gutschrift, checked against the EN 16931 schema.

    Raises OrtskernError with the number of the paper when the schema refuses it.
    """
    from drafthorse.models.document import Document

    doc = Document()
    doc.context.guideline_parameter.id = PROFILE
    _header(doc, invoice)
    _parties(doc, seller, buyer)
    for number, line in enumerate(invoice.lines, start=1):
        doc.trade.items.add(_line(number, line, invoice.vat_rate))
    _settlement(doc, invoice, seller)
    xml: bytes = doc.serialize(schema=None)
    _check(xml, invoice.number)
    return xml


def _check(xml: bytes, number: str) -> None:
    from facturx import xml_check_xsd

    try:
        xml_check_xsd(xml, flavor="factur-x", level="en16931")
    except Exception as error:
        raise OrtskernError(
            f"E-Rechnung {number}: das XML erfüllt das Schema EN 16931 nicht ({error}); Stammdaten "
            "des Mitglieds prüfen, sonst bitte melden."
        ) from error


def _header(doc: Any, invoice: Invoice) -> None:
    from drafthorse.models.note import IncludedNote

    doc.header.id = invoice.number
    doc.header.type_code = SELF_BILLED
    doc.header.issue_date_time = invoice.issued_on
    note = IncludedNote()
    note.content = f"Gutschrift nach Vereinbarung vom {invoice.agreed_on:%d.%m.%Y}"
    doc.header.notes.add(note)


def _address(party: Any, street: str, postcode: str, city: str, country: str) -> None:
    party.address.postcode = postcode
    party.address.line_one = street
    party.address.city_name = city
    party.address.country_id = country


def _tax_numbers(party: Any, vat_id: str | None, tax_number: str | None) -> None:
    from drafthorse.models.party import TaxRegistration

    for scheme, value in (("VA", vat_id), ("FC", tax_number)):
        if value:
            party.tax_registrations.add(TaxRegistration(id=(scheme, value)))


def _parties(doc: Any, seller: Identity, buyer: Cooperative) -> None:
    agreement = doc.trade.agreement
    agreement.seller.id = seller.member_number
    agreement.seller.name = seller.name
    _address(agreement.seller, seller.street, seller.postcode, seller.city, seller.country)
    _tax_numbers(agreement.seller, seller.vat_id, seller.tax_number)
    agreement.buyer.name = buyer.name
    agreement.buyer.contact.person_name = buyer.contact.name
    agreement.buyer.contact.telephone.number = buyer.contact.phone
    agreement.buyer.contact.email.address = buyer.contact.email
    _address(agreement.buyer, buyer.street, buyer.postcode, buyer.city, buyer.country)
    _tax_numbers(agreement.buyer, buyer.vat_id, None)


def _tax_category(tax: Any, rate: Decimal) -> None:
    tax.type_code = "VAT"
    tax.category_code = "S" if rate else "E"
    tax.rate_applicable_percent = rate


def _line(number: int, line: InvoiceLine, rate: Decimal) -> Any:
    from drafthorse.models.tradelines import LineItem

    item = LineItem()
    item.document.line_id = str(number)
    item.product.name = line.description
    item.agreement.net.amount = line.unit_price_eur
    item.delivery.billed_quantity = (line.quantity, "C62")
    _tax_category(item.settlement.trade_tax, rate)
    item.settlement.period.start = line.period_from
    item.settlement.period.end = line.period_to
    item.settlement.monetary_summation.total_amount = line.net_eur
    return item


def _settlement(doc: Any, invoice: Invoice, seller: Identity) -> None:
    from drafthorse.models.accounting import ApplicableTradeTax
    from drafthorse.models.payment import PaymentMeans, PaymentTerms

    settlement = doc.trade.settlement
    settlement.payment_reference = invoice.number
    settlement.currency_code = "EUR"
    means = PaymentMeans()
    means.type_code = "58"
    means.payee_account.iban = (seller.iban or "").replace(" ", "")
    means.payee_account.account_name = seller.account_holder
    settlement.payment_means.add(means)
    tax = ApplicableTradeTax()
    _tax_category(tax, invoice.vat_rate)
    tax.calculated_amount = invoice.vat_eur
    tax.basis_amount = invoice.net_eur
    if not invoice.vat_rate:
        tax.exemption_reason = SMALL_BUSINESS
    settlement.trade_tax.add(tax)
    doc.trade.delivery.event.occurrence = max(line.period_to for line in invoice.lines)
    settlement.period.start = min(line.period_from for line in invoice.lines)
    settlement.period.end = max(line.period_to for line in invoice.lines)
    terms = PaymentTerms()
    terms.description = invoice.due_text
    settlement.terms.add(terms)
    total = settlement.monetary_summation
    total.line_total = invoice.net_eur
    total.charge_total = Decimal("0.00")
    total.allowance_total = Decimal("0.00")
    total.tax_basis_total = invoice.net_eur
    total.tax_total = (invoice.vat_eur, "EUR")
    total.grand_total = invoice.gross_eur
    total.due_amount = invoice.gross_eur
