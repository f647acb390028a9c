# SPDX-License-Identifier: Apache-2.0
"""What changed against the edition before: tables that came or went, figures that are others now.

Belongs here: comparing files of an earlier edition with what is published now. Does not belong here:
verifying an edition (`reports/publication`).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from reports.exports import csv_bytes


@dataclass(frozen=True)
class TableChange:
    """Figures of one table by their codes: new, no longer there, with another value or status."""

    table: str
    new: int
    gone: int
    changed: int


@dataclass(frozen=True)
class Changes:
    """The comparison; ``before`` is None where there was no earlier edition."""

    before: str | None
    added: Sequence[str] = ()
    removed: Sequence[str] = ()
    tables: Sequence[TableChange] = ()


def earlier_edition(editions: Path, day: str) -> Path | None:
    """The newest edition of an earlier day; editions of the same day are not compared."""
    found = [p.parent for p in editions.glob("*/manifest.json") if p.parent.name[:10] < day]
    return max(found, key=lambda p: (p.name[:10], len(p.name), p.name), default=None)


def changes_since(edition: Path | None, now: Mapping[str, pa.Table]) -> Changes:
    """Compare the released tables with an earlier edition's files."""
    if edition is None:
        return Changes(None)
    manifest = json.loads((edition / "manifest.json").read_text("utf-8"))
    before = {t["name"] for t in manifest["tables"]}
    tables = [
        _compared(name, edition / "daten" / f"{name}.csv", now[name])
        for name in sorted(before & set(now))
    ]
    return Changes(
        str(manifest["edition"]),
        added=sorted(set(now) - before - {"provenance"}),
        removed=sorted(before - set(now)),
        tables=[t for t in tables if t.new or t.gone or t.changed],
    )


def _compared(name: str, path: Path, table: pa.Table) -> TableChange:
    old = _by_code(path.read_text("utf-8")) if path.is_file() else {}
    new = _by_code(csv_bytes(table).decode("utf-8"))
    changed = sum(old[code] != new[code] for code in old.keys() & new.keys())
    return TableChange(name, len(new.keys() - old.keys()), len(old.keys() - new.keys()), changed)


def _by_code(text: str) -> dict[str, tuple[str, ...]]:
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return {r["figure_code"]: tuple(r.values()) for r in rows if r.get("figure_code")}
