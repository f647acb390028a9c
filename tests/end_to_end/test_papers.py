# SPDX-License-Identifier: Apache-2.0
"""Members' reports and the transparency report of a whole town: true to the cent, of nobody else."""

import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

from pypdf import PdfReader

from tests.end_to_end.town import Town


def text_of(path: Path) -> str:
    return " ".join(page.extract_text() for page in PdfReader(path).pages)


def test_own_months_are_those_of_the_town_to_the_cent(town: Town) -> None:
    wanted: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    withdrawn = town.plant("withdrawn_consent")
    refused_from = withdrawn["withdrawn_on"][:7] + "-01"
    for row in town.truth["receipts"]:
        if row["owner_no"] == withdrawn["owner_no"] and row["business_month"] >= refused_from:
            continue
        key = (town.pseudonym("owner", row["owner_no"]), row["business_month"])
        wanted[key][0] += Decimal(row["revenue_eur"])
        wanted[key][1] += row["receipt_count"]
    found = town.rows(
        """SELECT owner_id, business_month::VARCHAR, sum(revenue_eur), sum(receipt_count)
        FROM papers.member_month INNER JOIN core.dim_site USING (site_id) GROUP BY ALL"""
    )
    assert len(found) > 900
    assert {(o, m): [r, n] for o, m, r, n in found} == {
        key: value for key, value in wanted.items() if key[1] <= "2026-10-01"
    }


def test_every_active_member_has_a_report(town: Town) -> None:
    active = town.rows("SELECT count(*) FROM core.dim_member WHERE is_active")[0][0]
    assert len(list(town.settings.member_reports_dir.glob("*/MB-2026-10-*.pdf"))) == active


def test_comparisons_are_for_those_who_agreed(town: Town) -> None:
    shown = town.rows(
        """SELECT DISTINCT member_id FROM papers.member_month WHERE comparison_level IS NOT NULL
        EXCEPT SELECT member_id FROM core.fct_consent
        WHERE is_current AND is_given AND purpose = 'vergleich'"""
    )
    assert shown == []


def test_hit_rates_are_for_the_member_of_the_shop_and_every_shop_that_is_forecast(
    town: Town,
) -> None:
    found = town.rows("SELECT site_id, member_id, article_count FROM papers.member_forecast")
    wanted = town.rows(
        """SELECT site_id, member_id, count(DISTINCT article_number) FROM marts.fct_forecast
        INNER JOIN core.dim_site USING (site_id) GROUP BY ALL"""
    )
    assert found
    assert sorted(found) == sorted(wanted)


def test_hit_rates_add_up_to_the_days_compared(town: Town) -> None:
    wrong = town.rows(
        """SELECT site_id FROM papers.member_forecast INNER JOIN (
            SELECT site_id, sum(day_count) AS days, sum(round(day_count * coverage_share)) AS inside
            FROM marts.fct_backtest WHERE is_used GROUP BY ALL) USING (site_id)
        WHERE day_count <> days OR abs(hit_share * days - inside) > 1"""
    )
    assert wrong == []


def test_money_of_the_last_week_stands_only_where_there_are_slips(town: Town) -> None:
    told = {
        s
        for (s,) in town.rows(
            "SELECT site_id FROM papers.member_forecast WHERE week_saved_eur IS NOT NULL"
        )
    }
    assert told
    assert told == {s for (s,) in town.rows("SELECT site_id FROM marts.fct_order_week")}


def test_reports_say_how_good_forecasts_were_to_those_who_get_them_alone(town: Town) -> None:
    forecast = town.rows("SELECT DISTINCT member_id FROM papers.member_forecast")
    reports = town.settings.member_reports_dir.glob("*/MB-2026-10-*.pdf")
    told = [path for path in reports if "Wie gut waren die Vorhersagen?" in text_of(path)]
    assert len(told) == len(forecast)


def test_a_report_names_no_other_member(town: Town) -> None:
    folder = town.settings.member_reports_dir
    numbers = sorted(path.name for path in folder.iterdir())
    for number in numbers[::12]:
        text = text_of(next((folder / number).glob("*.pdf")))
        assert set(re.findall(r"M-\d{4}", text)) == {number}
        assert not re.search(r"[0-9a-f]{32}", text)
