# SPDX-License-Identifier: Apache-2.0
"""Attacks on a published table: what can be computed about a suppressed cell, and by whom.

Belongs here: who knows what, how much doubt each must be left with, and the linear programmes
that bound a cell. Does not belong here: choosing suppressions, judging the result.

Attackers: the outsider, who knows what is published and that nothing is negative; and each
contributor of a suppressed cell, who also knows its own part of every cell, and the whole of a cell
in which it is alone. What has to stay hidden from it is the part of the others.
Limit: coalitions of contributors and knowledge from other publications are not attackers here.

Many small programmes are solved as one block-diagonal programme: the optimum of a sum over
independent blocks is the optimum of each.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, eye, kron
from scipy.sparse.csgraph import connected_components

from foundation.cooperative import DisclosureRules
from foundation.errors import GateError
from quality.disclosure.system import Cell, CellKey, Equation

Floats = NDArray[np.float64]
# Values of a block are scaled to at most 1; nobody is assumed to know an upper bound, so cells may
# grow to ten times the largest one. A finite bound makes intervals narrower, never wider.
SCALED_MAX = 10.0
TOLERANCE = 1e-8
BATCH = 4000


@dataclass(frozen=True)
class Block:
    """Cells that hang together, as numbers.

    ``matrix``: equations x cells (total -1, parts +1). ``true``: additive columns x cells, scaled
    by ``scale`` (one per column) to at most 1. ``empty``: cells without contributor, known to all.
    """

    keys: tuple[CellKey, ...]
    cells: tuple[Cell, ...]
    matrix: csr_matrix
    true: Floats
    scale: Floats
    empty: NDArray[np.bool_]


def make_block(
    keys: Sequence[CellKey], equations: Sequence[Equation], cells: dict[CellKey, Cell]
) -> Block:
    """Numbers of one block of a ``TableSystem``."""
    place = {key: i for i, key in enumerate(keys)}
    data, line, column = [], [], []
    for number, equation in enumerate(equations):
        for key, sign in [(equation.total, -1.0), *((p, 1.0) for p in equation.parts)]:
            data.append(sign)
            line.append(number)
            column.append(place[key])
    matrix = csr_matrix((data, (line, column)), shape=(len(equations), len(keys)))
    own = tuple(cells[key] for key in keys)
    raw = np.array([[float(v) for v in cell.totals] for cell in own], dtype=float).T
    scale = np.maximum(np.abs(raw).max(axis=1), 1.0)
    empty = np.array([cell.is_empty for cell in own], dtype=bool)
    return Block(tuple(keys), own, matrix, raw / scale[:, None], scale, empty)


@dataclass(frozen=True)
class Attack:
    """One attempt: bound ``cell`` in additive ``column`` from above or below.

    ``lower``: what the attacker knows as least value of each cell (scaled); ``known``: cells it
    knows exactly beside the published ones; ``required``: doubt that must be left (scaled).
    """

    attacker: str
    column: int
    cell: int
    upward: bool
    lower: Floats
    known: NDArray[np.bool_]
    required: float


def attacks(
    block: Block, suppressed: NDArray[np.bool_], primary: NDArray[np.bool_], rules: DisclosureRules
) -> list[Attack]:
    """Every attack that a set of suppressions must withstand, the outsider's first.

    Doubt required on either side: ``protection_percent`` of what the others contribute, at least
    one unit (a receipt, a euro), at most what lies above the attacker's own lower bound.
    """
    # Figures about nobody stand under the empty name, which is the outsider's.
    names = {n for i in np.flatnonzero(suppressed) for n in block.cells[i].by_contributor}
    found: list[Attack] = []
    parts = _hidden_parts(block, suppressed)
    for name in ["", *sorted(names - {""})]:
        own, below, alone = _knowledge(block, name)
        own_parts = {
            parts[i] for i in np.flatnonzero(suppressed) if name in block.cells[i].by_contributor
        }
        for cell in np.flatnonzero(primary):
            # Where all published values part it from what a contributor knows, it is an outsider.
            if name and parts[cell] not in own_parts:
                continue
            others = [n for n in block.cells[cell].by_contributor if n != name]
            if not others:
                continue
            for column in range(block.true.shape[0]):
                rest = block.true[column, cell] - own[column, cell]
                level = max(
                    rules.protection_percent / 100 * abs(rest), 1.0 / float(block.scale[column])
                )
                room = block.true[column, cell] - below[column, cell]
                for upward, required in ((True, level), (False, min(level, room))):
                    found.append(
                        Attack(name, column, int(cell), upward, below[column], alone, required)
                    )
    return found


def _hidden_parts(block: Block, suppressed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Part of the block that each hidden cell lies in when published cells are known; -1: published.

    No equation joins two parts, so nothing about one part can be learnt from another.
    """
    hidden = np.flatnonzero(suppressed)
    joined = abs(block.matrix[:, hidden])
    _, labels = connected_components(joined.T @ joined, directed=False)
    parts = np.full(len(block.keys), -1, dtype=np.int64)
    parts[hidden] = labels
    return parts


