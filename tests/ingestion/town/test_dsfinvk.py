# SPDX-License-Identifier: Apache-2.0
"""The till exports: valid by another author's validator, and every sum adds up to the cent."""

import contextlib
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

import pytest
from dsfinvk.validate import validate_zip
from lxml import etree

from foundation.settings import PROJECT_ROOT
from ingestion.town.gdpdu import DTD, DTD_NAME, layout, logical_names
from tests.ingestion.town.small_town import Row, SmallTown, decimal

SCHEMA = PROJECT_ROOT.parent / "shared" / "data" / "dsfinvk" / "dsfinvk_2_4_schema.json"
Key = tuple[str, ...]


@pytest.fixture(scope="module")
def tables(town: SmallTown) -> dict[str, list[Row]]:
    """All rows of all good exports, by file."""
    found: dict[str, list[Row]] = defaultdict(list)
    for export in town.exports.values():
        for name in layout():
            found[name] += export.rows(name)
    return found


def closing(row: Row) -> Key:
    return row["Z_KASSE_ID"], row["Z_ERSTELLUNG"], row["Z_NR"]


def receipt(row: Row) -> Key:
    return (*closing(row), row["BON_ID"])


def sums(rows: list[Row], key: object, column: str) -> dict[Key, Decimal]:
    found: dict[Key, Decimal] = defaultdict(Decimal)
    for row in rows:
        found[key(row)] += decimal(row[column])  # type: ignore[operator]
    return found


def test_layout_is_the_published_one() -> None:
    if not SCHEMA.exists():
        pytest.skip("../shared/data fehlt")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))["tables"]
    assert list(layout()) == list(schema)
    for name, table in schema.items():
        assert logical_names()[name] == table["logical_name"]
        for ours, theirs in zip(layout()[name], table["columns"], strict=True):
            size = theirs["accuracy"] if ours[1] == "n" else theirs["max_length"]
            kind = "n" if theirs["type"] == "numeric" else "a"
            assert ours == (theirs["name"], kind, size)


def test_the_validator_accepts_every_tenth_export(town: SmallTown) -> None:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        for export in list(town.exports.values())[::10]:
            assert validate_zip(export.path) == []
    assert said.getvalue() == ""


def test_index_xml_follows_its_dtd(town: SmallTown) -> None:
    path = next(iter(town.exports.values())).path
    with zipfile.ZipFile(path) as archive:
        index = etree.fromstring(archive.read("index.xml"))
        dtd = etree.DTD(io.BytesIO(archive.read(DTD_NAME)))
    assert dtd.validate(index), dtd.error_log
    assert len(index.findall(".//Table")) == 20
    assert DTD.startswith("<?xml")


def test_lines_heads_and_tax_rows_of_a_receipt_say_the_same(tables: dict[str, list[Row]]) -> None:
    heads = sums(tables["transactions.csv"], receipt, "UMS_BRUTTO")
    assert heads == sums(tables["lines_vat.csv"], receipt, "POS_BRUTTO")
    assert heads == sums(tables["transactions_vat.csv"], receipt, "BON_BRUTTO")


def test_a_line_is_quantity_times_price(tables: dict[str, list[Row]]) -> None:
    amounts = {
        (*receipt(r), r["POS_ZEILE"]): decimal(r["POS_BRUTTO"]) for r in tables["lines_vat.csv"]
    }
    for row in tables["lines.csv"]:
        exact = decimal(row["MENGE"]) * decimal(row["STK_BR"])
        assert abs(amounts[*receipt(row), row["POS_ZEILE"]] - exact) <= Decimal("0.005")


def test_net_and_tax_follow_the_rate_of_the_vat_table(tables: dict[str, list[Row]]) -> None:
    rates = {(*closing(r), r["UST_SCHLUESSEL"]): decimal(r["UST_SATZ"]) for r in tables["vat.csv"]}
    for row in tables["lines_vat.csv"]:
        gross, net = decimal(row["POS_BRUTTO"]), decimal(row["POS_NETTO"])
        rate = rates[*closing(row), row["UST_SCHLUESSEL"]]
        wanted = (gross / (1 + rate / 100)).quantize(Decimal("0.00001"), ROUND_HALF_UP)
        assert net == wanted
        assert gross == net + decimal(row["POS_UST"])


def test_closing_totals_are_the_sums_of_the_receipts(tables: dict[str, list[Row]]) -> None:
    counted = {receipt(r) for r in tables["transactions.csv"] if r["BON_TYP"] == "Beleg"}
    lines = [r for r in tables["lines_vat.csv"] if receipt(r) in counted]
    total = sums(tables["businesscases.csv"], closing, "Z_UMS_BRUTTO")
    assert total == sums(lines, closing, "POS_BRUTTO")
    paid = sums(tables["datapayment.csv"], closing, "BASISWAEH_BETRAG")
    assert paid == sums(tables["payment.csv"], closing, "Z_ZAHLART_BETRAG")
    assert total == paid
    said = {closing(r): decimal(r["Z_SE_ZAHLUNGEN"]) for r in tables["cashpointclosing.csv"]}
    # A closing with nothing but training receipts has no payment.
    assert {k: v for k, v in said.items() if v} == {k: v for k, v in paid.items() if v}


