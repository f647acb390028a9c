# SPDX-License-Identifier: Apache-2.0
"""The edition is whole, a changed byte is found, and every figure on a page leads to a released row."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from foundation.errors import VerificationError
from reports.publication import MANIFEST, SIGNATURE, verify
from tests.end_to_end.town import Town

CODE = re.compile(r"W-[A-Z2-7]{10}")


def test_the_edition_is_sound_under_the_cooperatives_key(town: Town) -> None:
    found = verify(town.edition, town.house().keys.signing_key().public_key())
    assert found.problems == ()
    assert found.is_own_key
    assert found.files == len(town.manifest["files"]) > 40


def _is_refused(folder: Path) -> bool:
    try:
        return not verify(folder).is_sound
    except VerificationError:
        return True


def test_a_flipped_byte_in_any_published_file_is_found(town: Town, tmp_path: Path) -> None:
    folder = tmp_path / "ausgabe"
    shutil.copytree(town.edition, folder)
    for name in [*town.manifest["files"], MANIFEST, SIGNATURE]:
        path = folder / name
        data = path.read_bytes()
        changed = bytearray(data)
        # One bit of a figure or letter, such that text stays text.
        changed[len(data) // 2] ^= 1
        path.write_bytes(bytes(changed))
        assert _is_refused(folder), name
        path.write_bytes(data)
    assert verify(folder).is_sound


def test_a_file_too_many_and_one_too_few_are_found(town: Town, tmp_path: Path) -> None:
    folder = tmp_path / "ausgabe"
    shutil.copytree(town.edition, folder)
    (folder / "portal" / "zusatz.html").write_text("<p>fremd</p>")
    (folder / "daten" / "vacancy.csv").unlink()
    problems = verify(folder).problems
    assert "Datei „portal/zusatz.html“ steht nicht im Verzeichnis der Ausgabe." in problems
    assert "Datei „daten/vacancy.csv“ fehlt." in problems


def test_the_manifest_names_each_tables_csv(town: Town) -> None:
    for table in town.manifest["tables"]:
        data = (town.edition / "daten" / f"{table['name']}.csv").read_bytes()
        assert hashlib.sha256(data).hexdigest() == table["sha256"]
        assert table["minutes"]
        assert table["approved_by"]


def test_data_files_of_the_portal_are_the_released_tables(town: Town) -> None:
    files = town.manifest["files"]
    on_portal = {name for name in files if name.startswith("portal/data/")}
    tables = {t["name"] for t in town.manifest["tables"]} | {"provenance"}
    assert {Path(name).stem for name in on_portal} == tables
    for name in sorted(on_portal):
        table = Path(name).stem
        if table != "provenance":
            assert files[name]["sha256"] == files[f"daten/{table}.parquet"]["sha256"]
            rows = pq.read_table(town.edition / name).num_rows
            assert rows == len(town.published(table))


def test_every_figure_code_on_the_portal_is_a_released_row(town: Town) -> None:
    released = {
        code
        for table in town.manifest["tables"]
        for row in town.published(table["name"])
        if (code := row.get("figure_code"))
    }
    pages = list((town.edition / "portal").rglob("*.html"))
    shown = {code for page in pages for code in CODE.findall(page.read_text("utf-8"))}
    assert len(shown) > 50
    assert shown <= released


def test_figure_codes_are_of_one_row_each(town: Town) -> None:
    codes = [
        row["figure_code"]
        for table in town.manifest["tables"]
        for row in town.published(table["name"])
        if row.get("figure_code")
    ]
    assert len(codes) == len(set(codes)) > 1000


def test_pages_ask_no_other_origin(town: Town) -> None:
    for page in (town.edition / "portal").rglob("*.html"):
        text = page.read_text("utf-8")
        fetched = re.findall(r"""(?:src|srcset|<link[^>]*href)=["'](https?:)?//""", text)
        assert fetched == [], page


def test_the_edition_says_that_its_town_is_invented(town: Town) -> None:
    assert town.manifest["simulator"]["seed"] == town.truth["seed"]
    assert "record" not in json.dumps(town.manifest["simulator"])


def test_verify_recomputes_the_edition_from_the_lake_and_finds_it_sound(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from orchestration.cli import main

    monkeypatch.setenv("ORTSKERN_HOME", str(town.settings.home))
    result = CliRunner().invoke(main, ["verify"])
    assert "Die Ausgabe ist unversehrt." in result.output
    assert result.exit_code == 0
