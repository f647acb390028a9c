# SPDX-License-Identifier: Apache-2.0
"""Another author's engine as judge: Tau-Argus (PyPI ``pytauargus`` 0.6), as offices of statistics use it."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from quality.disclosure.contributors import collapse
from quality.disclosure.rules import unsafe_firms
from quality.disclosure.suppression import protect
from quality.disclosure.attack import make_block
from quality.disclosure.system import TableSystem, build_system
from tests.quality.disclosure.small_tables import RULES, one_table, rows_of

LEFT, RIGHT = ("x", "y", "z"), ("u", "v", "w")


def micro(seed: int) -> dict[str, list[object]]:
    """Two to eleven shops in each of nine cells, log-normal turnover, one owner per shop."""
    rng = np.random.default_rng(seed)
    columns: dict[str, list[object]] = {"left": [], "right": [], "value": []}
    for left in LEFT:
        for right in RIGHT:
            for _ in range(int(rng.integers(2, 12))):
                columns["left"].append(left)
                columns["right"].append(right)
                columns["value"].append(float(np.ceil(rng.lognormal(6, 0.8))))
    return columns


def our_system(columns: dict[str, list[object]]) -> TableSystem:
    rows = [
        (f"o{n}", {"left": str(a), "right": str(b)}, int(Decimal(str(v))), 1)
        for n, (a, b, v) in enumerate(zip(*columns.values(), strict=True))
    ]
    return build_system([one_table("left", "right")], collapse(rows_of(*rows)))


def tau(columns: dict[str, list[object]], folder: Path) -> tuple[set[object], set[object]]:
    """Keys of the cells that Tau-Argus calls unsafe, and of all that it suppresses."""
    from pytauargus import protect as tau_protect

    result = tau_protect(
        columns,
        ["left", "right"],
        response="value",
        safety_rules="NK(1,33)|NK(2,60)|P(10,1)|FREQ(5,10)",
        suppress="OPT(1)",
        workdir=str(folder),
    )
    unsafe, hidden = set(), set()
    for row in result.tables[0].rows:
        places = {n: str(row[n]) for n in ("left", "right") if row[n] != "Total"}
        key = tuple(sorted(places.items()))
        if row["status"] not in ("S", "P"):
            hidden.add(key)
            if row["status"] == "U":
                unsafe.add(key)
    return unsafe, hidden


@pytest.mark.parametrize("seed", range(6))
def test_tau_argus_calls_the_same_cells_unsafe(seed: int, tmp_path: Path) -> None:
    columns = micro(seed)
    ours = set(unsafe_firms(one_table("left", "right"), our_system(columns), RULES))
    assert ours == tau(columns, tmp_path)[0]
    print(seed, len(ours), len(tau(columns, tmp_path)[1]))
    system = our_system(columns)
    (keys, eqs), = system.blocks()
    block = make_block(keys, eqs, system.cells)
    got = protect(block, np.array([k in ours for k in keys]), RULES)
    print(int(got.sum()))
