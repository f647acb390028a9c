# SPDX-License-Identifier: Apache-2.0
"""Counts by mapping: the shipped hand counts, and a foreign city by contract alone."""

import gzip
from datetime import date
from pathlib import Path

import pytest

from foundation.contracts import Contract
from foundation.errors import BadDelivery, ConfigError
from ingestion.sensors.mapped_csv import unpacked
from tests.ingestion.sensors.judging import (
    REAL_DATA,
    broken_rules,
    changed,
    parse,
    period,
    shipped,
    violations,
)

CONTRACT = shipped("footfall_csv")
TABLE = "footfall_csv_counts"
HEADER = "zaehlstelle;datum;stunde;anzahl\n"
MELBOURNE = REAL_DATA / "footfall" / "melbourne_pedestrian_2015_2016.csv.gz"


def counts(*rows: str) -> bytes:
    return (HEADER + "".join(f"{row}\n" for row in rows)).encode()


def times(data: bytes) -> list[str | None]:
    return parse(CONTRACT, "a.csv", data).tables[TABLE]["measured_at"].to_pylist()


@pytest.fixture
def melbourne_contract(tmp_path: Path) -> Contract:
    return changed(
        tmp_path,
        "footfall_csv",
        ("physicalName: zaehlstelle", "physicalName: Sensor"),
        ("physicalName: datum", "physicalName: Date_Time_UTC"),
        ("physicalName: anzahl", "physicalName: Count"),
        ("{property: timeColumns, value: [datum, stunde]}", "{property: timezone, value: UTC}"),
        ("  - {property: timezone, value: Europe/Berlin}\n", ""),
        ('"%d.%m.%Y %H"', '"%Y-%m-%d %H:%M:%S"'),
        ('{property: delimiter, value: ";"}', '{property: delimiter, value: ","}'),
    )


def test_hand_counts_pass_the_contract_in_utc() -> None:
    parsed = parse(CONTRACT, "a.csv", counts("Markt;02.03.2026;9;41", "Markt;01.07.2026;9;55"))
    assert broken_rules(CONTRACT, parsed) == []
    assert parsed.tables[TABLE]["measured_at"].to_pylist() == [
        "2026-03-02T08:00:00+00:00",
        "2026-07-01T07:00:00+00:00",
    ]


def test_an_hour_delivered_twice_is_summer_time_first() -> None:
    data = counts("A;26.10.2025;2;5", "B;26.10.2025;2;6", "A;26.10.2025;2;7")
    assert times(data) == [
        "2025-10-26T00:00:00+00:00",
        "2025-10-26T00:00:00+00:00",
        "2025-10-26T01:00:00+00:00",
    ]


def test_an_ordinary_hour_delivered_twice_is_set_aside() -> None:
    parsed = parse(CONTRACT, "a.csv", counts("A;27.10.2025;2;5", "A;27.10.2025;2;5"))
    assert broken_rules(CONTRACT, parsed) == [("stunde_nur_einmal", None, 3)]


def test_an_hour_that_the_clocks_leave_out_is_refused_in_words() -> None:
    parsed = parse(CONTRACT, "a.csv", counts("A;30.03.2025;2;5"))
    (violation,) = violations(CONTRACT, parsed, TABLE)
    assert violation.found == "„30.03.2025 2 (Stunde fällt wegen Zeitumstellung aus)“"


def test_a_day_that_does_not_exist_is_shown_as_it_stood() -> None:
    parsed = parse(CONTRACT, "a.csv", counts("A;31.06.2025;2;5"))
    assert [v.found for v in violations(CONTRACT, parsed, TABLE)] == ["„31.06.2025 2“"]


@pytest.mark.parametrize(("count", "rule"), [("x", "typ"), ("-4", "bereich"), ("", "pflichtfeld")])
def test_a_wrong_count_is_set_aside(count: str, rule: str) -> None:
    parsed = parse(CONTRACT, "a.csv", counts(f"A;02.03.2026;9;{count}"))
    assert broken_rules(CONTRACT, parsed) == [(rule, "anzahl", 2)]


