# SPDX-License-Identifier: Apache-2.0
"""From weekly receipts to the panel that is evaluated, by the rules that were registered.

Belongs here: which shops, blocks and weeks count, and why others do not. Does not belong here:
estimation. Every exclusion is decided by the entry's ``rules`` and named in the result.

The outcome of a block and week is the logarithm of its receipts, so an effect is a percentage and
large blocks do not outweigh small ones; a week without any receipt counts as half a receipt. Shops
are those whose owners agreed (the mart has no others). A shop that is silent for ``silent_weeks`` in a
row is left out for the whole time (closed, or its deliveries are missing): otherwise the block would
seem to have lost custom. Limit: if the measure itself closes a shop, this rule hides it.

``trade_adjusted``: receipts count against what the block's shops would have had, had each followed its
trade, so that an ice-cream parlour's summer is no effect. A trade's course is taken from its shops in
the control blocks, the block in question left out; a shop without another one of its trade there is
left out. Limit: customers who leave control blocks for the treated ones lower that course and make
the effect look larger.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.experiments.registry import Entry
from analysis.experiments.sdid import Floats, Panel
from foundation.errors import OrtskernError
from foundation.formats import day

WEEK_COLUMNS = ("block_id", "week_start_date", "owner_id", "trade_id", "receipt_count")
_SHOP = ["block_id", "owner_id", "trade_id"]
EVENT_COLUMNS = ("event_kind", "day_date", "quarter_id", "block_id", "title")
# As few owners as no published cell may rest on (methods of disclosure control, threshold rule)
_FEW = 5
_NO_RECEIPT = 0.5


class NotEvaluable(OrtskernError):  # noqa: N818 - it says what the experiment is
    """The deliveries do not carry the registered evaluation: no fault, and nothing to publish."""


@dataclass(frozen=True)
class Prepared:
    """The panel, who stands behind each unit, and what was left out.

    ``receipts`` has one row per shop that counts, indexed by block, owner and trade, and one column per
    week of the panel.
    """

    panel: Panel
    receipts: pd.DataFrame
    left_out: tuple[str, ...]

    def owners(self, blocks: tuple[str, ...]) -> int:
        """Owners behind these blocks."""
        index = self.receipts.index
        return int(
            index[index.isin(blocks, level="block_id")].get_level_values("owner_id").nunique()
        )

    def influence(self, weights: Mapping[str, float]) -> pd.DataFrame:
        """What each owner adds to a weighted mean of blocks: weight x share of the block's receipts.

        One row per owner, one column per week; a column sums to the sum of the weights.
        """
        index = self.receipts.index
        chosen = self.receipts[
            index.isin([b for b, w in weights.items() if w > 0], level="block_id")
        ]
        blocks = chosen.index.get_level_values("block_id")
        totals = chosen.groupby(blocks).transform("sum").clip(lower=_NO_RECEIPT)
        scaled = chosen.div(totals).mul([weights[b] for b in blocks], axis=0)
        return scaled.groupby(level="owner_id").sum()


def prepare(
    entry: Entry, block_weeks: pd.DataFrame, events: pd.DataFrame, *, until: dt.date | None = None
) -> Prepared:
    """The panel of an entry.

    Args:
        block_weeks: one row per block, week (Monday), owner and trade; columns ``WEEK_COLUMNS``.
        events: one row per event and day; columns ``EVENT_COLUMNS``.
        until: last day known, for a diagnosis before the start; the panel then ends with the last
            whole week before it and is parted into before and after as the plan parts its weeks.

    Raises:
        OrtskernError: a treated block has no receipts that count, or too few controls are left.
    """
    weeks, before = _weeks(entry, until)
    units = (*entry.units.treated, *entry.units.controls)
    table = _table(block_weeks, units, weeks)
    notes: list[str] = []
    table = _without_silent(table, entry.analysis.rules.silent_weeks, notes)
    table = _without_road_works(entry, table, events, weeks, notes)
    gone = _weeks_gone(entry, events, weeks, notes)
    before -= sum(week in gone for week in weeks[:before])
    weeks = [week for week in weeks if week not in gone]
    table = table[weeks]
    outcomes = _logarithm(table)
    if entry.analysis.rules.trade_adjusted:
        table, expected = _expected(entry, table, before, notes)
        outcomes = _logarithm(table) - _logarithm(expected)
    kept = _blocks_kept(entry, table, notes)
    panel = Panel(
        outcomes=outcomes.loc[kept].to_numpy(dtype=np.float64),
        treated=entry.units.treated,
        controls=tuple(kept[len(entry.units.treated) :]),
        periods=tuple(weeks),
        before=before,
    )
    return Prepared(panel, table, tuple(notes))


def _weeks(entry: Entry, until: dt.date | None) -> tuple[list[dt.date], int]:
    before, after = entry.baseline.weeks, entry.test.weeks
    if until is None:
        return [*before, *after], len(before)
    known = [week for week in before if week + dt.timedelta(days=6) <= until]
    # The comparison in time sees the less, the larger a part of all weeks the measure lasts.
    like_the_plan = round(len(known) * len(after) / (len(before) + len(after)))
    # Half of what is known must stay a baseline, or the trial says nothing about the plan.
    length = min(len(after), max(like_the_plan, 4), len(known) // 2)
    if length < 4:
        raise OrtskernError(
            f"Versuch „{entry.title}“: bis {day(until)} sind {len(known)} ganze Wochen der Vorzeit bekannt, "
            "erwartet wenigstens acht; später noch einmal durchrechnen."
        )
    return known, len(known) - length


def _table(block_weeks: pd.DataFrame, units: tuple[str, ...], weeks: list[dt.date]) -> pd.DataFrame:
    frame = block_weeks[list(WEEK_COLUMNS)].copy()
    frame["week_start_date"] = pd.to_datetime(frame["week_start_date"]).dt.date
    frame = frame[frame["block_id"].isin(units) & frame["week_start_date"].isin(weeks)]
    return (
        frame.pivot_table(
            index=_SHOP,
            columns="week_start_date",
            values="receipt_count",
            aggfunc="sum",
        )
        .reindex(columns=weeks)
        .fillna(0)
        .astype(np.float64)
        .sort_index()
    )


def _without_silent(table: pd.DataFrame, weeks: int, notes: list[str]) -> pd.DataFrame:
    silent = np.array([_longest_silence(row) >= weeks for row in table.to_numpy()], dtype=bool)
    if silent.any():
        many = int(silent.sum())
        notes.append(f"{_shops(many)} mit mindestens {weeks} Wochen ohne Bon")
    return table[~silent]


def _shops(many: int) -> str:
    """How many shops in words that are published: a small number is a cell of few."""
    return f"{many} Betriebe" if many >= _FEW else "weniger als fünf Betriebe"


def _longest_silence(receipts: Floats) -> int:
    longest = current = 0
    for value in receipts:
        current = current + 1 if value <= 0 else 0
        longest = max(longest, current)
    return longest


def _without_road_works(
    entry: Entry,
    table: pd.DataFrame,
    events: pd.DataFrame,
    weeks: list[dt.date],
    notes: list[str],
) -> pd.DataFrame:
    works = _days(events, weeks)
    works = works[
        (works["event_kind"] == "baustelle") & works["block_id"].isin(entry.units.controls)
    ]
    days = works.groupby("block_id")["day_date"].nunique()
    gone = days[days >= entry.analysis.rules.road_works_days]
    notes += [f"Block {block} wegen {count} Tagen Baustelle" for block, count in gone.items()]
    return table[~table.index.isin(gone.index, level="block_id")]


def _expected(
    entry: Entry, table: pd.DataFrame, before: int, notes: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Shops that can be compared, and what each would have had if it had followed its trade."""
    usual = table.iloc[:, :before].mean(axis=1)
    blocks = table.index.get_level_values("block_id")
    trades = table.index.get_level_values("trade_id")
    is_control = blocks.isin(entry.units.controls)
    courses = []
    for block, trade in zip(blocks, trades, strict=True):
        others = is_control & (trades == trade) & (blocks != block)
        level = float(usual[others].sum())
        courses.append(table[others].sum() / level if level > 0 else table.iloc[0] * np.nan)
    expected = pd.DataFrame(courses, index=table.index).mul(usual, axis=0)
    comparable = expected.notna().all(axis=1)
    if alone := int((~comparable).sum()):
        notes.append(f"{_shops(alone)} ohne zweiten der Branche in einem anderen Vergleichsblock")
    return table[comparable], expected[comparable]


