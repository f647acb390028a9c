# SPDX-License-Identifier: Apache-2.0
"""What shops are told to order: quantities where slips allow them, and one record of each proposal."""

from tests.end_to_end.town import Town


def test_quantities_go_to_shops_with_slips_and_no_others(town: Town) -> None:
    keeping = {town.pseudonym("site", n) for n in town.truth["production"]["sites_with_slips"]}
    rows = town.rows("SELECT site_id, order_quantity FROM marts.fct_order_proposal")
    told = {site for site, quantity in rows if quantity is not None}
    assert told
    assert told <= keeping
    assert {site for site, _ in rows} - keeping


def test_each_proposal_is_recorded_once(town: Town) -> None:
    found = town.rows(
        "SELECT count(*), count(DISTINCT (site_id, article_number, issued_date)) FROM ledger.order_proposal"
    )
    proposed = town.rows("SELECT count(*) FROM marts.fct_order_proposal")[0][0]
    assert found == [(proposed, proposed)]


def test_days_sold_out_are_in_no_measure(town: Town) -> None:
    """Compared are open days of the four weeks of the look back, less those sold out."""
    found = town.rows(
        """WITH sold_out AS (
            SELECT site_id, article_number, count(*) AS days FROM core.fct_production_day
            WHERE day_date > DATE '2026-11-21' - 28 AND (sold_out_at IS NOT NULL OR left_over_quantity = 0)
            GROUP BY ALL)
        SELECT count(*), count(*) FILTER (b.day_count > 28 - s.days)
        FROM marts.fct_backtest b JOIN sold_out s USING (site_id, article_number)"""
    )
    assert found[0][0] > 0
    assert found[0][1] == 0
