# SPDX-License-Identifier: Apache-2.0
"""The frame of every forecaster here: sktime's interface, the whole panel at once.

Belongs here: translating sktime's indices into one matrix (days x series) and back, gaps, quantiles between fitted ones. Does not
belong here: any method of forecasting.

sktime hands a panel to a forecaster of single series by copying the forecaster once per series, which costs 19.6 s where the
method itself needs 0.1 s (1,000 series x 730 days). A forecaster that names the panel types as its own gets the panel whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm
from sktime.forecasting.base import BaseForecaster

Array = np.ndarray
MTYPES = ["pd.DataFrame", "pd-multiindex", "pd_multiindex_hier"]


@dataclass(frozen=True)
class Grid:
    """Where the cells of a panel lie: series by column, points of time as whole numbers without holes."""

    series: pd.Index
    column: str
    start: int
    length: int

    def matrix(self, values: Array, index: pd.Index, length: int | None = None) -> Array:
        """Values of a frame with this panel's index as (time x series); NaN where the frame has no row."""
        rows = ordinals(index) - self.start
        columns = self.series.get_indexer(instances(index))
        found = np.full((length or self.length, len(self.series)), np.nan)
        inside = (rows >= 0) & (rows < len(found)) & (columns >= 0)
        found[rows[inside], columns[inside]] = values[inside]
        return found


def instances(index: pd.Index) -> pd.Index:
    """Which series each row belongs to; one name for all where there is a single series."""
    if isinstance(index, pd.MultiIndex):
        return index.droplevel(-1)
    return pd.Index(np.zeros(len(index), dtype=np.int64))


def ordinals(index: pd.Index) -> Array:
    """Points of time as whole numbers, one apart."""
    times = index.get_level_values(-1)
    if isinstance(times, pd.DatetimeIndex):
        distinct = times.unique().sort_values()
        known = getattr(times, "freq", None) or getattr(distinct, "freq", None)
        name = pd.infer_freq(distinct) if known is None and len(distinct) > 2 else known
        times = times.to_period(name or "D")
    if isinstance(times, pd.PeriodIndex):
        return np.asarray(times.astype("int64"))
    return times.to_numpy(dtype=np.int64)


def filled(values: Array, season: int) -> Array:
    """A matrix (time x series) whose gaps hold what is usual: the median of up to four earlier points of the same season.

    Where there is none, zero: a weekday on which a shop never trades sells nothing. Before its first value a series stays empty.
    """
    result = values.copy()
    for row in np.flatnonzero(np.isnan(values).any(axis=1)):
        before = [result[row - k * season] for k in range(1, 5) if row >= k * season]
        gaps = np.isnan(result[row])
        result[row, gaps] = middle(np.array(before)[:, gaps]) if before else 0.0
    started = np.cumsum(~np.isnan(values), axis=0) > 0
    return np.where(started, result, np.nan)


