# SPDX-License-Identifier: Apache-2.0
"""The year's money: ledger, papers, printed sums and e-invoices agree to the cent."""

import hashlib
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from foundation import formats, ledger
from tests.end_to_end.town import SAMPLE, Town, money

YEAR: dict[str, Any] = yaml.safe_load((SAMPLE / "fiscal_years/2025-26.yaml").read_text("utf-8"))
ZERO = Decimal(0)


@lru_cache(maxsize=600)
def printed(path: Path) -> str:
    """The text of a PDF, blanks as in the source."""
    from pypdf import PdfReader

    pages = (page.extract_text() for page in PdfReader(path).pages)
    return "\n".join(pages).replace("\u00a0", " ")


def euro(amount: Decimal) -> str:
    """An amount as the papers print it."""
    return formats.eur(amount).replace("\u00a0", " ")


def papers(town: Town) -> dict[str, Path]:
    """Every paper by its number."""
    return {path.stem: path for path in town.settings.statements_dir.rglob("*.pdf")}


def _part_of_the_year(net: Decimal, first: date, last: date) -> Decimal:
    """What of an invoice belongs to the fiscal year, by days of service."""
    days = min(last, YEAR["last_day"]) - max(first, YEAR["first_day"])
    share = Decimal(max(days.days + 1, 0)) / ((last - first).days + 1)
    return (net * share).quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_pots_of_the_surplus_add_up_to_income_less_costs(town: Town) -> None:
    pots = dict(town.rows("SELECT pot, amount_eur FROM ledger.pot WHERE counts_in_surplus"))
    fee = town.rows("SELECT amount_eur FROM ledger.pot WHERE pot = 'datenverguetung'")[0][0]
    invoices = town.rows(
        "SELECT net_eur, service_from_date, service_to_date FROM core.fct_product_sale"
    )
    sales = sum((_part_of_the_year(*invoice) for invoice in invoices), ZERO)
    income = sales + sum(money(i["amount_eur"]) for i in YEAR["other_income"])
    income += sum(money(i["amount_eur"]) for i in YEAR["side_business"])
    costs = sum(money(c["amount_eur"]) for c in YEAR["costs"]) + money(YEAR["income_tax_eur"])
    assert sum(pots.values()) == income - costs - fee


def test_debit_is_credit_in_every_entry(town: Town) -> None:
    entries = town.rows(
        "SELECT entry_number, sum(debit_eur), sum(credit_eur) FROM ledger.posting GROUP BY 1"
    )
    assert len(entries) > 100
    assert [e for e in entries if e[1] != e[2]] == []


def test_each_pot_is_the_sum_of_its_allocations(town: Town) -> None:
    pots = dict(town.rows("SELECT pot, amount_eur FROM ledger.pot"))
    shares = dict(town.rows("SELECT pot, sum(net_eur) FROM ledger.allocation GROUP BY 1"))
    assert shares == {pot: pots[pot] for pot in shares}
    assert set(shares) == {"datenverguetung", "rueckverguetung_lieferung", "rueckverguetung_bezug"}


def test_liabilities_booked_are_the_gross_amounts_allocated(town: Town) -> None:
    account = YEAR["accounts"]["verbindlichkeiten_mitglieder"]["number"]
    booked = town.rows(
        "SELECT member_id, pot, sum(credit_eur - debit_eur) FROM ledger.posting "
        "WHERE account = ? GROUP BY ALL",
        [account],
    )
    allocated = town.rows(
        "SELECT member_id, pot, sum(gross_eur) FROM ledger.allocation GROUP BY ALL"
    )
    assert {r[:2]: r[2] for r in booked} == {r[:2]: r[2] for r in allocated}


def test_papers_say_what_the_ledger_allocates(town: Town) -> None:
    columns = "member_id, pot, period_from, net_eur, vat_eur, gross_eur"
    in_ledger = town.rows(f"SELECT {columns} FROM ledger.allocation ORDER BY ALL")
    on_paper = town.rows(f"SELECT {columns} FROM papers.statement_position ORDER BY ALL")
    assert on_paper == in_ledger


def test_every_statement_is_the_sum_of_its_positions(town: Town) -> None:
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO, ZERO])
    for member, *amounts in town.rows(
        "SELECT member_id, net_eur, vat_eur, gross_eur FROM papers.statement_position"
    ):
        sums[member] = [a + b for a, b in zip(sums[member], amounts, strict=True)]
    for member, *amounts in town.rows(
        "SELECT member_id, net_eur, vat_eur, gross_eur FROM papers.statement"
    ):
        assert amounts == sums[member]


def test_the_refund_is_one_percentage_for_all(town: Town) -> None:
    rows = town.rows(
        "SELECT basis_eur, refund_percent, net_eur FROM ledger.allocation "
        "WHERE starts_with(pot, 'rueckverguetung')"
    )
    assert {percent for _, percent, _ in rows} == {Decimal(YEAR["refund"]["percent"])}
    for basis, percent, net in rows:
        assert abs(net - basis * percent / 100) < Decimal("0.01")


def test_every_member_has_a_statement_but_those_without_self_billing(town: Town) -> None:
    folders = {p.name for p in (town.settings.statements_dir / "2025-26").iterdir()}
    without = set(town.truth["members"]["without_self_billing"])
    assert without & folders == set()
    assert len(folders) + len(without) == town.truth["members"]["members"]
    problems = town.reports["statements"].problems
    assert {p.member_number for p in problems} == without
    assert all("gutschrift_vereinbart_am" in p.sentence for p in problems)


