# SPDX-License-Identifier: Apache-2.0
"""Primary suppression: which cell says too much about one of its contributors.

Belongs here: thresholds, dominance, p% rule, the thresholds that hold for one definition.
Does not belong here: what else has to go because of it (``suppression.py``).

Firms whose figures competitors see (audience public or members): at least ``firms_min`` owners,
the largest at most ``top1_max``, the two largest under ``top2_max`` of the value (practice of the
Bundeskartellamt on market information, B2-118/10), and the p% rule: unsafe if
total - x1 - x2 < p/100 * x1. Firms whose figures no competitor sees (audience town): at least
``statistics_min`` owners, two largest at most ``statistics_top2_max`` (research data centre of the
Bundesbank). Persons: at least ``persons_min``.
Limit: rules look at shares, not at what is public about a firm anyway (a balance sheet, a shop
that closed); such knowledge has to enter as a contributor's knowledge in the audit.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from foundation.cooperative import DisclosureRules
from foundation.errors import GateError
from quality.disclosure.definitions import ReleaseDefinition
from quality.disclosure.system import CellKey, TableSystem

# Below these no setting may go: methods.md 3 says "no exception".
FLOOR_FIRMS = 5
FLOOR_PERSONS = 10
STRICTER_IS_LESS = ("top1_max", "top2_max")


def rules_hash(rules: DisclosureRules) -> str:
    """SHA-256 (hex) of the thresholds; approvals bind to it."""
    text = json.dumps(rules.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def rules_for(definition: ReleaseDefinition, rules: DisclosureRules) -> DisclosureRules:
    """The thresholds of one table: those of the cooperative, where the table is not stricter.

    Raises:
        GateError: a threshold is milder than the cooperative's or than the law's practice allows.
    """
    changes = {}
    for name, own in definition.rules.model_dump(exclude_none=True).items():
        general = getattr(rules, name)
        if own > general if name in STRICTER_IS_LESS else own < general:
            raise GateError(
                f"Datei „releases/{definition.table}.yaml“, Feld „rules.{name}“: gefunden {own}, "
                f"erwartet strenger als {general}; eine Tabelle darf nur strenger sein."
            )
        changes[name] = own
    merged = rules.model_copy(update=changes)
    if merged.firms_min < FLOOR_FIRMS or merged.statistics_min < FLOOR_FIRMS:
        raise _too_mild("firms_min und statistics_min", FLOOR_FIRMS)
    if merged.persons_min < FLOOR_PERSONS:
        raise _too_mild("persons_min", FLOOR_PERSONS)
    if merged.protection_percent < merged.p_percent:
        raise _too_mild("protection_percent", int(merged.p_percent))
    return merged


def _too_mild(name: str, floor: int) -> GateError:
    return GateError(
        f"Datei „cooperative.yaml“, Feld „disclosure.{name}“: gefunden ein kleinerer Wert, "
        f"erwartet mindestens {floor}; den Schwellenwert heraufsetzen."
    )


@dataclass(frozen=True)
class Verdict:
    """Whether a cell may be published by itself, and which rule says no."""

    safe: bool
    rule: str | None = None


SAFE = Verdict(True)


def judge_firms(
    contributions: Sequence[Sequence[Decimal]],
    rules: DisclosureRules,
    *,
    competitors_see_it: bool = True,
) -> Verdict:
    """Judge one cell of firms.

    Args:
        contributions: one row per contributor (owner, already collapsed), one value per column
            that dominance is judged on. Negative values count with their size.
        rules: thresholds (shares in 0..1, ``p_percent`` in percent).
        competitors_see_it: False for figures of audience ``town``.

    A cell with no contributor at all is safe: it says nothing about anybody.
    """
    if not contributions:
        return SAFE
    least = rules.firms_min if competitors_see_it else rules.statistics_min
    if len(contributions) < least:
        return Verdict(False, "threshold")
    for column in zip(*contributions, strict=True):
        verdict = _dominance([abs(v) for v in column], rules, competitors_see_it)
        if not verdict.safe:
            return verdict
    return SAFE


def _dominance(
    values: Sequence[Decimal], rules: DisclosureRules, competitors_see_it: bool
) -> Verdict:
    total = sum(values, Decimal(0))
    first, second = sorted((*values, Decimal(0), Decimal(0)), reverse=True)[:2]
    if total == 0:
        # Everyone contributes nothing: publishing zero would say so of each of them.
        return Verdict(False, "all_zero")
    if competitors_see_it:
        if first > exact(rules.top1_max) * total:
            return Verdict(False, "top1")
        if first + second >= exact(rules.top2_max) * total:
            return Verdict(False, "top2")
    elif first + second > exact(rules.statistics_top2_max) * total:
        return Verdict(False, "top2")
    if total - first - second < exact(rules.p_percent) / 100 * first:
        return Verdict(False, "p_percent")
    return SAFE


def unsafe_firms(
    definition: ReleaseDefinition, system: TableSystem, rules: DisclosureRules
) -> dict[CellKey, Verdict]:
    """Cells of firms that may not be published by themselves, with the rule that says no."""
    places = [definition.additive.index(c) for c in definition.dominance]
    found = {}
    for key, cell in system.cells.items():
        # What is about nobody protects nobody: it neither counts as an owner nor dilutes a share.
        parts = [[values[p] for p in places] for who, values in cell.by_contributor.items() if who]
        seen = definition.audience != "town"
        verdict = judge_firms(parts, rules, competitors_see_it=seen)
        if not verdict.safe:
            found[key] = verdict
    return found


def judge_persons(true_count: int, perturbed: int | None, rules: DisclosureRules) -> Verdict:
    """Judge a count of persons; it needs the threshold before and after the noise."""
    if true_count < rules.persons_min or perturbed is None or perturbed < rules.persons_min:
        return Verdict(False, "threshold")
    return SAFE


def exact(share: float) -> Decimal:
    """A threshold from YAML as the decimal that was written there (0.33, not 0.3300000000…)."""
    return Decimal(str(share))
