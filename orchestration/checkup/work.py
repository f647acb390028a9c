# SPDX-License-Identifier: Apache-2.0
"""The work that waits for a person: inbox, quarantine, holidays to ask about, approvals, bank accounts.

Belongs here: what is open in a lake. Does not belong here: how it is repaired (the faults say it).
"""

from collections.abc import Iterator

from foundation.formats import day, number
from ingestion.membership.register import waiting_ibans
from ingestion.quarantine import UNKNOWN_TILL, WITHDRAWN, summary
from orchestration.checkup import Line, good, hint
from orchestration.commands.status import fault_sentence
from orchestration.house import House
from orchestration.inventory import deliveries, has_table, waiting_for_tills, waiting_tables

_DAYS_SHOWN = 8
_KNOWN_TO = {"bibliothek": "nicht bei OpenHolidays", "openholidays": "nur bei OpenHolidays"}


def inbox(house: House) -> Iterator[Line]:
    """Folders that no contract names are never read; say so before somebody waits for them."""
    folder = house.settings.inbox
    found = sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
    strangers = [name for name in found if name not in house.contracts]
    if strangers:
        yield hint(
            "Eingang",
            f"Ordner ohne Vertrag, werden nicht gelesen: {', '.join(strangers)}",
            f"Ordner in „{folder}“ nach dem Vertrag benennen, zu dem sie gehören: "
            f"{', '.join(house.contracts)}",
        )
    elif not any(p.is_file() for name in found for p in (folder / name).rglob("*")):
        step = f"Lieferungen nach „{folder}“ legen, je Vertrag ein Ordner, dann: ortskern run"
        if (house.settings.cooperative / "town" / "town.yaml").is_file():
            step = "Die Musterstadt erzeugt ihre Lieferungen selbst: ortskern run"
        yield hint("Eingang", "leer", step)
    else:
        yield good("Eingang", f"jeder Ordner in „{folder}“ hat einen Vertrag")


def quarantine(house: House) -> Iterator[Line]:
    """Unknown tills first, because the member list repairs them all at once; then the rest."""
    if not house.lakehouse.exists():
        return
    with house.lakehouse.connect(read_only=True) as con:
        found = deliveries(con)
        tills = waiting_for_tills(con, UNKNOWN_TILL)
        faults = summary(con) if has_table(con, "landing", "quarantine") else []
    unread = sum(d.new for d in found.values())
    if unread:
        yield hint(
            "Lieferungen",
            f"{number(unread)} angekommen, aber noch nicht geladen",
            "Laden: ortskern run --nur vorschlag",
        )
    if tills:
        yield hint(
            "Unbekannte Kassen",
            f"{_counted(tills)} zu Kassen, die in keiner Mitgliederliste stehen",
            "Kassen in betriebsstaetten.csv nachtragen, neue Mitgliederliste einlegen, dann: "
            "ortskern run",
        )
    for one in faults:
        if one.severity == "block" and one.rule != UNKNOWN_TILL:
            # Nothing is left to load after a withdrawal, so it is never the next step.
            step = None if one.rule == WITHDRAWN else f"{one.contract_id}: {one.example}"
            yield hint("Quarantäne", fault_sentence(one), step)
    if not unread and not any(f.severity == "block" for f in faults):
        yield good("Quarantäne", "nichts offen")


def _counted(tills: int) -> str:
    return "1 Lieferung wartet" if tills == 1 else f"{number(tills)} Lieferungen warten"


def holidays(house: House) -> Iterator[Line]:
    """Days that only one of the two calendars knows; either is free for somebody, so nothing stops."""
    if not house.lakehouse.exists():
        return
    with house.lakehouse.connect(read_only=True) as con:
        if not has_table(con, "core", "int_holidays_unified"):
            return
        found = con.execute(
            """SELECT day_date, holiday_kind, holiday_source FROM core.int_holidays_unified
            WHERE is_contested ORDER BY day_date DESC, holiday_kind"""
        ).fetchall()
    if not found:
        return
    shown = [f"{day(d)} ({kind.capitalize()}, {_KNOWN_TO[known]})" for d, kind, known in found]
    more = [f"und {number(len(shown) - _DAYS_SHOWN)} weitere"] if len(shown) > _DAYS_SHOWN else []
    yield hint(
        "Feiertage und Ferien",
        "nur einer der beiden Kalender kennt: "
        f"{', '.join([*shown[:_DAYS_SHOWN], *more])}. Die Tage zählen als frei; mit der Ferienordnung "
        "des Landes vergleichen, eine berichtigte Liste ganz einliefern",
    )


def approvals(house: House) -> Iterator[Line]:
    """Tables that an organ has not decided on as they stand now."""
    waiting = waiting_tables(house)
    if waiting:
        yield hint(
            "Freigaben",
            f"warten auf den Beschluss eines Organs: {', '.join(waiting)}",
            "Beschluss einholen, dann: ortskern approve --organ … --am … --protokoll …",
        )
    else:
        yield good("Freigaben", "für jede Tabelle liegt eine vor")


def accounts(house: House) -> Iterator[Line]:
    """Changed bank accounts that a second person has to confirm; no key is made for it."""
    settings = house.settings
    if not settings.register_path.is_file() or not (settings.keys_dir / "root.key").is_file():
        return
    waiting = waiting_ibans(settings, house.keys)
    if waiting:
        yield hint(
            "Bankverbindungen",
            f"{len(waiting)} geändert und noch nicht von einer zweiten Person bestätigt",
            "Ansehen und bestätigen: ortskern iban",
        )
    else:
        yield good("Bankverbindungen", "keine wartet auf eine zweite Person")
