# SPDX-License-Identifier: Apache-2.0
"""Cells of one or more tables of the same source, and the sums that bind them.

Belongs here: which cells exist, what each is made of, which equations an attacker may use, which
cells hang together. Does not belong here: what is unsafe or suppressed.

A cell is named by its dimension values without totals, so the town total of ``basket_by_quarter``
and that of ``basket_by_trade_group`` are one cell: published in both tables or in none, and both
tables' equations are solved and attacked together. A dimension may be nested in another (``within``):
trades add up to their group, which is an equation like others. That is exact for tables that share totals
only: their inner cells are crossed nowhere, and any two partitions of a total with non-negative
parts can be crossed (the transport problem always has a solution).
Limit: tables of different sources (receipts beside footfall), and editions of one table at
different times, are not linked here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product

from foundation.errors import GateError
from quality.disclosure.contributors import Contribution
from quality.disclosure.definitions import TOTAL, Dimension, ReleaseDefinition

CellKey = tuple[tuple[str, str], ...]


@dataclass
class Cell:
    """One cell: additive values in total and by contributor. No entry at all: nothing is there."""

    key: CellKey
    totals: tuple[Decimal, ...]
    by_contributor: dict[str, tuple[Decimal, ...]] = field(default_factory=dict)
    is_empty: bool = True

    def add(self, row: Contribution) -> None:
        """Count ``row`` in."""
        self.is_empty = False
        self.totals = tuple(a + b for a, b in zip(self.totals, row.values, strict=True))
        name = row.contributor or ""
        before = self.by_contributor.get(name)
        self.by_contributor[name] = (
            row.values
            if before is None
            else tuple(a + b for a, b in zip(before, row.values, strict=True))
        )


@dataclass(frozen=True)
class Equation:
    """The total equals the sum of its parts."""

    total: CellKey
    parts: tuple[CellKey, ...]


@dataclass(frozen=True)
class TableSystem:
    """All cells by key (sorted) and all equations between them."""

    cells: dict[CellKey, Cell]
    equations: tuple[Equation, ...]

    def blocks(self) -> list[tuple[list[CellKey], list[Equation]]]:
        """Cells that hang together by equations, each block with its equations, in order."""
        parent = {key: key for key in self.cells}

        def root(key: CellKey) -> CellKey:
            while parent[key] != key:
                parent[key] = parent[parent[key]]
                key = parent[key]
            return key

        for equation in self.equations:
            for part in equation.parts:
                first, second = sorted((root(equation.total), root(part)))
                parent[second] = first
        members: dict[CellKey, list[CellKey]] = {}
        for key in self.cells:
            members.setdefault(root(key), []).append(key)
        sums: dict[CellKey, list[Equation]] = {}
        for equation in self.equations:
            sums.setdefault(root(equation.total), []).append(equation)
        return [(keys, sums.get(first, [])) for first, keys in sorted(members.items())]


def cell_key(dimensions: dict[str, str]) -> CellKey:
    """Key of a cell from its dimension values, totals left out."""
    return tuple(sorted((n, v) for n, v in dimensions.items() if v != TOTAL))


def values_of(dimension: Dimension, rows: Sequence[Contribution]) -> list[str]:
    """Values of a dimension: those that the definition lists, and those that occur, sorted."""
    return sorted({*dimension.values, *(row.dimensions[dimension.name] for row in rows)})


def grid(definition: ReleaseDefinition, rows: Sequence[Contribution]) -> list[dict[str, str]]:
    """The rows of the table that will be written, without values, in a fixed order.

    Tables with a margin hold every combination; others only those that the source has.
    """
    names = [d.name for d in definition.dimensions]
    if not any(d.margin for d in definition.dimensions):
        present = sorted({tuple(row.dimensions[n] for n in names) for row in rows})
        return [dict(zip(names, values, strict=True)) for values in present]
    axes = []
    for dimension in definition.dimensions:
        values = values_of(dimension, rows)
        if TOTAL in values:
            raise GateError(
                f"Tabelle „{definition.source}“, Feld „{dimension.name}“: gefunden „{TOTAL}“ als "
                "Wert, erwartet nur Namen einzelner Teile; den Wert in der Quelle umbenennen."
            )
        axes.append([*([TOTAL] if dimension.margin else []), *values])
    return [dict(zip(names, values, strict=True)) for values in product(*axes)]


def build_system(
    definitions: Sequence[ReleaseDefinition], rows: Sequence[Contribution]
) -> TableSystem:
    """Cells and equations of the definitions' tables, from collapsed contributions."""
    zeros = tuple(Decimal(0) for _ in (rows[0].values if rows else ()))
    cells: dict[CellKey, Cell] = {}
    equations: dict[tuple[CellKey, tuple[CellKey, ...]], Equation] = {}
    for definition in definitions:
        lines = grid(definition, rows)
        own = {cell_key(line): Cell(cell_key(line), zeros) for line in lines}
        cells |= {key: cell for key, cell in own.items() if key not in cells}
        for dimension in (d for d in definition.dimensions if d.margin):
            parts = values_of(dimension, rows)
            for line in (x for x in lines if x[dimension.name] == TOTAL):
                sum_of = tuple(cell_key({**line, dimension.name: value}) for value in parts)
                equation = Equation(cell_key(line), sum_of)
                equations[(equation.total, equation.parts)] = equation
        equations |= {(e.total, e.parts): e for e in _nested(definition, lines, rows)}
    _fill(definitions, cells, rows)
    if stray := {e.total for e in equations.values()} - set(cells):
        raise GateError(
            f"Tabelle „{definitions[0].source}“: gefunden eine Summe {min(stray)}, die in keiner "
            "verbundenen Tabelle steht, erwartet sie dort; die Definitionen abgleichen."
        )
    return TableSystem(dict(sorted(cells.items())), tuple(equations[k] for k in sorted(equations)))


