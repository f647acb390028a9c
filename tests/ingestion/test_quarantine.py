# SPDX-License-Identifier: Apache-2.0
"""Quarantine: what a steward reads, what is open, and what is never shown."""

from pathlib import Path

import pytest

from foundation.errors import Finding
from ingestion.landing import Delivery, Event, prepare, record
from ingestion.quarantine import from_findings, from_rules, masked, summary, write
from quality.rules import RuleReport, Violation
from tests.ingestion.pos.samples import Home, new_home, shipped

CONTRACT = shipped("pos_csv")
CONTRACTS = {CONTRACT.id: CONTRACT}
DELIVERY = Delivery("a" * 64, CONTRACT.id, "laden.csv", 1, None, None)
FINDING = Finding(
    file="laden.csv",
    row=7,
    field="Menge",
    found="„eins“",
    expected="eine Zahl",
    remedy="beim Absender berichtigen und neu einliefern",
    rule="typ",
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A lake with a register and nothing in it."""
    made = new_home(tmp_path)
    with made.lakehouse.writer() as con:
        prepare(con)
    return made


def enter(home: Home, event: str, *findings: Finding) -> None:
    """Register an event of the delivery, with entries for findings."""
    from datetime import UTC, datetime

    instant = datetime(2026, 11, 22, tzinfo=UTC)
    with home.lakehouse.writer() as con:
        number = record(con, [Event(DELIVERY, event)], CONTRACTS, instant)
        entries = from_findings(DELIVERY, findings)
        write(con, entries, {DELIVERY.sha256: number}, instant)


def test_the_summary_is_a_sentence_a_steward_can_act_on(home: Home) -> None:
    enter(home, "quarantined", FINDING)
    with home.lakehouse.connect(read_only=True) as con:
        (fault,) = summary(con)
    assert (fault.contract_id, fault.rule, fault.deliveries, fault.rows) == ("pos_csv", "typ", 1, 1)
    assert fault.example == (
        "Datei „laden.csv“, Zeile 7, Feld „Menge“: gefunden „eins“, erwartet eine Zahl; "
        "beim Absender berichtigen und neu einliefern."
    )


def test_a_delivery_loaded_later_is_no_longer_open(home: Home) -> None:
    enter(home, "quarantined", FINDING)
    enter(home, "loaded")
    with home.lakehouse.connect(read_only=True) as con:
        assert summary(con) == []
    assert home.rows("SELECT count(*) FROM lake.landing.quarantine") == [(1,)]


def test_the_summary_of_one_contract_leaves_others_out(home: Home) -> None:
    enter(home, "quarantined", FINDING)
    with home.lakehouse.connect(read_only=True) as con:
        assert summary(con, "members") == []
        assert len(summary(con, "pos_csv")) == 1


def test_of_many_bad_rows_a_few_are_shown_and_all_are_counted() -> None:
    violations = [
        Violation("typ", "Menge", DELIVERY.sha256, row, "„x“", "eine Zahl", "neu liefern", "block")
        for row in range(2, 22)
    ]
    report = RuleReport(violations, {(DELIVERY.sha256, "typ"): 900}, "bad", "typed")
    entries = from_rules(report, {DELIVERY.sha256: DELIVERY}, "lines.csv", "delivery")
    assert [e.finding.row for e in entries] == [2, 3, 4, 5, 6]
    assert {e.occurrences for e in entries} == {900}
    assert {e.finding.file for e in entries} == {"laden.csv/lines.csv"}


@pytest.mark.parametrize(
    ("value", "shown"), [("KASSE-01", "KA…01"), ("1234", "…"), ("12345", "12…45")]
)
def test_an_identifier_is_shown_in_part(value: str, shown: str) -> None:
    assert masked(value) == shown


@pytest.mark.parametrize(
    ("place", "shown"), [("lines.csv", "laden.csv/lines.csv"), ("*.csv", "laden.csv")]
)
def test_a_file_is_named_inside_its_archive_only(place: str, shown: str) -> None:
    violation = Violation("typ", None, DELIVERY.sha256, 2, "x", "y", "z", "block")
    report = RuleReport([violation], {(DELIVERY.sha256, "typ"): 1}, "bad", "typed")
    (entry,) = from_rules(report, {DELIVERY.sha256: DELIVERY}, place, "delivery")
    assert entry.finding.file == shown
