# SPDX-License-Identifier: Apache-2.0
"""The town that most of these tests ask: simulated and run once, then run a second time.

Belongs here: what is slow to make and shared. Does not belong here: facts.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.town import Town, file_hashes, open_town


@dataclass(frozen=True)
class State:
    """Everything a run leaves behind that somebody may look at."""

    snapshot: int
    tables: dict[str, str]
    edition: dict[str, str]
    papers: dict[str, str]
    archive: dict[str, str]
    portal: dict[str, str]


def state_of(town: Town) -> State:
    """The town's state at this moment."""
    settings = town.settings
    return State(
        snapshot=town.lakehouse.snapshot(),
        tables=town.lakehouse.content_hashes(),
        edition=file_hashes(settings.publications_dir),
        papers=file_hashes(settings.statements_dir),
        archive=file_hashes(Path(settings.archive)),
        portal=file_hashes(settings.portal_dir / "site"),
    )


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Musterstadt with few receipts, all months, through both jobs; read it, never change it."""
    return open_town(tmp_path_factory.mktemp("stadt") / "home").simulate().run()


@pytest.fixture(scope="session")
def states(town: Town) -> tuple[State, State]:
    """The town's state after the first run and after a second one over the same deliveries."""
    first = state_of(town)
    Town(town.settings).run()
    return first, state_of(town)
