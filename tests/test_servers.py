# SPDX-License-Identifier: Apache-2.0
"""The servers and the browser of the tests do what the tests trust them to do."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import psycopg2
import pytest
from minio.commonconfig import GOVERNANCE
from minio.error import S3Error
from minio.retention import Retention
from PIL import Image

from foundation.clock import wall
from tests.browser import BrowserError, PageReport
from tests.servers import PostgresServer, S3Server, ServerError, built, free_port, running, served

PAGE = """<!doctype html><html lang="de"><meta charset="utf-8"><title>Größe</title>
<h1>Übergrößen für 1.234,56 €</h1><p>„Straße“</p><button onclick="this.after('geklickt')">x</button>
<img src="http://127.0.0.2:9/fremd.png"><script>console.error("Fehler ä")</script></html>"""

Browser = Callable[..., PageReport]


@pytest.fixture(params=["s3_server", "second_s3_server"])
def any_s3_server(request: pytest.FixtureRequest) -> S3Server:
    server: S3Server = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    with served(tmp_path) as address:
        yield f"{address}index.html"


def test_postgres_answers_a_query(postgres_server: PostgresServer) -> None:
    connection = psycopg2.connect(postgres_server.create_database("fragen").url)
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT 1, current_setting('server_version_num')::int / 10000")
        assert cursor.fetchone() == (1, 18)
    finally:
        connection.close()


def test_postgres_refuses_a_wrong_password(postgres_server: PostgresServer) -> None:
    url = postgres_server.url.replace(postgres_server.password, "falsch")
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(url)


def test_an_object_comes_back_from_s3(any_s3_server: S3Server) -> None:
    client = any_s3_server.client()
    client.make_bucket(bucket_name="rueckgabe")
    content = "Größe".encode()
    client.put_object(
        bucket_name="rueckgabe", object_name="a/b.txt", data=BytesIO(content), length=len(content)
    )
    answer = client.get_object(bucket_name="rueckgabe", object_name="a/b.txt")
    try:
        assert answer.read() == content
    finally:
        answer.close()
        answer.release_conn()


def test_a_locked_version_cannot_be_removed(any_s3_server: S3Server) -> None:
    client = any_s3_server.client()
    client.make_bucket(bucket_name="gesperrt", object_lock=True)
    written = client.put_object(
        bucket_name="gesperrt",
        object_name="lieferung",
        data=BytesIO(b"x"),
        length=1,
        retention=Retention(GOVERNANCE, wall() + timedelta(days=1)),
    )
    assert written.version_id
    with pytest.raises(S3Error, match=r"WORM protected|protected by object lock"):
        client.remove_object(
            bucket_name="gesperrt", object_name="lieferung", version_id=written.version_id
        )


def test_a_page_is_shown_in_german_with_its_picture(
    browser: Browser, site: str, tmp_path: Path
) -> None:
    report = browser(site, tmp_path / "seite.png", width=600, click=["button"])
    assert (report.title, report.lang) == ("Größe", "de")
    assert "Übergrößen für 1.234,56 €" in report.text
    assert "geklickt" in report.text
    with Image.open(report.picture) as picture:
        assert picture.width == 600
        assert len(picture.convert("L").getcolors() or []) > 10


def test_a_request_to_another_origin_is_reported_and_refused(
    browser: Browser, site: str, tmp_path: Path
) -> None:
    report = browser(site, tmp_path / "seite.png")
    assert report.foreign_requests == ["http://127.0.0.2:9/fremd.png"]


def test_an_error_of_a_page_is_reported(browser: Browser, site: str, tmp_path: Path) -> None:
    report = browser(site, tmp_path / "seite.png")
    assert "Fehler ä" in report.console_errors


def test_a_page_that_cannot_be_reached_is_an_error(browser: Browser, tmp_path: Path) -> None:
    with pytest.raises(BrowserError, match="ERR_CONNECTION_REFUSED"):
        browser(f"http://127.0.0.1:{free_port()}/", tmp_path / "seite.png")


def test_a_server_that_ends_at_once_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    command = ["sh", "-c", "echo kein Platz; exit 3"]
    with (
        pytest.raises(ServerError, match="Probe ended after start: kein Platz"),
        running("Probe", command, tmp_path / "log", lambda: False),
    ):
        pytest.fail("the block must not be entered")


def test_a_module_that_cannot_be_built_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOPROXY", "off")
    with pytest.raises(ServerError, match="go install example.invalid/nichts@v1.0.0 failed"):
        built("example.invalid/nichts@v1.0.0")
