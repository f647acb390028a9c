# SPDX-License-Identifier: Apache-2.0
"""`ortskern init`: a cooperative of one's own, asked step by step.

Belongs here: the questions and what they are good for. Does not belong here: writing the folder
(`orchestration/founding.py`) or checking an answer (`orchestration/answers.py`).
"""

from collections.abc import Callable
from pathlib import Path

import click

from foundation.clock import wall
from foundation.errors import ConfigError
from foundation.keys import open_keys
from foundation.settings import load_settings
from orchestration import answers
from orchestration.founding import (
    OPTIONAL,
    WITH_SENSORS,
    Founding,
    Place,
    Sensor,
    found_cooperative,
    is_free,
)
from orchestration.speech import heading, say


def create_cooperative(folder: Path | None, restore: bool) -> None:
    """Ask and write a complete folder, or bring the keys back from the recovery text.

    Raises ConfigError when the folder holds something already, or the recovery text is wrong.
    """
    if restore:
        _restore()
        return
    say("Eine eigene Genossenschaft anlegen. Eingabetaste übernimmt den Vorschlag in Klammern;")
    say("alles lässt sich danach in den Dateien ändern. Abbrechen: Strg+C, dann ist nichts da.")
    target = folder or Path(_ask("Ordner", answers.text, "meine-genossenschaft"))
    target = target.expanduser().resolve()
    if not is_free(target):
        raise ConfigError(
            f"Ordner „{target}“: gefunden Dateien, erwartet ein neuer oder leerer Ordner; einen "
            "anderen Namen wählen, überschrieben wird nichts."
        )
    found_cooperative(target, _questions())
    _next(target)


def _restore() -> None:
    settings = load_settings()
    if (settings.keys_dir / "root.key").is_file():
        raise ConfigError(
            f"Schlüssel liegen schon in „{settings.keys_dir}“; vor der Wiederherstellung dort "
            "wegräumen."
        )
    text = click.prompt("Wiederherstellungstext (Vierergruppen, Leerzeichen sind gleich)")
    open_keys(settings, text)
    say(f"Schlüssel wiederhergestellt in „{settings.keys_dir}“.", "green")
    if not (settings.keys_dir / "deliveries.sqlite").is_file():
        say(
            "Für die abgelegten Lieferungen fehlt noch die Datei deliveries.sqlite; sie kommt aus "
            f"der Sicherung nach „{settings.keys_dir}“."
        )
    say("Weiter mit: ortskern doctor")


def _ask(question: str, check: Callable[[str], str], default: str | None = None) -> str:
    """Ask until the answer is right; each wrong one is told at once what is expected."""

    while True:
        given = click.prompt(question, default=default, show_default=bool(default))
        try:
            return check(str(given).strip())
        except ConfigError as error:
            say(f"  {error}", "red")


def _agrees(question: str) -> bool:
    return _ask(f"{question} (J/N)", answers.one_of(("J", "N")), "J") == "J"


