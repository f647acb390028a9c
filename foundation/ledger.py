# SPDX-License-Identifier: Apache-2.0
"""The only writer of ``ledger``: append-only, deterministic booking ids, a chain of hashes per table.

Belongs here: appending, reversing and checking the chain. Does not belong here: what is booked and why
(``analysis/distribution``, ``orchestration``), or the tables' columns (``migrations/ledger``).

DuckLake has no keys and no constraints, so what they would hold is held here: a booking whose id stands already is skipped
when its content is the same, and refused when it differs; nothing is ever updated (GoBD: correct by reversal).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection

from foundation.errors import LedgerError

# The natural key of each table: two rows that agree in it are the same booking.
KEYS: Mapping[str, tuple[str, ...]] = {
    "consent": ("member_id", "purpose", "status", "given_at"),
    "usage": ("edition", "table_name", "contract_id"),
    "revenue": ("invoice_number",),
    "cost": ("fiscal_year", "account", "title"),
    "allocation": ("fiscal_year", "member_id", "pot", "period_from", "description"),
    "posting": ("fiscal_year", "entry_number", "line_number"),
    "pot": ("fiscal_year", "pot"),
    "decision": ("subject", "fiscal_year", "organ", "decided_on"),
    "approval": ("table_name", "definition_hash", "rules_hash", "organ", "approved_on"),
    "issued_paper": ("invoice_number", "document_kind"),
    "payout": ("invoice_number", "status", "status_on"),
    "privacy_budget": ("release", "population"),
    "experiment": ("experiment_id", "version"),
    "order_proposal": ("site_id", "article_number", "issued_date"),
}
_BOOKKEEPING = (
    "sequence",
    "booking_id",
    "recorded_at",
    "reverses",
    "content_sha256",
    "previous_hash",
    "row_hash",
)
GENESIS = "0" * 64


def append(
    con: DuckDBPyConnection,
    table: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    as_of: datetime,
    reverses: str | None = None,
) -> int:
    """Append ``rows`` to ``ledger.<table>`` in one transaction; returns how many were new.

    Args:
        con: a writer's connection (``Lakehouse.writer``).
        rows: one mapping per booking, with the table's own columns; missing columns are NULL, unknown ones refused.
        as_of: instant of the run, stored as ``recorded_at``.
        reverses: booking id that these rows take back.

    Raises:
        LedgerError: a booking with the same key stands with other content, a column is unknown, or a row is a draft.
    """
    types = _columns(con, table)
    own = [c for c in types if c not in _BOOKKEEPING]
    standing: dict[str, str] = dict(
        con.execute(f"SELECT booking_id, content_sha256 FROM lake.ledger.{table}").fetchall()
    )
    last = con.execute(
        f"SELECT sequence, row_hash FROM lake.ledger.{table} ORDER BY sequence DESC LIMIT 1"
    ).fetchone() or (0, GENESIS)
    sequence, previous = int(last[0]), str(last[1])
    fresh: list[dict[str, Any]] = []
    for row in rows:
        values = _values(table, row, types, own)
        content = _content(values, reverses)
        key = [table, *(_canonical(values[k]) for k in KEYS[table]), reverses]
        booking_id = hashlib.sha256(json.dumps(key, ensure_ascii=False).encode()).hexdigest()[:32]
        if booking_id in standing:
            if standing[booking_id] != content:
                named = ", ".join(f"{k}={values[k]}" for k in KEYS[table])
                raise LedgerError(
                    f"Buch „{table}“: die Buchung ({named}) steht schon mit anderem Inhalt; mit einer Gegenbuchung zurücknehmen und neu buchen."
                )
            continue
        sequence += 1
        row_hash = hashlib.sha256(f"{previous}{booking_id}{content}".encode()).hexdigest()
        standing[booking_id] = content
        fresh.append(
            {
                "sequence": sequence,
                "booking_id": booking_id,
                "recorded_at": as_of.astimezone(UTC),
                "reverses": reverses,
                **values,
                "content_sha256": content,
                "previous_hash": previous,
                "row_hash": row_hash,
            }
        )
        previous = row_hash
    if fresh:
        _insert(con, table, list(types), fresh)
    return len(fresh)


def reverse(
    con: DuckDBPyConnection, table: str, booking_id: str, amounts: Sequence[str], *, as_of: datetime
) -> int:
    """Take a booking back by one with negated ``amounts`` (column names); returns 1, or 0 if it was taken back already."""
    found = con.execute(f"SELECT * FROM lake.ledger.{table} WHERE booking_id = ?", [booking_id])
    names = [d[0] for d in found.description or ()]
    row = found.fetchone()
    if row is None:
        raise LedgerError(
            f"Buch „{table}“: die Buchung {booking_id} gibt es nicht; Kennung prüfen."
        )
    values = {n: v for n, v in zip(names, row, strict=True) if n not in _BOOKKEEPING}
    for name in amounts:
        values[name] = -values[name] if values[name] is not None else None
    return append(con, table, [values], as_of=as_of, reverses=booking_id)


def verify_chain(con: DuckDBPyConnection, tables: Iterable[str] = tuple(KEYS)) -> dict[str, int]:
    """Recompute every hash of the chain; returns rows per table.

    Raises:
        LedgerError: a row was changed, removed or inserted; names table and sequence.
    """
    counts = {}
    for table in tables:
        types = _columns(con, table)
        own = [c for c in types if c not in _BOOKKEEPING]
        found = con.execute(f"SELECT * FROM lake.ledger.{table} ORDER BY sequence")
        names = [d[0] for d in found.description or ()]
        previous, expected = GENESIS, 0
        for raw in found.fetchall():
            row = dict(zip(names, raw, strict=True))
            expected += 1
            content = _content(_values(table, row, types, own), row["reverses"])
            row_hash = hashlib.sha256(
                f"{previous}{row['booking_id']}{content}".encode()
            ).hexdigest()
            if (
                row["sequence"] != expected
                or row["previous_hash"] != previous
                or row["row_hash"] != row_hash
            ):
                raise LedgerError(
                    f"Buch „{table}“, Zeile {expected}: die Kette der Prüfsummen ist gebrochen; aus der Sicherung zurückholen und den Aufsichtsrat verständigen."
                )
            previous = row_hash
        counts[table] = expected
    return counts


def _columns(con: DuckDBPyConnection, table: str) -> dict[str, str]:
    if table not in KEYS:
        raise LedgerError(f"Buch „{table}“ gibt es nicht; erwartet eines von {', '.join(KEYS)}.")
    rows = con.execute(
        """SELECT column_name, data_type FROM information_schema.columns
        WHERE table_catalog = 'lake' AND table_schema = 'ledger' AND table_name = ? ORDER BY ordinal_position""",
        [table],
    ).fetchall()
    return {str(n): str(t) for n, t in rows}


def _values(
    table: str, row: Mapping[str, Any], types: Mapping[str, str], own: Sequence[str]
) -> dict[str, Any]:
    unknown = set(row) - set(types)
    if unknown:
        raise LedgerError(
            f"Buch „{table}“: unbekannte Spalten {', '.join(sorted(unknown))}; erst eine Migration schreiben."
        )
    if row.get("is_draft"):
        raise LedgerError(
            f"Buch „{table}“: ein Entwurf wird nicht gebucht; erst den Beschluss eintragen."
        )
    return {name: _typed(row.get(name), types[name]) for name in own}


def _typed(value: Any, kind: str) -> Any:
    if value is None or value != value:
        return None
    if kind.startswith("DECIMAL"):
        scale = int(kind.rstrip(")").split(",")[1])
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-scale))
    if kind in ("BIGINT", "INTEGER"):
        return int(value)
    if kind == "BOOLEAN":
        return bool(value)
    if kind == "DATE":
        return value.date() if isinstance(value, datetime) else value
    if kind.startswith("TIMESTAMP"):
        return value.astimezone(UTC)
    return str(value)


def _canonical(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return None if value is None else str(value)


def _content(values: Mapping[str, Any], reverses: str | None) -> str:
    # A column that a later migration adds is NULL in old rows and left out, so their hashes stand.
    listed = {k: _canonical(v) for k, v in sorted(values.items()) if v is not None}
    return hashlib.sha256(
        json.dumps([listed, reverses], ensure_ascii=False, sort_keys=True).encode()
    ).hexdigest()


def _insert(
    con: DuckDBPyConnection, table: str, columns: Sequence[str], rows: list[dict[str, Any]]
) -> None:
    # Text first and a cast in SQL: an all-NULL column has no Arrow type of its own.
    data = pa.table({c: pa.array([_canonical(r[c]) for r in rows], pa.string()) for c in columns})
    con.register("_ledger_rows", data)
    try:
        con.execute(
            f"""INSERT INTO lake.ledger.{table} BY NAME SELECT * REPLACE (CAST(sequence AS BIGINT) AS sequence) FROM _ledger_rows
            ORDER BY CAST(sequence AS BIGINT)"""
        )
    finally:
        con.unregister("_ledger_rows")
