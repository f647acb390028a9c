# SPDX-License-Identifier: Apache-2.0
"""Seeded small towns, as weekly receipts alone: Musterstadt's shops and calendar, another draw each time.

Belongs here: drawing receipts with and without the experiment's effect. Does not belong here: facts.
What a town expects of its shops comes from the simulator; no file is written.
"""

import copy
import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.experiments.panel import EVENT_COLUMNS, WEEK_COLUMNS
from foundation.settings import PROJECT_ROOT
from ingestion.town.conditions import experiment_factor
from ingestion.town.inputs import Town, read_town
from ingestion.town.rhythm import expected_receipts

SCALE = 0.1
# As in town.yaml: from day to day, and between shops of one size
DAY_SPREAD, SIZE_SPREAD = 0.10, 0.18


@dataclass(frozen=True)
class Expected:
    """What each shop's days would bring: one entry per shop and trading day, sorted by shop."""

    shop: np.ndarray
    receipts: np.ndarray
    effect: np.ndarray
    week: list[dt.date]
    shops: list[tuple[str, str, str]]


@lru_cache(maxsize=1)
def musterstadt() -> Town:
    """The sample town as planned."""
    return read_town(PROJECT_ROOT / "cooperative", scale=1.0, seed=None, months=None)


def _without_experiment(town: Town) -> Town:
    plan = copy.deepcopy(town.plan)
    plan["conditions"]["experiment"]["factor"] = 1.0
    return replace(town, plan=plan)


@lru_cache(maxsize=1)
def expected() -> Expected:
    """All shops over all months, without the experiment's effect; that stands beside it as a factor."""
    town = musterstadt()
    quiet = _without_experiment(town)
    shop, receipts, effect, week, shops = [], [], [], [], []
    for site in (site for site in town.sites if site.member is not None):
        for month in town.months:
            days, counts = expected_receipts(quiet, site, month)
            shop += [len(shops)] * len(days)
            receipts += list(counts)
            effect += [experiment_factor(town, site.block_id, day) for day in days]
            week += [day - dt.timedelta(days=day.weekday()) for day in days]
        assert site.member is not None
        shops.append((site.block_id, site.member.owner_no, site.trade_id))
    return Expected(np.array(shop), np.array(receipts), np.array(effect), week, shops)


def block_weeks(seed: int, *, with_effect: bool, scale: float = SCALE) -> pd.DataFrame:
    """One town's receipts per block, week, owner and trade."""
    plan = expected()
    rng = np.random.default_rng([seed, with_effect])
    size = np.exp(SIZE_SPREAD * rng.standard_normal(len(plan.shops)))[plan.shop]
    mean = plan.receipts * size * scale * (plan.effect if with_effect else 1.0)
    counts = rng.poisson(mean * np.exp(DAY_SPREAD * rng.standard_normal(len(mean))))
    frame = pd.DataFrame({"shop": plan.shop, "week_start_date": plan.week, "receipt_count": counts})
    frame = frame.groupby(["shop", "week_start_date"], as_index=False).sum()
    names = pd.DataFrame(plan.shops, columns=["block_id", "owner_id", "trade_id"])
    return frame.join(names, on="shop")[list(WEEK_COLUMNS)]


@lru_cache(maxsize=1)
def event_days() -> pd.DataFrame:
    """Road works and the festival, as the town plans them."""
    plan = musterstadt().plan
    rows = [
        ("baustelle", first + dt.timedelta(days=i), block[:3], block, works["title"])
        for works in plan["conditions"]["road_works"]
        for first, last in [(works["first_day"], works["last_day"])]
        for block in works["blocks"]
        for i in range((last - first).days + 1)
    ]
    rows += [
        ("fest", day, None, None, plan["festival"]["name"]) for day in plan["festival"]["days"]
    ]
    return pd.DataFrame(rows, columns=list(EVENT_COLUMNS), dtype=object)