def _questions() -> Founding:
    heading("1 von 5: Name und Sitz")
    name = _ask("Name laut Register, etwa „Ortskern Beispielstadt eG“", answers.text)
    values = {
        "name": name,
        "short_name": _ask("Kurzname für Überschriften", answers.text, name.removesuffix(" eG")),
        "street": _ask("Straße und Hausnummer", answers.text),
        "postcode": _ask("Postleitzahl", answers.postcode),
        "city": _ask("Ort", answers.text),
        "state": _ask("Bundesland (NW, BY, …)", answers.state),
        "register": _ask("Gericht und Nummer im Genossenschaftsregister", answers.text),
        "tax_number": _ask("Steuernummer (leer: noch keine)", answers.tax_number, ""),
        "vat_id": _ask("USt-IdNr. (leer: noch keine)", answers.vat_id, ""),
        "iban": _ask("IBAN des Auszahlungskontos", answers.iban),
        "account_holder": _ask("Kontoinhaber, genau wie bei der Bank", answers.text, name),
        "website": _ask("Adresse der Webseite", answers.website),
        "email": _ask("E-Mail der Genossenschaft", answers.email),
        "audit_association": _ask("Prüfungsverband (leer: noch keiner)", answers.anything, ""),
    }
    heading("2 von 5: Menschen")
    board = _ask("Vorstand, Namen mit Komma getrennt", answers.text)
    people = {
        "contact": {
            "name": _ask("Ansprechperson der Mitglieder", answers.text),
            "role": _ask("Ihre Aufgabe", answers.text, "Digitallotsin"),
            "phone": _ask("Ihre Telefonnummer", answers.phone),
            "email": _ask("Ihre E-Mail", answers.email, values["email"]),
        },
        "data_protection_officer": {
            "name": _ask("Datenschutzbeauftragte Person", answers.text),
            "email": _ask("Ihre E-Mail", answers.email, values["email"]),
        },
    }
    authority = _ask(
        "Datenschutzaufsicht", answers.text, answers.supervisory_authority(values["state"])
    )
    heading("3 von 5: Zeit")
    start = _ask("Erster Tag mit Daten (TT.MM.JJJJ)", answers.day_iso, f"01.01.{wall().year}")
    month = _ask("Monat, in dem das Geschäftsjahr beginnt (1 bis 12)", answers.month, "1")
    return Founding(
        values=values | {"supervisory_authority": authority},
        board=[n.strip() for n in board.split(",") if n.strip()],
        people=people,
        data_start=start,
        fiscal_year_start_month=int(month),
        **_places_and_sources(),  # type: ignore[arg-type]
    )


def _places_and_sources() -> dict[str, object]:
    heading("4 von 5: Quartiere")
    say("Je Quartier ein Kürzel aus drei Großbuchstaben, das sich nie ändert, und ein Name.")
    quarters: list[Place] = []
    while True:
        taken = {q.id for q in quarters}
        last = ", leer: fertig" if quarters else ""
        line = _ask(
            f"Quartier {len(quarters) + 1} als KÜRZEL Name{last}",
            answers.quarter(taken, may_be_empty=bool(quarters)),
            "" if quarters else None,
        )
        if not line:
            break
        quarters.append(Place(*line.split(" ", 1)))
    heading("5 von 5: Quellen")
    say("Mitglieder, Einwilligungen, Verkäufe und Ordnungslisten sind immer dabei.")
    chosen = [i for i, question in OPTIONAL.items() if _agrees(question)]
    sensors = _sensors(quarters, [c for c in chosen if c in WITH_SENSORS])
    return {"quarters": quarters, "sources": chosen, "sensors": sensors}


def _sensors(quarters: list[Place], contracts: list[str]) -> list[Sensor]:
    found: list[Sensor] = []
    for contract in contracts:
        say(f"Zählstellen zu „{OPTIONAL[contract].split('?')[0]}“, Name wie in den Zähldateien.")
        while True:
            name = _ask("Name der Zählstelle (leer: fertig)", answers.anything, "")
            if not name:
                break
            ids = [q.id for q in quarters]
            quarter = _ask(f"Sie steht in ({', '.join(ids)})", answers.one_of(ids), ids[0])
            found.append(Sensor(name, quarter, contract))
    return found


def _next(target: Path) -> None:
    settings = load_settings()
    heading("Angelegt")
    say(f"  {target}")
    say("  Muster der Musterstadt, vor dem ersten Lauf zu lesen und zu ersetzen:")
    say("  statute.yaml, price_list.yaml, licences.yaml, products/, organs in cooperative.yaml")
    heading("Wie es weitergeht")
    say("  1. Ordner bekannt machen:")
    say(f"       export ORTSKERN_COOPERATIVE={target}")
    say(f"       export ORTSKERN_HOME={settings.home.parent / ('var-' + target.name)}")
    say("  2. Lieferungen einlegen, je Vertrag ein Ordner: $ORTSKERN_HOME/inbox/<vertrag>/")
    say("  3. Prüfen, was noch fehlt: ortskern doctor")
    say("  4. Rechnen: ortskern run")
    say("  5. Nach dem Beschluss des Organs: ortskern approve")
