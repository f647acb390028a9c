# SPDX-License-Identifier: Apache-2.0
"""The formulas give the published numbers."""

import pytest

from analysis.experiments import power


def test_units_per_arm_for_half_a_standard_deviation() -> None:
    assert power.units_per_arm(0.5) == pytest.approx(63.77, abs=0.005)


def test_units_per_arm_for_ten_against_twelve_per_cent() -> None:
    assert round(power.units_per_arm_for_shares(0.10, 0.12)) == 3841


def test_detectable_effect_in_standard_errors() -> None:
    assert power.detectable_in_errors() == pytest.approx(2.80159, abs=5e-6)


def test_design_effect_of_clusters_of_twenty() -> None:
    assert power.design_effect(20, 0.05) == pytest.approx(1.95)


def test_variances_with_four_periods_before_and_after() -> None:
    assert power.variance_after(4, 0.25) == pytest.approx(0.4375)
    assert power.variance_did(4, 4, 0.25) == pytest.approx(0.375)
    assert power.variance_ancova(4, 4, 0.25) == pytest.approx(0.2946, abs=5e-5)


def test_cuped_takes_out_the_square_of_the_correlation() -> None:
    assert power.cuped_factor(0.6) == pytest.approx(0.64)
