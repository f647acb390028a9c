# SPDX-License-Identifier: Apache-2.0
"""Group ``ingestion``: from the inbox to ``raw``, one branch per contract; group ``quality``: what could not be loaded.

Belongs here: sources, landing, raw tables, the contract checks. Does not belong here: parsing, rules, loading (``ingestion``).
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import dagster as dg

from foundation.contracts import Contract
from ingestion.landing import land_inbox
from ingestion.quarantine import summary
from orchestration.house import House
from orchestration.names import (
    EVERYTHING,
    STEWARD,
    WRITER_POOL,
    contract_columns,
    daily,
    is_daily,
    raw_key,
    source_key,
)

if TYPE_CHECKING:
    from ingestion.loading import LoadReport

LANDING = dg.AssetKey(["landing", "delivery"])
QUARANTINE = dg.AssetKey(["landing", "quarantine"])
# Tills, shops and consents are judged against the member list, so it is loaded before them.
_LOADED_BEFORE = {
    "pos_dsfinvk": "members",
    "pos_csv": "members",
    "merchandise": "members",
    "returns_slip": "members",
    "consents": "members",
    "product_sales": "members",
    "einvoices": "members",
}


def source_specs(house: House) -> list[dg.AssetSpec]:
    """What the outside world delivers: one external asset per contract."""
    return [
        dg.AssetSpec(
            source_key(c),
            group_name="ingestion",
            description=f"{c.name}. {c.purpose}",
            owners=[STEWARD],
            kinds={"file"},
            metadata={"Vertrag": c.id, "Fassung": c.version, "Ordner": f"inbox/{c.id}"},
        )
        for c in house.contracts.values()
    ]


def absent_specs(house: House, read: Iterable[dg.AssetKey]) -> list[dg.AssetSpec]:
    """Raw tables that models read and no contract of this cooperative delivers: external assets, so that no edge hangs."""
    delivered = {raw_key(o) for c in house.contracts.values() for o in c.objects if o.raw_fields}
    return [
        dg.AssetSpec(
            key,
            group_name="ingestion",
            description="Über diese Quelle hat die Genossenschaft keinen Vertrag; was auf ihr beruht, ist leer und erscheint als fehlend.",
            owners=[STEWARD],
        )
        for key in sorted(set(read) - delivered)
        if key.path[0] == "raw"
    ]


def landing_asset(house: House) -> dg.AssetsDefinition:
    """The delivery register: files are taken in unchanged, encrypted, under their hash."""

    @dg.asset(
        key=LANDING,
        deps=[source_key(c) for c in house.contracts.values()],
        group_name="ingestion",
        owners=[STEWARD],
        kinds={"duckdb", "age"},
        pool=WRITER_POOL,
        description="Lieferungen, wie sie kamen: unverändert und verschlüsselt abgelegt, je Lieferung ein Eintrag im Register. One row per event of a delivery.",
    )
    def landing_delivery(house: dg.ResourceParam[House]) -> dg.MaterializeResult[Any]:
        house.prepare()
        place_reference(house)
        report = land_inbox(
            house.settings, house.lakehouse, house.keys, house.contracts, house.voice
        )
        house.reports["landing"] = report
        return dg.MaterializeResult(
            metadata={
                "Dateien im Eingang": report.files,
                "neu": report.new,
                "doppelt": report.duplicates,
                "Bytes": report.size_bytes,
                "Ordner ohne Vertrag": ", ".join(report.strangers) or "keine",
            }
        )

    return landing_delivery


def place_reference(house: House) -> None:
    """Lay the cooperative's own lists into the inbox, where they take the same way as every delivery.

    A list that changed is a new delivery: its name carries the beginning of its hash, so that older ones stay readable.
    """
    folder = house.settings.inbox / "reference"
    for path in sorted((house.settings.cooperative / "reference").glob("*.csv")):
        data = path.read_bytes()
        target = folder / hashlib.sha256(data).hexdigest()[:12] / path.name
        if not target.is_file():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            target.write_bytes(data)


def raw_assets(house: House) -> list[dg.AssetsDefinition]:
    """One multi-asset per contract: its raw tables and its contract check."""
    return [_raw_asset(house, contract) for contract in house.contracts.values()]


def _raw_asset(house: House, contract: Contract) -> dg.AssetsDefinition:
    objects = [o for o in contract.objects if o.raw_fields]
    before = _LOADED_BEFORE.get(contract.id)
    deps = [LANDING] + [
        raw_key(o) for o in (house.contracts[before].objects if before in house.contracts else ())
    ]
    specs = [
        dg.AssetSpec(
            raw_key(o),
            deps=deps,
            group_name="ingestion",
            description=o.description,
            owners=[STEWARD],
            kinds={"dlt", "duckdb"},
            metadata={
                "dagster/column_schema": contract_columns(o),
                "Vertrag": f"{contract.id} {contract.version}",
            },
        )
        for o in objects
    ]
    check = dg.AssetCheckSpec(
        "vertrag",
        asset=raw_key(objects[0]),
        description=f"Anteil in Quarantäne höchstens {contract.quarantine_share:.0%} (Vertrag {contract.id}). Es hilft: {contract.options['owner']}.",
    )
    suite = dg.AssetCheckSpec(
        "erwartungen",
        asset=raw_key(objects[0]),
        description="Great-Expectations-Prüfung aus dem Vertrag auf jedem Paket vor dem Laden. Es hilft: Absender der Daten.",
    )

    @dg.multi_asset(
        name=f"raw_{contract.id}",
        specs=specs,
        check_specs=[check, suite],
        partitions_def=daily(house) if is_daily(contract) else None,
        backfill_policy=dg.BackfillPolicy.single_run() if is_daily(contract) else None,
        pool=WRITER_POOL,
    )
    def raw(
        context: dg.AssetExecutionContext, house: dg.ResourceParam[House]
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        yield from _load(context, house, contract.id, [o.name for o in objects])

    return raw


def _load(
    context: dg.AssetExecutionContext, house: House, contract_id: str, tables: Sequence[str]
) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
    from ingestion.loading import load_contract

    contract = house.contracts[contract_id]
    first, last = _days(context)
    report = load_contract(
        house.settings, house.lakehouse, house.keys, contract, first, last, house.voice
    )
    house.reports[f"load:{contract_id}"] = report
    with house.lakehouse.connect(read_only=True) as con:
        totals = {t: con.execute(f"SELECT count(*) FROM raw.{t}").fetchone() for t in tables}
    for table in tables:
        total = totals[table]
        yield dg.MaterializeResult(
            asset_key=dg.AssetKey(["raw", table]),
            metadata={
                "dagster/row_count": int(total[0]) if total else 0,
                "neu geladen": report.rows[table],
                "Lieferungen": dg.JsonMetadataValue(dict(report.deliveries)),
                "Zeilen in Quarantäne": report.left_out_rows,
            },
        )
    yield from _checks(contract, report, dg.AssetKey(["raw", tables[0]]))


def _checks(
    contract: Contract, report: "LoadReport", head: dg.AssetKey
) -> Iterator[dg.AssetCheckResult]:
    yield dg.AssetCheckResult(
        asset_key=head,
        check_name="vertrag",
        passed=report.quarantined_share <= contract.quarantine_share,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={
            "Anteil in Quarantäne": report.quarantined_share,
            "erlaubt": contract.quarantine_share,
            "Befunde": dg.MarkdownMetadataValue(
                "\n".join(f"- {f.sentence()}" for f in report.findings) or "keine"
            ),
        },
    )
    failed = [s for s in report.suite if not s.success]
    yield dg.AssetCheckResult(
        asset_key=head,
        check_name="erwartungen",
        passed=not failed,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "geprüft": len(report.suite),
            "verletzt": dg.MarkdownMetadataValue(
                "\n".join(f"- {s}" for s in failed[:50]) or "keine"
            ),
        },
    )


def _days(context: dg.AssetExecutionContext) -> tuple[date | None, date | None]:
    """The days to load. Without partitions, or up to the newest day, whatever waits belongs to the run.

    A single day or an older range is a backfill: it loads the deliveries that cover these days and no others.
    """
    if not (context.has_partition_key or context.has_partition_key_range):
        return None, None
    if context.has_tag(EVERYTHING):
        return None, None
    keys = context.partition_key_range
    return date.fromisoformat(keys.start), date.fromisoformat(keys.end)


def quarantine_asset(house: House) -> dg.AssetsDefinition:
    """What could not be loaded, and why, for the steward."""

    @dg.asset(
        key=QUARANTINE,
        deps=[raw_key(o) for c in house.contracts.values() for o in c.objects if o.raw_fields],
        group_name="quality",
        owners=[STEWARD],
        kinds={"duckdb"},
        description="Quarantäne: was nicht geladen werden konnte, mit Grund und Abhilfe. One row per finding.",
    )
    def landing_quarantine(house: dg.ResourceParam[House]) -> dg.MaterializeResult[Any]:
        with house.lakehouse.connect(read_only=True) as con:
            faults = summary(con)
        house.reports["quarantine"] = faults
        lines = "\n".join(f"- {fault.example}" for fault in faults[:100]) or "Nichts in Quarantäne."
        return dg.MaterializeResult(
            metadata={"offen": len(faults), "Befunde": dg.MarkdownMetadataValue(lines)}
        )

    return landing_quarantine
