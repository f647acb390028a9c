# SPDX-License-Identifier: Apache-2.0
"""Synthetic difference-in-differences, synthetic control and difference-in-differences on one panel.

Belongs here: the three estimators behind one interface. Does not belong here: how sure one may be of
an estimate (``placebo.py``), which rows make a panel (``panel.py``), words (``verdict.py``).

Method: Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021), Algorithm 1, with the defaults of the
authors' package ``synthdid``; weights from diff-diff's Frank-Wolfe solver, which follows it step by
step. California's Proposition 99 comes out to the printed digits (``tests/analysis/experiments``).
The synthetic control without any penalty is a programme with one exact answer, so it is solved
exactly (non-negative least squares) beside ``synthdid``'s, whose iterations stop a little before it.

Limits: one start for all treated units and no gaps in the panel; the synthetic twin is as good as the
donors are like the treated units; whatever else happened in the treated places alone at the same time
counts as effect.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from foundation.errors import OrtskernError

Floats = NDArray[np.float64]
Method = Literal["sdid", "sc", "did"]
METHODS: tuple[Method, ...] = ("sdid", "sc", "did")
# Defaults of synthdid: penalty of the time weights, penalty of sc_estimate, and when to stop
_ETA_TIME = 1e-6
_ETA_CONTROL = 1e-6
_MIN_DECREASE = 1e-5


@dataclass(frozen=True)
class Panel:
    """Outcomes of all units in all periods: treated units, then controls.

    ``outcomes`` has one row per unit in the order of ``treated`` and ``controls`` and one column per
    period; the first ``before`` periods are the baseline.
    """

    outcomes: Floats
    treated: tuple[str, ...]
    controls: tuple[str, ...]
    periods: tuple[object, ...]
    before: int

    def __post_init__(self) -> None:
        expected = (len(self.treated) + len(self.controls), len(self.periods))
        if self.outcomes.shape != expected:
            raise OrtskernError(
                f"Auswertung: gefunden {self.outcomes.shape} Werte, erwartet {expected} (Einheiten, "
                "Zeiten); die Tafel neu aufbauen."
            )
        if not self.treated or len(self.controls) < 2 or not 1 < self.before < len(self.periods):
            raise OrtskernError(
                f"Auswertung: gefunden {len(self.treated)} Einheiten mit Maßnahme, "
                f"{len(self.controls)} ohne, {self.before} von {len(self.periods)} Zeiten davor; "
                "erwartet wenigstens eine, zwei und zwei, und eine Zeit danach."
            )
        if not np.isfinite(self.outcomes).all():
            raise OrtskernError(
                "Auswertung: gefunden eine Lücke in der Tafel, erwartet ein Wert je Einheit und Zeit; "
                "Einheiten oder Zeiten mit Lücken vorher herausnehmen."
            )

    @property
    def treated_mean(self) -> Floats:
        """Mean over the treated units, per period."""
        mean: Floats = self.outcomes[: len(self.treated)].mean(axis=0)
        return mean

    @property
    def control_outcomes(self) -> Floats:
        """One row per control."""
        return self.outcomes[len(self.treated) :]

    def with_effect(self, added: float) -> "Panel":
        """The same with so much more (in units of the outcome) in the treated units after the start."""
        outcomes = self.outcomes.copy()
        outcomes[: len(self.treated), self.before :] += added
        return replace(self, outcomes=outcomes)

    def without_treated(self) -> "Panel":
        """The controls alone, as if the first of them were treated; regrouped by ``as_treated``."""
        first, *rest = self.controls
        return replace(self, outcomes=self.control_outcomes, treated=(first,), controls=tuple(rest))

    def as_treated(self, places: tuple[int, ...]) -> "Panel":
        """The same outcomes with the units at these rows as the treated ones."""
        names = (*self.treated, *self.controls)
        rest = [i for i in range(len(names)) if i not in set(places)]
        return replace(
            self,
            outcomes=self.outcomes[[*places, *rest]],
            treated=tuple(names[i] for i in places),
            controls=tuple(names[i] for i in rest),
        )

    def until(self, periods: int, before: int) -> "Panel":
        """The first ``periods`` periods, ``before`` of them as the baseline."""
        return replace(
            self, outcomes=self.outcomes[:, :periods], periods=self.periods[:periods], before=before
        )


@dataclass(frozen=True)
class Fit:
    """An estimate: the effect in units of the outcome, and the weights it rests on.

    ``gap`` is treated mean minus synthetic twin, per period; the effect is its mean afterwards minus
    its mean before under ``time_weights``.
    """

    effect: float
    unit_weights: Floats
    time_weights: Floats
    gap: Floats


def estimate(panel: Panel, method: Method = "sdid") -> Fit:
    """The effect on the treated units by one of the three methods."""
    controls, before = panel.control_outcomes, panel.before
    if method == "did":
        units = np.full(len(controls), 1 / len(controls))
        times = np.full(before, 1 / before)
    elif method == "sc":
        units = _unit_weights(panel, _ETA_CONTROL, intercept=False)
        times = np.zeros(before)
    else:
        after = controls.shape[1] - before
        units = _unit_weights(panel, float((len(panel.treated) * after) ** 0.25), intercept=True)
        times = _time_weights(panel)
    gap = panel.treated_mean - units @ controls
    effect = float(gap[before:].mean() - times @ gap[:before])
    return Fit(effect, units, times, gap)


def simplex_fit(panel: Panel) -> Fit:
    """Synthetic control on outcomes alone, without penalty, solved exactly."""
    from scipy.optimize import nnls

    controls, before = panel.control_outcomes, panel.before
    # On the simplex A w - b is (A - b 1') w, so one row of ones holds the sum; scaled to the data.
    distances = (controls[:, :before] - panel.treated_mean[:before]).T
    scale = float(np.sqrt((distances**2).mean())) or 1.0
    stacked = np.vstack([distances / scale, np.ones(len(controls))])
    found, _ = nnls(stacked, np.append(np.zeros(before), 1.0), maxiter=50 * len(controls))
    units = found / found.sum()
    gap = panel.treated_mean - units @ controls
    return Fit(float(gap[before:].mean()), units, np.zeros(before), gap)


def balanced_gap(panel: Panel, method: Method = "sdid") -> Floats:
    """The gap per period with unit weights fitted over all periods: what is left if nothing happened."""
    after = len(panel.periods) - panel.before
    noise = float(np.diff(panel.control_outcomes, axis=1).std(ddof=1))
    if method == "did":
        units = np.full(len(panel.controls), 1 / len(panel.controls))
    elif method == "sc":
        units = _weights_of(panel.outcomes, len(panel.treated), _ETA_CONTROL, noise, False)
    else:
        eta = float((len(panel.treated) * after) ** 0.25)
        units = _weights_of(panel.outcomes, len(panel.treated), eta, noise, True)
    gap: Floats = panel.treated_mean - units @ panel.control_outcomes
    return gap


def _noise(panel: Panel) -> float:
    """Standard deviation of first differences of the controls in the baseline."""
    differences = np.diff(panel.control_outcomes[:, : panel.before], axis=1)
    return float(differences.std(ddof=1))


def _unit_weights(panel: Panel, eta: float, *, intercept: bool) -> Floats:
    known = panel.outcomes[:, : panel.before]
    return _weights_of(known, len(panel.treated), eta, _noise(panel), intercept)


def _weights_of(
    outcomes: Floats, treated: int, eta: float, noise: float, intercept: bool
) -> Floats:
    from diff_diff.utils import compute_sdid_unit_weights

    found = compute_sdid_unit_weights(
        np.ascontiguousarray(outcomes[treated:].T),
        outcomes[:treated].mean(axis=0),
        eta * noise,
        intercept=intercept,
        min_decrease=_MIN_DECREASE * noise,
    )
    return np.asarray(found, dtype=np.float64)


def _time_weights(panel: Panel) -> Floats:
    from diff_diff.utils import compute_time_weights

    controls, noise = panel.control_outcomes, _noise(panel)
    found = compute_time_weights(
        np.ascontiguousarray(controls[:, : panel.before].T),
        np.ascontiguousarray(controls[:, panel.before :].T),
        _ETA_TIME * noise,
        intercept=True,
        min_decrease=_MIN_DECREASE * noise,
    )
    return np.asarray(found, dtype=np.float64)
