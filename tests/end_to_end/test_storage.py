# SPDX-License-Identifier: Apache-2.0
"""The same main job on real servers, chosen by settings alone, makes the same tables.

Belongs here: MinIO and versitygw as object stores, PostgreSQL as catalog and as Dagster's storage.
Does not belong here: what the tables must say (`test_figures.py`), the servers (`tests/servers.py`).
"""

import shutil
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from minio.commonconfig import GOVERNANCE
from minio.error import S3Error
from minio.objectlockconfig import DAYS, ObjectLockConfig

from foundation.objects import open_store
from ingestion.landing import land_inbox
from ingestion.loading import load_contract
from orchestration.assets.publication import issue_statements
from tests.end_to_end.town import Commanded, Town, open_town
from tests.servers import PostgresServer, S3Server


def stores(server: S3Server, name: str) -> dict[str, Any]:
    """Settings for buckets of their own; what lands is locked in governance mode."""
    client = server.client()
    for part in ("lake", "archive"):
        client.make_bucket(bucket_name=f"{name}-{part}", location=server.region)
    client.make_bucket(bucket_name=f"{name}-landing", location=server.region, object_lock=True)
    client.set_object_lock_config(
        bucket_name=f"{name}-landing", config=ObjectLockConfig(GOVERNANCE, 1, DAYS)
    )
    return {
        "data": f"s3://{name}-lake/daten",
        "landing": f"s3://{name}-landing/eingang",
        "archive": f"s3://{name}-archive/papiere",
        "s3_endpoint": server.endpoint,
        "s3_access_key": server.access_key,
        "s3_secret_key": server.secret_key,
        "s3_region": server.region,
    }


def on_servers(
    home: Path, town: Town, server: S3Server, postgres: PostgresServer, name: str = "ortskern"
) -> Town:
    """The town's deliveries and keys on servers; pages that say the same need no second build."""
    other = open_town(
        home,
        catalog=postgres.create_database(f"lake_{server.name}_{name}").url,
        dagster_storage=postgres.create_database(f"dagster_{server.name}_{name}").url,
        **stores(server, name),
    ).like(town)
    shutil.copytree(town.settings.portal_dir, other.settings.portal_dir, symlinks=True)
    return other


