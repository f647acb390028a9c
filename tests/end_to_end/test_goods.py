# SPDX-License-Identifier: Apache-2.0
"""What shops sold, made and had left: the planted truths are found in the tables others reckon with.

With few receipts the bounds are wide; the same effects at full size are in
``tests/ingestion/town/test_effects.py``.
"""

from collections import defaultdict
from datetime import date, time
from math import exp, log, sqrt
from typing import Any

import numpy as np
import statsmodels.api as sm

from tests.end_to_end.town import Town

Key = tuple[str, str, date]


def _sites(town: Town) -> dict[str, str]:
    """Pseudonym of every shop, by its number."""
    return {n: town.pseudonym("site", n) for n in town.truth["production"]["sites_with_slips"]}


def _key(town: Town, row: dict[str, Any]) -> Key:
    site = town.pseudonym("site", row["site_no"])
    return site, row.get("article_no", ""), date.fromisoformat(row["day_date"])


def _slips(town: Town) -> dict[Key, tuple[Any, ...]]:
    rows = town.rows(
        "SELECT site_id, article_number, day_date, produced_quantity, left_over_quantity, "
        "sold_out_at, is_late FROM core.fct_production_day"
    )
    return {row[:3]: row[3:] for row in rows}


def test_what_sold_out_is_marked_at_its_time_and_nothing_else(town: Town) -> None:
    slips = _slips(town)
    wanted = {
        _key(town, row): time.fromisoformat(row["sold_out_at"])
        for row in town.truth["production"]["sold_out"]
    }
    assert {key: row[2] for key, row in slips.items() if row[2] is not None} == {
        key: at for key, at in wanted.items() if key in slips
    }


def test_some_sold_out_days_hide_a_demand_that_no_receipt_shows(town: Town) -> None:
    hidden = [
        r for r in town.truth["production"]["sold_out"] if float(r["wanted"]) > float(r["baked"])
    ]
    sales = {
        row[:3]: row[3]
        for row in town.rows(
            "SELECT site_id, article_number, day_date, quantity FROM core.fct_daily_sale"
        )
    }
    checked = [(float(sales[_key(town, r)]), r) for r in hidden if _key(town, r) in sales]
    assert len(checked) > 100
    assert all(sold == float(r["baked"]) < float(r["wanted"]) for sold, r in checked)


def test_made_less_left_over_is_what_the_till_sold(town: Town) -> None:
    found = town.rows(
        "SELECT count(*) FROM core.fct_production_day p "
        "JOIN core.fct_site_day d ON d.site_id = p.site_id AND d.day_date = p.day_date AND is_open "
        "LEFT JOIN core.fct_daily_sale s ON s.site_id = p.site_id AND s.day_date = p.day_date "
        "AND s.article_number = p.article_number "
        "WHERE produced_quantity - left_over_quantity <> coalesce(quantity, 0)"
    )
    assert found == [(0,)]


def test_slips_come_from_the_shops_that_keep_them_and_no_others(town: Town) -> None:
    assert {site for site, _, _ in _slips(town)} == set(_sites(town).values())


def test_days_without_a_slip_are_missing_and_not_zero(town: Town) -> None:
    truth = town.truth["production"]
    days = {(site, day) for site, _, day in _slips(town)}
    missing = {(_key(town, row)[0], _key(town, row)[2]) for row in truth["missing_days"]}
    assert missing
    assert not missing & days


def test_articles_forgotten_on_a_slip_are_missing(town: Town) -> None:
    forgotten = {_key(town, row) for row in town.truth["production"]["missing_articles"]}
    assert forgotten
    assert not forgotten & set(_slips(town))


def test_late_slips_are_counted_and_marked_late_and_no_others(town: Town) -> None:
    late = {(site, day) for (site, _, day), row in _slips(town).items() if row[3]}
    planted = {(_key(town, r)[0], _key(town, r)[2]) for r in town.truth["production"]["late_days"]}
    assert planted
    assert late == planted


def test_the_slip_handed_in_twice_counts_once(town: Town) -> None:
    plant = town.plant("slip_doubled")
    found = town.rows(
        "SELECT max(n) FROM (SELECT count(*) AS n FROM core.fct_production_day "
        "WHERE day_date = ? GROUP BY site_id, article_number)",
        [plant["at"]],
    )
    raw = town.rows(
        "SELECT max(n) FROM (SELECT count(*) AS n FROM raw.returns_slip_lines "
        "WHERE day_date = ? GROUP BY site_id, article_number)",
        [plant["at"]],
    )
    assert (raw, found) == ([(2,)], [(1,)])


