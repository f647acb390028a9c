# SPDX-License-Identifier: Apache-2.0
"""What becomes of registered experiments in the lake: booked once, evaluated as booked, shown only if they may be.

Belongs here: the steps between ledger, evaluation and marts on a lake with fabricated weeks. Does not
belong here: the statistics (``tests/analysis/experiments``), a whole run (``tests/end_to_end``).
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import yaml
from duckdb import DuckDBPyConnection

from foundation import ledger
from orchestration.assets.experiments import Outcome, evaluations, registration_rows, write_results
from orchestration.house import House
from tests.analysis.experiments.towns import block_weeks, event_days

ENTRY, RECORD = (
    Path("experiments/sommergassen.yaml"),
    Path("experiments/registrations/sommergassen.yaml"),
)


def put(con: DuckDBPyConnection, schema: str, table: str, frame: pd.DataFrame) -> None:
    """A table of the lake, as the models would have built it."""
    con.register("fabricated", frame)
    con.execute(f"CREATE OR REPLACE TABLE lake.{schema}.{table} AS SELECT * FROM fabricated")
    con.unregister("fabricated")


@pytest.fixture
def con(house: House) -> Iterator[DuckDBPyConnection]:
    """A writing connection to a lake with one town's weeks and the sample's registration."""
    with house.lakehouse.writer() as connection:
        put(connection, "marts", "fct_block_week", block_weeks(1, with_effect=True, scale=1.0))
        put(connection, "core", "fct_event_day", event_days())
        ledger.append(connection, "experiment", registration_rows(house), as_of=house.as_of)
        yield connection


@pytest.fixture
def found(house: House, con: DuckDBPyConnection) -> Outcome:
    """The evaluations, without problems."""
    result = evaluations(house, con)
    assert result.problems == []
    return result


def count(con: DuckDBPyConnection, table: str) -> int:
    row = con.execute(f"SELECT count(*) FROM lake.{table}").fetchone()
    assert row is not None
    return int(row[0])


def test_the_samples_registration_is_booked_once(house: House, con: DuckDBPyConnection) -> None:
    rows = registration_rows(house)
    assert ledger.append(con, "experiment", rows, as_of=house.as_of) == 0
    assert ledger.verify_chain(con, ["experiment"]) == {"experiment": 1}


def test_a_registered_experiment_that_is_over_is_evaluated(found: Outcome) -> None:
    assert [e.entry.id for e in found.found] == ["sommergassen"]
    assert found.found[0].verdict.kind == "belegt"


def test_results_stand_in_three_tables(
    house: House, con: DuckDBPyConnection, found: Outcome
) -> None:
    counts = write_results(house, con, found)
    assert counts == {"fct_experiment_estimate": 3, "ind_experiment": 1, "ind_experiment_week": 50}
    assert {t: count(con, f"marts.{t}") for t in counts} == counts


def test_the_same_results_are_not_written_again(
    house: House, con: DuckDBPyConnection, found: Outcome
) -> None:
    write_results(house, con, found)
    before = con.execute("SELECT max(snapshot_id) FROM lake.snapshots()").fetchone()
    again = evaluations(house, con)
    assert (again.found, again.kept) == ([], ["sommergassen"])
    write_results(house, con, again)
    assert con.execute("SELECT max(snapshot_id) FROM lake.snapshots()").fetchone() == before


def test_a_dominated_group_leaves_no_row_for_release(house: House, con: DuckDBPyConnection) -> None:
    con.execute(
        """UPDATE lake.marts.fct_block_week SET receipt_count = receipt_count * 40
        WHERE block_id IN ('NOR-02', 'SUE-04') AND trade_id = 'cafe'"""
    )
    found = evaluations(house, con)
    write_results(house, con, found)
    reasons = con.execute(
        "SELECT DISTINCT withheld_reason FROM lake.marts.fct_experiment_estimate"
    ).fetchall()
    assert reasons == [("ein Betrieb macht zu viel aus",)]
    assert (count(con, "marts.ind_experiment"), count(con, "marts.ind_experiment_week")) == (0, 0)


def test_a_group_of_too_few_owners_leaves_no_row_for_release(
    house: House, con: DuckDBPyConnection
) -> None:
    con.execute(
        "DELETE FROM lake.marts.fct_block_week WHERE block_id = 'SUE-04' AND trade_id <> 'cafe'"
    )
    found = evaluations(house, con)
    write_results(house, con, found)
    assert found.found[0].prepared.owners(("NOR-02", "SUE-04")) == 4
    assert count(con, "marts.ind_experiment") == 0


def test_a_result_that_may_not_leave_any_more_is_taken_back(
    house: House, con: DuckDBPyConnection, found: Outcome
) -> None:
    write_results(house, con, found)
    write_results(house, con, Outcome())
    assert (count(con, "marts.ind_experiment"), count(con, "marts.ind_experiment_week")) == (0, 0)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_changed_wording_is_not_evaluated(
    house: House, con: DuckDBPyConnection, cooperative: Path
) -> None:
    change(cooperative / ENTRY, "minimum_relevant_percent: 5 ", "minimum_relevant_percent: 2 ")
    outcome = evaluations(house, con)
    assert outcome.found == []
    assert "der Wortlaut von Fassung 1 ist nicht der angemeldete" in outcome.problems[0]


def test_a_registration_changed_by_hand_is_not_the_one_in_the_ledger(
    house: House, con: DuckDBPyConnection, cooperative: Path
) -> None:
    change(cooperative / RECORD, "2026-05-12", "2026-05-01")
    outcome = evaluations(house, con)
    assert outcome.found == []
    assert "ist nicht die im Buch; die Datei zurücksetzen" in outcome.problems[0]


def test_an_entry_that_was_never_registered_waits(
    house: House, con: DuckDBPyConnection, cooperative: Path
) -> None:
    (cooperative / RECORD).unlink()
    assert evaluations(house, con) == Outcome()


def test_a_published_result_stays_when_a_shop_withdraws(
    house: House, con: DuckDBPyConnection, found: Outcome
) -> None:
    def told() -> list[tuple[object, ...]]:
        tables = ("fct_experiment_estimate", "ind_experiment", "ind_experiment_week")
        return [
            row
            for table in tables
            for row in con.execute(f"SELECT * FROM lake.marts.{table} ORDER BY ALL").fetchall()
        ]

    write_results(house, con, found)
    before = told()
    con.execute(
        """DELETE FROM lake.marts.fct_block_week WHERE owner_id =
        (SELECT min(owner_id) FROM lake.marts.fct_block_week WHERE block_id = 'NOR-02')"""
    )
    write_results(house, con, evaluations(house, con))
    assert told() == before


def test_an_entry_that_was_taken_away_is_missed_and_its_result_stays(
    house: House, con: DuckDBPyConnection, found: Outcome, cooperative: Path
) -> None:
    write_results(house, con, found)
    (cooperative / ENTRY).unlink()
    outcome = evaluations(house, con)
    write_results(house, con, outcome)
    (problem,) = outcome.problems
    assert "experiments/sommergassen.yaml fehlt; die Datei zurückholen" in problem
    assert count(con, "marts.ind_experiment") == 1


def test_a_registration_that_was_booked_late_is_told(found: Outcome) -> None:
    # The sample's ledger begins with its first run, on 22.11.2026.
    assert "kam erst am 22.11.2026 ins Buch" in found.found[0].verdict.limits


def test_an_experiment_that_runs_is_not_evaluated(
    house: House, con: DuckDBPyConnection, cooperative: Path
) -> None:
    path = cooperative / "cooperative.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    content["as_of"] = "2026-09-20T06:00:00+02:00"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    assert evaluations(House(house.settings), con) == Outcome()
