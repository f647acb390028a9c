# SPDX-License-Identifier: Apache-2.0
"""What the documents tell people to type works. Pictures are made by ``tests/documents.py``.

``make run`` and ``make ui`` are followed to the command that they call; that command is run here on a small town.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from foundation.settings import PROJECT_ROOT

BIN = Path(sys.executable).parent
DOCUMENTS = [PROJECT_ROOT / "README.md", *sorted((PROJECT_ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def blocks(document: Path) -> list[str]:
    """Lines of the shell blocks of a document."""
    text = document.read_text("utf-8")
    found = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [line for block in found for line in block.splitlines() if line and line[0] != "#"]


def run(*command: str, home: Path) -> str:
    """A command on a home of its own; fails with its output."""
    environment = os.environ | {"ORTSKERN_HOME": str(home)}
    done = subprocess.run(
        command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, timeout=1_200
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small town that went the whole way, as ``make run`` would take it."""
    folder = tmp_path_factory.mktemp("readme")
    calls = run("make", "-n", "run", home=folder)
    assert ".venv/bin/ortskern run" in calls
    said = run(str(BIN / "ortskern"), "run", "--massstab", "0.02", home=folder)
    assert "Wiederherstellungstext" in said
    assert "Fertig nach" in said
    return folder


def test_every_make_target_of_the_documents_exists() -> None:
    lines = [line for document in DOCUMENTS for line in blocks(document)]
    targets = {line.split()[1] for line in lines if line.startswith("make ")}
    assert targets
    for target in targets:
        done = subprocess.run(["make", "-n", target], cwd=PROJECT_ROOT, capture_output=True)
        assert done.returncode == 0, target


def test_every_command_of_the_documents_is_known() -> None:
    lines = [line for document in DOCUMENTS for line in blocks(document)]
    commands = {m.group(1) for line in lines if (m := re.search(r"\bortskern ([a-z]+)", line))}
    assert {"status", "doctor", "verify", "init"} <= commands
    for command in sorted(commands):
        done = subprocess.run(
            [str(BIN / "ortskern"), command, "--hilfe"], capture_output=True, text=True
        )
        assert done.returncode == 0, command


@pytest.mark.parametrize("command", ["status", "doctor", "verify"])
def test_a_command_of_the_readme_runs(home: Path, command: str) -> None:
    assert f".venv/bin/ortskern {command}" in blocks(PROJECT_ROOT / "README.md")
    assert run(str(BIN / "ortskern"), command, home=home)


def test_the_places_of_the_readme_are_there(home: Path) -> None:
    named = re.findall(r"`var/([a-z]+)/", (PROJECT_ROOT / "README.md").read_text("utf-8"))
    assert {"portal", "statements", "publications", "lake", "landing"} <= set(named)
    for place in named:
        assert (home / place).is_dir(), place


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in LINK.findall(document.read_text("utf-8")):
        assert (document.parent / target).exists(), target
