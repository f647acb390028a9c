# SPDX-License-Identifier: Apache-2.0
"""The forecasters keep sktime's contract, take a panel whole, and say what they know."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sktime.forecasting.naive import NaiveForecaster
from sktime.utils.estimator_checks import check_estimator

from analysis.forecasting.panel import PanelForecaster
from analysis.forecasting.rungs import SeasonalNaive, Smoothing
from analysis.forecasting.whole import between, filled

DAYS = pd.date_range("2026-01-01", periods=84, name="day_date")


def panel(values: np.ndarray) -> pd.DataFrame:
    """Series in columns as sktime's panel."""
    index = pd.MultiIndex.from_product(
        [[f"s{i}" for i in range(values.shape[1])], DAYS[: len(values)]],
        names=["series", "day_date"],
    )
    return pd.DataFrame({"quantity": values.T.ravel()}, index=index)


@pytest.fixture(scope="module")
def weekly() -> pd.DataFrame:
    """Three series with a week and noise."""
    rng = np.random.default_rng(3)
    week = np.array([5, 6, 7, 8, 12, 20, 4])[np.arange(84) % 7][:, None]
    return panel(rng.poisson(week * np.array([1.0, 3.0, 10.0])).astype(float))


@pytest.mark.parametrize("forecaster", [SeasonalNaive, Smoothing])
def test_simple_rungs_keep_the_contract_of_sktime(forecaster: Any) -> None:
    assert broken(forecaster, None) == {}


CORE = [
    "test_fit_does_not_overwrite_hyper_params",
    "test_hierarchical_with_exogeneous",
    "test_predict_time_index",
    "test_predict_quantiles",
    "test_predict_interval",
    "test_X_invariance",
    "test_y_multivariate_raises_error",
    "test_update_predict_single",
    "test_clone",
    "test_persistence_via_pickle",
    "test_methods_have_no_side_effects",
    "test_doctest_examples",
    "test_raises_not_fitted_error",
]


def test_boosted_trees_keep_the_core_of_the_contract() -> None:
    assert broken(PanelForecaster, CORE) == {}


@pytest.mark.soak
def test_boosted_trees_keep_the_whole_contract() -> None:
    assert broken(PanelForecaster, None) == {}


def broken(forecaster: Any, tests: list[str] | None) -> dict[str, Any]:
    """Tests of sktime that do not pass."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = check_estimator(forecaster, tests_to_run=tests, verbose=False)
    assert len(found) > 10
    return {name: outcome for name, outcome in found.items() if outcome != "PASSED"}


def test_seasonal_naive_equals_that_of_sktime(weekly: pd.DataFrame) -> None:
    ours = SeasonalNaive().fit(weekly, fh=range(1, 15)).predict()
    theirs = NaiveForecaster(strategy="last", sp=7).fit(weekly, fh=range(1, 15)).predict()
    pd.testing.assert_frame_equal(ours, theirs, check_freq=False)


def test_a_panel_is_not_split_into_forecasters_of_single_series(weekly: pd.DataFrame) -> None:
    assert not hasattr(PanelForecaster(rounds=2).fit(weekly, fh=[1]), "forecasters_")


def test_a_day_of_unknown_demand_teaches_nothing() -> None:
    values = np.full((84, 2), 10.0)
    values[40:60, 0] = np.nan
    found = PanelForecaster(rounds=60).fit(panel(values), fh=[1, 2, 3]).predict()
    assert found["quantity"].to_numpy() == pytest.approx(10.0, rel=0.02)


def test_a_calendar_of_the_future_moves_its_own_day_only(weekly: pd.DataFrame) -> None:
    rng = np.random.default_rng(5)
    fair = pd.DataFrame({"fair": (rng.random(len(weekly)) < 0.2).astype(float)}, index=weekly.index)
    busy = weekly * (1 + fair["fair"].to_numpy()[:, None])
    model = PanelForecaster(least_rows=5).fit(busy, X=fair, fh=range(1, 8))
    ahead = pd.date_range(DAYS[-1] + pd.Timedelta(days=1), periods=7, name="day_date")
    index = pd.MultiIndex.from_product([["s0", "s1", "s2"], ahead], names=["series", "day_date"])
    quiet = pd.DataFrame({"fair": 0.0}, index=index)
    third = quiet.copy()
    third.loc[(slice(None), ahead[2]), "fair"] = 1.0
    ratio = model.predict(X=third)["quantity"] / model.predict(X=quiet)["quantity"]
    moved = ratio.unstack(0).mean(axis=1).to_numpy()
    assert moved[2] > 1.5
    assert np.delete(moved, 2) == pytest.approx(1.0)


def test_contributions_add_up_to_the_forecast_exactly(weekly: pd.DataFrame) -> None:
    model = PanelForecaster(rounds=40).fit(weekly, fh=range(1, 8))
    summed = np.exp(model.contributions(range(1, 8)).sum(axis=1))
    assert summed.to_numpy() == pytest.approx(model.predict()["quantity"].to_numpy(), rel=1e-9)


def test_contributions_need_the_logarithmic_link(weekly: pd.DataFrame) -> None:
    model = PanelForecaster(rounds=2).fit(weekly - 50, fh=[1])
    with pytest.raises(TypeError, match="log link"):
        model.contributions([1])


def test_quantiles_never_cross(weekly: pd.DataFrame) -> None:
    levels = [0.05, 0.1, 0.3, 0.5, 0.62, 0.9, 0.95]
    model = PanelForecaster(rounds=40).fit(weekly, fh=range(1, 8))
    found = model.predict_quantiles(alpha=levels).to_numpy()
    assert (np.diff(found, axis=1) >= 0).all()


def test_between_two_levels_the_normal_score_is_linear() -> None:
    fitted = np.array([[90.0, 100.0, 110.0]])
    found = between((0.1, 0.5, 0.9), fitted, (0.1, 0.5, 0.9, 0.8413447))
    assert found[0] == pytest.approx([90, 100, 110, 100 + 10 / 1.2815516], abs=1e-4)


def test_a_gap_holds_the_median_of_four_weeks() -> None:
    values = np.arange(70.0).reshape(70, 1)
    values[69] = np.nan
    assert filled(values, 7)[69, 0] == np.median([62, 55, 48, 41])


def test_before_its_first_value_a_series_stays_empty() -> None:
    values = np.full((20, 1), 3.0)
    values[:9] = np.nan
    assert np.isnan(filled(values, 7)[:9]).all()
