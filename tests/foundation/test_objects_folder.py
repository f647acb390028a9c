# SPDX-License-Identifier: Apache-2.0
"""The object store on a folder, and what wrong places say."""

import stat
from pathlib import Path

import pytest

from foundation.errors import ConfigError
from foundation.objects import FolderStore, open_store
from foundation.settings import load_settings


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """An empty store in a folder that does not exist yet."""
    return FolderStore(tmp_path / "ablage")


def test_what_is_put_is_got(store: FolderStore) -> None:
    store.put("ab/eins", b"\x00\xff")
    assert store.get("ab/eins") == b"\x00\xff"


def test_a_second_put_replaces(store: FolderStore) -> None:
    store.put("eins", b"alt")
    store.put("eins", b"neu")
    assert store.get("eins") == b"neu"


def test_an_object_that_is_not_there_is_a_key_error(store: FolderStore) -> None:
    with pytest.raises(KeyError, match="zwei"):
        store.get("zwei")


def test_existence_is_told(store: FolderStore) -> None:
    store.put("eins", b"")
    assert (store.exists("eins"), store.exists("zwei")) == (True, False)


def test_keys_are_listed_in_order_by_prefix(store: FolderStore) -> None:
    for key in ("b/2", "a/1", "b/1"):
        store.put(key, b"")
    assert list(store.keys("b/")) == ["b/1", "b/2"]


def test_a_folder_that_is_not_there_has_no_keys(store: FolderStore) -> None:
    assert list(store.keys()) == []


def test_a_half_written_object_is_not_listed(store: FolderStore) -> None:
    store.put("eins", b"")
    (store.root / "zwei.17.part").write_bytes(b"halb")
    assert list(store.keys()) == ["eins"]


def test_deleting_twice_is_fine(store: FolderStore) -> None:
    store.put("eins", b"")
    store.delete("eins")
    store.delete("eins")
    assert not store.exists("eins")


def test_the_folder_is_private(store: FolderStore) -> None:
    store.put("ab/eins", b"")
    assert stat.S_IMODE(store.root.stat().st_mode) == 0o700


def test_a_folder_is_opened_by_its_path(tmp_path: Path) -> None:
    opened = open_store(str(tmp_path), load_settings(home=tmp_path))
    assert isinstance(opened, FolderStore)


@pytest.mark.parametrize("url", ["ftp://rechner/pfad", "s3://", "s3:///pfad"])
def test_a_place_that_is_none_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"Speicherort „{url}“: erwartet einen Ordner oder s3:"):
        open_store(url, load_settings(home=tmp_path))


def test_a_bucket_without_endpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="„s3_endpoint“.*ORTSKERN_S3_ENDPOINT setzen"):
        open_store("s3://see/daten", load_settings(home=tmp_path, s3_endpoint=""))
