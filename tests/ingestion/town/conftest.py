# SPDX-License-Identifier: Apache-2.0
"""The small town that these tests look at, simulated once per session."""

import pytest

from tests.ingestion.town.small_town import SmallTown, build


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> SmallTown:
    """All months of the small town at a tenth of its size."""
    return build(tmp_path_factory.mktemp("town"), scale=0.1, months=None)
