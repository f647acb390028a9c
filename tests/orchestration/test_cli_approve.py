# SPDX-License-Identifier: Apache-2.0
"""`ortskern approve` records a decision of the right organ, and nothing else."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from quality.disclosure.approvals import load_approvals
from tests.orchestration.conftest import Run

MINUTES = ("--protokoll", "Protokoll 9/2026, TOP 2")


@pytest.fixture
def undecided(cooperative: Path) -> Path:
    """The cooperative without approvals, where the Beirat releases public tables."""
    for path in (cooperative / "approvals").glob("*.yaml"):
        path.unlink()
    statute = cooperative / "statute.yaml"
    content = yaml.safe_load(statute.read_text("utf-8"))
    content["approvals"]["public_tables"] = "beirat"
    statute.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return cooperative


def test_a_named_table_is_recorded_with_organ_day_and_minutes(
    ortskern: Run, undecided: Path
) -> None:
    result = ortskern("approve", "vacancy", "--organ", "Beirat", "--am", "10.11.2026", *MINUTES)
    assert result.exit_code == 0, result.output
    found = load_approvals(undecided)
    assert list(found) == ["vacancy"]
    assert found["vacancy"].organ == "Beirat für Daten und Quartier"
    assert found["vacancy"].date == date(2026, 11, 10)
    assert found["vacancy"].minutes == "Protokoll 9/2026, TOP 2"


def test_without_tables_all_that_wait_are_recorded(ortskern: Run, undecided: Path) -> None:
    ortskern("approve", "--organ", "beirat", "--am", "2026-11-10", *MINUTES)
    assert set(load_approvals(undecided)) == {p.stem for p in (undecided / "releases").iterdir()}


def test_it_says_what_was_written_and_what_to_run_next(ortskern: Run, undecided: Path) -> None:
    output = ortskern("approve", "vacancy", "--organ", "Beirat", "--am", "10.11.2026", *MINUTES)
    assert "1 Freigabe aufgenommen: Beirat für Daten und Quartier, 10.11.2026" in output.output
    assert "Weiter mit: ortskern run --nur veroeffentlichen" in output.output


def test_a_recorded_table_waits_no_longer(ortskern: Run, undecided: Path) -> None:
    ortskern("approve", "--organ", "beirat", "--am", "2026-11-10", *MINUTES)
    again = ortskern("approve", "--organ", "beirat", "--am", "2026-11-10", *MINUTES)
    assert "Es wartet keine Tabelle auf eine Freigabe" in again.output


def test_an_organ_that_was_heard_stands_beside_the_decision(ortskern: Run, undecided: Path) -> None:
    arguments = ("approve", "vacancy", "--organ", "beirat", "--am", "10.11.2026", *MINUTES)
    ortskern(*arguments, "--gehoert", "aufsichtsrat")
    assert load_approvals(undecided)["vacancy"].heard == "Aufsichtsrat"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--organ", "Board", "--am", "10.11.2026", *MINUTES), "Organ „Board“: nicht unter organs"),
        (
            ("--organ", "Beirat", "--am", "23.11.2026", *MINUTES),
            "gefunden 23.11.2026, erwartet ein Tag bis zum Stichtag 22.11.2026",
        ),
        (
            ("--organ", "Beirat", "--am", "10.11.2026", "--protokoll", " "),
            "erwartet eine Fundstelle wie „Protokoll 3/2026, TOP 4“",
        ),
        (
            ("--organ", "Vorstand", "--am", "10.11.2026", *MINUTES),
            "erwartet Beirat für Daten und Quartier (statute.yaml, approvals.public_tables)",
        ),
        (
            ("--organ", "Beirat", "--gehoert", "Rat", "--am", "10.11.2026", *MINUTES),
            "Organ „Rat“: nicht unter organs",
        ),
        (
            ("umsatz", "--organ", "Beirat", "--am", "10.11.2026", *MINUTES),
            "Tabelle „umsatz“: gibt es unter releases/ nicht",
        ),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_nothing_written(
    ortskern: Run, undecided: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    result = ortskern("approve", *arguments)
    assert result.exit_code == 1
    assert sentence in result.output
    assert load_approvals(undecided) == {}


def test_a_wrong_table_among_right_ones_leaves_all_unwritten(
    ortskern: Run, undecided: Path
) -> None:
    ortskern("approve", "vacancy", "umsatz", "--organ", "Beirat", "--am", "10.11.2026", *MINUTES)
    assert load_approvals(undecided) == {}
