# SPDX-License-Identifier: Apache-2.0
"""Numbers and dates are printed as a German or an English reader expects them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from foundation import formats


def test_euros_in_german() -> None:
    assert formats.eur(Decimal("-1234.565")) == "-1.234,57\u00a0€"


def test_euros_in_english() -> None:
    assert formats.eur(Decimal("1234.5"), "en") == "€1,234.50"


def test_float_is_no_money_to_print() -> None:
    with pytest.raises(TypeError, match="muss Decimal sein"):
        formats.eur(1.5)  # type: ignore[arg-type]


def test_numbers_have_fixed_decimals_rounded_half_up() -> None:
    assert [formats.number(Decimal("5770.125"), 2), formats.number(12345)] == ["5.770,13", "12.345"]


def test_share_becomes_per_cent() -> None:
    assert formats.percent(Decimal("0.1235"), 1) == "12,4\u00a0%"
    assert formats.percent(0.5, 0, "en") == "50%"


def test_days_and_months() -> None:
    assert formats.day(date(2026, 11, 2)) == "02.11.2026"
    assert formats.month(date(2026, 3, 1)) == "März 2026"
    assert formats.month(date(2026, 3, 1), "en") == "March 2026"


def test_masked_iban_shows_country_and_last_four() -> None:
    assert formats.iban_masked("DE89 3704 0044 0532 0130 00") == "DE•• •••• •••• •••• ••30 00"


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="nicht vorgesehen"):
        formats.number(1, 0, "fr")
