# SPDX-License-Identifier: Apache-2.0
"""One member's report (pure: rows and identity in, content out).

Belongs here: its order and sentences. Does not belong here: pages about shops (`shops`), files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from foundation import formats
from foundation.cooperative import Cooperative
from foundation.identity import Identity
from reports.members.forecasts import Hits, hits_section
from reports.members.shops import NO_CONSENT, Shop, change, delivered_days, shop_sections
from reports.papers.letter import letter
from reports.papers.parts import Row, code, code_text, section, table


@dataclass(frozen=True)
class MemberData:
    """What one report is made of; every row is the member's own."""

    report: Row
    identity: Identity
    shops: Sequence[Shop] = ()
    usage: Sequence[Row] = ()
    contracts: Mapping[str, str] = field(default_factory=dict)
    reads: Sequence[tuple[str, str]] = ()
    hits: Sequence[Hits] = ()

    @property
    def has_shop(self) -> bool:
        """Whether the member has a shop, even one of which no month is there yet."""
        return bool(self.shops) or self.report["is_in_indicators"] is not None


def report_number(data: MemberData) -> str:
    """ "MB-2026-10-M-1001"."""
    return f"MB-{data.report['report_month']:%Y-%m}-{data.identity.member_number}"


def member_content(data: MemberData, cooperative: Cooperative, issued_on: dt.date) -> Row:
    """The report as the template takes it."""
    month = formats.month(data.report["report_month"])
    number = report_number(data)
    content = letter(
        f"Ihr Bericht für {month}",
        number,
        cooperative,
        description=f"Bericht {number} an Mitglied {data.identity.member_number}",
        info=[
            ["Nummer", number],
            ["Datum", formats.day(issued_on)],
            ["Mitgliedsnummer", data.identity.member_number],
            ["Monat", month],
        ],
        identity=data.identity,
    )
    content["subtitle"] = "nur für Sie: Ihre Zahlen, Ihre Daten, Ihre Mitgliedschaft"
    content["lead"] = _lead(data, month)
    content["tiles"] = _tiles(data)
    content["sections"] = [
        *(
            part
            for shop in data.shops
            for part in shop_sections(
                shop,
                has_comparison=bool(data.report["has_comparison"]),
                is_counted=bool(data.report["is_in_indicators"]),
            )
        ),
        *([_no_comparison()] if data.shops and not data.report["has_comparison"] else []),
        *([hits_section(data.hits)] if data.hits else []),
        _usage(data),
        _money(data),
        _seen(data),
        _leaving(data, cooperative),
        _contact(cooperative),
    ]
    return content


def _lead(data: MemberData, month: str) -> str:
    if data.has_shop and not data.shops:
        return (
            f"Bis {month} ist noch kein Monat Ihres Ladens gespeichert; sobald einer geliefert und "
            "abgeschlossen ist, steht er hier. Bis dahin lesen Sie, wofür Ihre Daten gebraucht "
            "wurden, was die Mitgliedschaft kostet und bringt und wen Sie anrufen können."
        )
    if not data.shops:
        return (
            "Sie tragen die Genossenschaft mit. Hier steht, was Ihre Mitgliedschaft kostet und "
            "bringt, wofür Ihre Angaben gebraucht werden und wen Sie anrufen können."
        )
    beside = "neben Ihrem eigenen Vorjahr, neben Passanten und Wetter"
    if data.report["has_comparison"]:
        beside += " und neben dem, was von anderen veröffentlicht ist"
    shops = "Ihren Laden" if len(data.shops) == 1 else f"Ihre {len(data.shops)} Läden"
    return (
        f"Dieser Bericht zeigt {shops} bis {month} {beside}. Danach steht, wofür Ihre Daten "
        "gebraucht wurden, was die Mitgliedschaft kostet und bringt und wen Sie anrufen können."
    )


def _tiles(data: MemberData) -> list[Row]:
    newest = [s.last for s in data.shops]
    newest = [r for r in newest if r["business_month"] == data.report["report_month"]]
    if not newest or len(newest) != len(data.shops):
        return []
    month = formats.month(data.report["report_month"])
    revenue = sum(r["revenue_eur"] for r in newest)
    receipts = sum(r["receipt_count"] for r in newest)
    one = len(newest) == 1
    origin = f"Woher: {newest[0]['figure_code']}" if one else "Summe der Läden unten"
    origin += "; nur teilweise geliefert" if any(map(delivered_days, newest)) else ""
    tiles = [
        _tile(f"Umsatz im {month.split()[0]}", formats.eur(revenue), origin),
        _tile("Einkäufe", formats.number(receipts), origin),
    ]
    before = [r["year_before_revenue_eur"] for r in newest]
    if all(b is not None and b > 0 for b in before):
        said = change(revenue, sum(before)).removesuffix(" als").removesuffix(" wie")
        year = data.report["report_month"].year - 1
        tiles.append(_tile("gegen Ihr Vorjahr", said, f"{month.split()[0]} {year}", strong=True))
    elif one and newest[0]["mean_basket_eur"] is not None:
        tiles.append(
            _tile("je Einkauf", formats.eur(newest[0]["mean_basket_eur"]), origin, strong=True)
        )
    return tiles


def _tile(label: str, value: str, note: str, *, strong: bool = False) -> Row:
    return {"label": label, "value": value, "note": note, "strong": strong}


def _no_comparison() -> Row:
    return section("Vergleich mit anderen", intro=NO_CONSENT)


