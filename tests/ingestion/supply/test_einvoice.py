# SPDX-License-Identifier: Apache-2.0
"""Incoming invoices: both syntaxes, whose they are, and what is refused with which sentence."""

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from facturx import generate_from_binary, xml_check_xsd
from pypdf import PdfWriter

from foundation.errors import BadDelivery
from foundation.keys import Keys
from ingestion.adapter import Parsed
from ingestion.landing import Delivery
from ingestion.packages import Outcome, process, text_tables
from ingestion.pseudonyms import Pseudonyms
from ingestion.town.supply_files import Invoice, Line, Party, cii, picture_only, ubl
from tests.ingestion.sensors.judging import REAL_DATA, changed, parse, period, shipped

CONTRACT = shipped("einvoices")
SELLER = Party("Obsthof Wiedenbrook", "Apfelweg 1", "48996", "Wiedenbrook", "DE", "DE298100005")
BUYER = Party("Café Nord", "Weg 2", "48999", "Musterstadt", "DE", "")
LINES = (
    Line("Äpfel Elstar", "KGM", "", 40, Decimal("1.25")),
    Line("Apfelsaft 1 l", "H87", "4099900100058", 24, Decimal("1.60")),
)
PLAIN = Invoice("202605-01", "380", date(2026, 5, 7), SELLER, BUYER, LINES)
OTHER = replace(PLAIN, number="202605-02", day=date(2026, 5, 20))
FILE = "B-2058/202605-01.xml"
ZIP = "B-2058/B-2058_2026-05.zip"
FERD = REAL_DATA / "invoice"


