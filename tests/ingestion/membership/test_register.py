# SPDX-License-Identifier: Apache-2.0
"""The register: encrypted, every read logged, an account changed by two people only."""

from pathlib import Path

import pyarrow as pa
import pytest

from foundation.errors import OrtskernError
from foundation.identity import Identity
from foundation.keys import Keys, open_keys
from foundation.settings import Settings, load_settings
from ingestion.membership import register
from ingestion.membership.accounts import WAITING
from ingestion.membership.members import ADAPTER
from ingestion.pseudonyms import Pseudonyms
from tests.ingestion.membership.samples import (
    IBAN,
    OTHER_IBAN,
    baker,
    citizen,
    members,
    site,
    sites,
)
from tests.ingestion.sensors.judging import parse, shipped

CONTRACT = shipped("members")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path)


@pytest.fixture
def keys(settings: Settings) -> Keys:
    return open_keys(settings)


def deliver(settings: Settings, keys: Keys, *rows: dict[str, str], sha: str = "") -> None:
    hand_over(settings, keys, "mitglieder.csv", members(*rows), sha)


def hand_over(settings: Settings, keys: Keys, name: str, data: bytes, sha: str) -> None:
    parsed = parse(CONTRACT, name, data)
    for object_name, table in parsed.tables.items():
        shas = pa.array([sha] * len(table), pa.string())
        parsed.tables[object_name] = table.append_column("_landing_sha256", shas)
    ADAPTER.register(parsed, settings, keys, CONTRACT)


def read(settings: Settings, keys: Keys) -> dict[str, Identity]:
    found = register.read_identities(settings, keys, reader="Abrechnung", purpose="Test")
    return {identity.member_number: identity for identity in found.values()}


def member_id(keys: Keys, number: str = "M-0001") -> str:
    return str(Pseudonyms(keys).of("member", number))


def test_identities_come_back_by_pseudonym(settings: Settings, keys: Keys) -> None:
    deliver(settings, keys, baker(), citizen())
    found = register.read_identities(
        settings, keys, reader="Abrechnung", purpose="Test", member_ids=[member_id(keys)]
    )
    identity = found[member_id(keys)]
    assert (identity.name, identity.iban) == ("Bäckerei Überall", IBAN)
    assert identity.vat_status == "regulaer"
    assert identity.self_billing_agreed_on is not None
    assert len(found) == 1


def test_the_latest_delivery_counts(settings: Settings, keys: Keys) -> None:
    deliver(settings, keys, baker(), sha="1")
    deliver(settings, keys, baker(name="Bäckerei Neu"), sha="2")
    assert read(settings, keys)["M-0001"].name == "Bäckerei Neu"


def test_a_delivery_read_again_changes_nothing(settings: Settings, keys: Keys) -> None:
    deliver(settings, keys, baker(), sha="1")
    deliver(settings, keys, baker(name="Bäckerei Neu"), sha="2")
    deliver(settings, keys, baker(), sha="1")
    assert read(settings, keys)["M-0001"].name == "Bäckerei Neu"


def test_a_member_with_a_wrong_account_stays_out(settings: Settings, keys: Keys) -> None:
    deliver(settings, keys, baker(iban="DE24430609670000417002"), citizen())
    assert list(read(settings, keys)) == ["M-0002"]


def test_shops_come_back_with_name_and_member(settings: Settings, keys: Keys) -> None:
    hand_over(settings, keys, "betriebsstaetten.csv", sites(site(), site(kasse_id="K-2")), "1")
    found = register.read_sites(settings, keys, reader="Abrechnung", purpose="Test")
    assert list(found) == [Pseudonyms(keys).of("site", "B-0001")]
    (shop,) = found.values()
    assert (shop.name, shop.member_id) == ("Bäckerei Überall am Markt", member_id(keys))


def test_every_read_is_logged_with_reader_purpose_and_number(
    settings: Settings, keys: Keys
) -> None:
    deliver(settings, keys, baker(), citizen())
    register.read_identities(settings, keys, reader="Auszahlung", purpose="Bankdatei 2025-26")
    register.read_sites(settings, keys, reader="Bericht", purpose="Anschriften")
    log = register.log_of_reads(settings, keys)
    assert [(r.reader, r.purpose, r.kind, r.records) for r in log] == [
        ("Auszahlung", "Bankdatei 2025-26", "identity", 2),
        ("Bericht", "Anschriften", "site_identity", 0),
    ]
    assert log[0].read_at.tzinfo is not None


@pytest.mark.parametrize(("reader", "purpose"), [("", "Test"), ("Abrechnung", " ")])
def test_a_read_without_reader_or_purpose_hands_out_nothing(
    settings: Settings, keys: Keys, reader: str, purpose: str
) -> None:
    with pytest.raises(OrtskernError, match="jedes Lesen wird protokolliert"):
        register.read_identities(settings, keys, reader=reader, purpose=purpose)


