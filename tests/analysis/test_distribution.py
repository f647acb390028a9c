# SPDX-License-Identifier: Apache-2.0
"""One fiscal year is distributed by pots, equally, and to the cent."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.distribution import Terms, compute_data_fees, distribute_year, statement_frames
from analysis.distribution.data_fee import points_of
from analysis.distribution.refund import RefundShare, check_equal
from analysis.distribution.terms import parse_fiscal_year, parse_price_list
from foundation.errors import ConfigError, OrtskernError
from foundation.money import round_cents
from tests.analysis import distribution_town as town

ZERO = Decimal(0)
COUNTS = {
    "deliveries": 3,
    "on_time_deliveries": 2,
    "delivered_rows": 10000,
    "passed_rows": 9900,
    "receipt_lines": 9900,
}


def run(terms: Terms | None = None) -> Any:
    """The sample town, distributed."""
    delivered, sold, people = town.town()
    return distribute_year(delivered, sold, people, terms or town.sample_terms())


def test_baker_can_recompute_the_points_by_hand() -> None:
    points = points_of(town.sample_terms().price_list.points, 3, COUNTS)
    # 8 x 3; 4 x root(9900 / 100); 6 x 3 x 0.99; 4 x 3 x 2/3
    assert (points.base, points.volume) == (Decimal("24.00"), Decimal("39.80"))
    assert (points.quality, points.timeliness) == (Decimal("17.82"), Decimal("8.00"))
    assert points.total == Decimal("89.62")


def test_fee_is_points_times_price_in_each_of_four_quarters() -> None:
    delivered, _, people = town.town()
    terms = town.sample_terms()
    fees = compute_data_fees(delivered, terms.price_list, people, terms.year).fees
    baker = [fee for fee in fees if fee.member_id == f"{1:032x}"]
    assert [fee.quarter for fee in baker] == ["Q1", "Q2", "Q3", "Q4"]
    for fee in baker:
        assert fee.net_eur == round_cents(fee.points.total * Decimal("0.95"))


def test_month_outside_the_year_earns_nothing_in_it() -> None:
    delivered, _, people = town.town()
    late = delivered.assign(business_month=dt.date(2026, 10, 1))
    terms = town.sample_terms()
    assert compute_data_fees(late, terms.price_list, people, terms.year).fees == []


@given(
    st.sampled_from(["receipt_lines", "passed_rows", "on_time_deliveries"]),
    st.integers(0, 50),
    st.integers(0, 50),
)
def test_delivering_more_or_better_never_costs_points(field: str, one: int, other: int) -> None:
    rules = town.sample_terms().price_list.points
    base = {**COUNTS, "deliveries": 50, "delivered_rows": 50}
    low, high = sorted((one, other))
    assert (
        points_of(rules, 3, base | {field: low}).total
        <= points_of(rules, 3, base | {field: high}).total
    )


def test_price_list_agreed_in_the_year_is_refused() -> None:
    content = town.price_content() | {"agreed_on": dt.date(2025, 10, 1)}
    delivered, _, people = town.town()
    with pytest.raises(ConfigError, match="erwartet ein Tag vor Beginn des Geschäftsjahres"):
        compute_data_fees(delivered, parse_price_list(content), people, town.sample_terms().year)


@pytest.mark.parametrize("change", [{"basis": "ueberschuss"}, {"percent_of_surplus": "10"}])
def test_fee_derived_from_the_surplus_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="nicht aus dem Überschuss abgeleitet"):
        parse_price_list(town.price_content() | change)


def test_fee_is_owed_without_a_surplus() -> None:
    delivered, _, people = town.town()
    none_sold = pd.DataFrame([town.sale(1, "1.00")])
    refund = town.year_content()["refund"] | {"percent": "0.00"}
    year = distribute_year(delivered, none_sold, people, town.terms_with(refund=refund))
    assert year.surplus_eur < 0
    assert set(year.positions.pot) == {"datenverguetung"}
    assert year.carried_forward_eur == year.surplus_eur


def test_run_that_misses_the_quarter_is_refused() -> None:
    delivered, _, people = town.town()
    year = parse_fiscal_year(town.year_content() | {"fee_runs": {"Q1": dt.date(2026, 9, 1)}})
    with pytest.raises(ConfigError, match="vierteljährlich abzurechnen"):
        compute_data_fees(delivered, town.sample_terms().price_list, people, year)


@pytest.mark.parametrize(
    "change",
    [{"percent": {"haendler": "5.00"}}, {"tiers": []}, {"exceptions": ["M-1"]}],
)
def test_unequal_refund_is_refused(change: dict[str, Any]) -> None:
    content = town.year_content()
    content["refund"] |= change
    with pytest.raises(ConfigError, match="für alle Mitglieder derselbe Prozentsatz"):
        parse_fiscal_year(content)


def test_one_share_off_the_percentage_is_refused() -> None:
    share = RefundShare("m", "rueckverguetung_lieferung", None, Decimal(100), Decimal("4.02"))
    with pytest.raises(OrtskernError, match="ungleicher Fall nimmt allen den Abzug"):
        check_equal([share], Decimal(4))


@pytest.mark.parametrize("field", ["dividend_percent", "interest_on_shares"])
def test_dividend_gets_a_sentence(field: str) -> None:
    with pytest.raises(ConfigError, match="Kapitalertragsteuer, Kirchensteuerabfrage"):
        parse_fiscal_year(town.year_content() | {field: "2.00"})


def test_refund_above_the_cap_is_refused() -> None:
    refund = town.year_content()["refund"] | {"percent": "100.00"}
    costs = [{"account": "4900", "title": "x", "amount_eur": "32000.00"}]
    with pytest.raises(ConfigError, match="erwartet höchstens .* aus dem Mitgliedergeschäft"):
        run(town.terms_with(refund=refund, costs=costs))


def test_organ_that_the_statute_does_not_name_is_refused() -> None:
    refund = town.year_content()["refund"]
    refund["resolution"]["organ"] = "vorstand"
    with pytest.raises(ConfigError, match="gefunden Vorstand, erwartet Generalversammlung"):
        run(town.terms_with(refund=refund))


@pytest.mark.parametrize("missing", ["adopted", "resolution"])
def test_without_adoption_or_resolution_everything_is_draft(missing: str) -> None:
    content = town.year_content()
    (content if missing == "adopted" else content["refund"])[missing] = None
    year = run(town.terms_with(adopted=content["adopted"], refund=content["refund"]))
    assert year.is_draft
    assert year.positions.is_draft.all()
    assert year.bookings.booked_on.isna().all()


def test_surplus_is_what_was_allocated_and_carried_forward() -> None:
    year = run()
    counted = year.pots[year.pots.counts_in_surplus].amount_eur.sum()
    assert counted == year.surplus_eur


def test_every_booking_balances() -> None:
    year = run()
    sums = year.bookings.groupby("entry_number")[["debit_eur", "credit_eur"]].sum()
    assert (sums.debit_eur == sums.credit_eur).all()


def test_what_is_owed_to_members_is_the_gross_of_their_positions() -> None:
    year = run()
    owed = year.bookings[year.bookings.account == "1710"]
    assert owed.credit_eur.sum() - owed.debit_eur.sum() == year.positions.gross_eur.sum()


def test_every_member_gets_the_same_percentage() -> None:
    refunds = run().positions.dropna(subset=["refund_percent"])
    assert set(refunds.refund_percent) == {Decimal("4.00")}
    assert len(refunds) == 5
    for row in refunds.itertuples():
        assert abs(row.net_eur - row.basis_eur * 4 / 100) < Decimal("0.015")


def test_only_regular_members_see_tax_on_their_deliveries() -> None:
    _, _, people = town.town()
    statements, positions = statement_frames(run(), people)
    own = positions[positions.document_kind != "entgeltminderung"]
    status = dict(zip(statements.member_id, statements.vat_status, strict=True))
    taxed = {status[row.member_id] for row in own.itertuples() if row.vat_eur}
    assert taxed == {"regulaer"}


def test_statutory_reserve_stops_at_its_minimum() -> None:
    year = run(town.terms_with(statutory_reserve_before_eur="19990.00"))
    reserve = year.pots.set_index("pot").amount_eur["gesetzliche_ruecklage"]
    assert reserve == Decimal("10.00")


def test_board_cannot_take_more_than_half() -> None:
    board = {"fund": "x", "percent_of_surplus": "51.00", "resolution": None}
    with pytest.raises(ConfigError, match="höchstens 50.00 % des Überschusses ohne"):
        run(town.terms_with(board_reserve=board, funds=[]))


def test_fund_outside_the_statute_is_refused() -> None:
    fund = {"fund": "jubilaeum", "percent_of_surplus": "1.00", "resolution": None}
    with pytest.raises(ConfigError, match="erwartet einer der Fonds der Satzung"):
        run(town.terms_with(funds=[fund]))


def test_control_sum_that_differs_by_a_cent_is_refused() -> None:
    with pytest.raises(ConfigError, match="wie in den Büchern"):
        run(town.terms_with(control_product_revenue_eur="21730.01"))


def test_subscription_over_two_years_is_split_by_days() -> None:
    delivered, _, people = town.town()
    long = town.sale(2, "3650.00", service_to_date=dt.date(2027, 6, 30))
    long["service_from_date"] = dt.date(2026, 7, 1)
    sold = pd.DataFrame([town.sale(1, "20000.00"), long])
    short = pd.DataFrame([town.sale(1, "20000.00")])
    terms = town.sample_terms()
    more = distribute_year(delivered, sold, people, terms).surplus_eur
    assert more - distribute_year(delivered, short, people, terms).surplus_eur == Decimal("920.00")


def test_money_that_came_as_float_is_refused() -> None:
    delivered, sold, people = town.town()
    with pytest.raises(OrtskernError, match="gefunden Gleitkommazahlen, erwartet DECIMAL"):
        distribute_year(
            delivered, sold.assign(net_eur=sold.net_eur.astype(float)), people, town.sample_terms()
        )


def test_columns_may_be_named_as_in_core() -> None:
    delivered, sold, people = town.town()
    core = people.rename(columns={"joined_on": "joined_date", "left_on": "left_date"})
    named = sold.rename(columns={"service_from_date": "service_from"})
    year = distribute_year(delivered, named, core, town.sample_terms())
    pd.testing.assert_frame_equal(year.positions, run().positions)


def test_who_joined_after_the_quarter_gets_no_refund_on_it() -> None:
    delivered, sold, people = town.town()
    people.loc[0, "joined_on"] = dt.date(2026, 4, 1)
    year = distribute_year(delivered, sold, people, town.sample_terms())
    own = year.positions[year.positions.member_id == f"{1:032x}"].set_index("pot")
    fees = own.loc["datenverguetung"]
    late = fees[[first >= dt.date(2026, 4, 1) for first in fees.period_from]]
    assert own.basis_eur["rueckverguetung_lieferung"] == late.net_eur.sum()


def test_sale_to_a_stranger_is_refused() -> None:
    delivered, _, people = town.town()
    sold = pd.DataFrame([town.sale(1, "20000.00", 99)])
    with pytest.raises(OrtskernError, match="steht nicht in der Mitgliederliste"):
        distribute_year(delivered, sold, people, town.sample_terms())


def test_more_passed_than_delivered_is_refused() -> None:
    delivered, sold, people = town.town()
    wrong = delivered.assign(passed_rows=delivered.delivered_rows + 1)
    with pytest.raises(OrtskernError, match="Feld „passed_rows“"):
        distribute_year(wrong, sold, people, town.sample_terms())


def test_numbers_of_papers_are_consecutive_within_a_quarter() -> None:
    _, _, people = town.town()
    statements, positions = statement_frames(run(), people)
    assert list(statements.statement_number) == [f"JA-2025-26-{n:04d}" for n in range(1, 6)]
    first = positions[positions.invoice_number.str.startswith("GS-2025-26-Q1")]
    assert list(first.invoice_number) == [f"GS-2025-26-Q1-{n:04d}" for n in (1, 2, 3)]


def test_every_member_gets_a_statement_even_over_nothing() -> None:
    _, _, people = town.town()
    statements, _ = statement_frames(run(), people)
    assert statements.set_index("member_id").gross_eur[f"{3:032x}"] == 0


LINES = st.lists(st.integers(0, 60000), min_size=1, max_size=12).filter(any)


@settings(max_examples=40, deadline=None)
@given(lines=LINES, revenue=st.integers(3_000_000, 9_000_000), seed=st.randoms())
def test_any_town_is_distributed_to_the_cent_in_any_order(
    lines: list[int], revenue: int, seed: Any
) -> None:
    people = town.members(["regulaer", "kleinunternehmer", "keine"] * 4).head(len(lines))
    sold = pd.DataFrame([town.sale(1, f"{revenue / 100:.2f}"), town.sale(2, "333.33", 1)])
    delivered = town.contributions(lines)
    year = distribute_year(delivered, sold, people, town.sample_terms())
    mixed = delivered.sample(frac=1, random_state=seed.randrange(2**31))
    again = distribute_year(mixed, sold[::-1], people[::-1], town.sample_terms())
    pd.testing.assert_frame_equal(year.positions, again.positions)
    pd.testing.assert_frame_equal(year.bookings, again.bookings)
    assert (year.positions.net_eur >= ZERO).all()
    refunds = year.positions.dropna(subset=["refund_percent"])
    total = refunds.basis_eur.sum() * 4 / 100
    assert abs(refunds.net_eur.sum() - total) <= Decimal("0.005")
    assert year.pots[year.pots.counts_in_surplus].amount_eur.sum() == year.surplus_eur
