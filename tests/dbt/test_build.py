# SPDX-License-Identifier: Apache-2.0
"""What dbt builds from a fabricated town is what the town holds, in the shapes others rely on."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from duckdb import DuckDBPyConnection

from tests.dbt.conftest import Build

MARTS = {
    "ind_basket_contribution": {
        "owner_id": "VARCHAR",
        "quarter_id": "VARCHAR",
        "trade_id": "VARCHAR",
        "trade_group": "VARCHAR",
        "business_month": "DATE",
        "receipt_count": "BIGINT",
        "revenue_eur": "DECIMAL(18,2)",
    },
    "ind_vacancy": {
        "quarter_id": "VARCHAR",
        "business_month": "DATE",
        "premise_count": "BIGINT",
        "vacant_count": "BIGINT",
        "vacancy_share": "DOUBLE",
    },
    "ind_independent_shops": {
        "quarter_id": "VARCHAR",
        "business_month": "DATE",
        "shop_count": "BIGINT",
        "independent_count": "BIGINT",
        "independent_share": "DOUBLE",
    },
    "ind_local_supply": {
        "owner_id": "VARCHAR",
        "quarter_id": "VARCHAR",
        "business_month": "DATE",
        "net_eur": "DECIMAL(18,2)",
        "local_net_eur": "DECIMAL(18,2)",
    },
    "ind_event_frequency": {
        "quarter_id": "VARCHAR",
        "business_month": "DATE",
        "event_count": "BIGINT",
        "events_per_quarter": "DECIMAL(18,2)",
    },
    "ind_footfall_hourly": {
        "sensor_id": "VARCHAR",
        "quarter_id": "VARCHAR",
        "business_month": "DATE",
        "day_kind": "VARCHAR",
        "hour": "SMALLINT",
        "pedestrians_mean": "DECIMAL(18,2)",
        "observed_hours": "BIGINT",
        "missing_hours": "BIGINT",
    },
    "ind_footfall_monthly": {
        "sensor_id": "VARCHAR",
        "quarter_id": "VARCHAR",
        "business_month": "DATE",
        "pedestrians_per_day": "DECIMAL(18,2)",
        "pedestrians_sum": "BIGINT",
        "observed_hours": "BIGINT",
        "missing_hours": "BIGINT",
    },
    "ind_sensor_health": {
        "sensor_id": "VARCHAR",
        "metric": "VARCHAR",
        "state": "VARCHAR",
        "last_observed_date": "DATE",
        "observed_share": "DECIMAL(9,4)",
        "longest_gap_hours": "BIGINT",
        "finding": "VARCHAR",
    },
    "ind_member_contribution": {
        "member_id": "VARCHAR",
        "quarter_id": "VARCHAR",
        "member_kind": "VARCHAR",
    },
    "ind_delivery": {
        "source_id": "VARCHAR",
        "business_month": "DATE",
        "owner_id": "VARCHAR",
        "loaded_count": "BIGINT",
        "quarantined_count": "BIGINT",
        "refused_count": "BIGINT",
        "left_out_rows": "BIGINT",
    },
    "ind_panel_trip": {
        "panel_id": "VARCHAR",
        "quarter_id": "VARCHAR",
        "business_month": "DATE",
        "travel_mode": "VARCHAR",
    },
    "ind_panel_dwell": {
        "panel_id": "VARCHAR",
        "quarter_id": "VARCHAR",
        "business_month": "DATE",
        "minutes_band": "VARCHAR",
    },
    "ind_trade_mix": {
        "quarter_id": "VARCHAR",
        "business_month": "DATE",
        "trade_group": "VARCHAR",
        "shop_count": "BIGINT",
    },
    "fct_block_week": {
        "block_id": "VARCHAR",
        "week_start_date": "DATE",
        "owner_id": "VARCHAR",
        "trade_id": "VARCHAR",
        "receipt_count": "BIGINT",
        "revenue_eur": "DECIMAL(18,2)",
    },
    "fct_data_contribution": {
        "member_id": "VARCHAR",
        "owner_id": "VARCHAR",
        "site_id": "VARCHAR",
        "business_month": "DATE",
        "delivered_rows": "BIGINT",
        "passed_rows": "BIGINT",
        "deliveries": "BIGINT",
        "on_time_deliveries": "BIGINT",
        "receipt_lines": "BIGINT",
    },
}
CORE = {
    *("dim_quarter", "dim_block", "dim_trade", "dim_sensor", "dim_day", "dim_member", "dim_owner"),
    *("dim_site", "dim_premise", "fct_receipt", "fct_receipt_line", "fct_observation"),
    *("fct_premise_month", "fct_consent", "fct_product_sale", "fct_daily_sale", "fct_site_day"),
    *("fct_response", "fct_weather_day", "fct_event_day", "fct_calendar_day"),
    *("fct_supply_invoice", "fct_supply_line"),
    *("dim_article", "fct_production_day"),
}


# Exposures have nothing to do.
GOOD = ("success", "pass", "no-op")


def one(con: DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    row = con.execute(sql).fetchone()
    assert row is not None
    return row


def relations(con: DuckDBPyConnection, schema: str) -> set[str]:
    found = con.execute(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_catalog = 'lake' AND table_schema = ?",
        [schema],
    )
    return {str(row[0]) for row in found.fetchall()}


def test_everything_is_built_and_every_test_passes(build: Build) -> None:
    results = build.record("run_results")["results"]
    bad = {r["unique_id"]: r["message"] for r in results if r["status"].lower() not in GOOD}
    assert (build.exit_code, bad) == (0, {}), build.output[-4000:]


def test_models_lie_in_the_schema_of_their_layer(build: Build, con: DuckDBPyConnection) -> None:
    models = [
        n for n in build.record("manifest")["nodes"].values() if n["resource_type"] == "model"
    ]
    for schema in ("staging", "core", "marts"):
        wanted = {n["name"] for n in models if n["fqn"][1] == schema}
        assert relations(con, schema) == wanted
        assert {n["schema"] for n in models if n["fqn"][1] == schema} == {schema}


def test_core_has_the_shared_vocabulary(con: DuckDBPyConnection) -> None:
    assert {name for name in relations(con, "core") if not name.startswith("int_")} == CORE


@pytest.mark.parametrize("table", MARTS)
def test_mart_has_the_columns_others_rely_on(con: DuckDBPyConnection, table: str) -> None:
    described = con.execute(f"DESCRIBE marts.{table}").fetchall()
    assert {row[0]: row[1] for row in described} == MARTS[table]


def test_no_table_holds_a_type_that_the_lake_loses(con: DuckDBPyConnection) -> None:
    found = con.execute(
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()"
        " WHERE database_name = 'lake' AND schema_name IN ('core', 'marts')"
        " AND (data_type LIKE '%HUGEINT%' OR data_type LIKE 'ENUM%' OR data_type = 'FLOAT')"
    )
    assert found.fetchall() == []


def test_money_is_never_a_float(con: DuckDBPyConnection) -> None:
    found = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'lake'"
        " AND schema_name IN ('staging', 'core', 'marts') AND ends_with(column_name, '_eur')"
        " AND data_type NOT LIKE 'DECIMAL%'"
    )
    assert found.fetchall() == []


def test_revenue_is_goods_and_discounts_of_each_receipt_once(con: DuckDBPyConnection) -> None:
    delivered = one(
        con,
        """
        SELECT
            (SELECT sum(pos_brutto) FROM (
                SELECT DISTINCT bon_id, pos_zeile, pos_brutto
                FROM raw.pos_lines_vat
                SEMI JOIN (
                    SELECT * FROM raw.pos_lines WHERE gv_typ IN ('Umsatz', 'Rabatt')
                ) USING (bon_id, pos_zeile)
                SEMI JOIN (
                    SELECT * FROM raw.pos_transactions WHERE bon_typ = 'Beleg'
                ) USING (bon_id)
            ))
            + (SELECT sum(line_total) FROM raw.pos_csv_lines WHERE NOT is_service)
        """,
    )
    counted = one(con, "SELECT sum(revenue_eur) FROM core.fct_receipt")
    assert counted == delivered
    assert counted[0] > 0


def test_closing_delivered_twice_counts_once(con: DuckDBPyConnection) -> None:
    twice = "SELECT count(*) FROM staging.stg_pos_dsfinvk__closings WHERE NOT is_first_landed"
    assert one(con, twice)[0] == 23
    again = "SELECT count(*) FROM core.fct_receipt WHERE delivery_sha256 = sha256('again1')"
    assert one(con, again)[0] == 0


def test_training_receipts_are_no_receipts(con: DuckDBPyConnection) -> None:
    training = "SELECT bon_id AS receipt_id FROM raw.pos_transactions WHERE bon_typ = 'AVTraining'"
    counted = f"SELECT count(*) FROM core.fct_receipt SEMI JOIN ({training}) USING (receipt_id)"
    assert one(con, f"SELECT count(*) FROM ({training})")[0] > 0
    assert one(con, counted)[0] == 0


def test_owner_who_withdrew_is_in_no_indicator(con: DuckDBPyConnection) -> None:
    shown = "SELECT count(*) FROM marts.ind_basket_contribution WHERE owner_id = 'owner-03'"
    known = "SELECT count(*) FROM core.fct_receipt WHERE owner_id = 'owner-03'"
    assert one(con, shown)[0] == 0
    assert one(con, known)[0] > 0


def test_invoice_delivered_twice_counts_once(con: DuckDBPyConnection) -> None:
    found = "SELECT count(*), count(DISTINCT invoice_id) FROM core.fct_supply_invoice"
    assert one(con, found) == (24 * 13, 24 * 13)
    assert one(con, "SELECT count(*) FROM core.fct_supply_line") == (2 * 24 * 13,)


def test_lines_of_supply_add_up_to_their_invoices(con: DuckDBPyConnection) -> None:
    total = "SELECT sum(net_eur) FROM core.fct_supply_"
    # All invoices but one, which is a credit note, add a hundred euro.
    assert (
        one(con, f"{total}line") == one(con, f"{total}invoice") == (Decimal(100 * (24 * 13 - 2)),)
    )


def test_local_supply_is_the_third_of_purchases_that_is_local(con: DuckDBPyConnection) -> None:
    month = "SELECT sum(local_net_eur), sum(net_eur) FROM marts.ind_local_supply WHERE business_month = DATE '2026-06-01'"
    local, net = one(con, month)
    # The owner who withdrew, of a distant supplier or not, is no part of either.
    assert net == Decimal(100 * 23)
    assert local in (Decimal(700), Decimal(800))


def test_owner_of_two_shops_is_one_owner(con: DuckDBPyConnection) -> None:
    found = con.execute("SELECT owner_id FROM core.dim_owner WHERE site_count = 2").fetchall()
    assert sorted(found) == [("owner-00",), ("owner-01",)]


def test_silent_day_of_a_sensor_is_missing_not_zero(con: DuckDBPyConnection) -> None:
    february = (
        "SELECT sum(observed_hours)::INT, sum(missing_hours)::INT FROM marts.ind_footfall_hourly"
        " WHERE sensor_id = 'S-1' AND business_month = DATE '2026-02-01'"
    )
    assert one(con, february) == (648, 24)


def test_sensor_that_repeats_itself_and_falls_silent_is_found_with_its_day(
    con: DuckDBPyConnection,
) -> None:
    health = "SELECT state, last_observed_date, finding FROM marts.ind_sensor_health"
    assert one(con, f"{health} WHERE sensor_id = 'S-3'") == (
        "verstummt",
        date(2026, 5, 31),
        "Keine Messung seit 01.06.2026, davor 48 Stunden lang derselbe Wert",
    )


def test_sensor_without_a_fault_measures(con: DuckDBPyConnection) -> None:
    sql = "SELECT state, observed_share FROM marts.ind_sensor_health WHERE sensor_id = 'S-4'"
    assert one(con, sql) == ("misst", Decimal("1.0000"))


def test_station_of_air_has_one_line_of_health_per_pollutant(con: DuckDBPyConnection) -> None:
    sql = "SELECT metric, observed_share FROM marts.ind_sensor_health WHERE sensor_id = 'S-5'"
    shares = dict(con.execute(sql).fetchall())
    assert set(shares) == {"pm10", "ozone", "no2", "pm2_5"}
    assert shares["no2"] == Decimal("0.9583")


def test_bicycles_are_no_pedestrians(con: DuckDBPyConnection) -> None:
    sql = "SELECT DISTINCT sensor_id FROM marts.ind_footfall_monthly ORDER BY 1"
    assert con.execute(sql).fetchall() == [("S-1",), ("S-2",)]


@pytest.mark.parametrize(("month", "hours"), [("2025-10-01", 745), ("2026-03-01", 743)])
def test_month_of_the_clock_change_has_its_own_number_of_hours(
    con: DuckDBPyConnection, month: str, hours: int
) -> None:
    sql = (
        "SELECT sum(observed_hours)::INT, sum(missing_hours)::INT FROM marts.ind_footfall_hourly"
        f" WHERE sensor_id = 'S-1' AND business_month = DATE '{month}'"
    )
    assert one(con, sql) == (hours, 0)


def test_late_delivery_costs_timeliness(con: DuckDBPyConnection) -> None:
    sql = (
        "SELECT business_month, deliveries - on_time_deliveries FROM marts.fct_data_contribution"
        " WHERE deliveries > on_time_deliveries"
    )
    assert con.execute(sql).fetchall() == [(date(2026, 5, 1), 1)]


def test_corrected_wave_replaces_the_earlier_export_of_it(con: DuckDBPyConnection) -> None:
    counted = (
        "SELECT count(*), max(walking_minutes) FROM core.fct_response WHERE month(wave_month) = 5"
    )
    assert one(con, counted) == (119, 115)


def test_person_who_answered_twice_in_a_wave_counts_once(con: DuckDBPyConnection) -> None:
    twice = (
        "SELECT travel_mode FROM core.fct_response"
        " WHERE panel_id = 'panel-000' AND wave_month = DATE '2026-02-01'"
    )
    assert con.execute(twice).fetchall() == [("auto",)]


def test_former_member_is_not_counted(con: DuckDBPyConnection) -> None:
    assert one(con, "SELECT count(*) FROM marts.ind_member_contribution")[0] == 39


def test_source_that_is_not_there_is_an_empty_table(con: DuckDBPyConnection) -> None:
    assert one(con, "SELECT count(*) FROM core.fct_product_sale")[0] == 0


def test_line_amounts_keep_five_places(con: DuckDBPyConnection) -> None:
    sample = one(con, "SELECT gross_eur FROM core.fct_receipt_line LIMIT 1")[0]
    assert isinstance(sample, Decimal)
    assert sample.as_tuple().exponent == -5


def test_order_of_raw_rows_changes_no_table(build: Build) -> None:
    before = build.lake.content_hashes()
    with build.lake.writer() as con:
        names = con.execute(
            "SELECT table_name FROM duckdb_tables()"
            " WHERE database_name = 'lake' AND schema_name = 'raw'"
        ).fetchall()
        for (name,) in names:
            con.execute(
                f"CREATE OR REPLACE TABLE raw.{name} AS"
                f" SELECT * FROM raw.{name} ORDER BY _row_number DESC"
            )
    again = build.dbt("run", "--no-use-colors", "--quiet")
    assert again.returncode == 0, again.stdout[-2000:]
    assert build.lake.content_hashes() == before
