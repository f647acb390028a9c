# SPDX-License-Identifier: Apache-2.0
"""Exports of LimeSurvey: what is read, what never comes in, what is refused, with which words."""

import json
from datetime import date
from typing import Any

import pytest

from foundation.errors import BadDelivery
from foundation.keys import Keys
from ingestion.landing import Delivery
from ingestion.packages import Outcome, process, text_tables
from ingestion.pseudonyms import Pseudonyms
from tests.ingestion.sensors.judging import broken_rules, parse, period, shipped, typed, violations

CONTRACT = shipped("citizen_panel")
TABLE = "citizen_panel_responses"
NAME = "panel_2026-02.json"
GOOD: dict[str, Any] = {
    "id": "7",
    "submitdate": "2026-02-05 18:22:11",
    "lastpage": "4",
    "startlanguage": "de",
    "seed": "1234567890",
    "token": "geheimnis4711",
    "ipaddr": "203.0.113.9",
    "refurl": "https://post.example/l/geheimnis4711",
    "panelnr": "P-1001",
    "einw": "Y",
    "quartier": "ALT",
    "weg": "fuss",
    "weg[other]": "",
    "minuten": "45.0000000000",
    "zweck": "A1",
    "gesucht": "-oth-",
    "gesucht[other]": "Knöpfe von Frau Ostendorf",
    "zufrieden": "4",
    "kommentar": "Grüße von Holger Pieper",
}


def export(*responses: dict[str, Any]) -> bytes:
    return json.dumps({"responses": list(responses)}, ensure_ascii=False).encode()


def test_a_response_is_read_as_the_contract_types_it() -> None:
    parsed = parse(CONTRACT, NAME, export(GOOD))
    assert broken_rules(CONTRACT, parsed) == []
    (row,) = typed(CONTRACT, parsed, TABLE)
    assert row == {
        "wave_month": date(2026, 2, 1),
        "response_number": 7,
        "panel_id": "P-1001",
        "submitted_date": date(2026, 2, 5),
        "language": "de",
        "consent": "Y",
        "quarter_id": "ALT",
        "travel_mode": "zu_fuss",
        "walking_minutes": 45,
        "purpose": "einkauf",
        "not_found": "sonstiges",
        "satisfaction": 4,
    }


@pytest.mark.parametrize("field", ["token", "ipaddr", "refurl", "kommentar", "gesucht[other]"])
def test_what_the_contract_drops_never_leaves_the_adapter(field: str) -> None:
    parsed = parse(CONTRACT, NAME, export(GOOD))
    assert GOOD[field] not in str(parsed.tables[TABLE].to_pylist())


def test_a_question_that_the_contract_does_not_name_is_not_read() -> None:
    parsed = parse(CONTRACT, NAME, export(GOOD | {"telefon": "0151 4471"}))
    assert "0151" not in str(parsed.tables[TABLE].to_pylist())


def test_responses_wrapped_in_their_number_are_the_same() -> None:
    wrapped = json.dumps({"responses": [{"7": GOOD}]}).encode()
    assert parse(CONTRACT, NAME, wrapped).tables == parse(CONTRACT, NAME, export(GOOD)).tables


def test_a_response_that_was_not_sent_has_no_day() -> None:
    parsed = parse(CONTRACT, NAME, export(GOOD | {"submitdate": None}))
    assert broken_rules(CONTRACT, parsed) == []
    assert typed(CONTRACT, parsed, TABLE)[0]["submitted_date"] is None


def test_the_period_is_that_of_sent_responses() -> None:
    later = GOOD | {"submitdate": "2026-02-09 08:00:00"}
    assert period(CONTRACT, NAME, export(GOOD, later, GOOD | {"submitdate": None})) == (
        date(2026, 2, 5),
        date(2026, 2, 9),
    )


def test_an_unanswered_question_is_empty_and_no_fault() -> None:
    parsed = parse(CONTRACT, NAME, export(GOOD | {"minuten": "", "weg": ""}))
    assert broken_rules(CONTRACT, parsed) == []
    assert typed(CONTRACT, parsed, TABLE)[0]["walking_minutes"] is None


@pytest.mark.parametrize(
    ("field", "value"), [("minuten", "601.0000000000"), ("minuten", "-5"), ("zufrieden", "6")]
)
def test_a_number_out_of_range_sets_its_response_aside(field: str, value: str) -> None:
    parsed = parse(CONTRACT, NAME, export(GOOD, GOOD | {"id": "8", field: value}))
    assert broken_rules(CONTRACT, parsed) == [("bereich", field, 2)]


def test_an_unknown_code_names_question_and_code() -> None:
    parsed = parse(CONTRACT, NAME, export(GOOD | {"weg": "flug"}))
    (violation,) = violations(CONTRACT, parsed, TABLE)
    assert (violation.rule, violation.field, violation.found) == ("werteliste", "weg", "„flug“")


def test_minutes_in_words_are_set_aside() -> None:
    parsed = parse(CONTRACT, NAME, export(GOOD | {"minuten": "eine Stunde"}))
    assert [v.field for v in violations(CONTRACT, parsed, TABLE)] == ["minuten"]