@pytest.fixture(scope="module")
def minio_town(
    short: Commanded,
    s3_server: S3Server,
    postgres_server: PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Town:
    """The whole main job of three months on MinIO and PostgreSQL."""
    home = tmp_path_factory.mktemp("minio") / "home"
    return on_servers(home, short.town, s3_server, postgres_server).run()


def test_tables_on_minio_and_postgresql_are_those_on_local_files(
    short: Commanded, minio_town: Town
) -> None:
    assert minio_town.contents() == short.contents


def test_the_published_tables_of_both_are_the_same_bytes(
    short: Commanded, minio_town: Town
) -> None:
    def tables(of: Town) -> dict[str, str]:
        listed = of.manifest["tables"]
        return {t["name"]: t["sha256"] for t in listed if t["name"] != "provenance"}

    assert tables(minio_town) == tables(short.town)
    assert len(tables(short.town)) >= 10


def test_no_parquet_file_delivery_or_archived_paper_stays_on_the_machine(minio_town: Town) -> None:
    settings = minio_town.settings
    for folder in ("lake", "landing", "archive"):
        found = settings.home / folder
        assert not found.exists() or not any(p.is_file() for p in found.rglob("*"))


def test_parquet_files_in_the_bucket_are_encrypted(minio_town: Town, s3_server: S3Server) -> None:
    client = s3_server.client()
    names = [
        o.object_name for o in client.list_objects(bucket_name="ortskern-lake", recursive=True)
    ]
    assert len(names) > 20
    for name in names[:20]:
        response = client.get_object(bucket_name="ortskern-lake", object_name=str(name))
        try:
            assert response.read()[:4] == b"PARE"
        finally:
            response.close()
            response.release_conn()


def test_a_landed_delivery_cannot_be_removed_before_its_time(
    minio_town: Town, s3_server: S3Server
) -> None:
    client = s3_server.client()
    first = next(
        iter(
            client.list_objects(
                bucket_name="ortskern-landing", recursive=True, include_version=True
            )
        )
    )
    with pytest.raises(S3Error, match="WORM protected"):
        client.remove_object(
            bucket_name="ortskern-landing",
            object_name=str(first.object_name),
            version_id=first.version_id,
        )


def test_runs_and_events_of_dagster_lie_in_postgresql(minio_town: Town) -> None:
    with psycopg2.connect(minio_town.settings.dagster_storage) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT count(*) FROM runs WHERE status = 'SUCCESS'")
        assert cursor.fetchone() == (2,)
    connection.close()


def test_the_password_of_a_server_stands_in_no_file_but_the_profile(minio_town: Town) -> None:
    settings = minio_town.settings
    secrets = [
        settings.s3_secret_key.get_secret_value(),
        settings.catalog.split(":")[2].split("@")[0],
    ]
    found = {
        path.name
        for path in settings.home.rglob("*")
        if path.is_file() and not path.is_symlink() and "node_modules" not in path.parts
        and any(secret.encode() in path.read_bytes() for secret in secrets)
    }  # fmt: skip
    assert found <= {"profiles.yml"}
    assert (settings.dbt_dir / "profiles.yml").stat().st_mode & 0o077 == 0


@pytest.mark.soak
def test_a_second_run_on_servers_changes_no_table(minio_town: Town) -> None:
    before, snapshot = minio_town.lakehouse.content_hashes(), minio_town.lakehouse.snapshot()
    Town(minio_town.settings).run()
    assert minio_town.lakehouse.content_hashes() == before
    assert minio_town.lakehouse.snapshot() == snapshot


def test_landing_raw_and_archive_on_versitygw_are_those_on_local_files(
    short: Commanded,
    second_s3_server: S3Server,
    postgres_server: PostgresServer,
    tmp_path: Path,
) -> None:
    town, contents = short.town, short.contents
    other = on_servers(tmp_path / "home", town, second_s3_server, postgres_server)
    # Thousands of small zips take their time and show nothing that the others do not.
    shutil.rmtree(other.settings.inbox / "pos_dsfinvk")
    house = other.house()
    house.prepare()
    land_inbox(other.settings, house.lakehouse, house.keys, house.contracts)
    for contract in ("reference", "members", *sorted(set(house.contracts) - {"pos_dsfinvk"})):
        loaded = house.contracts[contract]
        load_contract(other.settings, house.lakehouse, house.keys, loaded, with_suite=False)
    found = other.contents()
    raw = {name for name in contents if name.startswith("raw.") and name in found}
    assert len(raw) >= 8
    assert {name: found[name] for name in raw} == {name: contents[name] for name in raw}
    store = open_store(other.settings.archive, other.settings)
    paper = next(iter(sorted(Path(town.settings.archive).rglob("*.pdf"))))
    store.put(f"2025-26/{paper.name}", paper.read_bytes())
    assert list(store.keys("2025-26/")) == [f"2025-26/{paper.name}"]
    assert store.get(f"2025-26/{paper.name}") == paper.read_bytes()


@pytest.mark.soak
def test_proposal_and_papers_on_versitygw_are_those_on_local_files(
    town: Town,
    contents: dict[str, object],
    second_s3_server: S3Server,
    postgres_server: PostgresServer,
    tmp_path: Path,
) -> None:
    other = on_servers(tmp_path / "home", town, second_s3_server, postgres_server, name="ganz").run(
        "propose"
    )
    issue_statements(other.house())
    # What the second job writes is not there yet: releases, their use of data, and what reports to members say of both
    later = ("release.", "ledger.usage", "papers.member_")
    expected = {n: content for n, content in contents.items() if not n.startswith(later)}
    assert len(expected) > 80
    found = other.contents()
    assert {name: found[name] for name in expected} == expected
    objects = second_s3_server.client().list_objects(bucket_name="ganz-archive", recursive=True)
    assert sum(1 for _ in objects) == len(list(Path(town.settings.archive).rglob("*.pdf")))
