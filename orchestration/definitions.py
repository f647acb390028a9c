# SPDX-License-Identifier: Apache-2.0
"""The code location: everything that Dagster knows, built by one function.

Belongs here: putting assets, jobs, schedules, sensors and resources together. Does not belong here: any of them.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from orchestration.assets.experiments import experiment_assets
from orchestration.assets.forecasting import forecasting_assets
from orchestration.assets.ingestion import (
    absent_specs,
    landing_asset,
    quarantine_asset,
    raw_assets,
    source_specs,
)
from orchestration.assets.ledger import distribution_asset, ledger_assets
from orchestration.assets.models import dbt_resource, model_assets
from orchestration.assets.papers import paper_assets
from orchestration.assets.publication import publication_assets
from orchestration.assets.release import release_assets
from orchestration.house import House, open_house
from orchestration.jobs import jobs, maintenance_job, schedules, sensors


def build_definitions(
    house: House | None = None, overrides: Mapping[str, Any] | None = None
) -> dg.Definitions:
    """All definitions of one cooperative.

    Args:
        house: the opened cooperative; the environment's where none is given.
        overrides: resources by name that replace ours, so that tests patch nothing.
    """
    opened = house or open_house()
    models, made = model_assets(opened), jobs()
    resources: dict[str, Any] = {"house": opened, "dbt": dbt_resource(opened)}
    return dg.Definitions(
        assets=[
            *source_specs(opened),
            landing_asset(opened),
            *raw_assets(opened),
            quarantine_asset(opened),
            *absent_specs(opened, models.dependency_keys),
            models,
            *ledger_assets(),
            distribution_asset(),
            *forecasting_assets(models.keys),
            *experiment_assets(),
            *release_assets(opened),
            *publication_assets(opened),
            *paper_assets(),
        ],
        jobs=[*made, maintenance_job()],
        schedules=schedules(opened),
        sensors=sensors(opened, made),
        resources=resources | dict(overrides or {}),
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What ``workspace.yaml`` loads, when it is loaded and not when it is imported."""
    return build_definitions()
