# SPDX-License-Identifier: Apache-2.0
"""Random small tables, attacked by counting through every filling with whole numbers.

The enumeration shares no code with suppression or audit: it reads the rows that would be written,
and tries everything that agrees with them.
"""

import random
from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.disclosure.contributors import Contribution, collapse
from quality.disclosure.definitions import ReleaseDefinition
from quality.disclosure.frames import Row
from quality.disclosure.gate import propose
from tests.quality.disclosure.small_tables import (
    RULES,
    SECRET,
    Enumeration,
    one_table,
    rows_of,
    two_linked_tables,
)

OWNERS = [f"o{i}" for i in range(11)]
PARTS = ("A", "B", "C")


@st.composite
def tables(draw: st.DrawFn, parts: Sequence[str] = PARTS, top: int = 4) -> list[Contribution]:
    """Up to eleven owners with up to two shops each in the parts."""
    entries = []
    for owner in OWNERS[: draw(st.integers(6, len(OWNERS)))]:
        for part in draw(st.lists(st.sampled_from(parts), min_size=1, max_size=2)):
            value, receipts = draw(st.integers(0, top)), draw(st.integers(1, 2))
            entries.append((owner, {"part": part}, value, receipts))
    entries += [("base", {"part": part}, 1, 1) for part in parts]
    return collapse(rows_of(*entries))


def unsafe_by_hand(rows: Sequence[Contribution], cell: Mapping[str, str]) -> bool:
    """The firm rule of methods.md 3 for one cell, said a second time."""
    per_owner: dict[str, int] = {}
    for row in rows:
        if all(row.dimensions[n] == v for n, v in cell.items()):
            per_owner[str(row.contributor)] = per_owner.get(str(row.contributor), 0) + int(
                row.values[0]
            )
    values = sorted(per_owner.values(), reverse=True)
    total = sum(values)
    if len(values) < 5 or total == 0:
        return bool(values)
    first, second = values[:2]
    return (
        100 * first > 33 * total
        or 100 * (first + second) >= 60 * total
        or 10 * (total - first - second) < first
    )


def cell_of(row: Row, definition: ReleaseDefinition) -> dict[str, str]:
    return {d.name: row[d.name] for d in definition.dimensions if row[d.name] != "ALLE"}


def contributors_of(rows: Sequence[Contribution], cell: Mapping[str, str]) -> set[str | None]:
    return {r.contributor for r in rows if all(r.dimensions[n] == v for n, v in cell.items())}


def assert_withstands(
    rows: Sequence[Contribution],
    frames: Sequence[tuple[ReleaseDefinition, Sequence[Row]]],
    axes: Mapping[str, Sequence[str]],
) -> None:
    world = Enumeration(rows, axes)
    cells = [(cell_of(r, d), r) for d, frame in frames for r in frame]
    published = [c for c, r in cells if r["status"] == "veröffentlicht"]
    for cell, row in cells:
        if not unsafe_by_hand(rows, cell):
            continue
        assert row["status"] == "unterdrückt"
        assert row["mean_basket_eur"] is None
        assert row["receipt_count"] is None
        for column in (0, 1):
            for attacker in [None, *sorted({str(r.contributor) for r in rows})]:
                check_one(world, column, cell, [c for c, _ in cells], published, attacker)


def check_one(
    world: Enumeration,
    column: int,
    cell: Mapping[str, str],
    cells: Sequence[Mapping[str, str]],
    published: Sequence[Mapping[str, str]],
    attacker: str | None,
) -> None:
    own = world.true(column, attacker) if attacker else np.zeros(len(world.inner), dtype=np.int64)
    mask = world.membership(cell)
    true = int(mask @ world.true(column))
    rest = true - int(mask @ own)
    if contributors_of(world.rows, cell) <= {attacker}:
        return
    known = list(published)
    for place in cells:
        there = contributors_of(world.rows, place)
        # An empty cell is known to all, a cell of one's own to oneself.
        if not there or there == {attacker}:
            known.append(place)
    reach = int(world.true(column).max()) + 12
    low, high = world.interval(column, cell, known, own, reach)
    doubt = 0.10 * rest
    assert high >= true + max(doubt, 1) - 1e-9
    assert low <= true - doubt + 1e-9


@settings(max_examples=40, deadline=None)
@given(tables())
def test_nobody_can_narrow_an_unsafe_cell_of_one_table(rows: list[Contribution]) -> None:
    definition = one_table("part")
    proposal = propose(definition, rows, RULES, SECRET)
    assert_withstands(rows, [(definition, proposal.rows)], {"part": PARTS})


@st.composite
def crossed(draw: st.DrawFn) -> list[Contribution]:
    """Eight to ten owners, each in one inner cell of a two by two crossing."""
    entries = []
    for owner in OWNERS[: draw(st.integers(8, 10))]:
        place = {"left": draw(st.sampled_from("xy")), "right": draw(st.sampled_from("uv"))}
        entries.append((owner, place, draw(st.integers(1, 3)), 1))
    for number, (left, right) in enumerate((a, b) for a in "xy" for b in "uv"):
        entries.append((f"base{number % 2}", {"left": left, "right": right}, 1, 1))
    return collapse(rows_of(*entries))


@settings(max_examples=10, deadline=None)
@given(crossed())
def test_linked_tables_laid_side_by_side_give_nothing_more(rows: list[Contribution]) -> None:
    linked = two_linked_tables()
    frames = [(d, propose(d, rows, RULES, SECRET).rows) for d in linked.values()]
    totals = {r["status"] for d, frame in frames for r in frame if not cell_of(r, d)}
    assert len(totals) == 1
    assert_withstands(rows, frames, {"left": ("x", "y"), "right": ("u", "v")})


@settings(max_examples=12, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(
    rows: list[Contribution], shuffle: random.Random
) -> None:
    definition = one_table("part")
    mixed = list(rows)
    shuffle.shuffle(mixed)
    before = propose(definition, collapse(rows), RULES, SECRET)
    assert propose(definition, collapse(mixed), RULES, SECRET).rows == before.rows


@settings(max_examples=12, deadline=None)
@given(tables())
def test_splitting_an_owner_into_branches_changes_nothing(rows: list[Contribution]) -> None:
    definition = one_table("part")
    branches = [
        Contribution(f"{r.contributor}-{n}", r.dimensions, v)
        for r in rows
        for n, v in enumerate([r.values, tuple(x * 0 for x in r.values)])
    ]
    related = [(f"{r.contributor}-{n}", f"{r.contributor}-0") for r in rows for n in (0, 1)]
    together = propose(definition, collapse(branches, related), RULES, SECRET)
    assert together.rows == propose(definition, collapse(rows), RULES, SECRET).rows
