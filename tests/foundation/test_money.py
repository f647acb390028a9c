# SPDX-License-Identifier: Apache-2.0
"""Money is read exactly, rounded half up and shared out to the cent."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.money import (
    from_cents,
    largest_remainder,
    round_cents,
    to_cents,
    to_decimal,
)

WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(any)


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (10000, (1, 1, 1), [3334, 3333, 3333]),
        (10, (47000, 16000, 15900, 12000, 6000, 3100), [5, 2, 1, 1, 1, 0]),
        (10, (6, 6, 2), [4, 4, 2]),
        (11, (6, 6, 2), [5, 5, 1]),
    ],
)
def test_published_examples_of_the_largest_remainder(
    total: int, weights: tuple[int, ...], shares: list[int]
) -> None:
    assert largest_remainder(total, weights, range(len(weights))) == shares


@given(total=st.integers(-(10**12), 10**12), weights=WEIGHTS)
def test_shares_add_up_to_the_total(total: int, weights: list[int]) -> None:
    assert sum(largest_remainder(total, weights, range(len(weights)))) == total


@given(total=st.integers(0, 10**9), weights=WEIGHTS, data=st.data())
def test_order_of_rows_does_not_matter(total: int, weights: list[int], data: st.DataObject) -> None:
    rows = list(enumerate(weights))
    mixed = data.draw(st.permutations(rows))
    straight = dict(
        zip(range(len(rows)), largest_remainder(total, weights, range(len(rows))), strict=False)
    )
    keys = [key for key, _ in mixed]
    assert (
        dict(zip(keys, largest_remainder(total, [w for _, w in mixed], keys), strict=False))
        == straight
    )


@given(total=st.integers(0, 10**9), weights=WEIGHTS)
def test_larger_weight_never_gets_less(total: int, weights: list[int]) -> None:
    shares = largest_remainder(total, weights, range(len(weights)))
    ranked = sorted(zip(weights, shares, strict=False))
    for (light, less), (heavy, more) in itertools.pairwise(ranked):
        assert less <= more or light == heavy


@given(total=st.integers(0, 10**9), weights=WEIGHTS)
def test_no_share_is_negative_or_a_cent_off_the_quota(total: int, weights: list[int]) -> None:
    for weight, share in zip(
        weights, largest_remainder(total, weights, range(len(weights))), strict=False
    ):
        assert share >= 0
        assert abs(share * sum(weights) - total * weight) < sum(weights)


def test_tie_goes_to_the_smaller_member_number() -> None:
    assert largest_remainder(1, [1, 1], ["M-0002", "M-0001"]) == [0, 1]


def test_negative_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="Negatives Gewicht"):
        largest_remainder(1, [1, -1], [1, 2])


def test_equal_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="Schlüssel doppelt"):
        largest_remainder(1, [1, 1], ["a", "a"])


def test_nobody_to_share_among_is_refused() -> None:
    with pytest.raises(ValueError, match="kein Gewicht"):
        largest_remainder(1, [0], ["a"])


def test_float_weights_are_refused() -> None:
    with pytest.raises(TypeError, match="gefunden float"):
        largest_remainder(1, [0.5], ["a"])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.234,50", "1234.50"), ("-0,01", "-0.01"), (" 7 ", "7"), ("12.345", "12345"), (",5", "0.5")],
)
def test_german_numbers_are_read_exactly(text: str, value: str) -> None:
    assert to_decimal(text) == Decimal(value)


def test_english_numbers_are_read_by_their_own_signs() -> None:
    assert to_decimal("1,234.50", decimal=".", grouping=",") == Decimal("1234.50")


@pytest.mark.parametrize("text", ["12.34", "1,2,3", "", "abc", "1e5", "NaN"])
def test_what_is_no_german_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ist keine Zahl"):
        to_decimal(text)


@pytest.mark.parametrize(
    ("exact", "cents"), [("0.005", "0.01"), ("2.675", "2.68"), ("-0.005", "-0.01")]
)
def test_half_a_cent_is_rounded_away_from_zero(exact: str, cents: str) -> None:
    assert round_cents(Decimal(exact)) == Decimal(cents)


def test_float_is_not_money() -> None:
    with pytest.raises(TypeError, match="muss Decimal sein"):
        round_cents(1.1)  # type: ignore[arg-type]


@given(st.integers(-(10**15), 10**15))
def test_cents_survive_the_way_to_euros_and_back(cents: int) -> None:
    assert to_cents(from_cents(cents)) == cents


def test_fractions_of_a_cent_are_no_cents() -> None:
    with pytest.raises(ValueError, match="mehr als zwei Nachkommastellen"):
        to_cents(Decimal("0.001"))
