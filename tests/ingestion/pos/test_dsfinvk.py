# SPDX-License-Identifier: Apache-2.0
"""DSFinV-K archives: what is read, and what is refused with which sentence."""

import dataclasses
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from foundation.errors import BadDelivery
from ingestion import archives
from ingestion.pos.dsfinvk import ADAPTER
from tests.ingestion.pos.samples import CANARY, TABLES, Archive, closing, shipped, zipped

CONTRACT = shipped("pos_dsfinvk")


def refused(data: bytes) -> list[tuple[str, str, int | None, str | None]]:
    """(file, rule, row, field) of the findings that a delivery is refused with."""
    with pytest.raises(BadDelivery, match="Kasse.zip") as caught:
        ADAPTER.parse("Kasse.zip", data, CONTRACT)
    return [(f.file, f.rule, f.row, f.field) for f in caught.value.findings]


def without(archive: Archive, file: str, column: str) -> Archive:
    columns = dict(archive.columns)
    columns[file] = [c for c in columns[file] if c != column]
    return dataclasses.replace(archive, columns=columns)


@pytest.mark.parametrize(
    "pack",
    [
        lambda a: a.zip(),
        lambda a: a.zip(folder="Export 2026/"),
        lambda a: a.tar(),
        lambda a: a.tar("w:gz"),
    ],
    ids=["zip", "folder in zip", "tar", "tar.gz"],
)
def test_every_container_gives_the_same_tables(pack: Callable[[Archive], bytes]) -> None:
    tables = ADAPTER.parse("Kasse.zip", pack(closing()), CONTRACT).tables
    assert {name: len(t) for name, t in tables.items()} == {
        "pos_closings": 1,
        "pos_transactions": 3,
        "pos_transactions_vat": 3,
        "pos_lines": 6,
        "pos_lines_vat": 6,
        "pos_payments": 3,
        "pos_vat": 1,
    }


def test_values_stay_text_as_delivered_and_rows_are_numbered_from_the_header() -> None:
    lines = ADAPTER.parse("Kasse.zip", closing().zip(), CONTRACT).tables["pos_lines"]
    first = lines.slice(0, 1).to_pylist()[0]
    assert (first["stk_br"], first["artikeltext"], first["gtin"]) == ("1.234,50", "Brötchen", None)
    assert lines["_row_number"].to_pylist() == [2, 3, 4, 5, 6, 7]


def test_dropped_fields_are_never_read() -> None:
    tables = ADAPTER.parse("Kasse.zip", closing().zip(), CONTRACT).tables
    assert CANARY not in str([t.to_pylist() for t in tables.values()])


def test_the_period_is_the_booking_day_or_the_day_of_the_closing() -> None:
    archive = closing(day="2026-09-05")
    assert ADAPTER.period("Kasse.zip", archive.zip(), CONTRACT) == (date(2026, 9, 5),) * 2
    row = archive.files["cashpointclosing.csv"][0]
    row |= {"Z_BUCHUNGSTAG": "", "Z_ERSTELLUNG": "2026-09-05T22:30:00Z"}
    assert ADAPTER.period("Kasse.zip", archive.zip(), CONTRACT) == (date(2026, 9, 6),) * 2


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-10-25T02:30:00", "1"),
        ("2026-10-25T02:30:00+02:00", "0"),
        ("2026-10-25T03:30:00", "0"),
        ("2026-10-24T02:30:00", "0"),
    ],
)
def test_a_time_without_zone_in_the_doubled_hour_is_marked(start: str, expected: str) -> None:
    archive = closing()
    archive.files["transactions.csv"][1]["BON_START"] = start
    table = ADAPTER.parse("Kasse.zip", archive.zip(), CONTRACT).tables["pos_transactions"]
    assert table["bon_start_mehrdeutig"].to_pylist() == ["0", expected, "0"]


def test_a_column_of_the_maker_is_allowed_if_index_xml_declares_it() -> None:
    archive = closing()
    archive.columns["lines.csv"] = [*archive.columns["lines.csv"], "X_FARBE"]
    assert len(ADAPTER.parse("Kasse.zip", archive.zip(), CONTRACT).tables["pos_lines"]) == 6
    archive.index_columns["lines.csv"] = [c[0] for c in TABLES["lines.csv"]["columns"]]
    assert refused(archive.zip()) == [
        ("Kasse.zip/lines.csv", "spalte_nicht_erklaert", 1, "X_FARBE")
    ]


