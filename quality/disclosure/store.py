# SPDX-License-Identifier: Apache-2.0
"""What the gate reads from the lake and writes into it.

Belongs here: SQL of the gate. Does not belong here: any decision.

All functions take a connection with the lake attached as ``lake``. A table is replaced in one
transaction, and only if its rows differ: unchanged content writes nothing, so snapshots stand for
changes. Names of tables and columns come from validated definitions.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
from duckdb import DuckDBPyConnection

from foundation.errors import GateError
from quality.disclosure.contributors import Contribution
from quality.disclosure.definitions import ReleaseDefinition
from quality.disclosure.frames import Row

NOISE = "lake.release._noise"


@contextmanager
def transaction(con: DuckDBPyConnection) -> Iterator[None]:
    """All or nothing."""
    con.execute("BEGIN")
    try:
        yield
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise


def _query(con: DuckDBPyConnection, table: str, sql: str, values: Sequence[Any] = ()) -> list[Any]:
    try:
        return con.execute(sql, list(values)).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise GateError(
            f"Tabelle „{table}“ ist nicht so, wie die Definition sagt "
            f"({str(error).splitlines()[0]}); `ortskern run` bis zu den Modellen ausführen oder "
            "die Definition unter releases/ berichtigen."
        ) from error


def _closed(definition: ReleaseDefinition, ageing_months: int) -> str:
    if definition.period is None:
        return "TRUE"
    name = f'"{definition.period.name}"'
    return f"CAST({name} AS DATE) + INTERVAL {int(ageing_months)} MONTH <= CAST(? AS DATE)"


def _bound(definition: ReleaseDefinition, on: date) -> list[date]:
    return [] if definition.period is None else [on]


def open_periods(
    con: DuckDBPyConnection, definition: ReleaseDefinition, ageing_months: int, on: date
) -> int:
    """How many periods of the source are not old enough to leave."""
    if definition.period is None:
        return 0
    rows = _query(
        con,
        str(definition.source),
        f'SELECT count(DISTINCT "{definition.period.name}") FROM lake.{definition.source} '
        f"WHERE NOT ({_closed(definition, ageing_months)})",
        _bound(definition, on),
    )
    return int(rows[0][0])


def read_contributions(
    con: DuckDBPyConnection,
    definitions: Sequence[ReleaseDefinition],
    ageing_months: int,
    on: date,
) -> list[Contribution]:
    """One row per contributor and elementary cell of all linked definitions, closed periods only.

    Raises:
        GateError: the source is missing a column, or a row has no contributor or no cell.
    """
    first = definitions[0]
    dimensions = {d.name: d for definition in definitions for d in definition.dimensions}
    names = sorted(dimensions)
    who = first.contributor.column
    selected = [f'CAST("{who}" AS VARCHAR)' if who else "NULL"]
    selected += [
        f'coalesce(CAST("{n}" AS VARCHAR), ?)'
        if dimensions[n].unknown
        else f'CAST("{n}" AS VARCHAR)'
        for n in names
    ]
    unknown = [dimensions[n].unknown for n in names if dimensions[n].unknown]
    if first.contributor.kind == "person":
        values = ["CAST(1 AS DECIMAL(18,2))"]
    else:
        values = [f'CAST(sum("{c}") AS DECIMAL(38,2))' for c in first.additive]
    rows = _query(
        con,
        str(first.source),
        f"SELECT {', '.join(selected + values)} FROM lake.{first.source} "
        f"WHERE {_closed(first, ageing_months)} GROUP BY ALL",
        [*unknown, *_bound(first, on)],
    )
    width = len(names) + 1
    for row in rows:
        nameless = who and row[0] is None and not first.contributor.nobody
        if None in row[1:] or nameless:
            raise GateError(
                f"Tabelle „{first.source}“: gefunden eine Zeile ohne Angabe in "
                f"{who or ''} {names} oder ohne Wert, erwartet in jeder Zeile alle Angaben; das "
                "Modell der Quelle berichtigen."
            )
    return [
        Contribution(
            row[0],
            dict(zip(names, row[1:width], strict=True)),
            tuple(Decimal(v) for v in row[width:]),
        )
        for row in rows
    ]


def read_values(
    con: DuckDBPyConnection, definition: ReleaseDefinition, ageing_months: int, on: date
) -> list[Row]:
    """Rows of a source that are taken over: dimensions as text, measures typed as released."""
    columns = [f'CAST("{d.name}" AS VARCHAR)' for d in definition.dimensions]
    columns += [f'CAST("{m.source}" AS {m.type})' for m in definition.measures]
    names = [c.name for c in definition.described]
    rows = _query(
        con,
        str(definition.source),
        f"SELECT {', '.join(columns)} FROM lake.{definition.source} "
        f"WHERE {_closed(definition, ageing_months)}",
        _bound(definition, on),
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def read_release(con: DuckDBPyConnection, table: str) -> list[Row]:
    """Rows of a released table as dictionaries, in a fixed order; empty if it is not released."""
    cursor = con.execute(f'SELECT * FROM lake.release."{table}" ORDER BY ALL')
    names = [c[0] for c in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def columns_of(con: DuckDBPyConnection, schema: str, table: str) -> list[tuple[str, str]]:
    """(name, type) of a table's columns; empty if there is no such table."""
    rows = con.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_catalog = 'lake'"
        " AND table_schema = ? AND table_name = ? ORDER BY ordinal_position",
        [schema, table],
    ).fetchall()
    return [(str(n), str(t)) for n, t in rows]


