# SPDX-License-Identifier: Apache-2.0
"""The two simple rungs of the ladder: the same weekday of last week, and exponential smoothing.

Belongs here: methods that a merchant could do on paper, as a measure for anything cleverer. Does not belong here: the comparison.

Their quantiles are those of their own past errors, not of a normal distribution.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.forecasting.whole import Array, WholePanel, filled


class SeasonalNaive(WholePanel):
    """Each day as the same weekday a week before (``season`` days); over longer horizons the last week repeats.

    Compared with sktime's ``NaiveForecaster(sp=7)`` in the tests; that one is copied per series and takes 200 times as long.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.forecasting.rungs import SeasonalNaive
    >>> SeasonalNaive(2).fit(pd.Series([1.0, 2.0, 3.0, 4.0]), fh=[1, 2, 3]).predict().tolist()
    [3.0, 4.0, 3.0]
    """

    def __init__(self, season: int = 7) -> None:
        self.season = season
        super().__init__()

    def _fit_matrix(self, values: Array, exogenous: Array | None) -> None:
        usual = filled(values, self.season)
        full = np.nan_to_num(usual)
        padded = np.concatenate([np.repeat(full[:1], self.season, axis=0), full])
        self.last_ = padded[-self.season :]
        # The first week of a series has nothing to be compared with: no error, not one as large as its sales
        self.errors_ = values[self.season :] - usual[: -self.season]

    def _predict_matrix(self, horizon: int, exogenous: Array | None) -> Array:
        return self.last_[np.arange(horizon) % self.season]

    def _quantile_matrix(
        self, horizon: int, exogenous: Array | None, levels: Sequence[float]
    ) -> Array:
        return around(self._predict_matrix(horizon, exogenous), self.errors_, levels)

    @classmethod
    def get_test_params(cls, parameter_set: str = "default") -> list[dict[str, Any]]:
        """Settings for sktime's contract test."""
        return [{"season": 3}, {}]


class Smoothing(WholePanel):
    """Exponential smoothing with additive errors, no trend and an additive week, ETS(A,N,A), by ``statsforecast``.

    Fitted on the last ``memory`` days only: a week's rhythm is learnt from ten weeks as well as from a hundred, in a tenth of
    the time. Days without known demand are filled with what is usual; series shorter than two seasons get their mean.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.forecasting.rungs import Smoothing
    >>> Smoothing().fit(pd.Series([2.0] * 30), fh=[1]).predict().tolist()
    [2.0]
    """

    _tags = {"python_dependencies": "statsforecast"}

    def __init__(self, season: int = 7, memory: int = 112) -> None:
        self.season = season
        self.memory = memory
        super().__init__()

    def _fit_matrix(self, values: Array, exogenous: Array | None) -> None:
        from statsforecast.models import AutoETS

        full = filled(values, self.season)[-self.memory :]
        known = values[-self.memory :]
        self.errors_ = np.full_like(full, np.nan)
        self.weeks_ = np.zeros((self.season, full.shape[1]))
        for i in range(full.shape[1]):
            series = full[~np.isnan(full[:, i]), i]
            if len(series) <= 2 * self.season + 2 or np.ptp(series) == 0:
                self.weeks_[:, i] = series.mean() if len(series) else 0.0
                continue
            model = AutoETS(season_length=self.season, model="ANA").fit(series)
            self.weeks_[:, i] = model.predict(h=self.season)["mean"]
            self.errors_[-len(series) :, i] = (
                known[-len(series) :, i] - model.predict_in_sample()["fitted"]
            )

    def _predict_matrix(self, horizon: int, exogenous: Array | None) -> Array:
        return self.weeks_[np.arange(horizon) % self.season]

    def _quantile_matrix(
        self, horizon: int, exogenous: Array | None, levels: Sequence[float]
    ) -> Array:
        return around(self._predict_matrix(horizon, exogenous), self.errors_, levels)

    @classmethod
    def get_test_params(cls, parameter_set: str = "default") -> list[dict[str, Any]]:
        """Settings for sktime's contract test."""
        return [{"season": 3, "memory": 30}, {"season": 4}]


def around(centre: Array, errors: Array, levels: Sequence[float]) -> Array:
    """Forecasts plus the quantiles of past errors of each series, (time x series x level)."""
    wanted = np.zeros((len(levels), centre.shape[1]))
    some = ~np.isnan(errors).all(axis=0) if len(errors) else np.zeros(centre.shape[1], dtype=bool)
    if some.any():
        wanted[:, some] = np.nanquantile(errors[:, some], levels, axis=0)
    return centre[:, :, None] + wanted.T[None, :, :]
