# SPDX-License-Identifier: Apache-2.0
"""What an order sheet says, in German, from lines of ``papers`` (pure: rows in, texts out).

Belongs here: order of the lines, wording of ranges, reasons, hit rate and last week. Does not belong here: layout.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from foundation import formats
from foundation.cooperative import Cooperative
from foundation.identity import Identity
from reports.papers.letter import letter
from reports.papers.parts import Row, section, table

WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
RUNGS = {
    "saisonal_naiv": "wie am gleichen Tag letzte Woche",
    "exponentielle_glaettung": "wie in den letzten Wochen üblich",
    "baeume": "wie üblich; Kalender und Wetter ändern wenig",
}
HOW = (
    "Spanne: So viel wird an acht von zehn Tagen verkauft; darunter, wie oft das in den letzten vier Wochen stimmte. ×1,20 heißt: "
    "deshalb ein Fünftel mehr als sonst. Gerechnet nur aus Ihren eigenen Verkäufen; geschlossene Tage zählen nicht mit; "
    "war etwas ausverkauft, rechnen wir mit dem, was noch gewünscht war. Die Menge wägt ab, was ein fehlendes und was ein übriges Stück kostet. Sie entscheiden."
)


@dataclass(frozen=True)
class Line:
    """One article as the reader sees it; ``order`` is empty where no quantity can be proposed."""

    article: str
    order: str
    expected: str
    span: str
    hits: str
    reasons: list[str]
    code: str


@dataclass(frozen=True)
class Sheet:
    """One shop's sheet: heading, sentences, lines with and without quantity, whom to call."""

    number: str
    day: str
    closed: str
    week: str
    missing: str
    to_order: list[Line]
    to_expect: list[Line]
    contact: str
    phone: str


def sheet_of(rows: Sequence[Row], cooperative: Cooperative, issued_on: dt.date) -> Sheet:
    """The sheet of one shop from its lines (all of one site and day)."""
    first, contact = rows[0], cooperative.contact
    target: dt.date = first["target_date"]
    ordered = sorted(rows, key=lambda r: (-(r["order_quantity"] or 0), -r["expected_quantity"]))
    to_order = [line_of(r) for r in ordered if r["order_quantity"] is not None]
    to_expect = [line_of(r) for r in ordered if r["order_quantity"] is None]
    return Sheet(
        number=f"BZ-{target:%Y-%m-%d}-{first['figure_code'][2:8]}",
        day=f"{WEEKDAYS[target.weekday()]}, {formats.day(target)}",
        closed="" if first["is_next_day"] else _closed(issued_on, target),
        week=week_sentence(first) if issued_on.weekday() in (6, 0) else "",
        missing=_missing(rows),
        to_order=to_order,
        to_expect=to_expect,
        contact=f"{contact.name}, {contact.role}",
        phone=contact.phone,
    )


def _closed(issued_on: dt.date, target: dt.date) -> str:
    tomorrow = issued_on + dt.timedelta(days=1)
    return (
        f"Morgen ({WEEKDAYS[tomorrow.weekday()]}) ist geschlossen. Nächster offener Tag: "
        f"{WEEKDAYS[target.weekday()]}, {formats.day(target)}."
    )


def _missing(rows: Sequence[Row]) -> str:
    if any(r["order_quantity"] is not None for r in rows):
        return ""
    why = rows[0]["no_quantity_reason"] or ""
    return f"Nur erwartete Verkäufe, keine Bestellmengen: {why}."


def line_of(row: Row) -> Line:
    """One article in words."""
    places = 0 if row["unit"] in ("Stück", "Packung", "Flasche", "Glas") else 1
    low, high = (formats.number(row[k], places) for k in ("low_quantity", "high_quantity"))
    reasons = [r for r in str(row["reasons"] or "").split("; ") if r] or [RUNGS[row["rung"]]]
    order = row["order_quantity"]
    return Line(
        article=row["article_name"],
        order="" if order is None else _exact(order),
        expected=formats.number(row["expected_quantity"], places),
        span=f"{low}–{high}",
        hits=_hits(row["hit_rate"]),
        reasons=reasons,
        code=row["figure_code"],
    )


def _exact(quantity: Decimal) -> str:
    """A quantity with the decimals it has: a quarter of a kilogram is not 0,3."""
    exponent = quantity.normalize().as_tuple().exponent
    return formats.number(quantity, max(0, -int(exponent)))


def _hits(rate: Decimal | None) -> str:
    if rate is None:
        return "ohne Rückblick"
    return f"{formats.number(rate * 10)} von 10 Tagen"


def week_sentence(row: Row) -> str:
    """What following the proposals of last week would have saved or cost this shop."""
    saved = row["week_saved_eur"]
    if saved is None:
        return ""
    what = "gespart" if saved >= 0 else "mehr gekostet"
    span = f"{formats.day(row['week_from_date'])} bis {formats.day(row['week_to_date'])}"
    how = "" if row["week_recorded_count"] else " (nachgerechnet)"
    sentence = (
        f"Letzte Woche ({span}) hätte Ihnen der Vorschlag {formats.eur(abs(saved))} {what}{how}."
    )
    out = row["week_sold_out_count"]
    if out:
        times = "Einmal" if out == 1 else f"{formats.number(out)}-mal"
        sentence += f" {times} war ausverkauft und der Vorschlag höher; nicht gerechnet."
    return sentence


def printed(
    sheet: Sheet, shop: str, identity: Identity, cooperative: Cooperative, issued_on: dt.date
) -> Row:
    """The page as the template of all papers takes it."""
    content = letter(
        f"Bestellzettel für {sheet.day}",
        sheet.number,
        cooperative,
        description=f"Bestellzettel {sheet.number} für Mitglied {identity.member_number}",
        info=[
            ["Mitgliedsnummer", identity.member_number],
            ["Erstellt", formats.day(issued_on)],
            ["Fragen an", f"{sheet.contact}, {sheet.phone}"],
        ],
    )
    content["compact"] = True
    content["subtitle"] = shop
    content["lead"] = " ".join(t for t in (sheet.closed, sheet.missing, sheet.week) if t)
    content["sections"] = []
    if sheet.to_order:
        labels = ["Artikel", "Menge", "erwartet", "Spanne", "Warum", "Ihre Menge", "Woher"]
        rows = [_printed_line(line) for line in sheet.to_order]
        content["sections"].append(_lines("Bestellen oder backen", labels, rows))
    if sheet.to_expect:
        labels = ["Artikel", "erwartet", "Spanne", "Warum", "Ihre Menge", "Woher"]
        rows = [_printed_line(line) for line in sheet.to_expect]
        content["sections"].append(_lines("Erwarteter Verkauf, ohne Mengenvorschlag", labels, rows))
    content["sections"][-1]["notes"] = [HOW]
    return content


def _lines(title: str, labels: list[str], rows: list[list[object]]) -> Row:
    why = labels.index("Warum")
    found = table(labels, rows, wide=why, texts=(0, why, why + 1, why + 2), size=8.6)
    found |= {"breakable": True, "inset": 2.6}
    return section(title, table=found)


def _printed_line(line: Line) -> list[object]:
    def small(text: str) -> Row:
        return {"size": 7.2, "quiet": True, "text": text}

    big = [{"size": 13, "weight": "bold", "text": line.order}] if line.order else []
    return [
        {"size": 9, "weight": "semibold", "text": line.article},
        *big,
        line.expected,
        [line.span, small(line.hits)] if line.order else line.span,
        {"size": 7.8, "text": " · ".join(line.reasons)},
        "_________",
        {"code": True, "text": line.code},
    ]
