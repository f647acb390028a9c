# SPDX-License-Identifier: Apache-2.0
"""What a council reads: the result in one sentence, its limits in a second one.

Belongs here: the words for every way a trial can end. Does not belong here: any computation.

The kind of verdict follows from the registered rules alone: both p-values against the significance
level, the effect against the smallest one that matters, the power that was simulated beforehand. What
is not shown is never called absent, and what is shown never too small, unless the interval excludes every
effect that would matter; power simulated beforehand does not suffice for that, because the weeks may have
been rougher than foreseen.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from foundation.formats import day, number, percent

ENOUGH_POWER = 0.80
# The interval is meant to hold the truth in 95 of 100 cases; a hundred trials tell no smaller shortfall from chance
ENOUGH_COVERAGE = 0.90
# Fewer trials than this carry no statement about other places.
ENOUGH_TRIALS = 3
Kind = Literal[
    "belegt",
    "zu klein",
    "uneinig",
    "falsche Richtung",
    "kein Effekt",
    "offen",
]


@dataclass(frozen=True)
class Findings:
    """What the words rest on. Percentages are numbers such as 11.8; shares lie in 0..1."""

    noun: str
    direction: Literal["mehr", "weniger"]
    effect_percent: float
    low_percent: float
    high_percent: float
    p_space: float
    p_time: float
    significance: float
    minimum_relevant_percent: float
    power_share: float
    coverage_share: float = 0.95
    trials: int = 1
    changed_after_start: dt.date | None = None
    booked_after_start: dt.date | None = None


@dataclass(frozen=True)
class Verdict:
    """Kind, and two German sentences."""

    kind: Kind
    verdict: str
    limits: str


def verdict(found: Findings) -> Verdict:
    """The verdict on one evaluated trial."""
    kind = kind_of(found)
    return Verdict(kind, _sentence(found, kind), _limits(found, kind))


def kind_of(found: Findings) -> Kind:
    """How the trial ended."""
    in_space = found.p_space <= found.significance
    in_time = found.p_time <= found.significance
    towards = found.effect_percent if found.direction == "mehr" else -found.effect_percent
    if in_space and in_time:
        if towards < 0:
            return "falsche Richtung"
        return "belegt" if towards >= found.minimum_relevant_percent else "zu klein"
    if in_space or in_time:
        return "uneinig"
    return "kein Effekt" if _most(found) < found.minimum_relevant_percent else "offen"


def _most(found: Findings) -> float:
    """The largest effect in the hoped direction that the interval allows."""
    return found.high_percent if found.direction == "mehr" else -found.low_percent


def _sentence(found: Findings, kind: Kind) -> str:
    measured = (
        f"{_amount(found.effect_percent)} {found.noun} als ohne die Maßnahme zu erwarten "
        f"(wahrscheinlich zwischen {_signed(found.low_percent)} und {_signed(found.high_percent)})"
    )
    least = _least(found)
    small = (
        f"aber kleiner als die {least}, ab denen er zählen sollte"
        if _most(found) < found.minimum_relevant_percent
        else f"ob er die {least} erreicht, ab denen er zählen sollte, ist offen"
    )
    tests = f"Vergleich der Orte p\u00a0=\u00a0{_p(found.p_space)}, Vergleich der Zeiten p\u00a0=\u00a0{_p(found.p_time)}"
    return {
        "belegt": f"Die Maßnahme hat gewirkt: gemessen wurden {measured}, und beide Prüfungen sprechen gegen einen Zufall ({tests}).",
        "zu klein": f"Ein Unterschied ist da, {small}: gemessen wurden {measured}; {tests}.",
        "uneinig": f"Ein Hinweis, kein Beleg: gemessen wurden {measured}, aber die beiden Prüfungen sind sich nicht einig ({tests}).",
        "falsche Richtung": f"Das Gegenteil des Erhofften trat ein: gemessen wurden {measured}, und beide Prüfungen sprechen gegen einen Zufall ({tests}).",
        "kein Effekt": f"Kein Effekt nachgewiesen: gemessen wurden {measured}, was sich auch ohne die Maßnahme oft ergibt ({tests}).",
        "offen": f"Die Frage bleibt offen: gemessen wurden {measured}, was auch Zufall sein kann ({tests}).",
    }[kind]


def _limits(found: Findings, kind: Kind) -> str:
    least = _least(found)
    chance = percent(found.power_share, 0)
    parts = []
    # Where the interval excludes it, it does not matter how likely it was to be seen
    if found.power_share < ENOUGH_POWER and kind != "kein Effekt":
        seen = f"ein Effekt von {least} wäre nur mit {chance} Wahrscheinlichkeit aufgefallen"
        consequence = {
            "offen": "das Ergebnis ist deshalb kein Beleg dafür, dass die Maßnahme nicht wirkt",
            "belegt": "die gemessene Höhe ist deshalb unsicher",
        }.get(kind, "der Versuch war dafür zu klein")
        parts.append(f"{seen}, {consequence}")
    elif kind == "offen":
        parts.append(
            f"der Bereich schließt einen Effekt von {least} nicht aus, das Ergebnis ist deshalb kein Beleg "
            "dafür, dass die Maßnahme nicht wirkt"
        )
    if kind == "kein Effekt":
        parts.append(f"einen Effekt von {least} oder mehr schließt der Bereich aus")
    if found.coverage_share < ENOUGH_COVERAGE:
        held = percent(found.coverage_share, 0)
        parts.append(
            f"bei der Probe vorher enthielt der Bereich die Wahrheit nur in {held} der Fälle"
        )
    if found.booked_after_start is not None:
        parts.append(
            f"die Anmeldung kam erst am {day(found.booked_after_start)} ins Buch, ihren Tag belegt nur das Protokoll"
        )
    if found.changed_after_start is not None:
        parts.append(f"der Plan wurde nach dem Beginn geändert ({day(found.changed_after_start)})")
    if found.trials < ENOUGH_TRIALS:
        so_far = "ein Versuch" if found.trials == 1 else f"{found.trials} Versuche"
        parts.append(
            f"für andere Orte gibt es noch nicht genug Wiederholungen (bisher {so_far}, nötig sind {ENOUGH_TRIALS})"
        )
    parts.append("was sonst nur in diesen Straßen geschah, steckt im Ergebnis mit drin")
    text = "; ".join(parts)
    return f"Grenzen: {text}."


def _least(found: Findings) -> str:
    """The smallest effect that matters, with a decimal where it has one."""
    smallest = found.minimum_relevant_percent
    return percent(smallest / 100, 0 if smallest == round(smallest) else 1)


def _amount(value: float) -> str:
    return f"{number(abs(value), 1)}\u00a0% {'weniger' if value < 0 else 'mehr'}"


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'}{number(abs(value), 1)}\u00a0%"


def _p(value: float) -> str:
    return number(value, 3)
