# SPDX-License-Identifier: Apache-2.0
"""What the second cooperative publishes: only what it has, signed, and the same the second time."""

import html
import json
import re
from typing import Any

from duckdb import DuckDBPyConnection

from orchestration.definitions import build_definitions
from tests.second_cooperative.conftest import Run, Second
from tests.second_cooperative.founded import NOT_APPROVED, NOT_RELEASED, SENSORS

NO_CONTRACT = ("pos_dsfinvk", "footfall_hystreet", "vacancy_register", "product_sales")
WITHOUT_DATA = ("vacancy", "independents", "walking_trips", "events", "local_supply")


def words(second: Second, page: str) -> str:
    """What a page says, without its markup."""
    text = (second.run.reports["portal"].path / page).read_text("utf-8")
    text = re.sub(r"<(script|style).*?</\1>", "", text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_the_pipeline_runs_through_without_a_word_of_fault(second: Second) -> None:
    assert second.run.problem is None
    assert second.run.reports["quarantine"] == []
    assert second.run.reports["statements"].problems == []
    outcome = second.run.reports["dbt"]
    assert {kind.split(":")[1] for kind in outcome} <= {"success", "pass", "no-op"}


def test_sources_without_a_contract_are_empty_and_break_nothing(
    second: Second, con: DuckDBPyConnection
) -> None:
    assert not set(NO_CONTRACT) & set(second.house.contracts)
    for table in ("core.dim_premise", "marts.ind_vacancy", "core.fct_product_sale"):
        assert con.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_no_edge_of_the_graph_hangs(second: Second) -> None:
    definitions = build_definitions(second.house)
    assets: list[Any] = list(definitions.assets or [])
    known = {s.key for a in assets for s in (getattr(a, "specs", None) or [a])}
    assert set(definitions.resolve_asset_graph().get_all_asset_keys()) == known


def test_components_without_data_are_missing_with_a_reason(con: DuckDBPyConnection) -> None:
    rows = con.execute(
        "SELECT component, status, value, score, reason IS NOT NULL FROM release.vitality_component"
    ).fetchall()
    assert set(rows) == {
        *((name, "fehlt", None, None, True) for name in WITHOUT_DATA),
        ("basket", "unterdrückt", None, None, True),
    }
    assert len(rows) == 6 * 2 * 13


def test_the_index_is_missing_not_invented(con: DuckDBPyConnection) -> None:
    rows = con.execute(
        "SELECT DISTINCT status, index_value, components_available FROM release.vitality_index"
    ).fetchall()
    assert rows == [("fehlt", None, 0)]


def test_the_index_page_says_that_the_index_is_missing(second: Second) -> None:
    assert "Dezember 2011 Gesamte Stadt fehlt" in words(second, "vitalitaet/index.html")
    assert "auf 0 von 6 Bestandteilen" in words(second, "index.html")


def test_the_page_shows_the_sensors_with_their_curves(second: Second) -> None:
    page = words(second, "fussverkehr/index.html")
    for name in SENSORS:
        assert f"{name}, Menschen je Stunde im Dezember 2016" in page


def test_a_table_without_approval_waits_and_its_page_says_so(
    second: Second, con: DuckDBPyConnection
) -> None:
    assert second.run.reports["waiting"] == list(NOT_APPROVED)
    assert con.execute("SELECT count(*) FROM release.members").fetchone() == (0,)
    assert "noch nicht freigegeben" in words(second, "genossenschaft/index.html")


def test_only_tables_with_rows_are_in_the_edition(second: Second) -> None:
    edition = second.run.reports["edition"].path
    there = {path.stem for path in edition.rglob("*.csv")}
    assert {"footfall_hourly", "vitality_index", "quarter", "sensor"} <= there
    assert not there & {*NOT_APPROVED, *NOT_RELEASED, "vacancy"}


def test_the_manifest_names_the_contracts_there_are_and_no_simulator(second: Second) -> None:
    path = second.run.reports["edition"].path / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    assert set(manifest["contracts"]) == set(second.house.contracts)
    assert not manifest.get("simulator")


def test_the_edition_verifies(second: Second) -> None:
    result = second.ortskern("verify")
    assert result.exit_code == 0, result.output
    assert "Die Ausgabe ist unversehrt" in result.output


def test_a_second_run_changes_no_table(second: Second, again: Run) -> None:
    assert again.problem is None
    assert again.tables == second.run.tables
    assert again.reports["dbt"] == "unverändert"


def test_a_second_run_builds_no_page_and_no_edition(second: Second, again: Run) -> None:
    assert again.reports["portal"].rebuilt is False
    assert again.reports["edition"].is_new is False
    assert again.reports["edition"].manifest_sha256 == second.run.reports["edition"].manifest_sha256
