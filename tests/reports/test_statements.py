# SPDX-License-Identifier: Apache-2.0
"""Each member gets a lawful, readable paper, always the same bytes, and errors stop one alone."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from foundation import formats
from foundation.errors import OrtskernError
from reports.statements.render import Issued, RenderResult, render_statements
from tests.analysis import distribution_town as town
from tests.reports import statements_town as papers

MIGRATION = (
    Path(__file__).parents[2] / "foundation" / "migrations" / "papers" / "0001_statement.sql"
)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> RenderResult:
    """The small town's papers."""
    return papers.render(tmp_path_factory.mktemp("papers"))


def paper(result: RenderResult, number: str) -> Issued:
    """The issued paper with this number."""
    return next(issued for issued in result.issued if issued.number == number)


def test_every_member_gets_one_yearly_statement(result: RenderResult) -> None:
    yearly = [issued for issued in result.issued if issued.kind == "jahresabrechnung"]
    assert [issued.member_number for issued in yearly] == [f"M-{n:04d}" for n in range(1, 6)]
    assert result.problems == []


def test_every_quarter_has_its_own_gutschrift(result: RenderResult) -> None:
    of_baker = [i for i in result.issued if i.member_number == "M-0001" and i.kind == "gutschrift"]
    assert [i.issued_on.month for i in of_baker] == [1, 4, 7, 10]


@pytest.mark.parametrize(
    "words",
    [
        "JA-2025-26-0001",
        "2025/26",
        "Gutschrift GS-2025-26-RV-0001",
        "vereinbart am 24.01.2023",
        "Leistungszeitraum 01.10.2025 bis 30.09.2026",
        "Leistender: Bäckerei Hölscher GmbH, Am Alten Markt 4, 48999 Musterstadt",
        "Ortskern Musterstadt Datengenossenschaft eG",
        "DE299968542",
        "19 %",
        "Generalversammlung vom 14.11.2026 (Protokoll 2/2026, TOP 5)",
        "Widerspruch bis 22.12.2026",
        "post@ortskern-musterstadt.example",
        "Kontoinhaber Bäckerei Hölscher GmbH",
        "DE•• •••• •••• •••• ••00 01",
        "Ende-zu-Ende-Referenz GS-2025-26-RV-0001",
        "Hannah Terbrüggen",
        "+49 221 4710 417",
    ],
)
def test_statement_of_an_entrepreneur_carries(result: RenderResult, words: str) -> None:
    assert words in papers.text(paper(result, "JA-2025-26-0001").path)


def test_whole_iban_is_on_no_paper(result: RenderResult) -> None:
    for issued in result.issued:
        assert "DE27400605600000100001" not in papers.text(issued.path).replace(" ", "")


def test_every_figure_of_a_quarter_has_its_code(result: RenderResult) -> None:
    _, positions = papers.frames()
    printed = papers.text(paper(result, "JA-2025-26-0001").path)
    own = positions[positions.member_id == papers.member_id(1)]
    assert all(code in printed for code in own.figure_code)


def test_printed_amounts_are_the_positions_to_the_cent(result: RenderResult) -> None:
    _, positions = papers.frames()
    for row in positions[positions.pot == "datenverguetung"].to_dict("records"):
        printed = papers.text(paper(result, row["invoice_number"]).path).replace("\u00a0", " ")
        assert formats.eur(row["gross_eur"]).replace("\u00a0", " ") in printed


def test_small_business_sees_the_note_and_no_tax(result: RenderResult) -> None:
    for number in ("JA-2025-26-0002", "GS-2025-26-Q1-0002"):
        printed = papers.text(paper(result, number).path)
        assert "Kleinunternehmer nach § 19 UStG" in printed
        assert "USt-Satz" not in printed
        assert "brutto" not in printed


def test_citizen_gets_an_abrechnung_without_tax_and_without_xml(result: RenderResult) -> None:
    for number in ("JA-2025-26-0003", "JA-2025-26-0004"):
        issued = paper(result, number)
        printed = papers.text(issued.path)
        assert "Abrechnung ohne Umsatzsteuer" in printed
        assert "§ 22 Nr. 3 EStG" in printed
        assert "Gutschrift" not in printed
        assert issued.xml_sha256 is None
        assert papers.xml_of(issued.path) is None


def test_papers_have_at_most_two_pages_and_the_citizens_one(result: RenderResult) -> None:
    from pypdf import PdfReader

    pages = {issued.number: len(PdfReader(issued.path).pages) for issued in result.issued}
    assert max(pages.values()) == 2
    assert pages["JA-2025-26-0003"] == pages["JA-2025-26-0004"] == 1
    assert {n for number, n in pages.items() if number.startswith("GS")} == {1}


def test_papers_are_tagged_pdf_a_3b_in_german_with_a_title(result: RenderResult) -> None:
    from pypdf import PdfReader

    reader = PdfReader(paper(result, "JA-2025-26-0001").path)
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"].startswith("de")
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Jahresabrechnung 2025/26 JA-2025-26-0001"
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata


def test_all_fonts_are_embedded(result: RenderResult) -> None:
    from pypdf import PdfReader

    for page in PdfReader(paper(result, "JA-2025-26-0001").path).pages:
        fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]
        for font in fonts.values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"].get_object()
            assert "/FontFile3" in descriptor or "/FontFile2" in descriptor


def test_same_inputs_give_the_same_bytes(result: RenderResult, tmp_path: Path) -> None:
    again = papers.render(tmp_path)
    assert [issued.sha256 for issued in again.issued] == [i.sha256 for i in result.issued]


