# SPDX-License-Identifier: Apache-2.0
"""Which days a run loads: all that waits, or those that were asked for."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import pytest
from dagster import PartitionKeyRange

from orchestration.assets.ingestion import _days
from orchestration.names import EVERYTHING


@dataclass
class Asked:
    """What a step sees of the run that it belongs to."""

    tags: tuple[str, ...] = ()
    keys: tuple[str, str] | None = None

    @property
    def has_partition_key(self) -> bool:
        return self.keys is not None and self.keys[0] == self.keys[1]

    @property
    def has_partition_key_range(self) -> bool:
        return self.keys is not None

    @property
    def partition_key_range(self) -> PartitionKeyRange:
        assert self.keys is not None
        return PartitionKeyRange(*self.keys)

    def has_tag(self, name: str) -> bool:
        return name in self.tags


MONTH = ("2026-09-01", "2026-09-30")


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        (Asked(), (None, None)),
        # Holidays of the next year and events to come are loaded as well.
        (Asked((EVERYTHING,), MONTH), (None, None)),
        (Asked((), MONTH), (date(2026, 9, 1), date(2026, 9, 30))),
        (Asked((), ("2026-09-01", "2026-09-01")), (date(2026, 9, 1), date(2026, 9, 1))),
    ],
)
def test_days_of_a_run(asked: Asked, days: tuple[date | None, date | None]) -> None:
    assert _days(cast(Any, asked)) == days
