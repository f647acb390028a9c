# SPDX-License-Identifier: Apache-2.0
"""Orders: published numbers of the newsvendor, packs, minimum, shelf life, what an order cost."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.forecasting.orders import (
    Article,
    Costs,
    best_order,
    demand_sample,
    expected_cost,
    normal_cost,
    order_quantity,
    realised_cost,
)

SIX_TO_FOUR = Costs(Decimal("0.6"), Decimal("0.4"))
SAMPLE = demand_sample((0.1, 0.5, 0.9), (20.0, 30.0, 42.0))
ROLL = Article(Decimal("1.50"), Decimal("0.50"), pack_size=Decimal(6))


def test_normal_demand_published_order() -> None:
    assert best_order(stats.norm(100, 20), SIX_TO_FOUR) == pytest.approx(105.067, abs=5e-4)


def test_normal_demand_published_cost() -> None:
    assert normal_cost(20, SIX_TO_FOUR) == pytest.approx(7.7269, abs=5e-5)


def test_poisson_demand_published_order() -> None:
    assert best_order(stats.poisson(10), Costs(Decimal(9), Decimal(1))) == 14


def test_negative_binomial_demand_published_order() -> None:
    assert best_order(stats.nbinom(2, 2 / 12), Costs(Decimal(8), Decimal(2))) == 15


def test_expected_cost_over_a_sample_is_that_of_the_normal_distribution() -> None:
    levels = (np.arange(20_000) + 0.5) / 20_000
    sample = stats.norm(100, 20).ppf(levels)
    cost = expected_cost(Decimal("105.067"), sample, SIX_TO_FOUR)
    assert cost == pytest.approx(7.7269, abs=2e-3)


@settings(max_examples=60, deadline=None)
@given(
    low=st.floats(0, 50),
    middle=st.floats(0, 60),
    high=st.floats(0, 80),
    missing=st.decimals("0.01", "9", places=2),
    spoilt=st.decimals("0.01", "9", places=2),
    pack=st.integers(1, 12),
    least=st.integers(0, 30),
    on_hand=st.integers(0, 40),
)
def test_orders_are_whole_packs_and_at_least_the_minimum(
    low: float,
    middle: float,
    high: float,
    missing: Decimal,
    spoilt: Decimal,
    pack: int,
    least: int,
    on_hand: int,
) -> None:
    sample = demand_sample((0.1, 0.5, 0.9), sorted((low, middle, high)))
    article = Article(Decimal(10), Decimal(5), Decimal(0), Decimal(pack), Decimal(least))
    order = order_quantity(sample, article, Costs(missing, spoilt), on_hand=Decimal(on_hand))
    assert order % pack == 0
    assert order == 0 or order >= least


@settings(max_examples=40, deadline=None)
@given(st.decimals("0.05", "5", places=2), st.decimals("0.05", "5", places=2), st.integers(0, 80))
def test_no_other_number_of_packs_is_expected_to_cost_less(
    missing: Decimal, spoilt: Decimal, packs: int
) -> None:
    costs = Costs(missing, spoilt)
    article = Article(Decimal(10), Decimal(5), pack_size=Decimal(3))
    order = order_quantity(SAMPLE, article, costs)
    other = expected_cost(Decimal(3 * packs), SAMPLE, costs)
    assert expected_cost(order, SAMPLE, costs) <= other + 0.01 * float(missing + spoilt)


def test_dearer_missing_pieces_never_lower_the_order() -> None:
    spoilt = Decimal("0.50")
    orders = [order_quantity(SAMPLE, ROLL, Costs(Decimal(m) / 10, spoilt)) for m in range(1, 60, 3)]
    assert orders == sorted(orders)


def test_what_is_left_of_yesterday_is_not_ordered_again() -> None:
    costs = ROLL.costs(Decimal("0.02"))
    fresh = order_quantity(SAMPLE, ROLL, costs)
    assert order_quantity(SAMPLE, ROLL, costs, on_hand=Decimal(12)) == fresh - 12


def test_full_shelves_need_no_order() -> None:
    order = order_quantity(SAMPLE, ROLL, ROLL.costs(Decimal("0.02")), on_hand=Decimal(500))
    assert order == 0


def test_never_more_is_ordered_than_sells_before_it_expires() -> None:
    jam = Article(Decimal(5), Decimal(1), pack_size=Decimal(1), shelf_life_days=30)
    order = order_quantity(SAMPLE, jam, jam.costs(Decimal("0.01")), most=25.0)
    assert order == 25


@pytest.mark.parametrize(("pack", "least"), [(100, 0), (1, 100)])
def test_a_pack_or_minimum_far_above_what_sells_before_it_expires_is_not_ordered(
    pack: int, least: int
) -> None:
    jam = Article(Decimal(5), Decimal(4), Decimal(0), Decimal(pack), Decimal(least), 3)
    assert order_quantity(SAMPLE, jam, jam.costs(Decimal("0.02")), most=60.0) == 0


def test_a_pack_slightly_above_what_sells_before_it_expires_still_pays() -> None:
    jam = Article(Decimal(5), Decimal(1), pack_size=Decimal(32), shelf_life_days=3)
    assert order_quantity(SAMPLE, jam, jam.costs(Decimal("0.02")), most=30.0) == 32


def test_what_keeps_costs_a_night_on_the_shelf_and_not_its_price() -> None:
    jam = Article(Decimal(5), Decimal(2), shelf_life_days=30)
    assert jam.costs(Decimal("0.01")) == Costs(Decimal(3), Decimal("0.02"))


def test_what_a_leftover_still_brings_lowers_its_cost() -> None:
    bread = Article(Decimal(4), Decimal("1.50"), salvage_eur=Decimal("0.30"))
    assert bread.costs(Decimal(0)).spoilt_eur == Decimal("1.20")


def test_too_little_costs_the_margin() -> None:
    assert realised_cost(Decimal(8), Decimal(10), SIX_TO_FOUR) == Decimal("1.20")


def test_too_much_costs_what_is_spoilt() -> None:
    assert realised_cost(Decimal(10), Decimal(8), SIX_TO_FOUR) == Decimal("0.80")
