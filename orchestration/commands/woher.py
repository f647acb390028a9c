# SPDX-License-Identifier: Apache-2.0
"""`ortskern woher`: from the code beside a printed number back to where it comes from.

Belongs here: what is told about a figure. Does not belong here: finding it (`figures.py`) or
checking an edition (`verify.py`). Nobody is asked for a name, and none is printed: a figure of a
member's paper stands under the member's pseudonym.
"""

import json
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from foundation.errors import ConfigError
from foundation.formats import day
from foundation.settings import load_settings
from orchestration.figures import (
    Figure,
    booking_of,
    definition_of,
    find,
    provenance_of,
    shown,
)
from orchestration.house import House, open_house
from orchestration.lineage import graph, models_behind
from orchestration.speech import fact, heading, say

CODE = re.compile(r"^W-[A-Z2-7]{10}$")
# Names and sentences are longer than any number; they would push every meaning off the screen
_LONGEST_VALUE = 24
STATES = {
    "veröffentlicht": "veröffentlicht",
    "unterdrückt": "unterdrückt, zum Schutz Einzelner",
    "fehlt": "fehlt, wird nicht geschätzt",
}


def explain(code: str) -> int:
    """Print what is known about a figure; 0 when it was found, 1 otherwise.

    Raises ConfigError when the code cannot be one.
    """
    wanted = code.strip().upper()
    if not CODE.match(wanted):
        raise ConfigError(
            f"Kennung „{code}“: erwartet „W-“ und zehn Zeichen aus A bis Z und 2 bis 7, etwa "
            "W-7KQ2M4XPAB; die Kennung neben der Zahl abschreiben."
        )
    house = open_house(load_settings())
    figure = find(house, wanted)
    if figure is None:
        say(
            f"Kennung „{wanted}“: weder im Datenbestand noch in der letzten Ausgabe gefunden; "
            "Schreibweise prüfen (O ist ein Buchstabe, die Ziffern 0 und 1 kommen nicht vor).",
            "red",
        )
        return 1
    say(f"{wanted}", "bold")
    if figure.schema == "release":
        _released(house, figure)
    else:
        _paper(house, figure)
    return 0


def _released(house: House, figure: Figure) -> None:
    definition = definition_of(house, figure.table)
    provenance = provenance_of(house, figure)
    title = definition.title if definition else str(provenance.get("title", figure.table))
    fact("Zahl aus", f"{title} (release.{figure.table})")
    measures = {m.name for m in definition.measures} if definition else frozenset()
    state = str(figure.row.get("status") or "")
    fact("Stand", STATES.get(state, state))
    if figure.row.get("reason"):
        fact("Grund", str(figure.row["reason"]))
    heading("Was die Zahl sagt")
    labels = {c.name: c.description for c in definition.described} if definition else {}
    if definition:
        say(f"  {definition.question} {definition.grain}")
    common = ("status", "reason", "figure_code")
    _values(
        {name: value for name, value in figure.row.items() if name not in common}, labels, measures
    )
    _origin(house, provenance)
    heading("Nachprüfen")
    if definition and definition.contributor.kind == "person":
        say("  Zählung von Menschen mit einmal gezogenem Rauschen: nicht nachrechenbar.")
    say("  ortskern verify   vergleicht die Ausgabe mit Unterschrift und Datenbestand")


def _values(
    row: Mapping[str, object], labels: Mapping[str, str], measures: AbstractSet[str]
) -> None:
    """Each value with what it means, in columns; measures bold and last. Long values stand on a line of their own."""
    texts = {name: shown(name, value) for name, value in row.items()}
    width = max((len(t) for t in texts.values() if len(t) <= _LONGEST_VALUE), default=0)
    for name in sorted(texts, key=lambda n: n in measures):
        meaning = f"{labels[name]} ({name})" if name in labels else name
        if len(texts[name]) > width:
            say(f"  {texts[name]}")
            texts[name] = ""
        say(f"  {texts[name]:<{width}}  {meaning}", "bold" if name in measures else "")


