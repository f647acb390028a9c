# SPDX-License-Identifier: Apache-2.0
"""What may not leave has not left, judged from the published files alone.

Belongs here: planted dangerous cells, an attack on the published CSVs that shares no code with the
gate, noise on counts of persons, what is missing. Does not belong here: the gate's own rules.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pytest
from scipy.optimize import linprog

from analysis.vitality import Component, load_index
from tests.end_to_end.town import Row, Town, money

SHOWN, HIDDEN, MISSING = "veröffentlicht", "unterdrückt", "fehlt"
BASKETS = {"basket_by_quarter": "quarter_id", "basket_by_trade_group": "trade_group"}
NOISE = 4
PERSONS = 10


@dataclass(frozen=True)
class Cell:
    """What an outsider knows of one cell: bounds of its receipts and of its revenue."""

    count: tuple[float, float]
    revenue: tuple[float, float]
    hidden: bool


def _known(row: dict[str, str]) -> Cell:
    if row["status"] != SHOWN:
        return Cell((0, np.inf), (0, np.inf), True)
    count, mean = int(row["receipt_count"]), float(row["mean_basket_eur"])
    # The mean is rounded to the cent: that is all that an outsider does not know of the revenue.
    return Cell((count, count), (count * (mean - 0.005), count * (mean + 0.005)), False)


def _months(town: Town) -> Iterator[tuple[str, dict[tuple[str, str], Cell]]]:
    """The cells of both tables by month; both end in the same total of the town."""
    cells: dict[str, dict[tuple[str, str], Cell]] = defaultdict(dict)
    for table, column in BASKETS.items():
        for row in town.published(table):
            cells[row["business_month"]][table, row[column]] = _known(row)
    yield from sorted(cells.items())


def _interval(
    cells: dict[tuple[str, str], Cell], target: tuple[str, str], quantity: str
) -> tuple[float, float]:
    """Smallest and largest value that `target` can have, given all that is published."""
    keys = list(cells)
    rows = []
    for table in BASKETS:
        signs = np.zeros(len(keys))
        for place, (of, name) in enumerate(keys):
            if of == table:
                signs[place] = -1 if name == "ALLE" else 1
        rows.append(signs)
    same_total = np.zeros(len(keys))
    for place, (of, name) in enumerate(keys):
        if name == "ALLE":
            same_total[place] = 1 if of == "basket_by_quarter" else -1
    equations = np.array([*rows, same_total])
    bounds = [getattr(cells[key], quantity) for key in keys]
    goal = np.zeros(len(keys))
    goal[keys.index(target)] = 1
    ends = []
    for sign in (1, -1):
        found = linprog(sign * goal, A_eq=equations, b_eq=np.zeros(3), bounds=bounds)
        if found.status == 3:
            ends.append(sign * -np.inf)
            continue
        assert found.status == 0, found.message
        ends.append(sign * found.fun)
    return ends[0], ends[1]


def _true(town: Town, table: str, name: str, month: str) -> Row:
    cells = town.truth["cells"]["quarter" if table == "basket_by_quarter" else "trade_group"]
    (found,) = [c for c in cells if c[BASKETS[table]] == name and c["business_month"] == month]
    cell: Row = found
    return cell


def _hidden(town: Town) -> list[tuple[str, str, str]]:
    return [
        (table, row[column], row["business_month"])
        for table, column in BASKETS.items()
        for row in town.published(table)
        if row["status"] == HIDDEN
    ]


def test_the_dominated_cell_is_suppressed(town: Town) -> None:
    plant = town.plant("dominating_shop")
    assert plant["passes_firm_rule"] is False
    assert ("basket_by_trade_group", plant["trade_group"], plant["business_month"]) in _hidden(town)


def test_every_cell_that_fails_the_firm_rule_is_suppressed(town: Town) -> None:
    hidden = set(_hidden(town))
    unsafe = {
        (table, cell[column], cell["business_month"])
        for table, column in BASKETS.items()
        for cell in town.truth["cells"]["quarter" if column == "quarter_id" else column]
        if not cell["passes_firm_rule"] and cell["business_month"][:7] <= town.truth["last_month"]
    }
    assert unsafe
    assert unsafe <= hidden


def test_few_cells_are_suppressed_besides_those_that_must_be(town: Town) -> None:
    rows = sum(len(town.published(table)) for table in BASKETS)
    assert len(_hidden(town)) / rows < 0.10


def test_a_suppressed_cell_shows_no_figure_and_says_why(town: Town) -> None:
    for table in BASKETS:
        for row in town.published(table):
            shown = bool(row["mean_basket_eur"]) or bool(row["receipt_count"])
            assert shown == (row["status"] == SHOWN)
            assert bool(row["reason"]) == (row["status"] != SHOWN)


@pytest.mark.parametrize("quantity", ["count", "revenue"])
def test_no_suppressed_cell_can_be_computed_from_the_published_files(
    town: Town, quantity: str
) -> None:
    attacked = 0
    for month, cells in _months(town):
        for (table, name), cell in cells.items():
            if not cell.hidden:
                continue
            true = _true(town, table, name, month)
            value = float(true["receipt_count" if quantity == "count" else "revenue_eur"])
            low, high = _interval(cells, (table, name), quantity)
            assert low <= value * 1.001, "the attack is wrong"
            assert high >= value * 0.999, "the attack is wrong"
            assert low < 0.90 * value, (table, name, month)
            assert high > 1.10 * value, (table, name, month)
            attacked += 1
    assert attacked == len(_hidden(town)) > 0


def test_the_attack_finds_what_is_published_without_a_second_suppression(town: Town) -> None:
    month = str(town.plant("dominating_shop")["business_month"])
    cells = dict(_months(town))[month]
    groups = [key for key, cell in cells.items() if cell.hidden]
    for table, name in groups[1:]:
        true = _true(town, table, name, month)
        count, revenue = float(true["receipt_count"]), float(true["revenue_eur"])
        cells[table, name] = Cell((count, count), (revenue, revenue), False)
    low, high = _interval(cells, groups[0], "count")
    assert (
        low == pytest.approx(high) == pytest.approx(_true(town, *groups[0], month)["receipt_count"])
    )


def test_the_cell_of_two_owners_is_in_no_released_table(town: Town) -> None:
    plant = town.plant("two_owner_cell")
    assert plant["owners"] == 2
    # Counts of shops come from the town's public register, not from anybody's till
    tables = [t for t in town.manifest["tables"] if t["name"] != "trade_mix"]
    for table in tables:
        rows = town.published(table["name"])
        assert not {"quarter_id", "trade_group"} <= set(rows[0]), table["name"]
        assert not {"quarter_id", "trade_id"} <= set(rows[0]), table["name"]


def test_released_cells_that_hold_the_two_owners_pass_the_firm_rule(town: Town) -> None:
    plant = town.plant("two_owner_cell")
    for table, name in (
        ("basket_by_quarter", plant["quarter"]),
        ("basket_by_trade_group", plant["trade_group"]),
    ):
        for row in town.published(table):
            if row[BASKETS[table]] == name and row["status"] == SHOWN:
                assert _true(town, table, name, row["business_month"])["passes_firm_rule"]


def test_no_released_row_names_an_owner_a_member_or_a_shop(town: Town) -> None:
    forbidden = {"owner_id", "member_id", "site_id", "till_id", "receipt_id", "premise_id"}
    pseudonyms = {
        str(value)
        for column in ("owner_id", "member_id")
        for (value,) in town.rows(f"SELECT DISTINCT {column} FROM core.dim_member")
    }
    for table in town.manifest["tables"]:
        for row in town.published(table["name"]):
            assert not forbidden & set(row)
            assert not pseudonyms & set(row.values())


def test_the_town_without_who_withdrew_is_what_is_published(town: Town) -> None:
    gone = set(town.truth["consent"]["indikatoren_withdrawn_owners"])
    counts: Counter[str] = Counter()
    for row in town.truth["receipts"]:
        if row["owner_no"] not in gone:
            counts[row["business_month"]] += row["receipt_count"]
    shown = {
        r["business_month"]: int(r["receipt_count"])
        for r in town.published("basket_by_quarter")
        if r["quarter_id"] == "ALLE" and r["status"] == SHOWN
    }
    assert shown
    assert shown == {month: counts[month] for month in shown}


def _true_members(town: Town) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for row in town.truth["members"]["by_quarter_kind"]:
        counts[row["quarter_id"], row["member_kind"]] += row["member_count"]
        counts["ALLE", row["member_kind"]] += row["member_count"]
    return counts


def test_counts_of_members_carry_bounded_noise(town: Town) -> None:
    true = _true_members(town)
    shown = [r for r in town.published("members") if r["status"] == SHOWN]
    differences = [int(r["member_count"]) - true[r["quarter_id"], r["member_kind"]] for r in shown]
    assert len(differences) >= 8
    assert all(abs(d) <= NOISE for d in differences)
    assert any(differences)


def test_fewer_than_ten_members_are_never_counted(town: Town) -> None:
    true = _true_members(town)
    for row in town.published("members"):
        count = true.get((row["quarter_id"], row["member_kind"]), 0)
        if row["status"] == SHOWN:
            assert count >= PERSONS
            assert int(row["member_count"]) >= PERSONS
        else:
            assert row["member_count"] == ""
    assert {r["status"] for r in town.published("members") if r["member_kind"] == "erzeuger"} == {
        HIDDEN
    }


def _without_source(town: Town) -> dict[str, Component]:
    index = load_index(town.settings.cooperative / "index.yaml")
    return {name: c for name, c in index.components.items() if c.source is None}


def test_parts_of_the_index_without_data_are_missing_and_not_invented(town: Town) -> None:
    without = _without_source(town)
    for row in town.published("vitality_component"):
        if row["component"] in without:
            assert (row["value"], row["score"], row["status"]) == ("", "", MISSING)
            assert row["reason"] == without[row["component"]].missing_reason


def test_the_index_says_how_much_of_it_there_is(town: Town) -> None:
    without = _without_source(town)
    weight = 1 - sum(c.weight for c in without.values())
    for row in town.published("vitality_index"):
        assert int(row["components_available"]) + len(without) <= int(row["components_total"]) == 6
        assert money(row["weight_available"]) <= weight


def test_the_index_is_the_weighted_mean_of_its_published_components(town: Town) -> None:
    parts: dict[tuple[str, str], list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for row in town.published("vitality_component"):
        if row["status"] == SHOWN:
            pair = (money(row["score"]), money(row["weight"]))
            parts[row["quarter_id"], row["business_month"]].append(pair)
    for row in town.published("vitality_index"):
        scores = parts[row["quarter_id"], row["business_month"]]
        weight = sum(w for _, w in scores)
        assert money(row["weight_available"]) == weight
        if row["status"] == SHOWN:
            mean = sum(s * w for s, w in scores) / weight
            assert abs(money(row["index_value"]) - mean) < Decimal("0.001")


def test_months_that_are_not_closed_are_not_released(town: Town) -> None:
    for table in ("basket_by_quarter", "basket_by_trade_group"):
        assert max(r["business_month"] for r in town.published(table)) <= "2026-10-01"
