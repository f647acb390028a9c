# SPDX-License-Identifier: Apache-2.0
"""Files of Eco-Counter: what is read, what is refused, with which words; and Münster's own."""

from datetime import date
from pathlib import Path

import pytest

from foundation.contracts import Contract
from foundation.errors import BadDelivery, ConfigError
from tests.ingestion.sensors.judging import (
    REAL_DATA,
    broken_rules,
    changed,
    parse,
    period,
    shipped,
    violations,
)

CONTRACT = shipped("eco_counter")
TABLE = "eco_counter_counts"
HEADER = (
    "Datetime,100041701 (Promenade (nördl. Tor)),101041701 (Promenade FR Tor),103041701 (Kfz),"
    "100041701-status,101041701-status,103041701-status\n"
)
MARCH = REAL_DATA / "bike" / "muenster_promenade_100031297_2025-03.csv"
OCTOBER = REAL_DATA / "bike" / "muenster_promenade_100031297_2025-10.csv"
TOWN_CHANNEL, MUENSTER = '{"100041701": bicycles}', '{"100031297": bicycles}'


def site(*rows: str) -> bytes:
    return (HEADER + "".join(f"{row},0,0,0\n" for row in rows)).encode()


def column(name: str, data: bytes, contract: Contract = CONTRACT) -> list[str]:
    found: list[str] = parse(contract, "a.csv", data).tables[TABLE][name].to_pylist()
    return found


@pytest.fixture
def muenster(tmp_path: Path) -> Contract:
    """The contract with the sum channel of the Promenade in Münster."""
    if not MARCH.is_file():
        pytest.skip("../shared/data is absent")
    return changed(tmp_path, "eco_counter", (TOWN_CHANNEL, MUENSTER))


def test_the_named_channel_alone_is_read_in_utc() -> None:
    data = site("2026-03-02 10:00,12,7,3", "2026-07-01 10:15,20,9,4")
    parsed = parse(CONTRACT, "a.csv", data)
    assert broken_rules(CONTRACT, parsed) == []
    assert parsed.tables[TABLE].to_pylist()[1] == {
        "channel_id": "100041701", "channel_name": "Promenade (nördl. Tor)", "metric": "bicycles",
        "measured_at": "2026-07-01T08:15:00+00:00", "value": "20", "status": "0", "_row_number": 3,
    }  # fmt: skip


def test_cars_are_another_metric_where_the_contract_names_their_channel(tmp_path: Path) -> None:
    both = '{"100041701": bicycles, "103041701": cars}'
    contract = changed(tmp_path, "eco_counter", (TOWN_CHANNEL, both))
    data = site("2026-03-02 10:00,12,7,3")
    assert column("metric", data, contract) == ["bicycles", "cars"]
    assert column("value", data, contract) == ["12", "3"]


def test_an_empty_cell_is_a_gap_and_no_row() -> None:
    data = site("2026-03-02 10:00,,7,3", "2026-03-02 10:15,20,9,4")
    assert column("value", data) == ["20"]


def test_a_channel_without_any_value_is_refused() -> None:
    with pytest.raises(BadDelivery, match=r"100041701 \(Prom.*keinen einzigen Wert.*Zählgerät"):
        parse(CONTRACT, "a.csv", site("2026-03-02 10:00,,7,3"))


def test_the_repeated_hour_delivered_once_is_summer_time() -> None:
    data = site("2025-10-26 02:00,5,1,1", "2025-10-26 03:00,6,1,1")
    assert column("measured_at", data) == ["2025-10-26T00:00:00+00:00", "2025-10-26T02:00:00+00:00"]


def test_the_hour_that_spring_leaves_out_is_refused_in_words() -> None:
    parsed = parse(CONTRACT, "a.csv", site("2025-03-30 02:15,5,1,1"))
    (violation,) = violations(CONTRACT, parsed, TABLE)
    assert violation.found == "„2025-03-30 02:15 (Stunde fällt wegen Zeitumstellung aus)“"


def test_the_period_is_in_local_days() -> None:
    data = site("2026-03-02 00:00,5,1,1", "2026-03-04 23:45,5,1,1")
    assert period(CONTRACT, "a.csv", data) == (date(2026, 3, 2), date(2026, 3, 4))


@pytest.mark.parametrize(
    ("value", "rule"), [("viele", "typ"), ("-1", "bereich"), ("9999", "bereich")]
)
def test_a_wrong_count_is_set_aside(value: str, rule: str) -> None:
    data = site("2026-03-02 10:00,12,7,3", f"2026-03-02 10:15,{value},7,3")
    found = broken_rules(CONTRACT, parse(CONTRACT, "a.csv", data))
    assert [(name, row) for name, _, row in found] == [(rule, 3)]


