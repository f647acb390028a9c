# SPDX-License-Identifier: Apache-2.0
"""OpenHolidays beside the library that marks our calendar: the same days in Münster, and what Bavaria's list knows alone."""

from collections.abc import Iterator
from datetime import date

import pytest
from duckdb import DuckDBPyConnection

from orchestration.house import holidays_of, school_holidays_of
from tests.second_cooperative import expected
from tests.second_cooperative.founded import DATA
from tests.second_cooperative.muenster import Muenster

PUBLIC = DATA / "holidays" / "openholidays_de_holidays.public.csv"
SCHOOL = {
    state: DATA / "holidays" / f"openholidays_de_holidays.school.{state.lower()}.csv"
    for state in ("NW", "BY")
}
YEARS = range(2022, 2026)
FIRST, LAST = date(2022, 1, 1), date(2025, 12, 31)

pytestmark = pytest.mark.skipif(not PUBLIC.is_file(), reason="../shared/data is absent")


@pytest.fixture
def con(muenster: Muenster) -> Iterator[DuckDBPyConnection]:
    """A reading connection to Münster's lake."""
    with muenster.house.lakehouse.connect(read_only=True) as connection:
        yield connection


def marked(con: DuckDBPyConnection, flag: str) -> set[date]:
    rows = con.execute(f"SELECT day_date FROM core.dim_day WHERE {flag}").fetchall()
    return {day for (day,) in rows if day.year in YEARS}


def test_school_holidays_of_muenster_are_those_of_openholidays(con: DuckDBPyConnection) -> None:
    assert marked(con, "is_school_holiday") == expected.days_off(SCHOOL["NW"], "NW", YEARS)


def test_a_holiday_without_an_end_is_one_day(con: DuckDBPyConnection) -> None:
    around = {date(2025, 6, 9), date(2025, 6, 10), date(2025, 6, 11)}
    assert marked(con, "is_school_holiday") & around == {date(2025, 6, 10)}
    assert expected.days_off(SCHOOL["NW"], "NW", YEARS) & around == {date(2025, 6, 10)}


def test_public_holidays_of_muenster_are_those_of_openholidays(con: DuckDBPyConnection) -> None:
    assert marked(con, "is_public_holiday") == expected.days_off(PUBLIC, "NW", YEARS)


def test_only_openholidays_knows_bavarias_school_free_day_of_repentance(
    muenster: Muenster,
) -> None:
    bavaria = muenster.house.cooperative.model_copy(update={"state": "BY"})
    library = set(school_holidays_of(bavaria, FIRST, LAST))
    listed = expected.days_off(SCHOOL["BY"], "BY", YEARS)
    assert library < listed
    assert {date(2022, 11, 16), date(2023, 11, 22), date(2024, 11, 20), date(2025, 11, 19)} <= (
        listed - library
    )


def test_assumption_day_is_free_in_most_of_bavaria_and_not_in_our_calendar_of_all_of_it(
    muenster: Muenster,
) -> None:
    bavaria = muenster.house.cooperative.model_copy(update={"state": "BY"})
    library = set(holidays_of(bavaria, FIRST, LAST))
    assert expected.days_off(PUBLIC, "BY", YEARS) - library == {date(y, 8, 15) for y in YEARS}