def test_the_period_is_in_local_days() -> None:
    data = counts("A;02.03.2026;0;5", "A;04.03.2026;23;5")
    assert period(CONTRACT, "a.csv", data) == (date(2026, 3, 2), date(2026, 3, 4))


def test_a_packed_file_is_read_like_a_plain_one() -> None:
    data = counts("A;02.03.2026;0;5")
    packed = gzip.compress(data[:40]) + gzip.compress(data[40:])
    assert parse(CONTRACT, "a.csv.gz", packed) == parse(CONTRACT, "a.csv", data)


def test_a_cut_archive_is_refused() -> None:
    with pytest.raises(BadDelivery, match="abgeschnittenes Archiv.*erneut packen"):
        parse(CONTRACT, "a.csv.gz", gzip.compress(counts("A;02.03.2026;0;5"))[:-9])


def test_a_damaged_archive_is_refused() -> None:
    packed = bytearray(gzip.compress(counts("A;02.03.2026;0;5") * 50))
    packed[12:20] = b"\xff" * 8
    with pytest.raises(BadDelivery, match="beschädigtes Archiv"):
        parse(CONTRACT, "a.csv.gz", bytes(packed))


def test_an_archive_that_unpacks_without_end_is_refused() -> None:
    with pytest.raises(BadDelivery, match="mehr als 100 Byte entpackt"):
        unpacked(gzip.compress(b"A" * 1000), "a.csv.gz", most_bytes=100)


def test_a_missing_time_column_is_named() -> None:
    with pytest.raises(BadDelivery, match=r"Feld „stunde“.*ohne diese Spalte"):
        parse(CONTRACT, "a.csv", counts("A;02.03.2026;0;5").replace(b"stunde", b"uhr"))


def test_a_file_in_latin_1_is_refused() -> None:
    with pytest.raises(BadDelivery, match=r"Zeile 2.*0xfc.*UTF-8"):
        parse(CONTRACT, "a.csv", counts("Südtor;02.03.2026;0;5").decode().encode("latin-1"))


def test_a_cut_line_is_refused() -> None:
    with pytest.raises(BadDelivery, match="Zeile 2.*abgeschnitten"):
        parse(CONTRACT, "a.csv", counts("A;02.03.2026;0;5")[:-5])


@pytest.mark.parametrize("data", [b"", HEADER.encode()])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(BadDelivery, match="Export wiederholen"):
        parse(CONTRACT, "a.csv", data)


def test_an_unknown_time_zone_names_the_option(tmp_path: Path) -> None:
    contract = changed(tmp_path, "footfall_csv", ("value: Europe/Berlin", "value: Europe/Köln"))
    with pytest.raises(ConfigError, match="Option timezone.*Europe/Köln"):
        parse(contract, "a.csv", counts("A;02.03.2026;0;5"))


def test_offsets_in_the_file_win_over_the_time_zone(tmp_path: Path) -> None:
    contract = changed(
        tmp_path,
        "footfall_csv",
        ("value: [datum, stunde]", "value: datum"),
        ('"%d.%m.%Y %H"', '"%Y-%m-%dT%H:%M:%S%z"'),
    )
    data = b"zaehlstelle;datum;anzahl\nA;2026-03-02T00:00:00+05:00;3\n"
    assert parse(contract, "a.csv", data).tables[TABLE]["measured_at"].to_pylist() == [
        "2026-03-01T19:00:00+00:00"
    ]


@pytest.mark.skipif(not MELBOURNE.is_file(), reason="../shared/data is absent")
def test_melbourne_is_read_by_contract_alone(melbourne_contract: Contract) -> None:
    parsed = parse(melbourne_contract, MELBOURNE.name, MELBOURNE.read_bytes())
    table = parsed.tables[TABLE]
    assert len(table) == 66_037
    assert len(table["sensor"].unique()) == 4
    assert table["measured_at"][0].as_py() == "2014-12-31T13:00:00+00:00"
    assert broken_rules(melbourne_contract, parsed) == []
