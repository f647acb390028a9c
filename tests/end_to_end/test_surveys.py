# SPDX-License-Identifier: Apache-2.0
"""The citizen panel: the planted share of trips on foot and the planted minutes are found behind the
noise, and nothing that names a person comes in."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
import yaml
from scipy.stats import binom

from analysis.north_star import load_north_star
from analysis.panel import Counts, Estimate, mean_over_bands, share_of
from tests.end_to_end.town import Row, Town, money

PLACES = ("ALLE", "ALT", "BAH", "NOR", "SUE")
# The wave of the running month is not closed: it is in the house and not yet released.
RELEASED = ("2025-10-01", "2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01")


def _wave(town: Town, month: str) -> Row:
    waves = town.truth["surveys"]["waves"]
    return next(w for w in waves if w["business_month"] == month)


def _counts(town: Town, table: str, dimension: str, place: str, month: str) -> Counts:
    return {
        row[dimension]: int(row["person_count"]) if row["person_count"] else None
        for row in town.published(table)
        if (row["quarter_id"], row["business_month"]) == (place, month)
    }


def _noise(town: Town) -> float:
    return load_north_star(town.settings.cooperative / "north_star.yaml").noise_variance


def _walking(town: Town, place: str, month: str) -> Estimate:
    counts = _counts(town, "panel_trips", "travel_mode", place, month)
    found = share_of(counts, ["zu_fuss"], _noise(town))
    assert found is not None
    return found


def _dwell(town: Town, place: str, month: str) -> Estimate:
    star = load_north_star(town.settings.cooperative / "north_star.yaml")
    found = mean_over_bands(
        _counts(town, "panel_dwell", "minutes_band", place, month),
        star.minutes,
        star.within_band_minutes,
        star.noise_variance,
    )
    assert found is not None
    return found


def _cells() -> Iterator[tuple[str, str]]:
    return ((place, month) for place in PLACES for month in RELEASED)


@pytest.mark.parametrize("month", RELEASED)
def test_the_planted_share_of_trips_on_foot_lies_in_the_interval_of_the_town(
    town: Town, month: str
) -> None:
    low, high = _walking(town, "ALLE", month).interval
    assert low <= _wave(town, month)["walking_share"]["ALLE"] <= high


@pytest.mark.parametrize("month", RELEASED)
def test_the_planted_minutes_lie_in_the_interval_of_the_town(town: Town, month: str) -> None:
    low, high = _dwell(town, "ALLE", month).interval
    assert low <= _wave(town, month)["mean_minutes"]["ALLE"] <= high


def test_intervals_of_quarters_and_waves_hold_the_planted_values(town: Town) -> None:
    held, asked = 0, 0
    for place, month in _cells():
        wave = _wave(town, month)
        for found, true in (
            (_walking(town, place, month), wave["walking_share"][place]),
            (_dwell(town, place, month), wave["mean_minutes"][place]),
        ):
            asked += 1
            held += found.interval[0] <= true <= found.interval[1]
    # Each interval holds with 95 %: fewer than this many would happen once in a hundred towns.
    assert held >= binom.ppf(0.01, asked, 0.95)


def test_the_index_takes_the_share_of_the_newest_wave(town: Town) -> None:
    found = {
        (r["quarter_id"], r["business_month"]): r
        for r in town.published("vitality_component")
        if r["component"] == "walking_trips"
    }
    for place in PLACES:
        for month, wave in (("2025-10-01", "2025-10-01"), ("2026-09-01", "2026-07-01")):
            share = round(Decimal(str(_walking(town, place, wave).value)), 6)
            assert round(Decimal(found[place, month]["value"]), 6) == share


def test_answers_that_count_are_the_true_ones(town: Town) -> None:
    found = town.rows(
        "SELECT wave_month::VARCHAR, count(*), sum(walking_minutes)::INTEGER "
        "FROM core.fct_response GROUP BY 1 ORDER BY 1"
    )
    waves = town.truth["surveys"]["waves"]
    assert found == [(w["business_month"], w["counted"], w["minutes_sum"]) for w in waves]
    assert all(w["counted"] < w["sent"] < w["begun"] for w in waves)


def test_answers_by_quarter_and_means_of_travel_are_the_true_ones(town: Town) -> None:
    found = town.rows(
        "SELECT business_month::VARCHAR, quarter_id, travel_mode, count(*) "
        "FROM marts.ind_panel_trip GROUP BY ALL"
    )
    assert sorted(found) == sorted(
        (w["business_month"], a["quarter_id"], a["travel_mode"], a["count"])
        for w in town.truth["surveys"]["waves"]
        for a in w["answers"]
    )


def test_no_token_address_or_free_text_is_in_any_table(town: Town) -> None:
    secrets = set(town.truth["surveys"]["secrets"])
    columns = town.rows(
        "SELECT table_schema, table_name, column_name FROM information_schema.columns "
        "WHERE table_catalog = 'lake' AND data_type = 'VARCHAR' "
        "AND (contains(table_name, 'panel') OR table_name = 'fct_response' OR table_schema = 'landing')"
    )
    assert len(columns) > 20
    for schema, table, column in columns:
        values = town.rows(f'SELECT DISTINCT "{column}" FROM lake.{schema}."{table}"')
        assert not secrets & {str(value) for (value,) in values}, (schema, table, column)


def test_nobodys_panel_number_is_in_raw(town: Town) -> None:
    numbers = town.rows(
        "SELECT count(*) FROM raw.citizen_panel_responses "
        "WHERE NOT regexp_full_match(panel_id, '[0-9a-f]{32}')"
    )
    assert numbers == [(0,)]


def test_the_wave_that_came_twice_is_a_duplicate(town: Town) -> None:
    found = town.rows(
        "SELECT file_name FROM landing.delivery "
        "WHERE event = 'duplicate' AND contract_id = 'citizen_panel'"
    )
    assert found == [("panel_2026-01_erneut.json",)]


def test_every_wave_of_a_closed_month_is_released(town: Town) -> None:
    months = {row["business_month"] for row in town.published("panel_trips")}
    assert months == set(RELEASED)


def test_small_counts_are_suppressed_and_published_ones_are_ten_or_more(town: Town) -> None:
    minimum = yaml.safe_load((town.settings.cooperative / "cooperative.yaml").read_text("utf-8"))
    least = minimum["disclosure"]["persons_min"]
    for table in ("panel_trips", "panel_dwell"):
        rows = town.published(table)
        shown = [int(r["person_count"]) for r in rows if r["status"] == "veröffentlicht"]
        assert min(shown) >= least
        assert len(shown) > 0.7 * len(rows)


def _north_star(town: Town) -> list[dict[str, str]]:
    rows = town.published("north_star")
    return [row for row in rows if row["status"] == "veröffentlicht"]


def test_the_north_star_is_its_parts(town: Town) -> None:
    rows = _north_star(town)
    assert {row["quarter_id"] for row in rows} == set(PLACES)
    for row in rows:
        plain = 100 * float(row["revenue_eur"]) / float(row["minutes"])
        value = plain * float(row["diversity_factor"]) * float(row["reachability_factor"])
        assert float(row["cents_per_minute"]) == pytest.approx(plain, abs=0.0001)
        assert float(row["value"]) == pytest.approx(value, rel=0.001, abs=0.0001)
        assert float(row["low"]) < float(row["value"]) < float(row["high"])


def test_the_north_star_counts_the_true_revenue(town: Town) -> None:
    true = {(c["quarter_id"], c["business_month"]): c for c in town.truth["cells"]["quarter"]}
    for row in _north_star(town):
        cell = true.get((row["quarter_id"], row["business_month"]))
        if cell:
            # The released mean is rounded to the cent.
            off = abs(money(row["revenue_eur"]) - money(cell["revenue_eur"]))
            assert off <= Decimal("0.0051") * cell["receipt_count"]


def test_the_north_star_of_the_planted_minutes_and_means_lies_in_its_interval(town: Town) -> None:
    plan = yaml.safe_load((town.settings.cooperative / "town/surveys.yaml").read_text("utf-8"))
    star = load_north_star(town.settings.cooperative / "north_star.yaml")
    by_car = sum(plan["other_modes"][m] for m in star.car_modes)
    held, asked = 0, 0
    for row in _north_star(town):
        if row["business_month"] not in RELEASED:
            continue
        wave = _wave(town, row["business_month"])
        place = row["quarter_id"]
        reach = 1 - (1 - wave["walking_share"][place]) * by_car
        reach /= star.reachability_reference
        minutes = float(row["mean_minutes"]) / wave["mean_minutes"][place]
        true = float(row["value"]) * minutes * reach / float(row["reachability_factor"])
        asked += 1
        held += float(row["low"]) <= true <= float(row["high"])
    assert asked >= 16
    assert held >= binom.ppf(0.01, asked, 0.95)


def test_a_month_without_a_wave_takes_the_newest_one(town: Town) -> None:
    rows = {(r["quarter_id"], r["business_month"]): r for r in _north_star(town)}
    # The town's minutes are weighted by the visits of the month, those of a quarter are not
    quarters = set(PLACES) - {"ALLE"}
    both = [p for p in quarters if {(p, "2026-07-01"), (p, "2026-09-01")} <= rows.keys()]
    assert both
    assert all(
        rows[p, "2026-07-01"]["mean_minutes"] == rows[p, "2026-09-01"]["mean_minutes"] for p in both
    )
