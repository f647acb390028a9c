# SPDX-License-Identifier: Apache-2.0
"""The raw tables: their columns as the contract says, and the one way rows come into them.

Belongs here: creating raw tables, loading Arrow tables with dlt, taking back what a killed load
left. Does not belong here: checks and pseudonyms, which are done before (`packages.py`).

dlt commits rows and its own bookkeeping in two steps. Killed between them, an append would count
rows twice; therefore each load first deletes rows of deliveries that are not registered as loaded.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection

from foundation.contracts import Contract, ContractObject
from foundation.errors import OrtskernError
from foundation.lakehouse import Lakehouse
from foundation.settings import Settings

SCHEMA = "raw"
CHUNK_ROWS = 500_000
_LOADS = "_dlt_loads"
_KEYS = {"_landing_sha256": "VARCHAR", "_row_number": "BIGINT"}
_OPTIONS = {
    # Without it dlt keeps every load as plain parquet on disk.
    "load.delete_completed_jobs": True,
    # Arrow tables carry no load id otherwise.
    "normalize.parquet_normalizer.add_dlt_load_id": True,
    "normalize.parquet_normalizer.add_dlt_id": False,
    # The lake is the truth; what another machine's dlt remembers of it does not matter here.
    "restore_from_destination": False,
    "runtime.dlthub_telemetry": False,
    # Its log quotes values as well.
    "runtime.log_level": "CRITICAL",
}


def columns_of(obj: ContractObject) -> dict[str, str]:
    """Column name to DuckDB type of a raw table, without dlt's own column."""
    return _KEYS | {f.name: f.raw_type for f in obj.raw_fields}


def create_tables(con: DuckDBPyConnection, contract: Contract) -> None:
    """Create the contract's raw tables where they are missing; a new field becomes a new column.

    Tables exist from the first run on, so a source that never delivered is empty, not an error.
    """
    present: dict[str, set[str]] = {}
    for table, column in con.execute(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_catalog = 'lake' AND table_schema = ?",
        [SCHEMA],
    ).fetchall():
        present.setdefault(str(table), set()).add(str(column))
    for obj in contract.objects:
        columns = columns_of(obj) | {"_dlt_load_id": "VARCHAR"}
        if obj.name not in present:
            listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            con.execute(f'CREATE TABLE lake.{SCHEMA}."{obj.name}" ({listed})')
            continue
        for name, kind in columns.items():
            if name not in present[obj.name]:
                con.execute(f'ALTER TABLE lake.{SCHEMA}."{obj.name}" ADD COLUMN "{name}" {kind}')


def take_back(con: DuckDBPyConnection, contract: Contract, pending: Collection[str]) -> int:
    """Delete rows of unfinished loads and of deliveries that are not registered as loaded."""
    finished = "SELECT NULL WHERE false"
    if con.execute(
        "SELECT 1 FROM information_schema.tables WHERE table_catalog = 'lake' "
        "AND table_schema = ? AND table_name = ?",
        [SCHEMA, _LOADS],
    ).fetchone():
        finished = f"SELECT load_id FROM lake.{SCHEMA}.{_LOADS} WHERE status = 0"
    con.register("pending_deliveries", pa.table({"sha": pa.array(list(pending), pa.string())}))
    deleted = 0
    try:
        for obj in contract.objects:
            where = (
                f"_dlt_load_id NOT IN ({finished}) "
                "OR _landing_sha256 IN (SELECT sha FROM pending_deliveries)"
            )
            table = f'lake.{SCHEMA}."{obj.name}"'
            # Asked first: a DELETE that finds nothing would still be a snapshot.
            row = con.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()
            if row and row[0]:
                con.execute(f"DELETE FROM {table} WHERE {where}")
                deleted += int(row[0])
    finally:
        con.unregister("pending_deliveries")
    return deleted


def load(
    settings: Settings, lakehouse: Lakehouse, contract: Contract, tables: Mapping[str, pa.Table]
) -> None:
    """Append Arrow tables to the raw tables of the same names, in one dlt load.

    Raises OrtskernError when dlt reports a failed job; nothing of it counts then.
    """
    pipeline = _pipeline(settings, lakehouse, contract)
    import dlt
    from dlt.pipeline.exceptions import PipelineStepFailed

    resources = [
        dlt.resource(_chunks(table), name=name, write_disposition="append")
        for name, table in tables.items()
        if len(table)
    ]
    if not resources:
        return
    try:
        with lakehouse.lock():
            pipeline.run(resources, loader_file_format="parquet")
    except PipelineStepFailed as error:
        # Its message quotes the value that did not fit, and may be about a person
        raise OrtskernError(
            f"Laden von {contract.name}: dlt brach im Schritt „{error.step}“ ab "
            f"({type(error.exception).__name__}); erneut starten, begonnene Zeilen werden dabei entfernt. "
            "Bricht es wieder ab, bitte mit dieser Zeile bei den Entwicklern melden."
        ) from None
    finally:
        # dlt's files are plain: nothing of a load stays on disk, whether it went well or not.
        _clean(settings.dlt_dir / contract.id)


def _chunks(table: pa.Table) -> Iterator[pa.Table]:
    for start in range(0, len(table), CHUNK_ROWS):
        yield table.slice(start, CHUNK_ROWS)


def _pipeline(settings: Settings, lakehouse: Lakehouse, contract: Contract) -> Any:
    folder = settings.dlt_dir
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    # What a killed run left is never resumed: its deliveries are pending and come again.
    _clean(folder / contract.id)
    # dlt asks for its own folder in the user's home before it reads any option.
    os.environ.setdefault("DLT_DATA_DIR", str(folder))
    import dlt

    for name, value in _OPTIONS.items():
        dlt.config[name] = value
    return dlt.pipeline(
        pipeline_name=contract.id,
        pipelines_dir=str(folder),
        destination=lakehouse.dlt_destination(),
        dataset_name=SCHEMA,
    )


def _clean(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)
