# SPDX-License-Identifier: Apache-2.0
"""How sure one may be of an estimate: placebos in space and in time, standard error, interval.

Belongs here: what the same analysis finds where or when nothing was done. Does not belong here: the
estimators (``sdid.py``), whether the experiment was large enough (``design.py``).

In space: every group of controls as large as the treated group is evaluated as if it were treated,
with the remaining controls as donors; the spread of these estimates is the standard error, and
p is (1 + placebos at least as far from zero) / (1 + placebos). Up to ``EXHAUSTIVE`` groups all are
taken, above it as many are drawn at a fixed seed; ``exhaustive`` says which.

In time: the test window is moved round the calendar, end joined to beginning, over all weeks; weights
are fitted over all weeks, as if nothing had happened (Chernozhukov, Wüthrich and Zhu 2021), and p is
the share of positions whose window stands out from the rest at least as much as the real one.

The two ask different questions and may disagree: the first whether other places moved as much, the
second whether these places move as much at other times. Both are shown.

Limits: placebos in space take all units for equally noisy; the smallest possible p in space is
1 / (1 + groups), in time 1 / weeks; the interval is the normal one, so its coverage is simulated
beforehand and stated (``design.py``).
"""

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from scipy.stats import norm

from analysis.experiments.sdid import Fit, Floats, Method, Panel, balanced_gap, estimate

EXHAUSTIVE = 1000
# Of the interval, whatever the level of the tests
LEVEL = 0.95
_SEED = 20260512


@dataclass(frozen=True)
class Inference:
    """An estimate with what is known about its uncertainty; numbers in units of the outcome."""

    fit: Fit
    standard_error: float
    low: float
    high: float
    p_space: float
    p_time: float
    placebos: Floats
    exhaustive: bool


def infer(
    panel: Panel, method: Method = "sdid", *, level: float = LEVEL, most: int = EXHAUSTIVE
) -> Inference:
    """Estimate, standard error, interval at ``level`` and both p-values.

    Args:
        most: groups of controls to evaluate at most; fewer are drawn without repetition.
    """
    fit = estimate(panel, method)
    placebos, exhaustive = in_space(panel, method, most=most)
    error = float(placebos.std(ddof=1))
    reach = float(norm.ppf(0.5 + level / 2)) * error
    return Inference(
        fit=fit,
        standard_error=error,
        low=fit.effect - reach,
        high=fit.effect + reach,
        p_space=p_in_space(fit.effect, placebos),
        p_time=p_in_time(panel, method),
        placebos=placebos,
        exhaustive=exhaustive,
    )


def in_space(panel: Panel, method: Method, *, most: int = EXHAUSTIVE) -> tuple[Floats, bool]:
    """Estimates of groups of controls taken for treated, and whether these are all groups."""
    controls = panel.without_treated()
    groups, exhaustive = groups_of(len(panel.controls), len(panel.treated), most)
    found = [estimate(controls.as_treated(group), method).effect for group in groups]
    return np.array(found), exhaustive


def groups_of(units: int, size: int, most: int) -> tuple[list[tuple[int, ...]], bool]:
    """All groups of ``size`` among ``units``, or ``most`` different ones at a fixed seed."""
    if comb(units, size) <= most:
        return list(combinations(range(units), size)), True
    rng = np.random.default_rng(_SEED)
    drawn: set[tuple[int, ...]] = set()
    while len(drawn) < most:
        drawn.add(tuple(sorted(int(i) for i in rng.choice(units, size, replace=False))))
    return sorted(drawn), False


def p_in_space(effect: float, placebos: Floats) -> float:
    """Share of groups, the treated one included, at least as far from zero."""
    further = int((np.abs(placebos) >= abs(effect)).sum())
    return (1 + further) / (1 + len(placebos))


def p_in_time(panel: Panel, method: Method = "sdid") -> float:
    """Share of positions of the test window, the real one included, that stand out as much."""
    return share_of_shifts(balanced_gap(panel, method), len(panel.periods) - panel.before)


def share_of_shifts(gap: Floats, length: int) -> float:
    """Share of windows of ``length``, moved round the end, whose mean is at least as far from the rest as the last one's."""
    periods = len(gap)
    centred = gap - gap.mean()
    sums = np.concatenate([[0.0], np.cumsum(np.concatenate([centred, centred]))])
    windows = np.abs(sums[length : length + periods] - sums[:periods])
    real = windows[periods - length]
    # Rounding must not make the real window stand out less than itself.
    return float((windows >= real * (1 - 1e-9)).mean())