def middle(values: Array) -> Array:
    """Median over the first axis without NaN, zero where there is nothing else."""
    ordered = np.sort(values, axis=0)
    count = (~np.isnan(ordered)).sum(axis=0)
    pairs = [np.maximum(count - 1, 0) // 2, count // 2]
    low, high = (
        np.take_along_axis(ordered, p.clip(max=len(ordered) - 1)[None], 0)[0] for p in pairs
    )
    found: Array = np.where(count > 0, (low + high) / 2, 0.0)
    return found


def between(fitted: Sequence[float], values: Array, wanted: Sequence[float]) -> Array:
    """Quantiles at the levels wanted from those at the levels fitted (last axis), in order and never below zero.

    Linear in the normal score of the level; beyond the outermost levels the last slope is kept.
    """
    known = np.sort(values, axis=-1)
    scores, asked = norm.ppf(fitted), norm.ppf(wanted)
    if len(scores) == 1:
        return np.repeat(known, len(asked), axis=-1)
    left = np.clip(np.searchsorted(scores, asked) - 1, 0, len(scores) - 2)
    share = (asked - scores[left]) / (scores[left + 1] - scores[left])
    return known[..., left] * (1 - share) + known[..., left + 1] * share


class WholePanel(BaseForecaster):  # type: ignore[misc]
    """A forecaster that sees all series at once. NaN in y is a day of which the demand is not known: closed, or sold out.

    A method implements ``_fit_matrix(values, exogenous)``, ``_predict_matrix(horizon, exogenous)`` and
    ``_quantile_matrix(horizon, exogenous, levels)``; all matrices are (time x series), exogenous ones (time x series x column).
    """

    _tags = {
        "y_inner_mtype": MTYPES,
        "X_inner_mtype": MTYPES,
        "capability:multivariate": False,
        "capability:exogenous": False,
        "capability:insample": False,
        "capability:pred_int": True,
        "capability:pred_int:insample": False,
        "capability:missing_values": True,
        "capability:update": False,
        "requires-fh-in-fit": False,
        "X-y-must-have-same-index": False,
        "capability:categorical_in_X": False,
        "capability:unequal_length": True,
    }
    # The panel is not kept beside what was learnt from it.
    _config = {"remember_data": False}

    def __init__(self) -> None:
        super().__init__()
        self._y = None
        self._X = None

    def _fit_matrix(self, values: Array, exogenous: Array | None) -> None:
        raise TypeError(f"{type(self).__name__} fits nothing")

    def _predict_matrix(self, horizon: int, exogenous: Array | None) -> Array:
        raise TypeError(f"{type(self).__name__} predicts nothing")

    def _quantile_matrix(
        self, horizon: int, exogenous: Array | None, levels: Sequence[float]
    ) -> Array:
        raise TypeError(f"{type(self).__name__} has no quantiles")

    def _fit(self, y: pd.DataFrame, X: pd.DataFrame | None, fh: Any) -> "WholePanel":
        series = instances(y.index).unique()
        times = ordinals(y.index)
        start = int(times.min())
        self.grid_ = Grid(series, str(y.columns[0]), start, int(times.max()) - start + 1)
        self.names_ = y.index.names
        self.y_columns_ = y.columns
        values = self.grid_.matrix(y.iloc[:, 0].to_numpy(dtype=float), y.index)
        self.x_columns_ = [str(c) for c in X.columns] if X is not None else []
        exogenous = None
        if X is not None:
            exogenous = self._exogenous(X, self.grid_.start, self.grid_.length)
        self._fit_matrix(values, exogenous)
        return self

    def _exogenous(self, X: pd.DataFrame, start: int, length: int) -> Array:
        grid = Grid(self.grid_.series, "", start, length)
        found = [grid.matrix(X[c].to_numpy(dtype=float), X.index) for c in X.columns]
        return np.stack(found, axis=-1)

    def _future(self, fh: Any, X: pd.DataFrame | None) -> tuple[Array, Array | None]:
        """Steps ahead that are asked for, and the exogenous values of all steps up to the last."""
        steps = np.asarray(fh.to_relative(self.cutoff).to_pandas(), dtype=np.int64)
        exogenous = None
        if X is not None and self.x_columns_:
            start = self.grid_.start + self.grid_.length
            exogenous = self._exogenous(X, start, int(steps.max()))
        return steps, exogenous

    def _answer(self, fh: Any, values: Array, columns: pd.Index) -> pd.DataFrame:
        """A matrix (steps x series x columns) as a frame with the index that sktime expects."""
        times = fh.to_absolute_index(self.cutoff)
        flat = values.transpose(1, 0, 2).reshape(-1, values.shape[2])
        if len(self.names_) == 1:
            return pd.DataFrame(flat, index=times, columns=columns)
        keys = self.grid_.series
        wide = keys.repeat(len(times))
        levels = [wide.get_level_values(i) for i in range(wide.nlevels)]
        repeated = times.take(np.tile(np.arange(len(times)), len(keys)))
        index = pd.MultiIndex.from_arrays([*levels, repeated], names=self.names_)
        return pd.DataFrame(flat, index=index, columns=columns)

    def _predict(self, fh: Any, X: pd.DataFrame | None) -> pd.DataFrame:
        steps, exogenous = self._future(fh, X)
        values = self._predict_matrix(int(steps.max()), exogenous)
        return self._answer(fh, values[steps - 1, :, None], self.y_columns_)

    def _predict_quantiles(
        self, fh: Any, X: pd.DataFrame | None, alpha: Sequence[float]
    ) -> pd.DataFrame:
        steps, exogenous = self._future(fh, X)
        values = self._quantile_matrix(int(steps.max()), exogenous, alpha)
        columns = pd.MultiIndex.from_product([self._get_varnames(), list(alpha)])
        return self._answer(fh, values[steps - 1], columns)
