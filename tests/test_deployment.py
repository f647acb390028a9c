# SPDX-License-Identifier: Apache-2.0
"""The server deployment: what compose.yaml promises holds on the real servers of the tests."""

import sys
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from minio.commonconfig import GOVERNANCE
from minio.retention import Retention

from foundation.clock import wall
from foundation.settings import load_settings
from tests.browser import PageReport
from tests.servers import VERSITYGW, PostgresServer, S3Server, answers, free_port, running
from tools.buckets import create_buckets

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
Browser = Callable[..., PageReport]


def test_nothing_is_reachable_from_outside_the_machine() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_no_secret_stands_in_the_file() -> None:
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            if any(word in name for word in ("PASSWORD", "SECRET", "ACCESS_KEY")):
                assert value.startswith("${")


def test_every_setting_of_the_file_is_a_setting_of_the_program(tmp_path: Path) -> None:
    environment = SERVICES["daemon"]["environment"]
    values = {name.removeprefix("ORTSKERN_").lower(): value for name, value in environment.items()}
    assert load_settings(home=tmp_path, **values).data == "s3://ortskern-lake/data"


def test_the_object_store_is_the_one_that_the_tests_know() -> None:
    assert VERSITYGW in (ROOT / "Containerfile").read_text(encoding="utf-8")


def test_dagster_keeps_its_runs_in_postgresql(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dagster import DagsterInstance

    environment = SERVICES["daemon"]["environment"]
    assert environment["ORTSKERN_DAGSTER_STORAGE"].startswith("postgresql+psycopg2://")
    content = COMPOSE["configs"]["dagster"]["content"]
    (tmp_path / "dagster.yaml").write_text(content, encoding="utf-8")
    url = postgres_server.create_database("dagster").url
    url = url.replace("postgresql://", "postgresql+psycopg2://")
    monkeypatch.setenv("ORTSKERN_DAGSTER_STORAGE", url)
    with DagsterInstance.from_config(str(tmp_path)) as instance:
        assert type(instance.run_storage).__name__ == "PostgresRunStorage"
        assert instance.get_runs_count() == 0


def test_the_user_interface_of_dagster_asks_nobody_else(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "dagster.yaml").write_bytes((ROOT / "tools" / "dagster.yaml").read_bytes())
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "dagster_webserver", "--empty-workspace"]
    command += ["-h", "127.0.0.1", "-p", str(port)]
    log = tmp_path / "log"
    with running(
        "Dagster",
        command,
        log,
        answers(f"{address}/server_info"),
        env={"DAGSTER_HOME": str(tmp_path)},
    ):
        report = browser(f"{address}/overview", tmp_path / "ui.png", wait_for="text=Overview")
    assert report.foreign_requests == []
    assert "newsletter" not in report.text


def test_the_server_keeps_dagster_as_quiet_as_one_machine_does() -> None:
    alone = yaml.safe_load((ROOT / "tools" / "dagster.yaml").read_text(encoding="utf-8"))
    server = yaml.safe_load(COMPOSE["configs"]["dagster"]["content"])
    for part in ("telemetry", "nux"):
        assert alone[part] == server[part] == {"enabled": False}


@pytest.mark.parametrize("name", ["s3_server", "second_s3_server"])
def test_missing_buckets_are_created_once_and_deliveries_are_locked(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server: S3Server = request.getfixturevalue(name)
    settings = load_settings(
        home=tmp_path,
        data="s3://neu-lake/data",
        landing="s3://neu-landing/deliveries",
        archive="s3://neu-archive/papers",
        s3_endpoint=server.endpoint,
        s3_access_key=server.access_key,
        s3_secret_key=server.secret_key,
        s3_region=server.region,
    )
    assert create_buckets(settings) == ["neu-landing", "neu-lake", "neu-archive"]
    assert create_buckets(settings) == []
    # A server refuses this in a bucket that was made without object lock
    server.client().put_object(
        bucket_name="neu-landing",
        object_name="a",
        data=BytesIO(b"x"),
        length=1,
        retention=Retention(GOVERNANCE, wall() + timedelta(minutes=1)),
    )