def _nested(
    definition: ReleaseDefinition, lines: Sequence[dict[str, str]], rows: Sequence[Contribution]
) -> list[Equation]:
    """Equations between the values of a dimension and the coarser value that each lies in."""
    found = []
    for dimension in definition.dimensions:
        if dimension.within is None:
            continue
        coarse = _coarser(dimension, rows)
        groups: dict[CellKey, list[CellKey]] = {}
        for line in lines:
            if line[dimension.name] in coarse:
                others = {n: v for n, v in line.items() if n != dimension.name}
                whole = cell_key({**others, dimension.within: coarse[line[dimension.name]]})
                groups.setdefault(whole, []).append(cell_key(line))
        found += [Equation(whole, tuple(sorted(parts))) for whole, parts in groups.items()]
    return found


def _coarser(dimension: Dimension, rows: Sequence[Contribution]) -> dict[str, str]:
    """Value to the coarser value it lies in. Raises GateError where it lies in two."""
    found: dict[str, str] = {}
    for row in rows:
        value, whole = row.dimensions[dimension.name], row.dimensions[str(dimension.within)]
        if found.setdefault(value, whole) != whole:
            raise GateError(
                f"Feld „{dimension.name}“: gefunden „{value}“ in „{found[value]}“ und in „{whole}“, "
                f"erwartet jeden Wert in genau einem „{dimension.within}“; das Modell der Quelle "
                "berichtigen."
            )
    return found


def _fill(
    definitions: Sequence[ReleaseDefinition],
    cells: dict[CellKey, Cell],
    rows: Sequence[Contribution],
) -> None:
    for row in rows:
        touched: set[CellKey] = set()
        for definition in definitions:
            choices = [
                [row.dimensions[d.name], *([TOTAL] if d.margin else [])]
                for d in definition.dimensions
            ]
            names = [d.name for d in definition.dimensions]
            touched |= {cell_key(dict(zip(names, c, strict=True))) for c in product(*choices)}
        # One cell may belong to two linked tables; the row still counts in it once.
        for key in touched:
            cells[key].add(row)
