# SPDX-License-Identifier: Apache-2.0
"""Evening slips: the shipped form is read, every fault is named, nothing else is lost with it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from foundation.errors import BadDelivery
from ingestion.landing import land_inbox
from ingestion.loading import load_contract
from ingestion.pseudonyms import Pseudonyms
from tests.ingestion.pos.samples import Home, new_home
from tests.ingestion.sensors.judging import broken_rules, parse, period, shipped, typed

CONTRACT = shipped("returns_slip")
TABLE = "returns_slip_lines"
HEADER = "datum;betriebsstaette_nr;artikel_nr;gebacken;uebrig;ausverkauft_um"
BREZEL = "05.10.2026;B-1001;01004;24;0;15:20"
ANTIPASTI = "06.10.2026;B-1001;04002;3,5;1,25;"


def slip(*lines: str) -> bytes:
    return ("\r\n".join((HEADER, *lines)) + "\r\n").encode()


def broken(line: str) -> list[tuple[str, str | None, int]]:
    return broken_rules(CONTRACT, parse(CONTRACT, "a.csv", slip(line)))


def test_a_slip_passes_the_contract_with_german_numbers_and_times() -> None:
    parsed = parse(CONTRACT, "a.csv", slip(BREZEL, ANTIPASTI))
    assert broken_rules(CONTRACT, parsed) == []
    first, second = typed(CONTRACT, parsed, TABLE)
    assert (first["produced_quantity"], first["sold_out_time"]) == (Decimal(24), "15:20")
    assert (second["left_over_quantity"], second["sold_out_time"]) == (Decimal("1.25"), None)


def test_the_period_is_from_the_first_to_the_last_day_of_the_slip() -> None:
    days = period(CONTRACT, "a.csv", slip(BREZEL, ANTIPASTI))
    assert days == (date(2026, 10, 5), date(2026, 10, 6))


def test_blanks_around_a_value_do_not_count() -> None:
    parsed = parse(CONTRACT, "a.csv", slip("05.10.2026; B-1001 ;01004;24; 0;  "))
    assert broken_rules(CONTRACT, parsed) == []
    assert parsed.tables[TABLE]["site_id"].to_pylist() == ["B-1001"]


def test_a_slip_without_a_readable_day_is_refused() -> None:
    with pytest.raises(BadDelivery, match=r"Feld „datum“.*Tage wie 01\.10\.2026"):
        period(CONTRACT, "a.csv", slip(BREZEL.replace("05.10.2026", "Montag")))


def test_a_slip_in_utf_16_is_refused() -> None:
    with pytest.raises(BadDelivery, match="UTF-16.*erwartet Text in UTF-8.*exportieren"):
        parse(CONTRACT, "a.csv", slip(BREZEL).decode().encode("utf-16"))


def test_an_empty_slip_is_refused() -> None:
    with pytest.raises(BadDelivery, match="gefunden 0 Zeichen.*Export wiederholen"):
        parse(CONTRACT, "a.csv", b"")


def test_a_slip_with_the_head_alone_is_refused() -> None:
    with pytest.raises(BadDelivery, match="gefunden nur die Kopfzeile"):
        parse(CONTRACT, "a.csv", slip())


def test_a_missing_column_is_named() -> None:
    with pytest.raises(BadDelivery, match="Feld „uebrig“: gefunden Kopfzeile ohne diese Spalte"):
        parse(CONTRACT, "a.csv", slip(BREZEL).replace(b"uebrig", b"rest"))


def test_a_cut_slip_is_refused_with_the_row() -> None:
    with pytest.raises(BadDelivery, match="Zeile 3.*gefunden 3 Felder.*abgeschnitten"):
        parse(CONTRACT, "a.csv", slip(BREZEL, "05.10.2026;B-1001;01005"))


@pytest.mark.parametrize(
    ("line", "rule", "field"),
    [
        ("05.10.2026;B-1001;01004;viele;0;", "typ", "gebacken"),
        ("05.10.2026;B-1001;01004;-4;-5;", "bereich", "gebacken"),
        ("05.10.2026;B-1001;01004;24;;", "pflichtfeld", "uebrig"),
        ("31.09.2026;B-1001;01004;24;0;", "typ", "datum"),
        ("05.10.2026;B-1001;01004;24;0;25:10", "muster", "ausverkauft_um"),
        ("05.10.2026;B-1001;01004;24;30;", "uebrig_hoechstens_gebacken", None),
        ("05.10.2026;B-1001;01004;24;3;15:20", "ausverkauft_heisst_nichts_uebrig", None),
    ],
)
def test_a_wrong_value_is_set_aside_or_warned_of(line: str, rule: str, field: str | None) -> None:
    assert (rule, field, 2) in broken(line)


def test_two_amounts_for_one_article_and_day_are_both_set_aside() -> None:
    lines = (BREZEL, ANTIPASTI, BREZEL.replace(";24;", ";30;"), ANTIPASTI)
    found = broken_rules(CONTRACT, parse(CONTRACT, "a.csv", slip(*lines)))
    assert sorted(row for _, _, row in found) == [2, 4]
    assert {rule for rule, _, _ in found} == {"artikel_und_tag_ohne_widerspruch"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that knows one shop, and a good slip, its copy, a wrong row and a foreign slip."""
    home = new_home(tmp_path_factory.mktemp("home"))
    home.know("KASSE-1")
    with home.lakehouse.writer() as con:
        site = Pseudonyms(home.keys).of("site", "B-1001")
        con.execute("UPDATE lake.raw.members_sites SET site_id = ?", [site])
    home.deliver("returns_slip", "gut.csv", slip(BREZEL, "05.10.2026;B-1001;01001;50;60;"))
    home.deliver("returns_slip", "nochmal.csv", slip(BREZEL, "05.10.2026;B-1001;01001;50;60;"))
    home.deliver("returns_slip", "fremd.csv", slip(BREZEL.replace("B-1001", "B-2999")))
    home.deliver("returns_slip", "morgen.csv", slip(BREZEL.replace("05.10", "05.12")))
    _load(home)
    return home


