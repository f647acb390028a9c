# SPDX-License-Identifier: Apache-2.0
"""How good the forecasts were, by shop: days weigh the same, nothing stands where nothing was compared."""

import datetime as dt
from decimal import Decimal
from typing import Any

from analysis.members.forecasts import forecast_rows
from analysis.members.report import Own
from tests.analysis.test_member_report import OCTOBER, SITE, own

FROM, TO = dt.date(2026, 10, 25), dt.date(2026, 11, 21)
FORECAST = {"site_id": "s1", "article_count": 2, "known_until_date": TO}
WEEK = {
    "site_id": "s1",
    "week_from_date": dt.date(2026, 11, 15),
    "week_to_date": TO,
    "saved_eur": Decimal("-12.34"),
    "line_count": 30,
    "sold_out_count": 4,
    "recorded_count": 6,
}


def article(days: int, share: str | None, **changes: Any) -> dict[str, Any]:
    """The rung in use of one article."""
    base = {
        "site_id": "s1",
        "from_date": FROM,
        "to_date": TO,
        "day_count": days,
        "coverage_share": None if share is None else Decimal(share),
        "wape": None if share is None else Decimal("0.2000"),
        "week_before_wape": None if share is None else Decimal("0.3000"),
    }
    return base | changes


def known(*articles: dict[str, Any], **changes: Any) -> Own:
    """A shop with these articles in its look back."""
    return own(backtests=articles, **{"forecasts": [FORECAST], **changes})


def only(rows: Own) -> dict[str, Any]:
    [row] = forecast_rows(rows, OCTOBER)
    return row


def test_every_day_weighs_the_same_in_the_hit_rate() -> None:
    row = only(known(article(30, "0.9000"), article(10, "0.5000")))
    assert (row["day_count"], row["hit_share"]) == (40, Decimal("0.8000"))


def test_an_article_that_was_compared_on_no_day_counts_as_forecast_alone() -> None:
    row = only(known(article(30, "0.9000"), article(0, None)))
    assert (row["article_count"], row["hit_share"], row["judged_count"]) == (
        2,
        Decimal("0.9000"),
        1,
    )


def test_better_than_the_week_before_is_a_smaller_error_and_no_equal_one() -> None:
    equal = article(28, "0.8000", wape=Decimal("0.3000"))
    row = only(known(article(28, "0.8000"), equal))
    assert (row["better_count"], row["judged_count"]) == (1, 2)


def test_an_article_without_an_error_of_the_week_before_is_not_judged() -> None:
    row = only(known(article(28, "0.8000", week_before_wape=None)))
    assert (row["better_count"], row["judged_count"]) == (0, 0)


def test_where_nothing_was_compared_stands_neither_share_nor_period() -> None:
    row = only(known())
    assert row["day_count"] == 0
    assert {row[k] for k in ("hit_share", "compared_from_date", "compared_to_date")} == {None}


def test_the_last_week_is_taken_as_it_is() -> None:
    row = only(known(article(28, "0.8000"), order_weeks=[WEEK]))
    assert (row["week_saved_eur"], row["week_line_count"]) == (Decimal("-12.34"), 30)
    assert (row["week_sold_out_count"], row["week_recorded_count"]) == (4, 6)


def test_without_a_slip_nothing_is_said_of_the_last_week() -> None:
    row = only(known(article(28, "0.8000")))
    assert {v for k, v in row.items() if k.startswith("week_")} == {None}


def test_a_look_back_that_does_not_name_its_days_is_left_out() -> None:
    assert forecast_rows(known(article(28, "0.8000", to_date=None)), OCTOBER) == []


def test_shops_without_forecast_or_without_member_have_no_row() -> None:
    assert forecast_rows(own(), OCTOBER) == []
    assert forecast_rows(known(article(28, "0.8000"), sites={"s2": SITE}), OCTOBER) == []


def test_each_shop_has_its_own_articles_and_code() -> None:
    second = FORECAST | {"site_id": "s2"}
    rows = forecast_rows(
        known(
            article(30, "0.9000"),
            article(20, "0.5000", site_id="s2"),
            sites={"s1": SITE, "s2": SITE | {"member_id": "m2"}},
            forecasts=[second, FORECAST],
        ),
        OCTOBER,
    )
    assert [(r["member_id"], r["day_count"]) for r in rows] == [("m1", 30), ("m2", 20)]
    assert len({r["figure_code"] for r in rows}) == 2
