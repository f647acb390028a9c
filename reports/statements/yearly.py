# SPDX-License-Identifier: Apache-2.0
"""The Jahresabrechnung: one member's year on at most two pages, and the Gutschrift of its refund.

Belongs here: its sections and sentences. Does not belong here: the papers of the quarters.
"""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from foundation import formats
from foundation.cooperative import Cooperative
from foundation.identity import Identity
from reports.papers.parts import Row, code, section, table
from reports.statements import parts
from reports.statements.frame import (
    KIND_TITLE,
    Paper,
    invoice_of,
    objection_until,
    paper_frame,
    parties,
    refund_due,
    self_billing,
    tax_note,
    year_name,
)
from reports.statements.parts import DELIVERY, FEE, PURCHASE, shown


def yearly_paper(
    statement: Row,
    rows: list[Row],
    identity: Identity,
    cooperative: Cooperative,
    issued_on: dt.date,
) -> Paper:
    """The year on one paper: fees already billed, the refund, points, pots."""
    terms = json.loads(statement["terms_json"])
    year = year_name(statement["fiscal_year"])
    fees = [row for row in rows if row["pot"] == FEE]
    refunds = [row for row in rows if row["pot"] != FEE]
    own = [row for row in refunds if row["pot"] == DELIVERY]
    content = paper_frame(
        f"Jahresabrechnung {year}",
        statement["statement_number"],
        statement,
        identity,
        cooperative,
        issued_on,
    )
    kind = own[0]["document_kind"] if own else "abrechnung"
    content["subtitle"] = _statement_subtitle(own, refunds, identity)
    content["lead"] = _lead(rows, identity, year, content["draft"])
    content["tiles"] = _tiles(rows, identity, statement) if rows else []
    content["sections"] = [
        *([_refund_section(refunds, statement, terms, identity, cooperative)] if refunds else []),
        *([_fees_section(fees, identity, statement)] if fees else []),
        *([parts.points_section(fees, terms, statement["price_per_point_eur"])] if fees else []),
        *([_pay(refunds, identity, statement, terms, content["draft"])] if refunds else []),
        parts.pots_section(terms, year),
        parts.objection_section(
            kind,
            objection_until(issued_on, terms),
            terms,
            cooperative,
            notes=[] if identity.is_entrepreneur else [parts.CITIZEN_NOTE],
        ),
    ]
    date = own[0]["invoiced_on"] or issued_on if own else issued_on
    due_text = f"Überweisung durch die Genossenschaft bis {refund_due(statement, terms)}"
    invoice = invoice_of(own, identity, date, due_text) if own and not content["draft"] else None
    return Paper(
        kind="jahresabrechnung",
        number=statement["statement_number"],
        issued_on=issued_on,
        is_draft=content["draft"],
        content=content,
        invoice=invoice,
        net_eur=statement["net_eur"],
        vat_eur=statement["vat_eur"],
        gross_eur=statement["gross_eur"],
    )


def _statement_subtitle(own: list[Row], refunds: list[Row], identity: Identity) -> str:
    if own:
        title = KIND_TITLE[own[0]["document_kind"]]
        billing = self_billing(identity, own[0]["document_kind"])
        text = f"zugleich {title} {own[0]['invoice_number']} über die Rückvergütung"
        return f"{text}; {billing}" if billing else text
    start = "Übersicht" if identity.is_entrepreneur else "Abrechnung ohne Umsatzsteuer"
    return f"{start}, mit Rückvergütung auf Ihre Bezüge" if refunds else start


def _lead(rows: list[Row], identity: Identity, year: str, draft: bool) -> str:
    if not rows:
        return (
            f"Im Geschäftsjahr {year} haben Sie der Genossenschaft keine Daten geliefert und "
            "nichts bei ihr gekauft; deshalb steht Ihnen kein Betrag zu. Unten sehen Sie, was Ihre "
            "Genossenschaft mit dem Überschuss gemacht hat, über den Sie in der Generalversammlung "
            "mit entscheiden."
        )
    total = parts.add([shown(row, identity) for row in rows])[2]
    if draft:
        return (
            f"Ihre Mitgliedschaft bringt Ihnen im Geschäftsjahr {year} voraussichtlich "
            f"{formats.eur(total)} ein. Das ist ein Entwurf: Es gilt erst, was die "
            "Generalversammlung festgestellt und beschlossen hat."
        )
    return (
        f"Ihre Mitgliedschaft hat Ihnen im Geschäftsjahr {year} {formats.eur(total)} eingebracht. "
        "Hier steht, wofür, wie gerechnet wurde und wer es beschlossen hat."
    )


