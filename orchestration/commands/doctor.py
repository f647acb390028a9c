# SPDX-License-Identifier: Apache-2.0
"""`ortskern doctor`: what is missing, most urgent first, and one next step.

Belongs here: which checks are made in which order, and how their answers are shown. Does not belong
here: the checks (`orchestration/checkup`).
"""

from foundation.errors import ConfigError
from foundation.settings import load_settings
from orchestration.checkup import Check, Line, Status, answers, machine, rulebook, work
from orchestration.console import console
from orchestration.house import House, open_house
from orchestration.speech import say

# In the order in which one thing needs the other; within a status this is the order of urgency.
CHECKS: tuple[tuple[str, Check], ...] = (
    ("Python", machine.python),
    ("Datenbank", machine.extensions),
    ("Server", machine.servers),
    ("Genossenschaft", rulebook.cooperative),
    ("Verträge", rulebook.contracts),
    ("Ordnungslisten", rulebook.reference),
    ("Veröffentlichungen", rulebook.releases),
    ("Vitalitätsindex", rulebook.index),
    ("Nordstern", rulebook.north_star),
    ("Satzung und Preise", rulebook.money),
    ("Quellendatei", rulebook.sources),
    ("Schlüssel", machine.keys),
    ("Platz", machine.disk),
    ("Portal", machine.node),
    ("Meldungen nach außen", machine.telemetry),
    ("Eingang", work.inbox),
    ("Datenbestand", machine.lake),
    ("Lieferungen", work.quarantine),
    ("Feiertage und Ferien", work.holidays),
    ("Bankverbindungen", work.accounts),
    ("Freigaben", work.approvals),
    ("Freigaben", rulebook.deciders),
    ("Datenträger", machine.volume),
)
_STYLES = {Status.GOOD: "green", Status.HINT: "yellow", Status.FAULT: "red"}


def examine() -> int:
    """Look at everything and print it; 0 where nothing blocks a run, else 1."""
    try:
        house = open_house(load_settings())
    except ConfigError as error:
        say(f"  Fehler   Einstellungen: {error}", "red")
        say(f"\nNächster Schritt: {error}", "bold")
        return 1
    with console.status("Prüfen …"):
        lines = lines_of(house)
    for line in lines:
        say(f"  {line.status.word:<8} {line.subject}: {line.text}", _STYLES[line.status])
    say(f"\nNächster Schritt: {next_step(house, lines)}", "bold")
    return 1 if lines and lines[0].status is Status.FAULT else 0


def lines_of(house: House, checks: tuple[tuple[str, Check], ...] = CHECKS) -> list[Line]:
    """All answers, most urgent first; a sentence that several checks say stands once."""
    found = [line for subject, check in checks for line in answers(subject, check, house)]
    unique: dict[str, Line] = {}
    for line in found:
        known = unique.get(line.text)
        if known is None or known.status < line.status:
            unique[line.text] = line
    return sorted(unique.values(), key=lambda line: -line.status)


def next_step(house: House, lines: list[Line]) -> str:
    """What to do first: the remedy of the most urgent line that has one."""
    for line in lines:
        if line.step is not None:
            return line.step
    return f"nichts offen. Neue Lieferungen nach „{house.settings.inbox}“ legen, dann: ortskern run"