def _load(home: Home) -> None:
    land_inbox(home.settings, home.lakehouse, home.keys, {CONTRACT.id: CONTRACT})
    load_contract(home.settings, home.lakehouse, home.keys, CONTRACT, with_suite=False)


def _states(home: Home) -> dict[object, tuple[object, object]]:
    rows = home.rows(
        "SELECT file_name, event, reason FROM lake.landing.delivery "
        "QUALIFY row_number() OVER (PARTITION BY file_name ORDER BY event_no DESC) = 1"
    )
    return {name: (event, reason) for name, event, reason in rows}


def test_the_good_rows_are_loaded_and_the_wrong_one_stays_out_alone(home: Home) -> None:
    rows = home.rows(f"SELECT article_number FROM lake.raw.{TABLE}")
    assert rows == [("01004",)]
    faults = home.rows("SELECT rule, row_number FROM lake.landing.quarantine WHERE unit = 'row'")
    assert faults == [("uebrig_hoechstens_gebacken", 3)]


def test_the_same_slip_again_is_registered_and_not_loaded(home: Home) -> None:
    assert _states(home)["nochmal.csv"] == ("duplicate", None)


def test_a_slip_of_an_unknown_shop_waits_and_says_where_to_enter_it(home: Home) -> None:
    assert _states(home)["fremd.csv"] == ("quarantined", "unbekannte_betriebsstaette")
    ((remedy,),) = home.rows(
        "SELECT remedy FROM lake.landing.quarantine WHERE rule = 'unbekannte_betriebsstaette'"
    )
    assert remedy == (
        "Betriebsstätte B-…99 in der Mitgliederliste (betriebsstaetten.csv) eintragen, "
        "dann erneut laden"
    )


def test_a_slip_for_a_day_to_come_is_refused(home: Home) -> None:
    assert _states(home)["morgen.csv"] == ("quarantined", "zeitraum")


def test_the_number_of_the_shop_is_a_pseudonym_of_the_list_of_members(home: Home) -> None:
    found = home.rows(
        f"SELECT count(*) FROM lake.raw.{TABLE} JOIN lake.raw.members_sites USING (site_id)"
    )
    assert found == [(1,)]


def test_once_the_member_list_knows_the_shop_its_slip_is_loaded(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    home.know("KASSE-1")
    home.deliver("returns_slip", "fremd.csv", slip(BREZEL))
    _load(home)
    with home.lakehouse.writer() as con:
        site = Pseudonyms(home.keys).of("site", "B-1001")
        con.execute("UPDATE lake.raw.members_sites SET site_id = ?", [site])
    _load(home)
    assert _states(home)["fremd.csv"] == ("loaded", None)
    assert home.rows(f"SELECT count(*) FROM lake.raw.{TABLE}") == [(1,)]
