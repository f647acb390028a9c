# SPDX-License-Identifier: Apache-2.0
"""Bicycles, air and the health of sensors are the planted truth; what fell silent is found with its day."""

from datetime import date
from decimal import Decimal
from statistics import mean

from tests.end_to_end.town import Row, Town

BICYCLES = ("sensorthings", "eco_counter")


def _months(town: Town) -> dict[tuple[str, str], Row]:
    """True months of all bicycle counters in which anything was observed."""
    rows = [row for source in BICYCLES for row in town.truth[source]["months"]]
    return {(r["sensor_id"], r["business_month"]): r for r in rows if r["observed_quarters"]}


def _health(town: Town, sensor: str) -> list[Row]:
    health = town.records("SELECT * FROM marts.ind_sensor_health")
    return [row for row in health if row["sensor_id"] == sensor]


def test_bicycles_are_counted_once_and_not_in_every_resolution(town: Town) -> None:
    found = town.rows(
        "SELECT sensor_id, business_month::VARCHAR, sum(observed_value)::BIGINT, count(*) "
        "FROM core.fct_observation WHERE metric = 'bicycles' GROUP BY ALL"
    )
    assert {row[:2]: row[2:] for row in found} == {
        key: (t["bicycles_sum"], t["observed_quarters"]) for key, t in _months(town).items()
    }


def test_the_server_offered_the_same_bicycles_three_times(town: Town) -> None:
    loaded = town.rows("SELECT DISTINCT period_minutes FROM raw.sensorthings_observations")
    assert loaded == [(15,)]


def test_air_is_the_truth_in_every_pollutant(town: Town) -> None:
    found = town.rows(
        "SELECT metric, business_month::VARCHAR, sum(observed_value)::BIGINT, count(*) "
        "FROM core.fct_observation WHERE contract_id = 'air_uba' GROUP BY ALL"
    )
    assert {row[:2]: row[2:] for row in found} == {
        (t["metric"], t["business_month"]): (t["value_sum"], t["observed_hours"])
        for t in town.truth["air"]["months"]
    }


def test_every_hour_of_the_air_is_on_the_calendar_once(town: Town) -> None:
    found = town.rows(
        "SELECT count(*), count(DISTINCT measured_at), min(measured_at)::DATE "
        "FROM raw.air_uba_hours WHERE measured_at < TIMESTAMPTZ '2026-10-31 23:00:00+00'"
    )
    # 396 days, one hour of them is out of range; spring and autumn balance but for one more autumn.
    assert found == [(396 * 24 + 1 - 1, 396 * 24, date(2025, 9, 30))]


def test_the_dead_sensor_is_found_with_its_day(town: Town) -> None:
    plant = town.plant("dead_sensor")
    (health,) = _health(town, plant["sensor"])
    silent = date.fromisoformat(plant["silent_from"])
    assert health["state"] == "verstummt"
    assert health["last_observed_date"] == date.fromordinal(silent.toordinal() - 1)
    constant = (silent - date.fromisoformat(plant["from"])).days * 24
    assert health["finding"] == (
        f"Keine Messung seit {silent:%d.%m.%Y}, davor {constant} Stunden lang derselbe Wert"
    )


def test_no_other_sensor_is_called_silent(town: Town) -> None:
    silent = town.rows("SELECT sensor_id FROM marts.ind_sensor_health WHERE state = 'verstummt'")
    assert silent == [(town.plant("dead_sensor")["sensor"],)]


def test_the_silence_is_counted_until_the_last_day_of_its_neighbours(town: Town) -> None:
    plant = town.plant("dead_sensor")
    (health,) = _health(town, plant["sensor"])
    until, silent = date(2026, 11, 22), date.fromisoformat(plant["silent_from"])
    # One hour more than in the days: the clocks went back in between.
    assert health["longest_gap_hours"] == (until - silent).days * 24 + 1


def test_a_gap_is_as_long_as_planted(town: Town) -> None:
    plant = town.plant("bicycle_gap")
    (health,) = _health(town, plant["sensor"])
    assert health["longest_gap_hours"] == plant["hours"]


def test_the_month_of_the_missing_page_is_a_gap_and_not_a_quiet_month(town: Town) -> None:
    plant = town.plant("missing_page")
    (health,) = _health(town, plant["sensor"])
    assert health["longest_gap_hours"] == 31 * 24


def test_observed_share_is_that_of_the_calendar(town: Town) -> None:
    for sensor in ("RZ-BAH-1", "RZ-NOR-1", "RZ-ALT-1"):
        rows = [
            r
            for source in BICYCLES
            for r in town.truth[source]["months"]
            if r["sensor_id"] == sensor
        ]
        observed = sum(r["observed_quarters"] for r in rows)
        missing = sum(r["missing_quarters"] for r in rows)
        (health,) = _health(town, sensor)
        share = Decimal(10_000 * observed // (observed + missing)) / 10_000
        assert health["observed_share"] == share


def test_rain_and_road_works_show_in_footfall(town: Town) -> None:
    truth = town.truth["conditions"]
    (works,) = [w for w in truth["road_works"] if w["blocks"] == ["BAH-02"]]
    days = dict(
        town.rows(
            "SELECT observed_date, "
            "sum(observed_value) FILTER (WHERE sensor_id = 'FR-BAH-2')::DOUBLE "
            "/ sum(observed_value) FILTER (WHERE sensor_id = 'FR-ALT-1')::DOUBLE "
            "FROM core.fct_observation WHERE metric = 'pedestrians' GROUP BY 1"
        )
    )
    first, last = (date.fromisoformat(works[key]) for key in ("first_day", "last_day"))
    during = mean(value for day, value in days.items() if first <= day <= last)
    outside = mean(value for day, value in days.items() if not first <= day <= last)
    assert abs(during / outside / works["footfall"] - 1) < 0.03


def test_published_footfall_of_a_month_is_the_truth(town: Town) -> None:
    found = {
        (r["sensor_id"], r["business_month"]): (
            int(r["pedestrians_sum"]),
            int(r["observed_hours"]),
            int(r["missing_hours"]),
        )
        for r in town.published("footfall_monthly")
    }
    assert found == {
        (t["sensor_id"], t["business_month"]): (
            t["pedestrians_sum"],
            t["observed_hours"],
            t["missing_hours"],
        )
        for t in town.truth["footfall"]
    }


def test_a_complete_month_has_its_mean_day(town: Town) -> None:
    truth = {(t["sensor_id"], t["business_month"]): t for t in town.truth["footfall"]}
    for row in town.published("footfall_monthly"):
        month = truth[row["sensor_id"], row["business_month"]]
        if month["missing_hours"] == 0 and month["hours_in_month"] % 24 == 0:
            days = month["hours_in_month"] // 24
            # Twenty-four hours, each rounded to the cent.
            assert abs(
                Decimal(row["pedestrians_per_day"]) - month["pedestrians_sum"] / Decimal(days)
            ) < Decimal("0.13")


def test_the_public_reads_which_sensor_is_silent(town: Town) -> None:
    published = {r["sensor_id"]: r for r in town.published("sensor_health")}
    assert published[town.plant("dead_sensor")["sensor"]]["state"] == "verstummt"
    assert set(published) == {r[0] for r in town.rows("SELECT sensor_id FROM core.dim_sensor")}
