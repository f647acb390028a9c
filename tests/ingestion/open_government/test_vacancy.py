# SPDX-License-Identifier: Apache-2.0
"""The vacancy register: the portal's answer, the monthly files, and whether both fit together."""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from foundation.errors import BadDelivery
from ingestion.open_government.ckan import compare_with_files, read_package
from ingestion.open_government.vacancy import VacancyAdapter
from tests.ingestion.sensors.judging import broken_rules, parse, period, shipped, violations

CONTRACT = shipped("vacancy_register")
HEADER = (
    "lokal_id;strasse;hausnummer;quartier;block;flaeche_qm;nutzung;status;leer_seit;"
    "branche;filialist;stand\n"
)
TAKEN = "L-1;Salzgasse;4a;ALT;ALT-02;82,5;Laden;belegt;;baeckerei;0;2026-09-15\n"
VACANT = "L-2;Salzgasse;6;ALT;ALT-02;120;Laden;leer;2026-03-01;;;2026-09-15\n"
NAME = "leerstandskataster_2026-09.csv"
URL = f"https://daten.example/dataset/leerstand/resource/{NAME}"


def month(*rows: str) -> bytes:
    return (HEADER + "".join(rows)).encode()


def answer(change: Callable[[dict[str, Any]], object] = lambda _: None, **resource: Any) -> bytes:
    csv = {
        "name": NAME,
        "url": URL,
        "format": "csv",
        "last_modified": "2026-10-02T08:30:00",
        **resource,
    }
    document: dict[str, Any] = {
        "success": True,
        "result": {
            "name": "leerstandskataster",
            "title": "Leerstandskataster",
            "license_id": "dl-de-by-2.0",
            "metadata_modified": "2026-10-03T00:00:00",
            "resources": [csv],
        },
    }
    change(document)
    return json.dumps(document).encode()


def test_a_month_passes_the_contract() -> None:
    parsed = parse(CONTRACT, NAME, month(TAKEN, VACANT))
    assert broken_rules(CONTRACT, parsed) == []
    assert parsed.tables["vacancy_premises"]["status"].to_pylist() == ["belegt", "leer"]


def test_the_period_of_a_file_is_its_whole_month() -> None:
    assert period(CONTRACT, NAME, month(TAKEN)) == (date(2026, 9, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("leer;2026", "frei;2026", ("werteliste", "status", 3)),
        ("120;", "0;", ("bereich", "flaeche_qm", 3)),
        ("120;", "viel;", ("typ", "flaeche_qm", 3)),
        ("ALT;ALT-02;120", "BAH;ALT-02;120", ("block_im_quartier", None, 3)),
        ("2026-03-01", "2026-09-16", ("leer_seit_vor_stand", None, 3)),
        ("2026-03-01", "", ("leer_mit_datum", None, 3)),
        ("2026-03-01", "01.03.2026", ("typ", "leer_seit", 3)),
        (";;;2026-09-15", ";;?;2026-09-15", ("typ", "filialist", 3)),
        ("L-2;", "L-1;", ("eindeutig", "lokal_id", 3)),
    ],
)
def test_a_wrong_value_is_set_aside(old: str, new: str, expected: tuple[str, str, int]) -> None:
    parsed = parse(CONTRACT, NAME, month(TAKEN, VACANT.replace(old, new)))
    assert expected in broken_rules(CONTRACT, parsed)


def test_a_taken_shop_with_a_day_of_vacancy_is_a_warning_only() -> None:
    parsed = parse(CONTRACT, NAME, month(TAKEN.replace("belegt;;", "belegt;2026-01-01;")))
    found = violations(CONTRACT, parsed, "vacancy_premises")
    assert [(v.rule, v.severity) for v in found] == [("belegt_ohne_datum", "warn")]


def test_a_month_in_latin_1_is_refused() -> None:
    data = month(TAKEN.replace("Salzgasse", "Münsterstiege")).decode().encode("latin-1")
    with pytest.raises(BadDelivery, match=r"2026-09\.csv.*Zeile 2.*UTF-8"):
        parse(CONTRACT, NAME, data)


def test_a_month_without_a_column_is_refused() -> None:
    with pytest.raises(BadDelivery, match="Feld „status“"):
        parse(CONTRACT, NAME, month(TAKEN).replace(b";status", b";zustand"))


def test_a_cut_month_is_refused() -> None:
    with pytest.raises(BadDelivery, match="Zeile 3.*abgeschnitten"):
        parse(CONTRACT, NAME, month(TAKEN, VACANT)[:-20])


