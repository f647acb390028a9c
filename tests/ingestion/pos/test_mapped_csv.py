# SPDX-License-Identifier: Apache-2.0
"""Receipts from any CSV: the mapping, what is worked out, and what is refused."""

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow.compute as pc
import pytest

from foundation.contracts import Contract
from foundation.errors import BadDelivery
from foundation.settings import PROJECT_ROOT
from ingestion.pos.mapped_csv import ADAPTER
from tests.ingestion.pos.samples import CANARY, CSV_HEADER, CSV_LINES, shipped, till_csv

CONTRACT = shipped("pos_csv")
RETAIL = PROJECT_ROOT.parent / "shared/data/retail/online_retail_germany.csv"
RETAIL_COLUMNS = {
    "receipt_id": "InvoiceNo",
    "till_id": "(berechnet)",
    "sold_at": "InvoiceDate",
    "article": "StockCode",
    "description": "Description",
    "quantity": "Quantity",
    "unit_price": "UnitPrice",
    "line_total": "(berechnet)",
    "vat_rate": "(berechnet)",
}
RETAIL_OPTIONS = {
    "delimiter": ",",
    "encoding": "utf-8",
    "decimalSeparator": ".",
    "groupingSeparator": "",
    "dateFormat": "%m/%d/%Y %H:%M",
    "timezone": "Europe/London",
    "cancellationColumn": None,
    "cancellationPrefix": "C",
    "serviceArticles": ["POST"],
    "tillConstant": "UK-1",
}


def mapped(columns: Mapping[str, str], options: Mapping[str, Any]) -> Contract:
    """The shipped contract with other columns and options, as a steward would write it."""
    obj = CONTRACT.objects[0]
    fields = tuple(dataclasses.replace(f, source=columns.get(f.name, f.source)) for f in obj.fields)
    return dataclasses.replace(
        CONTRACT,
        objects=(dataclasses.replace(obj, fields=fields),),
        options={**CONTRACT.options, **options},
    )


def refused(data: bytes, contract: Contract = CONTRACT) -> list[tuple[str, int | None, str | None]]:
    """(rule, row, field) of the findings that a file is refused with."""
    with pytest.raises(BadDelivery, match="Kasse.csv") as caught:
        ADAPTER.parse("Kasse.csv", data, contract)
    return [(f.rule, f.row, f.field) for f in caught.value.findings]


def test_the_shipped_mapping_reads_a_german_till() -> None:
    table = ADAPTER.parse("Kasse.csv", till_csv(), CONTRACT).tables["pos_csv_lines"]
    assert table["description"].to_pylist() == ["Käse", "Brötchen", "Brötchen"]
    assert table["is_cancellation"].to_pylist() == ["0", "0", "1"]
    assert table["is_service"].to_pylist() == ["0", "0", "0"]
    assert table["_row_number"].to_pylist() == [2, 3, 4]


def test_columns_that_the_contract_does_not_name_are_not_read() -> None:
    table = ADAPTER.parse("Kasse.csv", till_csv(), CONTRACT).tables["pos_csv_lines"]
    assert CANARY not in str(table.to_pylist())


def test_the_period_is_local() -> None:
    assert ADAPTER.period("Kasse.csv", till_csv(), CONTRACT) == (date(2026, 9, 5),) * 2


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ("datei_leer", None, None)),
        (till_csv(header=CSV_HEADER)[: len(CSV_HEADER) + 2], ("datei_leer", 2, None)),
        (till_csv(header=CSV_HEADER.replace("Menge", "Anzahl")), ("spalte_fehlt", 1, "Menge")),
        (till_csv(header=CSV_HEADER.replace("Summe", "Menge")), ("spalte_doppelt", 1, "Menge")),
        (till_csv()[:-40], ("zeile_abgeschnitten", 4, None)),
        (till_csv(CSV_LINES[0] + ";zu;viel"), ("zeile_zu_lang", 2, None)),
        (till_csv(CSV_LINES[0].replace("Käse", '"Käse')), ("zeile_abgeschnitten", 2, None)),
        (till_csv().decode("cp1252").encode("utf-8"), ("zeichensatz", None, None)),
        (till_csv().decode("cp1252").encode("utf-16"), ("zeichensatz", 1, None)),
        (till_csv().replace(b"K\xe4se", b"K\x81se"), ("zeichensatz", 2, None)),
    ],
    ids=[
        "empty",
        "header only",
        "missing column",
        "doubled column",
        "truncated",
        "too long",
        "open quote",
        "utf-8 as cp1252",
        "utf-16",
        "undefined byte",
    ],
)
def test_a_bad_file_names_its_fault(
    data: bytes, expected: tuple[str, int | None, str | None]
) -> None:
    assert expected in refused(data)


def test_blank_lines_are_skipped_and_rows_keep_their_numbers() -> None:
    table = ADAPTER.parse("Kasse.csv", till_csv(CSV_LINES[0], "", CSV_LINES[1]), CONTRACT)
    assert table.tables["pos_csv_lines"]["_row_number"].to_pylist() == [2, 4]


def test_a_missing_line_total_is_quantity_times_price_half_up() -> None:
    contract = mapped({"line_total": "(berechnet)"}, {})
    lines = (
        f"1;05.09.2026 09:30;K;A;x;3;1.000,005;;7;N;{CANARY}",
        f"1;05.09.2026 09:30;K;A;x;-1;0,125;;7;J;{CANARY}",
        f"1;05.09.2026 09:30;K;A;x;viel;0,125;;7;J;{CANARY}",
    )
    table = ADAPTER.parse("Kasse.csv", till_csv(*lines), contract).tables["pos_csv_lines"]
    assert table["line_total"].to_pylist() == ["3000,02", "-0,13", None]


@pytest.mark.skipif(not RETAIL.exists(), reason="../shared/data is absent")
def test_real_receipts_load_by_mapping_alone() -> None:
    contract = mapped(RETAIL_COLUMNS, RETAIL_OPTIONS)
    data = RETAIL.read_bytes()
    table = ADAPTER.parse("Kasse.csv", data, contract).tables["pos_csv_lines"]
    assert len(table) == 9_495
    assert pc.sum(pc.equal(table["is_cancellation"], "1")).as_py() == 453
    assert pc.sum(pc.equal(table["is_service"], "1")).as_py() == 383
    assert table["line_total"].null_count == 0
    assert ADAPTER.period("Kasse.csv", data, contract) == (date(2010, 12, 1), date(2011, 12, 9))
