# SPDX-License-Identifier: Apache-2.0
"""Station files of the Deutscher Wetterdienst: what is read, what is refused, with which words; and real files."""

import io
import zipfile
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

CONTRACT = shipped("weather_dwd")
TABLE = "weather_dwd_values"
WIND = "STATIONS_ID;MESS_DATUM;QN_3;   F;   D;eor\n"
SUN = "STATIONS_ID;MESS_DATUM;  QN;DS_10;GS_10;SD_10;LS_10;eor\n"
NAMES = (
    "surface observations;Parameter description;dry_bulb_temperature_at_2_meter_above_ground;"
    "precipitation_amount_last_hour;total_time_of_sunshine_during_last_hour;"
    "mean_wind_speed_during last_10_min_at_10_meters_above_ground\n"
)
UNITS = "01049;Unit;Grad C;mm;min;km/h\n"
GERMAN = "Datum;Uhrzeit (UTC);Temperatur (2m);Niederschlag;Sonnenscheindauer;Windgeschwindigkeit\n"
REAL = REAL_DATA / "weather"
real = pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data is absent")


def archive(text: str | bytes, *others: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("produkt_ff.txt", text)
        for other in others:
            file.writestr(other, "x")
    return packed.getvalue()


def wind(value: str = "1.6", time: str = "2018091510") -> str:
    return f"       4911;{time};   10;   {value};  80;eor\n"


def rows(data: bytes, name: str = "a.zip") -> list[dict[str, object]]:
    return typed(CONTRACT, parse(CONTRACT, name, data), TABLE)


def current(*lines: str, units: str = UNITS) -> bytes:
    return (NAMES + units + GERMAN + "".join(lines)).encode()


def test_metres_per_second_become_kilometres_per_hour() -> None:
    (row,) = rows(archive(WIND + wind("2.5"), "Metadaten_Geographie_04911.txt"))
    assert (row["station_id"], row["wind_speed"], row["interval_minutes"]) == (
        "04911",
        Decimal("9.00"),
        60,
    )


def test_ten_minutes_of_sunshine_in_hours_become_minutes() -> None:
    line = "       1766;202306090510;    2;   0.0;   0.0;   0.100;-999;eor\n"
    (row,) = rows(archive(SUN + line))
    assert (row["sunshine"], row["interval_minutes"]) == (Decimal("6.00"), 10)


@pytest.mark.parametrize("missing", ["-999", "-999.0"])
def test_minus_999_is_no_value(missing: str) -> None:
    parsed = parse(CONTRACT, "a.zip", archive(WIND + wind(missing)))
    assert parsed.tables[TABLE]["wind_speed"].to_pylist() == [None]
    assert broken_rules(CONTRACT, parsed) == []


def test_the_closing_midnight_belongs_to_the_day_that_it_closes() -> None:
    # 22:00 UTC is midnight in the town.
    data = archive(WIND + wind(time="2018091422") + wind(time="2018091522"))
    assert period(CONTRACT, "a.zip", data) == (date(2018, 9, 14), date(2018, 9, 15))


def test_current_observations_have_decimal_commas_and_dashes() -> None:
    (row,) = rows(current("06.04.20;08:00;-3,1;0;---;14\n"), "a.csv")
    assert [row[name] for name in ("temperature", "precipitation", "sunshine", "wind_speed")] == [
        Decimal("-3.10"),
        Decimal("0.00"),
        None,
        Decimal("14.00"),
    ]


def test_rows_of_current_observations_are_counted_from_the_first_header_line() -> None:
    parsed = parse(CONTRACT, "a.csv", current("06.04.20;08:00;warm;0;---;14\n"))
    assert broken_rules(CONTRACT, parsed) == [("typ", "(TT_TU, TT_10)", 4)]


@pytest.mark.parametrize(("value", "rule"), [("viel", "typ"), ("-3", "bereich"), ("99", "bereich")])
def test_a_wrong_value_is_set_aside(value: str, rule: str) -> None:
    parsed = parse(CONTRACT, "a.zip", archive(WIND + wind() + wind(value, "2018091511")))
    assert broken_rules(CONTRACT, parsed) == [(rule, "(F, FF_10)", 3)]


def test_an_hour_delivered_twice_keeps_its_first_row() -> None:
    parsed = parse(CONTRACT, "a.zip", archive(WIND + wind() + wind("2.0")))
    assert broken_rules(CONTRACT, parsed) == [("messung_nur_einmal", None, 3)]


def test_an_unreadable_time_is_shown_as_it_stood() -> None:
    parsed = parse(CONTRACT, "a.zip", archive(WIND + wind() + wind(time="2018099900")))
    assert [v.found for v in violations(CONTRACT, parsed, TABLE)] == ["„2018099900“"]


def test_an_archive_of_another_measurement_is_refused() -> None:
    text = "STATIONS_ID;MESS_DATUM;QN;P0;eor\n4911;2018091510;10;980.1;eor\n"
    with pytest.raises(BadDelivery, match=r"produkt_ff\.txt.*ohne bekannten Messwert.*P0"):
        parse(CONTRACT, "a.zip", archive(text))


def test_an_archive_without_the_time_names_the_column() -> None:
    with pytest.raises(BadDelivery, match=r"Feld „MESS_DATUM“.*ohne diese Spalte"):
        parse(CONTRACT, "a.zip", archive(WIND.replace("MESS_DATUM", "ZEIT") + wind()))


def test_an_archive_of_metadata_is_refused_with_a_remedy() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("Metadaten_Geographie_04911.txt", "x")
    with pytest.raises(BadDelivery, match=r"0 Dateien namens produkt.*nicht das mit Metadaten"):
        parse(CONTRACT, "a.zip", packed.getvalue())


def test_current_observations_without_a_column_name_it() -> None:
    data = current("06.04.20;08:00;-3,1;0;---;14\n").replace(b"precipitation", b"rain")
    with pytest.raises(BadDelivery, match=r"Feld „precipitation_amount_last_hour“.*ohne diese"):
        parse(CONTRACT, "a.csv", data)


def test_another_unit_is_refused() -> None:
    data = current("06.04.20;08:00;-3,1;0;---;14\n", units=UNITS.replace("km/h", "m/s"))
    with pytest.raises(BadDelivery, match=r"Zeile 2.*Einheit „m/s“.*Einheit „km/h“"):
        parse(CONTRACT, "a.csv", data)


def test_a_truncated_archive_is_refused() -> None:
    data = archive(WIND + wind())
    with pytest.raises(BadDelivery, match=r"a\.zip.*ohne Inhaltsverzeichnis am Ende"):
        parse(CONTRACT, "a.zip", data[: len(data) // 2])


@pytest.mark.parametrize(("cut", "message"), [(2, "„eo“ am Ende der Zeile"), (12, "abgeschnitten")])
def test_a_line_cut_off_is_refused(cut: int, message: str) -> None:
    with pytest.raises(BadDelivery, match=rf"Zeile 3.*{message}"):
        parse(CONTRACT, "a.zip", archive((WIND + wind() + wind(time="2018091511"))[:-cut]))


def test_a_file_in_utf_8_is_refused() -> None:
    with pytest.raises(BadDelivery, match="gefunden UTF-8.*LATIN-1"):
        parse(CONTRACT, "a.zip", archive((WIND.replace("   D", "Böe") + wind()).encode()))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.zip", b""),
        ("a.zip", archive("")),
        ("a.zip", archive(WIND)),
        ("a.csv", b""),
        ("a.csv", current()),
    ],
)
def test_a_file_without_measurements_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(BadDelivery, match="einliefern"):
        parse(CONTRACT, name, data)


@real
def test_two_real_days_have_every_ten_minutes_once() -> None:
    path = REAL / "dwd_10minutenwerte_SOLAR_01766_akt.zip"
    parsed = parse(CONTRACT, path.name, path.read_bytes())
    assert broken_rules(CONTRACT, parsed) == []
    assert len(set(parsed.tables[TABLE]["measured_at"].to_pylist())) == 2 * 24 * 6


@real
def test_a_real_archive_of_wind_has_one_missing_value() -> None:
    path = REAL / "dwd_observations_recent_FF_akt.zip"
    parsed = parse(CONTRACT, path.name, path.read_bytes())
    assert (len(parsed.tables[TABLE]), parsed.tables[TABLE]["wind_speed"].null_count) == (10, 1)


@real
def test_a_real_archive_of_metadata_is_refused() -> None:
    path = REAL / "dwd_Meta_Daten_zehn_min_sd_01766.zip"
    with pytest.raises(BadDelivery, match="nicht das mit Metadaten"):
        parse(CONTRACT, path.name, path.read_bytes())


@real
def test_real_current_observations_are_twenty_five_hours() -> None:
    path = REAL / "dwd_observations_current.csv"
    parsed = parse(CONTRACT, path.name, path.read_bytes())
    assert broken_rules(CONTRACT, parsed) == []
    assert min(r["temperature"] for r in typed(CONTRACT, parsed, TABLE)) == Decimal("-10.30")  # type: ignore[type-var]
    assert len(parsed.tables[TABLE]) == 25
