# SPDX-License-Identifier: Apache-2.0
"""The planned evaluation, tried where nothing was done, says what it could have seen."""

import datetime as dt

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
    assert (found.trials, found.weeks_before, found.weeks_after) == (20, 8, 7)
    assert abs(found.bias_percent) < 2


def test_an_effect_in_the_wrong_direction_is_not_seen() -> None:
    trial = Trial(0.3, np.linspace(-0.01, 0.01, 40))
    assert trial.rejects(0.05, 0.05)
    assert not trial.rejects(-0.05, 0.05)


def test_the_smallest_effect_is_the_first_that_eight_of_ten_trials_see() -> None:
    found = [Trial(0.0, np.linspace(-0.1, 0.1, 41)) for _ in range(10)]
    # Two of 42 may lie as far out: the effect must pass the second largest placebo.
    assert detectable(found, 0.05) == pytest.approx(0.1, abs=0.0051)


def test_what_not_even_a_doubling_would_show_is_beyond_measure() -> None:
    assert detectable([Trial(0.0, np.array([-2.0, 2.0, 1.5] * 10))], 0.05) == float("inf")