def test_papers_read_from_tables_are_the_same_bytes(result: RenderResult, tmp_path: Path) -> None:
    import duckdb
    import pyarrow as pa

    con = duckdb.connect()
    con.execute("ATTACH ':memory:' AS lake; CREATE SCHEMA lake.papers")
    con.execute(MIGRATION.read_text(encoding="utf-8"))
    read = []
    for table, frame in zip(("statement", "statement_position"), papers.frames(), strict=True):
        con.register("arrived", pa.Table.from_pandas(frame, preserve_index=False))
        con.execute(f"INSERT INTO lake.papers.{table} BY NAME SELECT * FROM arrived")
        read.append(con.table(f"lake.papers.{table}").to_arrow_table().to_pandas())
    again = render_statements(
        *read,
        papers.identities(),
        papers.cooperative(),
        out_dir=tmp_path,
        issued_on=papers.ISSUED_ON,
    )
    assert [i.sha256 for i in again.issued] == [i.sha256 for i in result.issued]


def test_second_run_writes_nothing(tmp_path: Path) -> None:
    first = papers.render(tmp_path)
    second = papers.render(tmp_path)
    assert not any(issued.was_written for issued in second.issued)
    assert [i.sha256 for i in second.issued] == [i.sha256 for i in first.issued]


@pytest.mark.parametrize("missing", ["adopted", "resolution"])
def test_without_resolution_every_paper_is_a_draft(missing: str, tmp_path: Path) -> None:
    content = town.year_content()
    (content if missing == "adopted" else content["refund"])[missing] = None
    terms = town.terms_with(adopted=content["adopted"], refund=content["refund"])
    for issued in papers.render(tmp_path, terms).issued:
        printed = papers.text(issued.path)
        assert "Entwurf" in printed
        assert "ENTWURF" in printed
        assert papers.xml_of(issued.path) is None


def test_issued_paper_keeps_its_date_on_a_later_day(tmp_path: Path) -> None:
    papers.render(tmp_path)
    statements, positions = papers.frames()
    later = render_statements(
        statements,
        positions,
        papers.identities(),
        papers.cooperative(),
        out_dir=tmp_path,
        issued_on=dt.date(2027, 1, 4),
    )
    assert not any(issued.was_written for issued in later.issued)
    assert {i.issued_on for i in later.issued if i.kind == "jahresabrechnung"} == {papers.ISSUED_ON}


def test_draft_becomes_final_and_then_stays(tmp_path: Path) -> None:
    draft = papers.render(tmp_path, town.terms_with(adopted=None))
    final = papers.render(tmp_path)
    assert all(issued.was_written for issued in final.issued)
    assert {i.path for i in draft.issued} == {i.path for i in final.issued}
    refund = town.year_content()["refund"] | {"percent": "3.00"}
    changed = papers.render(tmp_path, town.terms_with(refund=refund))
    assert any("ausgestellte Belege bleiben" in problem.sentence for problem in changed.problems)
    kept = {issued.path: issued.sha256 for issued in final.issued}
    assert all(kept[issued.path] == issued.sha256 for issued in changed.issued)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"vat_id": None, "tax_number": None}, "Feld „ustid“: gefunden nichts"),
        ({"vat_id": "DE123456789"}, "Feld „ustid“: gefunden „DE123456789“"),
        ({"iban": "DE27400605600000100002"}, "eine gültige IBAN; IBAN vom Mitglied schriftlich"),
        ({"iban": None}, "Feld „iban“: gefunden nichts"),
        ({"account_holder": None}, "Feld „kontoinhaber“"),
        ({"self_billing_agreed_on": None}, "Vereinbarung über Gutschriften schließen"),
        ({"self_billing_agreed_on": dt.date(2026, 3, 1)}, "ein Tag vor der ersten Gutschrift"),
        ({"vat_status": "kleinunternehmer"}, "„kleinunternehmer“ im Register"),
        ({"street": ""}, "Anschrift in der Mitgliederliste ergänzen"),
    ],
)
def test_bad_master_data_stop_that_member_alone(
    changes: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    result = papers.render(tmp_path, people=papers.identities(**changes))
    assert [problem.member_number for problem in result.problems] == ["M-0005"]
    assert "Mitglied M-0005" in result.problems[0].sentence
    assert sentence in result.problems[0].sentence
    assert {issued.member_number for issued in result.issued} == {
        f"M-{number:04d}" for number in range(1, 5)
    }


def test_member_unknown_to_the_register_is_a_problem(tmp_path: Path) -> None:
    people = papers.identities()
    del people[papers.member_id(3)]
    result = papers.render(tmp_path, people=people)
    assert "Das Register kennt das Mitglied nicht" in result.problems[0].sentence


def test_papers_in_english_are_refused(tmp_path: Path) -> None:
    statements, positions = papers.frames()
    with pytest.raises(OrtskernError, match="werden auf Deutsch ausgestellt"):
        render_statements(
            statements,
            positions,
            papers.identities(),
            papers.cooperative(),
            out_dir=tmp_path,
            issued_on=papers.ISSUED_ON,
            language="en",
        )


def test_totals_of_issued_papers_are_those_of_the_tables(result: RenderResult) -> None:
    statements, _ = papers.frames()
    yearly = [issued for issued in result.issued if issued.kind == "jahresabrechnung"]
    assert sum((i.gross_eur for i in yearly), Decimal(0)) == statements.gross_eur.sum()


def test_iban_does_not_show_in_a_printed_identity() -> None:
    assert "DE27" not in repr(dataclasses.replace(papers.identity(1)))
