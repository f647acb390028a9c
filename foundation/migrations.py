# SPDX-License-Identifier: Apache-2.0
"""Numbered migrations of the tables that no model rebuilds: landing, ledger, release, papers.

Belongs here: applying ``foundation/migrations/<schema>/NNNN_name.sql`` in order, once each.
Does not belong here: tables of dlt and dbt, which those tools create.
"""

import hashlib
import re
from pathlib import Path

from duckdb import DuckDBPyConnection

from foundation.errors import LakeError

FOLDER = Path(__file__).resolve().parent / "migrations"
_COMMENT = r"COMMENT ON COLUMN lake\.{table}\.(\w+) IS\s+'((?:[^']|'')*)';"


def migrate(con: DuckDBPyConnection, schema: str, folder: Path = FOLDER) -> list[str]:
    """Apply what is missing in ``schema``, each file in one transaction; returns the names applied.

    Raises:
        LakeError: a file that was applied has been changed since; such a change is a new migration.
    """
    con.execute(
        f"CREATE TABLE IF NOT EXISTS lake.{schema}._migration (name VARCHAR, sha256 VARCHAR)"
    )
    done = dict(con.execute(f"SELECT name, sha256 FROM lake.{schema}._migration").fetchall())
    applied = []
    for path in sorted((folder / schema).glob("[0-9][0-9][0-9][0-9]_*.sql")):
        text = path.read_text("utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        if path.name in done:
            if done[path.name] != digest:
                raise LakeError(
                    f"Migration „{schema}/{path.name}“ wurde nach ihrer Anwendung geändert; die Datei zurücksetzen und die Änderung als neue Nummer schreiben."
                )
            continue
        con.execute("BEGIN")
        try:
            con.execute(text)
            con.execute(f"INSERT INTO lake.{schema}._migration VALUES (?, ?)", [path.name, digest])
            con.execute("COMMIT")
        except BaseException:
            con.execute("ROLLBACK")
            raise
        applied.append(path.name)
    return applied


def described_columns(schema: str, table: str, folder: Path = FOLDER) -> list[tuple[str, str, str]]:
    """(name, type, description) of a migrated table, as its ``CREATE TABLE``, later columns and the newest comments say."""
    name = re.escape(f"{schema}.{table}")
    for path in sorted((folder / schema).glob("[0-9][0-9][0-9][0-9]_*.sql")):
        text = path.read_text("utf-8")
        created = re.search(rf"CREATE TABLE lake\.{name} \((.*?)\n\);", text, re.DOTALL)
        if created is None:
            continue
        # A later migration may say better what a column is.
        later = sorted(p for p in path.parent.glob("[0-9][0-9][0-9][0-9]_*.sql") if p >= path)
        told = "\n".join(p.read_text("utf-8") for p in later)
        about = dict(re.findall(_COMMENT.format(table=name), told))
        lines = [line.strip().rstrip(",") for line in created[1].strip().splitlines()]
        lines += re.findall(rf"ALTER TABLE lake\.{name} ADD COLUMN (.*?);", told)
        columns = (line.split(" ", 1) for line in lines)
        return [(n, kind, about.get(n, "").replace("''", "'")) for n, kind in columns]
    raise LakeError(f"Tabelle „{schema}.{table}“ steht in keiner Migration; eine schreiben.")
