# SPDX-License-Identifier: Apache-2.0
"""The third rung: one LightGBM for all series of a panel, through mlforecast, behind sktime's interface.

Belongs here: features of the past, the models, and what each feature contributed. Does not belong here: calendars (they come as
X), the choice between rungs, German words for contributions.

Every feature of the past is at least ``horizon`` days old, so that up to the horizon each day is forecast directly from known
values and the calendar of that day; beyond it mlforecast goes on step by step. Days without known demand (NaN) are no training rows.
"""

import operator
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.forecasting.rare import effects
from analysis.forecasting.whole import Array, WholePanel, between, filled

MEAN = "mean"
LEVEL, WEEK, RHYTHM, PHASE, SIZE = "level", "last_week", "rhythm", "phase", "size"


class PanelForecaster(WholePanel):
    """Gradient boosting on a whole panel.

    Args:
        horizon: days up to which forecasts are direct.
        season: length of the rhythm in days.
        quantiles: levels that get a model of their own; others are read off between them.
        rounds, leaves, learning_rate, least_rows: size of the models.
        scaled: each series divided by its mean, so that large and small ones are compared.
        rare: exogenous 0/1 columns of few days (a festival, a public holiday). Their effect is measured as one factor of the whole
            panel against the weeks around and taken out before the trees see the days: two days a year are too few rows for a tree,
            which recovered 1.16 to 1.25 of a planted 1.35.

    Limits: needs non-negative values for its log link (Tweedie); with a negative value it falls back to squared errors and then
    cannot explain itself in factors.

    Examples
    --------
    >>> from analysis.forecasting.panel import PanelForecaster
    >>> from sktime.utils._testing.hierarchical import _make_hierarchical
    >>> y = _make_hierarchical(hierarchy_levels=(3,), min_timepoints=40, max_timepoints=40)
    >>> len(PanelForecaster(rounds=5).fit(y, fh=[1, 2]).predict())
    6
    """

    _tags = {
        "capability:exogenous": True,
        "capability:random_state": True,
        "python_dependencies": ["mlforecast", "lightgbm"],
    }

    def __init__(
        self,
        horizon: int = 7,
        season: int = 7,
        quantiles: Sequence[float] = (0.1, 0.5, 0.9),
        rounds: int = 120,
        leaves: int = 15,
        learning_rate: float = 0.08,
        least_rows: int = 20,
        scaled: bool = True,
        rare: Sequence[str] = (),
        random_state: int = 0,
    ) -> None:
        self.horizon = horizon
        self.season = season
        self.quantiles = quantiles
        self.rounds = rounds
        self.leaves = leaves
        self.learning_rate = learning_rate
        self.least_rows = least_rows
        self.scaled = scaled
        self.rare = rare
        self.random_state = random_state
        super().__init__()

    # -- fitting -----------------------------------------------------------------------------------

    def _fit_matrix(self, values: Array, exogenous: Array | None) -> None:
        self.rare_columns_ = [i for i, name in enumerate(self.x_columns_) if name in self.rare]
        self.is_log_ = bool(
            np.nanmin(values, initial=0.0) >= 0 and np.nanmax(values, initial=0.0) > 0
        )
        self.rare_effects_ = np.zeros(len(self.rare_columns_))
        if exogenous is not None and self.rare_columns_ and self.is_log_:
            flags = exogenous[:, :, self.rare_columns_] > 0
            self.rare_effects_ = effects(values, flags, self.season)
        values = values / np.exp(self._rare_part(values.shape, exogenous))
        full = filled(values, self.season)
        known = ~np.isnan(values)
        self.active_ = known.any(axis=0)
        mean = np.where(known, full, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        self.scale_ = np.where(mean > 0, mean, 1.0) if self.scaled else np.ones(len(mean))
        frame = self._long(full / self.scale_, exogenous, known)
        self.engine_ = None
        if frame.empty:
            return
        self.engine_ = self._engine()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.engine_.fit(
                frame,
                static_features=[SIZE],
                dropna=False,
                weight_col="weight",
                validate_data=False,
                cache_train_df=False,
            )

    def _long(self, full: Array, exogenous: Array | None, known: Array) -> pd.DataFrame:
        """The panel as mlforecast wants it, each series from its first known value on."""
        series, time = np.nonzero(~np.isnan(full.T))
        frame = {
            "unique_id": series,
            "ds": self.grid_.start + time,
            "y": full[time, series].astype(np.float32),
            SIZE: np.log(np.abs(self.scale_[series]) + 1e-9).astype(np.float32),
            # A row counts as much as its series sells, so that the sum of errors in pieces is what shrinks.
            "weight": (known[time, series] * np.abs(self.scale_[series])).astype(np.float32),
        }
        frame |= self._x_long(exogenous, time, series)
        return pd.DataFrame(frame)

    def _x_long(self, exogenous: Array | None, time: Array, series: Array) -> dict[str, Array]:
        if exogenous is None:
            return {}
        return {
            f"x_{name}": exogenous[time, series, i].astype(np.float32)
            for i, name in enumerate(self.x_columns_)
            if i not in self.rare_columns_
        }

    def _rare_part(self, shape: tuple[int, ...], exogenous: Array | None) -> Array:
        """Logarithm of the factor that rare days have, (time x series)."""
        if exogenous is None or not self.rare_columns_:
            return np.zeros(shape)
        found: Array = (exogenous[:, :, self.rare_columns_] > 0) @ self.rare_effects_
        return found

    def _engine(self) -> Any:
        from mlforecast import MLForecast

        oldest = -(-self.horizon // self.season) * self.season
        return MLForecast(
            models=self.models(),
            freq=1,
            lag_transforms=past(self.horizon, oldest, self.season),
            date_features=[Phase(self.season)],
            num_threads=1,
        )

    def models(self) -> dict[str, Any]:
        """One LightGBM for the mean and one per quantile, by name."""
        from lightgbm import LGBMRegressor

        common: dict[str, Any] = {
            "n_estimators": self.rounds,
            "num_leaves": self.leaves,
            "learning_rate": self.learning_rate,
            "min_child_samples": self.least_rows,
            "n_jobs": 1,
            "verbose": -1,
            "random_state": self.random_state,
            "deterministic": True,
            "force_row_wise": True,
            "max_bin": 127,
        }
        mean: dict[str, Any] = {"objective": "tweedie", "tweedie_variance_power": 1.2}
        if not self.is_log_:
            mean = {"objective": "regression"}
        found = {MEAN: LGBMRegressor(**common, **mean)}
        for level in self.quantiles:
            found[f"q{level}"] = LGBMRegressor(objective="quantile", alpha=level, **common)
        return found

    # -- predicting --------------------------------------------------------------------------------

    def _run(
        self, horizon: int, exogenous: Array | None
    ) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
        """What mlforecast predicts for all steps, and the features of each step."""
        features: list[pd.DataFrame] = []

        def keep(frame: pd.DataFrame) -> pd.DataFrame:
            features.append(frame.copy())
            return frame

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert self.engine_ is not None
            found = self.engine_.predict(
                horizon,
                X_df=self._x_future(horizon, exogenous),
                before_predict_callback=keep,
            )
        return found, features

    def _x_future(self, horizon: int, exogenous: Array | None) -> pd.DataFrame | None:
        if not self.x_columns_:
            return None
        if exogenous is None:
            exogenous = np.full((horizon, len(self.active_), len(self.x_columns_)), np.nan)
        series = np.repeat(np.flatnonzero(self.active_), horizon)
        time = np.tile(np.arange(horizon), int(self.active_.sum()))
        start = self.grid_.start + self.grid_.length
        return pd.DataFrame(
            {"unique_id": series, "ds": start + time} | self._x_long(exogenous, time, series)
        )

    def _columns(self, horizon: int, exogenous: Array | None, names: Sequence[str]) -> Array:
        found = np.zeros((horizon, len(self.active_), len(names)))
        if self.engine_ is not None:
            answer, _ = self._run(horizon, exogenous)
            values = answer[list(names)].to_numpy(dtype=float)
            shaped = values.reshape(-1, horizon, len(names)).transpose(1, 0, 2)
            found[:, self.active_] = shaped
        rare = np.exp(self._rare_part(found.shape[:2], exogenous))
        return found * self.scale_[None, :, None] * rare[:, :, None]

    def _predict_matrix(self, horizon: int, exogenous: Array | None) -> Array:
        return self._columns(horizon, exogenous, [MEAN])[:, :, 0]

    def _quantile_matrix(
        self, horizon: int, exogenous: Array | None, levels: Sequence[float]
    ) -> Array:
        names = [f"q{level}" for level in self.quantiles]
        return between(self.quantiles, self._columns(horizon, exogenous, names), levels)

    def contributions(self, fh: Any, X: pd.DataFrame | None = None) -> pd.DataFrame:
        """What each feature adds to the logarithm of the mean forecast; the columns of a row add up to it exactly.

        Column ``base`` is the logarithm of what is usual for the series. Raises TypeError where there is no log link.
        """
        if not self.is_log_ or self.engine_ is None:
            raise TypeError("contributions exist on the log link only")
        fh = self._check_fh(fh)
        steps, exogenous = self._future(fh, X)
        _, features = self._run(int(steps.max()), exogenous)
        booster = self.engine_.models_[MEAN].booster_
        names = [*booster.feature_name(), "base"]
        found = np.zeros((len(steps), len(self.active_), len(names)))
        for position, step in enumerate(steps):
            found[position, self.active_] = booster.predict(features[step - 1], pred_contrib=True)
        found[:, :, -1] += np.log(self.scale_)
        if exogenous is not None and self.rare_columns_:
            flags = exogenous[steps - 1][:, :, self.rare_columns_] > 0
            found = np.concatenate([found, flags * self.rare_effects_], axis=-1)
            names += [f"x_{self.x_columns_[i]}" for i in self.rare_columns_]
        return self._answer(fh, found, pd.Index(names))

    @classmethod
    def get_test_params(cls, parameter_set: str = "default") -> list[dict[str, Any]]:
        """Small models for sktime's contract test."""
        small = {"rounds": 3, "leaves": 3, "least_rows": 2}
        return [
            {"horizon": 2, "season": 3, **small},
            {"scaled": False, "quantiles": (0.5,), **small},
        ]


class Phase:
    """Where in the rhythm a point of time lies; a feature function of mlforecast."""

    __name__ = PHASE

    def __init__(self, season: int) -> None:
        self.season = season

    def __call__(self, times: pd.Index) -> Array:
        return np.asarray(times) % self.season


def past(horizon: int, oldest: int, season: int) -> dict[int, list[Any]]:
    """Features of the past by lag.

    The level of four weeks, that of the last week against it, and the rhythm: the same weekday of eight weeks against the level.
    Kept apart so that „Freitag“ and „zuletzt verkauft“ are different reasons.
    """
    from mlforecast.lag_transforms import Combine, RollingMean, SeasonalRollingMean

    month = RollingMean(4 * season, min_samples=season)
    week = Combine(RollingMean(season, min_samples=1), month, operator.truediv)
    rhythm = Combine(
        SeasonalRollingMean(season, window_size=8, min_samples=1), month, operator.truediv
    )
    if oldest == horizon:
        return {horizon: [month, week, rhythm]}
    return {horizon: [month, week], oldest: [rhythm]}