def _origin(house: House, provenance: dict[str, object]) -> None:
    heading("Woher sie kommt")
    if not provenance:
        say("  Zu dieser Tabelle ist keine Herkunft aufgezeichnet; `ortskern run` schreibt sie.")
        return
    models = str(provenance["source_models"])
    fact("Modelle", models or "–")
    raw = _raw_tables(house, models)
    if raw:
        fact("Rohtabellen", ", ".join(raw))
    contracts = json.loads(str(provenance["contracts"]) or "{}")
    fact("Verträge", ", ".join(f"{i} {v}" for i, v in contracts.items()) or "–")
    fact("Lieferungen", shown("deliveries", provenance["deliveries"]))
    fact(
        "Freigabe",
        f"{provenance['approved_by']}, {shown('approved_on', provenance['approved_on'])}, "
        f"{provenance['minutes']}",
    )
    fact("Snapshot", str(provenance["snapshot"]))
    fact("Programmstand", str(provenance["code_revision"]))


def _raw_tables(house: House, models: str) -> list[str]:
    """Raw tables behind the models, where this machine has built them."""
    if not (house.settings.dbt_dir / "target" / "manifest.json").is_file():
        return []
    known = graph(house)
    named = [m.strip() for m in models.split(",") if m.strip() in known]
    return [m for m in models_behind(house, named) if m.startswith("raw.")]


_MONEY_SOURCES = (
    "Datenvergütung: gelieferte Zeilen (marts.fct_data_contribution) mal price_list.yaml",
    "Rückvergütung und Töpfe: fiscal_years/ und statute.yaml, nach Beschluss",
)
_PAPER_SOURCES = {
    "member_month": (
        "Eigene Zahlen: Bonzeilen des Ladens je Tag (core.fct_site_day)",
        "Vergleich und Passanten: veröffentlichte Tabellen, jede mit ihrem eigenen Code",
    ),
    "member_usage": (
        "Verwendung je Ausgabe (ledger.usage), eigene Lieferungen aus core.fct_receipt",
    ),
    "member_report": (
        "Anteile: Mitgliederliste (core.dim_member) mal Wert aus cooperative.yaml",
        "Bezüge: Rechnungen an das Mitglied (ledger.revenue)",
    ),
    "member_forecast": (
        "Spanne und Vorwoche: Rückblick je Artikel (marts.fct_backtest), nur die verwendete Stufe",
        "Artikel: Vorhersagen des Ladens (marts.fct_forecast)",
        "Gespart: Retourenzettel der letzten Woche gegen Vorschläge (marts.fct_order_week)",
    ),
    "order_line": (
        "Erwarteter Verkauf und Spanne: eigene Verkäufe je Tag (core.fct_daily_sale)",
        "Menge: dazu Retourenzettel und Kosten der Warenliste (core.fct_production_day, core.dim_article)",
    ),
}


def _paper(house: House, figure: Figure) -> None:
    fact("Zahl aus", f"{figure.title} ({figure.schema}.{figure.table})")
    told = {
        name: value
        for name, value in figure.row.items()
        if value is not None and name not in ("figure_code", "terms_json")
    }
    heading("Was dort steht")
    _values(told, figure.labels, frozenset())
    heading("Woher sie kommt")
    for source in _PAPER_SOURCES.get(figure.table, _MONEY_SOURCES):
        say(f"  {source}")
    booking = booking_of(house, figure)
    if booking is not None:
        fact("Buchung", f"Nr. {booking.sequence} in ledger.{booking.table}, {booking.booking_id}")
        fact("Prüfsumme", booking.row_hash)
        fact("gebucht am", day(booking.recorded_on))
    elif figure.row.get("is_draft"):
        say("  Entwurf: noch nicht gebucht, die Beschlüsse fehlen.")
    heading("Nachprüfen")
    say("  Rechenweg mit Beispiel: docs/mitglied.md; Kette der Buchungen: docs/pruefung.md")
