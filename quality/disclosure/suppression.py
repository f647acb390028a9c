# SPDX-License-Identifier: Apache-2.0
"""Complementary suppression: what else must go so that an unsafe cell cannot be computed.

Belongs here: choosing the cheapest set of cells that withstands every attack of ``attack.py``.
Does not belong here: which cells are unsafe by themselves (``rules.py``), the final judgement
(``audit.py``, which does not trust this module).

Exact mixed-integer programme (Fischetti and Salazar's model of cell suppression, with deviations
from the truth as flows), solved by HiGHS. It starts with the outsider's attacks; attacks that the
solution does not withstand are added until none is left. Cost of a cell: one, plus nine times its
share of the block's largest cell, so that totals go last and few, small cells go first.
Lone contributors are attackers like others: two of them in one row force a third suppression.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_diag, coo_matrix, csr_matrix, eye, hstack, vstack

from foundation.cooperative import DisclosureRules
from quality.disclosure.attack import TOLERANCE, Attack, Block, attacks, bounds_reached

# The solver's integrality tolerance lets a published cell move a little; asking for a little more
# doubt than required keeps the audit, which is stricter, content.
SLACK = 1e-4
# Deviations larger than the largest value of the block are never needed to show protection.
REACH = 1.0
ROUNDS = 60


def protect(block: Block, primary: NDArray[np.bool_], rules: DisclosureRules) -> NDArray[np.bool_]:
    """The cells of a block to suppress, unsafe ones included.

    Falls back to the whole block where the programme finds nothing better within its rounds:
    with nothing published there is nothing to compute from.
    """
    if not primary.any():
        return primary.copy()
    everything = ~block.empty
    wanted = _outsiders(attacks(block, primary, primary, rules))
    for _ in range(ROUNDS):
        chosen = _cheapest(block, primary, wanted)
        if chosen is None:
            return everything
        attempts = attacks(block, chosen, primary, rules)
        left = bounds_reached(block, chosen, attempts)
        broken = [a for a, d in zip(attempts, left, strict=True) if d < a.required - TOLERANCE]
        if not broken:
            return chosen
        known = {_name(a) for a in wanted}
        new = [a for a in broken if _name(a) not in known]
        if not new:
            return everything
        wanted += _worst(new)
    return everything


def _outsiders(attempts: list[Attack]) -> list[Attack]:
    return [a for a in attempts if a.attacker == ""]


def _name(attempt: Attack) -> tuple[str, int, int, bool]:
    return (attempt.attacker, attempt.column, attempt.cell, attempt.upward)


def _worst(broken: list[Attack]) -> list[Attack]:
    """For each cell, column and side the attacks of the three who know most about it."""
    best: dict[tuple[int, int, bool], list[Attack]] = {}
    for attempt in broken:
        best.setdefault((attempt.cell, attempt.column, attempt.upward), []).append(attempt)
    picked = []
    for group in best.values():
        group.sort(key=lambda a: (-int(a.known.sum()), -float(a.lower.sum()), a.attacker))
        picked += group[:3]
    return picked


def _cheapest(
    block: Block, primary: NDArray[np.bool_], wanted: list[Attack]
) -> NDArray[np.bool_] | None:
    """Cheapest set that withstands ``wanted``; None if the solver finds none."""
    cells = len(block.keys)
    size = np.abs(block.true[0]) / max(float(np.abs(block.true[0]).max()), 1e-12)
    # Ties go by the order of keys, so the same data always give the same suppressions.
    cost = 1.0 + 9.0 * size + 1e-3 * np.arange(cells) / cells
    low = np.zeros((len(wanted), cells))
    high = np.zeros((len(wanted), cells))
    for number, attempt in enumerate(wanted):
        free = ~attempt.known & ~block.empty
        true = block.true[attempt.column]
        low[number, free] = np.minimum(attempt.lower - true, 0.0)[free]
        high[number, free] = REACH
    count = len(wanted)
    flows = count * cells
    choose = vstack([eye(cells, format="csr")] * count, format="csr")
    to_low = csr_matrix(choose.multiply(low.reshape(-1, 1)))
    to_high = csr_matrix(choose.multiply(high.reshape(-1, 1)))
    moves = eye(flows, format="csr")
    # low * y <= d <= high * y: only a suppressed cell may differ from the truth.
    rules_of_moves = vstack([hstack([-to_low, moves]), hstack([-to_high, moves])], format="csr")
    limits = [
        LinearConstraint(
            rules_of_moves,
            np.concatenate([np.zeros(flows), np.full(flows, -np.inf)]),
            np.concatenate([np.full(flows, np.inf), np.zeros(flows)]),
        )
    ]
    if block.matrix.shape[0]:
        sums = block_diag([block.matrix] * count, format="csr")
        nothing = csr_matrix((sums.shape[0], cells))
        limits.append(LinearConstraint(hstack([nothing, sums], format="csr"), 0.0, 0.0))
    target = coo_matrix(
        (
            [1.0 if a.upward else -1.0 for a in wanted],
            (range(count), [cells + n * cells + a.cell for n, a in enumerate(wanted)]),
        ),
        shape=(count, cells + flows),
    )
    # A room that is smaller than the slack cannot be asked for more than it has.
    need = []
    for number, attempt in enumerate(wanted):
        room = REACH if attempt.upward else -low[number, attempt.cell]
        need.append(min(attempt.required * (1 + SLACK) + SLACK / 10, room))
    limits.append(LinearConstraint(target.tocsr(), np.array(need), np.inf))
    lower_y = np.where(primary, 1.0, 0.0)
    upper_y = np.where(block.empty, 0.0, 1.0)
    result = milp(
        np.concatenate([cost, np.zeros(flows)]),
        constraints=limits,
        integrality=np.concatenate([np.ones(cells), np.zeros(flows)]),
        bounds=Bounds(
            np.concatenate([lower_y, low.ravel()]), np.concatenate([upper_y, high.ravel()])
        ),
        options={"mip_rel_gap": 0.0},
    )
    if result.x is None:
        return None
    return np.asarray(result.x[:cells] > 0.5)
