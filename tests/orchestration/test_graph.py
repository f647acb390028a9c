# SPDX-License-Identifier: Apache-2.0
"""The asset graph of the sample cooperative: its shape, what every asset says of itself, what wakes a run.

Belongs here: facts that Dagster knows without running anything. Does not belong here: backfills (``test_backfill.py``), whole runs
(``tests/end_to_end``), the graph in a browser (``test_graph_in_browser.py``).
"""

from collections.abc import Iterator

import dagster as dg
import pytest
from dagster import AssetKey
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from orchestration.definitions import build_definitions
from orchestration.house import House
from orchestration.jobs import RANGE_END, RANGE_START
from orchestration.names import EVERYTHING
from tests.orchestration.graph import COMMAND, SNAPSHOT, sample_house, written

GROUPS = {
    "ingestion",
    "quality",
    "staging",
    "core",
    "marts",
    "ledger",
    "distribution",
    "experiments",
    "forecasting",
    "release",
    "publication",
}
# Whatever begins without a source is written by hand under cooperative/.
WRITTEN_BY_HAND = {"ledger/approval", "ledger/cost", "ledger/decision", "ledger/experiment"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The sample cooperative before its first run."""
    return sample_house(tmp_path_factory.mktemp("graph") / "home")


@pytest.fixture(scope="module")
def definitions(house: House) -> dg.Definitions:
    """All definitions of the sample cooperative."""
    return build_definitions(house)


@pytest.fixture(scope="module")
def graph(definitions: dg.Definitions) -> AssetGraph:
    """Its asset graph."""
    return definitions.resolve_asset_graph()


def keys(graph: AssetGraph, *schemas: str) -> list[AssetKey]:
    """Keys of all assets, or of those in the schemas."""
    return [k for k in sorted(graph.get_all_asset_keys()) if not schemas or k.path[0] in schemas]


def ancestors(graph: AssetGraph, key: AssetKey) -> Iterator[AssetKey]:
    """The asset and everything it is made of."""
    found, todo = set[AssetKey](), [key]
    while todo:
        current = todo.pop()
        if current not in found:
            found.add(current)
            todo += graph.get(current).parent_keys
            yield current


def test_the_graph_is_the_one_that_was_reviewed(definitions: dg.Definitions) -> None:
    assert written(definitions) == SNAPSHOT.read_text("utf-8"), (
        f"The graph changed; `{COMMAND}` writes it anew, its difference is to be reviewed."
    )


def test_definitions_are_loadable(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_nothing_is_made_of_an_asset_that_nobody_makes(graph: AssetGraph) -> None:
    outside = {k for k in keys(graph) if not graph.get(k).is_materializable}
    assert outside == set(keys(graph, "source"))


def test_every_source_is_taken_in(graph: AssetGraph) -> None:
    assert graph.get(AssetKey(["landing", "delivery"])).parent_keys == set(keys(graph, "source"))


def test_what_is_published_leads_back_to_sources_and_to_nothing_unknown(graph: AssetGraph) -> None:
    for key in keys(graph, "release", "papers", "publication"):
        roots = {k for k in ancestors(graph, key) if not graph.get(k).parent_keys}
        sources = {k for k in roots if k.path[0] == "source"}
        assert sources, key
        assert {k.to_user_string() for k in roots - sources} <= WRITTEN_BY_HAND, key


def test_every_delivered_table_reaches_a_publication(graph: AssetGraph) -> None:
    published = {
        a for k in keys(graph, "release", "papers", "publication") for a in ancestors(graph, k)
    }
    # Payments and VAT totals of receipts are checks of the other tables; nothing is counted from them.
    idle = {k.to_user_string() for k in set(keys(graph, "raw")) - published}
    assert idle <= {"raw/pos_payments", "raw/pos_transactions_vat", "raw/vacancy_resources"}


def test_publications_read_nothing_but_release_papers_and_approvals(graph: AssetGraph) -> None:
    read = {
        parent.path[0]
        for name in ("portal", "statements", "edition")
        for parent in graph.get(AssetKey(["publication", name])).parent_keys
    }
    assert read == {"release", "papers", "publication"}


def test_every_asset_says_what_it_is_and_who_answers_for_it(graph: AssetGraph) -> None:
    for key in keys(graph):
        node = graph.get(key)
        assert node.description, key
        assert node.owners, key
        assert node.kinds, key
        assert node.group_name in GROUPS, key
    assert {graph.get(k).group_name for k in keys(graph)} == GROUPS


def test_every_check_says_what_it_checks(graph: AssetGraph) -> None:
    assert len(graph.asset_check_keys) >= 60
    for key in graph.asset_check_keys:
        assert graph.get_check_spec(key).description, key


def test_every_test_of_the_models_is_a_check(definitions: dg.Definitions) -> None:
    checked = {k.name for k in definitions.resolve_asset_graph().asset_check_keys}
    # Over several models, so dagster-dbt alone would show them nowhere
    assert "receipt_lines_add_up_to_receipts" in checked
    assert "withdrawn_owners_are_in_no_indicator" in checked


@pytest.mark.parametrize("schema", ["raw", "staging", "core", "marts"])
def test_tables_show_their_columns_with_descriptions(graph: AssetGraph, schema: str) -> None:
    for key in keys(graph, schema):
        columns = graph.get(key).metadata["dagster/column_schema"].columns
        assert columns, key
        assert all(c.description for c in columns), key


def test_days_are_partitions_of_daily_deliveries_only(graph: AssetGraph, house: House) -> None:
    daily = {k for k in keys(graph) if graph.get(k).partitions_def is not None}
    assert daily == {AssetKey(["raw", o.name]) for o in house.contracts["pos_dsfinvk"].objects}
    partitions = graph.get(AssetKey(["raw", "pos_lines"])).partitions_def
    assert isinstance(partitions, dg.DailyPartitionsDefinition)
    assert partitions.get_first_partition_key() == house.cooperative.data_start.isoformat()
    assert partitions.get_last_partition_key() == "2026-11-21"


def test_propose_makes_nothing_public_and_publish_nothing_else(
    definitions: dg.Definitions, graph: AssetGraph
) -> None:
    proposed = definitions.resolve_job_def("propose").asset_layer.executable_asset_keys
    published = definitions.resolve_job_def("publish").asset_layer.executable_asset_keys
    assert not {k for k in proposed if k.path[0] == "release"}
    # A member's report says in which edition its data are: its rows come after publication.
    schemas = ("release", "publication", "ledger", "papers")
    assert {k for k in published if k.path[0] not in schemas} == set()
    both = {k.to_user_string() for k in proposed & published}
    assert both == {"ledger/approval"}
    assert proposed | published == {k for k in keys(graph) if graph.get(k).is_materializable}


def test_mornings_propose_and_months_publish(definitions: dg.Definitions) -> None:
    found = {
        name: (s.job_name, s.cron_schedule, s.execution_timezone)
        for name in ("taeglich", "monatlich")
        if (s := definitions.resolve_schedule_def(name))
    }
    assert found == {
        "taeglich": ("propose", "0 5 * * *", "Europe/Berlin"),
        "monatlich": ("publish", "0 6 5 * *", "Europe/Berlin"),
    }


def test_the_daily_schedule_asks_for_everything_up_to_yesterday(
    definitions: dg.Definitions,
) -> None:
    asked = definitions.resolve_schedule_def("taeglich").evaluate_tick(
        dg.build_schedule_context(repository_def=definitions.get_repository_def())
    )
    [request] = asked.run_requests or []
    assert request.tags[RANGE_START] == "2026-11-15"
    assert request.tags[RANGE_END] == "2026-11-21"
    assert request.tags[EVERYTHING] == "true"


def evaluate(definitions: dg.Definitions, sensor: str, cursor: str | None) -> dg.SensorResult:
    """Ask a sensor once."""
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(
            instance, cursor, repository_def=definitions.get_repository_def()
        )
        return definitions.resolve_sensor_def(sensor).evaluate_tick(context)  # type: ignore[return-value]


def test_a_new_file_in_the_inbox_wakes_the_proposal_once(
    definitions: dg.Definitions, house: House
) -> None:
    nothing = evaluate(definitions, "eingang", None)
    assert not nothing.run_requests
    assert nothing.skip_message == "Im Eingang liegt nichts Neues."
    folder = house.settings.inbox / "pos_csv"
    folder.mkdir(parents=True)
    (folder / "kiosk_2026-10.csv").write_text("Belegnummer")
    woken = evaluate(definitions, "eingang", None)
    [request] = woken.run_requests or []
    assert request.tags[RANGE_END] == "2026-11-21"
    assert request.tags[EVERYTHING] == "true"
    again = evaluate(definitions, "eingang", woken.cursor)
    assert again.skip_message == "Im Eingang liegt nichts Neues."
    (folder / "kiosk_2026-11.csv").write_text("Belegnummer")
    [second] = evaluate(definitions, "eingang", woken.cursor).run_requests or []
    assert second.run_key != request.run_key


def test_recorded_approvals_wake_the_publication_once(definitions: dg.Definitions) -> None:
    woken = evaluate(definitions, "freigaben", None)
    assert len(woken.run_requests or []) == 1
    assert evaluate(definitions, "freigaben", woken.cursor).skip_message == "Keine neue Freigabe."
