# SPDX-License-Identifier: Apache-2.0
"""Real station files of the Deutscher Wetterdienst in Münster's lake: hours, what was not measured, days of the local clock.

What must come out is counted here from the raw lines alone. No file spans a change of the clocks; the
winds lie in both summer and winter time, so the days at their ends tell which offset was taken.
"""

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from duckdb import DuckDBPyConnection

from tests.second_cooperative.muenster import CURRENT, METADATA, SUNSHINE, WIND, ZONE, Muenster

HOUR = timedelta(hours=1)
TEN_MINUTES = timedelta(minutes=10)
CENT = Decimal("0.01")
TEMPERATURE = "dry_bulb_temperature_at_2_meter_above_ground"
RAIN = "precipitation_amount_last_hour"
SUN = "total_time_of_sunshine_during_last_hour"
BREEZE = "mean_wind_speed_during last_10_min_at_10_meters_above_ground"

pytestmark = pytest.mark.skipif(not CURRENT.is_file(), reason="../shared/data is absent")


@pytest.fixture
def con(muenster: Muenster) -> Iterator[DuckDBPyConnection]:
    """A reading connection to Münster's lake."""
    with muenster.house.lakehouse.connect(read_only=True) as connection:
        yield connection


# -- the raw lines ---------------------------------------------------------------------------------


def archived(path: Path, column: str) -> dict[datetime, Decimal | None]:
    """End of each measurement to its value as the archive writes it; None for -999."""
    with zipfile.ZipFile(path) as archive:
        (name,) = (n for n in archive.namelist() if n.startswith("produkt_"))
        text = archive.read(name).decode("latin-1")
    found: dict[datetime, Decimal | None] = {}
    lines = csv.reader(io.StringIO(text), delimiter=";")
    header = [cell.strip() for cell in next(lines)]
    for line in lines:
        row = dict(zip(header, (cell.strip() for cell in line), strict=True))
        written = "%Y%m%d%H%M" if len(row["MESS_DATUM"]) == 12 else "%Y%m%d%H"
        end = datetime.strptime(row["MESS_DATUM"], written).replace(tzinfo=UTC)
        value = Decimal(row[column])
        found[end] = None if value == -999 else value
    return found


def current(column: str) -> dict[datetime, Decimal | None]:
    """End of each hour to its value; None for ---. Three lines of names stand above."""
    lines = list(csv.reader(io.StringIO(CURRENT.read_text("latin-1")), delimiter=";"))
    place = lines[0].index(column)
    return {
        datetime.strptime(f"{line[0]} {line[1]}", "%d.%m.%y %H:%M").replace(tzinfo=UTC): (
            None if line[place] == "---" else Decimal(line[place].replace(",", "."))
        )
        for line in lines[3:]
    }


def ten_minutes_by_hour() -> dict[datetime, list[Decimal]]:
    """End of each hour to the sunshine in hours of the tenths of it that were measured."""
    hours: dict[datetime, list[Decimal]] = defaultdict(list)
    for end, value in archived(SUNSHINE, "SD_10").items():
        start = end - TEN_MINUTES
        if value is not None:
            hours[start.replace(minute=0) + HOUR].append(value)
    return hours


def local_day(instant: datetime) -> date:
    return instant.astimezone(ZONE).date()


def days_of(values: dict[datetime, Decimal | None], back: timedelta) -> dict[date, list[Decimal]]:
    """Values by the local day of their instant, so much earlier."""
    days: dict[date, list[Decimal]] = defaultdict(list)
    for end, value in values.items():
        if value is not None:
            days[local_day(end - back)].append(value)
    return days


# -- the lake --------------------------------------------------------------------------------------


def hours(con: DuckDBPyConnection, column: str, times: Any) -> dict[datetime, Any]:
    """Value of each observed hour among these."""
    rows = con.execute(
        f"""SELECT epoch_us(measured_at) // 1000000, {column} FROM staging.stg_weather__hours
        WHERE weather_kind = 'beobachtet'"""
    ).fetchall()
    found = {datetime.fromtimestamp(seconds, UTC): value for seconds, value in rows}
    return {at: value for at, value in found.items() if at in set(times)}


def test_the_three_files_with_measurements_are_loaded_whole(
    muenster: Muenster, con: DuckDBPyConnection
) -> None:
    report = muenster.loaded["weather_dwd"]
    assert (report.deliveries["loaded"], report.left_out_rows) == (3, 0)
    lines = len(archived(SUNSHINE, "SD_10")) + len(archived(WIND, "F")) + len(current(SUN))
    assert con.execute("SELECT count(*) FROM raw.weather_dwd_values").fetchone() == (lines,)


