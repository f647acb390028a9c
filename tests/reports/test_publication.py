# SPDX-License-Identifier: Apache-2.0
"""An edition proves that it is whole. What is in its tables belongs elsewhere."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from foundation.errors import VerificationError
from reports import publication
from reports.publication import Facts, Published

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TABLE = Published(
    "vacancy", "Leerstand", 3, 1, "ab" * 32, "d", "r", "Vorstand", "2026-11-10", "TOP 4"
)


def facts(edition: str = "2026-11-22", snapshot: int = 7) -> Facts:
    return Facts(
        edition,
        "Muster eG",
        "2026-11-22T06:00:00+01:00",
        snapshot,
        "abc",
        "def",
        {"members": {"version": "1.0.0"}},
        [TABLE],
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "made"
    (folder / "tief").mkdir(parents=True)
    (folder / "index.html").write_text("<p>Guten Tag</p>")
    (folder / "tief" / "daten.csv").write_text("a;b\n1;2\n")
    return folder


def test_a_fresh_edition_is_sound(tmp_path: Path, source: Path) -> None:
    edition = publication.publish(facts(), {"portal": source}, tmp_path / "editions", KEY)
    found = publication.verify(edition.path, KEY.public_key())
    assert (found.is_sound, found.is_own_key, found.files, edition.is_new) == (True, True, 2, True)


@pytest.mark.parametrize(
    "name", ["portal/index.html", "portal/tief/daten.csv", "manifest.json", "manifest.sig"]
)
def test_one_changed_byte_is_found(tmp_path: Path, source: Path, name: str) -> None:
    edition = publication.publish(facts(), {"portal": source}, tmp_path / "editions", KEY)
    path = edition.path / name
    data = bytearray(path.read_bytes())
    position = data.index(b"2026") if name == "manifest.json" else 3
    data[position] ^= 1
    path.write_bytes(bytes(data))
    assert not publication.verify(edition.path).is_sound


def test_a_missing_and_an_added_file_are_named(tmp_path: Path, source: Path) -> None:
    edition = publication.publish(facts(), {"portal": source}, tmp_path / "editions", KEY)
    (edition.path / "portal" / "index.html").unlink()
    (edition.path / "portal" / "neu.txt").write_text("x")
    problems = publication.verify(edition.path).problems
    assert problems == (
        "Datei „portal/index.html“ fehlt.",
        "Datei „portal/neu.txt“ steht nicht im Verzeichnis der Ausgabe.",
    )


def test_an_edition_signed_by_another_key_is_refused(tmp_path: Path, source: Path) -> None:
    edition = publication.publish(facts(), {"portal": source}, tmp_path / "editions", KEY)
    stranger = Ed25519PrivateKey.generate().public_key()
    found = publication.verify(edition.path, stranger)
    assert found.is_own_key is False
    assert any("nicht der Schlüssel der Genossenschaft" in p for p in found.problems)


def test_the_same_edition_is_not_written_again(tmp_path: Path, source: Path) -> None:
    first = publication.publish(facts(), {"portal": source}, tmp_path / "editions", KEY)
    again = publication.publish(facts(snapshot=9), {"portal": source}, tmp_path / "editions", KEY)
    assert (again.is_new, again.manifest_sha256) == (False, first.manifest_sha256)


def test_what_was_published_is_never_changed(tmp_path: Path, source: Path) -> None:
    first = publication.publish(facts(), {"portal": source}, tmp_path / "editions", KEY)
    before = (first.path / "manifest.json").read_bytes()
    (source / "index.html").write_text("<p>Neuer Stand</p>")
    second = publication.publish(facts(), {"portal": source}, tmp_path / "editions", KEY)
    assert (first.path / "manifest.json").read_bytes() == before
    assert second.path.name == "2026-11-22-2"
    assert (
        json.loads((second.path / "manifest.json").read_text())["previous"] == first.manifest_sha256
    )
    assert publication.verify(first.path).is_sound
    assert publication.verify(second.path).is_sound
    again = publication.publish(facts(), {"portal": source}, tmp_path / "editions", KEY)
    assert (again.path, again.is_new) == (second.path, False)


def test_editions_are_chained(tmp_path: Path, source: Path) -> None:
    first = publication.publish(facts("2026-10-22"), {"portal": source}, tmp_path / "editions", KEY)
    second = publication.publish(
        facts("2026-11-22"), {"portal": source}, tmp_path / "editions", KEY
    )
    assert (
        json.loads((second.path / "manifest.json").read_text())["previous"] == first.manifest_sha256
    )


def test_a_folder_without_manifest_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(VerificationError, match=r"keine Datei manifest\.json"):
        publication.verify(tmp_path)


def test_a_table_that_the_lake_no_longer_gives_is_named(tmp_path: Path, source: Path) -> None:
    edition = publication.publish(facts(), {"portal": source}, tmp_path / "editions", KEY)
    assert publication.table_problems(edition.path, {"vacancy": "ab" * 32}) == []
    assert "ergibt" in publication.table_problems(edition.path, {"vacancy": "cd" * 32})[0]
    assert "nicht mehr vorhanden" in publication.table_problems(edition.path, {})[0]
