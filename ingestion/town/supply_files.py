# SPDX-License-Identifier: Apache-2.0
"""An invoice as a file: ZUGFeRD (CII), UBL, or a PDF that only looks like one.

Belongs here: the two syntaxes of EN 16931, written plainly. Does not belong here: who buys what
(``supply``).

A template of our own, because a town writes more than a thousand invoices. A test checks what is
written against the official XSD.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from xml.sax.saxutils import escape

_CENT = Decimal("0.01")
INVOICE, CREDIT_NOTE, SELF_BILLED = "380", "381", "389"


@dataclass(frozen=True)
class Line:
    """One line: quantity in units, price and net amount in euro."""

    name: str
    unit: str
    gtin: str
    quantity: int
    price: Decimal

    @property
    def net(self) -> Decimal:
        """Quantity times price; whole units and prices in cents need no rounding."""
        return self.quantity * self.price


@dataclass(frozen=True)
class Party:
    """A firm on an invoice."""

    name: str
    street: str
    postcode: str
    city: str
    country: str
    vat_id: str


@dataclass(frozen=True)
class Invoice:
    """What is on the paper; ``wrong_by`` is added to the net total that it states."""

    number: str
    kind: str
    day: date
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    vat_rate: Decimal = Decimal("7.00")
    discount: Decimal = Decimal(0)
    wrong_by: Decimal = Decimal(0)

    @property
    def line_total(self) -> Decimal:
        """Sum of the lines."""
        return sum((line.net for line in self.lines), Decimal(0))

    @property
    def net(self) -> Decimal:
        """What the invoice states as its net total."""
        return self.line_total - self.discount + self.wrong_by

    @property
    def vat(self) -> Decimal:
        """VAT on the net total, to the cent."""
        return (self.net * self.vat_rate / 100).quantize(_CENT, ROUND_HALF_UP)


def cii(invoice: Invoice) -> bytes:
    """The invoice as ZUGFeRD, profile EN 16931."""
    lines = "".join(_cii_line(i, line, invoice) for i, line in enumerate(invoice.lines, start=1))
    vat = f"<ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>{invoice.vat_rate}</ram:RateApplicablePercent>"
    discount = (
        "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>"
        f"<ram:ActualAmount>{invoice.discount}</ram:ActualAmount><ram:Reason>Mengenrabatt</ram:Reason>"
        f"<ram:CategoryTradeTax><ram:TypeCode>VAT</ram:TypeCode>{vat}</ram:CategoryTradeTax></ram:SpecifiedTradeAllowanceCharge>"
        if invoice.discount
        else ""
    )
    gross = invoice.net + invoice.vat
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"'
        ' xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"'
        ' xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">'
        "<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>"
        "<ram:ID>urn:cen.eu:en16931:2017</ram:ID>"
        "</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>"
        f"<rsm:ExchangedDocument><ram:ID>{escape(invoice.number)}</ram:ID><ram:TypeCode>{invoice.kind}</ram:TypeCode>"
        f'<ram:IssueDateTime><udt:DateTimeString format="102">{invoice.day:%Y%m%d}</udt:DateTimeString></ram:IssueDateTime>'
        "</rsm:ExchangedDocument>"
        f"<rsm:SupplyChainTradeTransaction>{lines}"
        "<ram:ApplicableHeaderTradeAgreement>"
        f"{_cii_party('SellerTradeParty', invoice.seller)}{_cii_party('BuyerTradeParty', invoice.buyer)}"
        "</ram:ApplicableHeaderTradeAgreement>"
        "<ram:ApplicableHeaderTradeDelivery/>"
        "<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>"
        f"<ram:ApplicableTradeTax><ram:CalculatedAmount>{invoice.vat}</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>"
        f"<ram:BasisAmount>{invoice.net}</ram:BasisAmount>{vat}</ram:ApplicableTradeTax>{discount}"
        "<ram:SpecifiedTradePaymentTerms><ram:Description>Zahlbar in 14 Tagen</ram:Description></ram:SpecifiedTradePaymentTerms>"
        "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        f"<ram:LineTotalAmount>{invoice.line_total}</ram:LineTotalAmount>"
        f"<ram:AllowanceTotalAmount>{invoice.discount}</ram:AllowanceTotalAmount>"
        f"<ram:TaxBasisTotalAmount>{invoice.net}</ram:TaxBasisTotalAmount>"
        f'<ram:TaxTotalAmount currencyID="EUR">{invoice.vat}</ram:TaxTotalAmount>'
        f"<ram:GrandTotalAmount>{gross}</ram:GrandTotalAmount><ram:DuePayableAmount>{gross}</ram:DuePayableAmount>"
        "</ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        "</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>\n"
    ).encode()


def _cii_line(number: int, line: Line, invoice: Invoice) -> str:
    gtin = f'<ram:GlobalID schemeID="0160">{line.gtin}</ram:GlobalID>' if line.gtin else ""
    return (
        "<ram:IncludedSupplyChainTradeLineItem>"
        f"<ram:AssociatedDocumentLineDocument><ram:LineID>{number}</ram:LineID></ram:AssociatedDocumentLineDocument>"
        f"<ram:SpecifiedTradeProduct>{gtin}<ram:Name>{escape(line.name)}</ram:Name></ram:SpecifiedTradeProduct>"
        "<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>"
        f"<ram:ChargeAmount>{line.price}</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>"
        f'<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="{line.unit}">{line.quantity}.0000</ram:BilledQuantity>'
        "</ram:SpecifiedLineTradeDelivery><ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode>"
        f"<ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>{invoice.vat_rate}</ram:RateApplicablePercent></ram:ApplicableTradeTax>"
        f"<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{line.net}</ram:LineTotalAmount>"
        "</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>"
        "</ram:IncludedSupplyChainTradeLineItem>"
    )


def _cii_party(role: str, party: Party) -> str:
    vat = (
        f'<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{party.vat_id}</ram:ID></ram:SpecifiedTaxRegistration>'
        if party.vat_id
        else ""
    )
    return (
        f"<ram:{role}><ram:Name>{escape(party.name)}</ram:Name><ram:PostalTradeAddress>"
        f"<ram:PostcodeCode>{party.postcode}</ram:PostcodeCode><ram:LineOne>{escape(party.street)}</ram:LineOne>"
        f"<ram:CityName>{escape(party.city)}</ram:CityName><ram:CountryID>{party.country}</ram:CountryID>"
        f"</ram:PostalTradeAddress>{vat}</ram:{role}>"
    )


def ubl(invoice: Invoice) -> bytes:
    """The same invoice in the other syntax of the standard."""
    currency = 'currencyID="EUR"'
    category = f"<cbc:ID>S</cbc:ID><cbc:Percent>{invoice.vat_rate}</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    lines = "".join(
        f'<cac:InvoiceLine><cbc:ID>{i}</cbc:ID><cbc:InvoicedQuantity unitCode="{line.unit}">{line.quantity}</cbc:InvoicedQuantity>'
        f"<cbc:LineExtensionAmount {currency}>{line.net}</cbc:LineExtensionAmount>"
        f"<cac:Item><cbc:Name>{escape(line.name)}</cbc:Name>"
        f"<cac:ClassifiedTaxCategory>{category}</cac:ClassifiedTaxCategory></cac:Item>"
        f"<cac:Price><cbc:PriceAmount {currency}>{line.price}</cbc:PriceAmount></cac:Price></cac:InvoiceLine>"
        for i, line in enumerate(invoice.lines, start=1)
    )
    gross = invoice.net + invoice.vat
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
        ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
        ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
        "<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>"
        f"<cbc:ID>{escape(invoice.number)}</cbc:ID><cbc:IssueDate>{invoice.day.isoformat()}</cbc:IssueDate>"
        f"<cbc:InvoiceTypeCode>{invoice.kind}</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
        f"{_ubl_party('AccountingSupplierParty', invoice.seller)}{_ubl_party('AccountingCustomerParty', invoice.buyer)}"
        f"<cac:TaxTotal><cbc:TaxAmount {currency}>{invoice.vat}</cbc:TaxAmount><cac:TaxSubtotal>"
        f"<cbc:TaxableAmount {currency}>{invoice.net}</cbc:TaxableAmount><cbc:TaxAmount {currency}>{invoice.vat}</cbc:TaxAmount>"
        f"<cac:TaxCategory>{category}</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
        f"<cac:LegalMonetaryTotal><cbc:LineExtensionAmount {currency}>{invoice.line_total}</cbc:LineExtensionAmount>"
        f"<cbc:TaxExclusiveAmount {currency}>{invoice.net}</cbc:TaxExclusiveAmount>"
        f"<cbc:TaxInclusiveAmount {currency}>{gross}</cbc:TaxInclusiveAmount>"
        f"<cbc:PayableAmount {currency}>{gross}</cbc:PayableAmount></cac:LegalMonetaryTotal>{lines}</Invoice>\n"
    ).encode()


def _ubl_party(role: str, party: Party) -> str:
    vat = (
        f"<cac:PartyTaxScheme><cbc:CompanyID>{party.vat_id}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
        if party.vat_id
        else ""
    )
    return (
        f"<cac:{role}><cac:Party><cac:PostalAddress><cbc:StreetName>{escape(party.street)}</cbc:StreetName>"
        f"<cbc:CityName>{escape(party.city)}</cbc:CityName><cbc:PostalZone>{party.postcode}</cbc:PostalZone>"
        f"<cac:Country><cbc:IdentificationCode>{party.country}</cbc:IdentificationCode></cac:Country></cac:PostalAddress>{vat}"
        f"<cac:PartyLegalEntity><cbc:RegistrationName>{escape(party.name)}</cbc:RegistrationName></cac:PartyLegalEntity>"
        f"</cac:Party></cac:{role}>"
    )


def picture_only() -> bytes:
    """A PDF with one empty page and nothing attached, as a scanner makes it."""
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1) + table
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(bodies) + 1,
        start,
    )
