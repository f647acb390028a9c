# SPDX-License-Identifier: Apache-2.0
"""Pseudonyms: the same in, the same out; nothing of the input; apart by domain, epoch and key."""

import hashlib
import hmac

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.keys import Keys
from ingestion.pseudonyms import LENGTH, Pseudonyms, normalised

KEYS = Keys(b"1" * 32)
OTHER_KEYS = Keys(b"2" * 32)
identifiers = st.text(min_size=4).filter(lambda v: bool(normalised("tax", v)))


@given(identifiers)
def test_the_same_value_has_the_same_pseudonym_in_every_process(value: str) -> None:
    pseudonym = Pseudonyms(KEYS).of("till", value)
    assert pseudonym == Pseudonyms(KEYS).of("till", value)
    assert pseudonym is not None
    assert len(pseudonym) == LENGTH


@given(identifiers)
def test_another_domain_epoch_or_key_gives_another_pseudonym(value: str) -> None:
    pseudonyms = {
        Pseudonyms(KEYS).of("till", value),
        Pseudonyms(KEYS).of("receipt", value),
        Pseudonyms(KEYS, epoch="2").of("till", value),
        Pseudonyms(OTHER_KEYS).of("till", value),
    }
    assert len(pseudonyms) == 4


@given(identifiers)
def test_the_pseudonym_does_not_contain_the_value(value: str) -> None:
    assert value not in str(Pseudonyms(KEYS).of("receipt", value))


@given(st.lists(st.one_of(st.none(), st.text(max_size=5)), max_size=30))
def test_a_column_is_its_values_one_by_one(values: list[str | None]) -> None:
    column = Pseudonyms(KEYS).column("till", pa.array(values, pa.string()))
    one_by_one = Pseudonyms(KEYS)
    assert column.to_pylist() == [one_by_one.of("till", v) for v in values]


def test_the_function_is_hmac_sha256_of_domain_and_value() -> None:
    key = KEYS.derive("pseudonyms/1")
    expected = hmac.new(key, b"receipt\x1fA-1", hashlib.sha256).hexdigest()[:LENGTH]
    assert Pseudonyms(KEYS).of("receipt", "A-1") == expected


@pytest.mark.parametrize(
    ("domain", "one", "other"),
    [
        ("tax", "DE 299 041 712", "de299041712"),
        ("tax", "337/5704/1716", "33757041716"),
        ("till", " kasse-01 ", "KASSE-01"),
        ("member", "m-0001", "M-0001"),
    ],
)
def test_spellings_of_one_identifier_meet(domain: str, one: str, other: str) -> None:
    assert Pseudonyms(KEYS).of(domain, one) == Pseudonyms(KEYS).of(domain, other)


def test_receipts_of_two_tills_with_one_number_stay_apart() -> None:
    pseudonyms = Pseudonyms(KEYS)
    column = pseudonyms.composed(
        "receipt",
        [
            pa.chunked_array([["A", "B", "A"]]),
            pa.chunked_array([[1, 1, 1]]),
            pa.chunked_array([["7", "7", None]]),
        ],
    )
    first, second, missing = column.to_pylist()
    assert first == pseudonyms.of("receipt", "A|1|7")
    assert second == pseudonyms.of("receipt", "B|1|7")
    assert missing is None


def test_what_is_empty_has_no_pseudonym() -> None:
    assert [Pseudonyms(KEYS).of("tax", v) for v in (None, "", " ", "-/-")] == [None] * 4


def test_key_material_is_not_printed() -> None:
    assert repr(Pseudonyms(KEYS)) == "Pseudonyms(…)"