def zipped(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def heads(parsed: Parsed) -> list[dict[str, Any]]:
    return parsed.tables["einvoice_invoices"].to_pylist()


def lines(parsed: Parsed) -> list[dict[str, Any]]:
    return parsed.tables["einvoice_lines"].to_pylist()


def swapped(old: str, new: str, invoice: Invoice = PLAIN) -> bytes:
    """An invoice with one text replaced."""
    data = cii(invoice)
    assert old.encode() in data
    return data.replace(old.encode(), new.encode())


def judged(data: bytes, file_name: str = FILE) -> Outcome:
    """What the contract's rules leave of a delivery."""
    delivery = Delivery("a" * 64, CONTRACT.id, file_name, len(data), None, None)
    parsed = parse(CONTRACT, file_name, data)
    return process(
        CONTRACT,
        text_tables(CONTRACT, [(delivery, parsed)]),
        [delivery],
        Pseudonyms(Keys(b"1" * 32)),
        with_suite=False,
        with_identities=False,
        places={delivery.sha256: parsed.places},
    )


def broken(data: bytes) -> set[tuple[str, str | None]]:
    """(rule, field) of what the contract finds."""
    return {(e.finding.rule, e.finding.field) for e in judged(data).entries}


def loaded(data: bytes, file_name: str = FILE) -> tuple[int, int]:
    """How many invoices and lines are left."""
    tables = judged(data, file_name).tables
    return len(tables["einvoice_invoices"]), len(tables["einvoice_lines"])


def refusal(data: bytes, file_name: str = FILE) -> str:
    with pytest.raises(BadDelivery, match="Datei „") as caught:
        parse(CONTRACT, file_name, data)
    (finding,) = caught.value.findings
    return f"{finding.rule}: {finding.sentence()}"


@cache
def pdf_with_xml() -> bytes:
    made: bytes = generate_from_binary(picture_only(), cii(PLAIN), check_schematron=False)
    return made


# -- what is read ----------------------------------------------------------------------------------


def test_an_invoice_passes_its_contract_with_all_its_lines() -> None:
    assert broken(cii(PLAIN)) == set()
    assert loaded(cii(PLAIN)) == (1, 2)


def test_the_head_carries_what_is_needed_and_no_name() -> None:
    (head,) = heads(parse(CONTRACT, FILE, cii(PLAIN)))
    assert head == {
        "site_id": "B-2058",
        "invoice_number": "202605-01",
        "invoice_date": "2026-05-07",
        "document_type": "380",
        "currency_code": "EUR",
        "seller_id": "DE298100005",
        "seller_postcode": "48996",
        "seller_country_code": "DE",
        "net_eur": "88.40",
        "vat_eur": "6.19",
        "gross_eur": "94.59",
        "_row_number": 1,
    }


def test_lines_carry_gtin_quantity_and_net() -> None:
    found = lines(parse(CONTRACT, FILE, cii(PLAIN)))
    kept = ("gtin", "quantity", "unit_code", "net_eur")
    assert [tuple(line[k] for k in kept) for line in found] == [
        (None, "40.0000", "KGM", "50.00"),
        ("4099900100058", "24.0000", "H87", "38.40"),
    ]


def test_what_the_simulator_writes_is_valid_by_the_official_schema() -> None:
    for invoice in (PLAIN, replace(PLAIN, discount=Decimal("4.42"))):
        assert xml_check_xsd(cii(invoice), flavor="factur-x", level="en16931")
    assert xml_check_xsd(ubl(PLAIN), flavor="ubl-2.1-invoice")


def test_both_syntaxes_say_the_same() -> None:
    one, other = (parse(CONTRACT, FILE, write(PLAIN)) for write in (cii, ubl))
    assert heads(one) == heads(other)
    assert [line["net_eur"] for line in lines(one)] == [line["net_eur"] for line in lines(other)]


def test_a_credit_note_in_ubl_is_read_by_its_own_names() -> None:
    text = ubl(replace(PLAIN, kind="381")).decode()
    for old, new in (
        ("InvoiceTypeCode", "CreditNoteTypeCode"),
        ("InvoiceLine", "CreditNoteLine"),
        ("InvoicedQuantity", "CreditedQuantity"),
        ("xsd:Invoice-2", "xsd:CreditNote-2"),
        ("<Invoice ", "<CreditNote "),
        ("</Invoice>", "</CreditNote>"),
    ):
        assert old in text
        text = text.replace(old, new)
    parsed = parse(CONTRACT, FILE, text.encode())
    assert [h["document_type"] for h in heads(parsed)] == ["381"]
    assert [line["quantity"] for line in lines(parsed)] == ["40", "24"]


def test_the_xml_in_a_pdf_is_the_invoice() -> None:
    parsed = parse(CONTRACT, "B-2058/rechnung.pdf", pdf_with_xml())
    assert heads(parsed) == heads(parse(CONTRACT, FILE, cii(PLAIN)))


def test_a_zip_holds_any_number_of_invoices_and_lines_know_theirs() -> None:
    parsed = parse(CONTRACT, ZIP, zipped({"b.xml": cii(OTHER), "ordner/a.xml": cii(PLAIN)}))
    assert [h["invoice_number"] for h in heads(parsed)] == ["202605-01", "202605-02"]
    assert [line["invoice_row"] for line in lines(parsed)] == ["1", "1", "2", "2"]
    assert period(CONTRACT, ZIP, zipped({"a.xml": cii(PLAIN), "b.xml": cii(OTHER)})) == (
        date(2026, 5, 7),
        date(2026, 5, 20),
    )


def test_a_discount_on_the_whole_invoice_is_a_line_that_takes_away() -> None:
    data = cii(replace(PLAIN, discount=Decimal("4.42")))
    assert broken(data) == set()
    last = lines(parse(CONTRACT, FILE, data))[-1]
    assert (last["line_kind"], last["net_eur"]) == ("nachlass", "-4.42")


def test_an_invoice_without_lines_counts_by_its_total() -> None:
    text = cii(PLAIN).decode()
    start = text.index("<ram:IncludedSupplyChainTradeLineItem>")
    end = text.index("<ram:ApplicableHeaderTradeAgreement>")
    data = (text[:start] + text[end:]).encode()
    assert broken(data) == set()
    (line,) = lines(parse(CONTRACT, FILE, data))
    assert (line["line_kind"], line["net_eur"]) == ("gesamt", "88.40")


def test_vat_in_a_second_currency_is_not_that_of_the_invoice() -> None:
    second = '<ram:TaxTotalAmount currencyID="DKK">46.10</ram:TaxTotalAmount>'
    first = '<ram:TaxTotalAmount currencyID="EUR">'
    (head,) = heads(parse(CONTRACT, FILE, swapped(first, second + first)))
    assert head["vat_eur"] == "6.19"


@pytest.mark.skipif(not FERD.exists(), reason="../shared/data is absent")
@pytest.mark.parametrize(("name", "kind"), [("Einfach_380", "380"), ("Gutschrift_389", "389")])
def test_the_samples_of_the_standards_body_are_read_whole(name: str, kind: str) -> None:
    data = (FERD / f"zugferd_EN16931_{name}.xml").read_bytes()
    assert broken(data) == set()
    parsed = parse(CONTRACT, FILE, data)
    (head,) = heads(parsed)
    assert (head["document_type"], head["invoice_date"], head["net_eur"], head["gross_eur"]) == (
        kind,
        "2018-03-05",
        "473.00",
        "529.87",
    )
    assert [(line["gtin"], line["net_eur"]) for line in lines(parsed)] == [
        ("4012345001235", "198.00"),
        ("4000050986428", "275.00"),
    ]


# -- whose it is -----------------------------------------------------------------------------------


def test_without_a_folder_the_buyer_reference_names_the_shop() -> None:
    reference = "<ram:BuyerReference>B-2031</ram:BuyerReference><ram:SellerTradeParty>"
    data = swapped("<ram:SellerTradeParty>", reference)
    assert [h["site_id"] for h in heads(parse(CONTRACT, "rechnung.xml", data))] == ["B-2031"]
    assert [h["site_id"] for h in heads(parse(CONTRACT, FILE, data))] == ["B-2058"]


def test_an_invoice_of_no_shop_is_refused_with_the_folder_as_remedy() -> None:
    said = refusal(cii(PLAIN), "nachlieferung/rechnung.xml")
    assert said.startswith("laden_unbekannt: Datei „nachlieferung/rechnung.xml“, Feld „BT-10“")
    assert "Ordner der Betriebsstätte legen" in said


def test_the_form_of_a_shops_number_is_the_contracts(tmp_path: Any) -> None:
    contract = changed(tmp_path, "einvoices", ('"B-[0-9]{4}"', '"Laden[0-9]+"'))
    parsed = parse(contract, "Laden7/a.xml", cii(PLAIN))
    assert [h["site_id"] for h in heads(parsed)] == ["Laden7"]


@pytest.mark.parametrize(
    ("old", "expected"),
    [
        (SELLER.vat_id, "Obsthof Wiedenbrook"),
        ('schemeID="VA">DE298100005', "337/5000/1234"),
    ],
)
def test_a_seller_without_vat_number_is_known_by_what_there_is(old: str, expected: str) -> None:
    new = 'schemeID="FC">337/5000/1234' if old.startswith("scheme") else ""
    (head,) = heads(parse(CONTRACT, FILE, swapped(old, new)))
    assert head["seller_id"] == expected


# -- what is refused -------------------------------------------------------------------------------

SWELLING = (
    "<!DOCTYPE a ["
    + '<!ENTITY e0 "xxxxxxxxxx">'
    + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 13))
    + "]><a>&e12;</a>"
).encode()
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "datei_leer"),
    "blank": (lambda: b" \n", "datei_leer"),
    "truncated": (lambda: cii(PLAIN)[:900], "datei_abgeschnitten"),
    "no xml": (lambda: b"Rechnung;Betrag\n1;2\n", "datei_unlesbar"),
    "wrong encoding": (lambda: cii(PLAIN).decode().encode("cp1252"), "zeichensatz"),
    "other xml": (lambda: b"<Order><ID>1</ID></Order>", "keine_rechnung"),
    "zugferd 1": (lambda: b'<r:CrossIndustryDocument xmlns:r="urn:x"/>', "keine_rechnung"),
    "doctype": (
        lambda: b'<!DOCTYPE a [<!ENTITY x "y">]>' + cii(PLAIN).split(b"\n", 1)[1],
        "xml_mit_doctype",
    ),
    "swelling entity": (lambda: SWELLING, "xml_mit_doctype"),
    "picture": (picture_only, "pdf_ohne_xml"),
    "broken pdf": (lambda: b"%PDF-1.4 kaputt", "pdf_ohne_xml"),
    "empty zip": (lambda: zipped({}), "datei_leer"),
    "truncated zip": (lambda: zipped({"a.xml": cii(PLAIN)})[:-30], "archiv_abgeschnitten"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_invoice_is_refused_for_its_reason(case: str) -> None:
    make, rule = REFUSED[case]
    said = refusal(make())
    assert said.startswith(f"{rule}: Datei „{FILE}")
    assert "gefunden" in said
    assert said.endswith(".")


def test_entities_outside_the_file_are_never_read() -> None:
    attack = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    assert "xml_mit_doctype" in refusal(attack + swapped("202605-01", "&x;").split(b"\n", 1)[1])


def test_two_folders_may_hold_an_invoice_of_the_same_name() -> None:
    data = zipped({"Metzger/factur-x.xml": cii(PLAIN), "Obst/factur-x.xml": cii(OTHER)})
    parsed = parse(CONTRACT, ZIP, data)
    assert len(heads(parsed)) == 2
    assert list(parsed.places["einvoice_invoices"]) == [
        f"{ZIP}/Metzger/factur-x.xml",
        f"{ZIP}/Obst/factur-x.xml",
    ]


def test_of_several_attachments_the_invoice_is_the_one_with_the_standard_s_name() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(pdf_with_xml()))
    writer.add_attachment("anlage.xml", b"<anlage/>")
    data = io.BytesIO()
    writer.write(data)
    assert heads(parse(CONTRACT, FILE, data.getvalue())) == heads(parse(CONTRACT, FILE, cii(PLAIN)))


