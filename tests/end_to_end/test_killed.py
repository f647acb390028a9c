# SPDX-License-Identifier: Apache-2.0
"""A run that is killed loses nothing and counts nothing twice: the next one ends as if undisturbed.

Belongs here: killing the real command from outside, at the moment its output names a step. Does
not belong here: what single steps do to be repeatable (`tests/ingestion/test_loading.py`).
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.end_to_end.town import Proposed, Town, open_town, undecided

# Lines of the command's output, and a table of the lake, whose appearance ends a run.
LANDING = "Dateien ablegen …"
LOADED = "Kassendaten (DSFinV-K) eintragen …"
MODEL = "fct_receipt_line"
LIMIT_SECONDS = 900


class Run:
    """`ortskern run` on a town's home, in a process group of its own; output goes to a file."""

    def __init__(self, town: Town, *arguments: str) -> None:
        self.log = town.settings.home.parent / "lauf.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [str(Path(sys.executable).with_name("ortskern")), "run", *arguments],
                env=os.environ
                | {
                    "ORTSKERN_HOME": str(town.settings.home),
                    "ORTSKERN_COOPERATIVE": str(town.settings.cooperative),
                    "PYTHONUNBUFFERED": "1",
                },
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        """What was printed so far."""
        return self.log.read_text("utf-8", errors="replace")

    def kill(self) -> None:
        """End the command and what it started at once, as a power cut would."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_when(self, has_come: Callable[[], bool], pause: float = 0.01) -> None:
        """Look again and again, and kill when it has come; fail when the run ends before."""
        end = time.monotonic() + LIMIT_SECONDS
        while not has_come():
            if self.process.poll() is not None or time.monotonic() > end:
                self.kill()
                pytest.fail(f"the moment never came: {self.said[-3000:]}")
            time.sleep(pause)
        assert self.process.poll() is None, "the run was over before it could be killed"
        self.kill()

    def complete(self) -> None:
        """Wait for its good end."""
        try:
            code = self.process.wait(timeout=LIMIT_SECONDS)
        finally:
            self.kill()
        assert code == 0, self.said[-3000:]


def kill_at(town: Town, line: str, *arguments: str) -> None:
    """Run, and kill as soon as the output has the line."""
    run = Run(town, *arguments)
    run.kill_when(lambda: line in run.said)


def in_catalog(town: Town, table: str) -> bool:
    """Whether the catalog of the lake knows the table; asked without an engine, which takes a second."""
    path = town.settings.home / "lake" / "catalog.sqlite"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10)) as catalog:
        found = catalog.execute(
            "SELECT count(*) FROM ducklake_table WHERE table_name = ?", [table]
        ).fetchone()
    return found != (0,)


def rows_of(town: Town, schema: str, table: str) -> int:
    """Rows of a table at this moment; none where there is no lake or no table yet."""
    if not town.lakehouse.exists() or (schema, table) not in town.lakehouse.tables():
        return 0
    return int(town.rows(f'SELECT count(*) FROM {schema}."{table}"')[0][0])


def test_a_run_killed_in_loading_and_in_modelling_ends_like_an_undisturbed_one(
    proposed: Proposed, tmp_path: Path
) -> None:
    town = open_town(tmp_path / "home", undecided(tmp_path / "genossenschaft")).like(proposed.town)
    kill_at(town, LOADED, "--nur", "vorschlag")
    run = Run(town, "--nur", "vorschlag")
    run.kill_when(lambda: in_catalog(town, MODEL), pause=0.1)
    Run(town, "--nur", "vorschlag").complete()
    assert town.contents() == proposed.contents


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Two months of few receipts of the sample cooperative, proposed without a break."""
    home = tmp_path_factory.mktemp("ungestoert") / "home"
    return open_town(home).simulate(scale=0.01, months=2).run("propose")


@pytest.mark.soak
def test_a_run_killed_while_landing_ends_like_an_undisturbed_one(
    proposed: Proposed, tmp_path: Path
) -> None:
    town = open_town(tmp_path / "home", undecided(tmp_path / "genossenschaft")).like(proposed.town)
    kill_at(town, LANDING, "--nur", "vorschlag")
    Run(town, "--nur", "vorschlag").complete()
    assert town.contents() == proposed.contents


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(8))
def test_a_run_killed_at_any_time_ends_like_an_undisturbed_one(
    undisturbed: Town, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    town = open_town(tmp_path / "home").like(undisturbed)
    for _ in range(3):
        run = Run(town, "--nur", "vorschlag")
        time.sleep(chance.uniform(4, 35))
        run.kill()
    Run(town, "--nur", "vorschlag").complete()
    assert town.contents() == undisturbed.contents()


@pytest.fixture(scope="module")
def published(undisturbed: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The same two months, published without a break."""
    town = open_town(tmp_path_factory.mktemp("veroeffentlicht") / "home").like(undisturbed)
    Run(town).complete()
    return town


@pytest.mark.soak
@pytest.mark.parametrize("line", ["Papiere schreiben …", "Portal bauen …"])
def test_a_publication_that_is_killed_ends_like_an_undisturbed_one(
    undisturbed: Town, published: Town, tmp_path: Path, line: str
) -> None:
    town = open_town(tmp_path / "home").like(undisturbed)
    kill_at(town, line)
    Run(town).complete()
    assert town.contents() == published.contents()
    assert town.manifest["files"].keys() == published.manifest["files"].keys()


@pytest.mark.soak
@pytest.mark.parametrize("table", ["basket_by_quarter", "members", "vacancy", "vitality_component"])
def test_a_release_that_is_killed_between_its_tables_ends_like_an_undisturbed_one(
    undisturbed: Town, published: Town, tmp_path: Path, table: str
) -> None:
    town = open_town(tmp_path / "home").like(undisturbed)
    Run(town, "--nur", "vorschlag").complete()
    run = Run(town, "--nur", "veroeffentlichen")
    run.kill_when(lambda: rows_of(town, "release", table) > 0, pause=0.5)
    Run(town).complete()
    assert town.contents() == published.contents()
