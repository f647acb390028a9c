# SPDX-License-Identifier: Apache-2.0
"""Released tables as files, and the board's summaries of contracts.

Belongs here: parquet for the portal, CSV (RFC 4180) for everyone, their hashes; what contracts and ``cooperative.yaml`` say, as
tables. Does not belong here: reading any schema but ``release``; page layout (``site``); manifest (``publication.py``).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from duckdb import DuckDBPyConnection

from foundation.contracts import Contract
from foundation.cooperative import Cooperative
from foundation.errors import OrtskernError

HANDLING = {
    "keep": "bleibt",
    "drop": "wird an der Tür verworfen",
    "pseudonym": "wird durch ein Pseudonym ersetzt",
    "register": "steht nur im getrennten, verschlüsselten Register",
}


def released_tables(con: DuckDBPyConnection) -> list[str]:
    """Names of the tables in ``release`` that have rows, in order."""
    names = con.execute(
        """SELECT table_name FROM information_schema.tables
        WHERE table_catalog = 'lake' AND table_schema = 'release' AND NOT starts_with(table_name, '_') ORDER BY 1"""
    ).fetchall()
    return [
        str(n)
        for (n,) in names
        if con.execute(f'SELECT count(*) FROM release."{n}"').fetchone() != (0,)
    ]


def read_released(con: DuckDBPyConnection, table: str) -> pa.Table:
    """A released table, rows in the order of all its columns."""
    return con.execute(f'SELECT * FROM lake.release."{table}" ORDER BY ALL').to_arrow_table()


def csv_bytes(table: pa.Table) -> bytes:
    """CSV after RFC 4180, UTF-8: the form whose SHA-256 the manifest names."""
    sink = pa.BufferOutputStream()
    pacsv.write_csv(table, sink, pacsv.WriteOptions(include_header=True, quoting_style="needed"))
    return sink.getvalue().to_pybytes()


def export_release(con: DuckDBPyConnection, tables: Sequence[str], folder: Path) -> dict[str, str]:
    """Write each table as ``<table>.csv`` and ``<table>.parquet``; files of tables no longer released go.

    Returns:
        Table to SHA-256 of its CSV.
    """
    folder.mkdir(parents=True, exist_ok=True)
    hashes = {}
    for name in tables:
        content = read_released(con, name)
        data = csv_bytes(content)
        hashes[name] = hashlib.sha256(data).hexdigest()
        (folder / f"{name}.csv").write_bytes(data)
        # Metadata of the writer's version would change bytes without changing rows.
        pq.write_table(
            content.replace_schema_metadata(None), folder / f"{name}.parquet", compression="zstd"
        )
    for path in folder.iterdir():
        if path.stem not in hashes:
            path.unlink()
    return hashes


def table_hashes(con: DuckDBPyConnection, tables: Sequence[str]) -> dict[str, str]:
    """Table to SHA-256 of its CSV, recomputed from the lake; tables that it does not have are left out."""
    found = {}
    for name in tables:
        try:
            found[name] = hashlib.sha256(csv_bytes(read_released(con, name))).hexdigest()
        except duckdb.CatalogException:
            continue
    return found


def write_board(
    folder: Path,
    contracts: Mapping[str, Contract],
    cooperative: Cooperative,
    organs: Mapping[str, str],
    *,
    edition: str,
    edition_date: date,
    as_of: datetime,
    snapshot: int,
    code_revision: str,
    transparency_report: str = "",
) -> None:
    """Write ``contracts``, ``contract_fields`` and ``cooperative`` for the portal's pages.

    Args:
        organs: organ's name to what it decides.
        transparency_report: name of the file that pages offer for download, empty where there is none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fields = [_field(c, o.name, f) for c in contracts.values() for o in c.objects for f in o.fields]
    _write(folder / "contracts.parquet", [_contract(c) for c in contracts.values()])
    _write(folder / "contract_fields.parquet", fields)
    officer = cooperative.data_protection_officer
    row = {
        "name": cooperative.name,
        "town": cooperative.city,
        "address": f"{cooperative.street}, {cooperative.postcode} {cooperative.city}",
        "register": cooperative.registration,
        "vat_id": cooperative.vat_id,
        "represented_by": ", ".join(cooperative.represented_by),
        "audit_association": cooperative.audit_association,
        "contact_name": cooperative.contact.name,
        "contact_role": cooperative.contact.role,
        "contact_telephone": cooperative.contact.phone,
        "contact_mail": cooperative.contact.email,
        "organs": "\n".join(f"{name}: {what}" for name, what in organs.items()),
        "data_protection_contact": f"{officer.name}, {officer.email}"
        if officer
        else cooperative.email,
        "authority": cooperative.supervisory_authority,
        "server_logs": cooperative.server_logs,
        "edition_id": edition,
        "edition_date": edition_date.isoformat(),
        "as_of": as_of.isoformat(),
        "snapshot": str(snapshot),
        "code_revision": code_revision,
        "transparency_report": transparency_report,
    }
    _write(folder / "cooperative.parquet", [row])


def write_provenance(folder: Path, definitions: Mapping[str, str]) -> None:
    """Add to the exported ``provenance.parquet`` what each table says, and hand counts and lists over as the pages want them.

    Args:
        definitions: table to its definition in one German sentence.
    """
    path = folder / "provenance.parquet"
    if not path.is_file():
        raise OrtskernError(
            f"Datei „{path.name}“ fehlt; erst die veröffentlichten Tabellen ausgeben."
        )
    table = pq.read_table(path)
    rows = [
        row
        | {
            "definition": definitions.get(row["table_name"], ""),
            "source_models": json.dumps(
                [m.strip() for m in row["source_models"].split(",") if m.strip()]
            ),
            "deliveries": str(row["deliveries"]),
            "snapshot": str(row["snapshot"]),
        }
        for row in table.to_pylist()
    ]
    _write(path, rows)


def _contract(c: Contract) -> dict[str, Any]:
    kept = {f.handling for o in c.objects for f in o.fields}
    protection = [HANDLING[h] for h in ("drop", "pseudonym", "register") if h in kept]
    return {
        "id": c.id,
        "name": c.name,
        "version": c.version,
        "owner": str(c.options["owner"]),
        "purpose": c.purpose,
        "legal_basis": str(c.options["legalBasis"]),
        "recipients": _listed(c.options["recipients"]),
        "retention": f"{c.retention_months} Monate",
        "protection": "Was Menschen kenntlich macht: " + "; ".join(protection) + "."
        if protection
        else "Keine Angaben über Menschen.",
        "picture": str(c.options.get("picture", "")),
        "notice": str(c.options["privacyNotice"]),
    }


def _field(c: Contract, table: str, f: Any) -> dict[str, Any]:
    return {
        "contract": c.id,
        "table": table,
        "field": f.source,
        "description": f.description,
        "classification": f.classification,
        "handling": f.handling,
    }


def _listed(value: Any) -> str:
    return ", ".join(str(v) for v in value) if isinstance(value, list) else str(value)


def _write(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    pq.write_table(pa.Table.from_pylist([dict(r) for r in rows]), path, compression="zstd")
