# SPDX-License-Identifier: Apache-2.0
"""Real bicycles and real air of Münster: sums, both changes of the clocks, 24:00, ragged lines, what is missing."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest
from duckdb import DuckDBPyConnection

from tests.second_cooperative import expected
from tests.second_cooperative.muenster import (
    AIR,
    COUNTER,
    MARCH,
    OCTOBER,
    SILENT,
    STATION,
    ZONE,
    Muenster,
)


@pytest.fixture
def con(muenster: Muenster) -> Iterator[DuckDBPyConnection]:
    """A reading connection to Münster's lake."""
    with muenster.house.lakehouse.connect(read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def counted(muenster: Muenster) -> pd.DataFrame:
    """Both months as pandas reads them; asks for the run first, which says whether the files are there."""
    return pd.concat([expected.bicycles(path, ZONE.key) for path in (MARCH, OCTOBER)])


@pytest.fixture(scope="module")
def measured(muenster: Muenster) -> pd.DataFrame:
    """Both years of air as pandas reads them."""
    return expected.air(AIR, ZONE.key)


def instants(con: DuckDBPyConnection, where: str) -> set[pd.Timestamp]:
    rows = con.execute(f"SELECT epoch_us(observed_at) FROM core.fct_observation WHERE {where}")
    return {pd.Timestamp(us, unit="us", tz="UTC") for (us,) in rows.fetchall()}


def missing(con: DuckDBPyConnection, month: str) -> "pd.DatetimeIndex":
    """Quarters of an hour of the month on Münster's clock that nobody observed."""
    every = expected.quarters_of(month, ZONE.key)
    there = instants(con, "metric = 'bicycles'")
    return every[[at not in there for at in every]].tz_convert(ZONE.key)


def one(con: DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    row = con.execute(sql).fetchone()
    assert row is not None
    return row


def test_no_line_is_set_aside(muenster: Muenster) -> None:
    assert {name: r.left_out_rows for name, r in muenster.loaded.items()} == {
        "reference": 0,
        "eco_counter": 0,
        "air_uba": 0,
        "open_holidays": 0,
        "weather_dwd": 0,
    }
    assert muenster.loaded["eco_counter"].deliveries["loaded"] == 2
    assert muenster.loaded["air_uba"].deliveries["loaded"] == 1


def test_an_empty_channel_is_counted_and_named_and_replaces_nothing(
    muenster: Muenster, con: DuckDBPyConnection
) -> None:
    report = muenster.loaded["eco_counter"]
    assert report.deliveries["quarantined"] == 1
    (finding,) = report.findings
    assert (finding.file, finding.field, finding.rule) == (SILENT, expected.BICYCLES, "kanal_leer")
    october = "business_month = DATE '2025-10-01' AND metric = 'bicycles'"
    assert one(con, f"SELECT count(*) FROM core.fct_observation WHERE {october}") == (2900,)


# -- bicycles --------------------------------------------------------------------------------------


def test_bicycles_of_each_month_are_those_of_the_file(
    con: DuckDBPyConnection, counted: pd.DataFrame
) -> None:
    rows = con.execute(
        """SELECT business_month, sum(observed_value)::INT, count(*) FROM core.fct_observation
        WHERE metric = 'bicycles' GROUP BY ALL"""
    ).fetchall()
    sums = counted.groupby("month")["count"].agg(["sum", "size"])
    assert {r[0]: r[1:] for r in rows} == {m: (s, n) for m, s, n in sums.itertuples()}
    assert sorted(r[1] for r in rows) == [438_497, 443_187]


def test_bicycles_of_each_quarter_of_an_hour_are_those_of_the_file(
    con: DuckDBPyConnection, counted: pd.DataFrame
) -> None:
    rows = con.execute(
        """SELECT epoch_us(observed_at), observed_value::INT FROM core.fct_observation
        WHERE metric = 'bicycles'"""
    ).fetchall()
    wanted = dict(zip(counted["at"], counted["count"], strict=True))
    assert {pd.Timestamp(us, unit="us", tz="UTC"): n for us, n in rows} == wanted


def test_only_the_channel_of_the_contract_counts(con: DuckDBPyConnection) -> None:
    rows = con.execute(
        "SELECT DISTINCT sensor_name, metric FROM core.fct_observation WHERE contract_id = 'eco_counter'"
    ).fetchall()
    assert rows == [(COUNTER, "bicycles")]


def test_spring_leaves_out_an_hour_and_march_one_whole_day(con: DuckDBPyConnection) -> None:
    assert {at.date() for at in missing(con, "2025-03-01")} == {date(2025, 3, 31)}
    assert len(missing(con, "2025-03-01")) == 96
    sunday = "observed_date = DATE '2025-03-30' AND metric = 'bicycles'"
    found = con.execute(
        f"SELECT hour, count(*) FROM core.fct_observation WHERE {sunday} GROUP BY ALL"
    ).fetchall()
    assert dict(found) == {hour: 4 for hour in range(24) if hour != 2}


def test_the_hour_that_autumn_repeats_is_there_once_and_missing_once(
    con: DuckDBPyConnection,
) -> None:
    sunday = [at for at in missing(con, "2025-10-01") if at.date() == date(2025, 10, 26)]
    assert [str(at) for at in sunday] == [
        f"2025-10-26 02:{m:02d}:00+01:00" for m in (0, 15, 30, 45)
    ]
    there = instants(con, "metric = 'bicycles' AND is_repeated_hour")
    assert sorted(at.tz_convert(ZONE.key).isoformat() for at in there) == [
        f"2025-10-26T02:{m:02d}:00+02:00" for m in (0, 15, 30, 45)
    ]


def test_a_file_that_ends_early_leaves_the_rest_of_its_last_day_missing(
    con: DuckDBPyConnection,
) -> None:
    last = [at for at in missing(con, "2025-10-01") if at.date() != date(2025, 10, 26)]
    assert len(last) == 76
    assert (last[0], last[-1]) == (
        pd.Timestamp("2025-10-31 05:00", tz=ZONE.key),
        pd.Timestamp("2025-10-31 23:45", tz=ZONE.key),
    )


def test_the_health_of_the_counter_counts_what_is_missing(
    con: DuckDBPyConnection, counted: pd.DataFrame
) -> None:
    sql = "SELECT observed_share, longest_gap_hours FROM marts.ind_sensor_health WHERE metric = 'bicycles'"
    share, gap = one(con, sql)
    until = pd.Timestamp("2025-11-01", tz=ZONE.key)
    minutes = (until - counted["at"].min()).total_seconds() / 60
    assert float(share) == pytest.approx(15 * len(counted) / minutes, abs=1e-4)
    # From the day that March lacks to the first of October; no file tells of the months between.
    absent = pd.Timestamp("2025-10-01", tz=ZONE.key) - pd.Timestamp("2025-03-31", tz=ZONE.key)
    assert gap == absent.total_seconds() / 3600


# -- air -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", list(expected.POLLUTANTS))
def test_air_of_each_month_is_that_of_the_file(
    con: DuckDBPyConnection, measured: pd.DataFrame, metric: str
) -> None:
    rows = con.execute(
        """SELECT business_month, sum(observed_value)::DOUBLE, count(*) FROM core.fct_observation
        WHERE sensor_name = ? AND metric = ? GROUP BY ALL""",
        [STATION, metric],
    ).fetchall()
    there = measured[measured[metric].notna()].groupby("month")[metric].agg(["sum", "size"])
    assert {r[0]: (round(r[1], 3), r[2]) for r in rows} == {
        month: (round(total, 3), hours) for month, total, hours in there.itertuples()
    }


@pytest.mark.parametrize(
    ("metric", "dashes"), [("pm10", 279), ("ozone", 1011), ("no2", 948), ("pm2_5", 16_980)]
)
def test_a_dash_is_a_missing_hour_and_counted(
    con: DuckDBPyConnection, measured: pd.DataFrame, metric: str, dashes: int
) -> None:
    sql = f"SELECT count(*) - count({metric}), count(*) FROM raw.air_uba_hours"
    assert one(con, sql) == (dashes, len(measured))
    assert int(measured[metric].isna().sum()) == dashes


def test_every_hour_of_two_years_is_there_once_across_four_changes_of_the_clocks(
    con: DuckDBPyConnection, measured: pd.DataFrame
) -> None:
    rows = con.execute("SELECT epoch_us(measured_at) FROM raw.air_uba_hours").fetchall()
    starts = [pd.Timestamp(us, unit="us", tz="UTC") for (us,) in rows]
    assert sorted(starts) == list(measured["end"] - pd.Timedelta(hours=1))
    assert len(set(starts)) == 2 * 365 * 24 + 1


def test_24_00_is_the_first_instant_of_the_next_day_and_none_is_lost(
    con: DuckDBPyConnection, measured: pd.DataFrame
) -> None:
    written = measured.loc[measured["written"].str.endswith("24:00"), "written"]
    days = {datetime.fromisoformat(text[:10]).date() for text in written}
    rows = con.execute(
        """SELECT CAST((measured_at + INTERVAL 1 HOUR) AT TIME ZONE 'Europe/Berlin' AS DATE) - 1
        FROM raw.air_uba_hours
        WHERE extract(hour FROM (measured_at + INTERVAL 1 HOUR) AT TIME ZONE 'Europe/Berlin') = 0"""
    ).fetchall()
    assert len(rows) == len(written) == 730
    assert {day for (day,) in rows} == days


def test_ragged_lines_come_in_whole_and_hold_nothing(
    con: DuckDBPyConnection, measured: pd.DataFrame
) -> None:
    ragged = measured[measured["fields"] == 8]
    empty = "pm10 IS NULL AND ozone IS NULL AND no2 IS NULL AND pm2_5 IS NULL"
    rows = con.execute(
        f"SELECT epoch_us(measured_at) FROM raw.air_uba_hours WHERE {empty}"
    ).fetchall()
    starts = {pd.Timestamp(us, unit="us", tz="UTC") for (us,) in rows}
    assert len(ragged) == 74
    assert set(ragged["end"] - pd.Timedelta(hours=1)) <= starts


def test_a_station_that_delivers_no_more_is_silent_since_its_last_hour(
    con: DuckDBPyConnection,
) -> None:
    rows = con.execute(
        """SELECT metric, state, last_observed_date FROM marts.ind_sensor_health
        WHERE metric IN ('pm10', 'ozone', 'no2')"""
    ).fetchall()
    day = date(2024, 1, 1)
    assert sorted(rows) == [(m, "verstummt", day) for m in ("no2", "ozone", "pm10")]
