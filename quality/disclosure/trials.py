# SPDX-License-Identifier: Apache-2.0
"""May the result of an experiment leave? The firm rule for curves and effects that no sum leads back to.

Belongs here: the check before the sources of ``release.experiment`` and ``release.experiment_week`` are
written. Does not belong here: estimation (``analysis/experiments``), writing.

Why not an ``aggregate`` table: an index against a synthetic twin is neither sum, count, mean nor share of
additive columns, so the gate cannot form or audit it. The releases are therefore ``passthrough``, whose
rows the gate takes as they are, and this module decides beforehand which rows there are.

What an owner contributes to such a figure is its influence: weight of its block x its share of the
block's receipts. On these the same rules apply as on euros: at least ``firms_min`` owners, the largest
at most ``top1_max``, the two largest under ``top2_max``, p%. Both curves must pass over the whole time, or
nothing leaves. A week in which one of them fails is withheld; if it would be the only one, a second one
goes with it, because the effect is a mean over the weeks and one gap could be computed from it.

Limit: related owners must already be one contributor, as ``owner_id`` makes them; the audit of the gate
does not see these tables, so nobody may add sums of the same blocks to them.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from foundation.cooperative import DisclosureRules
from quality.disclosure.rules import Verdict, judge_firms

# Curve -> owner -> influence per week, all of the same length
Influence = Mapping[str, Mapping[str, Sequence[float]]]
REASONS = {
    "threshold": "zu wenige Betriebe",
    "top1": "ein Betrieb macht zu viel aus",
    "top2": "zwei Betriebe machen zu viel aus",
    "p_percent": "ein Betrieb wäre abzuschätzen",
    "all_zero": "keine Einkäufe",
    "period": "der Zeitraum ist noch nicht abgeschlossen",
}


@dataclass(frozen=True)
class Passage:
    """Whether a result may leave; ``weeks`` says for each week whether its values may."""

    reason: str | None
    weeks: tuple[bool, ...]

    @property
    def is_open(self) -> bool:
        """Whether the result may leave."""
        return self.reason is None


def passage(
    influence: Influence, rules: DisclosureRules, *, last_day: dt.date, on: dt.date
) -> Passage:
    """Judge the curves of one experiment.

    Args:
        influence: both curves; a missing curve is one of no owner and never passes.
        last_day: of the test window; its month must be closed for ``ageing_months``.
        on: the day that counts as now.
    """
    length = max((len(w) for curve in influence.values() for w in curve.values()), default=0)
    closed_all = (False,) * length
    if not is_aged(last_day, rules, on):
        return Passage(REASONS["period"], closed_all)
    for curve in influence.values():
        whole = judge([sum(weeks) for weeks in curve.values()], rules)
        if not whole.safe:
            return Passage(REASONS[str(whole.rule)], closed_all)
    weeks = [
        all(judge([w[i] for w in curve.values()], rules).safe for curve in influence.values())
        for i in range(length)
    ]
    if weeks.count(False) == 1:
        weeks[_neighbour(weeks.index(False), length)] = False
    return Passage(None, tuple(weeks))


def judge(influences: Sequence[float], rules: DisclosureRules) -> Verdict:
    """One cell: what each owner adds to it. No owner at all is refused here, unlike a sum of nothing."""
    there = [[Decimal(repr(float(value)))] for value in influences if value > 0]
    return judge_firms(there, rules) if there else Verdict(False, "threshold")


def is_aged(last_day: dt.date, rules: DisclosureRules, on: dt.date) -> bool:
    """Whether the month of a day is closed and as old as the rules want it, as for every period."""
    months = last_day.year * 12 + last_day.month - 1 + rules.ageing_months
    return dt.date(months // 12, months % 12 + 1, 1) <= on and last_day < on


def _neighbour(place: int, length: int) -> int:
    return place + 1 if place + 1 < length else place - 1
