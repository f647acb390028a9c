# SPDX-License-Identifier: Apache-2.0
"""`ortskern woher` leads from a printed code back to definition, sources and approval."""

import json
import re
import shutil
from pathlib import Path

import pytest

from analysis.distribution.papers import figure_code
from foundation import ledger
from orchestration.figures import shown
from orchestration.house import House
from reports.exports import export_release
from tests.orchestration.conftest import Run

VACANT, HIDDEN, PAPER, POT = "W-AAAAAAAAA2", "W-AAAAAAAAA3", "W-AAAAAAAAA4", "W-AAAAAAAAA5"
# The value, then what it means in German, then the name of its column
SHARE = r"Anteil der leerstehenden an allen Ladenlokalen .*\(vacancy_share\)"
MEMBER, NEIGHBOUR = "c" * 32, "d" * 32


@pytest.fixture
def published(house: House) -> House:
    """A lake with two released figures and their provenance."""
    with house.lakehouse.writer() as con:
        con.execute(
            f"""INSERT INTO lake.release.vacancy VALUES
            ('ALT', DATE '2026-09-01', 40, 6, 0.15, 'veröffentlicht', NULL, '{VACANT}'),
            ('NOR', DATE '2026-09-01', NULL, NULL, NULL, 'unterdrückt', 'zu wenige Inhaber', '{HIDDEN}')"""
        )
        con.execute(
            """INSERT INTO lake.release.provenance VALUES ('vacancy', 'W-', 'Leerstand je Quartier',
            repeat('a', 64), repeat('b', 64), 'Vorstand', DATE '2026-11-10', 'Protokoll 1, TOP 4',
            'marts.ind_vacancy', '{"vacancy_register": "1.0.0"}', 13, 42, 'abc123')"""
        )
    return house


@pytest.fixture
def billed(house: House) -> House:
    """A lake with two members' positions, one of them booked."""
    terms = {
        "surplus_code": "W-AAAAAAAAA6",
        "surplus_eur": "100.00",
        "pots": [{"pot": "x", "title": "Sozialfonds", "amount_eur": "12.34", "figure_code": POT}],
    }
    with house.lakehouse.writer() as con:
        for member, code, net in ((MEMBER, PAPER, "57.00"), (NEIGHBOUR, "W-BBBBBBBBB2", "99.00")):
            con.execute(
                f"""INSERT INTO lake.papers.statement_position
                (fiscal_year, member_id, position, pot, period_from, description, net_eur,
                is_draft, figure_code)
                VALUES ('2025-26', '{member}', 1, 'datenverguetung', DATE '2025-10-01',
                'Datenvergütung Q1', {net}, false, '{code}')"""
            )
        con.execute(
            "INSERT INTO lake.papers.statement (member_id, fiscal_year, terms_json, figure_code) "
            "VALUES (?, '2025-26', ?, 'W-CCCCCCCCC2')",
            [MEMBER, json.dumps(terms)],
        )
        booking = {
            "fiscal_year": "2025-26",
            "member_id": MEMBER,
            "pot": "datenverguetung",
            "period_from": house.today.replace(2025, 10, 1),
            "description": "Datenvergütung Q1",
            "net_eur": "57.00",
        }
        ledger.append(con, "allocation", [booking], as_of=house.as_of)
    return house


def test_a_figure_is_told_with_value_and_dimensions(ortskern: Run, published: House) -> None:
    result = ortskern("woher", VACANT)
    assert result.exit_code == 0, result.output
    assert "Leerstand je Quartier (release.vacancy)" in result.output
    assert "  September 2026  Erster Tag des Monats (business_month)" in result.output
    assert re.search("  15,0\u00a0% +" + SHARE, result.output)
    assert "Stand             veröffentlicht" in result.output


def test_its_definition_is_told(ortskern: Run, published: House) -> None:
    output = ortskern("woher", VACANT).output
    assert "Wie viele Ladenlokale stehen leer, und wo?" in output
    assert "Eine Zeile je Quartier und Monat." in output


def test_its_origin_is_told(ortskern: Run, published: House) -> None:
    output = ortskern("woher", VACANT).output
    for words in (
        "marts.ind_vacancy",
        "vacancy_register 1.0.0",
        "Lieferungen       13",
        "Vorstand, 10.11.2026, Protokoll 1, TOP 4",
        "Snapshot          42",
        "abc123",
        "ortskern verify",
    ):
        assert words in output


def test_a_suppressed_figure_says_why_and_no_value(ortskern: Run, published: House) -> None:
    output = ortskern("woher", HIDDEN).output
    assert "unterdrückt, zum Schutz Einzelner" in output
    assert "zu wenige Inhaber" in output
    assert re.search("  – +" + SHARE, output)


def test_a_code_may_be_typed_in_small_letters(ortskern: Run, published: House) -> None:
    assert ortskern("woher", VACANT.lower()).exit_code == 0


