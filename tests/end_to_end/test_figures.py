# SPDX-License-Identifier: Apache-2.0
"""The figures of the marts and of the release are the planted truth, to the cent and to the head."""

from collections import Counter, defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import exp
from statistics import mean

from tests.end_to_end.town import Row, Town, money

CENT = Decimal("0.01")


def _per(rows: list[Row], *keys: str) -> dict[tuple[str, ...], tuple[int, Decimal]]:
    """Receipts and revenue added up by some columns."""
    counts: Counter[tuple[str, ...]] = Counter()
    sums: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for row in rows:
        key = tuple(str(row[k]) for k in keys)
        counts[key] += row["receipt_count"]
        sums[key] += Decimal(row["revenue_eur"])
    return {key: (counts[key], sums[key]) for key in counts}


def _truth_of_owners(town: Town) -> list[Row]:
    return [
        row | {"owner_id": town.pseudonym("owner", row["owner_no"])}
        for row in town.truth["receipts"]
        if row["consented"]
    ]


def test_receipts_and_revenue_of_every_owner_are_the_truth_to_the_cent(town: Town) -> None:
    keys = ("owner_id", "quarter_id", "trade_id", "trade_group", "business_month")
    found = _per(town.records("SELECT * FROM marts.ind_basket_contribution"), *keys)
    assert found == _per(_truth_of_owners(town), *keys)


def test_quarters_and_trade_groups_add_up_to_the_true_cells(town: Town) -> None:
    mart = town.records("SELECT * FROM marts.ind_basket_contribution")
    for cells, keys in (
        ("quarter", ("quarter_id", "business_month")),
        ("trade_group", ("trade_group", "business_month")),
        ("quarter_trade_group", ("quarter_id", "trade_group", "business_month")),
    ):
        assert _per(mart, *keys) == _per(town.truth["cells"][cells], *keys)


def test_cells_have_as_many_owners_as_in_truth(town: Town) -> None:
    found = town.rows(
        "SELECT quarter_id, trade_group, business_month::VARCHAR, count(DISTINCT owner_id) "
        "FROM marts.ind_basket_contribution GROUP BY ALL"
    )
    cells = town.truth["cells"]["quarter_trade_group"]
    assert {row[:3]: row[3] for row in found} == {
        (c["quarter_id"], c["trade_group"], c["business_month"]): c["owners"] for c in cells
    }


def test_published_mean_baskets_are_the_truth_to_the_cent(town: Town) -> None:
    for table, column in (("basket_by_quarter", "quarter_id"),
                          ("basket_by_trade_group", "trade_group")):  # fmt: skip
        truth = _per(_truth_of_owners(town), column, "business_month")
        whole = _per(_truth_of_owners(town), "business_month")
        for row in town.published(table):
            if row["status"] != "veröffentlicht":
                continue
            month = row["business_month"]
            count, revenue = whole[(month,)] if row[column] == "ALLE" else truth[row[column], month]
            assert int(row["receipt_count"]) == count
            assert money(row["mean_basket_eur"]) == (revenue / count).quantize(CENT, ROUND_HALF_UP)


def test_the_tills_own_totals_are_the_truth(town: Town) -> None:
    row = town.rows("SELECT sum(total_eur), sum(revenue_eur) FROM core.fct_receipt")[0]
    counted = _counted(town)
    assert row[0] == sum(money(r["gross_eur"]) - money(r["tips_eur"]) for r in counted)
    assert row[1] == sum(money(r["revenue_eur"]) for r in counted)


def _counted(town: Town) -> list[Row]:
    """All true receipts but those of deliveries that the door refuses after a withdrawal."""
    withdrawn = town.plant("withdrawn_consent")
    month = withdrawn["withdrawn_on"][:7] + "-01"
    return [
        r
        for r in town.truth["receipts"]
        if r["owner_no"] != withdrawn["owner_no"] or r["business_month"] < month
    ]


