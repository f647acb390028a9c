# SPDX-License-Identifier: Apache-2.0
"""Parts that several papers about money share: sections and sentences from rows of `papers`.

Belongs here: German sentences and formatted cells of statements. Does not belong here: which parts
a paper has (`documents`), shapes that other papers use too (`reports/papers`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from foundation import formats
from foundation.cooperative import Cooperative
from foundation.identity import Identity
from reports.papers.parts import Row, code, section, table

FEE = "datenverguetung"
DELIVERY = "rueckverguetung_lieferung"
PURCHASE = "rueckverguetung_bezug"
SMALL_NOTE = "Kein Ausweis von Umsatzsteuer, weil Sie Kleinunternehmer nach § 19 UStG sind."
CITIZEN_NOTE = (
    "Ohne Umsatzsteuer. Vergütungen können sonstige Einkünfte nach § 22 Nr. 3 EStG sein; sie "
    "bleiben steuerfrei, wenn Ihre Einkünfte dieser Art im Kalenderjahr unter 256 Euro liegen."
)
VAT_NOTE = (
    "Die ausgewiesene Umsatzsteuer führen Sie an Ihr Finanzamt ab. Ist der Ausweis falsch, "
    "widersprechen Sie bitte."
)


def shown(row: Row, identity: Identity) -> tuple[Decimal, Decimal, Decimal]:
    """Net, VAT and gross as this member may see them.

    A refund on purchases lowers a price that a member without input tax paid gross; it sees one
    amount and no tax (§ 14c UStG).
    """
    if row["pot"] == PURCHASE and identity.vat_status != "regulaer":
        return row["gross_eur"], Decimal("0.00"), row["gross_eur"]
    return row["net_eur"], row["vat_eur"], row["gross_eur"]


def amounts(values: tuple[Decimal, Decimal, Decimal], taxed: bool) -> list[str]:
    """The money cells of a row: net, tax and gross for regular members, one amount for others."""
    return [formats.eur(value) for value in values] if taxed else [formats.eur(values[2])]


def money_labels(taxed: bool) -> list[str]:
    """Labels over `amounts`."""
    return ["netto", "USt", "brutto"] if taxed else ["Betrag"]


def add(rows: list[tuple[Decimal, Decimal, Decimal]]) -> tuple[Decimal, Decimal, Decimal]:
    """Column sums."""
    zero = Decimal("0.00")
    sums = [sum((row[i] for row in rows), zero) for i in range(3)]
    return sums[0], sums[1], sums[2]


def quarter_name(row: Row) -> str:
    """ "Oktober–Dezember 2025"."""
    first, last = row["period_from"], row["period_to"]
    begin = formats.month(first)
    end = formats.month(last)
    return f"{begin.split()[0]}–{end}" if first.year == last.year else f"{begin}–{end}"


def points_section(rows: list[Row], terms: Row, price: Decimal) -> Row:
    """How the points came about, with one line worked out so that a reader can do the others."""
    rules = terms["points"]
    cells = []
    for row in rows:
        parts = ["base", "volume", "quality", "timeliness"]
        numbers = [formats.number(row[f"points_{part}"], 2) for part in parts]
        cells.append(
            [
                quarter_name(row),
                formats.number(row["months_delivered"]),
                formats.number(row["receipt_lines"]),
                f"{formats.number(row['passed_rows'])} / {formats.number(row['delivered_rows'])}",
                f"{row['on_time_deliveries']} / {row['deliveries']}",
                *numbers,
                formats.number(row["quantity"], 2),
            ]
        )
    labels = ["Quartal", "Monate", "Belegzeilen", "in Ordnung", "pünktlich"]
    labels += ["Grund", "Menge", "Qualität", "Pünktl.", "Punkte"]
    if len(rows) > 1:
        whole = sum((row["quantity"] for row in rows), Decimal("0.00"))
        cells.append(["Jahr", *[""] * 8, formats.number(whole, 2)])
    base, factor = _plain(rules["base_per_month"]), _plain(rules["volume_factor"])
    quality, timely = _plain(rules["quality_per_month"]), _plain(rules["timeliness_per_month"])
    unit = formats.number(int(rules["volume_unit_lines"]))
    how = (
        f"Grund: {base} Punkte je Monat mit Daten. Menge: {factor} × Wurzel aus "
        f"(Belegzeilen ÷ {unit}). Qualität: {quality} je Monat × Zeilen in Ordnung ÷ gelieferte "
        "Zeilen. "
        f"Pünktlichkeit: {timely} je Monat × pünktliche ÷ alle Lieferungen. Jeder Teil wird auf "
        "zwei Stellen gerundet; der Code steht beim Betrag des Quartals."
    )
    first = rows[0]
    example = (
        f"Nachgerechnet für {quarter_name(first)}: {base} × {first['months_delivered']} + "
        f"{factor} × √({formats.number(first['receipt_lines'])} ÷ {unit}) + "
        f"{quality} × {first['months_delivered']} × {formats.number(first['passed_rows'])} ÷ "
        f"{formats.number(first['delivered_rows'])} + {timely} × {first['months_delivered']} × "
        f"{first['on_time_deliveries']} ÷ {first['deliveries']} = "
        f"{formats.number(first['quantity'], 2)} Punkte; mal {formats.eur(price)} je Punkt = "
        f"{formats.eur(first['net_eur'])} netto."
    )
    return section(
        "So kommen Ihre Punkte zustande",
        table=table(labels, cells, total=len(rows) > 1, size=8.6),
        notes=[how, example],
    )


def _plain(text: str) -> str:
    value = Decimal(text)
    return formats.number(value, 0 if value == value.to_integral_value() else 2)


def payment_section(
    identity: Identity, payments: list[tuple[str, Decimal]], when: str, draft: bool
) -> Row:
    """Account holder, masked IBAN and end-to-end reference of what is paid."""
    if draft:
        sentence = "Dies ist ein Entwurf: Es wird nichts gezahlt, bis die Beschlüsse vorliegen."
        return section("Auszahlung", intro=sentence)
    facts = [
        ["Kontoinhaber", identity.account_holder or formats.MISSING],
        ["IBAN (verdeckt)", formats.iban_masked(identity.iban or "")],
    ]
    facts += [["Ende-zu-Ende-Referenz", f"{no}: {formats.eur(amount)}"] for no, amount in payments]
    return section("Auszahlung", facts=[*facts, ["Zeitpunkt", when]])


def objection_section(
    kind: str, until: str, terms: Row, contact: Cooperative, *, notes: list[str] | None = None
) -> Row:
    """Route and period of objection, whom to call, and what else has to be said at the end."""
    effect = (
        " Durch Widerspruch verliert die Gutschrift ihre Wirkung als Rechnung (§ 14 Abs. 2 UStG)."
        if kind == "gutschrift"
        else ""
    )
    person = contact.contact
    return section(
        "Stimmt etwas nicht?",
        intro=f"Widerspruch bis {until}, {terms['objection_route']}: {contact.email}.{effect}",
        facts=[
            ["Fragen an", f"{person.name}, {person.role}"],
            ["Telefon", f"{person.phone} · {person.email}"],
        ],
        notes=[
            *(notes or []),
            "Woher kommt diese Zahl? Nennen Sie den Code (W-…) neben der Zahl: Damit lässt sie "
            "sich bis zu den gelieferten Zeilen zurückverfolgen und nachrechnen.",
        ],
    )


def pots_section(terms: Row, year: str) -> Row:
    """What the cooperative did with the surplus: the same for every member."""
    surplus = Decimal(terms["surplus_eur"])
    rows: list[list[Any]] = []
    for pot in terms["pots"]:
        if pot["pot"] == FEE:
            continue
        amount = Decimal(pot["amount_eur"])
        share = formats.percent(amount / surplus, 1) if surplus > 0 else formats.MISSING
        reason = pot["legal_basis"] if pot["legal_basis"] != "Beschluss" else ""
        why = (
            "; ".join(part for part in (reason, pot["resolution"]) if part) or "noch kein Beschluss"
        )
        rows.append([pot["title"], why, share, formats.eur(amount), code(pot)])
    total = {"figure_code": terms["surplus_code"]}
    rows.append(["Überschuss", "", "", formats.eur(surplus), code(total)])
    paid = next(Decimal(p["amount_eur"]) for p in terms["pots"] if p["pot"] == FEE)
    return section(
        f"Was die Genossenschaft mit dem Überschuss {year} gemacht hat",
        table=table(
            ["Topf", "Grundlage", "Anteil", "Betrag", "Woher"],
            rows,
            wide=1,
            texts=(0, 1),
            total=True,
            size=8.4,
        ),
        notes=[
            f"Vor dem Überschuss hat die Genossenschaft ihren Mitgliedern {formats.eur(paid)} "
            "Datenvergütung abgerechnet; sie ist ein vorher vereinbarter Preis und hängt nicht vom "
            "Überschuss ab."
        ],
    )
