# SPDX-License-Identifier: Apache-2.0
"""How good a forecast was: five figures, each defined once.

Belongs here: figures of actual values against forecasts. Does not belong here: making forecasts, or choosing between them.

Days without known demand (NaN: closed, sold out) are in none of them: they say nothing about the forecast.
"""

import numpy as np

Array = np.ndarray


def known(actual: Array) -> Array:
    """Where the demand is known."""
    return ~np.isnan(np.asarray(actual, dtype=float))


def wape(actual: Array, forecast: Array) -> float:
    """Absolute errors as a share of everything that was sold; NaN where nothing was sold."""
    there = known(actual)
    sold = np.abs(actual[there]).sum()
    return float(np.abs(actual[there] - forecast[there]).sum() / sold) if sold > 0 else np.nan


def bias(actual: Array, forecast: Array) -> float:
    """What was forecast too much, as a share of what was sold; negative where too little."""
    there = known(actual)
    sold = np.abs(actual[there]).sum()
    return float((forecast[there] - actual[there]).sum() / sold) if sold > 0 else np.nan


def mase(actual: Array, forecast: Array, history: Array, season: int = 7) -> float:
    """Mean absolute error against that of the seasonal naive forecast on the history before; NaN where that never erred."""
    there, steps = known(actual), np.abs(history[season:] - history[:-season])
    if not there.any() or np.isnan(steps).all() or np.nanmean(steps) == 0:
        return float("nan")
    return float(np.abs(actual[there] - forecast[there]).mean() / np.nanmean(steps))


def pinball(actual: Array, quantiles: Array, levels: Array) -> float:
    """Mean pinball loss over all levels; ``quantiles`` is (day x level). Smaller is better."""
    there = known(actual)
    if not there.any():
        return float("nan")
    error = actual[there, None] - quantiles[there]
    asked = np.asarray(levels, dtype=float)[None, :]
    return float(np.maximum(asked * error, (asked - 1) * error).mean())


def coverage(actual: Array, low: Array, high: Array) -> float:
    """Share of days on which the actual value lay in the range."""
    there = known(actual)
    if not there.any():
        return float("nan")
    inside = (actual[there] >= low[there]) & (actual[there] <= high[there])
    return float(inside.mean())
