# SPDX-License-Identifier: Apache-2.0
"""Downloads of the Umweltbundesamt: what is read, what is refused, with which words; and two real years."""

from datetime import date
from decimal import Decimal

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

CONTRACT = shipped("air_uba")
TABLE = "air_uba_hours"
HEADER = (
    '"Station code";Date;"Particulate matter (PM₁₀) Daily average (hourly floating) in µg/m³";'
    '"Ozone (O₃) One hour average in µg/m³";"Nitrogen dioxide (NO₂) One hour average in µg/m³";'
    '"Particulate matter (PM₂,₅) Daily average (hourly floating) in µg/m³";"Air quality index"\n'
)
CLOSING = '\n"Source: German Environment Agency; all times are given in CET or CEST."\n'
REAL = REAL_DATA / "air" / "uba_muenster_2022_2023_station1140.csv"


def hour(end: str, values: str = "13;46;8;-") -> str:
    return f'DENW095;"\'{end}\'";{values};"very good"\n'


def download(*rows: str, closing: str = CLOSING) -> bytes:
    return ("\ufeff" + HEADER + "".join(rows) + closing).encode()


def times(*rows: str) -> list[str]:
    found: list[str] = (
        parse(CONTRACT, "a.csv", download(*rows)).tables[TABLE]["measured_at"].to_pylist()
    )
    return found


def test_a_time_names_the_end_of_its_hour() -> None:
    assert times(hour("2022-01-01 01:00")) == ["2021-12-31T23:00:00+00:00"]


def test_24_00_is_the_last_hour_of_its_day() -> None:
    assert times(hour("2022-01-01 24:00")) == ["2022-01-01T22:00:00+00:00"]
    assert period(CONTRACT, "a.csv", download(hour("2022-01-01 24:00"))) == (
        date(2022, 1, 1),
        date(2022, 1, 1),
    )


def test_no_hour_is_missing_and_none_is_twice_when_clocks_go_forward() -> None:
    assert times(hour("2022-03-27 02:00"), hour("2022-03-27 04:00")) == [
        "2022-03-27T00:00:00+00:00",
        "2022-03-27T01:00:00+00:00",
    ]


def test_three_o_clock_delivered_twice_in_autumn_are_two_hours() -> None:
    rows = (hour("2022-10-30 02:00"), hour("2022-10-30 03:00"), hour("2022-10-30 03:00"))
    assert times(*rows, hour("2022-10-30 04:00")) == [
        "2022-10-29T23:00:00+00:00",
        "2022-10-30T00:00:00+00:00",
        "2022-10-30T01:00:00+00:00",
        "2022-10-30T02:00:00+00:00",
    ]


def test_a_dash_is_no_value() -> None:
    parsed = parse(CONTRACT, "a.csv", download(hour("2022-01-01 01:00")))
    assert broken_rules(CONTRACT, parsed) == []
    (row,) = typed(CONTRACT, parsed, TABLE)
    assert (row["no2"], row["pm2_5"]) == (Decimal("8.000"), None)


def test_an_empty_field_too_many_is_forgiven() -> None:
    ragged = "DENW095;\"'2022-05-24 13:00'\";-;-;-;-;;\n"
    parsed = parse(CONTRACT, "a.csv", download(hour("2022-05-24 12:00"), ragged))
    assert parsed.tables[TABLE]["_row_number"].to_pylist() == [2, 3]


def test_a_filled_field_too_many_is_refused() -> None:
    with pytest.raises(BadDelivery, match=r"Zeile 2.*8 Felder.*7 Felder"):
        parse(CONTRACT, "a.csv", download(hour("2022-05-24 12:00", "13;46;8;-;5")))


def test_a_station_has_the_name_that_the_contract_gives_its_code() -> None:
    rows = (hour("2022-01-01 01:00"), hour("2022-01-01 01:00").replace("DENW095", "DEMU001"))
    stations = parse(CONTRACT, "a.csv", download(*rows)).tables[TABLE]["station"].to_pylist()
    assert stations == ["DENW095", "Musterstadt, Luft am Rathaushof"]


def test_the_closing_line_is_no_row() -> None:
    assert len(times(hour("2022-01-01 01:00"))) == 1


@pytest.mark.parametrize(
    ("value", "rule"), [("viel", "typ"), ("-3", "bereich"), ("1001", "bereich")]
)
def test_a_wrong_value_is_set_aside(value: str, rule: str) -> None:
    data = download(hour("2022-01-01 01:00"), hour("2022-01-01 02:00", f"13;46;{value};-"))
    found = broken_rules(CONTRACT, parse(CONTRACT, "a.csv", data))
    assert found == [(rule, CONTRACT.objects[0].field("no2").source, 3)]


def test_an_hour_delivered_twice_is_set_aside() -> None:
    data = download(hour("2022-01-01 01:00"), hour("2022-01-01 01:00"))
    assert broken_rules(CONTRACT, parse(CONTRACT, "a.csv", data)) == [
        ("stunde_nur_einmal", None, 3)
    ]


def test_an_unreadable_time_is_shown_as_it_stood() -> None:
    parsed = parse(CONTRACT, "a.csv", download(hour("gestern"), hour("2022-01-01 02:00")))
    assert [v.found for v in violations(CONTRACT, parsed, TABLE)] == ["„gestern“"]


def test_another_unit_in_the_header_is_a_missing_column() -> None:
    data = (
        download(hour("2022-01-01 01:00"))
        .decode()
        .replace("(NO₂) One hour average in µg", "(NO₂) One hour average in mg")
    )
    with pytest.raises(BadDelivery, match=r"Feld „Nitrogen dioxide.*µg/m³“.*ohne diese Spalte"):
        parse(CONTRACT, "a.csv", data.encode())


def test_a_file_in_latin_1_is_refused() -> None:
    data = "Station code;Date\nDE;Straße\n".encode("latin-1")
    with pytest.raises(BadDelivery, match=r"Zeile 2.*Byte 0xdf.*UTF-8"):
        parse(CONTRACT, "a.csv", data)


def test_a_file_cut_within_a_line_is_refused() -> None:
    data = download(hour("2022-01-01 01:00"), hour("2022-01-01 02:00"), closing="")
    with pytest.raises(BadDelivery, match=r"Zeile 3.*abgeschnitten"):
        parse(CONTRACT, "a.csv", data[:-18])


@pytest.mark.parametrize("data", [b"", b" \n", download()])
def test_a_file_without_rows_is_refused(data: bytes) -> None:
    with pytest.raises(BadDelivery, match="Export wiederholen"):
        parse(CONTRACT, "a.csv", data)


@pytest.mark.skipif(not REAL.is_file(), reason="../shared/data is absent")
def test_two_real_years_have_every_hour_of_the_calendar_once() -> None:
    parsed = parse(CONTRACT, REAL.name, REAL.read_bytes())
    assert broken_rules(CONTRACT, parsed) == []
    instants = parsed.tables[TABLE]["measured_at"].to_pylist()
    # Two years and the first hour of the third.
    assert len(instants) == len(set(instants)) == 2 * 365 * 24 + 1
    assert (min(instants), max(instants)) == (
        "2021-12-31T23:00:00+00:00",
        "2023-12-31T23:00:00+00:00",
    )
    assert parsed.tables[TABLE]["no2"].null_count == 948
