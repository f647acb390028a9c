# SPDX-License-Identifier: Apache-2.0
"""Another author's engine as judge: Tau-Argus (PyPI ``pytauargus`` 0.6), known from statistics."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from quality.disclosure.attack import attacks, bounds_reached, make_block
from quality.disclosure.contributors import collapse
from quality.disclosure.rules import unsafe_firms
from quality.disclosure.system import CellKey, TableSystem, build_system
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


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tau-Argus writes its logs into the current folder."""
    monkeypatch.chdir(tmp_path)


def our_system(columns: dict[str, list[object]]) -> TableSystem:
    rows = [
        (f"o{n}", {"left": str(a), "right": str(b)}, int(Decimal(str(v))), 1)
        for n, (a, b, v) in enumerate(zip(*columns.values(), strict=True))
    ]
    return build_system([one_table("left", "right")], collapse(rows_of(*rows)))


def tau(columns: dict[str, list[object]], folder: Path) -> tuple[set[CellKey], set[CellKey]]:
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
    unsafe: set[CellKey] = set()
    hidden: set[CellKey] = set()
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


@pytest.mark.parametrize("seed", range(6))
def test_what_tau_argus_suppresses_withstands_our_outsider(seed: int, tmp_path: Path) -> None:
    columns = micro(seed)
    unsafe, hidden = tau(columns, tmp_path)
    system = our_system(columns)
    ((keys, equations),) = system.blocks()
    block = make_block(keys, equations, system.cells)
    gone = np.array([key in hidden for key in keys])
    attempts = [
        a
        for a in attacks(block, gone, np.array([key in unsafe for key in keys]), RULES)
        if a.attacker == "" and a.column == 0
    ]
    left = bounds_reached(block, gone, attempts)
    assert attempts
    assert all(doubt >= a.required - 1e-8 for a, doubt in zip(attempts, left, strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_a_lone_suppression_leaves_no_doubt_at_all(seed: int, tmp_path: Path) -> None:
    columns = micro(seed)
    unsafe, _ = tau(columns, tmp_path)
    system = our_system(columns)
    ((keys, equations),) = system.blocks()
    block = make_block(keys, equations, system.cells)
    lone = np.array([key == min(unsafe, key=str) for key in keys])
    left = bounds_reached(block, lone, attacks(block, lone, lone, RULES))
    assert left.max() < 1e-8