def test_a_quarter_of_an_hour_delivered_twice_is_set_aside() -> None:
    data = site("2026-03-02 10:00,12,7,3", "2026-03-02 10:00,12,7,3")
    found = broken_rules(CONTRACT, parse(CONTRACT, "a.csv", data))
    assert found == [("viertelstunde_nur_einmal", None, 3)]


def test_another_minute_is_no_quarter_of_an_hour() -> None:
    found = broken_rules(CONTRACT, parse(CONTRACT, "a.csv", site("2026-03-02 10:07,12,7,3")))
    assert found == [("volle_viertelstunde", None, 2)]


def test_a_device_that_reports_a_fault_warns() -> None:
    data = site("2026-03-02 10:00,12,7,3").replace(b",0,0,0", b",4,0,0")
    (violation,) = violations(CONTRACT, parse(CONTRACT, "a.csv", data), TABLE)
    assert (violation.rule, violation.severity) == ("geraet_meldet_stoerung", "warn")


def test_a_file_without_the_contracts_channel_says_which_it_has() -> None:
    data = site("2026-03-02 10:00,12,7,3").replace(b"100041701", b"100099999")
    with pytest.raises(BadDelivery, match=r"Feld „100041701“: gefunden 100099999, 101041701.*chan"):
        parse(CONTRACT, "a.csv", data)


def test_two_counted_channels_of_one_name_are_refused(tmp_path: Path) -> None:
    both = '{"100041701": bicycles, "101041701": bicycles}'
    contract = changed(tmp_path, "eco_counter", (TOWN_CHANNEL, both))
    data = site("2026-03-02 10:00,12,7,3").replace(
        b"Promenade FR Tor", "Promenade (nördl. Tor)".encode()
    )
    with pytest.raises(BadDelivery, match="zwei gezählte Kanäle dieses Namens"):
        parse(contract, "a.csv", data)


def test_a_contract_without_channels_is_refused(tmp_path: Path) -> None:
    contract = changed(tmp_path, "eco_counter", (f"value: {TOWN_CHANNEL}", "value: 100041701"))
    with pytest.raises(ConfigError, match="Option channels.*im Vertrag ergänzen"):
        parse(contract, "a.csv", site("2026-03-02 10:00,12,7,3"))


@pytest.mark.parametrize("name", ["Datetime", "100041701-status"])
def test_a_missing_column_is_named(name: str) -> None:
    data = site("2026-03-02 10:00,12,7,3").replace(name.encode(), b"anders", 1)
    with pytest.raises(BadDelivery, match=rf"Feld „{name}“.*ohne diese Spalte"):
        parse(CONTRACT, "a.csv", data)


def test_a_file_in_latin_1_is_refused_with_its_line() -> None:
    data = site("2026-03-02 10:00,12,7,3").decode().encode("latin-1")
    with pytest.raises(BadDelivery, match=r"Zeile 1.*Byte 0xf6.*UTF-8"):
        parse(CONTRACT, "a.csv", data)


def test_a_file_cut_within_a_line_is_refused() -> None:
    with pytest.raises(BadDelivery, match=r"Zeile 3.*abgeschnitten"):
        parse(CONTRACT, "a.csv", site("2026-03-02 10:00,12,7,3", "2026-03-02 10:15,1,1,1")[:-9])


@pytest.mark.parametrize("data", [b"", b" \n", HEADER.encode()])
def test_a_file_without_rows_is_refused(data: bytes) -> None:
    with pytest.raises(BadDelivery, match="Export wiederholen"):
        parse(CONTRACT, "a.csv", data)


@pytest.mark.parametrize(
    ("path", "rows", "bicycles"), [(MARCH, 2876, 443_187), (OCTOBER, 2900, 438_497)]
)
def test_real_months_of_muenster_pass_and_count_each_bicycle_once(
    muenster: Contract, path: Path, rows: int, bicycles: int
) -> None:
    parsed = parse(muenster, path.name, path.read_bytes())
    assert broken_rules(muenster, parsed) == []
    values = parsed.tables[TABLE]["value"].to_pylist()
    assert (len(values), sum(map(int, values))) == (rows, bicycles)


def test_the_last_of_march_2025_is_absent_in_muenster(muenster: Contract) -> None:
    days = period(muenster, MARCH.name, MARCH.read_bytes())
    assert days == (date(2025, 3, 1), date(2025, 3, 30))
