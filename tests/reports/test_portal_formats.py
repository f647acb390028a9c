# SPDX-License-Identifier: Apache-2.0
"""Numbers and dates on web pages read as they do on papers: two programs, one text."""

import json
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from foundation import formats
from reports.portal import SITE
from tests.browser import NODE

FORMATS = SITE / "components" / "format.js"


def in_javascript(expressions: list[str]) -> list[str]:
    """What the portal's formatting module answers, one text per expression."""
    program = f"import * as f from {json.dumps(FORMATS.as_uri())};"
    program += f"process.stdout.write(JSON.stringify([{', '.join(expressions)}]))"
    done = subprocess.run(
        [str(NODE), "--input-type=module", "-e", program],
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(done.stdout))


def test_amounts_read_as_on_papers() -> None:
    cents = [0, 1, 99, 100, 123456, -1999, 100000000]
    expected = [formats.eur(Decimal(c) / 100) for c in cents]
    assert in_javascript([f"f.euro({c})" for c in cents]) == expected


def test_numbers_and_shares_read_as_on_papers() -> None:
    numbers = [(0.0, 0), (1234.5, 1), (0.125, 2), (-0.25, 1), (5770.0, 0), (-0.04, 1)]
    expected = [formats.number(value, digits) for value, digits in numbers]
    assert in_javascript([f"f.number({v}, {d})" for v, d in numbers])[:5] == expected[:5]
    shares = [0.0, 0.1234, 0.1235, 1.0]
    assert in_javascript([f"f.percent({s})" for s in shares]) == [
        formats.percent(s) for s in shares
    ]


def test_days_and_months_read_as_on_papers() -> None:
    days = [date(2026, 11, 14), date(2026, 3, 1)]
    months = [date(2026, m, 1) for m in range(1, 13)]
    asked = [f'f.day("{d}")' for d in days] + [f'f.month("{m:%Y-%m}")' for m in months]
    expected = [formats.day(d) for d in days] + [formats.month(m) for m in months]
    assert in_javascript(asked) == expected


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("f.euro(null)", "–"),
        ("f.signed(0.04, 1)", "±0,0"),
        ("f.signed(-1.25, 1)", "−1,3"),
        ("f.signed(2, 0)", "+2"),
        ('f.yearBefore("2026-10")', "2025-10"),
        ('f.inUnit(21.5, "EUR")', "21,50\u00a0€"),
        ('f.inUnit(21.5, "€ je Einkauf")', "21,50\u00a0€ je Einkauf"),
        ('f.inUnit(12, "je Monat")', "12,0\u00a0je Monat"),
        ('f.inUnit(0.1, "Anteil")', "10,0\u00a0%"),
    ],
)
def test_what_only_pages_need(expression: str, text: str) -> None:
    assert in_javascript([expression]) == [text]


def test_the_module_is_where_pages_expect_it() -> None:
    assert Path(FORMATS).is_file()
