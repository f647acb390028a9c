# SPDX-License-Identifier: Apache-2.0
"""What the documents tell people to type works. Pictures are made by ``tests/documents.py``.

``make run`` and ``make ui`` are followed to the command that they call; that command is run here on a small town.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from foundation.settings import PROJECT_ROOT
from tests.end_to_end.town import Commanded, typed

BIN = Path(sys.executable).parent
DOCUMENTS = [PROJECT_ROOT / "README.md", *sorted((PROJECT_ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def blocks(document: Path) -> list[str]:
    """Lines of the shell blocks of a document."""
    text = document.read_text("utf-8")
    found = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [line for block in found for line in block.splitlines() if line and line[0] != "#"]


def test_the_main_job_is_one_command_and_says_what_it_did(short: Commanded) -> None:
    calls = typed("make", "-n", "run", home=short.town.settings.home)
    assert ".venv/bin/ortskern run" in calls
    assert "Wiederherstellungstext" in short.said
    assert "Fertig nach" in short.said


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
def test_a_command_of_the_readme_runs(short: Commanded, command: str) -> None:
    assert f".venv/bin/ortskern {command}" in blocks(PROJECT_ROOT / "README.md")
    assert typed(str(BIN / "ortskern"), command, home=short.town.settings.home)


def test_the_places_of_the_readme_are_there(short: Commanded) -> None:
    named = re.findall(r"`var/([a-z]+)/", (PROJECT_ROOT / "README.md").read_text("utf-8"))
    assert {"portal", "statements", "publications", "lake", "landing"} <= set(named)
    for place in named:
        assert (short.town.settings.home / place).is_dir(), place


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in LINK.findall(document.read_text("utf-8")):
        assert (document.parent / target).exists(), target
