# SPDX-License-Identifier: Apache-2.0
"""Fixtures that several folders of tests share: servers and the browser, once per session.

Belongs here: what is expensive to start. Does not belong here: data and lakes of single tests,
which live beside the tests that need them.
"""

from collections.abc import Callable, Iterator

import pytest

from tests.browser import PageReport, chromium_path, open_page
from tests.servers import PostgresServer, S3Server, minio_server, postgres, versitygw_server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A running PostgreSQL; ask it for a database of your own with `create_database`."""
    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """A running MinIO; create a bucket of your own."""
    with minio_server() as server:
        yield server


@pytest.fixture(scope="session")
def second_s3_server() -> Iterator[S3Server]:
    """A running versitygw; create a bucket of your own."""
    with versitygw_server() as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Callable[..., PageReport]:
    """`tests.browser.open_page`, with Chromium ready."""
    chromium_path()
    return open_page
