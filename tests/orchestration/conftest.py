# SPDX-License-Identifier: Apache-2.0
"""A house for tests of the command line: the sample's folder without its town, and an empty lake.

Belongs here: what these tests share and what is slow to make. Does not belong here: the facts.
"""

import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from foundation.settings import PROJECT_ROOT, load_settings
from orchestration.cli import main
from orchestration.house import House, open_house

SAMPLE = PROJECT_ROOT / "cooperative"
Run = Callable[..., Result]


@pytest.fixture
def cooperative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample cooperative that tests may break; it has no simulated town."""
    folder = tmp_path / "genossenschaft"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("town"))
    monkeypatch.setenv("ORTSKERN_COOPERATIVE", str(folder))
    monkeypatch.setenv("ORTSKERN_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ORTSKERN_CONFIG", raising=False)
    return folder


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys and an empty, migrated lake, made once."""
    home = tmp_path_factory.mktemp("vorlage") / "home"
    open_house(load_settings(home=home, cooperative=SAMPLE)).prepare()
    return home


@pytest.fixture
def house(cooperative: Path, tmp_path: Path, prepared_home: Path) -> House:
    """A house with keys and an empty lake of its own."""
    shutil.copytree(prepared_home, tmp_path / "home")
    return open_house(load_settings())


@pytest.fixture
def ortskern(cooperative: Path) -> Run:
    """Run a command as a steward would; answers to questions as `input`."""

    def run(*arguments: str, input: str | None = None) -> Result:
        return CliRunner().invoke(main, list(arguments), input=input)

    return run


@pytest.fixture
def unused_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
