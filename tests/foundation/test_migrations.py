# SPDX-License-Identifier: Apache-2.0
"""Numbered migrations: once each, in order, all or nothing, never changed afterwards."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from foundation.errors import LakeError
from foundation.migrations import described_columns, migrate


@pytest.fixture
def con() -> Iterator[DuckDBPyConnection]:
    """A plain database called `lake`; migrations need nothing else of it."""
    with duckdb.connect() as found:
        found.execute("ATTACH ':memory:' AS lake")
        found.execute("CREATE SCHEMA lake.probe")
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two migrations of the schema `probe`."""
    (tmp_path / "probe").mkdir()
    write(tmp_path, "0002_b.sql", "ALTER TABLE lake.probe.a ADD COLUMN y INT")
    write(tmp_path, "0001_a.sql", "CREATE TABLE lake.probe.a (x INT)")
    return tmp_path


def write(folder: Path, name: str, sql: str) -> None:
    (folder / "probe" / name).write_text(sql, "utf-8")


def columns(con: DuckDBPyConnection) -> list[str]:
    return [d[0] for d in con.execute("SELECT * FROM lake.probe.a").description or ()]


def test_they_are_applied_in_the_order_of_their_numbers(
    con: DuckDBPyConnection, folder: Path
) -> None:
    assert migrate(con, "probe", folder) == ["0001_a.sql", "0002_b.sql"]
    assert columns(con) == ["x", "y"]


def test_a_second_time_applies_nothing(con: DuckDBPyConnection, folder: Path) -> None:
    migrate(con, "probe", folder)
    assert migrate(con, "probe", folder) == []


def test_a_new_one_is_applied_alone(con: DuckDBPyConnection, folder: Path) -> None:
    migrate(con, "probe", folder)
    write(folder, "0003_c.sql", "ALTER TABLE lake.probe.a ADD COLUMN z INT")
    assert migrate(con, "probe", folder) == ["0003_c.sql"]


def test_one_that_was_changed_afterwards_is_refused(con: DuckDBPyConnection, folder: Path) -> None:
    migrate(con, "probe", folder)
    write(folder, "0001_a.sql", "CREATE TABLE lake.probe.a (x BIGINT)")
    with pytest.raises(LakeError, match="Migration „probe/0001_a.sql“ wurde nach ihrer Anwendung"):
        migrate(con, "probe", folder)


def test_one_that_fails_leaves_nothing_of_itself(con: DuckDBPyConnection, folder: Path) -> None:
    sql = "ALTER TABLE lake.probe.a ADD COLUMN y INT; SELECT * FROM lake.probe.fehlt"
    write(folder, "0002_b.sql", sql)
    with pytest.raises(duckdb.CatalogException, match="fehlt"):
        migrate(con, "probe", folder)
    assert columns(con) == ["x"]


def test_after_a_repair_the_rest_is_applied(con: DuckDBPyConnection, folder: Path) -> None:
    write(folder, "0002_b.sql", "SELECT * FROM lake.probe.fehlt")
    with pytest.raises(duckdb.CatalogException, match="fehlt"):
        migrate(con, "probe", folder)
    write(folder, "0002_b.sql", "ALTER TABLE lake.probe.a ADD COLUMN y INT")
    assert migrate(con, "probe", folder) == ["0002_b.sql"]


def test_files_without_number_are_left_out(con: DuckDBPyConnection, folder: Path) -> None:
    write(folder, "notizen.sql", "DROP TABLE lake.probe.a")
    assert "notizen.sql" not in migrate(con, "probe", folder)


def test_a_column_that_came_later_is_described_with_the_others(tmp_path: Path) -> None:
    (tmp_path / "probe").mkdir()
    comment = "COMMENT ON COLUMN lake.probe.a.{} IS '{}';\n"
    write(
        tmp_path,
        "0001_a.sql",
        "CREATE TABLE lake.probe.a (\n    x INT\n);\n" + comment.format("x", "Erste."),
    )
    write(
        tmp_path,
        "0002_b.sql",
        "ALTER TABLE lake.probe.a ADD COLUMN y DATE;\n" + comment.format("y", "Zweite."),
    )
    found = described_columns("probe", "a", tmp_path)
    assert found == [("x", "INT", "Erste."), ("y", "DATE", "Zweite.")]
