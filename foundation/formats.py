# SPDX-License-Identifier: Apache-2.0
"""How numbers, money and dates are printed, German first, English on request (CLDR through Babel).

Belongs here: turning a value into the text a reader sees.
Does not belong here: reading values (`money.to_decimal`) or computing them.
Before signs stands a no-break space (U+00A0), so that "5,00 €" never breaks across lines.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from foundation.money import round_cents

MISSING = "–"


def _locale(language: str) -> str:
    if language not in ("de", "en"):
        raise ValueError(f"Sprache „{language}“ ist nicht vorgesehen; möglich sind de und en.")
    return "de_DE" if language == "de" else "en_GB"


def _fixed(value: Decimal | float | int, digits: int) -> Decimal:
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def eur(amount: Decimal, language: str = "de") -> str:
    """Euros with two decimals: "1.234,56 €" or "€1,234.56". Refuses float (TypeError)."""
    return str(format_currency(round_cents(amount), "EUR", locale=_locale(language)))


def number(value: Decimal | float | int, digits: int = 0, language: str = "de") -> str:
    """A plain number with a fixed count of decimals and grouping: "5.770", "12,50"."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(_fixed(value, digits), format=pattern, locale=_locale(language)))


def percent(share: Decimal | float | int, digits: int = 1, language: str = "de") -> str:
    """A share in 0..1 as per cent: 0.1234 becomes "12,3 %" ("12.3%" in English)."""
    exact = share if isinstance(share, Decimal) else Decimal(str(share))
    sign = "\u00a0%" if language == "de" else "%"
    return number(exact * 100, digits, language) + sign


def day(value: date, language: str = "de") -> str:
    """A day as "22.11.2026" (German) or "22/11/2026" (English)."""
    pattern = "dd.MM.yyyy" if language == "de" else "dd/MM/yyyy"
    return str(format_date(value, pattern, locale=_locale(language)))


def month(value: date, language: str = "de") -> str:
    """A month as "September 2026"."""
    return str(format_date(value, "LLLL yyyy", locale=_locale(language)))


def iban_masked(iban: str) -> str:
    """Country and the last four characters, the rest hidden, in groups of four.

    Enough for the holder to recognise the account, too little for anyone else to use it.
    """
    plain = iban.replace(" ", "").upper()
    hidden = plain[:2] + "•" * max(len(plain) - 6, 0) + plain[-4:]
    return " ".join(hidden[i : i + 4] for i in range(0, len(hidden), 4))