def test_cash_of_a_closing_is_what_was_paid_in_cash(tables: dict[str, list[Row]]) -> None:
    in_cash = [r for r in tables["datapayment.csv"] if r["ZAHLART_TYP"] == "Bar"]
    cash = sums(in_cash, closing, "BASISWAEH_BETRAG")
    said = sums(tables["cash_per_currency.csv"], closing, "ZAHLART_BETRAG_WAEH")
    assert {k: v for k, v in said.items() if v} == {k: v for k, v in cash.items() if v}


def test_every_row_belongs_to_a_closing_and_every_line_to_a_receipt(
    tables: dict[str, list[Row]],
) -> None:
    closings = {closing(r) for r in tables["cashpointclosing.csv"]}
    receipts = {receipt(r) for r in tables["transactions.csv"]}
    assert len(receipts) == len(tables["transactions.csv"])
    for name, rows in tables.items():
        assert {closing(r) for r in rows} <= closings, name
        if rows and "BON_ID" in rows[0]:
            assert {receipt(r) for r in rows} <= receipts, name


def test_a_cancellation_takes_back_one_receipt(tables: dict[str, list[Row]]) -> None:
    heads = {receipt(r): r for r in tables["transactions.csv"]}
    references = tables["references.csv"]
    cancelled = [r for r in tables["transactions.csv"] if r["BON_STORNO"] == "1"]
    assert len(references) == len(cancelled) > 0
    for row in references:
        taken_back = heads[
            row["REF_Z_KASSE_ID"], row["REF_DATUM"], row["REF_Z_NR"], row["REF_BON_ID"]
        ]
        assert decimal(heads[receipt(row)]["UMS_BRUTTO"]) == -decimal(taken_back["UMS_BRUTTO"]) < 0


def test_what_makes_tills_hard_is_there(tables: dict[str, list[Row]]) -> None:
    types = {r["BON_TYP"] for r in tables["transactions.csv"]}
    assert types == {"Beleg", "AVTraining", "AVBelegabbruch", "AVBestellung"}
    cases = {r["GV_TYP"] for r in tables["lines.csv"]}
    assert cases == {"Umsatz", "Rabatt", "Pfand", "PfandRueckzahlung", "TrinkgeldAN", "Geldtransit"}
    assert any(r["P_STORNO"] == "1" for r in tables["lines.csv"])
    assert any(len(r) > 6 and r[-6] in "+-" for r in column(tables, "BON_START"))
    assert any(len(r) == len("2026-01-01T10:00:00") for r in column(tables, "BON_START"))
    assert any("." in r for r in column(tables, "BON_NR"))
    assert any('"' in r["ARTIKELTEXT"] or ";" in r["ARTIKELTEXT"] for r in tables["lines.csv"])


def column(tables: dict[str, list[Row]], name: str) -> Iterator[str]:
    return (row[name] for row in tables["transactions.csv"])


def test_personal_fields_are_filled_so_that_the_door_has_something_to_drop(
    tables: dict[str, list[Row]],
) -> None:
    heads = tables["transactions.csv"]
    assert all(r["BEDIENER_NAME"] for r in heads)
    assert any(r["KUNDE_NAME"] for r in heads)
    assert tables["allocation_groups.csv"]
    assert all(len(r["TSE_TA_SIG"]) == 128 for r in tables["transactions_tse.csv"])


def test_food_in_the_house_moves_to_the_reduced_rate_in_2026(tables: dict[str, list[Row]]) -> None:
    keys = {(*receipt(r), r["POS_ZEILE"]): r["UST_SCHLUESSEL"] for r in tables["lines_vat.csv"]}
    found: dict[str, set[str]] = defaultdict(set)
    for row in tables["lines.csv"]:
        if row["INHAUS"] == "1" and row["ARTIKELTEXT"] == "Pasta des Tages":
            found[row["Z_ERSTELLUNG"][:4]].add(keys[*receipt(row), row["POS_ZEILE"]])
    assert found == {"2025": {"1"}, "2026": {"2"}}


def test_a_small_business_shows_no_tax(tables: dict[str, list[Row]], town: SmallTown) -> None:
    till = next(d["till"] for d in town.truth["deliveries"] if "MK-2033" in d["path"])
    mine = [r for r in tables["lines_vat.csv"] if r["Z_KASSE_ID"] == till]
    assert {r["UST_SCHLUESSEL"] for r in mine} <= {"5", "6"}
    assert mine
    assert all(decimal(r["POS_UST"]) == 0 for r in mine)
