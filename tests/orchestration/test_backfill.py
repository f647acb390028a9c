# SPDX-License-Identifier: Apache-2.0
"""A day or a month that a steward asks for in Dagster's user interface: in one run, the deliveries of no other day.

Belongs here: the request that the interface sends, and what the daemon makes of it. Does not belong here: the graph
(``test_graph.py``), loading itself (``tests/ingestion``).
"""

import logging
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.execution.backfill import BulkActionStatus
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget
from dagster._daemon.backfill import execute_backfill_iteration
from dagster_graphql.schema import create_schema

from foundation.keys import open_keys
from foundation.lakehouse import Lakehouse
from foundation.settings import load_settings
from ingestion.landing import land_inbox
from orchestration.assets.ingestion import landing_asset, raw_assets, source_specs
from orchestration.house import House, open_house, silent
from orchestration.jobs import RANGE_END, RANGE_START
from tests.ingestion.pos.samples import TILL, Home, closing, shipped

DAYS = [(date(2026, 9, 1) + timedelta(days=i)).isoformat() for i in range(30)]
# The day before, three days of the month, the day after; each closing has its own number
CLOSINGS = {"2026-08-31": 6, "2026-09-01": 7, "2026-09-15": 8, "2026-09-30": 9, "2026-10-01": 10}
POS_LINES = dg.AssetKey(["raw", "pos_lines"])
TABLES = ("pos_closings", "pos_transactions", "pos_lines")
# Files would take longer than the load; nothing outlives these tests
STORAGE = {
    "event_log_storage": {
        "module": "dagster._core.storage.event_log",
        "class": "InMemoryEventLogStorage",
    },
}
LAUNCH = """mutation($wanted: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $wanted) {
    __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }"""


@dataclass(frozen=True)
class State:
    """What is in the lake: numbers of closings, rows of the tables, snapshot."""

    closings: list[int]
    rows: list[int]
    snapshot: int


@dataclass(frozen=True)
class Outcome:
    """The lake after one day and after a month asked for twice, the runs of the month, the days that Dagster calls there."""

    day: State
    month: State
    again: State
    runs: list[dg.DagsterRun]
    runs_again: list[dg.DagsterRun]
    days: set[str]


def ask(workspace: WorkspaceProcessContext) -> str:
    """Launch a backfill of September as the interface does: the days, and all tables of the source, which are loaded together."""
    tables = [{"path": ["raw", o.name]} for o in shipped("pos_dsfinvk").objects]
    wanted = {"partitionNames": DAYS, "assetSelection": tables}
    answer = create_schema().execute(
        LAUNCH, context_value=workspace.create_request_context(), variables={"wanted": wanted}
    )
    assert answer.errors is None
    assert answer.data is not None
    assert answer.data["launchPartitionBackfill"]["__typename"] == "LaunchBackfillSuccess", answer
    return str(answer.data["launchPartitionBackfill"]["backfillId"])


def backfill(workspace: WorkspaceProcessContext) -> list[dg.DagsterRun]:
    """Ask and let the daemon work until the backfill has ended well; its runs."""
    name = ask(workspace)
    for _ in range(3):
        assert not any(execute_backfill_iteration(workspace, logging.getLogger("backfill")))
    ended = workspace.instance.get_backfill(name)
    assert ended is not None
    assert ended.status is BulkActionStatus.COMPLETED_SUCCESS
    return list(workspace.instance.get_runs(dg.RunsFilter(tags={"dagster/backfill": name})))


def state(home: Home) -> State:
    """What is in the lake now; asked through one connection, which takes longer to open than to ask."""
    with home.lakehouse.connect(read_only=True) as con:
        numbers = con.execute(
            "SELECT DISTINCT z_nr::BIGINT FROM lake.raw.pos_closings ORDER BY 1"
        ).fetchall()
        counts = con.execute(
            "SELECT " + ", ".join(f"(SELECT count(*) FROM lake.raw.{t})" for t in TABLES)
        ).fetchall()
        snapshots = con.execute("SELECT max(snapshot_id) FROM lake.snapshots()").fetchall()
    return State([n for (n,) in numbers], list(counts[0]), snapshots[0][0])


@cache
def opened() -> House:
    """The house of the environment, opened once although Dagster asks for the location with every run."""
    return open_house()


@dg.definitions
def location() -> dg.Definitions:
    """Deliveries and what is loaded of them, as in the real code location; without models, which take long to read."""
    house = opened()
    return dg.Definitions(
        assets=[*source_specs(house), landing_asset(house), *raw_assets(house)],
        resources={"house": house},
        executor=dg.in_process_executor,
    )


@pytest.fixture(scope="module")
def outcome(prepared_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """One day of September, then September, then September again."""
    folder = tmp_path_factory.mktemp("monat")
    settings = load_settings(home=shutil.copytree(prepared_home, folder / "home"))
    home = Home(settings, open_keys(settings), Lakehouse(settings))
    home.know(TILL)
    for day, number in CLOSINGS.items():
        home.deliver("pos_dsfinvk", f"{day}.zip", closing(day=day, number=number).zip())
    target = LoadableTargetOrigin(module_name=__name__, attribute="location")
    origin = InProcessWorkspaceLoadTarget(InProcessCodeLocationOrigin(target))
    with (
        pytest.MonkeyPatch.context() as patch,
        dg.instance_for_test(
            STORAGE, synchronous_run_coordinator=True, synchronous_run_launcher=True
        ) as instance,
    ):
        patch.setenv("ORTSKERN_HOME", str(settings.home))
        patch.setenv("ORTSKERN_COOPERATIVE", str(settings.cooperative))
        house = opened()
        land_inbox(settings, house.lakehouse, house.keys, house.contracts, silent)
        [raw] = [a for a in raw_assets(house) if POS_LINES in a.keys]
        with_house = {"house": house}
        assert dg.materialize(
            [raw], instance=instance, resources=with_house, partition_key="2026-09-15"
        ).success
        first = state(home)
        with WorkspaceProcessContext(instance, origin) as workspace:
            runs, month = backfill(workspace), state(home)
            runs_again, again = backfill(workspace), state(home)
        days = instance.get_materialized_partitions(POS_LINES)
        return Outcome(first, month, again, runs, runs_again, days)


def test_one_day_loads_the_deliveries_of_that_day_only(outcome: Outcome) -> None:
    assert outcome.day.closings == [8]


def test_a_month_loads_all_deliveries_of_its_days_and_none_of_other_days(outcome: Outcome) -> None:
    assert outcome.month.closings == [7, 8, 9]
    assert outcome.days == set(DAYS)


def test_the_day_that_was_there_already_is_there_once(outcome: Outcome) -> None:
    assert outcome.day.rows == [1, 3, 6]
    assert outcome.month.rows == [3, 9, 18]


def test_a_month_is_one_run(outcome: Outcome) -> None:
    [run] = outcome.runs
    assert run.is_success
    assert (run.tags[RANGE_START], run.tags[RANGE_END]) == (DAYS[0], DAYS[-1])


def test_a_month_asked_for_again_changes_nothing(outcome: Outcome) -> None:
    assert [run.is_success for run in outcome.runs_again] == [True]
    assert outcome.again == outcome.month