def test_the_row_with_more_left_than_made_stays_out_and_the_rest_of_its_slip_is_there(
    town: Town,
) -> None:
    plant = town.plant("slip_left_over")
    day = date.fromisoformat(plant["at"])
    site = next(k for k in _sites(town).values() if (k, "01004", day) in _slips(town))
    assert site
    wrong = [b for b in town.truth["bad_files"] if b["plant_id"] == plant["id"]]
    number = wrong[0]["path"].split("/")[1]
    mine = {article for s, article, d in _slips(town) if (s, d) == (_sites(town)[number], day)}
    assert plant["article"] not in mine
    assert len(mine) > 10


def test_articles_have_the_costs_in_force_and_the_prices_of_the_till(town: Town) -> None:
    truth = town.truth["merchandise"]
    costs = {row["article"]: row["later"] for row in truth["articles"]}
    rows = town.rows(
        "SELECT owner_id, article_number, unit_cost_eur::VARCHAR, valid_from_date::VARCHAR "
        "FROM core.dim_article"
    )
    assert {row[0] for row in rows} == {town.pseudonym("owner", o) for o in truth["owners"]}
    assert {row[3] for row in rows} == {truth["cost_rise"]}
    assert all(costs[article] == cost for _, article, cost, _ in rows)
    wrong = town.rows(
        "SELECT count(*) FROM core.fct_receipt_line l JOIN core.dim_site USING (site_id) "
        "JOIN core.dim_article a USING (owner_id, article_number) "
        "WHERE line_kind = 'merchandise' AND l.unit_price_eur <> a.unit_price_eur"
    )
    assert wrong == [(0,)]


def test_friday_pretzels_are_recovered_within_what_so_few_receipts_allow(town: Town) -> None:
    (wish,) = town.truth["production"]["wishes"]
    counts = dict(
        town.rows(
            "SELECT (isodow(day_date) = ?, article_number = ?), sum(receipt_count)::BIGINT "
            "FROM core.fct_daily_sale WHERE trade_id = ? GROUP BY ALL",
            [wish["weekday"], wish["article"], wish["trade"]],
        )
    )
    friday, other = ((counts[(on, True)], counts[(on, False)]) for on in (True, False))
    ratio = (friday[0] / sum(friday)) / (other[0] / sum(other))
    # Two shares of few receipts: three standard errors, and what sold out is not in them.
    error = sqrt(1 / friday[0] + 1 / other[0])
    assert abs(log(ratio / wish["factor"])) < 3 * error
    assert ratio > 1.2


def test_warm_days_lift_the_ice_cream_parlour_by_the_planted_size(town: Town) -> None:
    truth = town.truth["conditions"]
    effect = truth["weather_effects"]["sales"]["eisdiele"]
    usual = {row["day_date"]: row for row in truth["usual"]}
    weather = {row["day_date"]: row for row in truth["weather"]}
    days = town.rows(
        "SELECT day_date::VARCHAR, sum(receipt_count)::BIGINT FROM core.fct_site_day "
        "WHERE trade_id = 'eisdiele' AND month(day_date) BETWEEN 3 AND 10 GROUP BY ALL ORDER BY 1"
    )
    rows = []
    for day, _ in days:
        warmer = weather[day]["temperature_max_c"] - usual[day]["temperature_max_c"]
        months = [float(day[5:7] == f"{m:02d}") for m in range(3, 11)]
        weekdays = [float(date.fromisoformat(day).isoweekday() == w) for w in range(2, 8)]
        rain = float(weather[day]["precipitation_mm"] >= 1.0)
        rows.append([min(max(warmer, -10), 10), rain, *months, *weekdays])
    fit = sm.GLM([n for _, n in days], np.array(rows), family=sm.families.Poisson()).fit()
    for place, name in enumerate(("temperature", "rain")):
        assert abs(fit.params[place] - effect[name]) < 3 * fit.bse[place]
        assert np.sign(fit.params[place]) == np.sign(effect[name])


def test_road_works_dip_in_their_blocks_while_they_last(town: Town) -> None:
    works = town.truth["conditions"]["road_works"]
    past = [w for w in works if w["last_day"] < "2026-11-01"]
    counts: dict[tuple[bool, bool], int] = defaultdict(int)
    for one in past:
        rows = town.rows(
            "SELECT list_contains(?, block_id), day_date BETWEEN ? AND ?, "
            "sum(receipt_count)::BIGINT FROM core.fct_site_day "
            "WHERE day_date BETWEEN '2026-01-01' AND '2026-07-31' AND trade_id IN "
            "(SELECT trade_id FROM core.dim_site WHERE list_contains(?, block_id)) GROUP BY ALL",
            [one["blocks"], one["first_day"], one["last_day"], one["blocks"]],
        )
        for inside, during, number in rows:
            counts[inside, during] += number
    ratio = (counts[True, True] / counts[True, False]) / (
        counts[False, True] / counts[False, False]
    )
    planted = exp(sum(log(w["sales"]) for w in past) / len(past))
    error = sqrt(sum(1 / n for n in counts.values()))
    assert abs(log(ratio / planted)) < 3 * error
    assert ratio < 0.95
