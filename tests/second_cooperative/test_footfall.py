# SPDX-License-Identifier: Apache-2.0
"""Two years of real counts: every hour that is there, every hour that is not, on the town's clock."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from duckdb import DuckDBPyConnection

from tests.second_cooperative import expected
from tests.second_cooperative.founded import FOOTFALL, SENSORS, STATE, ZONE

FIRST, LAST = "2015-01-01", "2016-12-31"
BOURKE = "Bourke Street Mall (North)"


@pytest.fixture(scope="module")
def counted(second: Any) -> pd.DataFrame:
    """The file on the town's clock; asks for the run first, because that says whether it is there."""
    return expected.counts(FOOTFALL, ZONE.key, STATE)


@pytest.fixture(scope="module")
def calendar() -> pd.DataFrame:
    """Every hour of the two years."""
    return expected.hours_of(FIRST, LAST, ZONE.key, STATE)


def by_sensor(con: DuckDBPyConnection, column: str) -> Mapping[str, int]:
    rows = con.execute(
        f"""SELECT sensor_name, sum({column})::INT FROM marts.ind_footfall_hourly
        JOIN core.dim_sensor USING (sensor_id) GROUP BY ALL"""
    ).fetchall()
    return dict(rows)


def test_every_counted_hour_is_observed_once(
    con: DuckDBPyConnection, counted: pd.DataFrame
) -> None:
    assert by_sensor(con, "observed_hours") == counted["Sensor"].value_counts().to_dict()


def test_hours_without_a_row_are_missing_per_sensor(
    con: DuckDBPyConnection, counted: pd.DataFrame, calendar: pd.DataFrame
) -> None:
    missing = (len(calendar) - counted["Sensor"].value_counts()).to_dict()
    assert by_sensor(con, "missing_hours") == missing
    assert sum(missing.values()) == 4139


def test_each_month_has_as_many_hours_as_the_clock_of_melbourne_gives_it(
    con: DuckDBPyConnection, calendar: pd.DataFrame
) -> None:
    rows = con.execute(
        """SELECT sensor_id, business_month, sum(observed_hours + missing_hours)::INT
        FROM marts.ind_footfall_hourly GROUP BY ALL"""
    ).fetchall()
    hours = calendar["month"].value_counts().to_dict()
    assert len(rows) == len(SENSORS) * 24
    assert {r[1]: r[2] for r in rows} == hours
    assert (hours[date(2015, 4, 1)], hours[date(2015, 10, 1)]) == (721, 743)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2015, 4, 1), 1), (date(2015, 10, 1), -1), (date(2016, 5, 1), 0)]
)
def test_the_hour_of_the_clock_change_is_there_twice_or_not_at_all(
    con: DuckDBPyConnection, calendar: pd.DataFrame, day: date, hours: int
) -> None:
    sundays = calendar[(calendar["month"] == day) & (calendar["day_kind"] == "Sonntag/Feiertag")]
    found = con.execute(
        """SELECT DISTINCT observed_hours + missing_hours FROM marts.ind_footfall_hourly
        WHERE business_month = ? AND hour = 2 AND day_kind = 'Sonntag/Feiertag'""",
        [day],
    ).fetchall()
    assert found == [(sundays["day"].nunique() + hours,)]


def test_hourly_means_of_every_sensor_are_those_of_the_file(
    con: DuckDBPyConnection, counted: pd.DataFrame
) -> None:
    rows = con.execute(
        """SELECT s.name, business_month, day_kind, hour, pedestrians_mean
        FROM release.footfall_hourly f JOIN release.sensor s USING (sensor_id)
        WHERE status = 'veröffentlicht'"""
    ).fetchall()
    published: dict[expected.Cell, Decimal] = {tuple(r[:4]): r[4] for r in rows}
    assert published == expected.means(counted)
    assert len(rows) == len(published)


def test_what_was_never_counted_is_missing_with_a_reason_and_no_value(
    con: DuckDBPyConnection, counted: pd.DataFrame, calendar: pd.DataFrame
) -> None:
    rows = con.execute(
        """SELECT s.name, business_month, day_kind, hour, pedestrians_mean, reason
        FROM release.footfall_hourly f JOIN release.sensor s USING (sensor_id)
        WHERE status = 'fehlt'"""
    ).fetchall()
    cells = calendar[["month", "day_kind", "hour"]].drop_duplicates()
    every = {(s, *c) for s in SENSORS for c in cells.itertuples(index=False, name=None)}
    assert {tuple(r[:4]) for r in rows} == every - set(expected.means(counted))
    assert {tuple(r[4:]) for r in rows} == {(None, "Keine Angabe")}


def test_a_sensor_that_begins_in_february_is_missing_in_january(con: DuckDBPyConnection) -> None:
    found = con.execute(
        """SELECT DISTINCT status FROM release.footfall_hourly f JOIN release.sensor s USING (sensor_id)
        WHERE s.name = ? AND business_month = DATE '2015-01-01'""",
        [BOURKE],
    ).fetchall()
    assert found == [("fehlt",)]
