# SPDX-License-Identifier: Apache-2.0
"""OpenHolidays beside the library that marks our calendar: the same days in Münster, what differs, what Bavaria's lists know alone."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from duckdb import DuckDBPyConnection

from orchestration.checkup import Status, work
from orchestration.house import holidays_of, school_holidays_of
from tests.second_cooperative import expected
from tests.second_cooperative.founded import DATA
from tests.second_cooperative.muenster import (
    AGAIN,
    CORRECTED,
    EXTRA_DAY,
    LOST_AUTUMN,
    PUBLIC,
    SCHOOL,
    Muenster,
)

BAVARIA = DATA / "holidays" / "openholidays_de_holidays.school.by.csv"
# The calendar of this cooperative, and the years of which both calendars speak undisturbed.
YEARS, ALIKE = range(2022, 2026), range(2024, 2029)
FIRST, LAST = date(2022, 1, 1), date(2025, 12, 31)

pytestmark = pytest.mark.skipif(not BAVARIA.is_file(), reason="../shared/data is absent")


@pytest.fixture
def con(muenster: Muenster) -> Iterator[DuckDBPyConnection]:
    """A reading connection to Münster's lake."""
    with muenster.house.lakehouse.connect(read_only=True) as connection:
        yield connection


def days(con: DuckDBPyConnection, sql: str, *values: Any) -> set[date]:
    return {day for (day,) in con.execute(sql, list(values)).fetchall()}


def marked(con: DuckDBPyConnection, flag: str) -> set[date]:
    return days(con, f"SELECT day_date FROM core.dim_day WHERE {flag}")


def delivered(con: DuckDBPyConnection, kind: str, state: str = "NW") -> set[date]:
    sql = (
        "SELECT day_date FROM staging.stg_open_holidays__days WHERE holiday_kind = ? AND state = ?"
    )
    return {day for day in days(con, sql, kind, state) if day.year in ALIKE}


def contested(con: DuckDBPyConnection, source: str) -> set[date]:
    sql = "SELECT day_date FROM core.int_holidays_unified WHERE is_contested AND holiday_source = ?"
    return days(con, sql, source)


def lost_autumn() -> set[date]:
    autumn = range(LOST_AUTUMN, LOST_AUTUMN + 1)
    return {day for day in expected.days_off(SCHOOL, "NW", autumn) if day.month == 10}


# -- the real lists --------------------------------------------------------------------------------


def test_every_list_is_loaded_and_the_one_that_came_twice_once(
    muenster: Muenster, con: DuckDBPyConnection
) -> None:
    assert +muenster.loaded["open_holidays"].deliveries == {"loaded": 3}
    event = (
        "SELECT file_name FROM landing.delivery WHERE contract_id = 'open_holidays' AND event = "
    )
    assert con.execute(event + "'duplicate'").fetchall() == [(AGAIN,)]
    entries = sum(len(path.read_bytes().splitlines()) - 1 for path in (PUBLIC, SCHOOL))
    (found,) = con.execute(
        """SELECT count(*) FROM raw.open_holidays_entries SEMI JOIN (
            SELECT delivery_sha256 AS _landing_sha256 FROM landing.delivery WHERE file_name <> ?
        ) USING (_landing_sha256)""",
        [CORRECTED],
    ).fetchall()
    assert found == (entries,)


@pytest.mark.parametrize(("kind", "path"), [("ferien", SCHOOL), ("feiertag", PUBLIC)])
def test_delivered_days_are_those_of_the_file(
    con: DuckDBPyConnection, kind: str, path: Any
) -> None:
    assert delivered(con, kind) == expected.days_off(path, "NW", ALIKE)


@pytest.mark.parametrize(
    ("kind", "library"), [("ferien", school_holidays_of), ("feiertag", holidays_of)]
)
def test_library_and_openholidays_name_the_same_days_of_five_years(
    muenster: Muenster, con: DuckDBPyConnection, kind: str, library: Any
) -> None:
    first, last = date(ALIKE[0], 1, 1), date(ALIKE[-1], 12, 31)
    assert delivered(con, kind) == set(library(muenster.house.cooperative, first, last))


