# SPDX-License-Identifier: Apache-2.0
"""The lake: encrypted from the first byte, one writer, hashes that see one cell."""

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from foundation.errors import ConfigError, LakeError
from foundation.lakehouse import (
    EXTENSION_DIRECTORY,
    SCHEMAS,
    Lakehouse,
    content_hash,
    engine,
    ensure_extensions,
    quote,
)
from foundation.settings import PROJECT_ROOT, Settings, load_settings


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty lake, created once."""
    home = tmp_path_factory.mktemp("muster") / "home"
    Lakehouse(load_settings(home=home)).create()
    return home


@pytest.fixture
def settings(pattern: Path, tmp_path: Path) -> Settings:
    """Settings of a machine with an empty lake of its own."""
    shutil.copytree(pattern, tmp_path / "home")
    return load_settings(home=tmp_path / "home")


@pytest.fixture
def lake(settings: Settings) -> Lakehouse:
    """An empty lake of one's own."""
    return Lakehouse(settings)


def fill(lake: Lakehouse, *statements: str) -> None:
    with lake.writer() as con:
        con.execute("CREATE TABLE lake.core.t (x INT, y VARCHAR, _dlt_load_id VARCHAR)")
        for statement in statements:
            con.execute(statement)


def hash_of(lake: Lakehouse) -> str:
    return lake.content_hashes()["core.t"]


def test_a_lake_that_was_not_created_does_not_exist(tmp_path: Path) -> None:
    assert not Lakehouse(load_settings(home=tmp_path)).exists()


def test_asking_for_a_lake_creates_none(tmp_path: Path) -> None:
    Lakehouse(load_settings(home=tmp_path)).exists()
    assert list(tmp_path.iterdir()) == []


def test_a_created_lake_exists_with_all_schemas(lake: Lakehouse) -> None:
    assert lake.exists()
    with lake.connect(read_only=True) as con:
        rows = con.execute("SELECT schema_name FROM information_schema.schemata").fetchall()
    assert set(SCHEMAS) <= {r[0] for r in rows}


def test_it_is_created_encrypted(lake: Lakehouse) -> None:
    with lake.connect(read_only=True) as con:
        row = con.execute(
            "SELECT value FROM ducklake_options('lake') WHERE option_name = 'encrypted'"
        ).fetchone()
    assert row == ("true",)


def test_its_files_cannot_be_read_without_the_catalog(lake: Lakehouse, settings: Settings) -> None:
    fill(lake, "INSERT INTO lake.core.t SELECT i, 'geheim', '' FROM range(1000) r(i)")
    (path,) = list(Path(settings.data).glob("core/t/*.parquet"))
    assert b"geheim" not in path.read_bytes()
    with engine() as con, pytest.raises(duckdb.Error, match="(?i)encrypt"):
        con.execute(f"SELECT * FROM read_parquet({quote(str(path))})")


def test_a_small_table_is_not_inlined_into_the_catalog(lake: Lakehouse, settings: Settings) -> None:
    fill(lake, "INSERT INTO lake.core.t VALUES (1, 'nur eine Zeile', '')")
    assert len(list(Path(settings.data).glob("core/t/*.parquet"))) == 1


def test_a_plain_lake_is_refused_where_encryption_is_wanted(tmp_path: Path) -> None:
    plain = load_settings(home=tmp_path / "home", encryption="storage")
    Lakehouse(plain).create()
    with pytest.raises(LakeError, match="unverschlüsselt angelegt, die Einstellung"):
        Lakehouse(load_settings(home=tmp_path / "home")).create()


def test_creating_it_again_changes_nothing(lake: Lakehouse) -> None:
    before = lake.snapshot()
    lake.create()
    assert lake.snapshot() == before


def test_a_copied_lake_writes_into_its_own_folder(
    pattern: Path, lake: Lakehouse, settings: Settings
) -> None:
    fill(lake, "INSERT INTO lake.core.t VALUES (1, 'a', '')")
    assert not list((pattern / "lake" / "data").rglob("core/t/*"))
    assert list(Path(settings.data).rglob("core/t/*"))


def test_a_reader_cannot_write(lake: Lakehouse) -> None:
    with lake.connect(read_only=True) as con, pytest.raises(duckdb.Error, match="(?i)read-only"):
        con.execute("CREATE TABLE lake.core.t (x INT)")


def test_instants_are_read_in_utc(lake: Lakehouse) -> None:
    with lake.connect(read_only=True) as con:
        assert con.execute("SELECT current_setting('TimeZone')").fetchone() == ("UTC",)


def test_a_catalog_that_cannot_be_opened_says_who_helps(settings: Settings) -> None:
    (settings.home / "lake" / "catalog.sqlite").write_bytes(b"kein Katalog" * 1000)
    with pytest.raises(LakeError, match="nicht erreichbar .*`ortskern doctor`"):
        Lakehouse(settings).connect()


def test_another_kind_of_catalog_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="„catalog“: gefunden „mysql“, erwartet sqlite"):
        Lakehouse(load_settings(home=tmp_path, catalog="mysql://rechner/see"))


def test_a_path_with_a_quote_is_no_statement() -> None:
    assert quote("O'Hara") == "'O''Hara'"


def test_tables_are_listed_without_bookkeeping(lake: Lakehouse) -> None:
    fill(
        lake,
        "CREATE TABLE lake.core._migration (name VARCHAR)",
        "CREATE VIEW lake.core.v AS SELECT 1 AS x",
    )
    assert lake.tables() == [("core", "t")]