def test_a_damaged_pdf_leaves_the_other_invoices_whatever_the_reader_raises(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_: object) -> None:
        raise AttributeError("'DictionaryObject' object has no attribute 'get_data'")

    monkeypatch.setattr("pypdf.PdfReader", broken)
    parsed = parse(CONTRACT, ZIP, zipped({"a.xml": cii(PLAIN), "b.pdf": picture_only()}))
    assert len(heads(parsed)) == 1
    (finding,) = parsed.left_out
    assert (finding.file, finding.found) == (f"{ZIP}/b.pdf", "ein beschädigtes PDF")


def test_a_large_attachment_inside_an_invoice_is_no_fault() -> None:
    text = "A" * 10_500_000
    data = swapped("</rsm:ExchangedDocument>", f"</rsm:ExchangedDocument><!--{text}-->")
    assert len(heads(parse(CONTRACT, FILE, data))) == 1


def test_a_large_file_with_a_doctype_is_refused() -> None:
    head = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]>'
    body = b"<a>" + b"A" * 10_500_000 + b"&x;</a>"
    assert "xml_mit_doctype" in refusal(head + body)


def test_of_a_zip_what_cannot_be_read_stays_out_alone_and_is_named() -> None:
    data = zipped({"a.xml": cii(PLAIN), "b.pdf": picture_only(), "c.xml": cii(OTHER)[:900]})
    parsed = parse(CONTRACT, ZIP, data)
    assert len(heads(parsed)) == 1
    assert [(f.file, f.rule) for f in parsed.left_out] == [
        (f"{ZIP}/b.pdf", "pdf_ohne_xml"),
        (f"{ZIP}/c.xml", "datei_abgeschnitten"),
    ]