def _tiles(rows: list[Row], identity: Identity, statement: Row) -> list[Row]:
    taxed = identity.vat_status == "regulaer"
    fee = parts.add([shown(row, identity) for row in rows if row["pot"] == FEE])
    refund = parts.add([shown(row, identity) for row in rows if row["pot"] != FEE])
    whole = parts.add([fee, refund])
    word = "netto" if taxed else "ohne Umsatzsteuer"
    tiles = [
        *([("Datenvergütung", fee[0], f"{word}, für Ihre Daten")] if fee[2] else []),
        *([("Rückvergütung", refund[0], f"{word}, aus dem Überschuss")] if refund[2] else []),
        *([("Umsatzsteuer", whole[1], "darauf")] if taxed else []),
        ("Zusammen", whole[2], f"Woher: {statement['figure_code']}"),
    ]
    last = len(tiles) - 1
    return [
        {"label": label, "value": formats.eur(value), "note": note, "strong": index == last}
        for index, (label, value, note) in enumerate(tiles)
    ]


def _fees_section(fees: list[Row], identity: Identity, statement: Row) -> Row:
    taxed = identity.vat_status == "regulaer"
    cells: list[list[Any]] = []
    for row in fees:
        billed = formats.day(row["invoiced_on"]) if row["invoiced_on"] else "noch offen"
        cells.append(
            [
                parts.quarter_name(row),
                row["invoice_number"],
                billed,
                formats.number(row["quantity"], 2),
                *parts.amounts(shown(row, identity), taxed),
                code(row),
            ]
        )
    points = sum((row["quantity"] for row in fees), Decimal("0.00"))
    sums = parts.add([shown(row, identity) for row in fees])
    whole = [formats.number(points, 2), *parts.amounts(sums, taxed), code(statement)]
    cells.append(["Jahr", "", "", *whole])
    kind = KIND_TITLE[fees[0]["document_kind"]]
    labels = ["Quartal", kind, "vom", "Punkte", *parts.money_labels(taxed), "Woher"]
    return section(
        "Datenvergütung der Quartale"
        if statement["is_draft"]
        else "Datenvergütung: schon abgerechnet",
        table=table(labels, cells, texts=(0, 1, 2), total=True, size=8.8),
        notes=["Nur zur Übersicht: Maßgeblich sind die einzelnen Belege der Quartale."],
    )


def _refund_section(
    refunds: list[Row],
    statement: Row,
    terms: Row,
    identity: Identity,
    cooperative: Cooperative,
) -> Row:
    taxed = identity.vat_status == "regulaer"
    names = {DELIVERY: "Ihre Datenlieferungen an uns", PURCHASE: "Ihre Bezüge bei uns"}
    percent = f"{formats.number(statement['refund_percent'], 2)}\u00a0%"
    cells: list[list[Any]] = []
    for row in refunds:
        rate = f"{formats.number(row['vat_rate'])}\u00a0%" if row["vat_rate"] else formats.MISSING
        money = parts.amounts(shown(row, identity), taxed)
        name = f"{names[row['pot']]}, {row['invoice_number']}"
        basis = formats.eur(row["basis_eur"])
        money[1:1] = [rate] if taxed else []
        cells.append([name, basis, percent, *money, code(row)])
    labels = ["Grundlage und Beleg", "Umsatz netto", "Satz", *parts.money_labels(taxed)]
    if taxed:
        labels[4:4] = ["USt-Satz"]
    if len(cells) > 1:
        sums = parts.amounts(parts.add([shown(row, identity) for row in refunds]), taxed)
        sums[1:1] = [""] if taxed else []
        cells.append(["Zusammen", "", "", *sums, code(statement)])
    resolved = statement["refund_resolution"] or "noch nicht beschlossen"
    adopted = statement["accounts_adoption"] or "noch nicht festgestellt"
    first, last = refunds[0]["period_from"], refunds[0]["period_to"]
    notes = [
        f"Alle Mitglieder erhalten denselben Satz auf ihren Umsatz mit der Genossenschaft "
        f"({terms['refund_legal_basis']}), auf Cent gerundet. Leistungszeitraum "
        f"{formats.day(first)} bis {formats.day(last)}. Beschluss: {resolved}. "
        f"Jahresabschluss: {adopted}.",
    ]
    if any(row["document_kind"] == "gutschrift" for row in refunds):
        notes.append(parties(identity, cooperative))
    if any(row["pot"] == DELIVERY for row in refunds) and identity.is_entrepreneur:
        notes.append(tax_note(identity))
    if any(row["pot"] == PURCHASE for row in refunds):
        notes.append(
            "Die Rückvergütung auf Bezüge mindert den Preis, den Sie uns gezahlt haben (§ 17 UStG)"
            + (
                "; Ihr Vorsteuerabzug sinkt entsprechend."
                if taxed
                else "; sie ist brutto gerechnet."
            )
        )
    return section(
        "Genossenschaftliche Rückvergütung",
        table=table([*labels, "Woher"], cells, total=len(refunds) > 1, size=8.8),
        notes=notes,
    )


def _pay(refunds: list[Row], identity: Identity, statement: Row, terms: Row, draft: bool) -> Row:
    amounts: dict[str, Decimal] = {}
    for row in refunds:
        number = row["invoice_number"]
        amounts[number] = amounts.get(number, Decimal("0.00")) + row["gross_eur"]
    when = f"bis {refund_due(statement, terms)}"
    return parts.payment_section(identity, list(amounts.items()), when, draft)