def test_school_holidays_of_muenster_are_those_of_openholidays(con: DuckDBPyConnection) -> None:
    listed = expected.days_off(SCHOOL, "NW", YEARS)
    assert marked(con, "is_school_holiday") == listed | {EXTRA_DAY}


def test_a_holiday_without_an_end_is_one_day(con: DuckDBPyConnection) -> None:
    around = {date(2025, 6, 9), date(2025, 6, 10), date(2025, 6, 11)}
    assert marked(con, "is_school_holiday") & around == {date(2025, 6, 10)}
    assert expected.days_off(SCHOOL, "NW", YEARS) & around == {date(2025, 6, 10)}


def test_public_holidays_of_muenster_are_those_of_openholidays(con: DuckDBPyConnection) -> None:
    assert marked(con, "is_public_holiday") == expected.days_off(PUBLIC, "NW", YEARS)


def test_augsburgs_own_holiday_is_not_bavarias(con: DuckDBPyConnection) -> None:
    found = delivered(con, "feiertag", "BY")
    assert found == expected.days_off(PUBLIC, "BY", ALIKE)
    assert not {day for day in found if (day.month, day.day) == (8, 8)}


# -- what differs ----------------------------------------------------------------------------------


def test_a_day_that_only_the_delivered_list_knows_is_free_and_marked(
    con: DuckDBPyConnection,
) -> None:
    assert contested(con, "openholidays") == {EXTRA_DAY}
    assert EXTRA_DAY in marked(con, "is_school_holiday")


def test_days_that_only_the_library_knows_stay_free_and_are_marked(
    con: DuckDBPyConnection,
) -> None:
    assert contested(con, "bibliothek") == lost_autumn()
    assert lost_autumn() <= marked(con, "is_school_holiday")


def test_the_check_of_the_models_warns_of_every_such_day(muenster: Muenster) -> None:
    path = muenster.house.settings.dbt_dir / "target" / "run_results.json"
    results = {r["unique_id"].split(".")[2]: r for r in json.loads(path.read_text())["results"]}
    found = results["both_calendars_know_the_same_holidays"]
    assert (found["status"], found["failures"]) == ("warn", 1 + len(lost_autumn()))


def test_the_doctor_names_the_days_and_asks_for_nothing_now(muenster: Muenster) -> None:
    (line,) = work.holidays(muenster.house)
    assert (line.status, line.step) == (Status.HINT, None)
    last = max(lost_autumn())
    assert f"09.06.2023 (Ferien, nur bei OpenHolidays), {last:%d.%m.%Y} (Ferien, nicht" in line.text
    assert f"und {len(lost_autumn()) - 7} weitere" in line.text
    assert "mit der Ferienordnung des Landes vergleichen" in line.text


# -- another state ---------------------------------------------------------------------------------


def test_only_openholidays_knows_bavarias_school_free_day_of_repentance(
    muenster: Muenster,
) -> None:
    bavaria = muenster.house.cooperative.model_copy(update={"state": "BY"})
    library = set(school_holidays_of(bavaria, FIRST, LAST))
    listed = expected.days_off(BAVARIA, "BY", YEARS)
    assert library < listed
    assert {date(2022, 11, 16), date(2023, 11, 22), date(2024, 11, 20), date(2025, 11, 19)} <= (
        listed - library
    )


def test_assumption_day_is_free_in_most_of_bavaria_and_not_in_the_library_for_all_of_it(
    muenster: Muenster,
) -> None:
    bavaria = muenster.house.cooperative.model_copy(update={"state": "BY"})
    library = set(holidays_of(bavaria, FIRST, LAST))
    assert expected.days_off(PUBLIC, "BY", YEARS) - library == {date(y, 8, 15) for y in YEARS}