def test_a_zip_of_nothing_but_pictures_is_refused_with_each_of_them() -> None:
    data = zipped({"a.pdf": picture_only(), "b.pdf": picture_only()})
    with pytest.raises(BadDelivery, match="PDF ohne elektronische Rechnung") as caught:
        parse(CONTRACT, ZIP, data)
    assert [f.file for f in caught.value.findings] == [f"{ZIP}/a.pdf", f"{ZIP}/b.pdf"]


def test_a_day_that_is_none_gives_no_period() -> None:
    with pytest.raises(BadDelivery, match="Feld „BT-2“: gefunden kein lesbares Rechnungsdatum"):
        period(CONTRACT, FILE, swapped(">20260507<", ">20261307<"))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("<ram:ID>202605-01</ram:ID>", "", ("pflichtfeld", "BT-1")),
        ("<ram:PostcodeCode>48996</ram:PostcodeCode>", "", ("pflichtfeld", "BT-38")),
        (">20260507<", ">gestern<", ("typ", "BT-2")),
        (">380<", ">999<", ("werteliste", "BT-3")),
        ("Code>EUR<", "Code>CHF<", ("werteliste", "BT-5")),
        (">40.0000<", ">vierzig<", ("typ", "BT-129")),
        ("TotalAmount>94.59<", "TotalAmount>94000000.59<", ("bereich", "BT-112")),
        (
            "TaxBasisTotalAmount>88.40<",
            "TaxBasisTotalAmount>98.40<",
            ("zeilen_ergeben_netto", None),
        ),
        (
            "GrandTotalAmount>94.59<",
            "GrandTotalAmount>94.60<",
            ("netto_und_steuer_ergeben_brutto", None),
        ),
    ],
)
def test_a_wrong_value_is_found_and_its_invoice_stays_out(
    old: str, new: str, expected: tuple[str, str | None]
) -> None:
    data = zipped({"a.xml": swapped(old, new), "b.xml": cii(OTHER)})
    found = judged(data, ZIP)
    assert expected in {(e.finding.rule, e.finding.field) for e in found.entries}
    # An invoice is found by its file; the number of a row means nothing in an archive.
    assert {(e.finding.file, e.finding.row) for e in found.entries} == {(f"{ZIP}/a.xml", None)}
    assert found.tables["einvoice_invoices"]["invoice_number"].to_pylist() == ["202605-02"]


def test_an_invoice_with_wrong_sums_takes_its_lines_along() -> None:
    data = zipped({"a.xml": cii(replace(PLAIN, wrong_by=Decimal(10))), "b.xml": cii(OTHER)})
    assert loaded(data, ZIP) == (1, 2)
