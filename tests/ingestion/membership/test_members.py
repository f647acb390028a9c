# SPDX-License-Identifier: Apache-2.0
"""The lists of members and shops: what passes, what is set aside, what never shows a name."""

from datetime import date

import pytest

from foundation.errors import BadDelivery
from tests.ingestion.membership.samples import baker, citizen, members, site, sites
from tests.ingestion.sensors.judging import (
    broken_rules,
    parse,
    period,
    shipped,
    typed,
    violations,
)

CONTRACT = shipped("members")
LIST = "mitglieder.csv"
SHOPS = "betriebsstaetten.csv"


def test_a_list_of_members_passes_the_contract() -> None:
    parsed = parse(CONTRACT, LIST, members(baker(), citizen()))
    assert broken_rules(CONTRACT, parsed) == []


def test_a_list_of_shops_passes_the_contract() -> None:
    parsed = parse(CONTRACT, SHOPS, sites(site(), site(kasse_id="K-2")))
    assert broken_rules(CONTRACT, parsed) == []
    assert [r["is_chain"] for r in typed(CONTRACT, parsed, "members_sites")] == [False, False]


def test_tables_carry_exactly_the_contracts_fields() -> None:
    for name, data in ((LIST, members(baker())), (SHOPS, sites(site()))):
        for table_name, table in parse(CONTRACT, name, data).tables.items():
            names = [f.name for f in CONTRACT.object(table_name).fields]
            assert table.column_names == [*names, "_row_number"]


def test_nothing_that_names_a_person_is_meant_for_raw() -> None:
    raw = {f.name for obj in CONTRACT.objects for f in obj.raw_fields if f.handling == "keep"}
    named = {"name", "contact", "street", "email", "phone", "iban", "account_holder", "vat_id"}
    assert raw.isdisjoint(named | {"member_number", "site_number", "tax_number", "postcode"})


def test_the_tax_identifier_is_the_vat_number_else_the_tax_number() -> None:
    rows = (baker(), baker(mitgliedsnr="M-3", ustid=""), citizen())
    table = parse(CONTRACT, LIST, members(*rows)).tables["members_members"]
    assert table["tax_id"].to_pylist() == ["DE299041712", "33757041716", None]


def test_whether_an_account_is_known_is_told_without_the_account() -> None:
    rows = (baker(), citizen(iban=""))
    found = typed(CONTRACT, parse(CONTRACT, LIST, members(*rows)), "members_members")
    assert [(r["has_iban"], r["iban_check"]) for r in found] == [
        (True, "gueltig"),
        (False, "fehlt"),
    ]


@pytest.mark.parametrize(
    ("field", "value", "check", "reason"),
    [
        ("iban", "DE24430609670000417002", "(iban)", "falsch: Prüfziffer"),
        ("iban", "DE2443060967", "(iban)", "falsch: Länge"),
        ("iban", "XY24430609670000417001", "(iban)", "falsch: Land"),
        ("ustid", "DE299041713", "(ustid)", "falsch: Prüfziffer"),
        ("ustid", "DE2990", "(ustid)", "falsch: Länge"),
        ("ustid", "QQ299041712", "(ustid)", "falsch: Land"),
        ("steuernr", "12/34", "(steuernr)", "falsch: Länge"),
        ("steuernr", "abc/5704/1716", "(steuernr)", "falsch: Aufbau"),
    ],
)
def test_a_wrong_number_is_told_without_showing_it(
    field: str, value: str, check: str, reason: str
) -> None:
    parsed = parse(CONTRACT, LIST, members(baker(**{field: value})))
    (violation,) = violations(CONTRACT, parsed, "members_members")
    assert (violation.field, violation.found) == (check, f"„{reason}“")
    assert value not in str(violation)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"art": "verein"}, ("werteliste", "art", 2)),
        ({"ust_status": "normal"}, ("werteliste", "ust_status", 2)),
        ({"anteile": "0"}, ("bereich", "anteile", 2)),
        ({"anteile": "1,5"}, ("typ", "anteile", 2)),
        ({"quartier": "Altstadt"}, ("muster", "quartier", 2)),
        ({"beitritt_am": "15.01.2024"}, ("typ", "beitritt_am", 2)),
        ({"beitritt_am": ""}, ("pflichtfeld", "beitritt_am", 2)),
        ({"austritt_am": "2023-12-31"}, ("austritt_nach_beitritt", None, 2)),
        ({"inhaber_nr": ""}, ("betrieb_mit_inhaber", None, 2)),
        ({"ustid": "", "steuernr": ""}, ("regelbesteuert_mit_nummer", None, 2)),
        ({"art": "buerger"}, ("buerger_ohne_umsatzsteuer", None, 2)),
        ({"name": ""}, ("pflichtfeld", "name", 2)),
    ],
)
def test_a_wrong_member_is_set_aside(
    changes: dict[str, str], expected: tuple[str, str | None, int]
) -> None:
    parsed = parse(CONTRACT, LIST, members(baker(**changes)))
    assert expected in broken_rules(CONTRACT, parsed)