def _usage(data: MemberData) -> Row:
    title = "Wofür Ihre Daten gebraucht wurden"
    if not data.has_shop:
        return section(
            title,
            intro="Von Ihnen ist nur gespeichert, was eine Mitgliederliste braucht, dazu, wo es das "
            "gibt, Ihre Einwilligungen und Ihre Abrechnungen mit uns. Sie zählen in der "
            "veröffentlichten Zahl der Mitglieder mit; sie ist zum Schutz um bis zu vier verändert.",
        )
    if data.report["is_in_indicators"] is False:
        return section(
            title,
            intro="Sie haben die Einwilligung „Kennzahlen“ widerrufen. Seitdem steckt nichts von "
            "Ihnen in einer Zahl über Betriebe, und neue Lieferungen werden abgelehnt.",
        )
    if not data.usage:
        return section(title, intro="Ihre Daten stecken bisher in keiner veröffentlichten Tabelle.")
    cells: list[list[Any]] = [
        [
            row["title"],
            data.contracts.get(row["contract_id"], row["contract_id"]),
            formats.number(row["own_deliveries"]),
            code(row),
        ]
        for row in data.usage
    ]
    edition = data.usage[0]["edition"]
    return section(
        title,
        intro=f"In diesen Tabellen der Ausgabe {_edition(edition)} stecken auch Ihre Lieferungen, "
        "immer zusammen mit denen von mindestens vier anderen Inhabern.",
        table=table(
            ["Veröffentlichte Tabelle", "aus", "Ihre Lieferungen", "Woher"],
            cells,
            texts=(0, 1),
            size=8.6,
        ),
    )


def _edition(edition: str) -> str:
    try:
        return f"vom {formats.day(dt.date.fromisoformat(edition[:10]))}"
    except ValueError:
        return edition


def _money(data: MemberData) -> Row:
    report = data.report
    cells: list[list[Any]] = []
    if report["share_count"] is not None:
        count = formats.number(report["share_count"])
        value = formats.eur(report["share_value_eur"])
        label = f"Eingezahlte Anteile ({count} zu {value}); bleiben Ihr Guthaben"
        cells.append([label, formats.eur(report["shares_eur"]), code(report)])
    intro = None
    year = str(report["fiscal_year"] or "").replace("-", "/")
    fee, refund = report["fee_net_eur"], report["refund_net_eur"]
    if year and not (fee or refund or report["purchases_gross_eur"]):
        intro = f"Im Geschäftsjahr {year} floss zwischen Ihnen und der Genossenschaft kein Geld."
    elif year:
        statement = code_text(report["statement_code"])
        bought = report["purchases_gross_eur"]
        cells += [
            [f"Bezahlt: Ihre Bezüge bei uns {year}, brutto", formats.eur(bought), code(report)],
            [f"Bekommen: Datenvergütung {year}, netto", formats.eur(fee), statement],
            [f"Bekommen: Rückvergütung {year}, netto", formats.eur(refund), statement],
        ]
        word = "voraussichtlich " if report["is_draft"] else ""
        intro = (
            f"Im Geschäftsjahr {year} hat Ihnen die Mitgliedschaft "
            f"{word}{formats.eur(fee + refund)} netto eingebracht; die Jahresabrechnung zeigt jede "
            "Zeile."
        )
    return section(
        "Was die Mitgliedschaft kostet und bringt",
        intro=intro,
        table=table(["Posten", "Betrag", "Woher"], cells, size=8.8) if cells else None,
    )


def _seen(data: MemberData) -> Row:
    who = "Die Zahlen Ihres Ladens sieht" if data.has_shop else "Ihre Angaben sieht"
    return section(
        "Wer hat Ihre Zahlen gesehen?",
        intro=f"{who} niemand außer Ihnen einzeln. Die Datenverwaltung rechnet mit Decknamen; "
        "andere Betriebe, Stadt und Käufer von Datenprodukten bekommen nur, was alle sehen dürfen.",
        facts=[["Name und Anschrift gelesen", _reads(data.reads)]],
    )


def _reads(reads: Sequence[tuple[str, str]]) -> str:
    """Purposes for which the register was read, each once."""
    purposes = sorted({purpose for _, purpose in reads})
    return "; ".join(purposes) + "." if purposes else "bisher nie."


def _leaving(data: MemberData, cooperative: Cooperative) -> Row:
    facts = [
        [
            "Einwilligung widerrufen",
            "Ein Anruf oder eine E-Mail genügt. Ihr Laden fällt aus allen Kennzahlen heraus, neue "
            "Lieferungen werden abgelehnt; Mitglied bleiben Sie."
            if data.has_shop
            else "Wo Sie eine erteilt haben, genügt ein Anruf oder eine E-Mail; Mitglied bleiben Sie.",
        ],
        [
            "Austreten",
            "Kündigung nach der Satzung. Was bis dahin verdient ist, wird abgerechnet; Ihr "
            "Geschäftsguthaben erhalten Sie nach der Satzung zurück.",
        ],
        [
            "Was bleibt",
            "Rechnungen und Buchungen, solange das Gesetz es verlangt. Veröffentlichte Summen "
            "bleiben; keine geht auf Sie allein zurück.",
        ],
        ["Beschwerde", cooperative.supervisory_authority or cooperative.email],
    ]
    return section("Wenn Sie widerrufen oder gehen wollen", facts=facts)


def _contact(cooperative: Cooperative) -> Row:
    person = cooperative.contact
    return section(
        "Wen rufe ich an?",
        facts=[
            ["Fragen an", f"{person.name}, {person.role}"],
            ["Telefon", f"{person.phone} · {person.email}"],
        ],
        notes=[
            "Woher kommt diese Zahl? Nennen Sie den Code (W-…) neben der Zahl: Damit lässt sie sich "
            "bis zu den gelieferten Zeilen zurückverfolgen und nachrechnen."
        ],
    )
