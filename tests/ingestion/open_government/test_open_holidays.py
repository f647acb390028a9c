# SPDX-License-Identifier: Apache-2.0
"""Lists of OpenHolidays: what is read, what is refused, with which words; and real lists."""

from datetime import date

import pytest

from foundation.errors import BadDelivery
from tests.ingestion.sensors.judging import (
    REAL_DATA,
    broken_rules,
    parse,
    period,
    shipped,
    typed,
    violations,
)

CONTRACT = shipped("open_holidays")
TABLE = "open_holidays_entries"
HEAD = "Id;Country;StartDate;EndDate;Type;RegionalScope;Name;Subdivisions\r\n"
REAL = REAL_DATA / "holidays"
LISTS = [f"openholidays_de_holidays.{kind}.csv" for kind in ("public", "school.nw", "school.by")]
real = pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data is absent")


def entry(
    first: str = "2025-04-14",
    last: str = "2025-04-26",
    *,
    id: str = "e-1",
    country: str = "DE",
    kind: str = "School",
    scope: str = "Regional",
    name: str = "DE Osterferien,EN Easter Holidays",
    places: str = "NW",
) -> str:
    return f"{id};{country};{first};{last};{kind};{scope};{name};{places}\r\n"


def file(*entries: str, head: str = HEAD) -> bytes:
    return (head + "".join(entries)).encode()


def rows(data: bytes) -> list[dict[str, object]]:
    return typed(CONTRACT, parse(CONTRACT, "a.csv", data), TABLE)


def one(data: bytes) -> dict[str, object]:
    (row,) = rows(data)
    return row


# -- what is read ----------------------------------------------------------------------------------


def test_an_entry_lasts_from_its_first_day_to_its_last() -> None:
    row = one(file(entry()))
    assert (row["start_date"], row["end_date"]) == (date(2025, 4, 14), date(2025, 4, 26))
    assert row["day_count"] == 13


def test_an_entry_without_an_end_is_one_day() -> None:
    row = one(file(entry("2025-06-10", "")))
    assert (row["end_date"], row["day_count"]) == (None, 1)


@pytest.mark.parametrize(
    ("written", "german"),
    [
        ("DE Neujahr,EN New Year's Day", "Neujahr"),
        ("EN Labour Day,DE Tag der Arbeit", "Tag der Arbeit"),
        ("DE Heilig Abend, halber Tag,EN Christmas Eve", "Heilig Abend, halber Tag"),
        ("EN Labour Day", "EN Labour Day"),
    ],
)
def test_the_name_is_the_german_one_where_there_is_one(written: str, german: str) -> None:
    assert one(file(entry(name=written)))["holiday_name"] == german


def test_an_entry_without_states_names_none() -> None:
    assert one(file(entry(places="")))["subdivisions"] is None


def test_a_state_and_a_town_in_it_are_kept_apart() -> None:
    assert one(file(entry(places="BW,BY-AU")))["subdivisions"] == "BW,BY-AU"


@pytest.mark.parametrize("column", ["Groups", "OUnits"])
def test_a_list_by_kinds_of_schools_has_no_states(column: str) -> None:
    row = one(file(entry(places="MV-ABS,MV-BBS"), head=HEAD.replace("Subdivisions", column)))
    assert (row["subdivisions"], row["school_kinds"]) == (None, "MV-ABS,MV-BBS")


def test_a_further_column_changes_nothing() -> None:
    head = HEAD.replace("RegionalScope;", "RegionalScope;Tags;")
    text = entry().replace("Regional;", "Regional;OneTime;")
    assert rows(file(text, head=head)) == rows(file(entry()))


def test_the_period_reaches_to_the_last_day_of_the_last_entry() -> None:
    data = file(entry("2028-12-21", "2029-01-05"), entry("2025-06-10", "", id="e-2"))
    assert period(CONTRACT, "a.csv", data) == (date(2025, 6, 10), date(2029, 1, 5))


# -- entries that are set aside --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "rule", "field"),
    [
        (entry("14.04.2025", id="x"), "typ", "StartDate"),
        (entry("2025-02-30", id="x"), "typ", "StartDate"),
        (entry(last="bald", id="x"), "typ", "EndDate"),
        (entry("", id="x"), "pflichtfeld", "StartDate"),
        (entry("1925-04-14", "1925-04-26", id="x"), "bereich", "StartDate"),
        (entry("1925-04-14", "1925-04-26", id="x"), "bereich", "EndDate"),
        (entry("2025-04-14", "2205-04-26", id="x"), "bereich", "EndDate"),
        (entry(country="AT", id="x"), "werteliste", "Country"),
        (entry(kind="Optional", id="x"), "werteliste", "Type"),
        (entry(scope="Kreis", id="x"), "werteliste", "RegionalScope"),
        (entry(name="", id="x"), "pflichtfeld", "Name"),
        (entry(places="NX", id="x"), "muster", "(Subdivisions)"),
        (entry(places="DE-NW", id="x"), "muster", "(Subdivisions)"),
    ],
)
def test_a_bad_entry_is_set_aside_with_row_and_field(bad: str, rule: str, field: str) -> None:
    found = broken_rules(CONTRACT, parse(CONTRACT, "a.csv", file(entry(), bad)))
    assert (rule, field, 3) in found
    assert {row for _, _, row in found} == {3}


