# SPDX-License-Identifier: Apache-2.0
"""The audit: attack exactly the rows that would be written, and refuse if an attack succeeds.

Belongs here: reading back from the final rows what the public would know, judging afresh which
cells are unsafe, and the verdict. Does not belong here: repairing anything.

The audit takes nothing over from ``suppression.py``: a cell counts as public as soon as one value
of it stands in one of the linked tables, whatever its status says. Attacks run on the additive
columns (revenue and receipts both), which is stronger than any reader of rounded means.
Every unsafe cell needs its doubt on either side; a safe cell that was suppressed for its sake must
not be computable exactly, or it was suppressed in vain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foundation.cooperative import DisclosureRules
from foundation.errors import GateError
from quality.disclosure.attack import (
    TOLERANCE,
    Block,
    attacks,
    bounds_reached,
    extreme_points,
    make_block,
)
from quality.disclosure.definitions import ReleaseDefinition
from quality.disclosure.frames import MISSING, Row, measure_value
from quality.disclosure.rules import unsafe_firms
from quality.disclosure.system import CellKey, TableSystem, cell_key

# A suppressed count of persons must leave at least this many persons between least and most.
PERSONS_WIDTH = 2.0


@dataclass(frozen=True)
class AuditReport:
    """How many attacks ran, by how many attackers (the outsider included), on how many cells."""

    attacks: int
    attackers: int
    cells: int


def published_cells(
    definition: ReleaseDefinition, rows: Sequence[Row]
) -> tuple[dict[CellKey, Row], set[CellKey], set[CellKey]]:
    """Cells with a value, cells suppressed, cells missing, as the final rows say."""
    public, hidden, missing = {}, set(), set()
    for row in rows:
        key = cell_key({d.name: str(row[d.name]) for d in definition.dimensions})
        if any(row[m.name] is not None for m in definition.measures):
            public[key] = row
        elif row["status"] == MISSING:
            missing.add(key)
        else:
            hidden.add(key)
    return public, hidden, missing


def audit_firms(
    tables: Mapping[str, tuple[ReleaseDefinition, Sequence[Row]]],
    system: TableSystem,
    rules: DisclosureRules,
) -> AuditReport:
    """Attack linked tables of firms.

    Args:
        tables: name to definition and final rows, all tables of the system.
        system: cells with the true contributions.

    Raises:
        GateError: a value differs from the truth, a total is published in one table and not in the
            other, an unsafe cell is published, or an attack leaves too little doubt.
    """
    public: set[CellKey] = set()
    hidden: set[CellKey] = set()
    for definition, rows in tables.values():
        shown, not_shown, missing = published_cells(definition, rows)
        for key, row in shown.items():
            _same_as_truth(definition, system, key, row)
        for key in missing:
            if not system.cells[key].is_empty:
                raise _refuse(definition.table, "eine Zelle mit Beiträgen gilt als „fehlt“")
        public |= set(shown)
        hidden |= not_shown
    names = ", ".join(tables)
    if public & hidden:
        raise _refuse(names, "eine Summe ist in einer Tabelle zu sehen, in der anderen nicht")
    first = next(iter(tables.values()))[0]
    unsafe = set(unsafe_firms(first, system, rules))
    if unsafe & public or not unsafe <= hidden:
        raise _refuse(names, "eine Zelle verletzt die Schutzregeln und ist nicht unterdrückt")
    count, who = 0, set()
    for keys, equations in system.blocks():
        if not hidden & set(keys):
            continue
        block = make_block(keys, equations, system.cells)
        done, attackers = _attack_block(names, block, hidden, unsafe, rules)
        count += done
        who |= attackers
    return AuditReport(count, len(who), len(hidden))


def _attack_block(
    names: str, block: Block, hidden: set[CellKey], unsafe: set[CellKey], rules: DisclosureRules
) -> tuple[int, set[str]]:
    suppressed = np.array([key in hidden for key in block.keys])
    primary = np.array([key in unsafe for key in block.keys])
    attempts = attacks(block, suppressed, primary, rules)
    left = bounds_reached(block, suppressed, attempts)
    for attempt, doubt in zip(attempts, left, strict=True):
        if doubt < attempt.required - TOLERANCE:
            who = "ein Beteiligter" if attempt.attacker else "ein Außenstehender"
            cell = ", ".join(v for _, v in block.keys[attempt.cell]) or "gesamt"
            raise _refuse(names, f"{who} könnte die unterdrückte Zelle ({cell}) eingrenzen")
    _no_vain_suppression(names, block, suppressed, primary)
    return len(attempts), {a.attacker for a in attempts}


def _no_vain_suppression(
    names: str,
    block: Block,
    suppressed: np.ndarray[tuple[int], np.dtype[np.bool_]],
    primary: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> None:
    extra = np.flatnonzero(suppressed & ~primary)
    if not len(extra):
        return
    widths = np.zeros(len(extra))
    for true in block.true:
        free = suppressed & ~block.empty
        low = np.where(free, np.minimum(-true, 0.0), 0.0)
        high = np.where(free, 10.0 - true, 0.0)
        goal = np.zeros((2 * len(extra), len(block.keys)))
        goal[np.arange(len(extra)), extra] = 1.0
        goal[len(extra) + np.arange(len(extra)), extra] = -1.0
        found = extreme_points(
            block.matrix, np.tile(low, (len(goal), 1)), np.tile(high, (len(goal), 1)), goal
        )
        width = (
            found[np.arange(len(extra), 2 * len(extra)), extra]
            - found[np.arange(len(extra)), extra]
        )
        widths = np.maximum(widths, width)
    if (widths <= 10 * TOLERANCE).any():
        raise _refuse(names, "eine zum Schutz unterdrückte Zelle ist dennoch berechenbar")


def _same_as_truth(
    definition: ReleaseDefinition, system: TableSystem, key: CellKey, row: Row
) -> None:
    additive = dict(zip(definition.additive, system.cells[key].totals, strict=True))
    for measure in definition.measures:
        if row[measure.name] != measure_value(measure, additive):
            raise _refuse(definition.table, f"„{measure.name}“ weicht von der Quelle ab")


def audit_persons(
    definition: ReleaseDefinition,
    rows: Sequence[Row],
    system: TableSystem,
    rules: DisclosureRules,
    noise_bound: int,
) -> list[CellKey]:
    """Cells of a table of persons that an attacker could pin down (empty: the table is safe).

    The attacker knows the published counts, that noise is at most ``noise_bound``, the threshold,
    and, being a member, one person of the cell; it is not told which noise was drawn.

    Raises:
        GateError: a cell under the threshold is published, or a count is further from the truth
            than the noise can be.
    """
    public, hidden, _ = published_cells(definition, rows)
    name = definition.measures[0].name
    for key, row in public.items():
        true = int(system.cells[key].totals[0])
        if true < rules.persons_min or row[name] < rules.persons_min:
            raise _refuse(definition.table, "eine Zelle liegt unter der Mindestzahl von Menschen")
        if abs(row[name] - true) > noise_bound:
            raise _refuse(definition.table, "ein Wert weicht weiter ab, als Rauschen es kann")
    exposed = []
    for keys, equations in system.blocks():
        block = make_block(keys, equations, system.cells)
        targets = [i for i, key in enumerate(keys) if key in hidden]
        if not targets:
            continue
        scale = float(block.scale[0])
        true = block.true[0]
        shown = np.array([float(public[k][name]) if k in public else np.nan for k in keys]) / scale
        bound = noise_bound / scale
        most = (rules.persons_min - 1 + noise_bound) / scale
        low = np.where(np.isnan(shown), 0.0, np.maximum(shown - bound, 0.0)) - true
        high = np.where(np.isnan(shown), most, shown + bound) - true
        member = np.minimum(low + 1.0 / scale, 0.0)
        goal = np.zeros((2 * len(targets), len(keys)))
        lower = np.tile(low, (len(goal), 1))
        for number, target in enumerate(targets):
            goal[2 * number, target], goal[2 * number + 1, target] = 1.0, -1.0
            lower[2 * number : 2 * number + 2, target] = member[target]
        ends = extreme_points(block.matrix, lower, np.tile(high, (len(goal), 1)), goal)
        for number, target in enumerate(targets):
            width = ends[2 * number + 1, target] - ends[2 * number, target]
            if width * scale < PERSONS_WIDTH - 1e-6:
                exposed.append(keys[target])
    return exposed


def _refuse(table: str, what: str) -> GateError:
    return GateError(
        f"Tabelle „release.{table}“: {what}; nichts wird veröffentlicht, die Tabelle gröber "
        "gliedern oder dem Technikteam melden."
    )
