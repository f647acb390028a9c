# SPDX-License-Identifier: Apache-2.0
"""Downloads of hystreet: what is read, what is refused, with which words."""

from datetime import UTC, date, datetime

import pytest

from foundation.errors import BadDelivery
from tests.ingestion.sensors.judging import broken_rules, parse, period, shipped, typed, violations

CONTRACT = shipped("footfall_hystreet")
TABLE = "footfall_hystreet_counts"
HEADER = (
    "location;time of measurement;weekday;pedestrians count;temperature in ºc;"
    "weather condition;incidents\n"
)
GOOD = "Hohe Straße;2026-03-02 10:00:00 +0100;Monday;412;8.5;cloudy;\n"


def download(*rows: str) -> bytes:
    return ("\ufeff" + HEADER + "".join(rows)).encode()


def test_a_download_with_byte_order_mark_passes_the_contract() -> None:
    parsed = parse(CONTRACT, "a.csv", download(GOOD))
    assert broken_rules(CONTRACT, parsed) == []
    row = typed(CONTRACT, parsed, TABLE)[0]
    assert row["measured_at"].astimezone(UTC) == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert (row["location"], row["pedestrians_count"]) == ("Hohe Straße", 412)


def test_the_repeated_hour_at_the_end_of_summer_time_stays_two_hours() -> None:
    summer = "Hohe Straße;2025-10-26 02:00:00 +0200;Sunday;12;4.6;rain;\n"
    winter = "Hohe Straße;2025-10-26 02:00:00 +0100;Sunday;9;4.6;rain;\n"
    parsed = parse(CONTRACT, "a.csv", download(summer, winter))
    assert broken_rules(CONTRACT, parsed) == []
    assert parsed.tables[TABLE]["measured_at"].to_pylist() == [
        "2025-10-26T00:00:00+00:00",
        "2025-10-26T01:00:00+00:00",
    ]


def test_temperatures_with_comma_and_point_mean_the_same() -> None:
    parsed = parse(CONTRACT, "a.csv", download(GOOD, GOOD.replace("8.5", "8,5")))
    assert [str(r["temperature"]) for r in typed(CONTRACT, parsed, TABLE)] == ["8.50", "8.50"]


def test_an_incident_is_kept() -> None:
    parsed = parse(CONTRACT, "a.csv", download(GOOD.replace("cloudy;", "cloudy;Umbau am Gerät")))
    assert parsed.tables[TABLE]["incidents"].to_pylist() == ["Umbau am Gerät"]


def test_the_period_is_in_local_days() -> None:
    first = GOOD.replace("2026-03-02 10", "2026-03-01 00")
    assert period(CONTRACT, "a.csv", download(first, GOOD)) == (date(2026, 3, 1), date(2026, 3, 2))


def test_a_repeated_hour_of_one_sensor_is_set_aside_and_the_first_stays() -> None:
    parsed = parse(CONTRACT, "a.csv", download(GOOD, GOOD.replace("412", "7")))
    assert broken_rules(CONTRACT, parsed) == [("stunde_nur_einmal", None, 3)]


def test_a_count_in_words_names_row_field_and_value() -> None:
    parsed = parse(CONTRACT, "a.csv", download(GOOD.replace("412", "viele")))
    (violation,) = violations(CONTRACT, parsed, TABLE)
    assert (violation.row_number, violation.field) == (2, "pedestrians count")
    assert (violation.found, violation.expected) == ("„viele“", "eine ganze Zahl")


@pytest.mark.parametrize("count", ["-1", "60001"])
def test_a_count_out_of_range_is_set_aside(count: str) -> None:
    parsed = parse(CONTRACT, "a.csv", download(GOOD.replace("412", count)))
    assert broken_rules(CONTRACT, parsed) == [("bereich", "pedestrians count", 2)]


def test_an_unreadable_time_is_shown_as_it_stood() -> None:
    parsed = parse(
        CONTRACT, "a.csv", download(GOOD.replace("2026-03-02 10:00:00 +0100", "gestern"))
    )
    assert [v.found for v in violations(CONTRACT, parsed, TABLE)] == ["„gestern“"]


def test_a_quarter_of_an_hour_is_not_an_hour() -> None:
    parsed = parse(CONTRACT, "a.csv", download(GOOD.replace("10:00", "10:15")))
    assert broken_rules(CONTRACT, parsed) == [("volle_stunde", None, 2)]


def test_a_file_in_latin_1_is_refused_with_its_line() -> None:
    data = (HEADER.replace("º", "") + GOOD).encode("latin-1")
    with pytest.raises(BadDelivery, match=r"Zeile 2.*Byte 0xdf.*UTF-8"):
        parse(CONTRACT, "a.csv", data)


def test_a_missing_column_is_named() -> None:
    data = download(GOOD).replace(b";weekday", b";tag")
    with pytest.raises(BadDelivery, match=r"a\.csv.*Feld „weekday“.*ohne diese Spalte"):
        parse(CONTRACT, "a.csv", data)


def test_a_file_cut_within_a_line_is_refused() -> None:
    with pytest.raises(BadDelivery, match=r"Zeile 3.*abgeschnitten"):
        parse(CONTRACT, "a.csv", download(GOOD, GOOD)[:-30])


@pytest.mark.parametrize("data", [b"", b" \n", download()])
def test_a_file_without_rows_is_refused(data: bytes) -> None:
    with pytest.raises(BadDelivery, match="Export wiederholen"):
        parse(CONTRACT, "a.csv", data)


def test_a_file_without_any_readable_time_has_no_period() -> None:
    data = download(GOOD.replace("2026-03-02 10:00:00 +0100", "gestern"))
    with pytest.raises(BadDelivery, match="keinen einzigen lesbaren Zeitpunkt"):
        period(CONTRACT, "a.csv", data)
