# SPDX-License-Identifier: Apache-2.0
"""Complementary suppression on known cases, and the audit that does not trust it."""

import pytest

from foundation.errors import GateError
from quality.disclosure.audit import audit_firms
from quality.disclosure.contributors import Contribution, collapse, groups
from quality.disclosure.frames import aggregate_rows
from quality.disclosure.gate import propose
from quality.disclosure.rules import unsafe_firms
from quality.disclosure.system import build_system
from tests.quality.disclosure.small_tables import (
    RULES,
    SECRET,
    hidden_parts,
    one_table,
    rows_of,
    shop_rows,
    two_linked_tables,
)

EVEN = [20, 20, 20, 20, 20]


def published(parts: dict[str, list[int]]) -> set[str]:
    definition = one_table("part")
    rows = propose(definition, collapse(shop_rows(parts)), RULES, SECRET).rows
    return {"ALLE", *parts} - hidden_parts(rows)


def test_safe_tables_are_published_whole() -> None:
    assert published({"A": EVEN, "B": EVEN, "C": EVEN}) == {"ALLE", "A", "B", "C"}


def test_one_unsafe_cell_takes_the_cheapest_other_with_it() -> None:
    small = [10, 10, 10, 10, 10]
    assert published({"A": [20, 20], "B": EVEN, "C": small}) == {"ALLE", "B"}


def test_two_lone_contributors_in_one_row_force_a_third_suppression() -> None:
    shown = published({"A": [20], "B": [22], "C": EVEN, "D": [*EVEN, 20]})
    assert shown == {"ALLE", "D"}


def test_a_partner_too_small_to_hide_behind_is_not_enough() -> None:
    # C can hide A only by up to 5; one of ten percent of 100 needs more.
    shown = published({"A": [50, 50], "B": EVEN, "C": [1, 1, 1, 1, 1]})
    assert shown == {"ALLE", "C"}


def test_when_nothing_can_hide_it_the_total_goes_too() -> None:
    shown = published({"A": [25, 25, 25, 25], "B": [1, 1, 1, 1, 1, 1]})
    assert shown == {"B"}


def test_linked_tables_show_their_total_both_or_not_at_all() -> None:
    tables = two_linked_tables()
    # By left nothing hides l1; by right everything is fine. The shared total goes in both.
    entries = [(f"o{i}", {"left": "l1", "right": f"r{i % 2}"}, 25, 5) for i in range(4)]
    entries += [(f"p{i}", {"left": "l2", "right": f"r{i % 2}"}, 1, 1) for i in range(8)]
    rows = collapse(rows_of(*entries))
    left = propose(tables["by_left"], rows, RULES, SECRET).rows
    right = propose(tables["by_right"], rows, RULES, SECRET).rows
    assert "ALLE" in hidden_parts(left, "left")
    assert "ALLE" in hidden_parts(right, "right")


def test_an_owner_with_several_shops_counts_once() -> None:
    shops = shop_rows({"A": EVEN, "B": EVEN})
    same = [("A0", "A1"), ("A1", "A2")]
    rows = propose(one_table("part"), collapse(shops, same), RULES, SECRET)
    assert rows.broken == {"threshold": 1}
    assert "A" in hidden_parts(rows.rows)


def test_related_owners_form_one_group_whatever_the_order() -> None:
    pairs = [("c", "b"), ("x", "y"), ("b", "a")]
    assert groups(pairs) == groups(reversed(pairs))
    assert groups(pairs) == {"a": "a", "b": "a", "c": "a", "x": "x", "y": "x"}


def test_no_reason_tells_which_cell_was_the_unsafe_one() -> None:
    rows = propose(
        one_table("part"), collapse(shop_rows({"A": [20, 20], "B": EVEN, "C": EVEN})), RULES, SECRET
    ).rows
    assert len({r["reason"] for r in rows if r["status"] == "unterdrückt"}) == 1


def test_figures_no_competitor_sees_follow_the_statistical_rules() -> None:
    definition = one_table("part", audience="town")
    parts = {"A": [50, 20, 10, 10, 10], "B": EVEN}
    assert propose(definition, collapse(shop_rows(parts)), RULES, SECRET).hidden == set()


def audit_with(hidden: set[str], parts: dict[str, list[int]]) -> None:
    definition = one_table("part")
    rows = collapse(shop_rows(parts))
    system = build_system([definition], rows)
    keys = {k for k in system.cells if (k[0][1] if k else "ALLE") in hidden}
    frame = aggregate_rows(definition, rows, system, keys)
    audit_firms({"part": (definition, frame)}, system, RULES)


def test_the_audit_refuses_an_unsafe_cell_that_is_published() -> None:
    with pytest.raises(GateError, match="verletzt die Schutzregeln"):
        audit_with(set(), {"A": [20, 20], "B": EVEN})


def test_the_audit_refuses_a_lone_suppression() -> None:
    with pytest.raises(GateError, match="Außenstehender könnte"):
        audit_with({"A"}, {"A": [20, 20], "B": EVEN, "C": EVEN})


def test_the_audit_sees_what_a_lone_contributor_can_subtract() -> None:
    with pytest.raises(GateError, match="Beteiligter könnte"):
        audit_with({"A", "B"}, {"A": [20], "B": [22], "C": EVEN})


def test_the_audit_counts_a_cell_as_public_as_soon_as_one_value_shows() -> None:
    definition = one_table("part")
    rows = collapse(shop_rows({"A": [20, 20], "B": EVEN, "C": EVEN}))
    proposal = propose(definition, rows, RULES, SECRET)
    leak = next(r for r in proposal.rows if r["part"] == "A")
    leak["receipt_count"] = 40
    leak["mean_basket_eur"] = next(r for r in proposal.rows if r["part"] == "ALLE")[
        "mean_basket_eur"
    ]
    system = build_system([definition], rows)
    with pytest.raises(GateError, match="verletzt die Schutzregeln"):
        audit_firms({"part": (definition, proposal.rows)}, system, RULES)


def test_the_audit_refuses_a_value_that_is_not_the_source_s() -> None:
    definition = one_table("part")
    rows = collapse(shop_rows({"A": EVEN, "B": EVEN}))
    proposal = propose(definition, rows, RULES, SECRET)
    proposal.rows[0]["receipt_count"] += 1
    with pytest.raises(GateError, match="weicht von der Quelle ab"):
        audit_firms({"part": (definition, proposal.rows)}, build_system([definition], rows), RULES)


def test_the_audit_refuses_suppressions_in_vain() -> None:
    # C is safe and C alone hides: it can be computed, so hiding it helped nobody.
    with pytest.raises(GateError, match="dennoch berechenbar"):
        audit_with({"C"}, {"A": EVEN, "B": EVEN, "C": EVEN})


def test_two_margins_need_a_square() -> None:
    definition = one_table("left", "right")
    rows: list[Contribution] = []
    for number, (left, right) in enumerate([(a, b) for a in "xyz" for b in "uvw"]):
        values = [20, 20] if (left, right) == ("x", "u") else EVEN
        rows += rows_of(
            *((f"{number}-{i}", {"left": left, "right": right}, v, v) for i, v in enumerate(values))
        )
    rows = collapse(rows)
    proposal = propose(definition, rows, RULES, SECRET)
    inner = [dict(k) for k in proposal.hidden]
    assert len(inner) == 4
    assert len({c["left"] for c in inner}) == len({c["right"] for c in inner}) == 2
    assert len(unsafe_firms(definition, build_system([definition], rows), RULES)) == 1