def _knowledge(block: Block, name: str) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Own contributions, lower bounds (both columns x cells, scaled), cells known exactly."""
    own = np.zeros_like(block.true)
    below = np.zeros_like(block.true)
    alone = np.zeros(len(block.keys), dtype=bool)
    for i, cell in enumerate(block.cells):
        for contributor, values in cell.by_contributor.items():
            part = np.array([float(v) for v in values]) / block.scale
            if name and contributor == name:
                own[:, i] = part
                below[:, i] += part
                alone[i] = len(cell.by_contributor) == 1
            else:
                # Nothing is assumed negative, unless it is: the truth must stay possible.
                below[:, i] += np.minimum(part, 0.0)
    return own, below, alone


def bounds_reached(block: Block, hidden: NDArray[np.bool_], attempts: Sequence[Attack]) -> Floats:
    """The doubt that each attack leaves: distance between the truth and the bound it computes.

    Args:
        hidden: cells whose values are not published.

    Raises:
        GateError: a programme has no solution; then nothing may be published.
    """
    left = np.zeros(len(attempts))
    for start in range(0, len(attempts), BATCH):
        chunk = attempts[start : start + BATCH]
        left[start : start + len(chunk)] = _solve(block, hidden, chunk)
    return left


def _solve(block: Block, hidden: NDArray[np.bool_], attempts: Sequence[Attack]) -> Floats:
    # Variables are deviations from the truth, which satisfies every equation by itself.
    count, cells = len(attempts), len(block.keys)
    lower = np.zeros((count, cells))
    upper = np.zeros((count, cells))
    goal = np.zeros((count, cells))
    for number, attempt in enumerate(attempts):
        true = block.true[attempt.column]
        free = hidden & ~attempt.known & ~block.empty
        lower[number, free] = np.minimum(attempt.lower - true, 0.0)[free]
        upper[number, free] = (SCALED_MAX - true)[free]
        goal[number, attempt.cell] = -1.0 if attempt.upward else 1.0
    deviations = extreme_points(block.matrix, lower, upper, goal)
    chosen = deviations[np.arange(count), [a.cell for a in attempts]]
    return np.abs(chosen)


def extreme_points(matrix: csr_matrix, lower: Floats, upper: Floats, goal: Floats) -> Floats:
    """Minimise ``goal`` line by line under ``matrix @ x = 0`` and bounds; all are lines x cells.

    Raises:
        GateError: the solver does not end with an optimum.
    """
    count, cells = lower.shape
    if matrix.shape[0] == 0:
        return np.where(goal < 0, upper, np.where(goal > 0, lower, 0.0))
    result = linprog(
        goal.ravel(),
        A_eq=kron(eye(count), matrix, format="csr"),
        b_eq=np.zeros(count * matrix.shape[0]),
        bounds=np.stack([lower.ravel(), upper.ravel()], axis=1),
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if result.status != 0:
        raise GateError(
            f"Die Prüfung auf Rückschlüsse endete ohne Ergebnis ({result.message}); nichts wird "
            "veröffentlicht, die Tabelle mit weniger Gliederung anmelden."
        )
    return np.asarray(result.x).reshape(count, cells)
