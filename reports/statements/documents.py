# SPDX-License-Identifier: Apache-2.0
"""Which papers a member gets, and what stands on each (pure: rows and identity in, content out).

Belongs here: which papers there are, and the content of a quarter's Gutschrift or Abrechnung. Does
not belong here: the Jahresabrechnung (`yearly`), checks of master data, PDF, files, amounts.

A member gets one Jahresabrechnung, which is also the Gutschrift (or Abrechnung) of its refund, and
one Gutschrift (or Abrechnung) per quarter of the data fee, since the fee is due quarterly.
"""

from __future__ import annotations

import datetime as dt
import json

from foundation import formats
from foundation.cooperative import Cooperative
from foundation.identity import Identity
from reports.papers.parts import Row, code, section, table
from reports.statements import parts
from reports.statements.frame import (
    KIND_TITLE,
    Paper,
    days_later,
    invoice_of,
    objection_until,
    paper_frame,
    parties,
    self_billing,
    tax_note,
)
from reports.statements.masterdata import check_identity
from reports.statements.parts import FEE
from reports.statements.yearly import yearly_paper


def build_papers(
    statement: Row,
    positions: list[Row],
    identity: Identity,
    cooperative: Cooperative,
    issued_on: dt.date,
) -> list[Paper]:
    """All papers of one member for the fiscal year, the Jahresabrechnung first.

    Raises OrtskernError (member number, field, found, expected, remedy) for master data with which
    a lawful paper cannot be written.
    """
    check_identity(identity, statement, positions)
    own = sorted(positions, key=lambda row: row["position"])
    papers = [yearly_paper(statement, own, identity, cooperative, issued_on)]
    papers += [
        _quarter(statement, row, identity, cooperative, issued_on)
        for row in own
        if row["pot"] == FEE
    ]
    return papers


def _quarter(
    statement: Row, row: Row, identity: Identity, cooperative: Cooperative, issued_on: dt.date
) -> Paper:
    """Gutschrift or Abrechnung over the data fee of one quarter."""
    kind, taxed = row["document_kind"], identity.vat_status == "regulaer"
    date, terms = row["invoiced_on"] or issued_on, json.loads(statement["terms_json"])
    period = f"{formats.day(row['period_from'])} bis {formats.day(row['period_to'])}"
    content = paper_frame(
        KIND_TITLE[kind], row["invoice_number"], statement, identity, cooperative, date
    )
    content["subtitle"] = f"Datenvergütung für {parts.quarter_name(row)}"
    content["lead"] = (
        f"Für Ihre Daten aus der Zeit vom {period} schreiben wir Ihnen "
        f"{formats.eur(row['gross_eur'])} gut."
    )
    rate = [f"{formats.number(row['vat_rate'])}\u00a0%"] if taxed else []
    cells = [
        [
            f"Datenvergütung, Leistungszeitraum {period}",
            formats.number(row["quantity"], 2),
            formats.eur(row["unit_price_eur"]),
            formats.eur(row["net_eur"]),
            *([*rate, formats.eur(row["vat_eur"]), formats.eur(row["gross_eur"])] if taxed else []),
            code(row),
        ]
    ]
    labels = ["Leistung", "Punkte", "je Punkt", "netto" if taxed else "Betrag"]
    labels += ["Satz", "USt", "brutto"] if taxed else []
    billing = self_billing(identity, kind)
    agreed = formats.day(statement["price_list_agreed_on"])
    notes = [f"{billing}. {parties(identity, cooperative)}"] if billing else []
    notes += [
        tax_note(identity),
        f"Preisliste {statement['price_list_version']}, vereinbart am {agreed}, vor Beginn des "
        f"Geschäftsjahres: {terms['price_list_minutes']}.",
    ]
    due = days_later(date, int(terms["fee_paid_within_days"]))
    content["sections"] = [
        section("Leistung und Betrag", table=table([*labels, "Woher"], cells), notes=notes),
        parts.points_section([row], terms, statement["price_per_point_eur"]),
        parts.payment_section(
            identity,
            [(row["invoice_number"], row["gross_eur"])],
            f"bis {due}",
            content["draft"],
        ),
        parts.objection_section(kind, objection_until(date, terms), terms, cooperative),
    ]
    due_text = f"Überweisung durch die Genossenschaft bis {due}"
    return Paper(
        kind=kind,
        number=row["invoice_number"],
        issued_on=date,
        is_draft=content["draft"],
        content=content,
        invoice=invoice_of([row], identity, date, due_text) if not content["draft"] else None,
        net_eur=row["net_eur"],
        vat_eur=row["vat_eur"],
        gross_eur=row["gross_eur"],
    )
