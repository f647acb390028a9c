# SPDX-License-Identifier: Apache-2.0
"""Group ``release``: every table through the gate, composites from released tables, where each figure comes from.

Belongs here: which definition reads what. Does not belong here: any rule of the gate (``quality/disclosure``) or formula of an
index (``analysis``).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
from duckdb import DuckDBPyConnection

from foundation.lakehouse import snapshot_of
from orchestration.assets.ledger import APPROVAL
from orchestration.composites import compute_for
from orchestration.house import House
from orchestration.lineage import contracts_behind, models_behind
from orchestration.names import STEWARD, WRITER_POOL
from quality.disclosure.approvals import Approval, load_approvals
from quality.disclosure.composites import provenance_of, write_composite, write_provenance
from quality.disclosure.definitions import ReleaseDefinition, load_definitions
from quality.disclosure.gate import GateReport, release_table
from quality.disclosure.store import remove_undefined

PROVENANCE = dg.AssetKey(["release", "provenance"])
RECORD_KEY = "disclosure/record-key"


def release_key(table: str) -> dg.AssetKey:
    """Key of a released table."""
    return dg.AssetKey(["release", table])


def release_assets(house: House) -> list[dg.AssetsDefinition]:
    """One asset per definition under ``cooperative/releases``, and the provenance of them all."""
    definitions = load_definitions(house.settings.cooperative)
    return [
        *(_release_asset(d, definitions) for d in definitions.values()),
        _provenance_asset(definitions),
    ]


def _parents(
    definition: ReleaseDefinition, definitions: Mapping[str, ReleaseDefinition]
) -> list[dg.AssetKey]:
    if definition.kind == "composite":
        # A table that this cooperative does not release is an empty one to the formula.
        return [release_key(p) for p in definition.parents if p in definitions]
    if definition.source is None:
        return []
    return [dg.AssetKey(definition.source.split("."))]


def _release_asset(
    definition: ReleaseDefinition, definitions: Mapping[str, ReleaseDefinition]
) -> dg.AssetsDefinition:
    @dg.asset(
        key=release_key(definition.table),
        deps=[*_parents(definition, definitions), APPROVAL],
        group_name="release",
        owners=[STEWARD],
        kinds={"duckdb"},
        pool=WRITER_POOL,
        description=f"{definition.title}: {definition.question} {definition.grain}",
    )
    def release(house: dg.ResourceParam[House]) -> dg.MaterializeResult[Any]:
        report = run_gate(house, definition.table)
        house.reports[f"gate:{definition.table}"] = report
        return dg.MaterializeResult(
            metadata={
                "Stand": report.state,
                "Zellen": report.cells,
                "veröffentlicht": report.published,
                "unterdrückt": report.suppressed,
                "Anteil unterdrückt": report.suppressed / report.cells if report.cells else 0.0,
                "geprüfte Angriffe": report.audited,
                "Bericht": report.sentence(),
            }
        )

    return release


def run_gate(house: House, table: str) -> GateReport:
    """One table through the gate, as its definition says."""
    definition = load_definitions(house.settings.cooperative)[table]
    approval = load_approvals(house.settings.cooperative).get(table)
    with house.lakehouse.writer() as con:
        snapshot = snapshot_of(con)
        if definition.kind == "composite":
            return write_composite(
                con,
                definition,
                compute_for(house, table),
                definition.parents,
                rules=house.cooperative.disclosure,
                approval=approval,
                as_of=house.as_of,
                snapshot=snapshot,
            )
        return release_table(
            con,
            definition,
            house.cooperative.disclosure,
            approval=approval,
            as_of=house.as_of,
            record_key=house.keys.derive(RECORD_KEY),
            snapshot=snapshot,
        )


def _provenance_asset(definitions: Mapping[str, ReleaseDefinition]) -> dg.AssetsDefinition:
    @dg.asset(
        key=PROVENANCE,
        deps=[release_key(t) for t in definitions],
        group_name="release",
        owners=[STEWARD],
        kinds={"duckdb"},
        pool=WRITER_POOL,
        description="Woher jede veröffentlichte Zahl kommt: Definition, Freigabe, Modelle, Verträge, Snapshot. One row per released table.",
    )
    def release_provenance(house: dg.ResourceParam[House]) -> dg.MaterializeResult[Any]:
        current = load_definitions(house.settings.cooperative)
        approvals = load_approvals(house.settings.cooperative)
        with house.lakehouse.writer() as con:
            remove_undefined(con, current)
            entries, rewritten = [], []
            for table, definition in current.items():
                report = house.reports.get(f"gate:{table}") or run_gate(house, table)
                if (
                    not isinstance(report, GateReport)
                    or report.state == "wartet auf Freigabe"
                    or not report.cells
                ):
                    continue
                if report.state == "geschrieben":
                    rewritten.append(table)
                entries.append(_entry(house, con, current, definition, report, approvals[table]))
            changed = write_provenance(con, entries, rewritten)
        return dg.MaterializeResult(metadata={"Tabellen": len(entries), "geändert": changed})

    return release_provenance


def _entry(
    house: House,
    con: DuckDBPyConnection,
    definitions: Mapping[str, ReleaseDefinition],
    definition: ReleaseDefinition,
    report: GateReport,
    approval: Approval,
) -> Any:
    sources = _sources(definitions, definition)
    models = models_behind(house, sources)
    contracts = contracts_behind(house, models)
    marks = ", ".join("?" for _ in contracts)
    row = (
        con.execute(
            f"SELECT count(DISTINCT delivery_sha256) FROM landing.delivery WHERE event = 'loaded' AND contract_id IN ({marks})",
            list(contracts),
        ).fetchone()
        if contracts
        else (0,)
    )
    return provenance_of(
        definition,
        report,
        approval,
        source_models=[m for m in models if not m.startswith("raw.")],
        contracts=contracts,
        deliveries=int(row[0]) if row else 0,
        code_revision=house.code_revision,
    )


def _sources(
    definitions: Mapping[str, ReleaseDefinition], definition: ReleaseDefinition
) -> Sequence[str]:
    if definition.kind != "composite":
        return [definition.source] if definition.source else []
    found = {
        s
        for p in definition.parents
        if p in definitions
        for s in _sources(definitions, definitions[p])
    }
    return sorted(found)
