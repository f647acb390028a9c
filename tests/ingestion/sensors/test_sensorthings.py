# SPDX-License-Identifier: Apache-2.0
"""Answers of SensorThings servers: what is read, what is refused, with which words."""

import json
from datetime import date
from pathlib import Path

import pytest

from foundation.errors import BadDelivery
from tests.ingestion.sensors.answers import (
    Json,
    datastream,
    observation,
    packed,
    pages,
    quarters,
)
from tests.ingestion.sensors.judging import (
    broken_rules,
    changed,
    parse,
    period,
    shipped,
    typed,
    violations,
)

CONTRACT = shipped("sensorthings")
TABLE = "sensorthings_observations"
FILE = "nord_2026-03.zip"


def delivery(observations: list[Json], *streams: Json, size: int = 100) -> bytes:
    return packed({**pages(observations, size, *streams)})


def results(data: bytes) -> list[str]:
    found: list[str] = parse(CONTRACT, FILE, data).tables[TABLE]["result"].to_pylist()
    return found


def test_pages_are_put_together_and_pass_the_contract() -> None:
    parsed = parse(CONTRACT, FILE, delivery(quarters(10), size=4))
    assert broken_rules(CONTRACT, parsed) == []
    rows = typed(CONTRACT, parsed, TABLE)
    assert [r["result"] for r in rows] == list(range(10))
    assert {(r["thing"], r["metric"], r["unit"], r["period_minutes"]) for r in rows} == {
        ("Radweg Nord", "bicycles", "Anzahl", 15)
    }


def test_a_tenth_page_comes_after_the_ninth() -> None:
    assert results(delivery(quarters(21), size=2)) == [str(i) for i in range(21)]


def test_hours_and_days_of_the_same_counter_are_not_counted_again() -> None:
    hour = observation("2026-03-02T00:00:00Z/2026-03-02T00:59:59Z", 6, 2)
    day = observation("2026-03-01T23:00:00Z/2026-03-02T22:59:59Z", 6, 3)
    streams = (datastream(1), datastream(2, "PT1H"), datastream(3, "P1D"))
    assert results(delivery([*quarters(4), hour, day], *streams)) == ["0", "1", "2", "3"]


def test_the_resolution_shows_in_the_intervals_where_the_server_does_not_say_it() -> None:
    hour = observation("2026-03-02T00:00:00Z/2026-03-02T01:00:00Z", 6, 2)
    assert results(delivery([*quarters(2), hour], datastream(1, None), datastream(2, None))) == [
        "0",
        "1",
    ]


def test_instants_are_read_where_the_contract_asks_for_no_resolution(tmp_path: Path) -> None:
    contract = changed(tmp_path, "sensorthings", ("  - {property: periodMinutes, value: 15}\n", ""))
    data = delivery([observation("2026-03-02T01:30:00+01:00", 4)], datastream(1, None))
    (row,) = typed(contract, parse(contract, FILE, data), TABLE)
    assert (row["period_minutes"], str(row["measured_at"])[:16]) == (None, "2026-03-02 00:30")


def test_a_property_that_the_contract_does_not_name_stays_outside() -> None:
    cars = datastream(2, ObservedProperty={"name": "Anzahl Kfz"})
    assert results(delivery([*quarters(1), *quarters(3, 2)], datastream(), cars)) == ["0"]


def test_a_single_page_may_come_as_plain_json() -> None:
    stream = datastream()
    page = {"value": [o | {"Datastream": stream} for o in quarters(3)]}
    assert results(json.dumps(page).encode()) == ["0", "1", "2"]


def test_the_period_is_in_local_days() -> None:
    early = observation("2026-03-01T23:00:00Z/2026-03-01T23:14:59Z")
    late = observation("2026-03-03T23:00:00Z/2026-03-03T23:14:59Z")
    assert period(CONTRACT, FILE, delivery([early, late])) == (date(2026, 3, 2), date(2026, 3, 4))


def test_a_value_that_the_source_calls_bad_is_set_aside() -> None:
    bad = observation("2026-03-02T00:00:00Z/2026-03-02T00:14:59Z", 5, resultQuality="bad")
    parsed = parse(CONTRACT, FILE, delivery([bad]))
    assert broken_rules(CONTRACT, parsed) == [("von_der_quelle_verworfen", None, 2)]


@pytest.mark.parametrize(
    ("result", "rule"), [("viele", "typ"), (-1, "bereich"), (5001, "bereich"), (None, "pflichtfeld")]
)  # fmt: skip
def test_a_wrong_result_is_set_aside(result: object, rule: str) -> None:
    parsed = parse(CONTRACT, FILE, delivery([*quarters(1), quarters(2)[1] | {"result": result}]))
    assert broken_rules(CONTRACT, parsed) == [(rule, "result", 3)]


def test_an_unreadable_time_is_shown_as_it_stood() -> None:
    parsed = parse(CONTRACT, FILE, delivery([*quarters(1), observation("gestern")]))
    assert [v.found for v in violations(CONTRACT, parsed, TABLE)] == ["„gestern“"]


