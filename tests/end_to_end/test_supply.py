# SPDX-License-Identifier: Apache-2.0
"""The planted truth of supply: true shares by quarter and month, each invoice once, what was refused."""

from decimal import Decimal

import pytest

from tests.end_to_end.town import Town

HIDDEN = "unterdrückt"


def _true_shares(town: Town) -> dict[tuple[str, str], float]:
    """Local part of purchases per quarter and month, the whole town as ALLE."""
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for cell in town.truth["supply"]["cells"]:
        for place in (cell["quarter_id"], "ALLE"):
            total = sums.setdefault((place, cell["business_month"]), [Decimal(0)] * 2)
            total[0] += Decimal(cell["local_net_eur"])
            total[1] += Decimal(cell["net_eur"])
    return {key: float(local / net) for key, (local, net) in sums.items()}


def test_every_published_share_is_the_planted_truth(town: Town) -> None:
    truth = _true_shares(town)
    found = {
        (row["quarter_id"], row["business_month"]): float(row["local_share"])
        for row in town.published("local_supply")
        if row["local_share"]
    }
    assert found == {key: pytest.approx(truth[key], abs=1e-6) for key in found}
    assert len(found) > 0.9 * len(truth)


def test_the_dominated_month_of_its_quarter_is_hidden(town: Town) -> None:
    month = f"{town.plant('supply_dominated')['month']}-01"
    status = {
        row["quarter_id"]: row["status"]
        for row in town.published("local_supply")
        if row["business_month"] == month
    }
    assert status["SUE"] == HIDDEN
    # Another one hides it, or the town's total would give it away.
    assert list(status.values()).count(HIDDEN) >= 2


def test_every_good_invoice_counts_once_with_all_its_lines(town: Town) -> None:
    truth = town.truth["supply"]
    found = "SELECT (SELECT count(*) FROM core.fct_supply_invoice), (SELECT count(*) FROM core.fct_supply_line)"
    assert town.rows(found) == [(truth["invoices"], truth["lines"])]


def test_lines_and_invoices_have_the_same_sum(town: Town) -> None:
    sums = "SELECT sum(net_eur) FROM core.fct_supply_"
    assert town.rows(f"{sums}line") == town.rows(f"{sums}invoice")


def test_an_invoice_that_came_twice_is_there_twice_in_raw_and_once_in_core(town: Town) -> None:
    (number,) = town.truth["supply"]["twice"]
    raw = "SELECT count(*) FROM raw.einvoice_invoices WHERE invoice_number = ?"
    core = "SELECT count(*) FROM staging.stg_einvoices__invoices WHERE invoice_number = ?"
    assert (town.rows(raw, [number]), town.rows(core, [number])) == ([(2,)], [(1,)])


def test_a_suppliers_credit_note_counts_down_and_a_buyers_gutschrift_does_not(town: Town) -> None:
    kinds = town.rows(
        "SELECT document_type, min(net_eur) > 0, max(net_eur) < 0 FROM core.fct_supply_invoice "
        "WHERE document_type <> '380' GROUP BY ALL ORDER BY ALL"
    )
    assert kinds == [("381", False, True), ("389", True, False)]


def test_refused_invoices_are_named_with_their_file(town: Town) -> None:
    bad = [b for b in town.truth["bad_files"] if b["contract_id"] == "einvoices"]
    assert len(bad) == 3
    named = {f"einvoices/{name}" for (name,) in town.rows(
        "SELECT DISTINCT file_name FROM landing.quarantine WHERE contract_id = 'einvoices'"
    )}  # fmt: skip
    for b in bad:
        assert any(name.startswith(b["path"]) for name in named), b["path"]


def test_the_index_has_the_share_wherever_it_is_published(town: Town) -> None:
    without = town.rows(
        "SELECT c.quarter_id, c.business_month FROM release.vitality_component c "
        "LEFT JOIN release.local_supply s USING (quarter_id, business_month) "
        "WHERE c.component = 'local_supply' AND c.value IS DISTINCT FROM s.local_share"
    )
    assert without == []
