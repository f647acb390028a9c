# SPDX-License-Identifier: Apache-2.0
"""Exact money: reading it, rounding it, sharing it out to the cent.

Belongs here: arithmetic on Decimal and on whole cents that every room needs.
Does not belong here: how money is printed (`formats.py`), who gets it (`analysis/distribution`).
Float is refused everywhere: 0.1 + 0.2 is not a bookkeeping figure.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

CENT = Decimal("0.01")


@lru_cache(maxsize=16)
def _pattern(decimal: str, grouping: str) -> re.Pattern[str]:
    point, group = re.escape(decimal), re.escape(grouping)
    whole = rf"\d+|\d{{1,3}}(?:{group}\d{{3}})+" if grouping else r"\d+"
    return re.compile(rf"[+-]?(?:(?:{whole})(?:{point}\d+)?|{point}\d+)")


def to_decimal(text: str, *, decimal: str = ",", grouping: str = ".") -> Decimal:
    """Read a number as the source wrote it ("1.234,50") without passing through float.

    Grouping signs are optional but must stand before three digits each, so that an English
    "12.34" in a German file is an error and not 1234. Raises ValueError with a German sentence.
    """
    stripped = text.strip().replace("\u00a0", "").replace("\u2212", "-")
    if not _pattern(decimal, grouping).fullmatch(stripped):
        raise ValueError(
            f"„{text}“ ist keine Zahl mit Dezimalzeichen „{decimal}“ und Tausenderzeichen "
            f"„{grouping}“; bitte Zahlenformat im Vertrag oder in der Datei berichtigen."
        )
    plain = stripped.replace(grouping, "") if grouping else stripped
    return Decimal(plain.replace(decimal, "."))


def round_cents(amount: Decimal) -> Decimal:
    """Round to whole cents, half away from zero (kaufmännisch). Raises TypeError on float."""
    if not isinstance(amount, Decimal):
        raise TypeError(f"Geldbetrag muss Decimal sein, gefunden {type(amount).__name__}.")
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def to_cents(amount: Decimal) -> int:
    """Whole cents of an amount that has at most two decimals. Raises ValueError otherwise."""
    cents = amount.scaleb(2)
    if cents != cents.to_integral_value():
        raise ValueError(f"{amount} hat mehr als zwei Nachkommastellen; bitte vorher runden.")
    return int(cents)


def from_cents(cents: int) -> Decimal:
    """The amount in euros, with exactly two decimals."""
    return Decimal(cents).scaleb(-2)


def largest_remainder(
    total_cents: int, weights: Sequence[Decimal | int], keys: Sequence[Any]
) -> list[int]:
    """Share `total_cents` in proportion to `weights`; shares come back in the order given.

    Method of the largest remainder (Hare, Hamilton): everyone gets the whole cents of the exact
    quota, the cents left go to the largest remainders, ties to the smaller key. The result does not
    depend on the order of the rows, and a larger weight never gets less than a smaller one. Known
    and accepted: the Alabama paradox (a larger total can cost one party a cent; 6:6:2 over 10
    gives 4, 4, 2 and over 11 gives 5, 5, 1). A negative total, as a reversal has, is shared as its
    mirror.
    Raises ValueError for negative weights, for equal keys, and for no weight at all when there is
    something to share.
    """
    if len(weights) != len(keys):
        raise ValueError(f"{len(weights)} Gewichte, aber {len(keys)} Schlüssel.")
    if any(isinstance(weight, float) for weight in weights):
        raise TypeError("Gewichte müssen Decimal oder ganze Zahlen sein, gefunden float.")
    if len(set(_hashable(keys))) != len(keys):
        raise ValueError("Schlüssel doppelt: bei Gleichstand wäre die Reihenfolge Zufall.")
    exact = [Fraction(weight) for weight in weights]
    if any(weight < 0 for weight in exact):
        raise ValueError("Negatives Gewicht: ein Anteil kann nicht negativ sein.")
    whole = sum(exact, Fraction(0))
    if whole == 0:
        if total_cents == 0:
            return [0] * len(exact)
        raise ValueError(f"{total_cents} Cent sind zu verteilen, aber kein Gewicht ist größer 0.")
    amount = abs(total_cents)
    quotas = [amount * weight / whole for weight in exact]
    shares = [quota.numerator // quota.denominator for quota in quotas]
    order = sorted(range(len(exact)), key=lambda i: (shares[i] - quotas[i], keys[i]))
    for i in order[: amount - sum(shares)]:
        shares[i] += 1
    return [-share for share in shares] if total_cents < 0 else shares


def _hashable(keys: Sequence[Any]) -> Sequence[Hashable]:
    return [tuple(key) if isinstance(key, list) else key for key in keys]
