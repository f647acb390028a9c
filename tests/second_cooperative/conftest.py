# SPDX-License-Identifier: Apache-2.0
"""The second cooperative, run twice for all tests of this folder.

Belongs here: founding, approving, running, and what was there after each run. Does not belong here:
what must be true of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from duckdb import DuckDBPyConnection

from foundation.settings import load_settings
from orchestration.cli import main
from orchestration.commands.run import run_jobs
from orchestration.house import House, open_house, silent
from orchestration.inventory import waiting_tables
from tests.second_cooperative import founded
from tests.second_cooperative import muenster as town_of_muenster


@dataclass(frozen=True)
class Run:
    """What a run left behind: its failure if any, its reports, hashes of all tables."""

    problem: str | None
    reports: dict[str, Any]
    tables: dict[str, str]


@dataclass(frozen=True)
class Second:
    """The cooperative, after one run."""

    house: House
    run: Run

    @property
    def environment(self) -> dict[str, str]:
        """The settings, as a steward would export them."""
        settings = self.house.settings
        return {
            "ORTSKERN_HOME": str(settings.home),
            "ORTSKERN_COOPERATIVE": str(settings.cooperative),
            "ORTSKERN_AS_OF": founded.AS_OF.isoformat(),
        }

    def ortskern(self, *arguments: str) -> Result:
        """Run a command as the steward of this cooperative."""
        return CliRunner().invoke(main, list(arguments), env=self.environment)


def _run(house: House) -> Run:
    problem = run_jobs(house, ("propose", "publish"), silent)
    return Run(problem, dict(house.reports), house.lakehouse.content_hashes())


@pytest.fixture(scope="session")
def second(tmp_path_factory: pytest.TempPathFactory) -> Second:
    """Founded, fed with the real files, approved where an organ decided, run."""
    if not (founded.RETAIL.is_file() and founded.FOOTFALL.is_file()):
        pytest.skip("../shared/data is absent: there is no real data for a second cooperative")
    place = tmp_path_factory.mktemp("zweitort")
    folder: Path = place / "genossenschaft"
    founded.found(folder)
    settings = load_settings(home=place / "home", cooperative=folder, as_of=founded.AS_OF)
    founded.deliveries().lay_into(settings.inbox)
    house = open_house(settings)
    decided = [t for t in waiting_tables(house) if t not in founded.NOT_APPROVED]
    minutes = ["--organ", "Beirat", "--am", "10.01.2017", "--protokoll", "Protokoll 1, TOP 2"]
    approved = Second(house, Run(None, {}, {})).ortskern("approve", *decided, *minutes)
    assert approved.exit_code == 0, approved.output
    return Second(house, _run(house))


@pytest.fixture(scope="session")
def again(second: Second) -> Run:
    """The same once more, by a process that knows nothing of the first run."""
    house = open_house(second.house.settings)
    # Whoever edits the project's files meanwhile changes the revision that an edition names.
    house.code_revision, house.code_sha256 = second.house.code_revision, second.house.code_sha256
    return _run(house)


@pytest.fixture(scope="session")
def muenster(tmp_path_factory: pytest.TempPathFactory) -> town_of_muenster.Muenster:
    """Münster's sensors, holidays and weather, loaded and built."""
    town = town_of_muenster
    if not all(path.is_file() for path in town.REAL):
        pytest.skip("../shared/data is absent: no real bicycles, air, holidays and weather")
    return town.opened(tmp_path_factory.mktemp("muenster"))


@pytest.fixture
def con(second: Second) -> Iterator[DuckDBPyConnection]:
    """A reading connection to the lake."""
    with second.house.lakehouse.connect(read_only=True) as connection:
        yield connection
