# SPDX-License-Identifier: Apache-2.0
"""Which tables the portal's pages know, with their columns.

Belongs here: released tables and summaries by name, column and type. Does not belong here: building
the pages (``portal.py``), deciding what is released (the gate).
"""

from collections.abc import Mapping

_CELL = {"status": "VARCHAR", "reason": "VARCHAR", "figure_code": "VARCHAR"}
_QUARTER_MONTH = {"quarter_id": "VARCHAR", "business_month": "DATE"}
_TEXTS = """experiment_id title hypothesis verdict limits verdict_kind registration_sha256
plan_change treated_units left_out method cost_text blueprint nuances contact"""
_NUMBERS = """effect_percent low_percent high_percent p_space p_time minimum_relevant_percent
power_share detectable_percent"""
_EXPERIMENT = {
    **dict.fromkeys(_TEXTS.split(), "VARCHAR"),
    **dict.fromkeys(_NUMBERS.split(), "DOUBLE"),
    **dict.fromkeys(("version", "control_count", "owner_count"), "INTEGER"),
    **dict.fromkeys(("registered_on", "start_date", "end_date"), "DATE"),
    "cost_eur": "DECIMAL(18,2)",
}

RELEASED: Mapping[str, Mapping[str, str]] = {
    "basket_by_quarter": {
        **_QUARTER_MONTH,
        "mean_basket_eur": "DECIMAL(18,2)",
        "receipt_count": "BIGINT",
        **_CELL,
    },
    "basket_by_trade": {
        "trade_id": "VARCHAR",
        "business_month": "DATE",
        "mean_basket_eur": "DECIMAL(18,2)",
        "receipt_count": "BIGINT",
        **_CELL,
    },
    "basket_by_trade_group": {
        "trade_group": "VARCHAR",
        "business_month": "DATE",
        "mean_basket_eur": "DECIMAL(18,2)",
        "receipt_count": "BIGINT",
        **_CELL,
    },
    "vacancy": {
        **_QUARTER_MONTH,
        "premise_count": "BIGINT",
        "vacant_count": "BIGINT",
        "vacancy_share": "DOUBLE",
        **_CELL,
    },
    "independent_shops": {
        **_QUARTER_MONTH,
        "shop_count": "BIGINT",
        "independent_count": "BIGINT",
        "independent_share": "DOUBLE",
        **_CELL,
    },
    "local_supply": {**_QUARTER_MONTH, "local_share": "DOUBLE", **_CELL},
    "event_frequency": {
        **_QUARTER_MONTH,
        "event_count": "BIGINT",
        "events_per_quarter": "DECIMAL(18,2)",
        **_CELL,
    },
    "footfall_hourly": {
        "sensor_id": "VARCHAR",
        **_QUARTER_MONTH,
        "day_kind": "VARCHAR",
        "hour": "SMALLINT",
        "pedestrians_mean": "DECIMAL(18,2)",
        **_CELL,
    },
    "footfall_monthly": {
        "sensor_id": "VARCHAR",
        **_QUARTER_MONTH,
        "pedestrians_per_day": "DECIMAL(18,2)",
        "pedestrians_sum": "BIGINT",
        "observed_hours": "BIGINT",
        "missing_hours": "BIGINT",
        **_CELL,
    },
    "sensor_health": {
        "sensor_id": "VARCHAR",
        "metric": "VARCHAR",
        "state": "VARCHAR",
        "last_observed_date": "DATE",
        "observed_share": "DECIMAL(9,4)",
        "longest_gap_hours": "BIGINT",
        "finding": "VARCHAR",
        **_CELL,
    },
    "members": {
        "quarter_id": "VARCHAR",
        "member_kind": "VARCHAR",
        "member_count": "BIGINT",
        **_CELL,
    },
    "deliveries": {
        "source_id": "VARCHAR",
        "business_month": "DATE",
        "loaded_count": "BIGINT",
        "quarantined_count": "BIGINT",
        "refused_count": "BIGINT",
        "left_out_rows": "BIGINT",
        **_CELL,
    },
    "panel_trips": {
        **_QUARTER_MONTH,
        "travel_mode": "VARCHAR",
        "person_count": "BIGINT",
        **_CELL,
    },
    "panel_dwell": {
        **_QUARTER_MONTH,
        "minutes_band": "VARCHAR",
        "person_count": "BIGINT",
        **_CELL,
    },
    "trade_mix": {
        **_QUARTER_MONTH,
        "trade_group": "VARCHAR",
        "shop_count": "BIGINT",
        **_CELL,
    },
    "north_star": {
        **_QUARTER_MONTH,
        "value": "DOUBLE",
        "low": "DOUBLE",
        "high": "DOUBLE",
        "cents_per_minute": "DOUBLE",
        "revenue_eur": "DECIMAL(18,2)",
        "minutes": "BIGINT",
        "mean_minutes": "DOUBLE",
        "diversity_factor": "DOUBLE",
        "reachability_factor": "DOUBLE",
        **_CELL,
    },
    "experiment": {**_EXPERIMENT, **_CELL},
    "experiment_week": {
        "experiment_id": "VARCHAR",
        "week_start_date": "DATE",
        "treated_index": "DOUBLE",
        "synthetic_index": "DOUBLE",
        "phase": "VARCHAR",
        **_CELL,
    },
    "vitality_index": {
        **_QUARTER_MONTH,
        "index_value": "DOUBLE",
        "components_available": "BIGINT",
        "components_total": "BIGINT",
        "weight_available": "DOUBLE",
        **_CELL,
    },
    "vitality_component": {
        **_QUARTER_MONTH,
        "component": "VARCHAR",
        "value": "DOUBLE",
        "unit": "VARCHAR",
        "score": "DOUBLE",
        "weight": "DOUBLE",
        **_CELL,
    },
    "provenance": {
        "table_name": "VARCHAR",
        "title": "VARCHAR",
        "definition": "VARCHAR",
        "definition_hash": "VARCHAR",
        "rules_hash": "VARCHAR",
        "approved_by": "VARCHAR",
        "approved_on": "DATE",
        "minutes": "VARCHAR",
        "source_models": "VARCHAR",
        "contracts": "VARCHAR",
        "deliveries": "VARCHAR",
        "snapshot": "VARCHAR",
        "code_revision": "VARCHAR",
    },
    "quarter": {"quarter_id": "VARCHAR", "name": "VARCHAR"},
    "sensor": {"sensor_id": "VARCHAR", "name": "VARCHAR", "quarter_id": "VARCHAR"},
}
"""Released tables that pages show: column to type. ``source_models`` is a JSON list, ``contracts``
a JSON object of id to version."""

