# SPDX-License-Identifier: Apache-2.0
"""From a table back to the contracts it rests on, along dbt's manifest.

Belongs here: walking the graph of models. Does not belong here: drawing it (Dagster's UI does).
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from orchestration.house import House

# Tables that an asset makes and dbt does not know
BESIDE_DBT = {
    "marts.fct_experiment_estimate": ["marts.fct_block_week", "core.fct_event_day"],
    "marts.ind_experiment": ["marts.fct_experiment_estimate"],
    "marts.ind_experiment_week": ["marts.fct_experiment_estimate"],
}


@lru_cache(maxsize=4)
def _graph(path: Path, modified: int) -> dict[str, list[str]]:
    manifest = json.loads(path.read_text("utf-8"))
    nodes = {**manifest["nodes"], **manifest["sources"]}

    def name(unique_id: str) -> str:
        node = nodes[unique_id]
        return f"{node['schema']}.{node['name']}"

    found = {
        name(uid): [name(p) for p in node.get("depends_on", {}).get("nodes", []) if p in nodes]
        for uid, node in nodes.items()
        if node["resource_type"] in ("model", "source")
    }
    return found | BESIDE_DBT


def graph(house: House) -> dict[str, list[str]]:
    """``schema.table`` to the tables it is made of, raw tables included."""
    path = house.settings.dbt_dir / "target" / "manifest.json"
    return _graph(path, path.stat().st_mtime_ns)


def models_behind(house: House, tables: Iterable[str]) -> list[str]:
    """The given tables and everything they are made of, in order."""
    edges = graph(house)
    found: set[str] = set()
    todo = list(tables)
    while todo:
        table = todo.pop()
        if table not in found:
            found.add(table)
            todo += edges.get(table, [])
    return sorted(found)


def contracts_behind(house: House, models: Iterable[str]) -> dict[str, str]:
    """Contract id to version, for the contracts whose raw tables are among ``models``."""
    raw = {m.removeprefix("raw.") for m in models if m.startswith("raw.")}
    return {c.id: c.version for c in house.contracts.values() if raw & {o.name for o in c.objects}}