def test_tips_of_the_staff_stay_outside_and_are_exactly_the_true_ones(town: Town) -> None:
    withheld = town.rows(
        "SELECT sum(reported_total_eur - total_eur) FROM core.fct_receipt "
        "WHERE reported_total_eur IS NOT NULL"
    )[0][0]
    assert withheld == money(town.truth["totals"]["tips_eur"])
    assert withheld > 0
    kinds = town.rows("SELECT DISTINCT gv_typ FROM raw.pos_lines")
    assert not any("trinkgeld" in str(kind).casefold() for (kind,) in kinds)


def test_deposits_are_no_revenue_and_are_the_true_ones(town: Town) -> None:
    found = town.rows(
        "SELECT sum(gross_eur) FROM core.fct_receipt_line WHERE line_kind = 'deposit'"
    )
    assert found[0][0] == sum(money(r["deposit_eur"]) for r in _counted(town))


def test_vacancy_is_the_truth(town: Town) -> None:
    found = town.records("SELECT * FROM marts.ind_vacancy")
    assert {
        (r["quarter_id"], str(r["business_month"])): (r["premise_count"], r["vacant_count"])
        for r in found
    } == {
        (t["quarter_id"], t["business_month"]): (t["premise_count"], t["vacant_count"])
        for t in town.truth["vacancy"]
    }


def test_independent_shops_are_the_truth(town: Town) -> None:
    found = town.records("SELECT * FROM marts.ind_independent_shops")
    assert {
        (r["quarter_id"], str(r["business_month"])): (r["shop_count"], r["independent_count"])
        for r in found
    } == {
        (t["quarter_id"], t["business_month"]): (t["shop_count"], t["independent_count"])
        for t in town.truth["independent_shops"]
    }


def test_published_shares_of_the_town_are_those_of_its_quarters_together(town: Town) -> None:
    for table, whole, part, share in (
        ("vacancy", "premise_count", "vacant_count", "vacancy_share"),
        ("independent_shops", "shop_count", "independent_count", "independent_share"),
    ):
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for row in town.truth[table]:
            sums[row["business_month"]][0] += row[whole]
            sums[row["business_month"]][1] += row[part]
        town_rows = [r for r in town.published(table) if r["quarter_id"] == "ALLE"]
        assert len(town_rows) == len(sums)
        for row in town_rows:
            total, some = sums[row["business_month"]]
            assert (int(row[whole]), int(row[part])) == (total, some)
            assert abs(float(row[share]) - some / total) < 1e-6


def test_footfall_of_every_sensor_and_month_is_the_truth(town: Town) -> None:
    found = town.rows(
        "SELECT sensor_id, business_month::VARCHAR, sum(observed_value)::BIGINT "
        "FROM core.fct_observation WHERE metric = 'pedestrians' GROUP BY ALL"
    )
    assert {row[:2]: row[2] for row in found} == {
        (t["sensor_id"], t["business_month"]): t["pedestrians_sum"] for t in town.truth["footfall"]
    }


def test_observed_and_missing_hours_are_the_truth(town: Town) -> None:
    found = town.rows(
        "SELECT sensor_id, business_month::VARCHAR, sum(observed_hours)::BIGINT, "
        "sum(missing_hours)::BIGINT FROM marts.ind_footfall_hourly GROUP BY ALL"
    )
    assert {row[:2]: row[2:] for row in found} == {
        (t["sensor_id"], t["business_month"]): (t["observed_hours"], t["missing_hours"])
        for t in town.truth["footfall"]
    }


def test_the_outage_of_a_sensor_is_missing_and_not_zero(town: Town) -> None:
    plant = town.plant("sensor_outage")
    found = town.rows(
        "SELECT count(*), min(observed_value) FROM core.fct_observation WHERE sensor_id = ? "
        "AND observed_at >= CAST(? AS TIMESTAMP) AT TIME ZONE 'Europe/Berlin' "
        "AND observed_at < CAST(? AS TIMESTAMP) AT TIME ZONE 'Europe/Berlin' "
        "+ to_hours(?)",
        [plant["sensor"], plant["from"], plant["from"], plant["hours"]],
    )
    assert found == [(0, None)]