def test_an_empty_month_is_refused() -> None:
    with pytest.raises(BadDelivery, match="Export wiederholen"):
        parse(CONTRACT, NAME, b"")


def test_a_month_without_any_day_has_no_period() -> None:
    with pytest.raises(BadDelivery, match="Feld „stand“.*keinen einzigen lesbaren Tag"):
        period(CONTRACT, NAME, month(TAKEN.replace("2026-09-15", "September")))


def test_an_answer_becomes_the_list_of_its_files() -> None:
    parsed = parse(CONTRACT, "leerstandskataster.json", answer())
    assert broken_rules(CONTRACT, parsed) == []
    (row,) = parsed.tables["vacancy_resources"].to_pylist()
    assert (row["resource_name"], row["resource_format"]) == (NAME, "CSV")
    assert row["licence_id"] == "dl-de-by-2.0"
    assert row["modified_at"] == "2026-10-02T08:30:00+00:00"


def test_the_period_of_an_answer_are_the_days_of_its_changes() -> None:
    found = period(CONTRACT, "leerstandskataster.json", answer())
    assert found == (date(2026, 10, 2), date(2026, 10, 3))


def test_a_portal_that_says_no_is_quoted() -> None:
    data = json.dumps({"success": False, "error": {"message": "Not found"}}).encode()
    with pytest.raises(BadDelivery, match="Feld „success“: gefunden false .*Not found.*Abruf"):
        parse(CONTRACT, "a.json", data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "0 Zeichen ohne Inhalt"),
        (answer()[:-40], "vorzeitiges Ende"),
        (b"<html>Wartung</html>", "kein JSON"),
        (b"[1]", "eine Liste statt einer Antwort"),
        ('{"success": "Müll"}'.encode("latin-1"), "Byte 0xfc"),
        (b'{"success": true}', "result.*die Beschreibung des Datensatzes"),
    ],
)
def test_an_answer_that_is_none_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(BadDelivery, match=words):
        parse(CONTRACT, "a.json", data)


@pytest.mark.parametrize("field", ["license_id", "name", "resources"])
def test_an_answer_without_a_needed_statement_names_it(field: str) -> None:
    data = answer(lambda d: d["result"].update({field: None}))
    with pytest.raises(BadDelivery, match=rf"result\.{field}.*gefunden nichts"):
        parse(CONTRACT, "a.json", data)


def test_a_resource_without_address_is_named_by_its_place() -> None:
    with pytest.raises(BadDelivery, match=r"result\.resources\[0\]\.url"):
        parse(CONTRACT, "a.json", answer(url=""))


def test_a_checksum_that_is_none_is_refused() -> None:
    with pytest.raises(BadDelivery, match=r"resources\[0\]\.hash.*5 Zeichen"):
        parse(CONTRACT, "a.json", answer(hash="kaput"))


def test_a_file_that_the_portal_names_and_the_inbox_lacks_is_found() -> None:
    files = {"leerstandskataster.json": answer(), "anderes.csv": month(TAKEN)}
    (finding,) = VacancyAdapter().check_inbox(files, CONTRACT)
    assert finding.rule == "ressource_fehlt"
    assert NAME in finding.sentence()


@pytest.mark.parametrize("kind", ["md5", "sha1", "sha256"])
def test_a_file_with_the_checksum_of_the_portal_fits(kind: str) -> None:
    digest = hashlib.new(kind, month(TAKEN)).hexdigest()
    files = {"a.json": answer(hash=digest), NAME: month(TAKEN)}
    assert VacancyAdapter().check_inbox(files, CONTRACT) == []


def test_a_renamed_file_is_known_by_its_checksum() -> None:
    package = read_package("a.json", answer(hash=hashlib.sha256(month(TAKEN)).hexdigest()))
    assert compare_with_files("a.json", package, {"umbenannt.csv": month(TAKEN)}) == []


def test_a_file_with_another_checksum_is_found() -> None:
    package = read_package("a.json", answer(hash=f"sha256:{'0' * 64}"))
    (finding,) = compare_with_files("a.json", package, {NAME: month(TAKEN)})
    assert (finding.rule, finding.file) == ("pruefsumme", NAME)


def test_resources_in_other_formats_need_no_file() -> None:
    package = read_package("a.json", answer(format="PDF"))
    assert compare_with_files("a.json", package, {}) == []
