# SPDX-License-Identifier: Apache-2.0
"""Was the design large enough to see anything? Tried beforehand, on data where nothing was done.

Belongs here: bias, coverage, false alarms, power and the smallest effect that would be seen, by running
the planned evaluation itself (as DeclareDesign does). Does not belong here: formulas (``power.py``).

Each trial takes a group of controls as large as the treated group for treated, evaluates it with the
remaining controls as donors, and adds the effect in question. Synthetic difference-in-differences moves
by exactly the effect that is added to the treated units afterwards, and placebos in space are computed
without the treated units; so one evaluation per group serves every effect. Placebos in time fit over all
weeks and are computed anew for each effect. Seen is what both call real, as the verdict demands.

Limits: groups overlap, so the trials are not independent; the baseline is shorter than at the evaluation,
which makes the answer cautious; what the coming season does differently from the last is not in it.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from math import expm1, log1p

import numpy as np
from scipy.stats import norm

from analysis.experiments.placebo import LEVEL, groups_of, in_space, p_in_space, p_in_time
from analysis.experiments.registry import Diagnosis, Entry, plan_sha256
from analysis.experiments.sdid import Floats, Method, Panel, estimate

TRIALS = 100
WANTED_POWER = 0.80
_STEP = 0.0025
# Beyond a doubling nobody asks any more
_HIGHEST_PERCENT = 100.0


@dataclass(frozen=True)
class Trial:
    """One group of controls evaluated as if it were treated, nothing added; ``in_time`` is p in time by what is added."""

    effect: float
    placebos: Floats
    in_time: Callable[[float], float]

    def rejects(self, added: float, alpha: float) -> bool:
        """Whether placebos in space and in time call the effect real, in the direction of what was added."""
        effect = self.effect + added
        same_way = added == 0 or (effect > 0) == (added > 0)
        in_space = same_way and p_in_space(effect, self.placebos) <= alpha
        return in_space and self.in_time(added) <= alpha

    def covers(self, level: float) -> bool:
        """Whether the interval holds what was added."""
        reach = float(norm.ppf(0.5 + level / 2)) * float(self.placebos.std(ddof=1))
        return abs(self.effect) <= reach


def trials_of(panel: Panel, method: Method, *, trials: int, most: int) -> list[Trial]:
    """Groups of controls as trials; all of them, or so many at a fixed seed."""
    controls = panel.without_treated()
    groups, _ = groups_of(len(panel.controls), len(panel.treated), trials)
    found = []
    for group in groups:
        trial = controls.as_treated(group)
        placebos, _ = in_space(trial, method, most=most)
        in_time = cache(partial(_in_time, trial, method))
        found.append(Trial(estimate(trial, method).effect, placebos, in_time))
    return found


def _in_time(panel: Panel, method: Method, added: float) -> float:
    return p_in_time(panel.with_effect(added), method)


def power_at(found: list[Trial], added: float, alpha: float) -> float:
    """Share of trials in which an effect of that size would be called real."""
    return float(np.mean([trial.rejects(added, alpha) for trial in found]))


def detectable(found: list[Trial], alpha: float, *, sign: int = 1) -> float:
    """The smallest effect (in units of the outcome, without sign) seen with ``WANTED_POWER``; infinite if not even a doubling is.

    Found by halving, because power grows with the effect.
    """
    grid = np.arange(_STEP, log1p(_HIGHEST_PERCENT / 100), _STEP)
    first = bisect_left(
        grid, True, key=lambda a: power_at(found, sign * float(a), alpha) >= WANTED_POWER
    )
    return float(grid[first]) if first < len(grid) else float("inf")


def diagnose(
    entry: Entry, panel: Panel, *, on: dt.date, data_until: dt.date, trials: int = TRIALS
) -> Diagnosis:
    """The design of an entry, tried on a panel from before its start."""
    plan = entry.analysis
    found = trials_of(panel, plan.method, trials=trials, most=plan.placebo_groups)
    sign = 1 if entry.target.direction == "mehr" else -1
    relevant = log1p(sign * entry.target.minimum_relevant_percent / 100)
    smallest = detectable(found, plan.significance, sign=sign)
    return Diagnosis(
        plan_sha256=plan_sha256(entry),
        simulated_on=on,
        data_until=data_until,
        trials=len(found),
        weeks_before=panel.before,
        weeks_after=len(panel.periods) - panel.before,
        bias_percent=round(100 * expm1(float(np.mean([t.effect for t in found]))), 2),
        coverage_share=round(float(np.mean([t.covers(LEVEL) for t in found])), 3),
        false_alarm_share=round(power_at(found, 0.0, plan.significance), 3),
        power_share=round(power_at(found, relevant, plan.significance), 3),
        detectable_percent=round(100 * abs(expm1(sign * smallest)), 1)
        if np.isfinite(smallest)
        else _HIGHEST_PERCENT,
    )
