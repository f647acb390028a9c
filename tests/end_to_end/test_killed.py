# SPDX-License-Identifier: Apache-2.0
"""A run that is killed loses nothing and counts nothing twice: the next one ends as if undisturbed.

Belongs here: killing the real command from outside, at the moment its output names a step. Does
not belong here: what single steps do to be repeatable (`tests/ingestion/test_loading.py`).
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.town import Town, open_town

# Lines of the command's output, in their order, after which it is killed.
LANDING = "Dateien ablegen …"
LOADED = "Kassendaten (DSFinV-K) eintragen …"
MODELS = "START sql table model core.fct_receipt "
LIMIT_SECONDS = 300
TINY = {"scale": 0.01, "months": 2}


def command(town: Town, *arguments: str) -> subprocess.Popen[str]:
    """`ortskern run` on the town's home, in a process group of its own."""
    program = Path(sys.executable).with_name("ortskern")
    return subprocess.Popen(
        [str(program), "run", *arguments],
        env=os.environ | {"ORTSKERN_HOME": str(town.settings.home), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def kill(process: subprocess.Popen[str]) -> None:
    """End the command and what it started at once, as a power cut would."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def killed_when(town: Town, is_time: Callable[[str], bool], *arguments: str) -> list[str]:
    """Run until a line says that it is time, then kill; the lines up to then."""
    process = command(town, *arguments)
    assert process.stdout is not None
    lines = []
    with process.stdout:
        for line in process.stdout:
            lines.append(line)
            if is_time(line):
                kill(process)
                return lines
    pytest.fail(f"the run ended by itself ({process.wait()}): {''.join(lines[-20:])}")


def completed(town: Town, *arguments: str) -> str:
    """Run to the end; what was printed."""
    process = command(town, *arguments)
    output, _ = process.communicate(timeout=LIMIT_SECONDS)
    assert process.returncode == 0, output[-3000:]
    return output


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Two months of few receipts, proposed without a break."""
    home = tmp_path_factory.mktemp("ungestoert") / "home"
    return open_town(home).simulate(**TINY).run("propose")


def test_a_run_killed_in_landing_loading_and_modelling_ends_like_an_undisturbed_one(
    undisturbed: Town, tmp_path: Path
) -> None:
    town = open_town(tmp_path / "home").like(undisturbed)
    for moment in (LANDING, LOADED, MODELS):
        killed_when(town, lambda line, moment=moment: moment in line, "--nur", "vorschlag")  # type: ignore[misc]
    completed(town, "--nur", "vorschlag")
    assert town.contents() == undisturbed.contents()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(8))
def test_a_run_killed_at_any_time_ends_like_an_undisturbed_one(
    undisturbed: Town, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    town = open_town(tmp_path / "home").like(undisturbed)
    for _ in range(3):
        process = command(town, "--nur", "vorschlag")
        time.sleep(chance.uniform(4, 35))
        kill(process)
        assert process.stdout is not None
        process.stdout.close()
    completed(town, "--nur", "vorschlag")
    assert town.contents() == undisturbed.contents()


@pytest.mark.soak
@pytest.mark.parametrize("step", ["Papiere schreiben …", "Portal bauen …"])
def test_a_publication_that_is_killed_ends_like_an_undisturbed_one(
    undisturbed: Town, tmp_path: Path, step: str
) -> None:
    whole = open_town(tmp_path / "ganz" / "home").like(undisturbed)
    completed(whole)
    town = open_town(tmp_path / "unterbrochen" / "home").like(undisturbed)
    killed_when(town, lambda line: step in line)
    completed(town)
    assert town.contents() == whole.contents()
    assert town.manifest["files"].keys() == whole.manifest["files"].keys()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(4))
def test_a_release_that_is_killed_between_its_tables_ends_like_an_undisturbed_one(
    undisturbed: Town, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    whole = open_town(tmp_path / "ganz" / "home").like(undisturbed)
    completed(whole)
    town = open_town(tmp_path / "unterbrochen" / "home").like(undisturbed)
    completed(town, "--nur", "vorschlag")
    wanted = chance.randint(1, 9)
    process = command(town, "--nur", "veroeffentlichen")
    end = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < end and process.poll() is None:
        written = [t for s, t in town.lakehouse.tables() if s == "release" and _rows(town, t)]
        if len(written) >= wanted:
            break
    kill(process)
    assert process.stdout is not None
    process.stdout.close()
    completed(town)
    assert town.contents() == whole.contents()


def _rows(town: Town, table: str) -> int:
    return int(town.rows(f"SELECT count(*) FROM release.{table}")[0][0])
