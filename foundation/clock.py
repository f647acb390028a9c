# SPDX-License-Identifier: Apache-2.0
"""The only place that knows what time it is.

Belongs here: the instant that counts as now (``as_of``) and the reading of the machine's clock for logs.
Does not belong here: calendars and holidays (dbt's ``dim_day``).

Results depend on ``as_of`` alone; a run of the same inputs tomorrow gives the same tables.
"""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from foundation.cooperative import load_cooperative
from foundation.settings import Settings


def as_of(settings: Settings) -> datetime:
    """The instant that counts as now, aware; settings win over ``cooperative.yaml``, which wins over the machine's clock."""
    cooperative = load_cooperative(settings.cooperative)
    instant = settings.as_of or cooperative.as_of
    if instant is None:
        return wall().astimezone(ZoneInfo(cooperative.timezone))
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=ZoneInfo(cooperative.timezone))
    return instant


def local_date(settings: Settings) -> date:
    """The day of ``as_of`` in the cooperative's time zone."""
    return (
        as_of(settings).astimezone(ZoneInfo(load_cooperative(settings.cooperative).timezone)).date()
    )


def wall() -> datetime:
    """The machine's clock, UTC, for log lines and run times only; never for a value in a table that is published."""
    return datetime.now(tz=UTC)


def monotonic() -> float:
    """Seconds of a clock that never goes back, for durations."""
    return time.monotonic()
