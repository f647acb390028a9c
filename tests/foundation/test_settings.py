# SPDX-License-Identifier: Apache-2.0
"""Where settings come from, which one wins, and what a wrong one says."""

import os
from pathlib import Path

import pytest

from foundation.errors import ConfigError
from foundation.settings import PROJECT_ROOT, load_settings


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith("ORTSKERN_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A YAML file that ORTSKERN_CONFIG names."""
    path = tmp_path / "ortskern.yaml"
    path.write_text("s3_region: aus-datei\n", "utf-8")
    monkeypatch.setenv("ORTSKERN_CONFIG", str(path))
    return path


def test_without_anything_state_lies_beside_the_project() -> None:
    assert load_settings().home == PROJECT_ROOT / "var"


def test_the_file_wins_over_defaults(config: Path) -> None:
    assert load_settings().s3_region == "aus-datei"


def test_the_environment_wins_over_the_file(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORTSKERN_S3_REGION", "aus-umgebung")
    assert load_settings().s3_region == "aus-umgebung"


def test_arguments_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORTSKERN_S3_REGION", "aus-umgebung")
    assert load_settings(s3_region="aus-aufruf").s3_region == "aus-aufruf"


def test_home_from_the_environment_moves_everything_below_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ORTSKERN_HOME", str(tmp_path))
    settings = load_settings()
    assert settings.catalog == f"sqlite:///{tmp_path / 'lake' / 'catalog.sqlite'}"
    assert settings.data == str(tmp_path / "lake" / "data")
    assert settings.landing == str(tmp_path / "landing")
    assert settings.archive == str(tmp_path / "archive")


def test_home_from_the_file_moves_everything_below_it(config: Path, tmp_path: Path) -> None:
    config.write_text(f"home: {tmp_path / 'haus'}\n", "utf-8")
    assert load_settings().landing == str(tmp_path / "haus" / "landing")


def test_a_relative_folder_becomes_absolute(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings(home="haus", data="ablage").data == str(tmp_path / "ablage")


def test_a_bucket_stays_as_it_is(tmp_path: Path) -> None:
    assert load_settings(home=tmp_path, data="s3://see/daten").data == "s3://see/daten"


def test_a_secret_is_not_shown(tmp_path: Path) -> None:
    assert "streng-geheim" not in repr(load_settings(home=tmp_path, s3_secret_key="streng-geheim"))


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    with pytest.raises(ValueError, match="frozen"):
        settings.language = "en"


def test_a_missing_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ORTSKERN_CONFIG", str(tmp_path / "weg.yaml"))
    with pytest.raises(ConfigError, match="weg.yaml“ fehlt; die Umgebungsvariable ORTSKERN_CONFIG"):
        load_settings()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("- eins\n", "gefunden list, erwartet Schlüssel und Werte"),
        ("home: [\n", "ist kein gültiges YAML in UTF-8"),
        ("speicher: hier\n", "Einstellung „speicher“"),
        ("language: fr\n", "Einstellung „language“"),
        ("as_of: gestern\n", "Einstellung „as_of“"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(config: Path, content: str, sentence: str) -> None:
    config.write_text(content, "utf-8")
    with pytest.raises(ConfigError, match=sentence):
        load_settings()


def test_an_empty_file_sets_nothing(config: Path) -> None:
    config.write_text("# noch nichts\n", "utf-8")
    assert load_settings().s3_region == "eu-central-1"
