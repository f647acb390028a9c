# SPDX-License-Identifier: Apache-2.0
"""An entry, and weeks of receipts of a small invented town, for tests of experiments.

Belongs here: fabricated inputs with known effects. Does not belong here: facts.
"""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from analysis.experiments.registry import Diagnosis, Entry, Registration, entry_sha256, plan_sha256

TREATED = ("T-1", "T-2")
CONTROLS = tuple(f"C-{i:02d}" for i in range(1, 9))
FIRST, START, LAST = dt.date(2026, 1, 5), dt.date(2026, 5, 4), dt.date(2026, 6, 28)
DIAGNOSIS = Diagnosis(
    plan_sha256="0" * 64,
    simulated_on=dt.date(2026, 4, 20),
    data_until=dt.date(2026, 4, 19),
    trials=28,
    weeks_before=8,
    weeks_after=7,
    bias_percent=0.1,
    coverage_share=0.95,
    false_alarm_share=0.04,
    power_share=0.85,
    detectable_percent=4.5,
)


def content(**changes: Any) -> dict[str, Any]:
    """What the entry's file says."""
    return {
        "id": "gassen",
        "version": 1,
        "title": "Gassen",
        "hypothesis": "Bänke bringen mehr Einkäufe.",
        "target": {
            "metric": "log_receipts_per_week",
            "direction": "mehr",
            "noun": "Einkäufe",
            "minimum_relevant_percent": 5,
        },
        "units": {"kind": "block", "treated": list(TREATED), "controls": list(CONTROLS)},
        "baseline": {"first_day": FIRST, "last_day": START - dt.timedelta(days=1)},
        "test": {"first_day": START, "last_day": LAST},
        "design": "before_after_with_donors",
        "analysis": {
            "method": "sdid",
            "compared_with": ["did"],
            "significance": 0.05,
            "placebo_groups": 50,
            "rules": {
                "silent_weeks": 3,
                "road_works_days": 14,
                "without_town_festivals": True,
                "trade_adjusted": False,
            },
            "text": "Wie geplant.",
        },
        "stopping_rule": "Läuft bis zum Ende.",
        "cost_eur": 100,
        "cost_text": "Bänke",
        "contact": {"name": "Beirat", "role": "Rückfragen", "email": "beirat@example.org"},
        "blueprint": ["Zwei Blöcke"],
        "nuances": ["Im Sommer"],
        **changes,
    }


def entry(
    *, rules: dict[str, Any] | None = None, significance: float = 0.05, **changes: Any
) -> Entry:
    """The entry, diagnosed; `rules` replaces single rules of the evaluation."""
    said = content(**changes)
    said["analysis"] = {
        **said["analysis"],
        "significance": significance,
        "rules": {**said["analysis"]["rules"], **(rules or {})},
    }
    planned = Entry.model_validate({"diagnosis": DIAGNOSIS.model_dump(), **said})
    if "diagnosis" in changes or planned.diagnosis is None:
        return planned
    fitting = planned.diagnosis.model_copy(update={"plan_sha256": plan_sha256(planned)})
    return planned.model_copy(update={"diagnosis": fitting})


def record(of: Entry, on: dt.date = dt.date(2026, 4, 21)) -> Registration:
    """The registration of exactly this entry."""
    return Registration(
        version=of.version,
        registered_on=on,
        entry_sha256=entry_sha256(of),
        organ="Beirat",
        minutes="Protokoll 1",
        first_day=of.test.first_day,
    )


def block_weeks(*, effect: float = 0.0, seed: int = 1, noise: float = 0.03) -> pd.DataFrame:
    """Receipts per shop and week; four owners a block, the treated ones up by `effect` (share) from the start."""
    rng = np.random.default_rng(seed)
    weeks = [FIRST + dt.timedelta(weeks=i) for i in range(((LAST - FIRST).days + 1) // 7)]
    season = np.cumsum(rng.normal(0, 0.02, len(weeks)))
    rows = []
    for block in (*TREATED, *CONTROLS):
        load = rng.normal(1, 0.2)
        for shop in range(4):
            level = 200 + 40 * shop
            for i, week in enumerate(weeks):
                up = 1 + effect if block in TREATED and week >= START else 1
                count = level * up * np.exp(load * season[i] + rng.normal(0, noise))
                rows.append((block, week, f"{block}-O{shop}", f"trade-{shop}", round(count)))
    names = ["block_id", "week_start_date", "owner_id", "trade_id", "receipt_count"]
    return pd.DataFrame(rows, columns=names)


def events(*rows: tuple[str, dt.date, str | None, str | None, str]) -> pd.DataFrame:
    """Events as (kind, day, quarter, block, title)."""
    names = ["event_kind", "day_date", "quarter_id", "block_id", "title"]
    return pd.DataFrame(list(rows), columns=names, dtype=object)
