# SPDX-License-Identifier: Apache-2.0
"""Forecasts of 1,000 daily series over 730 days, horizon 28: our panel forecaster through sktime beside mlforecast itself.

Belongs here: making the series, timing both in one run, accuracy by rung. Does not belong here: whether that is fast enough for
a cooperative (``tests/bench.py`` prints it, a reader judges).

The series are made up (Poisson counts with a week and a slow wave); both sides fit the same two models on the same features.
"""

import os
import sys
import warnings
from collections.abc import Callable

# LightGBM's threads must not spin where two cores are busy; read when it is imported
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import pandas as pd

from foundation.clock import monotonic
from foundation.formats import number

SERIES, DAYS, HORIZON, SEED = 1_000, 730, 28, 417
WEEK = np.array([0.90, 0.90, 0.95, 1.00, 1.10, 1.35, 0.75])
Counts = np.ndarray


def made_up() -> Counts:
    """Counts, one row per series."""
    rng = np.random.default_rng(SEED)
    level = np.exp(rng.normal(3, 0.7, SERIES))[:, None]
    day = np.arange(DAYS)
    return rng.poisson(level * WEEK[day % 7] * np.exp(0.15 * np.sin(day / 58))).astype(float)


def panel_frame(counts: Counts) -> pd.DataFrame:
    """The counts as sktime takes a panel."""
    days = pd.date_range("2024-01-01", periods=counts.shape[1])
    index = pd.MultiIndex.from_product([range(SERIES), days], names=["series", "day_date"])
    return pd.DataFrame({"quantity": counts.ravel()}, index=index)


def timed(forecast: Callable[[], Counts]) -> tuple[Counts, float]:
    """What a forecast answers, and the seconds it took."""
    began = monotonic()
    return forecast(), monotonic() - began


def through_sktime(known: Counts, forecaster: object) -> Counts:
    """Fit and predict through sktime's interface."""
    frame = panel_frame(known)
    fitted = forecaster.fit(frame, fh=list(range(1, HORIZON + 1)))  # type: ignore[attr-defined]
    return np.asarray(fitted.predict()).reshape(SERIES, HORIZON)


def native(known: Counts, models: object) -> Counts:
    """The same features and models handed to mlforecast without sktime."""
    from mlforecast import MLForecast

    from analysis.forecasting.panel import SIZE, Phase, past

    mean, days = known.mean(axis=1), known.shape[1]
    long = pd.DataFrame(
        {
            "unique_id": np.repeat(np.arange(SERIES), days),
            "ds": np.tile(np.arange(days), SERIES),
            "y": (known / mean[:, None]).ravel().astype("f4"),
            SIZE: np.repeat(np.log(mean), days).astype("f4"),
            "weight": np.repeat(mean, days).astype("f4"),
        }
    )
    engine = MLForecast(
        models=models,
        freq=1,
        lag_transforms=past(HORIZON, 28, 7),
        date_features=[Phase(7)],
        num_threads=1,
    )
    engine.fit(
        long,
        static_features=[SIZE],
        dropna=False,
        weight_col="weight",
        validate_data=False,
        cache_train_df=False,
    )
    found = engine.predict(HORIZON)["mean"].to_numpy().reshape(SERIES, HORIZON)
    return np.asarray(found * mean[:, None])


def lines() -> list[str]:
    """The comparison and the accuracy by rung, as text."""
    from analysis.forecasting.panel import PanelForecaster
    from analysis.forecasting.rungs import SeasonalNaive, Smoothing

    warnings.simplefilter("ignore")
    counts = made_up()
    known, true = counts[:, :-HORIZON], counts[:, -HORIZON:]

    def wape(forecast: Counts) -> str:
        return number(float(np.abs(true - forecast).sum() / true.sum()), 4)

    panel = PanelForecaster(horizon=HORIZON, quantiles=(0.5,))
    ours, our_seconds = timed(lambda: through_sktime(known, panel))
    theirs, their_seconds = timed(lambda: native(known, panel.models()))
    said = [
        f"Vorhersagen, {number(SERIES)} Reihen zu {DAYS} Tagen, Horizont {HORIZON}:",
        f"  durch sktime {number(our_seconds, 1)} s, WAPE {wape(ours)}; "
        f"mlforecast allein {number(their_seconds, 1)} s, WAPE {wape(theirs)}; "
        f"Verhältnis {number(our_seconds / their_seconds, 2)}",
    ]
    for name, rung in (("Vorwoche", SeasonalNaive()), ("ETS(A,N,A)", Smoothing())):
        found, seconds = timed(lambda rung=rung: through_sktime(known, rung))  # type: ignore[misc]
        said.append(f"  Sprosse {name}: WAPE {wape(found)}, {number(seconds, 1)} s")
    return [*said, f"  Sprosse LightGBM: WAPE {wape(ours)}"]


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