def test_a_response_without_panel_number_is_set_aside() -> None:
    parsed = parse(CONTRACT, NAME, export(GOOD | {"panelnr": ""}))
    assert [v.field for v in violations(CONTRACT, parsed, TABLE)] == ["panelnr"]


def test_the_same_response_twice_in_a_file_counts_once() -> None:
    parsed = parse(CONTRACT, NAME, export(GOOD, GOOD))
    assert broken_rules(CONTRACT, parsed) == [("eindeutig", "id", 2)]


def test_a_response_of_another_month_is_set_aside() -> None:
    parsed = parse(CONTRACT, NAME, export(GOOD | {"submitdate": "2025-11-05 18:22:11"}))
    assert broken_rules(CONTRACT, parsed) == [("abgeschickt_in_der_welle", None, 1)]


def test_a_missing_question_is_named_with_its_remedy() -> None:
    without = {k: v for k, v in GOOD.items() if k != "minuten"}
    with pytest.raises(
        BadDelivery, match=r"panel_2026-02\.json.*Feld „minuten“.*heading_type=code"
    ):
        parse(CONTRACT, NAME, export(without))


@pytest.mark.parametrize("name", ["panel.json", "panel_2026-02_2026-05.json"])
def test_a_file_name_must_tell_one_wave(name: str) -> None:
    with pytest.raises(BadDelivery, match=r"genau einen Monat wie in panel_2026-02\.json"):
        parse(CONTRACT, name, export(GOOD))


def test_a_file_in_latin_1_is_refused_with_its_byte() -> None:
    with pytest.raises(BadDelivery, match=r"Byte 0xf6.*UTF-8"):
        parse(CONTRACT, NAME, export(GOOD).decode().encode("latin-1"))


@pytest.mark.parametrize("cut", [40, 12, 2])
def test_a_file_that_was_cut_off_is_refused(cut: int) -> None:
    with pytest.raises(BadDelivery, match="vorzeitiges Ende.*vollständig einliefern"):
        parse(CONTRACT, NAME, export(GOOD)[:-cut])


@pytest.mark.parametrize("data", [b"", b" \n", export()])
def test_a_file_without_responses_is_refused(data: bytes) -> None:
    with pytest.raises(BadDelivery, match="mindestens eine|Export wiederholen"):
        parse(CONTRACT, NAME, data)


def test_an_error_of_limesurvey_in_place_of_an_export_is_shown() -> None:
    data = json.dumps({"status": "Invalid session key"}).encode()
    with pytest.raises(BadDelivery, match=r"die Meldung „Invalid session key“"):
        parse(CONTRACT, NAME, data)


@pytest.mark.parametrize("data", [b"[1]", b'{"responses": {}}', b"nichts"])
def test_another_kind_of_file_is_refused(data: bytes) -> None:
    with pytest.raises(BadDelivery, match="Export"):
        parse(CONTRACT, NAME, data)


def test_a_response_that_is_no_object_is_named_by_its_number() -> None:
    data = json.dumps({"responses": [GOOD, 5]}).encode()
    with pytest.raises(BadDelivery, match=r"Zeile 2.*eine Zahl statt einer Antwort"):
        parse(CONTRACT, NAME, data)


def test_a_wave_in_which_nobody_sent_anything_has_no_period() -> None:
    with pytest.raises(BadDelivery, match="keinen einzigen lesbaren Zeitpunkt"):
        period(CONTRACT, NAME, export(GOOD | {"submitdate": None}))


def judged(*responses: dict[str, Any]) -> Outcome:
    """What becomes of an export at the door."""
    delivery = Delivery("a" * 64, "citizen_panel", NAME, 1, None, None)
    parsed = parse(CONTRACT, NAME, export(*responses))
    texts = text_tables(CONTRACT, [(delivery, parsed)])
    return process(
        CONTRACT,
        texts,
        [delivery],
        Pseudonyms(Keys(b"1" * 32)),
        with_suite=False,
        with_identities=False,
    )


ABANDONED = dict.fromkeys(GOOD) | {"id": "8", "einw": None}


def test_an_abandoned_questionnaire_is_dropped_without_a_word() -> None:
    outcome = judged(GOOD, ABANDONED)
    assert (outcome.entries, sum(outcome.left_out.values())) == ([], 0)
    assert outcome.tables[TABLE].num_rows == 1


def test_no_answer_of_somebody_who_refused_is_quoted_anywhere() -> None:
    refused = GOOD | {"id": "9", "einw": "N", "quartier": "Frau Meier", "minuten": "Frau Meier"}
    outcome = judged(GOOD, refused)
    assert (outcome.entries, sum(outcome.left_out.values())) == ([], 0)
    assert "Meier" not in str(outcome.tables[TABLE].to_pylist())


def test_a_day_that_cannot_be_read_does_not_count_as_not_sent() -> None:
    outcome = judged(GOOD, GOOD | {"id": "9", "submitdate": "gestern"})
    assert [(e.finding.rule, e.finding.field) for e in outcome.entries] == [("typ", "submitdate")]
