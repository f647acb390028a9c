# SPDX-License-Identifier: Apache-2.0
"""`ortskern iban`: changed bank accounts, and the second person who confirms them.

Belongs here: the way from a member number to a waiting change. Does not belong here: the rules of
accounts (`ingestion/membership`). No IBAN is ever printed whole, and every look is logged.
"""

import getpass

from foundation.errors import ConfigError, OrtskernError
from foundation.formats import day
from foundation.identity import Identity
from foundation.settings import load_settings
from ingestion.membership.accounts import Waiting
from ingestion.membership.register import confirm_iban, read_identities, waiting_ibans
from orchestration.house import House, open_house
from orchestration.speech import listing, say

PURPOSE = "Geänderte Bankverbindungen zuordnen"


def review(member_number: str | None, person: str | None) -> None:
    """Without a member number list what waits; with one and a person put it in force.

    Raises:
        OrtskernError: nothing waits for that member, or the person is the one who entered it.
        ConfigError: only one of the two is given.
    """
    if (member_number is None) != (person is None):
        raise ConfigError(
            "Bankverbindung bestätigen: gefunden nur eine der Angaben --bestaetigen und --person, "
            "erwartet beide; Mitgliedsnummer und Namen der zweiten Person angeben."
        )
    house = open_house(load_settings())
    if not house.settings.register_path.is_file():
        say(
            "Es gibt noch kein Register; es entsteht, sobald `ortskern run` eine Mitgliederliste "
            "lädt."
        )
        return
    waiting = waiting_ibans(house.settings, house.keys)
    if member_number is None or person is None:
        _show(house, waiting)
        return
    _confirm(house, waiting, member_number.strip(), person.strip())


def _people(house: House, waiting: list[Waiting], reader: str) -> dict[str, Identity]:
    return read_identities(
        house.settings,
        house.keys,
        reader=reader,
        purpose=PURPOSE,
        member_ids=[w.member_id for w in waiting],
    )


def _show(house: House, waiting: list[Waiting]) -> None:
    if not waiting:
        say("Keine Bankverbindung wartet auf eine zweite Person.")
        return
    people = _people(house, waiting, f"ortskern iban ({getpass.getuser()})")
    rows = [
        [
            people[w.member_id].member_number if w.member_id in people else w.member_id[:8] + "…",
            w.iban or "wird gelöscht",
            w.entered_by,
            day(w.entered_at.date()),
        ]
        for w in waiting
    ]
    listing(("Mitglied", "neue IBAN (verdeckt)", "eingetragen von", "am"), rows)
    say("Bis zur Bestätigung gilt die alte. Beim Mitglied unter bekannter Nummer rückfragen, dann:")
    say('  ortskern iban --bestaetigen MITGLIEDSNUMMER --person "Vorname Nachname"')


def _confirm(house: House, waiting: list[Waiting], member_number: str, person: str) -> None:
    people = _people(house, waiting, person or "ortskern iban")
    found = [w for w in waiting if w.member_id in people]
    hit = next((w for w in found if people[w.member_id].member_number == member_number), None)
    if hit is None:
        raise OrtskernError(
            f"Mitglied „{member_number}“, Feld „iban“: gefunden keine wartende Änderung, erwartet "
            "eine; mit `ortskern iban` ansehen, was wartet."
        )
    confirm_iban(house.settings, house.keys, hit.member_id, person)
    say(
        f"Mitglied {member_number}: {hit.iban or 'Löschung der Bankverbindung'} gilt ab jetzt, "
        f"bestätigt von {person}.",
        "green",
    )
