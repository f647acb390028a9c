# SPDX-License-Identifier: Apache-2.0
"""Definitions, their tables in the lake, and the recorded approvals of the sample cooperative."""

from datetime import date
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from foundation.cooperative import load_cooperative
from foundation.errors import ConfigError
from quality.disclosure.approvals import approve, covers, load_approvals, write_approval
from quality.disclosure.definitions import (
    definition_hash,
    descriptions,
    link,
    load_definitions,
    parse_definition,
)
from quality.disclosure.frames import figure_code
from tests.quality.disclosure.small_tables import RULES, firms, one_table, two_linked_tables

COOPERATIVE = Path(__file__).parents[3] / "cooperative"
DEFINITIONS = load_definitions(COOPERATIVE)


@pytest.mark.parametrize("table", sorted(DEFINITIONS))
def test_the_table_in_the_lake_has_exactly_the_defined_columns_and_texts(
    lake: DuckDBPyConnection, table: str
) -> None:
    found = lake.execute(
        "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE database_name = 'lake' "
        "AND schema_name = 'release' AND table_name = ? ORDER BY column_index",
        [table],
    ).fetchall()
    definition = DEFINITIONS[table]
    texts = descriptions(definition)
    assert found == [(n, t, texts[n]) for n, t in definition.columns]


def test_every_released_column_has_a_comment(lake: DuckDBPyConnection) -> None:
    bare = lake.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'lake' "
        "AND schema_name = 'release' AND comment IS NULL AND table_name <> '_migration'"
    ).fetchall()
    assert bare == []


@pytest.mark.parametrize("table", sorted(DEFINITIONS))
def test_the_sample_cooperative_has_approved_every_table(table: str) -> None:
    rules = load_cooperative(COOPERATIVE).disclosure
    recorded = load_approvals(COOPERATIVE).get(table)
    assert covers(recorded, DEFINITIONS[table], rules, date(2026, 11, 22))


def test_an_approval_reads_back_as_written(tmp_path: Path) -> None:
    record = approve(
        one_table("part"), RULES, organ="Vorstand", date=date(2026, 11, 10), minutes="TOP 4"
    )
    write_approval(tmp_path / "approvals", record)
    assert load_approvals(tmp_path) == {"part": record}


def test_the_hash_moves_with_the_definition_and_with_its_partner() -> None:
    linked = two_linked_tables()
    alone = one_table("part")
    other = alone.model_copy(update={"title": "Anders"})
    assert definition_hash(alone) != definition_hash(other)
    changed = link([linked["by_left"], linked["by_right"].model_copy(update={"title": "Anders"})])
    assert definition_hash(changed["by_left"]) != definition_hash(two_linked_tables()["by_left"])


def test_a_link_must_hold_on_both_sides() -> None:
    with pytest.raises(ConfigError, match="ihrerseits hierher verweist"):
        link([parse_definition(firms("left", table="by_left", linked="by_right"), "test.yaml")])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: firm", "kind: person", "person"),
        ("dominance: [revenue_eur]", "dominance: [profit]", "additive"),
        ("of: revenue_eur", "of: profit", "nicht unter „additive“"),
        ("column: owner_id", "colum: owner_id", "contributor.colum"),
        ("additive: [revenue_eur,", "additive: [revenue_eur, hidden,", "ohne veröffentlichten"),
    ],
)
def test_a_wrong_definition_is_refused_with_its_field(old: str, new: str, message: str) -> None:
    text = firms("part")
    assert old in text
    with pytest.raises(ConfigError, match=message):
        parse_definition(text.replace(old, new), "test.yaml")


def test_a_file_is_named_as_its_table(tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "other.yaml").write_text(firms("part"), "utf-8")
    with pytest.raises(ConfigError, match="Datei oder Tabelle umbenennen"):
        load_definitions(tmp_path)


def test_figure_codes_are_short_stable_and_apart() -> None:
    assert figure_code("vacancy", ["ALT", "2026-10-01"]) == "W-GKTTQBHOJW"
    codes = {figure_code("vacancy", ["ALT", f"{n}"]) for n in range(5000)}
    assert len(codes) == 5000
