# SPDX-License-Identifier: Apache-2.0
"""A table of firms that also holds figures about nobody: the town's register beside shops' tills."""

from datetime import date
from decimal import Decimal

import pytest
from duckdb import DuckDBPyConnection

from foundation.errors import ConfigError, GateError
from quality.disclosure.contributors import Contribution
from quality.disclosure.definitions import Contributor, ReleaseDefinition, parse_definition
from quality.disclosure.gate import propose
from quality.disclosure.store import read_contributions
from tests.quality.disclosure.small_tables import RULES, SECRET, firms, hidden_parts, one_table
from tests.quality.disclosure.test_gate import fill_baskets

AS_OF_DAY = date(2026, 11, 22)
COLUMN = "contributor: {kind: firm, column: owner_id"


def open_to_nobody() -> ReleaseDefinition:
    """A table of firms by part, without margin, whose rows may be about nobody."""
    text = firms("part").replace(COLUMN, f"{COLUMN}, nobody: true")
    return parse_definition(text.replace("margin: true", "margin: false"), "test.yaml")


def part(owner: str | None, name: str, value: int) -> Contribution:
    return Contribution(owner, {"part": name}, (Decimal(value), Decimal(value)))


def hidden(*rows: Contribution) -> set[str]:
    return hidden_parts(propose(open_to_nobody(), list(rows), RULES, SECRET).rows)


def owners(name: str, *values: int) -> list[Contribution]:
    return [part(f"o{n}", name, value) for n, value in enumerate(values)]


def test_a_cell_about_nobody_is_published() -> None:
    assert hidden(part(None, "kataster", 1)) == set()


def test_a_cell_of_four_owners_stays_suppressed_beside_it() -> None:
    assert hidden(part(None, "kataster", 1), *owners("kasse", 9, 9, 9, 9)) == {"kasse"}


def test_what_is_about_nobody_does_not_count_as_an_owner() -> None:
    assert hidden(part(None, "kasse", 9), *owners("kasse", 9, 9, 9, 9)) == {"kasse"}


def test_what_is_about_nobody_does_not_dilute_a_dominant_owner() -> None:
    rows = owners("kasse", 90, 9, 9, 9, 9)
    assert hidden(part(None, "kasse", 1000), *rows) == {"kasse"}


def test_five_even_owners_are_published_with_what_is_about_nobody() -> None:
    assert hidden(part(None, "kasse", 9), *owners("kasse", 9, 9, 9, 9, 9)) == set()


def test_a_row_without_owner_stops_a_table_that_does_not_provide_for_it(
    lake: DuckDBPyConnection,
) -> None:
    fill_baskets(lake)
    lake.execute("UPDATE lake.marts.ind_basket_contribution SET owner_id = NULL")
    text = firms("quarter_id")
    with pytest.raises(GateError, match="ohne Angabe in owner_id"):
        read_contributions(lake, [parse_definition(text, "t.yaml")], 1, AS_OF_DAY)
    open_table = parse_definition(text.replace(COLUMN, f"{COLUMN}, nobody: true"), "t.yaml")
    found = read_contributions(lake, [open_table], 1, AS_OF_DAY)
    assert {row.contributor for row in found} == {None}


def test_only_tables_of_firms_may_hold_figures_about_nobody() -> None:
    with pytest.raises(ConfigError, match="nobody"):
        parse_definition(
            firms("part").replace(COLUMN, "contributor: {kind: none, nobody: true"), "t.yaml"
        )


def test_approvals_given_before_nobody_existed_stand() -> None:
    plain = one_table("part")
    said = plain.model_copy(update={"contributor": Contributor(kind="firm", column="owner_id")})
    assert said.definition_hash == plain.definition_hash
    assert open_to_nobody().definition_hash != plain.definition_hash
