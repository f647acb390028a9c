# SPDX-License-Identifier: Apache-2.0
"""``ortskern experiment``: try a design beforehand, and register it before it starts.

Belongs here: what a steward says and hears. Does not belong here: the register's rules and the
simulation (``analysis/experiments``); an organ decides, the command records.
"""

from datetime import date, timedelta

from analysis.experiments.design import diagnose
from analysis.experiments.panel import prepare
from analysis.experiments.registry import (
    Diagnosis,
    Entry,
    entry_sha256,
    load_entries,
    load_registrations,
    register,
    with_diagnosis,
    write_registrations,
)
from foundation.errors import ConfigError
from foundation.formats import day, number, percent
from foundation.settings import load_settings
from orchestration.assets.experiments import block_weeks, event_days
from orchestration.commands.approve import organ_named
from orchestration.house import House, open_house
from orchestration.speech import say


def diagnose_experiment(id: str) -> None:
    """Simulate the planned evaluation on what is known today and write the result into the entry.

    Raises:
        ConfigError: there is no such entry, or it is registered already.
        OrtskernError: too little is known for a simulation.
    """
    house = open_house(load_settings())
    entry = _entry(house, id)
    standing = load_registrations(house.settings.cooperative).get(id, ())
    if any(r.version == entry.version for r in standing):
        raise ConfigError(
            f"Versuch „{entry.title}“: Fassung {entry.version} ist schon angemeldet, eine neue Rechnung änderte ihren "
            "Wortlaut; für eine neue Fassung zuerst das Feld „version“ erhöhen."
        )
    until = min(house.today - timedelta(days=1), entry.baseline.last_day)
    if not house.lakehouse.exists():
        raise ConfigError(
            f"Versuch „{entry.title}“: es gibt noch keinen Datenbestand, an dem sich rechnen ließe; erst `ortskern run` ausführen."
        )
    with house.lakehouse.connect(read_only=True) as con:
        weeks, events = block_weeks(con), event_days(con)
    panel = prepare(entry, weeks, events, until=until).panel
    last = panel.periods[-1]
    assert isinstance(last, date)
    found = diagnose(entry, panel, on=house.today, data_until=last + timedelta(days=6))
    path = house.settings.cooperative / "experiments" / f"{id}.yaml"
    path.write_text(with_diagnosis(path.read_text("utf-8"), found), "utf-8")
    say(f"Versuch „{entry.title}“, durchgerechnet an {found.trials} Gruppen ohne Maßnahme:")
    for line in told(entry, found):
        say(f"  {line}")
    say(f"Eingetragen in {path}. Weiter mit: ortskern experiment register {id}", "green")


def told(entry: Entry, found: Diagnosis) -> list[str]:
    """A diagnosis in German lines."""
    least = percent(entry.target.minimum_relevant_percent / 100, 0)
    smallest = (
        f"Mit 80\u00a0% Wahrscheinlichkeit fällt ein Effekt ab {number(found.detectable_percent, 1)}\u00a0% auf."
        if found.detectable_percent < 100
        else "Auch eine Verdopplung fiele nicht sicher auf: der Versuch ist zu klein."
    )
    return [
        f"Ein Effekt von {least} fällt mit {percent(found.power_share, 0)} Wahrscheinlichkeit auf.",
        smallest,
        f"Fehlalarm in {percent(found.false_alarm_share, 0)} der Fälle, Verzerrung {number(found.bias_percent, 1)}\u00a0%.",
        f"Der angegebene Bereich trifft in {percent(found.coverage_share, 0)} der Fälle.",
    ]


def register_experiment(id: str, *, organ: str, minutes: str) -> None:
    """Record that an organ registered exactly this wording today.

    Raises:
        ConfigError: the experiment has begun, was not diagnosed, its wording changed under the same
            version, or the organ is unknown. Then nothing is written.
    """
    house = open_house(load_settings())
    entry = _entry(house, id)
    if len(minutes.strip()) < 3:
        raise ConfigError(
            f"Anmeldung, Angabe „--protokoll“: gefunden „{minutes}“, erwartet eine Fundstelle wie „Protokoll 3/2026, TOP 4“; ergänzen."
        )
    deciding = organ_named(house, organ)
    before = load_registrations(house.settings.cooperative).get(id, ())
    records = register(entry, before, on=house.today, organ=deciding.name, minutes=minutes.strip())
    if records == before:
        say(
            f"Versuch „{entry.title}“: Fassung {entry.version} ist mit diesem Wortlaut schon angemeldet."
        )
        return
    path = write_registrations(house.settings.cooperative, id, records)
    say(f"  Prüfsumme {entry_sha256(entry)}")
    if house.today >= entry.test.first_day:
        say(
            f"Versuch „{entry.title}“: geändert nach dem Beginn; das steht von nun an neben dem Ergebnis.",
            "yellow",
        )
    say(
        f"Versuch „{entry.title}“, Fassung {entry.version}, angemeldet am {day(house.today)} → {path}",
        "green",
    )


def _entry(house: House, id: str) -> Entry:
    entries = load_entries(house.settings.cooperative)
    if id not in entries:
        listed = ", ".join(entries) or "keiner"
        raise ConfigError(
            f"Versuch „{id}“: gibt es unter experiments/ nicht, erwartet einer von: {listed}; Namen prüfen oder die Datei anlegen."
        )
    return entries[id]