def test_printed_totals_are_those_of_the_tables(town: Town) -> None:
    found = papers(town)
    statements = town.rows("SELECT statement_number, member_id, vat_status FROM papers.statement")
    refused = {town.pseudonym("member", m) for m in town.truth["members"]["without_self_billing"]}
    checked = 0
    for number, member, vat_status in statements[::4]:
        if member in refused:
            continue
        text = printed(found[number])
        rows = town.rows(
            "SELECT pot, net_eur, gross_eur FROM papers.statement_position WHERE member_id = ?",
            [member],
        )
        # Refunds on purchases are gross for who cannot deduct the cooperative's tax.
        for _, net, gross in rows:
            shown = {euro(net), euro(gross)}
            assert any(amount in text for amount in shown), (number, shown)
        if vat_status == "regulaer" and rows:
            assert euro(sum((gross for _, _, gross in rows), ZERO)) in text
        checked += 1
    assert checked > 25


def test_every_gutschrift_prints_its_gross_amount(town: Town) -> None:
    found = papers(town)
    rows = town.rows(
        "SELECT invoice_number, gross_eur FROM papers.statement_position "
        "WHERE pot = 'datenverguetung' ORDER BY 1"
    )
    shown = [(n, gross) for n, gross in rows if n in found]
    assert len(shown) > 250
    for number, gross in shown[::6]:
        assert euro(gross) in printed(found[number])


def test_e_invoices_in_the_papers_are_the_ledger_to_the_cent(town: Town) -> None:
    from facturx import get_xml_from_pdf
    from lxml import etree

    amounts = {
        row[0]: row[1:]
        for row in town.rows(
            "SELECT invoice_number, sum(net_eur), sum(vat_eur), sum(gross_eur) "
            "FROM papers.statement_position WHERE document_kind = 'gutschrift' GROUP BY 1"
        )
    }
    names = ("TaxBasisTotalAmount", "TaxTotalAmount", "GrandTotalAmount")
    checked = 0
    with_xml = town.rows(
        "SELECT invoice_number FROM ledger.issued_paper WHERE xml_sha256 IS NOT NULL"
    )
    found = papers(town)
    assert len(with_xml) > 250
    for (number,) in with_xml[::6]:
        _, xml = get_xml_from_pdf(found[number].read_bytes(), check_xsd=False)
        tree = etree.fromstring(xml)
        read = [tree.xpath(f"string(//*[local-name()='{name}'])") for name in names]
        invoice = tree.xpath("string(//*[local-name()='ExchangedDocument']/*[local-name()='ID'])")
        assert tuple(Decimal(v) for v in read) == amounts[invoice]
        checked += 1
    assert checked > 40


def test_booked_papers_are_the_files_in_folder_and_archive(town: Town) -> None:
    booked = dict(town.rows("SELECT invoice_number, pdf_sha256 FROM ledger.issued_paper"))
    archive = {path.stem: path for path in Path(town.settings.archive).rglob("*.pdf")}
    assert set(booked) == set(papers(town)) == set(archive)
    for number, path in papers(town).items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == booked[number]
        assert archive[number].read_bytes() == path.read_bytes()


def test_a_citizen_gets_an_abrechnung_without_e_invoice(town: Town) -> None:
    number = town.plant("citizen")["member_no"]
    (path,) = (town.settings.statements_dir / "2025-26" / number).glob("*.pdf")
    assert "ohne Umsatzsteuer" in printed(path)
    found = town.rows(
        "SELECT xml_sha256 FROM ledger.issued_paper WHERE invoice_number = ?", [path.stem]
    )
    assert found == [(None,)]


def test_the_late_delivery_costs_points_for_timeliness(town: Town) -> None:
    plant = town.plant("late_delivery")
    found = town.rows(
        "SELECT sum(deliveries - on_time_deliveries)::BIGINT FROM marts.fct_data_contribution "
        "WHERE member_id = ?",
        [town.pseudonym("member", plant["member_no"])],
    )
    assert found[0][0] >= 1


def test_no_paper_of_a_resolved_year_is_a_draft(town: Town) -> None:
    assert town.rows("SELECT count(*) FROM papers.statement WHERE is_draft") == [(0,)]
    assert not any(i.is_draft for i in town.reports["statements"].issued)


def test_the_chain_of_every_book_is_whole(town: Town) -> None:
    counts = ledger.verify_chain(town.lake)
    assert all(counts[book] > 0 for book in ("consent", "revenue", "allocation", "posting", "pot"))
    assert all(counts[book] > 0 for book in ("decision", "cost", "approval", "usage"))


def test_a_changed_booking_breaks_the_chain(town: Town) -> None:
    from foundation.errors import LedgerError
    from foundation.lakehouse import engine

    with engine() as con:
        con.execute("ATTACH ':memory:' AS lake")
        con.execute("CREATE SCHEMA lake.ledger")
        con.register("rows", town.lake.execute("SELECT * FROM ledger.pot").to_arrow_table())
        con.execute("CREATE TABLE lake.ledger.pot AS SELECT * FROM rows")
        assert ledger.verify_chain(con, ["pot"])["pot"] > 0
        con.execute("UPDATE lake.ledger.pot SET amount_eur = amount_eur + 0.01 WHERE sequence = 3")
        with pytest.raises(LedgerError, match="Zeile 3: die Kette der Prüfsummen ist gebrochen"):
            ledger.verify_chain(con, ["pot"])
