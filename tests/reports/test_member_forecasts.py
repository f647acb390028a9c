# SPDX-License-Identifier: Apache-2.0
"""How good the forecasts were, as the report says it: German, honest where nothing is known, own shops only."""

from decimal import Decimal
from typing import Any

import pytest

from analysis.members.forecasts import forecast_rows
from analysis.members.report import Released, month_rows, report_rows
from reports.members.forecasts import Hits, hits_section, span_sentence, week_sentence
from reports.members.render import Tables, render_reports
from tests.analysis.test_member_forecasts import FORECAST, WEEK, article
from tests.analysis.test_member_report import OCTOBER
from tests.reports.test_member_reports import COOPERATIVE, ON, REGISTER, text_of, town

TITLE = "Wie gut waren die Vorhersagen?"
BASE = {
    "article_count": 24,
    "compared_from_date": article(1, None)["from_date"],
    "compared_to_date": article(1, None)["to_date"],
    "day_count": 1620,
    "hit_share": Decimal("0.8123"),
    "judged_count": 24,
    "better_count": 23,
    "week_from_date": WEEK["week_from_date"],
    "week_to_date": WEEK["week_to_date"],
    "week_saved_eur": Decimal("1234.56"),
    "week_line_count": 118,
    "week_sold_out_count": 0,
    "week_recorded_count": 118,
    "figure_code": "W-AAAAAAAAA2",
}
NOTHING = {
    "day_count": 0,
    "hit_share": None,
    "judged_count": 0,
    "better_count": 0,
    "week_saved_eur": None,
}


def row(**changes: Any) -> dict[str, Any]:
    """A row of ``papers.member_forecast``."""
    return BASE | changes


def test_the_hit_rate_is_said_with_its_days() -> None:
    assert span_sentence(row()).startswith(
        "Vom 25.10.2026 bis 21.11.2026 lag der Verkauf an 81 von 100 Tagen in der gedruckten Spanne "
        "(24 Artikel, 1.620 verglichene Tage)."
    )


@pytest.mark.parametrize(
    ("better", "judged", "words"),
    [
        (23, 24, "Bei 23 von 24 Artikeln war die Vorhersage besser als die Vorwoche."),
        (24, 24, "Bei allen 24 Artikeln war"),
        (1, 1, "Bei dem einen Artikel war"),
        (0, 24, "Bei keinem Artikel war"),
    ],
)
def test_articles_better_than_the_week_before_are_counted(
    better: int, judged: int, words: str
) -> None:
    assert words in span_sentence(row(better_count=better, judged_count=judged))


def test_where_no_error_is_known_the_week_before_is_not_mentioned() -> None:
    assert "Vorwoche" not in span_sentence(row(better_count=0, judged_count=0))


def test_where_nothing_was_compared_the_report_says_so() -> None:
    assert (
        span_sentence(row(**NOTHING)) == "Vorhergesagt: 24 Artikel; verglichen ist noch kein Tag."
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {},
            "hätten Ihnen die Vorschläge 1.234,56\u00a0€ gespart (118 Zeilen der Retourenzettel).",
        ),
        ({"week_saved_eur": Decimal("-0.5")}, "die Vorschläge 0,50\u00a0€ mehr gekostet (118"),
        ({"week_recorded_count": 0}, "Retourenzettel; nachgerechnet)"),
        ({"week_recorded_count": 5}, "Retourenzettel; teils nachgerechnet)"),
        ({"week_sold_out_count": 3}, "davon 3 ausverkauft und nicht gerechnet)"),
        ({"week_sold_out_count": 118}, "war alles ausverkauft und jeder Vorschlag höher"),
        (
            {"week_saved_eur": None},
            "Was die Vorschläge gespart oder gekostet hätten, ist nicht bekannt",
        ),
    ],
)
def test_the_last_week_is_said_in_euros_or_not_at_all(changes: dict[str, Any], words: str) -> None:
    assert words in week_sentence(row(**changes))


def test_the_last_week_names_its_days() -> None:
    assert week_sentence(row()).startswith("Vom 15.11.2026 bis 21.11.2026 hätten")


def test_what_is_not_known_is_a_dash_in_the_table_and_no_zero() -> None:
    [cells] = hits_section([Hits("Laden", row(**NOTHING))])["table"]["rows"]
    assert cells[3:6] == ["–", "–", "–"]


def test_a_line_of_the_table_carries_its_code() -> None:
    [cells] = hits_section([Hits("Laden", row())])["table"]["rows"]
    assert cells[1:] == [
        "24",
        "1.620",
        "81,2\u00a0%",
        "23 von 24",
        "1.234,56\u00a0€",
        {"code": True, "text": "W-AAAAAAAAA2"},
    ]


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Member to the text of its report; the baker and the other shop are forecast, each from its own rows."""
    other = FORECAST | {"site_id": "s3", "article_count": 7}
    rows = town(
        forecasts=[FORECAST, other],
        backtests=[article(28, "0.7500"), article(17, "0.1200", site_id="s3")],
        order_weeks=[WEEK, WEEK | {"site_id": "s3", "saved_eur": Decimal("77.77")}],
    )
    tables = Tables(
        reports=report_rows(rows, OCTOBER, Decimal("100.00")),
        months=month_rows(rows, Released(), OCTOBER),
        usage=[],
        sensors={},
        contracts={},
        forecasts=forecast_rows(rows, OCTOBER),
    )
    folder = tmp_path_factory.mktemp("reports")
    result = render_reports(tables, REGISTER, COOPERATIVE, out_dir=folder, issued_on=ON)
    return {f.member_id: text_of(f.path) for f in result.files}


def test_the_report_says_how_good_the_forecasts_of_the_own_shop_were(texts: dict[str, str]) -> None:
    text = texts["m1"]
    assert TITLE in text
    assert "Bäckerei am Markt Vom 25.10.2026 bis 21.11.2026 lag der Verkauf an 75 von 100" in text
    assert "12,34 € mehr gekostet" in text


@pytest.mark.parametrize("foreign", ["Fremde", "77,77", "an 12 von 100", "17 verglichene"])
def test_nothing_of_other_shops_stands_there(texts: dict[str, str], foreign: str) -> None:
    assert foreign not in texts["m1"]
    assert foreign in texts["m3"]


def test_a_member_without_forecasts_gets_no_such_section(texts: dict[str, str]) -> None:
    assert TITLE not in texts["m2"]
