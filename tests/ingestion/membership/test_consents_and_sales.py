# SPDX-License-Identifier: Apache-2.0
"""The lists of consents and of invoices for data products."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from foundation.errors import BadDelivery
from tests.ingestion.sensors.judging import broken_rules, parse, period, shipped, typed, violations

CONSENTS = shipped("consents")
SALES = shipped("product_sales")
CONSENT_FILE = "einwilligungen.csv"
SALES_FILE = "datenprodukte_verkaeufe.csv"
CONSENT_HEADER = "mitgliedsnr;zweck;status;zeitpunkt;kanal;wortlaut_sha256;nachweis\n"
GIVEN = f"M-0001;indikatoren;erteilt;2025-09-01T10:00:00+02:00;Beitrittsformular;{'a' * 64};AZ-1\n"
WITHDRAWN = GIVEN.replace("erteilt;2025-09", "widerrufen;2026-09")
SALES_HEADER = (
    "rechnung_nr;rechnungsdatum;leistung_von;leistung_bis;produkt_id;kaeufer;kaeufer_art;"
    "mitgliedsnr;netto;ust_satz;ust;brutto\n"
)
TO_OTHERS = (
    "R-1;2026-03-31;2026-01-01;2026-03-31;quartalsbericht;Hochschule Würzburg;dritte;;"
    "1.234,50;19;234,56;1.469,06\n"
)
TO_MEMBER = (
    "R-2;2026-04-30;2026-04-01;2026-04-30;quartalsbericht;Eva Öz;mitglied;M-0001;"
    "-100,00;19,00;-19,00;-119,00\n"
)


def consents(*rows: str) -> bytes:
    return (CONSENT_HEADER + "".join(rows)).encode()


def sales(*rows: str) -> bytes:
    return (SALES_HEADER + "".join(rows)).encode()


def test_consents_given_and_withdrawn_pass_the_contract() -> None:
    parsed = parse(CONSENTS, CONSENT_FILE, consents(GIVEN, WITHDRAWN))
    assert broken_rules(CONSENTS, parsed) == []
    first = typed(CONSENTS, parsed, "members_consents")[0]["recorded_at"]
    assert isinstance(first, datetime)
    assert first.astimezone(UTC) == datetime(2025, 9, 1, 8, tzinfo=UTC)


def test_the_period_of_consents_runs_over_the_declarations() -> None:
    found = period(CONSENTS, CONSENT_FILE, consents(WITHDRAWN, GIVEN))
    assert found == (date(2025, 9, 1), date(2026, 9, 1))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("indikatoren", "werbung", ("werteliste", "zweck", 2)),
        ("erteilt", "ja", ("werteliste", "status", 2)),
        ("+02:00", "", ("typ", "zeitpunkt", 2)),
        ("2025-09-01T10:00:00+02:00", "gestern", ("typ", "zeitpunkt", 2)),
        ("a" * 64, "abc", ("muster", "wortlaut_sha256", 2)),
        ("2025-09-01T10:00:00+02:00", "", ("pflichtfeld", "zeitpunkt", 2)),
        ("M-0001", "", ("pflichtfeld", "mitgliedsnr", 2)),
        ("AZ-1", "", ("pflichtfeld", "nachweis", 2)),
    ],
)
def test_a_wrong_consent_is_set_aside(
    old: str, new: str, expected: tuple[str, str | None, int]
) -> None:
    parsed = parse(CONSENTS, CONSENT_FILE, consents(GIVEN.replace(old, new)))
    assert expected in broken_rules(CONSENTS, parsed)


def test_a_time_without_offset_is_told_in_words() -> None:
    data = consents(GIVEN.replace("+02:00", ""))
    (violation,) = violations(CONSENTS, parse(CONSENTS, CONSENT_FILE, data), "members_consents")
    assert violation.found == "„2025-09-01T10:00:00 (ohne Abstand zu UTC)“"


def test_a_declaration_listed_twice_is_set_aside_once() -> None:
    parsed = parse(CONSENTS, CONSENT_FILE, consents(GIVEN, GIVEN))
    assert broken_rules(CONSENTS, parsed) == [("erklaerung_nur_einmal", None, 3)]


def test_invoices_pass_the_contract_as_exact_amounts() -> None:
    parsed = parse(SALES, SALES_FILE, sales(TO_OTHERS, TO_MEMBER))
    assert broken_rules(SALES, parsed) == []
    rows = typed(SALES, parsed, "sales_product_sales")
    assert [r["net_eur"] for r in rows] == [Decimal("1234.50"), Decimal("-100.00")]


def test_the_buyers_name_goes_no_further() -> None:
    table = parse(SALES, SALES_FILE, sales(TO_OTHERS)).tables["sales_product_sales"]
    assert "buyer_name" not in table.column_names
    assert "Würzburg" not in str(table.to_pylist())


def test_the_period_of_invoices_is_the_period_of_supply() -> None:
    found = period(SALES, SALES_FILE, sales(TO_OTHERS, TO_MEMBER))
    assert found == (date(2026, 1, 1), date(2026, 4, 30))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1.469,06", "1.469,07", ("netto_plus_steuer_ist_brutto", None, 2)),
        ("19;234,56;1.469,06", "7;234,56;1.469,06", ("steuer_passt_zum_satz", None, 2)),
        ("2026-01-01", "2026-06-01", ("leistungszeitraum", None, 2)),
        ("dritte;;", "dritte;M-0001;", ("mitglied_mit_nummer", None, 2)),
        ("dritte;;", "mitglied;;", ("mitglied_mit_nummer", None, 2)),
        ("dritte", "amt", ("werteliste", "kaeufer_art", 2)),
        ("1.234,50", "1234.50", ("typ", "netto", 2)),
        ("19;", "99;", ("bereich", "ust_satz", 2)),
        ("2026-03-31;2026-01", "31.03.2026;2026-01", ("typ", "rechnungsdatum", 2)),
    ],
)
def test_a_wrong_invoice_is_set_aside(
    old: str, new: str, expected: tuple[str, str | None, int]
) -> None:
    parsed = parse(SALES, SALES_FILE, sales(TO_OTHERS.replace(old, new, 1)))
    assert expected in broken_rules(SALES, parsed)


def test_an_invoice_listed_twice_is_found() -> None:
    parsed = parse(SALES, SALES_FILE, sales(TO_OTHERS, TO_OTHERS))
    assert broken_rules(SALES, parsed) == [("eindeutig", "rechnung_nr", 3)]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (sales(TO_OTHERS).decode().encode("cp1252"), "Zeile 2.*UTF-8"),
        (sales(TO_OTHERS).replace(b";netto;", b";betrag;"), "Feld „netto“"),
        (sales(TO_OTHERS)[:-30], "Zeile 2.*abgeschnitten"),
        (b"", "Export wiederholen"),
    ],
)
def test_a_broken_list_of_invoices_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(BadDelivery, match=words):
        parse(SALES, SALES_FILE, data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (consents(GIVEN.replace("formular", "gespräch")).decode().encode("cp1252"), "UTF-8"),
        (consents(GIVEN).replace(b";status;", b";stand;"), "Feld „status“"),
        (consents(GIVEN)[:-10], "Zeile 2.*abgeschnitten"),
        (b"", "Export wiederholen"),
    ],
)
def test_a_broken_list_of_consents_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(BadDelivery, match=words):
        parse(CONSENTS, CONSENT_FILE, data)
