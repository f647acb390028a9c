# SPDX-License-Identifier: Apache-2.0
"""One electronic invoice (EN 16931) as text by its BT numbers, in either syntax: CII or UBL.

Belongs here: opening the XML safely, telling the syntax, and where a business term stands in it.
Does not belong here: whose invoice it is, archives (`einvoice.py`), what a value may be (the
contract).

Where a term stands is taken from the table of the library factur-x. Its own parser evaluates all
of the standard's 200 terms (2.4 to 3.8 ms per invoice); the 25 that we need, compiled once, take
a tenth of that. The XSD is not asked: what is wrong with a value the contract says in German.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from lxml import etree

from foundation.errors import BadDelivery
from ingestion.adapter import refuse

_REMEDY = "Rechnung beim Lieferanten als ZUGFeRD, Factur-X oder XRechnung anfordern und einliefern"
# What libxml2 takes as the longest text unless told otherwise
_LONGEST_TEXT = 10_000_000
_CII = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice"
_SYNTAX = {
    _CII: "factur-x",
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice": "ubl-2.1-invoice",
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote": "ubl-2.1-creditnote",
}
_HEAD = ("BT-1", "BT-2", "BT-3", "BT-5", "BT-10", "BT-109", "BT-112")
_SELLER = {
    "BT-27": "name",
    "BT-30": "legal_identifier",
    "BT-31": "vat_identifier",
    "BT-32": "tax_identifier",
    "BT-38": "postcode",
    "BT-40": "country_code",
}
_LINE = ("BT-126", "BT-129", "BT-130", "BT-131", "BT-157")
_BASIC_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True)
class Invoice:
    """Business terms as text; `lines` by their BT numbers, allowances and charges as amounts."""

    head: Mapping[str, str | None]
    lines: list[Mapping[str, str | None]]
    allowances: list[str] = field(default_factory=list)
    charges: list[str] = field(default_factory=list)


def read_invoice(file_name: str, data: bytes) -> Invoice:
    """The terms we need of one invoice. Raises BadDelivery for what is no electronic invoice."""
    root = _root(file_name, data)
    paths = _paths(_syntax(file_name, root))
    head = {term: _first(root, paths.head[term]) for term in paths.head}
    head["BT-2"] = _iso(head["BT-2"])
    seller = next(iter(paths.seller(root)), None)
    for term, path in paths.seller_terms.items():
        head[term] = None if seller is None else _first(seller, path)
    # An invoice may state its VAT in a second currency; the one of the invoice counts.
    taxes = {t.get("currencyID"): _text(t) for t in paths.tax(root)}
    head["BT-110"] = taxes.get(head["BT-5"])
    return Invoice(
        head,
        [{t: _first(n, p) for t, p in paths.line_terms.items()} for n in paths.lines(root)],
        [a for n in paths.allowances(root) if (a := _first(n, paths.amount))],
        [a for n in paths.charges(root) if (a := _first(n, paths.amount))],
    )


def invoice_date(file_name: str, data: bytes) -> str | None:
    """The day of the invoice as it is written, ISO where it is a date. Raises BadDelivery."""
    root = _root(file_name, data)
    return _iso(_first(root, _paths(_syntax(file_name, root)).head["BT-2"]))


def _root(file_name: str, data: bytes) -> Any:
    if not data.strip():
        raise refuse(
            file_name,
            rule="datei_leer",
            found=f"{len(data)} Zeichen ohne Inhalt",
            expected="eine elektronische Rechnung (EN 16931)",
            remedy=_REMEDY,
        )
    try:
        root = _tree(data)
    except etree.XMLSyntaxError as error:
        # An entity that swells is refused by the parser before the tree could be looked at.
        if b"<!DOCTYPE" in data:
            raise _with_doctype(file_name) from error
        raise _unreadable(file_name, error) from error
    if root.getroottree().docinfo.doctype:
        raise _with_doctype(file_name)
    return root


def _tree(data: bytes) -> Any:
    """The parsed file. Nothing outside it is ever read, and no entity is expanded.

    The parser stops at texts of ten million characters, for fear of entities that swell. An invoice with a large attachment has such
    a text and no DOCTYPE, without which there are no entities: then it may go on.
    """
    safe = {"resolve_entities": False, "no_network": True, "load_dtd": False}
    try:
        return etree.fromstring(data, etree.XMLParser(**safe))
    except etree.XMLSyntaxError:
        is_plain = data[:1] in (b"<", b"\xef") and b"\x00" not in data[:64]
        if len(data) < _LONGEST_TEXT or not is_plain or b"<!DOCTYPE" in data:
            raise
        return etree.fromstring(data, etree.XMLParser(**safe, huge_tree=True))


def _with_doctype(file_name: str) -> BadDelivery:
    return refuse(
        file_name,
        rule="xml_mit_doctype",
        row=1,
        found="eine DOCTYPE-Angabe",
        expected="XML ohne DOCTYPE, wie EN 16931 es verlangt",
        remedy=_REMEDY,
    )


def _unreadable(file_name: str, error: etree.XMLSyntaxError) -> BadDelivery:
    row = error.lineno or None
    if error.code in (etree.ErrorTypes.ERR_INVALID_ENCODING, etree.ErrorTypes.ERR_INVALID_CHAR):
        return refuse(
            file_name,
            rule="zeichensatz",
            row=row,
            found="Bytes, die nicht zum angegebenen Zeichensatz gehören",
            expected="Text in dem Zeichensatz, den die erste Zeile nennt (meist UTF-8)",
            remedy=_REMEDY,
        )
    is_cut = error.code in (
        etree.ErrorTypes.ERR_TAG_NOT_FINISHED,
        etree.ErrorTypes.ERR_DOCUMENT_END,
        etree.ErrorTypes.ERR_GT_REQUIRED,
        etree.ErrorTypes.ERR_LTSLASH_REQUIRED,
    )
    return refuse(
        file_name,
        rule="datei_abgeschnitten" if is_cut else "datei_unlesbar",
        row=row,
        found="ein vorzeitiges Ende" if is_cut else "kein XML",
        expected="eine vollständige elektronische Rechnung (EN 16931) als XML",
        remedy=_REMEDY,
    )


def _syntax(file_name: str, root: Any) -> str:
    tag = str(root.tag)
    if tag not in _SYNTAX:
        raise refuse(
            file_name,
            rule="keine_rechnung",
            row=root.sourceline,
            found=f"XML mit der Wurzel {etree.QName(tag).localname} "
            f"im Namensraum „{etree.QName(tag).namespace or ''}“",
            expected="CrossIndustryInvoice (ZUGFeRD ab 2.0, Factur-X) oder Invoice, CreditNote "
            "(UBL 2), je in ihrem Namensraum",
            remedy=_REMEDY,
        )
    return _SYNTAX[tag]


@dataclass(frozen=True)
class _Paths:
    head: Mapping[str, Any]
    seller: Any
    seller_terms: Mapping[str, Any]
    tax: Any
    lines: Any
    line_terms: Mapping[str, Any]
    allowances: Any
    charges: Any
    amount: Any


@cache
def _paths(syntax: str) -> _Paths:
    from facturx.facturx import get_xml_namespaces
    from facturx.generate_xml import EN16931_FIELDS, EN16931_PARTY_FIELDS

    namespaces = get_xml_namespaces(syntax)
    is_credit_note = syntax == "ubl-2.1-creditnote"

    def compiled(properties: Mapping[str, Any]) -> Any:
        path = properties["cii_xpath" if syntax == "factur-x" else "ubl_xpath"]
        if is_credit_note:
            path = properties.get("ubl_creditnote_xpath") or path.replace(
                "/Invoice/", "/CreditNote/"
            )
        for root in ("/Invoice/", "/CreditNote/"):
            path = path.replace(root, f"/default:{root[1:]}")
        return etree.XPath(path.partition("[@currencyID")[0], namespaces=namespaces)

    lines = EN16931_FIELDS["BG-25"]
    return _Paths(
        head={term: compiled(EN16931_FIELDS[term]) for term in _HEAD},
        seller=compiled(EN16931_FIELDS["BG-4"]),
        seller_terms={t: compiled(EN16931_PARTY_FIELDS[name]) for t, name in _SELLER.items()},
        tax=compiled(EN16931_FIELDS["BT-110"]),
        lines=compiled(lines),
        line_terms={term: compiled(lines["fields"][term]) for term in _LINE},
        allowances=compiled(EN16931_FIELDS["BG-20"]),
        charges=compiled(EN16931_FIELDS["BG-21"]),
        amount=compiled(EN16931_FIELDS["BG-20"]["fields"]["amount"]),
    )


def _first(node: Any, path: Any) -> str | None:
    found = path(node)
    return _text(found[0]) if found else None


def _text(found: Any) -> str | None:
    text = found if isinstance(found, str) else found.text
    return (text or "").strip() or None


def _iso(text: str | None) -> str | None:
    match = _BASIC_DATE.fullmatch(text or "")
    return "-".join(match.groups()) if match else text