def test_other_decimal_symbols_are_read_as_declared() -> None:
    archive = dataclasses.replace(closing(), decimal=".", grouping=",")
    for rows in archive.files.values():
        for row in rows:
            for name in ("STK_BR", "MENGE", "UMS_BRUTTO"):
                if name in row:
                    row[name] = row[name].replace(".", "#").replace(",", ".").replace("#", ",")
    lines = ADAPTER.parse("Kasse.zip", archive.zip(), CONTRACT).tables["pos_lines"]
    assert lines["stk_br"].to_pylist()[:2] == ["1234,50", "2,00"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ("Kasse.zip", "datei_leer", None, None)),
        (b"Guten Tag", ("Kasse.zip", "kein_archiv", None, None)),
        (closing().zip()[:-400], ("Kasse.zip", "archiv_abgeschnitten", None, None)),
        (closing().tar("w:gz")[:-200], ("Kasse.zip", "archiv_beschaedigt", None, None)),
        (
            closing().zip(without=("lines.csv",)),
            ("Kasse.zip/lines.csv", "datei_fehlt", None, None),
        ),
        (
            closing().zip(without=("index.xml",)),
            ("Kasse.zip/index.xml", "datei_fehlt", None, None),
        ),
        (
            without(closing(), "lines.csv", "MENGE").zip(),
            ("Kasse.zip/lines.csv", "spalte_fehlt", 1, "MENGE"),
        ),
        (
            zipped(closing().members() | {"lines.csv": b""}),
            ("Kasse.zip/lines.csv", "datei_leer", None, None),
        ),
        (
            zipped(closing().members() | {"index.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}),
            ("Kasse.zip/index.xml", "index_unlesbar", None, None),
        ),
        (
            zipped(closing().members() | {"alt/lines.csv": b"x"}),
            ("Kasse.zip/lines.csv", "datei_doppelt", None, None),
        ),
        (
            dataclasses.replace(closing(), encoding="cp1252").zip(),
            ("Kasse.zip/lines.csv", "zeichensatz", 2, None),
        ),
    ],
    ids=[
        "empty",
        "no archive",
        "truncated zip",
        "truncated tar",
        "missing file",
        "missing index",
        "missing column",
        "empty file",
        "entities",
        "doubled file",
        "encoding",
    ],
)
def test_a_bad_delivery_names_its_fault(
    data: bytes, expected: tuple[str, str, int | None, str | None]
) -> None:
    assert expected in refused(data)


def test_a_damaged_byte_is_found() -> None:
    data = bytearray(closing().zip())
    place = data.index(b"lines.csv") + 60
    data[place] ^= 0xFF
    assert refused(bytes(data))[0][1] == "archiv_beschaedigt"


def test_a_truncated_line_is_named_by_its_row() -> None:
    members = closing().members()
    members["lines.csv"] = members["lines.csv"][:-30]
    assert refused(zipped(members)) == [("Kasse.zip/lines.csv", "zeile_abgeschnitten", 7, None)]


def test_faults_of_several_files_are_told_at_once() -> None:
    archive = without(without(closing(), "lines.csv", "MENGE"), "vat.csv", "UST_SATZ")
    assert {(f, field) for f, _, _, field in refused(archive.zip())} == {
        ("Kasse.zip/lines.csv", "MENGE"),
        ("Kasse.zip/vat.csv", "UST_SATZ"),
    }


def test_a_file_under_its_german_name_says_so() -> None:
    members = closing().members()
    members["Bonpos.csv"] = members.pop("lines.csv")
    with pytest.raises(BadDelivery, match=r"gefunden stattdessen Bonpos\.csv"):
        ADAPTER.parse("Kasse.zip", zipped(members), CONTRACT)


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = zipped(closing().members() | {"lines.csv": b"0" * (archives.RATIO_COUNTS_FROM + 1)})
    assert len(bomb) < 100_000
    assert refused(bomb) == [("Kasse.zip", "archiv_zu_gross", None, None)]


def test_the_archive_of_another_author_is_read(tmp_path: Path) -> None:
    from dsfinvk import models
    from dsfinvk.collection import Collection

    collection = Collection()
    for name, model in (
        ("cashpointclosing.csv", models.Stamm_Abschluss),
        ("transactions.csv", models.Bonkopf),
        ("transactions_vat.csv", models.Bonkopf_USt),
        ("lines.csv", models.Bonpos),
        ("lines_vat.csv", models.Bonpos_USt),
        ("datapayment.csv", models.Bonkopf_Zahlarten),
        ("vat.csv", models.Stamm_USt),
    ):
        for row in closing().files[name]:
            collection.add(model(**{k: _python(name, k, v) for k, v in row.items()}))
    (tmp_path / "index.xml").write_bytes(closing().members()["index.xml"])
    (tmp_path / "x.dtd").write_text("")
    collection.write(tmp_path / "Kasse.zip", tmp_path / "index.xml", tmp_path / "x.dtd")
    data = (tmp_path / "Kasse.zip").read_bytes()
    tables = ADAPTER.parse("Kasse.zip", data, CONTRACT).tables
    assert tables["pos_lines"]["stk_br"].to_pylist()[:2] == ["1.234,50000", "2,00000"]
    assert tables["pos_transactions"]["bon_nr"].to_pylist()[0] == "12.001"
    assert tables["pos_transactions"]["bon_start"].to_pylist()[0] == "2026-09-05T10:00:01"


def _python(file: str, column: str, text: str) -> object:
    """A value as that author's model takes it."""
    kinds = {c[0]: c[1] for c in TABLES[file]["columns"]}
    if kinds[column] == "n":
        return Decimal(text.replace(".", "").replace(",", "."))
    if column in {"Z_ERSTELLUNG", "BON_START", "BON_ENDE"}:
        return datetime.fromisoformat(text)
    if column in {"BON_STORNO", "P_STORNO"}:
        return text == "1"
    return text