def test_an_unknown_code_is_said_to_be_unknown(ortskern: Run, published: House) -> None:
    result = ortskern("woher", "W-ZZZZZZZZZZ")
    assert result.exit_code == 1
    assert "weder im Datenbestand noch in der letzten Ausgabe gefunden" in result.output


@pytest.mark.parametrize("code", ["Leerstand", "W-123", "W-AAAAAAAAA0", "X-AAAAAAAAA2"])
def test_what_cannot_be_a_code_is_refused(ortskern: Run, code: str) -> None:
    result = ortskern("woher", code)
    assert result.exit_code == 1
    assert f"Kennung „{code}“: erwartet „W-“ und zehn Zeichen" in result.output


def test_the_codes_of_papers_have_the_same_form(ortskern: Run, house: House) -> None:
    result = ortskern("woher", figure_code("papers.statement", "2025-26", MEMBER))
    assert "gefunden" in result.output
    assert "erwartet „W-“" not in result.output


def test_without_a_lake_the_newest_edition_answers(
    ortskern: Run, published: House, tmp_path: Path
) -> None:
    edition = published.settings.publications_dir / "2026-11-22"
    with published.lakehouse.connect(read_only=True) as con:
        export_release(con, ["vacancy", "provenance"], edition / "daten")
    (edition / "manifest.json").write_text("{}", "utf-8")
    shutil.rmtree(published.settings.home / "lake")
    output = ortskern("woher", VACANT).output
    assert re.search("  15,0\u00a0% +" + SHARE, output)
    assert "September 2026  Erster Tag des Monats (business_month)" in output
    assert "Vorstand, 10.11.2026, Protokoll 1, TOP 4" in output


def test_a_figure_of_a_paper_is_told_under_the_pseudonym(ortskern: Run, billed: House) -> None:
    output = ortskern("woher", PAPER).output
    assert MEMBER in output
    assert "57,00\u00a0€" in output


def test_a_long_value_leaves_the_others_their_column(ortskern: Run, billed: House) -> None:
    lines = ortskern("woher", PAPER).output.splitlines()
    at = lines.index(f"  {MEMBER}")
    assert lines[at + 1].endswith("  Pseudonym des Mitglieds (member_id)")
    assert lines[at + 1].startswith("   ")


def test_a_paper_shows_no_other_members_row(ortskern: Run, billed: House) -> None:
    output = ortskern("woher", PAPER).output
    assert NEIGHBOUR not in output
    assert "99,00" not in output


def test_a_booked_position_names_its_booking(ortskern: Run, billed: House) -> None:
    assert "Nr. 1 in ledger.allocation" in ortskern("woher", PAPER).output


def test_how_good_forecasts_were_is_told_with_its_sources(ortskern: Run, house: House) -> None:
    code = figure_code("papers.member_forecast", "e" * 32, "2026-11-21")
    with house.lakehouse.writer() as con:
        con.execute(
            """INSERT INTO lake.papers.member_forecast (member_id, day_count, hit_share, week_to_date,
            week_saved_eur, figure_code) VALUES (?, 620, 0.7581, DATE '2026-11-21', 1234.56, ?)""",
            [MEMBER, code],
        )
    output = ortskern("woher", code).output
    for value, name in (
        ("75,8\u00a0%", "hit_share"),
        ("1.234,56\u00a0€", "week_saved_eur"),
        (r"21\.11\.2026", "week_to_date"),
    ):
        assert re.search(rf"  {value} .*\b{name}\b", output)
    assert "marts.fct_backtest" in output
    assert "marts.fct_order_week" in output


def test_a_line_of_an_order_sheet_is_told(ortskern: Run, house: House) -> None:
    code = figure_code("order_line", "e" * 32, "01001")
    with house.lakehouse.writer() as con:
        con.execute(
            """INSERT INTO lake.papers.order_line (member_id, article_number, order_quantity, figure_code)
            VALUES (?, '01001', 24, ?)""",
            [MEMBER, code],
        )
    output = ortskern("woher", code).output
    assert re.search(r"  24 .*\border_quantity\b", output)
    assert "core.fct_production_day" in output


def test_a_pot_that_stands_on_every_paper_is_found(ortskern: Run, billed: House) -> None:
    output = ortskern("woher", POT).output
    assert "Verwendung des Überschusses: Sozialfonds" in output
    assert "12,34\u00a0€" in output
    assert MEMBER not in output


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("mean_basket_eur", "18.40", "18,40\u00a0€"),
        ("price_per_point_eur", "0.9512", "0,9512\u00a0€"),
        ("receipt_count", 12345, "12.345"),
        ("index_value", "61.25", "61,25"),
        ("quarter_id", "ALLE", "alle zusammen"),
        ("fiscal_year", "2025-26", "2025-26"),
        ("is_draft", True, "ja"),
        ("approved_on", "2026-11-10", "10.11.2026"),
        ("reason", None, "–"),
    ],
)
def test_values_read_german(name: str, value: object, expected: str) -> None:
    assert shown(name, value) == expected