LENGTH = "(Tage von StartDate bis EndDate)"


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [("2025-04-26", "2025-04-14", "„-11“"), ("2025-04-14", "2026-04-26", "„378“")],
)
def test_an_end_before_the_start_or_a_year_after_it_is_set_aside(
    first: str, last: str, found: str
) -> None:
    parsed = parse(CONTRACT, "a.csv", file(entry(), entry(first, last, id="e-2")))
    (violation,) = violations(CONTRACT, parsed, TABLE)
    assert (violation.rule, violation.field, violation.row_number) == ("bereich", LENGTH, 3)
    assert violation.found == found
    assert violation.remedy == "beim Absender berichtigen und neu einliefern"


def test_an_entry_told_twice_keeps_its_first_row() -> None:
    parsed = parse(CONTRACT, "a.csv", file(entry(), entry()))
    assert broken_rules(CONTRACT, parsed) == [("eindeutig", "Id", 3)]


def test_a_last_state_cut_off_is_no_state() -> None:
    data = file(entry(), entry(id="e-2", places="BW,BY"))
    parsed = parse(CONTRACT, "a.csv", data[:-3])
    assert broken_rules(CONTRACT, parsed) == [("muster", "(Subdivisions)", 3)]


# -- files that are refused ------------------------------------------------------------------------


@pytest.mark.parametrize("column", HEAD.strip().split(";"), ids=lambda column: f"without {column}")
def test_a_list_without_a_column_names_it(column: str) -> None:
    data = file(entry(), head=HEAD.replace(column, "Sonstiges"))
    with pytest.raises(BadDelivery, match=rf"a\.csv.*Zeile 1.*Feld „{column}“.*ohne diese Spalte"):
        parse(CONTRACT, "a.csv", data)


def test_the_list_of_states_is_no_list_of_holidays() -> None:
    data = b"Country;Code;IsoCode;ShortName\nDE;DE-NW;DE-NW;NW\n"
    with pytest.raises(BadDelivery, match=r"Feld „StartDate“.*ohne diese Spalte.*Export"):
        parse(CONTRACT, "a.csv", data)


def test_a_line_cut_off_is_refused() -> None:
    data = file(entry(), entry(id="e-2"))[:-20]
    with pytest.raises(BadDelivery, match=r"Zeile 3.*7 Felder.*abgeschnitten.*vollständig"):
        parse(CONTRACT, "a.csv", data)


def test_a_list_in_latin_1_is_refused() -> None:
    data = file(entry(), entry(name="DE Mariä Himmelfahrt", id="e-2")).decode().encode("latin-1")
    with pytest.raises(BadDelivery, match=r"Zeile 3.*0xe4.*Text in UTF-8.*exportieren"):
        parse(CONTRACT, "a.csv", data)


def test_a_list_in_utf_16_is_refused() -> None:
    with pytest.raises(BadDelivery, match=r"UTF-16 oder eine Binärdatei.*Text in UTF-8"):
        parse(CONTRACT, "a.csv", file(entry()).decode().encode("utf-16"))


@pytest.mark.parametrize("data", [b"", b"\r\n", HEAD.encode()])
def test_a_list_without_entries_is_refused(data: bytes) -> None:
    with pytest.raises(BadDelivery, match="Export wiederholen und erneut einliefern"):
        parse(CONTRACT, "a.csv", data)


def test_a_list_without_a_readable_day_has_no_period() -> None:
    with pytest.raises(BadDelivery, match=r"Feld „StartDate“.*keinen einzigen lesbaren Zeitpunkt"):
        period(CONTRACT, "a.csv", file(entry("bald", "")))


# -- real lists ------------------------------------------------------------------------------------


@real
@pytest.mark.parametrize("name", LISTS)
def test_no_entry_of_a_real_list_is_set_aside(name: str) -> None:
    data = (REAL / name).read_bytes()
    parsed = parse(CONTRACT, name, data)
    assert broken_rules(CONTRACT, parsed) == []
    assert len(parsed.tables[TABLE]) == len(data.splitlines()) - 1


@real
def test_augsburg_alone_is_local_in_the_real_list() -> None:
    found = rows((REAL / LISTS[0]).read_bytes())
    local = {
        (r["holiday_name"], r["subdivisions"]) for r in found if r["regional_scope"] == "Local"
    }
    assert local == {("Friedensfest", "BY-AU")}


@real
def test_the_real_list_of_states_is_refused() -> None:
    path = REAL / "openholidays_de_subdivisions.csv"
    with pytest.raises(BadDelivery, match=r"Feld „StartDate“.*ohne diese Spalte"):
        parse(CONTRACT, path.name, path.read_bytes())
