# SPDX-License-Identifier: Apache-2.0
"""Landing: files unchanged under their hash and a key of their own, registered once."""

import hashlib
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from foundation.errors import OrtskernError
from ingestion.landing import Landing, land_inbox, object_key, pending, read_delivery
from ingestion.loading import load_contract
from ingestion.quarantine import summary
from ingestion.vault import Vault
from tests.ingestion.pos.samples import CSV_LINES, Home, closing, new_home, shipped, till_csv

CONTRACTS = {name: shipped(name) for name in ("pos_dsfinvk", "pos_csv")}
CSV = till_csv()
DSFINVK = closing().zip()
QUARTERS = b"quarter_id;name\nALT;Altstadt\n"
SHA = hashlib.sha256(CSV).hexdigest()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A lake with one CSV file in its inbox."""
    made = new_home(tmp_path)
    made.deliver("pos_csv", "2026-09/laden.csv", CSV)
    return made


def land(home: Home) -> tuple[int, int]:
    """(new, duplicates) of one look into the inbox."""
    report = land_inbox(home.settings, home.lakehouse, home.keys, CONTRACTS)
    return report.new, report.duplicates


def events(home: Home) -> list[tuple[object, ...]]:
    return home.rows("SELECT event, file_name FROM lake.landing.delivery ORDER BY event_no")


def test_a_delivery_comes_back_byte_for_byte(home: Home) -> None:
    assert land(home) == (1, 0)
    assert read_delivery(home.settings, home.keys, SHA) == CSV


def test_the_register_knows_what_arrived(home: Home) -> None:
    land(home)
    assert home.rows(
        "SELECT delivery_sha256, contract_id, contract_version, file_name, size_bytes, "
        "first_date, last_date, event FROM lake.landing.delivery"
    ) == [
        (
            SHA,
            "pos_csv",
            CONTRACTS["pos_csv"].version,
            "2026-09/laden.csv",
            len(CSV),
            date(2026, 9, 5),
            date(2026, 9, 5),
            "landed",
        )
    ]


def test_no_byte_of_a_delivery_lies_in_clear(home: Home) -> None:
    land(home)
    stored = [p for p in Path(home.settings.landing).rglob("*") if p.is_file()]
    assert [p.name for p in stored] == [f"{SHA}.age"]
    assert b"Belegnummer" not in stored[0].read_bytes()
    assert stored[0].read_bytes().startswith(b"age-encryption.org/v1")


def test_a_second_look_writes_nothing(home: Home) -> None:
    land(home)
    before = home.lakehouse.snapshot()
    stored = (Path(home.settings.landing) / object_key(SHA)).read_bytes()
    assert land(home) == (0, 0)
    assert home.lakehouse.snapshot() == before
    assert (Path(home.settings.landing) / object_key(SHA)).read_bytes() == stored


def test_the_same_bytes_under_another_name_are_a_duplicate_once(home: Home) -> None:
    land(home)
    home.deliver("pos_csv", "2026-09/kopie.csv", CSV)
    assert land(home) == (0, 1)
    assert land(home) == (0, 0)
    assert events(home) == [("landed", "2026-09/laden.csv"), ("duplicate", "2026-09/kopie.csv")]


def test_two_copies_that_arrive_together_are_one_delivery(home: Home) -> None:
    home.deliver("pos_csv", "2026-09/kopie.csv", CSV)
    assert land(home) == (1, 1)
    assert events(home) == [("landed", "2026-09/kopie.csv"), ("duplicate", "2026-09/laden.csv")]


@pytest.mark.parametrize("wrong", ["pos_csv/quarters.csv", "reference/quartiere.csv"])
def test_what_was_refused_for_its_place_is_loaded_from_the_right_one(
    tmp_path: Path, wrong: str
) -> None:
    contracts = {name: shipped(name) for name in ("reference", "pos_csv")}
    made = new_home(tmp_path)
    folder, name = wrong.split("/")

    def look() -> tuple[int, int]:
        report = land_inbox(made.settings, made.lakehouse, made.keys, contracts)
        for each in contracts.values():
            load_contract(made.settings, made.lakehouse, made.keys, each, with_suite=False)
        return report.new, report.duplicates

    def open_faults() -> int:
        with made.lakehouse.connect(read_only=True) as con:
            return len(summary(con))

    made.deliver(folder, name, QUARTERS)
    assert look() == (1, 0)
    assert [event for event, _ in events(made)] == ["landed", "quarantined"]
    assert open_faults() == 1
    made.deliver("reference", "quarters.csv", QUARTERS)
    assert look() == (1, 0)
    assert events(made)[2:] == [("landed", "quarters.csv"), ("loaded", "quarters.csv")]
    assert open_faults() == 0
    assert made.rows("SELECT quarter_id FROM lake.raw.reference_quarters") == [("ALT",)]
    before = made.lakehouse.snapshot()
    assert look() == (0, 0)
    assert made.lakehouse.snapshot() == before


def test_of_two_copies_that_arrive_together_the_readable_one_lands(tmp_path: Path) -> None:
    made = new_home(tmp_path)
    made.deliver("pos_csv", "kasse.zip", DSFINVK)
    made.deliver("pos_dsfinvk", "kasse.zip", DSFINVK)
    assert land(made) == (1, 1)
    assert made.rows("SELECT contract_id, event FROM lake.landing.delivery ORDER BY event_no") == [
        ("pos_dsfinvk", "landed"),
        ("pos_csv", "duplicate"),
    ]


def test_what_is_loaded_is_not_loaded_again_from_another_folder(tmp_path: Path) -> None:
    contracts = {name: shipped(name) for name in ("reference", "pos_csv")}
    made = new_home(tmp_path)
    made.deliver("reference", "quarters.csv", QUARTERS)
    land_inbox(made.settings, made.lakehouse, made.keys, contracts)
    load_contract(
        made.settings, made.lakehouse, made.keys, contracts["reference"], with_suite=False
    )
    made.deliver("pos_csv", "quarters.csv", QUARTERS)
    report = land_inbox(made.settings, made.lakehouse, made.keys, contracts)
    assert (report.new, report.duplicates) == (0, 1)


def test_every_empty_file_is_a_fault_of_its_own(tmp_path: Path) -> None:
    made = new_home(tmp_path)
    for contract, name in (("pos_csv", "a.csv"), ("pos_csv", "b.csv"), ("pos_dsfinvk", "a.zip")):
        made.deliver(contract, name, b"")
    assert land(made) == (3, 0)
    for contract in CONTRACTS.values():
        load_contract(made.settings, made.lakehouse, made.keys, contract, with_suite=False)
    assert made.rows(
        "SELECT contract_id, file_name, rule FROM lake.landing.quarantine ORDER BY ALL"
    ) == [
        ("pos_csv", "a.csv", "datei_leer"),
        ("pos_csv", "b.csv", "datei_leer"),
        ("pos_dsfinvk", "a.zip", "datei_leer"),
    ]
    assert land(made) == (0, 0)


def test_a_file_that_cannot_be_read_lands_all_the_same(home: Home) -> None:
    home.deliver("pos_dsfinvk", "kaputt.zip", closing().zip()[:-300])
    assert land(home) == (2, 0)
    assert home.rows(
        "SELECT first_date FROM lake.landing.delivery WHERE file_name = 'kaputt.zip'"
    ) == [(None,)]


def test_a_file_on_which_a_library_stumbles_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(_: str) -> None:
        raise RuntimeError("an Frau Meier gescheitert")

    monkeypatch.setattr("icalendar.Calendar.from_ical", stumble)
    contracts = {name: shipped(name) for name in ("pos_csv", "events_ical")}
    made = new_home(tmp_path)
    made.deliver("pos_csv", "2026-09/laden.csv", CSV)
    lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:a", "SUMMARY:Fest", "DTSTART:20260905"]
    text = "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""])
    made.deliver("events_ical", "kalender.ics", text.encode())
    report = land_inbox(made.settings, made.lakehouse, made.keys, contracts)
    assert report.new == 2
    found = load_contract(
        made.settings, made.lakehouse, made.keys, contracts["events_ical"], with_suite=False
    )
    assert found.deliveries["quarantined"] == 1
    ((file_name, rule, remedy),) = made.rows(
        "SELECT file_name, rule, remedy FROM lake.landing.quarantine"
    )
    assert (file_name, rule) == ("kalender.ics", "datei_unlesbar")
    assert "erneut einliefern" in str(remedy)


def test_unfinished_and_hidden_files_wait(home: Home) -> None:
    for name in ("x.csv.part", ".x.csv", ".versteckt/x.csv"):
        home.deliver("pos_csv", name, b"halb")
    assert land(home) == (1, 0)


def test_a_folder_without_contract_is_named(home: Home) -> None:
    home.deliver("unbekannt", "x.csv", b"x")
    report = land_inbox(home.settings, home.lakehouse, home.keys, CONTRACTS)
    assert report.strangers == ["unbekannt"]


def test_pending_is_limited_to_the_days_asked_for(home: Home) -> None:
    land(home)

    def names(first: date | None, last: date | None) -> list[str]:
        with home.lakehouse.connect(read_only=True) as con:
            return [d.file_name for d in pending(con, "pos_csv", first, last)]

    assert names(None, None) == ["2026-09/laden.csv"]
    assert names(date(2026, 9, 5), date(2026, 9, 5)) == ["2026-09/laden.csv"]
    assert names(date(2026, 9, 6), None) == []
    assert names(None, date(2026, 9, 4)) == []


def test_a_run_killed_before_the_register_is_completed_by_the_next(home: Home) -> None:
    landing = Landing(home.settings, home.keys)
    landing.put(SHA, CSV)
    assert land(home) == (1, 0)
    assert read_delivery(home.settings, home.keys, SHA) == CSV


def test_a_destroyed_key_makes_the_delivery_unreadable_for_ever(home: Home) -> None:
    land(home)
    path = home.settings.keys_dir / "deliveries.sqlite"
    with sqlite3.connect(path) as db:
        (sealed,) = db.execute("SELECT sealed FROM delivery_key").fetchone()
    Vault(home.settings, home.keys).destroy(SHA)
    assert sealed not in path.read_bytes()
    with pytest.raises(OrtskernError, match="gefunden kein Schlüssel"):
        read_delivery(home.settings, home.keys, SHA)


def other_bytes(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"x")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [(other_bytes, "gehören nicht zueinander"), (Path.unlink, "gefunden keine Datei")],
    ids=["altered", "lost"],
)
def test_an_altered_or_lost_delivery_is_noticed(
    home: Home, spoil: Callable[[Path], None], message: str
) -> None:
    land(home)
    spoil(Path(home.settings.landing) / object_key(SHA))
    with pytest.raises(OrtskernError, match=message):
        read_delivery(home.settings, home.keys, SHA)


def test_key_files_are_for_their_owner_alone(home: Home) -> None:
    land(home)
    modes = [p.stat().st_mode & 0o077 for p in home.settings.keys_dir.iterdir()]
    assert set(modes) == {0}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("mai.csv", "mai-korrigiert.csv"),
        ("mai.csv", "mai (1).csv"),
        ("mai.csv", "mai_v2.csv"),
        ("mai_v9.csv", "mai_v10.csv"),
        ("Mai.CSV", "mai-neu.csv"),
        ("mai.tar.gz", "mai-korrigiert.tar.gz"),
    ],
)
def test_an_amended_file_lands_after_the_one_it_amends(
    tmp_path: Path, first: str, second: str
) -> None:
    home = new_home(tmp_path)
    home.deliver("pos_csv", second, till_csv(CSV_LINES[0]))
    home.deliver("pos_csv", first, CSV)
    assert land(home) == (2, 0)
    assert [name for _, name in events(home)] == [first, second]
