# SPDX-License-Identifier: Apache-2.0
"""The estimators find what was put in, and refuse a panel that is none."""

from typing import Any

import numpy as np
import pytest

from analysis.experiments.sdid import METHODS, Method, Panel, balanced_gap, estimate, simplex_fit
from foundation.errors import OrtskernError

NAMES = tuple(f"c{i}" for i in range(8))


def panel(effect: float = 0.0, noise: float = 0.01, seed: int = 3) -> Panel:
    """Two treated and eight controls over 30 periods with one common course."""
    rng = np.random.default_rng(seed)
    course = np.cumsum(rng.normal(0, 0.1, 30))
    outcomes = rng.normal(5, 1, (10, 1)) + course + rng.normal(0, noise, (10, 30))
    outcomes[:2, 20:] += effect
    return Panel(outcomes, ("a", "b"), NAMES, tuple(range(30)), 20)


@pytest.mark.parametrize("method", ["sdid", "did"])
def test_the_effect_that_was_put_in_is_found(method: Method) -> None:
    assert estimate(panel(0.3), method).effect == pytest.approx(0.3, abs=0.02)


@pytest.mark.parametrize("method", METHODS)
def test_an_effect_on_the_treated_moves_the_estimate_by_exactly_itself(method: Method) -> None:
    moved = estimate(panel(0.25), method).effect - estimate(panel(), method).effect
    assert moved == pytest.approx(0.25, abs=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_unit_weights_are_shares(method: Method) -> None:
    weights = estimate(panel(), method).unit_weights
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1)


def test_a_treated_unit_that_is_a_control_gets_that_control() -> None:
    outcomes = panel().outcomes.copy()
    twin = Panel(outcomes[[4, 2, 3, 4]], ("a",), ("x", "y", "z"), tuple(range(30)), 20)
    assert simplex_fit(twin).unit_weights == pytest.approx([0, 0, 1], abs=1e-6)


def test_the_balanced_gap_has_every_period() -> None:
    assert balanced_gap(panel()).shape == (30,)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"before": 1}, "1 von 30 Zeiten davor"),
        ({"controls": NAMES[:5]}, "gefunden \\(10, 30\\) Werte, erwartet \\(7, 30\\)"),
        ({"outcomes": np.full((10, 30), np.nan)}, "eine Lücke in der Tafel"),
    ],
)
def test_what_is_no_panel_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(OrtskernError, match=message):
        Panel(**(vars(panel()) | changes))