def test_an_archive_of_metadata_is_set_aside_and_stops_nothing(
    muenster: Muenster, con: DuckDBPyConnection
) -> None:
    report = muenster.loaded["weather_dwd"]
    assert report.deliveries["quarantined"] == 1
    (finding,) = report.findings
    assert (finding.file, finding.rule) == (METADATA.name, "datei_fehlt")
    assert "nicht das mit Metadaten" in finding.remedy
    rows = con.execute(
        "SELECT file_name, rule FROM landing.quarantine WHERE contract_id = 'weather_dwd'"
    ).fetchall()
    assert rows == [(METADATA.name, "datei_fehlt")]


def test_sunshine_of_an_hour_is_that_of_its_six_tenths_in_minutes(con: DuckDBPyConnection) -> None:
    parts = ten_minutes_by_hour()
    whole = {end: 60 * sum(p, Decimal()) for end, p in parts.items() if len(p) == 6}
    assert sum(whole.values()) > 0
    assert hours(con, "sunshine_minutes", whole) == whole


def test_an_hour_with_a_tenth_missing_has_no_sunshine(con: DuckDBPyConnection) -> None:
    parts = ten_minutes_by_hour()
    cut = [end for end, p in parts.items() if len(p) < 6]
    # The archive begins with the last tenth of an hour and ends before that of another.
    assert sorted(len(parts[end]) for end in cut) == [1, 5]
    assert hours(con, "sunshine_minutes", cut) == dict.fromkeys(cut)
    assert len(hours(con, "measured_at", parts)) == len(parts)


def test_minus_999_is_an_hour_without_wind_and_the_rest_is_in_kilometres(
    con: DuckDBPyConnection,
) -> None:
    written = archived(WIND, "F")
    assert list(written.values()).count(None) == 1
    wanted = {at: None if v is None else v * Decimal("3.6") for at, v in written.items()}
    assert hours(con, "wind_kmh", written) == wanted
    assert con.execute(
        "SELECT count(*) FROM raw.weather_dwd_values WHERE sunshine < 0"
    ).fetchone() == (0,)


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ("temperature_c", TEMPERATURE),
        ("precipitation_mm", RAIN),
        ("sunshine_minutes", SUN),
        ("wind_kmh", BREEZE),
    ],
)
def test_current_observations_are_those_of_the_file(
    con: DuckDBPyConnection, column: str, written: str
) -> None:
    wanted = current(written)
    assert hours(con, column, wanted) == wanted


def test_dashes_are_hours_that_nobody_measured(con: DuckDBPyConnection) -> None:
    dashes = [at for at, value in current(SUN).items() if value is None]
    assert len(dashes) == len(current(SUN))
    assert hours(con, "sunshine_minutes", dashes) == dict.fromkeys(dashes)


def test_a_day_is_that_of_the_local_clock_and_needs_half_of_its_hours(
    con: DuckDBPyConnection,
) -> None:
    instants = days_of(current(TEMPERATURE), timedelta())
    rain, wind = days_of(current(RAIN), HOUR), days_of(current(BREEZE), HOUR)
    known = {day: values for day, values in instants.items() if len(values) >= 12}
    # The other of its two days is told half only.
    assert len(known) < len(instants)
    wanted = {
        day: (
            (sum(values) / len(values)).quantize(CENT, ROUND_HALF_UP),
            max(values),
            sum(rain[day], Decimal()),
            None,
            max(wind[day]),
            len(values),
        )
        for day, values in known.items()
    }
    rows = con.execute(
        """SELECT day_date, temperature_mean_c, temperature_max_c, precipitation_mm, sunshine_minutes,
            wind_max_kmh, observed_hours
        FROM core.fct_weather_day"""
    ).fetchall()
    assert {row[0]: row[1:] for row in rows} == wanted


@pytest.mark.parametrize(
    ("path", "column", "length"), [(SUNSHINE, "SD_10", TEN_MINUTES), (WIND, "F", HOUR)]
)
def test_a_delivery_reaches_from_the_first_local_day_to_the_last(
    con: DuckDBPyConnection, path: Path, column: str, length: timedelta
) -> None:
    starts = [end - length for end in archived(path, column)]
    row = con.execute(
        "SELECT DISTINCT first_date, last_date FROM landing.delivery WHERE file_name = ?",
        [path.name],
    ).fetchone()
    assert row == (local_day(min(starts)), local_day(max(starts)))