def test_a_period_delivered_twice_is_set_aside() -> None:
    parsed = parse(CONTRACT, FILE, delivery([*quarters(1), *quarters(1)]))
    assert broken_rules(CONTRACT, parsed) == [("zeitraum_nur_einmal", None, 3)]


def test_a_page_missing_in_between_is_named() -> None:
    content = pages(quarters(9), 3)
    del content["observations_page2.json"]
    with pytest.raises(BadDelivery, match=r"nord_2026-03.*Seite 1, 3.*auch Seite 2.*Abruf"):
        parse(CONTRACT, FILE, packed({**content}))


def test_a_missing_last_page_is_seen_by_the_link_to_it() -> None:
    content = pages(quarters(9), 3)
    del content["observations_page3.json"]
    with pytest.raises(BadDelivery, match=r"@iot\.nextLink.*auch Seite 3"):
        parse(CONTRACT, FILE, packed({**content}))


def test_pages_of_different_answers_are_not_mixed() -> None:
    content = pages(quarters(9), 3)
    del content["observations_page1.json"]["@iot.nextLink"]
    with pytest.raises(BadDelivery, match=r"observations_page1.*keinen Verweis.*einzigen Abrufs"):
        parse(CONTRACT, FILE, packed({**content}))


def test_fewer_observations_than_the_server_counted_are_refused() -> None:
    content = pages(quarters(9), 9)
    content["observations_page1.json"]["value"].pop()
    with pytest.raises(BadDelivery, match=r"@iot\.count.*8 Einträge.*9, wie der Server sagt"):
        parse(CONTRACT, FILE, packed({**content}))


def test_a_delivery_without_the_contracts_resolution_says_what_is_there() -> None:
    hour = observation("2026-03-02T00:00:00Z/2026-03-02T00:59:59Z", 6, 2)
    with pytest.raises(BadDelivery, match=r"je 60 Minuten.*je 15 Minuten.*periodMinutes"):
        parse(CONTRACT, FILE, delivery([hour], datastream(2, "PT1H")))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ({"Datastream": None}, r"Zeile 3, Feld „Datastream\.@iot\.id“.*expand"),
        ({"Datastream": {"@iot.id": 5}}, r"Zeile 3, Feld „unitOfMeasurement“.*Datastreams\(5\)"),
    ],
)
def test_an_observation_of_an_unknown_datastream_is_named(spoil: Json, words: str) -> None:
    with pytest.raises(BadDelivery, match=words):
        parse(CONTRACT, FILE, delivery([*quarters(1), quarters(2)[1] | spoil]))


@pytest.mark.parametrize("field", ["thing", "unit"])
def test_a_datastream_without_thing_or_unit_breaks_the_contract(field: str) -> None:
    spoil: Json = {"thing": {"Thing": {}}, "unit": {"unitOfMeasurement": {}}}[field]
    parsed = parse(CONTRACT, FILE, delivery(quarters(1), datastream(1) | spoil))
    source = CONTRACT.objects[0].field(field).source
    assert broken_rules(CONTRACT, parsed) == [("pflichtfeld", source, 2)]


def test_a_page_in_another_encoding_is_refused_with_its_byte() -> None:
    stream = json.dumps({"value": [datastream()]}, ensure_ascii=False).encode("latin-1")
    content: dict[str, Json | bytes] = {**pages(quarters(1)), "datastreams_page1.json": stream}
    with pytest.raises(BadDelivery, match=r"datastreams_page1.*Byte 0xe4.*UTF-8"):
        parse(CONTRACT, FILE, packed(content))


def test_a_page_cut_off_is_refused() -> None:
    page = json.dumps(pages(quarters(5))["observations_page1.json"]).encode()
    content: dict[str, Json | bytes] = {**pages(quarters(1)), "observations_page1.json": page[:-80]}
    with pytest.raises(BadDelivery, match=r"observations_page1.*vorzeitiges Ende"):
        parse(CONTRACT, FILE, packed(content))


def test_a_zip_cut_off_is_refused() -> None:
    with pytest.raises(BadDelivery, match="vollständiges Zip-Archiv"):
        parse(CONTRACT, FILE, delivery(quarters(5))[:-40])


def test_a_page_without_a_list_of_entities_is_refused() -> None:
    content: dict[str, Json | bytes] = {
        **pages(quarters(1)),
        "observations_page1.json": b'{"a": 1}',
    }
    with pytest.raises(BadDelivery, match="Feld „value“.*keine Liste"):
        parse(CONTRACT, FILE, packed(content))


@pytest.mark.parametrize("data", [b"", b" \n", packed({}), delivery([])])
def test_a_delivery_without_observations_is_refused(data: bytes) -> None:
    with pytest.raises(BadDelivery, match="Abruf"):
        parse(CONTRACT, FILE, data)


def test_a_delivery_without_any_readable_time_has_no_period() -> None:
    with pytest.raises(BadDelivery, match="phenomenonTime.*keinen einzigen lesbaren Zeitpunkt"):
        period(CONTRACT, FILE, delivery([observation("gestern")]))