def test_the_hash_does_not_depend_on_the_order_of_rows(lake: Lakehouse) -> None:
    fill(lake, "INSERT INTO lake.core.t VALUES (1, 'a', ''), (2, 'b', '')")
    before = hash_of(lake)
    with lake.writer() as con:
        con.execute("DELETE FROM lake.core.t")
        con.execute("INSERT INTO lake.core.t VALUES (2, 'b', ''), (1, 'a', '')")
    assert hash_of(lake) == before


def test_the_hash_does_not_depend_on_dlts_columns(lake: Lakehouse) -> None:
    fill(lake, "INSERT INTO lake.core.t VALUES (1, 'a', 'erster Lauf')")
    before = hash_of(lake)
    with lake.writer() as con:
        con.execute("UPDATE lake.core.t SET _dlt_load_id = 'zweiter Lauf'")
    assert hash_of(lake) == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE lake.core.t SET y = 'c' WHERE x = 2",
        "UPDATE lake.core.t SET y = NULL WHERE x = 2",
        "UPDATE lake.core.t SET y = '' WHERE x = 3",
        "UPDATE lake.core.t SET x = x + 1 WHERE x = 2",
        "DELETE FROM lake.core.t WHERE x = 2",
        "INSERT INTO lake.core.t VALUES (1, 'a', '')",
        "INSERT INTO lake.core.t VALUES (9, 'i', ''), (9, 'i', '')",
        "ALTER TABLE lake.core.t RENAME COLUMN y TO z",
    ],
)
def test_the_hash_sees_every_change(lake: Lakehouse, change: str) -> None:
    fill(lake, "INSERT INTO lake.core.t VALUES (1, 'a', ''), (2, 'b', ''), (3, NULL, '')")
    before = hash_of(lake)
    with lake.writer() as con:
        con.execute(change)
    assert hash_of(lake) != before


def test_the_hash_of_an_earlier_snapshot_stays(lake: Lakehouse) -> None:
    fill(lake, "INSERT INTO lake.core.t VALUES (1, 'a', '')")
    before, snapshot = hash_of(lake), lake.snapshot()
    with lake.writer() as con:
        con.execute("DELETE FROM lake.core.t")
    with lake.connect(read_only=True) as con:
        assert content_hash(con, "core", "t", snapshot) == before


def test_the_lock_may_be_taken_again_within_the_process(lake: Lakehouse) -> None:
    with lake.lock(), lake.lock(), lake.writer() as con:
        assert isinstance(con, DuckDBPyConnection)


def try_lock(home: Path) -> str:
    """What another process says when it asks for the writer's lock without waiting."""
    code = (
        "import fcntl, sys\n"
        "with open(sys.argv[1], 'w') as f:\n"
        "    try:\n"
        "        fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
        "        print('frei')\n"
        "    except BlockingIOError:\n"
        "        print('belegt')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(home / "writer.lock")],
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT_ROOT,
    )
    return done.stdout.strip()


def test_the_lock_keeps_another_process_out(lake: Lakehouse, settings: Settings) -> None:
    with lake.lock():
        assert try_lock(settings.home) == "belegt"


def test_an_inner_lock_that_ends_does_not_free_the_outer_one(
    lake: Lakehouse, settings: Settings
) -> None:
    with lake.lock():
        with lake.lock():
            pass
        assert try_lock(settings.home) == "belegt"


def test_the_lock_is_free_afterwards_even_after_an_error(
    lake: Lakehouse, settings: Settings
) -> None:
    with pytest.raises(RuntimeError, match="mittendrin"), lake.lock():
        raise RuntimeError("mittendrin")
    assert try_lock(settings.home) == "frei"


def test_dbt_gets_the_same_encrypted_lake(lake: Lakehouse, settings: Settings) -> None:
    attach = lake.dbt_profile()["ortskern"]["outputs"]["lake"]["attach"][0]
    assert attach["options"]["encrypted"] is True
    assert attach["options"]["data_path"] == settings.data


def test_the_profile_of_dbt_is_private(lake: Lakehouse) -> None:
    path = lake.write_dbt_profile() / "profiles.yml"
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("place", [0.5, 1.0], ids=["code", "signature"])
def test_an_extension_that_was_altered_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: float
) -> None:
    ensure_extensions()
    folder = tmp_path / "extensions"
    shutil.copytree(EXTENSION_DIRECTORY, folder)
    (altered,) = folder.glob("*/*/sqlite_scanner.duckdb_extension")
    data = bytearray(altered.read_bytes())
    data[min(int(len(data) * place), len(data) - 1)] ^= 1
    altered.write_bytes(data)
    monkeypatch.setattr("foundation.lakehouse.EXTENSION_DIRECTORY", folder)
    with pytest.raises(LakeError, match="„sqlite_scanner“ ist nicht die.*make setup"):
        ensure_extensions.__wrapped__()


def test_dlt_works_on_an_engine_as_ours(lake: Lakehouse, tmp_path: Path) -> None:
    import dlt

    pipeline = dlt.pipeline(
        "probe",
        pipelines_dir=str(tmp_path / "dlt"),
        destination=lake.dlt_destination(),
        dataset_name="raw",
    )
    asked = ("temp_file_encryption", "TimeZone", "memory_limit", "allow_unsigned_extensions")
    sql = "SELECT " + ", ".join(f"current_setting('{name}')" for name in asked)
    # Two at once, as in a load, and both go back to the pool that lent them
    with pipeline.sql_client() as one, pipeline.sql_client() as other:
        found = [client.execute_sql(sql) for client in (one, other)]
    with engine() as own:
        assert found == [own.execute(sql).fetchall()] * 2
