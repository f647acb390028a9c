# SPDX-License-Identifier: Apache-2.0
"""Invoices on their way into raw: whose shop is known, who withdrew, what stays out alone."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingestion.landing import land_inbox
from ingestion.loading import load_contract
from ingestion.town.supply_files import cii, picture_only
from tests.ingestion.pos.samples import Home, new_home
from tests.ingestion.supply.test_einvoice import CONTRACT, OTHER, PLAIN, zipped

AUGUST = replace(PLAIN, number="202608-01", day=date(2026, 8, 3))
SEPTEMBER = replace(PLAIN, number="202609-01", day=date(2026, 9, 7))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Shop B-2058 is known; the owner of B-2001 withdrew in September; nobody knows B-9999."""
    home = new_home(tmp_path_factory.mktemp("rechnungen"))
    home.know("KASSE-1", site="B-2058")
    home.know("KASSE-2", member="M-2", site="B-2001")
    home.withdraw("2026-09-05T23:30:00+02:00", member="M-2")
    home.deliver(
        CONTRACT.id,
        "B-2058/mai.zip",
        zipped({"a.xml": cii(PLAIN), "b.xml": cii(OTHER), "c.pdf": picture_only()}),
    )
    home.deliver(CONTRACT.id, "B-2001/vorher.xml", cii(AUGUST))
    home.deliver(CONTRACT.id, "B-2001/nachher.xml", cii(SEPTEMBER))
    home.deliver(CONTRACT.id, "B-9999/fremd.xml", cii(replace(PLAIN, number="x")))
    home.deliver(
        CONTRACT.id, "B-2058/morgen.xml", cii(replace(PLAIN, number="y", day=date(2027, 1, 1)))
    )
    land_inbox(home.settings, home.lakehouse, home.keys, {CONTRACT.id: CONTRACT})
    load_contract(home.settings, home.lakehouse, home.keys, CONTRACT)
    return home


def events(home: Home) -> dict[object, tuple[object, object]]:
    rows = home.rows(
        "SELECT file_name, event, reason FROM lake.landing.delivery "
        "QUALIFY row_number() OVER (PARTITION BY delivery_sha256 ORDER BY event_no DESC) = 1"
    )
    return {name: (event, reason) for name, event, reason in rows}


def test_each_delivery_has_its_end(home: Home) -> None:
    assert events(home) == {
        "B-2058/mai.zip": ("loaded", None),
        "B-2001/vorher.xml": ("loaded", None),
        "B-2001/nachher.xml": ("refused", "einwilligung_widerrufen"),
        "B-9999/fremd.xml": ("quarantined", "unbekannte_betriebsstaette"),
        "B-2058/morgen.xml": ("quarantined", "zeitraum"),
    }


def test_what_could_not_be_read_in_a_zip_is_named_and_counted_beside_what_was_loaded(
    home: Home,
) -> None:
    entry = (
        "SELECT rule, unit FROM lake.landing.quarantine WHERE file_name = 'B-2058/mai.zip/c.pdf'"
    )
    assert home.rows(entry) == [("pdf_ohne_xml", "row")]
    counts = (
        "SELECT loaded_rows, quarantined_rows FROM lake.landing.delivery "
        "WHERE event = 'loaded' AND file_name = 'B-2058/mai.zip'"
    )
    # Two invoices with two lines each
    assert home.rows(counts) == [(6, 1)]


def test_an_unknown_shop_is_masked_and_the_remedy_says_where_to_enter_it(home: Home) -> None:
    ((found, remedy),) = home.rows(
        "SELECT found, remedy FROM lake.landing.quarantine "
        "WHERE rule = 'unbekannte_betriebsstaette'"
    )
    assert found == "die unbekannte Betriebsstätte B-…99"
    assert "betriebsstaetten.csv" in str(remedy)


def test_no_name_number_or_street_of_a_firm_arrives(home: Home) -> None:
    rows = home.rows("SELECT * FROM lake.raw.einvoice_invoices")
    text = " ".join(str(value) for row in rows for value in row)
    assert "48996" in text
    for word in ("Wiedenbrook", "Apfelweg", "DE298100005", "Café Nord", "B-2058"):
        assert word not in text


def test_a_shop_entered_later_lets_its_waiting_invoices_in(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    home.know("KASSE-1", site="B-2058")
    home.deliver(CONTRACT.id, "B-9999/fremd.xml", cii(PLAIN))
    for _ in range(2):
        land_inbox(home.settings, home.lakehouse, home.keys, {CONTRACT.id: CONTRACT})
        load_contract(home.settings, home.lakehouse, home.keys, CONTRACT, with_suite=False)
        home.know("KASSE-9", site="B-9999")
    assert events(home)["B-9999/fremd.xml"] == ("loaded", None)
