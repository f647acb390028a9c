# SPDX-License-Identifier: Apache-2.0
"""A second run over the same deliveries changes nothing that anybody may look at."""

from tests.end_to_end.town import State

States = tuple[State, State]


def test_a_second_run_changes_no_table(states: States) -> None:
    first, second = states
    assert second.tables == first.tables
    assert len(first.tables) > 60


def test_a_second_run_makes_no_snapshot(states: States) -> None:
    first, second = states
    assert second.snapshot == first.snapshot


def test_a_second_run_changes_no_file_of_the_edition(states: States) -> None:
    first, second = states
    assert second.edition == first.edition
    assert len(first.edition) > 40


def test_a_second_run_changes_no_paper_in_folder_or_archive(states: States) -> None:
    first, second = states
    assert (second.papers, second.archive) == (first.papers, first.archive)
    assert len(first.archive) > 400


def test_a_second_run_changes_no_report_to_a_member(states: States) -> None:
    first, second = states
    assert second.reports == first.reports
    assert len(first.reports) > 200


def test_a_second_run_builds_no_page_anew(states: States) -> None:
    first, second = states
    assert first.portal_was_built
    assert not second.portal_was_built
    assert second.portal == first.portal