def test_october_has_its_hour_twice_and_march_its_hour_not_at_all(town: Town) -> None:
    hours = dict(
        town.rows(
            "SELECT business_month, sum(observed_hours + missing_hours)::BIGINT "
            "FROM marts.ind_footfall_hourly WHERE sensor_id = 'FR-ALT-1' GROUP BY 1"
        )
    )
    assert hours[date(2025, 10, 1)] == hours[date(2026, 10, 1)] == 745
    assert hours[date(2026, 3, 1)] == 743


def test_the_festival_factor_is_recovered_from_footfall_within_ten_percent(town: Town) -> None:
    festival = town.truth["festival"]
    sums: dict[tuple[str, date], float] = {
        (sensor, day): float(value) / _of_weather(town, day)
        for sensor, day, value in town.rows(
            "SELECT sensor_id, observed_date, sum(observed_value) FROM core.fct_observation "
            "WHERE business_month BETWEEN DATE '2026-08-01' AND DATE '2026-10-01' "
            "AND metric = 'pedestrians' GROUP BY ALL"
        )
    }
    ratios = []
    for text in festival["days"]:
        day = date.fromisoformat(text)
        for sensor in {s for s, _ in sums}:
            around = [
                sums[sensor, date.fromordinal(day.toordinal() + 7 * weeks)]
                for weeks in (-3, -2, -1, 1, 2, 3)
            ]
            ratios.append(sums[sensor, day] / mean(around))
    assert abs(mean(ratios) / festival["factor"] - 1) < 0.10


def _of_weather(town: Town, day: date) -> float:
    """What the true weather of a day does to footfall, against what is usual then."""
    truth = town.truth["conditions"]
    effect = truth["weather_effects"]["footfall"]
    (weather,) = [w for w in truth["weather"] if w["day_date"] == day.isoformat()]
    (usual,) = [u for u in truth["usual"] if u["day_date"] == day.isoformat()]
    warmer = min(max(weather["temperature_max_c"] - usual["temperature_max_c"], -10), 10)
    wetter = (weather["precipitation_mm"] >= 1) - usual["rain_share"]
    return exp(effect["temperature"] * warmer + effect["rain"] * wetter)


def test_members_by_quarter_and_kind_are_the_truth(town: Town) -> None:
    found = town.rows(
        "SELECT quarter_id, member_kind, count(*) FROM marts.ind_member_contribution GROUP BY ALL"
    )
    assert {row[:2]: row[2] for row in found} == {
        (t["quarter_id"], t["member_kind"]): t["member_count"]
        for t in town.truth["members"]["by_quarter_kind"]
    }


def test_members_shops_and_tills_are_all_there(town: Town) -> None:
    truth = town.truth["members"]
    for table, column, expected in (
        ("core.dim_member", "member_id", truth["members"]),
        ("core.dim_site", "site_id", truth["sites"]),
        ("raw.members_sites", "till_id", truth["tills"]),
    ):
        assert town.rows(f"SELECT count(DISTINCT {column}) FROM {table}") == [(expected,)]


def test_shops_of_one_owner_are_one_contributor(town: Town) -> None:
    for owner in town.truth["members"]["owners_with_several_shops"]:
        found = town.rows(
            "SELECT count(DISTINCT site_id) FROM core.dim_site WHERE owner_id = ?",
            [town.pseudonym("owner", owner)],
        )
        assert found[0][0] >= 2


def test_sales_are_the_true_ones_to_the_cent(town: Town) -> None:
    found = town.rows(
        "SELECT invoice_number, product_id, net_eur, vat_eur, gross_eur FROM core.fct_product_sale"
    )
    assert {row[0]: row[1:] for row in found} == {
        t["rechnung_nr"]: (
            t["produkt_id"], money(t["netto"]), money(t["ust"]), money(t["brutto"]),
        )
        for t in town.truth["sales"]
    }  # fmt: skip


def test_revenue_of_the_fiscal_year_is_booked_by_product_and_buyer(town: Town) -> None:
    found = town.rows(
        "SELECT buyer_kind, product_id, sum(net_eur) FROM ledger.revenue "
        "WHERE fiscal_year = '2025-26' GROUP BY ALL"
    )
    assert {row[:2]: row[2] for row in found} == {
        (kind, product): money(net)
        for kind, products in town.truth["sales_totals"].items()
        for product, net in products.items()
    }
