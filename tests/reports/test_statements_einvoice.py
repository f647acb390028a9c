# SPDX-License-Identifier: Apache-2.0
"""The e-invoice inside a Gutschrift says the same as the paper, by schema and by business rules."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from pathlib import Path

import pytest

from foundation.errors import OrtskernError
from reports.statements.einvoice import Invoice, InvoiceLine, invoice_xml
from reports.statements.render import RenderResult
from tests.reports import statements_town as papers


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> RenderResult:
    """The small town's papers."""
    return papers.render(tmp_path_factory.mktemp("papers"))


def sample() -> Invoice:
    """A correct Gutschrift over one quarter."""
    _, positions = papers.frames()
    row = positions.iloc[0]
    line = InvoiceLine(
        description=row.description,
        quantity=row.quantity,
        unit_price_eur=row.unit_price_eur,
        net_eur=row.net_eur,
        period_from=row.period_from,
        period_to=row.period_to,
    )
    return Invoice(
        number=row.invoice_number,
        issued_on=row.invoiced_on,
        agreed_on=papers.ISSUED_ON,
        vat_rate=row.vat_rate,
        net_eur=row.net_eur,
        vat_eur=row.vat_eur,
        gross_eur=row.gross_eur,
        due_text="Überweisung",
        lines=(line,),
    )


def read(path: Path) -> dict[str, str]:
    """Fields of the e-invoice in a PDF, as factur-x reads them."""
    from facturx import get_xml_from_pdf
    from lxml import etree

    name, xml = get_xml_from_pdf(path.read_bytes(), check_xsd=True)
    assert name == "factur-x.xml"
    tree = etree.fromstring(xml)
    spaces = {key: value for key, value in tree.nsmap.items() if key}
    fields = {
        "number": "//rsm:ExchangedDocument/ram:ID",
        "kind": "//rsm:ExchangedDocument/ram:TypeCode",
        "net": "//ram:TaxBasisTotalAmount",
        "vat": "//ram:TaxTotalAmount",
        "gross": "//ram:GrandTotalAmount",
        "category": "//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax/ram:CategoryCode",
        "reason": "//ram:ExemptionReason",
        "seller": "//ram:SellerTradeParty/ram:Name",
        "buyer": "//ram:BuyerTradeParty/ram:Name",
    }
    return {
        key: "".join(node.text or "" for node in tree.xpath(path, namespaces=spaces))
        for key, path in fields.items()
    }


def test_xml_in_the_pdf_agrees_with_the_positions_to_the_cent(result: RenderResult) -> None:
    _, positions = papers.frames()
    gutschriften = positions[positions.document_kind == "gutschrift"]
    checked = 0
    for issued in result.issued:
        if issued.xml_sha256 is None:
            continue
        found = read(issued.path)
        row = gutschriften[gutschriften.invoice_number == found["number"]].iloc[0]
        amounts = (Decimal(found["net"]), Decimal(found["vat"]), Decimal(found["gross"]))
        assert amounts == (row.net_eur, row.vat_eur, row.gross_eur)
        checked += 1
    assert checked == len(gutschriften) == 15


def test_member_sells_and_cooperative_buys_by_self_billing(result: RenderResult) -> None:
    found = read(next(i.path for i in result.issued if i.number == "GS-2025-26-Q1-0001"))
    assert found["kind"] == "389"
    assert found["seller"] == "Bäckerei Hölscher GmbH"
    assert found["buyer"] == "Ortskern Musterstadt Datengenossenschaft eG"


def test_small_business_is_exempt_with_its_reason(result: RenderResult) -> None:
    found = read(next(i.path for i in result.issued if i.number == "GS-2025-26-Q1-0002"))
    assert (found["category"], found["vat"]) == ("E", "0.00")
    assert "§ 19 UStG" in found["reason"]


def test_every_e_invoice_keeps_the_rules_of_en_16931(result: RenderResult) -> None:
    for issued in result.issued:
        xml = papers.xml_of(issued.path)
        assert xml is None or papers.broken_rules(xml) == []


def test_wrong_tax_breaks_a_rule_so_the_rules_really_run() -> None:
    wrong = dataclasses.replace(sample(), vat_eur=Decimal("1.00"))
    broken = papers.broken_rules(invoice_xml(wrong, papers.identity(1), papers.cooperative()))
    assert any("BR-CO-17" in rule for rule in broken)


def test_xml_that_the_schema_refuses_is_not_attached() -> None:
    nameless = dataclasses.replace(sample(), number="")
    with pytest.raises(OrtskernError, match="erfüllt das Schema EN 16931 nicht"):
        invoice_xml(nameless, papers.identity(1), papers.cooperative())
