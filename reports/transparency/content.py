# SPDX-License-Identifier: Apache-2.0
"""The transparency report (pure: released rows, contracts, an earlier edition in, content out).

Belongs here: its order and sentences. Does not belong here: indicators (`figures`), files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foundation import formats
from foundation.contracts import Contract
from foundation.cooperative import Cooperative
from reports.exports import HANDLING
from reports.papers.letter import letter
from reports.papers.parts import Row, code, code_text, section, table
from reports.transparency.changes import Changes
from reports.transparency.experiments import experiment_section
from reports.transparency.figures import Released, chart_of, series_of

TILLS = "pos"
KINDS = {
    "haendler": "Händlerinnen und Händler",
    "erzeuger": "Erzeugerinnen und Erzeuger",
    "buerger": "Bürgerinnen und Bürger",
}
PUBLISHED, SUPPRESSED, TOTAL = "veröffentlicht", "unterdrückt", "ALLE"


@dataclass(frozen=True)
class Edition:
    """What the report speaks of.

    ``released``: table to rows; ``titles``: table to its heading; ``components``: component of the
    index to title and unit; ``months``: the three closed months of the report, oldest first.
    """

    day: dt.date
    released: Released
    titles: Mapping[str, str]
    components: Mapping[str, tuple[str, str]]
    contracts: Mapping[str, Contract]
    changes: Changes

    @property
    def months(self) -> list[dt.date]:
        """The last three closed months."""
        index = self.day.year * 12 + self.day.month - 1
        return [dt.date((index - n) // 12, (index - n) % 12 + 1, 1) for n in (3, 2, 1)]


def report_content(edition: Edition, cooperative: Cooperative) -> Row:
    """The report as the template takes it."""
    first, last = edition.months[0], edition.months[-1]
    number = f"TB-{edition.day.isoformat()}"
    span = f"{formats.month(first)} bis {formats.month(last)}"
    content = letter(
        "Transparenzbericht",
        number,
        cooperative,
        description=f"Transparenzbericht {number}: {span}",
        info=[
            ["Nummer", number],
            ["Ausgabe vom", formats.day(edition.day)],
            ["Zeitraum", span],
        ],
    )
    content["subtitle"] = f"Was wir sammeln, was ankam und was daraus wurde: {span}"
    content["lead"] = (
        f"{cooperative.name} sammelt Daten der Innenstadt unter schriftlichen Verträgen. Dieser "
        "Bericht sagt, wer was wofür und wie lange sammelt, was nicht angenommen und was nicht "
        "veröffentlicht wurde. Er steht auf denselben Tabellen wie das Portal; neben jeder Zahl "
        "steht, woher sie kommt."
    )
    content["tiles"] = _tiles(edition)
    content["sections"] = [
        _indicators(edition),
        *experiment_section(edition.released),
        _collected(edition.contracts),
        _deliveries(edition),
        _publications(edition),
        _members(edition),
        _organs(edition, cooperative),
        _changes(edition),
        _objection(cooperative),
    ]
    return content


def _counts(rows: Sequence[Row]) -> tuple[int, int, int]:
    """Published, suppressed and missing figures of a table; names of places are no figures."""
    states = [r.get("status") for r in rows]
    published, suppressed = states.count(PUBLISHED), states.count(SUPPRESSED)
    return published, suppressed, sum(s is not None for s in states) - published - suppressed


def _figures(edition: Edition) -> dict[str, Sequence[Row]]:
    """Released tables that hold figures."""
    return {t: rows for t, rows in edition.released.items() if rows and "status" in rows[0]}


def _tiles(edition: Edition) -> list[Row]:
    counts = [_counts(rows) for rows in _figures(edition).values()]
    tiles = [
        ("Verträge über Daten", len(edition.contracts), "jeder mit Zweck und Frist"),
        ("Tabellen mit Zahlen", len(counts), "jede von einem Organ freigegeben"),
        ("Zahlen veröffentlicht", sum(c[0] for c in counts), "nachzählbar in den offenen Daten"),
        ("Zahlen unterdrückt", sum(c[1] for c in counts), "zum Schutz Einzelner"),
    ]
    return [
        {"label": label, "value": formats.number(value), "note": note, "strong": index == 3}
        for index, (label, value, note) in enumerate(tiles)
    ]


def _indicators(edition: Edition) -> Row:
    months = edition.months
    series = series_of(edition.released, edition.components)
    if not series:
        return section(
            "Die Kennzahlen der Stadt", intro="In dieser Ausgabe ist keine Kennzahl freigegeben."
        )
    columns = [*months, months[-1].replace(year=months[-1].year - 1)]
    cells: list[list[Any]] = [[s.title, *(s.cell(month) for month in columns)] for s in series]
    drawn = [s for s in series if any(r[s.column] is not None for r in s.rows)]
    return section(
        "Die Kennzahlen der Stadt",
        intro="Werte für die gesamte Stadt. Unter jeder Zahl steht ihr Code.",
        table=table(
            ["Kennzahl", *(formats.month(month) for month in columns)],
            cells,
            size=8.6,
            breakable=True,
            shares=(9, 5, 5, 5, 5),
        ),
        charts=[chart_of(s, months) for s in drawn],
    )


def _collected(contracts: Mapping[str, Contract]) -> Row:
    cells: list[list[Any]] = [
        [
            [{"text": contract.name}, code_text(f"{contract.id} {contract.version}")],
            contract.purpose,
            [f"{contract.retention_months} Monate.", f"Liefert: {contract.options['owner']}."],
            _protection(contract),
        ]
        for contract in contracts.values()
    ]
    return section(
        "Wer sammelt was, wofür, wie lange und mit welchem Schutz",
        intro="Ohne Vertrag nimmt das Haus keine Datei an. Die Verträge stehen Feld für Feld auf dem "
        "Portal unter „Datenschutz“.",
        table=table(
            ["Daten, Vertrag", "wofür", "wie lange, von wem", "Schutz von Menschen"],
            cells,
            texts=(0, 1, 2, 3),
            size=8,
            breakable=True,
            shares=(10, 17, 11, 11),
        ),
    )


def _protection(contract: Contract) -> str:
    kept = {f.handling for o in contract.objects for f in o.fields}
    found = "; ".join(HANDLING[h] for h in ("drop", "pseudonym", "register") if h in kept)
    return f"{found[:1].upper()}{found[1:]}." if found else "Enthält keine Angaben über Menschen."


def source_name(source: str, contracts: Mapping[str, Contract]) -> str:
    """Name of a delivering source; all tills are one."""
    if source == TILLS:
        return "Kassendaten (alle Kassen zusammen)"
    return contracts[source].name if source in contracts else source


def _deliveries(edition: Edition) -> Row:
    rows = [
        r for r in edition.released.get("deliveries", ()) if r["business_month"] in edition.months
    ]
    title = "Was ankam und was nicht angenommen wurde"
    if not rows:
        return section(title, intro="Für diesen Zeitraum ist keine Zahl freigegeben.")
    cells: list[list[Any]] = [
        [
            source_name(row["source_id"], edition.contracts),
            formats.month(row["business_month"]),
            *_delivery_cells(row),
            code(row),
        ]
        for row in sorted(rows, key=lambda r: (r["source_id"], r["business_month"]))
    ]
    return section(
        title,
        intro="Lieferungen nach dem Monat, bis zu dem sie reichen. Zurückgestellt wird, was den "
        "Vertrag nicht erfüllt, abgelehnt, was nach einem Widerruf noch kam.",
        table=table(
            [
                "Quelle",
                "Monat",
                "geladen",
                "zurückgestellt",
                "abgelehnt",
                "Zeilen beiseite",
                "Woher",
            ],
            cells,
            texts=(0, 1),
            size=8.2,
            breakable=True,
        ),
        notes=[
            "Zeilen beiseite: aus geladenen Lieferungen einzeln zurückgestellt. Wo weniger als fünf "
            "Inhaber liefern, steht „unterdrückt“. Listen ohne Monat erscheinen im Monat ihres Eingangs."
        ],
    )


def _delivery_cells(row: Row) -> list[str]:
    if row["status"] != PUBLISHED:
        return [row["status"], *[formats.MISSING] * 3]
    names = ("loaded_count", "quarantined_count", "refused_count", "left_out_rows")
    return [formats.number(row[name]) for name in names]


def _publications(edition: Edition) -> Row:
    origin = {r["table_name"]: r for r in edition.released.get("provenance", ())}
    cells: list[list[Any]] = []
    for name, rows in sorted(_figures(edition).items()):
        published, suppressed, missing = _counts(rows)
        by = origin.get(name, {})
        approved = f"{by['approved_by']}, {formats.day(by['approved_on'])}" if by else ""
        cells.append(
            [
                [edition.titles.get(name, name), code_text(f"daten/{name}.csv")],
                formats.number(published),
                formats.number(suppressed),
                formats.number(missing),
                [approved, code_text(str(by.get("minutes", "")))],
            ]
        )
    return section(
        "Was veröffentlicht und was zurückgehalten wurde",
        intro="Eine Zahl über Betriebe erscheint ab fünf unabhängigen Inhabern, wenn keiner überwiegt; "
        "eine Zahl über Menschen ab zehn, leicht verändert. Sonst steht „unterdrückt“, nie ein "
        "ungefährer Wert.",
        table=table(
            [
                "Tabelle, Datei",
                "Zahlen",
                "unterdrückt",
                "ohne Angabe",
                "freigegeben von, am, Protokoll",
            ],
            cells,
            texts=(0, 4),
            size=8.4,
            breakable=True,
            shares=(12, 4, 4, 4, 13),
        ),
        notes=["Woher: Jede Anzahl lässt sich in der genannten Datei der Ausgabe nachzählen."],
    )


def _members(edition: Edition) -> Row:
    rows = [r for r in edition.released.get("members", ()) if r["quarter_id"] == TOTAL]
    if not rows:
        return section("Wer Mitglied ist", intro="Die Zahl der Mitglieder ist nicht freigegeben.")
    cells: list[list[Any]] = [
        [
            KINDS.get(row["member_kind"], row["member_kind"]),
            formats.number(row["member_count"]) if row["status"] == PUBLISHED else row["status"],
            code(row),
        ]
        for row in sorted(rows, key=lambda r: r["member_kind"])
    ]
    return section(
        "Wer Mitglied ist",
        table=table(["Mitglieder", "Anzahl", "Woher"], cells, size=8.8),
        notes=["Um bis zu vier verändert, damit niemand zu erkennen ist, der beitritt oder geht."],
    )


def _organs(edition: Edition, cooperative: Cooperative) -> Row:
    by: dict[str, int] = {}
    for row in edition.released.get("provenance", ()):
        by[row["approved_by"]] = by.get(row["approved_by"], 0) + 1
    said = "; ".join(f"{organ}: {count}" for organ, count in sorted(by.items()))
    return section(
        "Wer entscheidet",
        facts=[[o.name, o.decides] for o in cooperative.organs if o.decides],
        notes=[f"Freigegebene Tabellen dieser Ausgabe nach Organ: {said}."] if said else [],
    )


def _changes(edition: Edition) -> Row:
    title, changes = "Was sich seit der letzten Ausgabe geändert hat", edition.changes
    if changes.before is None:
        return section(title, intro="Dies ist die erste Ausgabe; es gibt keine frühere.")
    named = [edition.titles.get(t, t) for t in changes.added]
    facts = [["Neue Tabellen", ", ".join(named) or "keine"]]
    facts.append(["Nicht mehr dabei", ", ".join(changes.removed) or "keine"])
    cells: list[list[Any]] = [
        [edition.titles.get(t.table, t.table), *map(formats.number, (t.new, t.gone, t.changed))]
        for t in changes.tables
    ]
    return section(
        title,
        intro=f"Verglichen mit der Ausgabe {changes.before}, Zahl für Zahl nach ihrem Code.",
        facts=facts,
        table=table(["Tabelle", "neue Zahlen", "weggefallen", "geändert"], cells, size=8.6)
        if cells
        else None,
        notes=[] if cells else ["Keine Zahl hat sich geändert."],
    )


def _objection(cooperative: Cooperative) -> Row:
    person, officer = cooperative.contact, cooperative.data_protection_officer
    facts = [
        ["Einwand gegen eine Zahl", f"ein Satz genügt: {cooperative.email}, mit dem Code (W-…)"],
        [
            "Eigene Daten",
            "Auskunft, Berichtigung, Löschung, Widerspruch und Widerruf: ein Anruf genügt",
        ],
        ["Ansprechperson", f"{person.name}, {person.role}, {person.phone}, {person.email}"],
    ]
    if officer:
        facts.append(["Datenschutz", f"{officer.name}, {officer.email}"])
    if cooperative.supervisory_authority:
        facts.append(["Beschwerde", cooperative.supervisory_authority])
    return section(
        "Wie Sie widersprechen und wen Sie fragen",
        facts=facts,
        notes=[
            "Woher kommt diese Zahl? Der Code (W-…) führt auf dem Portal unter „Woher kommt diese "
            "Zahl?“ zu Definition, Verträgen und Freigabe."
        ],
    )
