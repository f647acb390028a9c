# SPDX-License-Identifier: Apache-2.0
"""`ortskern status`: what is there, what is open, what was published last.

Belongs here: the overview. Does not belong here: advice on what is missing (`doctor.py`).
"""

import json

from duckdb import DuckDBPyConnection

from foundation.formats import MISSING, day, number
from foundation.settings import load_settings
from ingestion.quarantine import WITHDRAWN, OpenFault, summary
from orchestration.house import House, open_house
from orchestration.inventory import (
    Deliveries,
    data_bytes,
    deliveries,
    has_table,
    newest_edition,
    waiting_tables,
)
from orchestration.speech import fact, heading, listing, say

COLUMNS = (
    "Vertrag",
    "letzter Tag",
    "neu",
    "geladen",
    "in Quarantäne",
    "zurückgewiesen",
    "doppelt",
)


def show_status() -> None:
    """Print the overview; without a lake one sentence that says what to do."""
    house = open_house(load_settings())
    say(f"{house.cooperative.name}, Stichtag {day(house.today)}", "bold")
    if not house.lakehouse.exists():
        is_sample = (house.settings.cooperative / "town" / "town.yaml").is_file()
        first = "" if is_sample else f"Lieferungen nach „{house.settings.inbox}“ legen, dann "
        say(
            f"Es gibt noch keinen Datenbestand unter „{house.settings.home}“; {first}den ersten "
            "Lauf starten: ortskern run"
        )
        return
    with house.lakehouse.connect(read_only=True) as con:
        _deliveries(house, con)
        _quarantine(con)
        size = data_bytes(con)
    _release(house)
    heading("Datenbestand")
    fact("Größe", f"{number(size / 1e6, 1)} MB")
    fact("Katalog", house.settings.catalog.split("@")[-1])


def _deliveries(house: House, con: DuckDBPyConnection) -> None:
    heading("Lieferungen")
    found = deliveries(con)
    if not found:
        say("  Noch keine. Nach dem Einlegen in den Eingang: ortskern run")
        return
    ids = sorted({*found, *house.contracts})
    listing(COLUMNS, (_row(house, found.get(i, Deliveries(i))) for i in ids), numeric=5)


def _row(house: House, one: Deliveries) -> list[str]:
    contract = house.contracts.get(one.contract_id)
    name = contract.name if contract else f"{one.contract_id} (kein Vertrag mehr)"
    counts = (one.new, one.loaded, one.quarantined, one.refused, one.duplicates)
    last = day(one.last_day) if one.last_day else MISSING
    return [name, last, *(number(n) if n else MISSING for n in counts)]


def _quarantine(con: DuckDBPyConnection) -> None:
    heading("Quarantäne")
    faults = summary(con) if has_table(con, "landing", "quarantine") else []
    if not faults:
        say("  Nichts offen.")
    for fault in faults:
        say(f"  {fault_sentence(fault)}", "yellow" if fault.severity == "block" else "")


def fault_sentence(fault: OpenFault) -> str:
    """One open fault: where, how often, and an example with its remedy."""
    if fault.severity == "warn":
        what = "Hinweis, geladen"
    elif fault.rule == WITHDRAWN:
        what = "zurückgewiesen"
    else:
        what = "Lieferung bleibt liegen" if fault.unit == "delivery" else "Zeilen bleiben liegen"
    files = "1 Lieferung" if fault.deliveries == 1 else f"{number(fault.deliveries)} Lieferungen"
    rows = "1 Stelle" if fault.rows == 1 else f"{number(fault.rows)} Stellen"
    return f"{fault.contract_id} ({what}; {files}, {rows}), Beispiel: {fault.example}"


def _release(house: House) -> None:
    heading("Veröffentlichung")
    waiting = waiting_tables(house)
    fact("Freigaben", "nichts wartet" if not waiting else f"wartet: {', '.join(waiting)}")
    if waiting:
        say("  Nach dem Beschluss des Organs: ortskern approve --help")
    newest = newest_edition(house.settings.publications_dir)
    if newest is None:
        fact("Ausgabe", "noch keine")
        return
    manifest = json.loads((newest / "manifest.json").read_text("utf-8"))
    fact("Letzte Ausgabe", f"{manifest['edition']}, {number(len(manifest['files']))} Dateien")
    fact("Ordner", str(newest))
    fact("Prüfen", "ortskern verify")
