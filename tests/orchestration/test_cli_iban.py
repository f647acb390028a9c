# SPDX-License-Identifier: Apache-2.0
"""`ortskern iban` shows waiting bank accounts masked, and only a second person confirms them."""

from dataclasses import replace

import pytest

from foundation.identity import Identity
from ingestion.membership.register import log_of_reads, upsert_identities, waiting_ibans
from orchestration.house import House
from tests.orchestration.conftest import Run

OLD, NEW = "DE24430609670000417001", "DE89370400440532013000"
BAKER = Identity(
    member_number="M-0001",
    name="Bäckerei Überall",
    contact=None,
    street="Salzgasse 4",
    postcode="48999",
    city="Musterstadt",
    country="DE",
    vat_status="regulaer",
    iban=OLD,
    account_holder="Eva Öz",
)


@pytest.fixture
def changed(house: House) -> House:
    """A member whose IBAN was changed by Mia."""
    for iban, person in ((OLD, "Mitgliederliste"), (NEW, "Mia Kern")):
        known = {"a" * 32: replace(BAKER, iban=iban)}
        upsert_identities(house.settings, house.keys, known, entered_by=person)
    return house


def test_without_a_register_it_says_when_there_will_be_one(ortskern: Run, house: House) -> None:
    result = ortskern("iban")
    assert result.exit_code == 0
    assert "Es gibt noch kein Register" in result.output


def test_a_waiting_account_is_shown_by_member_number(ortskern: Run, changed: House) -> None:
    output = ortskern("iban").output
    assert "M-0001" in output
    assert "Mia Kern" in output


def test_no_account_is_shown_whole(ortskern: Run, changed: House) -> None:
    shown = (
        ortskern("iban").output
        + ortskern("iban", "--bestaetigen", "M-0001", "--person", "Jan Hell").output
    )
    assert "DE•• •••• •••• •••• ••30 00" in shown
    for iban in (OLD, NEW):
        assert iban not in shown.replace(" ", "")


def test_a_look_is_logged_with_its_purpose(ortskern: Run, changed: House) -> None:
    ortskern("iban")
    last = log_of_reads(changed.settings, changed.keys)[-1]
    assert last.purpose == "Geänderte Bankverbindungen zuordnen"
    assert last.records == 1


def test_a_second_person_puts_it_in_force(ortskern: Run, changed: House) -> None:
    result = ortskern("iban", "--bestaetigen", "M-0001", "--person", "Jan Hell")
    assert "gilt ab jetzt, bestätigt von Jan Hell" in result.output
    assert waiting_ibans(changed.settings, changed.keys) == []


def test_the_person_who_entered_it_cannot_confirm_it(ortskern: Run, changed: House) -> None:
    result = ortskern("iban", "--bestaetigen", "M-0001", "--person", "mia kern")
    assert result.exit_code == 1
    assert "erwartet eine zweite Person" in result.output
    assert len(waiting_ibans(changed.settings, changed.keys)) == 1


def test_a_member_without_a_change_is_told_so(ortskern: Run, changed: House) -> None:
    result = ortskern("iban", "--bestaetigen", "M-0999", "--person", "Jan Hell")
    assert result.exit_code == 1
    assert "Mitglied „M-0999“, Feld „iban“: gefunden keine wartende Änderung" in result.output


@pytest.mark.parametrize("arguments", [("--bestaetigen", "M-0001"), ("--person", "Jan Hell")])
def test_number_and_person_belong_together(ortskern: Run, arguments: tuple[str, str]) -> None:
    result = ortskern("iban", *arguments)
    assert result.exit_code == 1
    assert "gefunden nur eine der Angaben --bestaetigen und --person" in result.output


def test_where_nothing_waits_it_says_so(ortskern: Run, house: House) -> None:
    upsert_identities(house.settings, house.keys, {"a" * 32: BAKER})
    assert "Keine Bankverbindung wartet auf eine zweite Person." in ortskern("iban").output
