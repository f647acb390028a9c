# SPDX-License-Identifier: Apache-2.0
"""Merchandise lists: the shipped form is read, and every fault is named with its remedy."""

from datetime import date
from decimal import Decimal

import pytest

from foundation.errors import BadDelivery
from tests.ingestion.sensors.judging import broken_rules, parse, period, shipped, typed

CONTRACT = shipped("merchandise")
TABLE = "merchandise_articles"
HEADER = (
    "inhaber_nr;artikel_nr;bezeichnung;warengruppe;einheit;verkaufspreis;kosten;restwert;"
    "haltbarkeit_tage;gebinde;mindestmenge;taeglich_frisch;gueltig_ab"
)
BREZEL = "INH-1;01004;Laugenbrezel;Kleingebäck;Stück;1,10;0,31;0,05;1;2;4;1;01.10.2025"
OLIVES = "INH-1;04002;Antipasti;Theke;kg;27,90;12,80;4,00;1;0,5;1;1;01.07.2026"


def shown(*lines: str) -> bytes:
    return ("\r\n".join((HEADER, *lines)) + "\r\n").encode("cp1252")


def broken(line: str) -> list[tuple[str, str | None, int]]:
    return broken_rules(CONTRACT, parse(CONTRACT, "a.csv", shown(line)))


def test_a_list_passes_the_contract_with_german_numbers_and_umlauts() -> None:
    parsed = parse(CONTRACT, "a.csv", shown(BREZEL, OLIVES))
    assert broken_rules(CONTRACT, parsed) == []
    first, second = typed(CONTRACT, parsed, TABLE)
    assert (first["product_group"], first["unit"]) == ("Kleingebäck", "Stück")
    assert (first["unit_price_eur"], first["unit_cost_eur"]) == (Decimal("1.10"), Decimal("0.31"))
    assert (first["shelf_life_days"], first["is_perishable"]) == (1, True)
    assert (second["pack_size"], second["valid_from_date"]) == (Decimal("0.5"), date(2026, 7, 1))


def test_the_period_is_from_the_first_to_the_last_day_on_which_rows_begin_to_hold() -> None:
    days = period(CONTRACT, "a.csv", shown(BREZEL, OLIVES))
    assert days == (date(2025, 10, 1), date(2026, 7, 1))


def test_a_list_without_a_readable_day_is_refused() -> None:
    with pytest.raises(BadDelivery, match=r"Feld „gueltig_ab“.*Tage wie 01\.10\.2026"):
        period(CONTRACT, "a.csv", shown(BREZEL.replace("01.10.2025", "Oktober")))


def test_a_list_in_utf_8_is_refused() -> None:
    with pytest.raises(BadDelivery, match="UTF-8.*erwartet Text in CP1252.*exportieren"):
        parse(CONTRACT, "a.csv", shown(BREZEL).decode("cp1252").encode())


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(BadDelivery, match="gefunden 0 Zeichen.*Export wiederholen"):
        parse(CONTRACT, "a.csv", b"")


def test_a_missing_column_is_named() -> None:
    with pytest.raises(BadDelivery, match="Feld „restwert“: gefunden Kopfzeile ohne diese Spalte"):
        parse(CONTRACT, "a.csv", shown(BREZEL).replace(b"restwert", b"rest"))


def test_a_cut_list_is_refused_with_the_row() -> None:
    with pytest.raises(BadDelivery, match="Zeile 3.*gefunden 4 Felder.*abgeschnitten"):
        parse(CONTRACT, "a.csv", shown(BREZEL, "INH-1;01005;Laugenbrezel mit Butter;Kleingebäck"))


@pytest.mark.parametrize(
    ("old", "new", "rule", "field"),
    [
        ("1,10", "teuer", "typ", "verkaufspreis"),
        ("1,10", "-1,10", "bereich", "verkaufspreis"),
        (";1;2;4;1;", ";0;2;4;1;", "bereich", "haltbarkeit_tage"),
        (";1;2;4;1;", ";1;0;4;1;", "bereich", "gebinde"),
        ("01.10.2025", "31.02.2026", "typ", "gueltig_ab"),
        ("INH-1", "", "pflichtfeld", "inhaber_nr"),
        ("0,05", "0,50", "restwert_hoechstens_kosten", None),
        ("0,31", "1,10", "kosten_unter_preis", None),
    ],
)
def test_a_wrong_value_is_set_aside_or_warned_of(
    old: str, new: str, rule: str, field: str | None
) -> None:
    assert (rule, field, 2) in broken(BREZEL.replace(old, new, 1))
