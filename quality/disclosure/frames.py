# SPDX-License-Identifier: Apache-2.0
"""The rows of a released table: values, status, reason, figure code.

Belongs here: forming released values from additive ones, and the typed table that is written.
Does not belong here: deciding what is hidden. Suppressed cells of either kind carry one and the
same reason: to say which one is the unsafe one would help whoever attacks it.
"""

import base64
import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pyarrow as pa

from foundation.errors import GateError
from foundation.money import round_cents
from quality.disclosure.contributors import Contribution
from quality.disclosure.definitions import TOTAL, Measure, ReleaseDefinition
from quality.disclosure.system import Cell, CellKey, TableSystem, cell_key, grid, values_of

PUBLISHED, SUPPRESSED, MISSING = "veröffentlicht", "unterdrückt", "fehlt"
REASONS = {
    "firm": "Zum Schutz einzelner Betriebe nicht veröffentlicht",
    "person": "Zum Schutz einzelner Menschen nicht veröffentlicht",
}
NO_DATA = "Keine Angabe"
PART_MISSING = "Angabe für einen Teil fehlt"
SHARE_DIGITS = Decimal("0.000001")

Row = dict[str, Any]
ARROW: dict[str, pa.DataType] = {
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "SMALLINT": pa.int16(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DECIMAL(18,2)": pa.decimal128(18, 2),
    "DECIMAL(9,4)": pa.decimal128(9, 4),
}
READ: dict[str, Callable[[str], Any]] = {
    "VARCHAR": str,
    "DATE": date.fromisoformat,
    "SMALLINT": int,
    "INTEGER": int,
    "BIGINT": int,
}


def figure_code(table: str, dimensions: Sequence[str]) -> str:
    """Name of a figure, the same in every edition: ``W-`` and ten characters of base 32."""
    digest = hashlib.sha256("\x1f".join([table, *dimensions]).encode()).digest()
    return "W-" + base64.b32encode(digest).decode()[:10]


def measure_value(measure: Measure, additive: Mapping[str, Decimal]) -> Any:
    """A released value from additive ones; None where a ratio has no denominator."""
    top = additive[measure.of or ""]
    if measure.kind == "count":
        return int(top)
    if measure.kind == "sum":
        return round_cents(top) if measure.type.startswith("DECIMAL") else int(top)
    bottom = additive[measure.per or ""]
    if bottom == 0:
        return None
    if measure.kind == "mean":
        return round_cents(top / bottom)
    return float((top / bottom).quantize(SHARE_DIGITS, rounding=ROUND_HALF_UP))


def aggregate_rows(
    definition: ReleaseDefinition,
    contributions: Sequence[Contribution],
    system: TableSystem,
    hidden: Collection[CellKey],
) -> list[Row]:
    """Rows of an aggregate table with the cells in ``hidden`` suppressed."""
    rows = []
    for line in grid(definition, contributions):
        cell = system.cells[cell_key(line)]
        row = _row(definition, line)
        values = {} if cell.is_empty else _values(definition, cell)
        if cell.is_empty or any(v is None for v in values.values()):
            _blank(row, definition, MISSING, NO_DATA)
        elif definition.contributor.kind == "none" and _misses_part(
            definition, line, contributions, system
        ):
            _blank(row, definition, MISSING, PART_MISSING)
        elif cell.key in hidden:
            _blank(row, definition, SUPPRESSED, REASONS[definition.contributor.kind])
        else:
            row |= values
        rows.append(row)
    return rows


def _values(definition: ReleaseDefinition, cell: Cell) -> Row:
    additive = dict(zip(definition.additive, cell.totals, strict=True))
    return {m.name: measure_value(m, additive) for m in definition.measures}


def _misses_part(
    definition: ReleaseDefinition,
    line: Mapping[str, str],
    contributions: Sequence[Contribution],
    system: TableSystem,
) -> bool:
    """Whether a total lacks one of its parts; a register that was not delivered is not zero."""
    for dimension in definition.dimensions:
        if line[dimension.name] != TOTAL:
            continue
        for value in values_of(dimension, contributions):
            if system.cells[cell_key({**line, dimension.name: value})].is_empty:
                return True
    return False


def perturbed_rows(
    definition: ReleaseDefinition,
    contributions: Sequence[Contribution],
    perturbed: Mapping[CellKey, int],
    hidden: Collection[CellKey],
) -> list[Row]:
    """Rows of a table of persons: perturbed counts, cells in ``hidden`` suppressed."""
    rows = []
    for line in grid(definition, contributions):
        row = _row(definition, line)
        key = cell_key(line)
        if key in hidden:
            _blank(row, definition, SUPPRESSED, REASONS["person"])
        else:
            row |= {m.name: perturbed[key] for m in definition.measures}
        rows.append(row)
    return rows


def taken_rows(definition: ReleaseDefinition, source: Sequence[Row]) -> list[Row]:
    """Rows taken over value by value (public registers, own sensors, names of places).

    Args:
        source: dimension values as text, measures as the source has them.
    """
    rows = []
    for line in source:
        row = _row(definition, {d.name: line[d.name] for d in definition.dimensions})
        values = {m.name: line[m.name] for m in definition.measures}
        if definition.figures and any(v is None for v in values.values()):
            _blank(row, definition, MISSING, NO_DATA)
        else:
            row |= values
        rows.append(row)
    return sorted(rows, key=lambda r: [str(r[d.name]) for d in definition.dimensions])


def _row(definition: ReleaseDefinition, line: Mapping[str, str]) -> Row:
    row: Row = {d.name: READ[d.type](line[d.name]) for d in definition.dimensions}
    row |= {m.name: None for m in definition.measures}
    if definition.figures:
        names = [str(line[d.name]) for d in definition.dimensions]
        row |= {
            "status": PUBLISHED,
            "reason": None,
            "figure_code": figure_code(definition.table, names),
        }
    return row


def _blank(row: Row, definition: ReleaseDefinition, status: str, reason: str) -> None:
    row |= {m.name: None for m in definition.measures}
    row |= {"status": status, "reason": reason}


def check_rows(definition: ReleaseDefinition, rows: Sequence[Row]) -> None:
    """What holds for every table that leaves.

    Raises:
        GateError: two rows name the same cell, columns are not the defined ones, a value stands
            beside a status that says there is none, or a published row has no value at all.
    """
    names = [name for name, _ in definition.columns]
    measures = [m.name for m in definition.measures if m.kind != "label"]
    seen = set()
    for row in rows:
        if list(row) != names:
            raise GateError(
                f"Tabelle „release.{definition.table}“: gefunden Spalten {list(row)}, erwartet "
                f"{names}; die Definition unter releases/ oder das Modell angleichen."
            )
        key = tuple(row[d.name] for d in definition.dimensions)
        if key in seen or None in key:
            raise GateError(
                f"Tabelle „release.{definition.table}“: Zelle {key} steht doppelt oder ohne Namen; "
                "die Quelle auf eine Zeile je Zelle bringen."
            )
        seen.add(key)
        if not definition.figures:
            continue
        published = row["status"] == PUBLISHED
        filled = [m for m in measures if row[m] is not None]
        known = row["status"] in (PUBLISHED, SUPPRESSED, MISSING)
        if not known or published != bool(filled) or (not published and not row["reason"]):
            raise GateError(
                f"Tabelle „release.{definition.table}“, Zelle {key}: Status „{row['status']}“ und "
                "Werte widersprechen sich; nichts wird geschrieben, bitte dem Technikteam melden."
            )


def to_arrow(definition: ReleaseDefinition, rows: Sequence[Row]) -> pa.Table:
    """The rows as a typed Arrow table, columns in the order of the definition."""
    check_rows(definition, rows)
    schema = pa.schema([(name, ARROW[kind]) for name, kind in definition.columns])
    return pa.Table.from_pylist(list(rows), schema=schema)
