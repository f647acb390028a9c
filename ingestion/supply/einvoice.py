# SPDX-License-Identifier: Apache-2.0
"""Incoming electronic invoices of the shops: XML, PDF with XML inside, or a month's zip of both.

Belongs here: which shop a delivery belongs to, its invoices one by one, and which of them cannot be
read. Does not belong here: the invoice's own syntax (`invoice_xml.py`), sign of a credit note and
repeated invoices (dbt), what a value may be (the contract).

The shop is the folder directly above the file (`B-2001/2026-05.zip`); without a folder it is the
buyer reference (BT-10) that the invoices carry. An invoice that cannot be read stays out alone: the
others of its zip count.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa

from foundation.contracts import Contract, ContractObject
from foundation.errors import BadDelivery, Finding
from ingestion.adapter import ROW_NUMBER, Parsed, refuse
from ingestion.archives import EVERYTHING, read_members
from ingestion.supply.invoice_xml import Invoice, invoice_date, read_invoice

INVOICES = "einvoice_invoices"
LINES = "einvoice_lines"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PDF = b"%PDF-"
# ZUGFeRD 2.3 and Factur-X 1.0.7 (section 6.3), XRechnung inside a PDF, ZUGFeRD 1.0
_STANDARD_NAMES = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# The first that is there tells one seller from another.
_SELLER_KEYS = ("BT-31", "BT-32", "BT-30", "BT-27")


class EinvoiceAdapter:
    """Reads one file: a single invoice, or a zip with any number of them."""

    name = "supply.einvoice"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """First and last day of the invoices that can be read. Raises BadDelivery."""
        days, findings = [], []
        for name, content in _members(file_name, data).items():
            try:
                days.append(_day(name, invoice_date(name, _xml(name, content))))
            except BadDelivery as error:
                findings += error.findings
        if not days:
            raise BadDelivery(findings)
        return min(days), max(days)

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """Invoices and their lines as text. Raises BadDelivery when none can be read."""
        heads: list[dict[str, str | None]] = []
        lines: list[dict[str, str | None]] = []
        findings: list[Finding] = []
        files: dict[str, list[str]] = {INVOICES: [], LINES: []}
        for name, content in _members(file_name, data).items():
            try:
                invoice = read_invoice(name, _xml(name, content))
                site = _site(file_name, name, invoice, contract)
            except BadDelivery as error:
                findings += error.findings
                continue
            heads.append(_head(invoice, site))
            lines += _lines(invoice, len(heads))
            files[INVOICES].append(name)
            files[LINES] += [name] * (len(lines) - len(files[LINES]))
        if not heads:
            raise BadDelivery(findings)
        tables = {
            INVOICES: _table(heads, contract.object(INVOICES)),
            LINES: _table(lines, contract.object(LINES)),
        }
        return Parsed(tables, tuple(findings), files)


def _members(file_name: str, data: bytes) -> Mapping[str, bytes]:
    """The invoices of a delivery by the name that findings use, in the order of their names."""
    if not data.startswith(_ZIP):
        return {file_name: data}
    found = read_members(file_name, data, EVERYTHING)
    if not found:
        raise refuse(
            file_name,
            rule="datei_leer",
            found="ein Zip-Archiv ohne Dateien",
            expected="mindestens eine elektronische Rechnung",
            remedy="die Rechnungen des Monats packen und erneut einliefern",
        )
    names = sorted(found, key=lambda name: (PurePosixPath(name).name, name))
    return {f"{file_name}/{name}": found[name] for name in names}


def _xml(name: str, content: bytes) -> bytes:
    """The invoice's XML: the file itself, or what a PDF carries."""
    if not content.startswith(_PDF):
        return content
    from pypdf import PdfReader

    try:
        attached = PdfReader(io.BytesIO(content)).attachments
        files = sorted(n for n in attached if n.lower().endswith(".xml"))
        # A supplier may attach more than the invoice, which goes by one of these names
        for inner in [n for n in files if n.lower() in _STANDARD_NAMES] + files:
            return bytes(attached[inner][0])
    except MemoryError:
        raise
    except Exception as error:
        raise _no_xml(name, "ein beschädigtes PDF") from error
    raise _no_xml(name, "ein PDF ohne elektronische Rechnung darin")


def _no_xml(name: str, found: str) -> BadDelivery:
    return refuse(
        name,
        rule="pdf_ohne_xml",
        found=found,
        expected="ein PDF nach ZUGFeRD oder Factur-X mit XML im Anhang",
        remedy="den Lieferanten um eine elektronische Rechnung bitten; ein Bild zählt hier nicht mit",
    )


def _site(file_name: str, name: str, invoice: Invoice, contract: Contract) -> str:
    folder = PurePosixPath(file_name).parent.name
    pattern = re.compile(str(contract.options["sitePattern"]))
    for candidate in (folder, invoice.head["BT-10"] or ""):
        if pattern.fullmatch(candidate):
            return candidate
    raise refuse(
        name,
        rule="laden_unbekannt",
        field="BT-10",
        found="weder einen Ordner je Betriebsstätte noch eine Käuferreferenz mit deren Nummer",
        expected=f"eine Nummer der Form {pattern.pattern}",
        remedy="Datei in den Ordner der Betriebsstätte legen und erneut einliefern",
    )


def _day(name: str, text: str | None) -> date:
    with suppress(ValueError):
        if text and _ISO_DATE.fullmatch(text):
            # The 31st of a month that has 30 days looks like a day and is none.
            return date.fromisoformat(text)
    raise refuse(
        name,
        rule="zeitpunkt_unlesbar",
        field="BT-2",
        found="kein lesbares Rechnungsdatum",
        expected="einen Tag wie 20260305 oder 2026-03-05",
        remedy="Rechnung beim Lieferanten berichtigen lassen und erneut einliefern",
    )


def _head(invoice: Invoice, site: str) -> dict[str, str | None]:
    head = invoice.head
    seller = next((head[key] for key in _SELLER_KEYS if head[key]), None)
    return {
        **head,
        "(Ordner oder BT-10)": site,
        "(BT-31, BT-32, BT-30 oder BT-27)": seller,
    }


def _lines(invoice: Invoice, number: int) -> Iterable[dict[str, str | None]]:
    place = {"(Nummer der Rechnung)": str(number)}
    if not invoice.lines:
        # The profiles MINIMUM and BASIC WL carry sums alone; the sum then stands for its lines.
        yield {**place, "BT-131": invoice.head["BT-109"], "(Art)": "gesamt"}
        return
    for line in invoice.lines:
        yield {**place, **line, "(Art)": "zeile"}
    for amount in invoice.allowances:
        yield {**place, "BT-131": _negative(amount), "(Art)": "nachlass"}
    for amount in invoice.charges:
        yield {**place, "BT-131": amount, "(Art)": "zuschlag"}


def _negative(amount: str) -> str:
    return amount[1:] if amount.startswith("-") else f"-{amount}"


def _table(rows: list[dict[str, str | None]], obj: ContractObject) -> pa.Table:
    columns: dict[str, Any] = {
        f.name: pa.array([row.get(f.source) for row in rows], pa.string())
        for f in obj.fields
        if f.handling != "drop"
    }
    return pa.table({**columns, ROW_NUMBER: pa.array(range(1, len(rows) + 1), pa.int64())})


ADAPTER = EinvoiceAdapter()
