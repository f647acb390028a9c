# SPDX-License-Identifier: Apache-2.0
"""The planned evaluation, tried where nothing was done, says what it could have seen."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from analysis.experiments.design import (
    Trial,
    detectable,
    diagnose,
    power_at,
    trials_of,
)
from analysis.experiments.panel import prepare
from analysis.experiments.registry import Diagnosis
from tests.analysis.experiments.samples import block_weeks, entry, events

DAY = dt.date(2026, 4, 20)


def surely(added: float) -> float:
    """A comparison in time that calls everything real."""
    return 0.0


def diagnosis(noise: float, significance: float = 0.1) -> Diagnosis:
    """The sample's design, diagnosed in a town with so much noise."""
    plan = entry(significance=significance)
    panel = prepare(plan, block_weeks(noise=noise), events(), until=DAY).panel
    return diagnose(plan, panel, on=DAY, data_until=DAY, trials=20)


def test_every_pair_of_controls_is_a_trial() -> None:
    panel = prepare(entry(), block_weeks(), events()).panel
    found = trials_of(panel, "did", trials=100, most=100)
    assert len(found) == 28
    assert {len(trial.placebos) for trial in found} == {15}


def test_power_grows_with_the_effect() -> None:
    panel = prepare(entry(), block_weeks(), events()).panel
    found = trials_of(panel, "sdid", trials=20, most=50)
    assert all(trial.in_time(0.2) <= trial.in_time(0.0) for trial in found)
    powers = [power_at(found, added, 0.1) for added in (0.0, 0.02, 0.05, 0.2)]
    assert powers == sorted(powers)
    assert powers[-1] == 1


def test_a_quiet_town_shows_what_a_noisy_one_hides() -> None:
    quiet, noisy = diagnosis(0.02), diagnosis(0.3)
    assert quiet.power_share > noisy.power_share
    assert quiet.detectable_percent < noisy.detectable_percent


def test_with_too_few_groups_to_compare_nothing_can_ever_be_seen() -> None:
    # Six donors make 15 pairs, so p is never below 1/16.
    found = diagnosis(0.02, significance=0.05)
    assert (found.power_share, found.detectable_percent) == (0, 100)


def test_a_diagnosis_says_what_it_rests_on() -> None:
    found = diagnosis(0.02)
    assert (found.trials, found.weeks_before, found.weeks_after) == (20, 10, 5)
    assert abs(found.bias_percent) < 2


def test_an_effect_in_the_wrong_direction_is_not_seen() -> None:
    trial = Trial(0.3, np.linspace(-0.01, 0.01, 40), surely)
    assert trial.rejects(0.05, 0.05)
    assert not trial.rejects(-0.05, 0.05)


def test_what_one_of_the_two_tests_calls_chance_is_not_seen() -> None:
    places = np.linspace(-0.01, 0.01, 40)
    assert not Trial(0.3, places, lambda _: 0.06).rejects(0.05, 0.05)
    assert not Trial(0.0, np.linspace(-1, 1, 40), surely).rejects(0.05, 0.05)


def test_where_weeks_are_too_few_for_the_comparison_in_time_nothing_is_ever_seen() -> None:
    # 18 weeks: no position of the window can be rarer than 1 in 18.
    panel = prepare(entry(), block_weeks(noise=0.001), events()).panel
    short = replace(panel, outcomes=panel.outcomes[:, -18:], periods=panel.periods[-18:], before=12)
    found = trials_of(short, "did", trials=28, most=100)
    assert min(trial.in_time(1.0) for trial in found) > 0.05
    assert power_at(found, 1.0, 0.05) == 0


def test_the_smallest_effect_is_the_first_that_eight_of_ten_trials_see() -> None:
    found = [Trial(0.0, np.linspace(-0.1, 0.1, 41), surely) for _ in range(10)]
    # Two of 42 may lie as far out: the effect must pass the second largest placebo.
    assert detectable(found, 0.05) == pytest.approx(0.1, abs=0.0051)


def test_what_not_even_a_doubling_would_show_is_beyond_measure() -> None:
    far = np.array([-2.0, 2.0, 1.5] * 10)
    assert detectable([Trial(0.0, far, surely)], 0.05) == float("inf")
