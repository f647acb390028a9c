# SPDX-License-Identifier: Apache-2.0
"""The town that most of these tests ask: simulated and run once, then run a second time.

Belongs here: what is slow to make and shared. Does not belong here: facts.
"""

import pytest

from tests.end_to_end.town import (
    Commanded,
    Proposed,
    State,
    Town,
    commanded,
    open_town,
    state_of,
    undecided,
)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Musterstadt with few receipts, all months, through both jobs; read it, never change it."""
    return open_town(tmp_path_factory.mktemp("stadt") / "home").simulate().run()


@pytest.fixture(scope="session")
def states(town: Town) -> tuple[State, State]:
    """The town's state after the first run and after a second one over the same deliveries."""
    first = state_of(town)
    return first, state_of(Town(town.settings).run())


@pytest.fixture(scope="session")
def contents(town: Town) -> dict[str, object]:
    """What all tables of the town say, read once."""
    return town.contents()


@pytest.fixture(scope="session")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> Proposed:
    """Two months of few receipts of a cooperative that has decided nothing, proposed unbroken."""
    folder = tmp_path_factory.mktemp("vorschlag")
    town = open_town(folder / "home", undecided(folder / "genossenschaft"))
    town.simulate(scale=0.01, months=2).run("propose")
    return Proposed(town, town.contents())


@pytest.fixture(scope="session")
def short(tmp_path_factory: pytest.TempPathFactory) -> Commanded:
    """The last three months with few receipts, simulated and run by the commands that the readme names."""
    return commanded(tmp_path_factory.mktemp("kurz") / "home")
