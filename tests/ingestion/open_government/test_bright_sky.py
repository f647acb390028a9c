# SPDX-License-Identifier: Apache-2.0
"""Answers of Bright Sky: what is read, what is refused, with which words."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from foundation.errors import BadDelivery
from tests.ingestion.sensors.judging import broken_rules, parse, period, shipped, typed, violations

CONTRACT = shipped("weather_bright_sky")
TABLE = "weather_hours"
STATION = {"id": 1, "dwd_station_id": "01766", "observation_type": "historical"}
FORECAST = {"id": 2, "dwd_station_id": "01766", "observation_type": "forecast"}


def hour(timestamp: str = "2026-03-02T10:00:00+00:00", **values: Any) -> dict[str, Any]:
    return {
        "timestamp": timestamp,
        "source_id": 1,
        "temperature": 8.5,
        "precipitation": 0.4,
        "sunshine": 12.0,
        "wind_speed": 18.7,
        "condition": "rain",
        **values,
    }


def answer(*hours: dict[str, Any], sources: list[dict[str, Any]] | None = None) -> bytes:
    document = {"weather": list(hours), "sources": sources or [STATION, FORECAST]}
    return json.dumps(document, indent=0).encode()


def test_an_observed_hour_passes_the_contract() -> None:
    parsed = parse(CONTRACT, "a.json", answer(hour()))
    assert broken_rules(CONTRACT, parsed) == []
    (row,) = typed(CONTRACT, parsed, TABLE)
    assert row["measured_at"].astimezone(UTC) == datetime(2026, 3, 2, 10, tzinfo=UTC)  # type: ignore[attr-defined]
    assert (str(row["temperature"]), row["station_id"], row["issued_date"]) == (
        "8.50",
        "01766",
        None,
    )


def test_a_forecast_is_issued_on_the_local_day_of_its_first_hour() -> None:
    # 23:00 UTC is midnight in the town.
    first = hour("2026-03-01T23:00:00+00:00", source_id=2)
    later = hour("2026-03-04T11:00:00+00:00", source_id=2)
    rows = typed(CONTRACT, parse(CONTRACT, "a.json", answer(later, first)), TABLE)
    assert [row["issued_date"] for row in rows] == [date(2026, 3, 2)] * 2


def test_observed_hours_of_the_same_answer_have_no_day_of_issue() -> None:
    hours = (hour(), hour("2026-03-02T11:00:00+00:00", source_id=2))
    rows = typed(CONTRACT, parse(CONTRACT, "a.json", answer(*hours)), TABLE)
    assert [row["issued_date"] for row in rows] == [None, date(2026, 3, 2)]


def test_times_with_the_towns_offset_mean_the_same_instant() -> None:
    rows = typed(
        CONTRACT, parse(CONTRACT, "a.json", answer(hour("2026-03-02T11:00:00+01:00"))), TABLE
    )
    assert rows[0]["measured_at"].astimezone(UTC).hour == 10  # type: ignore[attr-defined]


def test_the_repeated_hour_at_the_end_of_summer_time_stays_two_hours() -> None:
    hours = (hour("2026-10-25T02:00:00+02:00"), hour("2026-10-25T02:00:00+01:00"))
    assert broken_rules(CONTRACT, parse(CONTRACT, "a.json", answer(*hours))) == []


def test_a_missing_value_stays_empty() -> None:
    parsed = parse(CONTRACT, "a.json", answer(hour(sunshine=None)))
    assert parsed.tables[TABLE]["sunshine"].to_pylist() == [None]
    assert broken_rules(CONTRACT, parsed) == []


def test_a_measured_hour_without_temperature_is_reported_and_stays() -> None:
    parsed = parse(CONTRACT, "a.json", answer(hour(temperature=None)))
    (violation,) = violations(CONTRACT, parsed, TABLE)
    assert (violation.rule, violation.severity) == ("messung_ohne_temperatur", "warn")


def test_the_closing_midnight_belongs_to_the_day_that_it_closes() -> None:
    data = answer(hour("2026-03-01T23:00:00+00:00"), hour("2026-03-02T23:00:00+00:00"))
    assert period(CONTRACT, "a.json", data) == (date(2026, 3, 2), date(2026, 3, 2))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"temperature": 99.9}, ("bereich", "temperature", 2)),
        ({"temperature": "warm"}, ("typ", "temperature", 2)),
        ({"precipitation": -1}, ("bereich", "precipitation", 2)),
        ({"sunshine": 61}, ("bereich", "sunshine", 2)),
        ({"timestamp": None}, ("pflichtfeld", "timestamp", 2)),
        ({"timestamp": "gestern"}, ("typ", "timestamp", 2)),
        ({"source_id": 7}, ("pflichtfeld", "(sources.observation_type)", 2)),
        ({"timestamp": "2026-03-02T10:00:00+00:00"}, ("stunde_nur_einmal", None, 2)),
    ],
)
def test_a_wrong_value_is_set_aside(values: dict[str, Any], expected: tuple[str, str, int]) -> None:
    second = {**hour("2026-03-02T11:00:00+00:00"), **values}
    parsed = parse(CONTRACT, "a.json", answer(hour(), second))
    assert expected in broken_rules(CONTRACT, parsed)


def test_an_hour_delivered_twice_keeps_its_first_row() -> None:
    parsed = parse(CONTRACT, "a.json", answer(hour(), hour(temperature=1.0)))
    assert broken_rules(CONTRACT, parsed) == [("stunde_nur_einmal", None, 2)]


def test_a_field_that_no_hour_has_is_named() -> None:
    lacking = {k: v for k, v in hour().items() if k != "sunshine"}
    with pytest.raises(BadDelivery, match=r"a\.json.*Feld „sunshine“.*keinen einzigen Eintrag"):
        parse(CONTRACT, "a.json", answer(lacking))


@pytest.mark.parametrize("key", ["weather", "sources"])
def test_an_answer_without_one_of_its_lists_is_refused(key: str) -> None:
    document = json.loads(answer(hour()))
    del document[key]
    with pytest.raises(BadDelivery, match=rf"Feld „{key}“.*keine Liste"):
        parse(CONTRACT, "a.json", json.dumps(document).encode())


def test_an_answer_without_hours_is_refused() -> None:
    with pytest.raises(BadDelivery, match=r"Feld „weather“.*leere Liste.*Zeitraum"):
        parse(CONTRACT, "a.json", answer())


def test_an_answer_cut_in_the_middle_is_refused() -> None:
    data = answer(hour(), hour("2026-03-02T11:00:00+00:00"))
    with pytest.raises(BadDelivery, match=r"a\.json“, Zeile \d+.*vorzeitiges Ende"):
        parse(CONTRACT, "a.json", data[: len(data) // 2])


def test_an_answer_in_latin_1_is_refused_with_its_line() -> None:
    data = answer(hour(condition="?")).replace(b"?", "böig".encode("latin-1"))
    with pytest.raises(BadDelivery, match=r"Zeile \d+.*Byte 0xf6.*UTF-8"):
        parse(CONTRACT, "a.json", data)


@pytest.mark.parametrize("data", [b"", b" \n"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(BadDelivery, match=r"ohne Inhalt.*Abruf wiederholen"):
        parse(CONTRACT, "a.json", data)


def test_a_page_instead_of_an_answer_is_refused() -> None:
    with pytest.raises(BadDelivery, match=r"kein JSON.*Bright Sky"):
        parse(CONTRACT, "a.json", b"<html>404 and more</html>")


def test_an_answer_without_any_readable_time_has_no_period() -> None:
    with pytest.raises(BadDelivery, match="keinen einzigen lesbaren Zeitpunkt"):
        period(CONTRACT, "a.json", answer(hour("gestern")))
