# SPDX-License-Identifier: Apache-2.0
"""A dimension nested in another: trades within their group, attacked together with it."""

from decimal import Decimal

import numpy as np
import pytest

from foundation.errors import ConfigError, GateError
from quality.disclosure.contributors import Contribution
from quality.disclosure.definitions import ReleaseDefinition, link, parse_definition
from quality.disclosure.frames import Row
from quality.disclosure.gate import propose
from quality.disclosure.system import build_system
from tests.quality.disclosure.small_tables import RULES, SECRET, Enumeration, firms


def nested() -> dict[str, ReleaseDefinition]:
    """A table by group with its total, and one by trade, each trade within its group."""
    fine = firms("trade", table="by_trade", linked="by_group").replace(
        "{name: trade, description: Teil, margin: true}",
        "{name: trade, description: Teil, within: group}",
    )
    coarse = firms("group", table="by_group", linked="by_trade")
    return link([parse_definition(fine, "t.yaml"), parse_definition(coarse, "t.yaml")])


def shops(**trades: list[int]) -> list[Contribution]:
    """Trade (``group_trade``) to the revenues of its owners, all owners different."""
    return [
        Contribution(
            f"{name}{n}",
            {"group": name.split("_")[0], "trade": name},
            (Decimal(value), Decimal(value)),
        )
        for name, values in trades.items()
        for n, value in enumerate(values)
    ]


EVEN = [9, 9, 9, 9, 9]


def proposed(rows: list[Contribution]) -> dict[str, list[Row]]:
    return {name: propose(d, rows, RULES, SECRET).rows for name, d in nested().items()}


def hidden(rows: list[Contribution]) -> set[str]:
    """Trades and groups that are suppressed."""
    found = proposed(rows)
    return {
        str(row[key])
        for table, key in (("by_trade", "trade"), ("by_group", "group"))
        for row in found[table]
        if row["status"] == "unterdrückt"
    }


def test_even_trades_are_all_published() -> None:
    assert hidden(shops(food_bread=EVEN, food_meat=EVEN, cafe_cafe=EVEN)) == set()


def test_a_small_trade_takes_a_neighbour_of_its_group_or_the_group_with_it() -> None:
    gone = hidden(shops(food_bread=EVEN, food_meat=[9, 9], food_milk=EVEN, cafe_cafe=EVEN))
    assert "food_meat" in gone
    # By the group's published sum less the other trades anybody could compute it.
    assert gone & {"food_bread", "food_milk", "food"}


def test_the_only_trade_of_a_group_is_published_with_it_or_not_at_all() -> None:
    gone = hidden(shops(food_bread=EVEN, food_meat=EVEN, cafe_cafe=[9, 9]))
    assert {"cafe_cafe", "cafe"} <= gone


def test_the_small_trade_stays_uncertain_for_whoever_counts_through_all_fillings() -> None:
    rows = shops(a_x=[3, 3, 3, 3, 3], a_y=[2, 2], b_z=[3, 3, 3, 3, 3])
    found = proposed(rows)
    axes = {"trade": ["a_x", "a_y", "b_z"]}
    world = Enumeration(rows, axes)
    published = [
        {"trade": row["trade"]} for row in found["by_trade"] if row["status"] == "veröffentlicht"
    ]
    true = world.true(0)
    options = np.array(np.meshgrid(*[np.arange(40)] * 3, indexing="ij")).reshape(3, -1)
    fits = np.ones(options.shape[1], dtype=bool)
    for cell in published:
        mask = world.membership(cell)
        fits &= mask @ options == mask @ true
    groups = {"a": np.array([1, 1, 0]), "b": np.array([0, 0, 1]), "ALLE": np.array([1, 1, 1])}
    for row in found["by_group"]:
        if row["status"] == "veröffentlicht":
            fits &= groups[row["group"]] @ options == groups[row["group"]] @ true
    values = options[1, fits]
    assert values.min() <= true[1] - 1
    assert values.max() >= true[1] + 1


def test_sums_of_trades_and_of_groups_are_equations() -> None:
    rows = shops(food_bread=EVEN, food_meat=EVEN, cafe_cafe=EVEN)
    system = build_system(list(nested().values()), rows)
    said = {(e.total, len(e.parts)) for e in system.equations}
    assert said == {((), 2), ((("group", "food"),), 2), ((("group", "cafe"),), 1)}


def test_a_trade_in_two_groups_stops_the_table() -> None:
    rows = shops(food_bread=EVEN)
    rows.append(Contribution("o", {"group": "cafe", "trade": "food_bread"}, (Decimal(1),) * 2))
    with pytest.raises(GateError, match="in genau einem „group“"):
        proposed(rows)


def test_a_trade_needs_a_linked_table_of_its_groups() -> None:
    alone = firms("trade").replace("margin: true", "within: group")
    with pytest.raises(ConfigError, match=r"trade\.within.*verbundenen Tabelle"):
        link([parse_definition(alone, "t.yaml")])


def test_approvals_given_before_nesting_existed_stand() -> None:
    plain = parse_definition(firms("part"), "t.yaml")
    dimension = plain.dimensions[0].model_copy(update={"within": "group"})
    other = plain.model_copy(update={"dimensions": (dimension,)})
    assert "within" not in str(plain.definition_hash)
    assert other.definition_hash != plain.definition_hash
