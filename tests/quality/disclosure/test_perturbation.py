# SPDX-License-Identifier: Apache-2.0
"""Noise on counts of persons."""

from decimal import Decimal

import numpy as np

from quality.disclosure.audit import audit_persons
from quality.disclosure.contributors import Contribution
from quality.disclosure.definitions import ReleaseDefinition, parse_definition
from quality.disclosure.frames import Row, perturbed_rows
from quality.disclosure.gate import propose
from quality.disclosure.perturbation import (
    BOUND,
    NOISE,
    fingerprint,
    noise_table,
    perturb,
    record_key,
)
from quality.disclosure.system import build_system
from tests.quality.disclosure.small_tables import RULES, SECRET

MEMBERS = """
table: members
kind: perturbed
title: Mitglieder
question: Wie viele?
grain: Eine Zeile je Zelle.
source: marts.ind_member_contribution
contributor: {{kind: person, column: member_id}}
dimensions:
{dimensions}
measures:
  - {{name: member_count, type: BIGINT, description: Anzahl, kind: persons}}
"""


def members(*dimensions: str) -> ReleaseDefinition:
    lines = "\n".join(f"  - {{name: {d}, description: Teil, margin: true}}" for d in dimensions)
    return parse_definition(MEMBERS.format(dimensions=lines), "test.yaml")


def people(count: int) -> list[Contribution]:
    return [
        Contribution(f"{n:032x}", {"part": "AB"[n % 2], "kind": "xyz"[n % 3]}, (Decimal(1),))
        for n in range(count)
    ]


def test_noise_is_symmetric_and_small_for_every_count() -> None:
    assert sum(NOISE.values()) == 256
    for _, group in noise_table().groupby("pcv"):
        count = int(group["pcv"].iloc[0])
        values = group["pvalue"].to_numpy()
        assert np.abs(values).max() <= BOUND
        assert count + values.min() >= 0
        if count >= BOUND:
            assert values.sum() == 0


def test_record_keys_need_the_secret_and_spread_evenly() -> None:
    keys = [record_key(f"{n:032x}", SECRET) for n in range(20000)]
    assert keys[:50] != [record_key(f"{n:032x}", b"another secret of the tests") for n in range(50)]
    counts = np.bincount(keys, minlength=256)
    assert counts.min() > 40
    assert counts.max() < 130


def test_the_same_persons_get_the_same_noise_in_every_table() -> None:
    rows = people(80)
    both = build_system([members("part", "kind")], rows)
    one = build_system([members("part")], rows)
    wide, _ = perturb(members("part", "kind"), rows, both, SECRET)
    narrow, _ = perturb(members("part"), rows, one, SECRET)
    assert {k: wide[k] for k in narrow} == narrow


def test_the_order_of_persons_changes_nothing() -> None:
    rows = people(70)
    definition = members("part")
    first = propose(definition, rows, RULES, SECRET)
    assert propose(definition, rows[::-1], RULES, SECRET).rows == first.rows


def test_another_person_changes_the_fingerprint_and_its_order_does_not() -> None:
    assert fingerprint(["a", "b"], SECRET) == fingerprint(["b", "a"], SECRET)
    assert fingerprint(["a", "b"], SECRET) != fingerprint(["a", "c"], SECRET)


def test_small_groups_are_not_named() -> None:
    rows = [*people(40), Contribution("f" * 32, {"part": "C", "kind": "x"}, (Decimal(1),))]
    result = propose(members("part"), rows, RULES, SECRET).rows
    small = next(r for r in result if r["part"] == "C")
    assert (small["status"], small["member_count"]) == ("unterdrückt", None)


def exposed(noise: dict[str, int], true: dict[str, int]) -> bool:
    """Whether the small group C can be pinned down, with the noise that was drawn."""
    rows = [
        Contribution(f"{p}{n}", {"part": p}, (Decimal(1),))
        for p, k in true.items()
        for n in range(k)
    ]
    definition = members("part")
    system = build_system([definition], rows)
    drawn = {
        key: sum(true[v] for _, v in key) if key else sum(true.values()) for key in system.cells
    }
    counts = {key: drawn[key] + noise[key[0][1] if key else "ALLE"] for key in drawn}
    hidden = {(("part", "C"),)}
    frame: list[Row] = perturbed_rows(definition, rows, counts, hidden)
    return bool(audit_persons(definition, frame, system, RULES, BOUND))


def test_noise_that_happens_to_give_a_small_group_away_is_found() -> None:
    true = {"A": 30, "B": 30, "C": 1}
    # Everything at its extreme: total down, parts up leaves C no room above zero or one.
    assert exposed({"ALLE": -4, "A": 4, "B": 4, "C": 0}, true)
    assert not exposed({"ALLE": 0, "A": 1, "B": -1, "C": 0}, true)