def _logarithm(table: pd.DataFrame) -> pd.DataFrame:
    """Logarithm of what the shops of a block have together."""
    sums = table.groupby(level="block_id").sum().clip(lower=_NO_RECEIPT)
    return pd.DataFrame(np.log(sums.to_numpy()), index=sums.index, columns=sums.columns)


def _blocks_kept(entry: Entry, table: pd.DataFrame, notes: list[str]) -> list[str]:
    """Treated blocks, then the controls that are left, in the order of the entry."""
    there = set(table.index.get_level_values("block_id"))
    missing = [block for block in entry.units.treated if block not in there]
    if missing:
        raise NotEvaluable(
            f"Versuch „{entry.title}“: im Block {missing[0]} ist kein Betrieb, der durchgehend geliefert und "
            "zugestimmt hat; der Versuch lässt sich nicht auswerten."
        )
    named = " ".join(notes)
    empty = [b for b in entry.units.controls if b not in there and f"Block {b} " not in named]
    if empty:
        # Not by name: a block may have had a single shop, which somebody would know
        blocks = "1 Vergleichsblock" if len(empty) == 1 else f"{len(empty)} Vergleichsblöcke"
        notes.append(f"{blocks} ohne Betrieb, der durchgehend geliefert hat")
    return [*entry.units.treated, *(b for b in entry.units.controls if b in there)]


def _weeks_gone(
    entry: Entry, events: pd.DataFrame, weeks: list[dt.date], notes: list[str]
) -> set[dt.date]:
    found = _days(events, weeks)
    everywhere = found["quarter_id"].isna() & found["block_id"].isna()
    festival = (found["event_kind"] == "fest") & everywhere
    works = (found["event_kind"] == "baustelle") & found["block_id"].isin(entry.units.treated)
    chosen = works | festival if entry.analysis.rules.without_town_festivals else works
    gone: dict[dt.date, str] = {}
    for row in found[chosen].sort_values(["day_date", "title"]).to_dict("records"):
        monday = row["day_date"] - dt.timedelta(days=row["day_date"].weekday())
        gone.setdefault(monday, str(row["title"]))
    notes += [f"Woche ab {day(week)} wegen „{title}“" for week, title in gone.items()]
    return set(gone)


def _days(events: pd.DataFrame, weeks: list[dt.date]) -> pd.DataFrame:
    frame = events[list(EVENT_COLUMNS)].copy()
    frame["day_date"] = pd.to_datetime(frame["day_date"]).dt.date
    inside = (frame["day_date"] >= weeks[0]) & (
        frame["day_date"] <= weeks[-1] + dt.timedelta(days=6)
    )
    return frame[inside] if len(frame) else frame
