# SPDX-License-Identifier: Apache-2.0
"""Maintenance makes the lake smaller and nothing else. Whole editions are verified end to end."""

from pathlib import Path

import pytest

from foundation.errors import SnapshotGoneError
from foundation.lakehouse import Lakehouse, snapshot_of
from foundation.maintenance import maintain
from foundation.settings import load_settings


@pytest.fixture
def lakehouse(tmp_path: Path) -> Lakehouse:
    lake = Lakehouse(load_settings(home=tmp_path))
    lake.create()
    with lake.writer() as con:
        con.execute("CREATE TABLE raw.t (a INTEGER)")
        for value in range(5):
            con.execute("INSERT INTO raw.t VALUES (?)", [value])
    return lake


def count(lakehouse: Lakehouse, at: int) -> int:
    with lakehouse.connect(at=at) as con:
        row = con.execute("SELECT count(*) FROM raw.t").fetchone()
    assert row is not None
    return int(row[0])


def test_content_stays_and_files_are_merged(lakehouse: Lakehouse) -> None:
    before = lakehouse.content_hashes()
    done = maintain(lakehouse, [])
    assert lakehouse.content_hashes() == before
    assert done.files_after == 1
    assert done.snapshots_after < done.snapshots_before


def test_a_snapshot_that_an_edition_names_can_still_be_read(lakehouse: Lakehouse) -> None:
    with lakehouse.connect(read_only=True) as con:
        named = snapshot_of(con) - 2
    maintain(lakehouse, [named])
    assert count(lakehouse, named) == 3


def test_other_snapshots_are_gone(lakehouse: Lakehouse) -> None:
    maintain(lakehouse, [])
    with pytest.raises(SnapshotGoneError, match="Snapshot 3 gelöscht"), lakehouse.connect(at=3):
        raise AssertionError("an expired snapshot was attached")
