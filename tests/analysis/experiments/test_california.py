# SPDX-License-Identifier: Apache-2.0
"""California's Proposition 99 comes out to the digits that its literature prints."""

import numpy as np
import pandas as pd
import pytest

from analysis.experiments.placebo import Inference, infer
from analysis.experiments.sdid import Method, Panel, simplex_fit
from foundation.settings import PROJECT_ROOT

DATA = PROJECT_ROOT.parent / "shared" / "data" / "experiments" / "california_prop99.csv"


@pytest.fixture(scope="module")
def panel() -> Panel:
    """Packs per head of 39 states in 31 years; the treated one is California, from 1989."""
    if not DATA.is_file():
        pytest.skip("../shared/data is absent: there are no cigarette sales to reproduce")
    sales = pd.read_csv(DATA, sep=";")
    treated = tuple(sales.loc[sales["treated"] == 1, "State"].unique())
    table = sales.pivot(index="State", columns="Year", values="PacksPerCapita")
    controls = tuple(state for state in table.index if state not in treated)
    outcomes = table.loc[[*treated, *controls]].to_numpy(dtype=np.float64)
    return Panel(outcomes, treated, controls, tuple(table.columns), 19)


@pytest.fixture(scope="module")
def found(panel: Panel) -> dict[Method, Inference]:
    """All three methods with all 38 placebo states."""
    methods: tuple[Method, ...] = ("sdid", "sc", "did")
    return {method: infer(panel, method) for method in methods}


@pytest.mark.parametrize(
    ("method", "effect", "error", "further"),
    [
        ("sdid", -15.603828, 9.4946, 2),
        ("sc", -19.619663, 10.7621, 3),
        ("did", -27.349111, 17.5188, 4),
    ],
)
def test_estimate_error_and_p_are_the_printed_ones(
    found: dict[Method, Inference], method: Method, effect: float, error: float, further: int
) -> None:
    assert found[method].fit.effect == pytest.approx(effect, abs=5e-7)
    assert found[method].standard_error == pytest.approx(error, abs=5e-5)
    assert found[method].p_space == pytest.approx(further / 39)
    assert found[method].exhaustive


def test_time_weights_lie_on_the_three_years_before(found: dict[Method, Inference]) -> None:
    weights = found["sdid"].fit.time_weights
    assert weights[-3:] == pytest.approx([0.3665, 0.2065, 0.4271], abs=5e-5)
    assert weights[:-3].sum() == pytest.approx(0, abs=1e-9)


def test_nevada_has_the_largest_weight(panel: Panel, found: dict[Method, Inference]) -> None:
    weights = found["sdid"].fit.unit_weights
    assert panel.controls[int(weights.argmax())] == "Nevada"
    assert weights.max() == pytest.approx(0.1245, abs=5e-5)


def test_the_exact_fit_on_outcomes_alone_is_the_printed_one(panel: Panel) -> None:
    assert simplex_fit(panel).effect == pytest.approx(-19.514, abs=5e-4)
