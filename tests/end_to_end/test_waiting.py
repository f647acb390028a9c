# SPDX-License-Identifier: Apache-2.0
"""A cooperative that has not decided yet: nothing is published, nothing is booked, and it says so."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orchestration.cli import main
from tests.end_to_end.test_distribution import printed
from tests.end_to_end.town import Proposed, Town, file_hashes


@pytest.fixture(scope="module")
def waiting(proposed: Proposed) -> Town:
    """Two months of few receipts of the undecided cooperative, proposed."""
    return proposed.town


@pytest.fixture(scope="module")
def ortskern(waiting: Town) -> Callable[..., Result]:
    """Run a command on the waiting town as a steward would."""

    def run(*arguments: str) -> Result:
        environment = {
            "ORTSKERN_HOME": str(waiting.settings.home),
            "ORTSKERN_COOPERATIVE": str(waiting.settings.cooperative),
        }
        return CliRunner(env=environment).invoke(main, list(arguments))

    return run


@pytest.fixture(scope="module")
def first(waiting: Town, ortskern: Callable[..., Result]) -> Result:
    """The first run, before anybody has decided."""
    return ortskern("run")


def test_a_run_without_approvals_ends_well_and_says_that_it_waits(first: Result) -> None:
    assert first.exit_code == 0, first.output[-2000:]
    assert "wartet auf Freigabe" in first.output
    for table in ("basket_by_quarter", "vacancy", "members"):
        assert table in first.output


def test_without_approvals_no_released_table_has_a_row(waiting: Town, first: Result) -> None:
    assert first.exit_code == 0
    for schema, table in waiting.lakehouse.tables():
        if schema == "release":
            assert waiting.rows(f'SELECT count(*) FROM release."{table}"') == [(0,)], table


def test_pages_without_approval_say_that_they_are_not_released(
    waiting: Town, first: Result
) -> None:
    assert first.exit_code == 0
    page = (waiting.settings.portal_dir / "site" / "vitalitaet" / "index.html").read_text("utf-8")
    assert "noch nicht freigegeben" in page
    assert not list((waiting.settings.portal_dir / "site").rglob("*.parquet"))


def test_papers_of_a_year_without_resolution_are_all_drafts(waiting: Town, first: Result) -> None:
    assert first.exit_code == 0
    assert waiting.rows("SELECT count(*) > 0, bool_and(is_draft) FROM papers.statement") == [
        (True, True)
    ]
    files = sorted(waiting.settings.statements_dir.rglob("JA-*.pdf"))
    assert len(files) > 100
    assert all("Entwurf" in printed(path) for path in files[::20])


def test_drafts_are_not_booked_and_not_archived(waiting: Town, first: Result) -> None:
    assert first.exit_code == 0
    for book in ("allocation", "posting", "pot", "cost", "payout"):
        assert waiting.rows(f"SELECT count(*) FROM ledger.{book}") == [(0,)], book
    refunds = waiting.rows(
        "SELECT count(*) FROM ledger.issued_paper WHERE document_kind = 'jahresabrechnung'"
    )
    assert refunds == [(0,)]
    assert not list(Path(waiting.settings.archive).rglob("JA-*.pdf"))


def test_after_the_approval_of_one_table_it_is_published_and_the_others_wait(
    waiting: Town, first: Result, ortskern: Callable[..., Result]
) -> None:
    assert first.exit_code == 0
    empty = file_hashes(waiting.edition)
    decided = ortskern(
        "approve", "vacancy", "--organ", "beirat", "--am", "20.11.2026",
        "--protokoll", "Protokoll 3/2026, TOP 2",
    )  # fmt: skip
    assert decided.exit_code == 0, decided.output
    again = ortskern("run", "--nur", "veroeffentlichen")
    assert again.exit_code == 0, again.output[-2000:]
    assert len(waiting.published("vacancy")) == 10
    assert waiting.rows("SELECT count(*) FROM release.basket_by_quarter") == [(0,)]
    assert [t["name"] for t in waiting.manifest["tables"]] == ["vacancy"]
    row = waiting.rows("SELECT minutes FROM release.provenance WHERE table_name = 'vacancy'")
    assert row == [("Protokoll 3/2026, TOP 2",)]
    # What went out before stays as it was, and the new edition names its hash.
    earlier = waiting.settings.publications_dir / "2026-11-22"
    assert waiting.edition != earlier
    assert file_hashes(earlier) == empty
    assert waiting.manifest["previous"] == empty["manifest.json"]
