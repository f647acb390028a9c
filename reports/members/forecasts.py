# SPDX-License-Identifier: Apache-2.0
"""How good the forecasts for a member's shops were, in words and as a table.

Belongs here: sentences about hit rate and last week. Does not belong here: computing either, the order sheet (``reports/orders``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from foundation import formats
from reports.papers.parts import Row, code, section, table

NO_SLIP = (
    "Was die Vorschläge gespart oder gekostet hätten, ist nicht bekannt: Aus der letzten Woche fehlt "
    "der Retourenzettel, oder in der Warenliste fehlen die Kosten."
)
HOW = (
    "Verglichen wird im Rückblick, immer nur mit dem, was vorher bekannt war. Ein Tag zählt für jeden "
    "Artikel einmal; geschlossene und ausverkaufte Tage zählen nicht. Die Spanne ist für 80 von 100 "
    "Tagen gedacht."
)
SAME_DAYS = (
    "Besser als die Vorwoche: näher am Verkauf als der gleiche Wochentag der Woche davor. Nach "
    "denselben Tagen wird entschieden, wie ein Artikel gerechnet wird; im Alltag ist der Vorsprung eher kleiner."
)


@dataclass(frozen=True)
class Hits:
    """One shop of the member and its row of ``papers.member_forecast``."""

    name: str
    row: Row


def hits_section(shops: Sequence[Hits]) -> Row:
    """One paragraph and one line of the table for every shop."""
    is_compared = any(shop.row["day_count"] > 0 for shop in shops)
    return section(
        "Wie gut waren die Vorhersagen?",
        facts=[
            [shop.name, f"{span_sentence(shop.row)} {week_sentence(shop.row)}"] for shop in shops
        ],
        table=table(
            [
                "Laden",
                "Artikel",
                "Tage",
                "in der Spanne",
                "besser als Vorwoche",
                "gespart",
                "Woher",
            ],
            [_line(shop) for shop in shops],
            size=8.4,
            shares=(24, 9, 9, 13, 17, 14, 20),
        ),
        notes=[HOW, SAME_DAYS] if is_compared else [],
    )


def span_sentence(row: Row) -> str:
    """How often sales lay in the printed span, and how many articles beat the week before."""
    articles = f"{formats.number(row['article_count'])} Artikel"
    if row["hit_share"] is None:
        return f"Vorhergesagt: {articles}; verglichen ist noch kein Tag."
    days = row["day_count"]
    compared = "ein verglichener Tag" if days == 1 else f"{formats.number(days)} verglichene Tage"
    text = (
        f"{_span(row['compared_from_date'], row['compared_to_date'])} lag der Verkauf an "
        f"{formats.number(row['hit_share'] * 100)} von 100 Tagen in der gedruckten Spanne "
        f"({articles}, {compared})."
    )
    if row["judged_count"] > 0:
        text += f" {_better(row)} war die Vorhersage besser als die Vorwoche."
    return text


def _better(row: Row) -> str:
    better, judged = row["better_count"], row["judged_count"]
    if better == 0:
        return "Bei keinem Artikel"
    if better == judged:
        return (
            "Bei dem einen Artikel"
            if judged == 1
            else f"Bei allen {formats.number(judged)} Artikeln"
        )
    return f"Bei {formats.number(better)} von {formats.number(judged)} Artikeln"


def week_sentence(row: Row) -> str:
    """What following the proposals of the last week would have saved or cost."""
    saved = row["week_saved_eur"]
    if saved is None:
        return NO_SLIP
    span = _span(row["week_from_date"], row["week_to_date"])
    lines, unknown = row["week_line_count"], row["week_sold_out_count"]
    if lines == unknown:
        return f"{span} war alles ausverkauft und jeder Vorschlag höher; was er gespart hätte, ist nicht bekannt."
    what = "gespart" if saved >= 0 else "mehr gekostet"
    told = "eine Zeile" if lines == 1 else f"{formats.number(lines)} Zeilen"
    told += " der Retourenzettel"
    if unknown:
        told += f", davon {formats.number(unknown)} ausverkauft und nicht gerechnet"
    recorded = row["week_recorded_count"]
    if recorded < lines:
        told += "; teils nachgerechnet" if recorded else "; nachgerechnet"
    return f"{span} hätten Ihnen die Vorschläge {formats.eur(abs(saved))} {what} ({told})."


def _span(first: Any, last: Any) -> str:
    return f"Vom {formats.day(first)} bis {formats.day(last)}"


def _line(shop: Hits) -> list[Any]:
    row = shop.row
    share: Decimal | None = row["hit_share"]
    is_judged, is_counted = row["judged_count"] > 0, is_week_counted(row)
    return [
        shop.name,
        formats.number(row["article_count"]),
        formats.number(row["day_count"]),
        formats.MISSING if share is None else formats.percent(share),
        f"{row['better_count']} von {row['judged_count']}" if is_judged else formats.MISSING,
        formats.eur(row["week_saved_eur"]) if is_counted else formats.MISSING,
        code(row),
    ]


def is_week_counted(row: Row) -> bool:
    """Whether at least one line of the last week could be counted in euros."""
    return row["week_saved_eur"] is not None and row["week_line_count"] > row["week_sold_out_count"]