def test_a_missing_agreement_to_self_billing_is_a_warning_only() -> None:
    parsed = parse(CONTRACT, LIST, members(baker(gutschrift_vereinbart_am="")))
    found = violations(CONTRACT, parsed, "members_members")
    assert [(v.rule, v.severity) for v in found] == [("gutschrift_vereinbart", "warn")]


def test_a_member_listed_twice_is_set_aside_once() -> None:
    parsed = parse(CONTRACT, LIST, members(baker(), baker()))
    assert {row for _, _, row in broken_rules(CONTRACT, parsed)} == {3}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"block": "Altstadt 2"}, ("muster", "block", 2)),
        ({"branche": ""}, ("pflichtfeld", "branche", 2)),
        ({"filialist": "vielleicht"}, ("typ", "filialist", 2)),
        ({"geschlossen_am": "1990-01-01"}, ("schliessung_nach_eroeffnung", None, 2)),
    ],
)
def test_a_wrong_shop_is_set_aside(
    changes: dict[str, str], expected: tuple[str, str | None, int]
) -> None:
    parsed = parse(CONTRACT, SHOPS, sites(site(**changes)))
    assert expected in broken_rules(CONTRACT, parsed)


def test_a_till_stands_in_one_shop_only() -> None:
    rows = (site(), site(betriebsstaette_nr="B-0002"))
    parsed = parse(CONTRACT, SHOPS, sites(*rows))
    assert broken_rules(CONTRACT, parsed) == [("eindeutig", "kasse_id", 3)]


def test_a_list_is_not_older_than_its_last_joining() -> None:
    rows = (baker(), citizen(austritt_am="2030-06-30"))
    assert period(CONTRACT, LIST, members(*rows)) == (date(2025, 2, 1), date(2025, 2, 1))
    assert period(CONTRACT, SHOPS, sites(site())) == (date(1998, 5, 4), date(1998, 5, 4))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026-09/mitglieder.csv", date(2026, 9, 1), date(2026, 9, 30)),
        ("mitglieder_2026-10-05.csv", date(2026, 10, 5), date(2026, 10, 5)),
    ],
)
def test_a_day_in_the_name_puts_lists_in_order(name: str, first: date, last: date) -> None:
    assert period(CONTRACT, name, members(baker())) == (first, last)


def test_a_day_in_the_name_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadDelivery, match="Tag im Dateinamen, den es nicht gibt"):
        period(CONTRACT, "mitglieder_2026-13.csv", members(baker()))


def test_a_list_without_any_day_has_no_period() -> None:
    with pytest.raises(BadDelivery, match="Feld „beitritt_am“.*keinen einzigen lesbaren Tag"):
        period(CONTRACT, LIST, members(baker(beitritt_am="früher")))


def test_a_file_of_another_name_is_refused() -> None:
    with pytest.raises(BadDelivery, match=r"liste\.csv.*erwartet mitglieder\*\.csv"):
        parse(CONTRACT, "liste.csv", members(baker()))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (members(baker()).decode().encode("cp1252"), "Zeile 2.*Byte 0xe4.*UTF-8"),
        (members(baker()).replace(b";iban;", b";konto;"), "Feld „iban“"),
        (members(baker(), citizen())[:-60], "Zeile 3.*abgeschnitten"),
        (b"", "Export wiederholen"),
        (members(), "Export wiederholen"),
    ],
)
def test_a_broken_list_is_refused_without_showing_names(data: bytes, words: str) -> None:
    with pytest.raises(BadDelivery, match=words) as caught:
        parse(CONTRACT, LIST, data)
    assert "Eva" not in str(caught.value)
