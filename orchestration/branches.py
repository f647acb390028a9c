# SPDX-License-Identifier: Apache-2.0
"""What goes on when a source fails: everything that does not rest on it.

Belongs here: which assets hang on a failed one, and the run over the rest. Does not belong here: the jobs themselves
(``jobs.py``), quarantine of bad deliveries, which is no failure.

All models are one step, so Dagster alone would skip them all when one source fails. The run over the rest leaves out the failed
source with all that is made of it; those tables stay as they were until the source is mended.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import dagster as dg
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from orchestration.assets.ingestion import QUARANTINE
from orchestration.assets.publication import PROPOSAL
from orchestration.names import REST_OF

# They tell of all sources and need none in particular.
COLLECTORS = frozenset({QUARANTINE, PROPOSAL})
SOURCE_STEP = "raw_"


def failed_steps(events: Iterable[Any]) -> set[str]:
    """Steps that failed, not those that were skipped because of them."""
    return {e.step_key for e in events if e.is_step_failure}


def sources_among(steps: AbstractSet[str]) -> set[str]:
    """Those of the steps that load a source."""
    return {step for step in steps if step.startswith(SOURCE_STEP)}


def rest_of(
    graph: AssetGraph,
    wanted: AbstractSet[dg.AssetKey],
    failed: AbstractSet[str],
    done: AbstractSet[dg.AssetKey],
) -> set[dg.AssetKey]:
    """Assets of a run that were not made and rest on no failed source.

    Args:
        wanted: what the run was to make; failed: names of the steps that failed; done: what it has made.
    """
    branch: set[dg.AssetKey] = {
        key
        for key in graph.get_all_asset_keys()
        if graph.get(key).is_materializable and _step_of(graph, key) in failed
    }
    todo = list(branch)
    while todo:
        for child in graph.get(todo.pop()).child_keys - branch:
            branch.add(child)
            todo.append(child)
    return (set(wanted) - branch - done) | (set(wanted) & COLLECTORS - done)


def _step_of(graph: AssetGraph, key: dg.AssetKey) -> str:
    return graph.get(key).assets_def.node_def.name


def rest_sensor(job: Any) -> dg.SensorDefinition:
    """After a run in which sources failed: the rest of it, once."""

    @dg.run_failure_sensor(
        name="uebrige_zweige",
        monitored_jobs=[job],
        request_job=job,
        description="Ist eine Quelle gescheitert, läuft alles weiter, was nicht auf ihr beruht.",
    )
    def rest(context: dg.RunFailureSensorContext) -> dg.RunRequest | dg.SkipReason:
        run = context.dagster_run
        failed = failed_steps(e.dagster_event for e in _events(context) if e.dagster_event)
        if REST_OF in run.tags or not sources_among(failed):
            return dg.SkipReason("Keine Quelle ist gescheitert, oder der Rest lief schon.")
        repository = context.repository_def
        if repository is None:
            return dg.SkipReason("Ohne Definitionen ist der Rest nicht zu bestimmen.")
        graph = repository.asset_graph
        wanted = set(repository.get_job(run.job_name).asset_layer.executable_asset_keys)
        keys = rest_of(graph, wanted, failed, _made(context))
        return dg.RunRequest(
            run_key=run.run_id, asset_selection=sorted(keys), tags=rest_tags(run.tags, run.run_id)
        )

    return rest


def rest_tags(tags: Mapping[str, str], run_id: str) -> dict[str, str]:
    """Tags of the run over the rest: the same days, and whose rest it is."""
    own = {k: v for k, v in tags.items() if k.startswith(("dagster/asset_partition", "ortskern/"))}
    return own | {REST_OF: run_id}


def _events(context: dg.RunFailureSensorContext) -> list[Any]:
    return list(context.instance.all_logs(context.dagster_run.run_id))


def _made(context: dg.RunFailureSensorContext) -> set[dg.AssetKey]:
    found = (e.dagster_event for e in _events(context) if e.dagster_event)
    return {e.asset_key for e in found if e.is_step_materialization and e.asset_key}