def differs(
    con: DuckDBPyConnection, schema: str, table: str, frame: pa.Table, scope: Mapping[str, str]
) -> bool:
    """Whether the rows in ``scope`` are others than those of ``frame`` (as multisets)."""
    con.register("gate_frame", frame)
    try:
        listed = ", ".join(f'"{c}"' for c in frame.column_names)
        where, values = _where(scope)
        there = f'SELECT {listed} FROM lake.{schema}."{table}" {where}'
        here = f"SELECT {listed} FROM gate_frame"
        row = con.execute(
            f"SELECT (SELECT count(*) FROM (({there}) EXCEPT ALL ({here})))"
            f" + (SELECT count(*) FROM (({here}) EXCEPT ALL ({there})))",
            values * 2,
        ).fetchone()
        return row is None or bool(row[0])
    finally:
        con.unregister("gate_frame")


def replace(
    con: DuckDBPyConnection,
    schema: str,
    table: str,
    frame: pa.Table,
    *,
    scope: Mapping[str, str] | None = None,
    noise: Mapping[str, int] | None = None,
) -> bool:
    """Put ``frame`` in place of the rows in ``scope`` (all by default); False if nothing changed.

    Newly drawn ``noise`` is kept in the same transaction. What stands afterwards is compared with
    ``frame`` before the transaction ends.

    Raises:
        GateError: the lake does not hold exactly the audited rows; the transaction is undone.
    """
    limits = dict(scope or {})
    if not differs(con, schema, table, frame, limits):
        return False
    with transaction(con):
        where, values = _where(limits)
        con.execute(f'DELETE FROM lake.{schema}."{table}" {where}', values)
        if frame.num_rows:
            con.register("gate_frame", frame)
            con.execute(f'INSERT INTO lake.{schema}."{table}" BY NAME SELECT * FROM gate_frame')
            con.unregister("gate_frame")
        for name, value in sorted((noise or {}).items()):
            con.execute(f"INSERT INTO {NOISE} VALUES (?, ?)", [name, value])
        if differs(con, schema, table, frame, limits):
            raise GateError(
                f"Tabelle „{schema}.{table}“: geschrieben wurde etwas anderes als geprüft; die "
                "Änderung ist zurückgenommen, bitte dem Technikteam melden."
            )
    return True


def _where(scope: Mapping[str, str]) -> tuple[str, list[str]]:
    if not scope:
        return "", []
    return "WHERE " + " AND ".join(f'"{c}" = ?' for c in scope), list(scope.values())


def remove(con: DuckDBPyConnection, table: str) -> bool:
    """Take a released table and its provenance back; False if there was nothing."""
    row = con.execute(f'SELECT count(*) FROM lake.release."{table}"').fetchone()
    there = con.execute(
        "SELECT count(*) FROM lake.release.provenance WHERE table_name = ?", [table]
    ).fetchone()
    if not (row and row[0]) and not (there and there[0]):
        return False
    with transaction(con):
        con.execute(f'DELETE FROM lake.release."{table}"')
        con.execute("DELETE FROM lake.release.provenance WHERE table_name = ?", [table])
    return True


def remove_undefined(con: DuckDBPyConnection, defined: Collection[str]) -> list[str]:
    """Take back every released table that has no definition any more; returns their names."""
    found = con.execute(
        """SELECT table_name FROM information_schema.tables
        WHERE table_catalog = 'lake' AND table_schema = 'release'
            AND table_name <> 'provenance' AND NOT starts_with(table_name, '_') ORDER BY 1"""
    ).fetchall()
    return [str(t) for (t,) in found if t not in defined and remove(con, str(t))]


def read_noise(con: DuckDBPyConnection) -> dict[str, int]:
    """Fingerprint of a set of persons to the perturbed count that was drawn for it."""
    return {str(f): int(c) for f, c in con.execute(f"SELECT * FROM {NOISE}").fetchall()}


def as_json(content: Mapping[str, str]) -> str:
    """A mapping as JSON text that is the same for the same content."""
    return json.dumps(dict(content), sort_keys=True, ensure_ascii=False)