def test_a_changed_account_waits_and_the_old_one_stays(settings: Settings, keys: Keys) -> None:
    deliver(settings, keys, baker(), sha="1")
    deliver(settings, keys, baker(iban=OTHER_IBAN, kontoinhaber="Ede Gauner"), sha="2")
    identity = read(settings, keys)["M-0001"]
    assert (identity.iban, identity.account_holder) == (IBAN, "Eva Öz")
    (waiting,) = register.waiting_ibans(settings, keys)
    assert waiting.member_id == member_id(keys)
    assert OTHER_IBAN[4:-4] not in str(waiting)
    assert WAITING == "wartet auf zweite Person"


def test_a_second_person_puts_the_new_account_in_force(settings: Settings, keys: Keys) -> None:
    deliver(settings, keys, baker(), sha="1")
    deliver(settings, keys, baker(iban=OTHER_IBAN, kontoinhaber="Eva Öz GmbH"), sha="2")
    register.confirm_iban(settings, keys, member_id(keys), "Cem Yıldız")
    identity = read(settings, keys)["M-0001"]
    assert (identity.iban, identity.account_holder) == (OTHER_IBAN, "Eva Öz GmbH")
    assert register.waiting_ibans(settings, keys) == []


@pytest.mark.parametrize("person", ["Annegret Willms", " annegret  WILLMS", ""])
def test_the_person_who_entered_an_account_cannot_confirm_it(
    settings: Settings, keys: Keys, person: str
) -> None:
    deliver(settings, keys, baker(), sha="1")
    first = read(settings, keys)["M-0001"]
    changed = Identity(**{**first.__dict__, "iban": OTHER_IBAN})
    register.upsert_identities(
        settings, keys, {member_id(keys): changed}, entered_by="Annegret Willms"
    )
    with pytest.raises(OrtskernError, match="erwartet eine zweite Person"):
        register.confirm_iban(settings, keys, member_id(keys), person)
    assert read(settings, keys)["M-0001"].iban == IBAN


def test_nothing_to_confirm_is_said(settings: Settings, keys: Keys) -> None:
    deliver(settings, keys, baker())
    with pytest.raises(OrtskernError, match="keine wartende Änderung"):
        register.confirm_iban(settings, keys, member_id(keys), "Cem Yıldız")


def test_a_removed_account_waits_too(settings: Settings, keys: Keys) -> None:
    deliver(settings, keys, baker(), sha="1")
    deliver(settings, keys, baker(iban=""), sha="2")
    assert read(settings, keys)["M-0001"].iban == IBAN
    register.confirm_iban(settings, keys, member_id(keys), "Cem Yıldız")
    assert read(settings, keys)["M-0001"].iban is None


def test_a_change_taken_back_no_longer_waits(settings: Settings, keys: Keys) -> None:
    for sha, iban in enumerate((IBAN, OTHER_IBAN, IBAN)):
        deliver(settings, keys, baker(iban=iban), sha=str(sha))
    assert register.waiting_ibans(settings, keys) == []
    assert read(settings, keys)["M-0001"].iban == IBAN


def test_an_overtaken_change_cannot_come_into_force(settings: Settings, keys: Keys) -> None:
    third = "DE02120300000000202051"
    for sha, iban in enumerate((IBAN, OTHER_IBAN, third)):
        deliver(settings, keys, baker(iban=iban), sha=str(sha))
    assert len(register.waiting_ibans(settings, keys)) == 1
    register.confirm_iban(settings, keys, member_id(keys), "Cem Yıldız")
    assert read(settings, keys)["M-0001"].iban == third


def test_a_first_account_is_in_force_at_once(settings: Settings, keys: Keys) -> None:
    deliver(settings, keys, baker(iban=""), sha="1")
    deliver(settings, keys, baker(), sha="2")
    assert read(settings, keys)["M-0001"].iban == IBAN


def test_the_file_shows_no_name_and_belongs_to_its_owner(settings: Settings, keys: Keys) -> None:
    deliver(settings, keys, baker())
    stored = b"".join(p.read_bytes() for p in settings.register_path.parent.iterdir())
    assert "Überall".encode() not in stored
    assert IBAN.encode() not in stored
    assert settings.register_path.stat().st_mode & 0o777 == 0o600
    assert settings.register_path.parent.stat().st_mode & 0o777 == 0o700


def test_other_keys_do_not_open_the_register(
    settings: Settings, keys: Keys, tmp_path: Path
) -> None:
    deliver(settings, keys, baker())
    other = open_keys(load_settings(home=tmp_path / "other"))
    with pytest.raises(OrtskernError, match="passenden Schlüssel zurückholen") as caught:
        read(settings, other)
    assert other.derive("register").hex() not in str(caught.value)


def test_a_failing_delivery_leaves_the_register_as_it_was(settings: Settings, keys: Keys) -> None:
    deliver(settings, keys, baker(), sha="1")
    broken = Identity(**{**read(settings, keys)["M-0001"].__dict__, "vat_id": object()})
    with pytest.raises(Exception, match="object"):
        register.upsert_identities(settings, keys, {member_id(keys): broken})
    assert read(settings, keys)["M-0001"].vat_id == "DE299041712"
