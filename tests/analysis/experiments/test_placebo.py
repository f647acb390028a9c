# SPDX-License-Identifier: Apache-2.0
"""Placebos are all there are, or as many as said; both p-values say what they claim."""

import numpy as np
import pytest

from analysis.experiments.placebo import groups_of, infer, p_in_space, share_of_shifts
from tests.analysis.experiments.test_sdid import panel


def test_all_pairs_of_controls_are_evaluated() -> None:
    found = infer(panel())
    assert len(found.placebos) == 28
    assert found.exhaustive


def test_above_the_limit_as_many_different_groups_as_said_are_drawn() -> None:
    groups, exhaustive = groups_of(30, 2, 50)
    assert not exhaustive
    assert len(set(groups)) == 50


def test_the_same_groups_are_drawn_every_time() -> None:
    assert groups_of(30, 2, 50) == groups_of(30, 2, 50)


def test_the_smallest_p_in_space_is_one_of_all_groups() -> None:
    assert p_in_space(1.0, np.array([0.1, -0.2, 0.3])) == pytest.approx(1 / 4)


def test_a_placebo_as_far_on_the_other_side_counts() -> None:
    assert p_in_space(0.2, np.array([0.1, -0.2, 0.3])) == pytest.approx(3 / 4)


def test_the_smallest_p_in_time_is_one_of_all_weeks() -> None:
    gap = np.concatenate([np.zeros(15), np.ones(5)])
    assert share_of_shifts(gap, 5) == pytest.approx(1 / 20)


def test_a_jump_long_before_the_start_is_no_effect_in_time() -> None:
    gap = np.concatenate([np.ones(5), np.zeros(15)])
    assert share_of_shifts(gap, 5) > 0.5


def test_a_planted_effect_lies_in_the_interval_and_both_tests_see_it() -> None:
    found = infer(panel(0.1))
    assert found.low < 0.1 < found.high
    assert found.p_space == pytest.approx(1 / 29)
    assert found.p_time <= 0.05


def test_the_same_panel_gives_the_same_numbers() -> None:
    first, second = infer(panel(0.1)), infer(panel(0.1))
    assert (first.fit.effect, first.standard_error) == (second.fit.effect, second.standard_error)
