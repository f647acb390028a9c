# SPDX-License-Identifier: Apache-2.0
"""Primary suppression, case by case."""

from decimal import Decimal

import pytest

from foundation.errors import GateError
from quality.disclosure.definitions import Stricter
from quality.disclosure.rules import judge_firms, judge_persons, rules_for, rules_hash
from tests.quality.disclosure.small_tables import RULES, one_table


def cell(*values: str) -> list[list[Decimal]]:
    return [[Decimal(v)] for v in values]


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        (("25", "25", "25", "25"), "threshold"),
        (("20", "20", "20", "20", "20"), None),
        (("33", "17", "17", "17", "16"), None),
        (("33.01", "17", "17", "17", "15.99"), "top1"),
        (("30", "30", "14", "13", "13"), "top2"),
        (("30", "29.99", "14", "13", "13.01"), None),
        (("0", "0", "0", "0", "0"), "all_zero"),
        (("-40", "20", "20", "20", "20"), "top1"),
    ],
)
def test_competitors_see_only_cells_without_a_dominant_firm(
    values: tuple[str, ...], rule: str | None
) -> None:
    assert judge_firms(cell(*values), RULES).rule == rule


def test_a_cell_of_nobody_says_nothing_about_anybody() -> None:
    assert judge_firms([], RULES).safe


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        (("45", "40", "5", "5", "5"), None),
        (("45", "40.01", "5", "5", "4.99"), "top2"),
        (("90", "9", "1", "0", "0"), "top2"),
    ],
)
def test_statistics_allow_two_firms_up_to_85_percent(
    values: tuple[str, ...], rule: str | None
) -> None:
    assert judge_firms(cell(*values), RULES, competitors_see_it=False).rule == rule


def test_p_percent_rule_stands_by_itself() -> None:
    loose = RULES.model_copy(update={"statistics_top2_max": 0.99})
    # What neither of the two largest brings: 8.9 is less than 10 % of 90, 9.0 is not.
    unsafe = judge_firms(cell("90", "6", "3", "3", "2.9"), loose, competitors_see_it=False)
    assert unsafe.rule == "p_percent"
    assert judge_firms(cell("90", "6", "3", "3", "3"), loose, competitors_see_it=False).safe


def test_dominance_in_any_judged_column_is_enough() -> None:
    values = [[Decimal(20), Decimal(1)] for _ in range(4)] + [[Decimal(20), Decimal(96)]]
    assert judge_firms(values, RULES).rule == "top1"


@pytest.mark.parametrize(
    ("true", "noisy", "safe"), [(10, 10, True), (9, 12, False), (12, 9, False)]
)
def test_ten_persons_before_and_after_the_noise(true: int, noisy: int, safe: bool) -> None:
    assert judge_persons(true, noisy, RULES).safe is safe


def test_a_table_may_be_stricter() -> None:
    definition = one_table("part").model_copy(update={"rules": Stricter(firms_min=7)})
    assert rules_for(definition, RULES).firms_min == 7


@pytest.mark.parametrize("own", [Stricter(top1_max=0.5), Stricter(ageing_months=0)])
def test_a_table_may_not_be_milder(own: Stricter) -> None:
    definition = one_table("part").model_copy(update={"rules": own})
    with pytest.raises(GateError, match="darf nur strenger sein"):
        rules_for(definition, RULES)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"firms_min": 4}, "firms_min"),
        ({"persons_min": 9}, "persons_min"),
        ({"protection_percent": 5.0}, "protection_percent"),
    ],
)
def test_no_setting_goes_below_the_floor(change: dict[str, float], field: str) -> None:
    with pytest.raises(GateError, match=field):
        rules_for(one_table("part"), RULES.model_copy(update=change))


def test_rules_hash_changes_with_every_threshold() -> None:
    hashes = {rules_hash(RULES.model_copy(update={n: 77})) for n in type(RULES).model_fields}
    assert len(hashes | {rules_hash(RULES)}) == len(type(RULES).model_fields) + 1