_CONTRACT = """id name version owner purpose legal_basis recipients retention protection picture
notice"""
_FIELD = "contract table field description classification handling"
_COOPERATIVE = """name town address register vat_id represented_by audit_association contact_name
contact_role contact_telephone contact_mail organs data_protection_contact authority server_logs
edition_id edition_date as_of snapshot code_revision transparency_report"""
_CATALOGUE = "art id titel beschreibung zeitraum aktualisierung quellen lizenz zugang dateien"

BOARD: Mapping[str, Mapping[str, str]] = {
    "contracts": dict.fromkeys(_CONTRACT.split(), "VARCHAR"),
    "contract_fields": dict.fromkeys(_FIELD.split(), "VARCHAR"),
    "cooperative": dict.fromkeys(_COOPERATIVE.split(), "VARCHAR"),
    "catalogue": dict.fromkeys(_CATALOGUE.split(), "VARCHAR"),
}
"""Summaries that only feed the pages: column to type. ``cooperative`` has one row; its ``organs``
holds one organ per line, "Name: what it decides"; dates are ISO text. ``picture`` is a name that
``components/Picture.svelte`` draws, ``handling`` one of keep, drop, pseudonym, register."""

OF_THIS_EDITION = {"provenance": "table_name", "catalogue": "id"}
"""Tables that speak of other tables: the column that names them."""
