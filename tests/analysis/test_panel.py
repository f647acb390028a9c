# SPDX-License-Identifier: Apache-2.0
"""Shares and means from counts of a panel, and that their intervals hold what they promise."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.panel import Counts, mean_over_bands, newest, share_of, waves_of

FEBRUARY, MAY = date(2026, 2, 1), date(2026, 5, 1)
WAVES = (FEBRUARY, MAY)
BANDS = {"kurz": 15.0, "mittel": 45.0, "lang": 75.0}


@pytest.mark.parametrize(
    ("month", "wave"),
    [
        (date(2026, 1, 1), None),
        (FEBRUARY, FEBRUARY),
        (date(2026, 4, 1), FEBRUARY),
        (MAY, MAY),
        (date(2026, 8, 1), MAY),
        (date(2026, 9, 1), None),
    ],
)
def test_the_newest_wave_holds_for_three_months(month: date, wave: date | None) -> None:
    assert newest(WAVES, month, 3) == wave


def test_a_share_is_its_part_of_all_persons() -> None:
    found = share_of({"ALLE": 400, "zu_fuss": 120, "rad": 40}, ["zu_fuss", "rad"])
    assert found is not None
    assert found.value == 0.4
    assert found.variance == pytest.approx(0.4 * 0.6 / 400)


@pytest.mark.parametrize(
    "counts", [{"ALLE": 40, "zu_fuss": None}, {"ALLE": None, "zu_fuss": 12}, {"ALLE": 40}]
)
def test_a_share_of_a_suppressed_count_is_no_share(counts: Counts) -> None:
    assert share_of(counts, ["zu_fuss"]) is None


def test_noise_widens_the_interval_of_a_share() -> None:
    counts = {"ALLE": 80, "zu_fuss": 30}
    without, noisy = share_of(counts, ["zu_fuss"]), share_of(counts, ["zu_fuss"], 3.6)
    assert without is not None
    assert noisy is not None
    assert noisy.variance - without.variance == pytest.approx(3.6 * (1 + (30 / 80) ** 2) / 80**2)


def test_a_mean_takes_everyone_for_the_middle_of_the_band() -> None:
    found = mean_over_bands({"ALLE": 40, "kurz": 10, "mittel": 20, "lang": 10}, BANDS)
    assert found is not None
    assert (found.value, found.variance) == (45.0, 450.0 / 40)


def test_one_suppressed_band_is_what_the_others_leave() -> None:
    whole = mean_over_bands({"ALLE": 40, "kurz": 10, "mittel": 22, "lang": 8}, BANDS)
    hidden = mean_over_bands({"ALLE": 40, "kurz": 10, "mittel": 22, "lang": None}, BANDS)
    assert hidden == whole


def test_two_suppressed_bands_widen_the_interval() -> None:
    one = mean_over_bands({"ALLE": 40, "kurz": 8, "mittel": 24, "lang": 8}, BANDS)
    two = mean_over_bands({"ALLE": 40, "kurz": None, "mittel": 24, "lang": None}, BANDS)
    assert one is not None
    assert two is not None
    assert two.value == one.value
    assert two.variance > 2 * one.variance


@pytest.mark.parametrize("counts", [{"ALLE": None, "kurz": 12}, {"ALLE": 40, "kurz": None}, {}])
def test_without_all_persons_or_any_band_there_is_no_mean(counts: Counts) -> None:
    assert mean_over_bands(counts, BANDS) is None


def test_a_suppressed_count_is_read_as_unknown_not_as_zero() -> None:
    rows = [("ALT", MAY, "rad", 12), ("ALT", MAY, "auto", None)]
    columns = ["quarter_id", "business_month", "travel_mode", "person_count"]
    found = waves_of(pd.DataFrame(rows, columns=columns), "travel_mode")
    assert found == {"ALT": {MAY: {"rad": 12, "auto": None}}}


def test_the_interval_of_a_share_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(417)
    covered = 0
    for _ in range(400):
        part = int(rng.binomial(90, 0.35)) + int(rng.integers(-2, 3))
        found = share_of({"ALLE": 90 + int(rng.integers(-2, 3)), "zu_fuss": part}, ["zu_fuss"], 2)
        assert found is not None
        covered += found.interval[0] <= 0.35 <= found.interval[1]
    # 95 % of 400, less three standard deviations of a binomial count.
    assert covered >= 380 - 3 * (400 * 0.95 * 0.05) ** 0.5


def test_the_interval_of_a_mean_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(417)
    covered = 0
    for _ in range(400):
        minutes = rng.uniform(0, 90, 90)
        counts = dict(zip(BANDS, np.histogram(minutes, [0, 30, 60, 90])[0].tolist(), strict=True))
        found = mean_over_bands({"ALLE": 90, **counts}, BANDS, within=30 / 12**0.5)
        assert found is not None
        covered += found.interval[0] <= 45 <= found.interval[1]
    assert covered >= 380 - 3 * (400 * 0.95 * 0.05) ** 0.5
