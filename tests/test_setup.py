# SPDX-License-Identifier: Apache-2.0
"""Set-up: locked, complete, quiet, and finished at once when nothing changed."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tools import setup

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
NODE_LOCKS = [
    path
    for path in (setup.BROWSER / "package-lock.json", setup.PORTAL / "package-lock.json")
    if path.exists()
]
TARGETS = ("run", "test", "ui", "bench", "soak", "clean", "lock", "docs", "help")


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


@pytest.mark.parametrize("path", [setup.LOCK, setup.BOOTSTRAP], ids=lambda path: path.name)
def test_every_locked_package_has_a_hash(path: Path) -> None:
    blocks = re.split(r"(?m)^(?=[a-z0-9])", path.read_text(encoding="utf-8"))[1:]
    assert blocks
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_every_dependency_is_locked() -> None:
    locked = {name_of(line) for line in LOCK.splitlines() if re.match(r"[a-z0-9]", line)}
    groups = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    assert {name_of(requirement) for requirement in groups} - locked == set()


def test_every_database_extension_comes_from_a_package() -> None:
    dependencies = {name_of(requirement) for requirement in PROJECT["project"]["dependencies"]}
    wanted = {f"duckdb-extension-{name.replace('_', '-')}" for name in setup.DUCKDB_EXTENSIONS}
    assert wanted - dependencies == set()


@pytest.mark.parametrize("path", NODE_LOCKS, ids=lambda path: path.parent.name)
def test_every_node_package_has_a_hash_and_runs_no_script(path: Path) -> None:
    packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
    fetched = {name: entry for name, entry in packages.items() if "node_modules/" in name}
    # Links and bundled packages come with the project or inside another package
    bare = [
        name
        for name, entry in fetched.items()
        if not (entry.get("integrity") or entry.get("link") or entry.get("inBundle"))
    ]
    assert fetched
    assert bare == []
    assert "ignore-scripts=true" in (path.parent / ".npmrc").read_text(encoding="utf-8")


def test_help_names_every_target() -> None:
    answer = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True
    )
    assert re.findall(r"^ +make (\S+) ", answer.stdout, re.MULTILINE)
    missing = [name for name in TARGETS if f"make {name} " not in answer.stdout]
    assert missing == []


def test_the_container_is_as_quiet_as_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    container = (ROOT / "Containerfile").read_text(encoding="utf-8")
    exported = dict(re.findall(r"^export (\w+) := (\S+)$", makefile, re.MULTILINE))
    assert "DAGSTER_DISABLE_TELEMETRY" in exported
    assert [name for name, value in exported.items() if f"{name}={value}" not in container] == []


def test_a_stamp_holds_until_what_it_stands_for_changes(tmp_path: Path) -> None:
    lock, stamp = tmp_path / "lock", tmp_path / "stamp"
    lock.write_text("a==1", encoding="utf-8")
    stamp.write_text(setup.digest(lock), encoding="ascii")
    assert setup.is_done(stamp, setup.digest(lock))
    lock.write_text("a==2", encoding="utf-8")
    assert not setup.is_done(stamp, setup.digest(lock))


def test_a_failing_step_says_what_failed_and_why() -> None:
    with pytest.raises(setup.SetupError, match=r"Der Versuch ist gescheitert:\nkein Platz"):
        setup.run(["sh", "-c", "echo kein Platz; exit 1"], "Der Versuch")


def test_the_set_up_needs_to_be_told_what_for() -> None:
    answer = subprocess.run(
        [setup.PYTHON, ROOT / "tools" / "setup.py"], capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stdout) == (2, "Aufruf: setup.py run|test\n")
