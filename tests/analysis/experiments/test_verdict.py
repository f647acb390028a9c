# SPDX-License-Identifier: Apache-2.0
"""Every way a trial can end has its two sentences, and none says more than the numbers."""

import datetime as dt
from typing import Any

import pytest

from analysis.experiments.verdict import Findings, verdict


def findings(**changes: Any) -> Findings:
    """A clear success, with changes."""
    values: dict[str, Any] = {
        "noun": "Einkäufe",
        "direction": "mehr",
        "effect_percent": 11.84,
        "low_percent": 6.0,
        "high_percent": 18.05,
        "p_space": 0.0065,
        "p_time": 0.02,
        "significance": 0.05,
        "minimum_relevant_percent": 5.0,
        "power_share": 0.9,
    }
    return Findings(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({}, "belegt", "Die Maßnahme hat gewirkt: gemessen wurden 11,8 % mehr Einkäufe"),
        (
            {"effect_percent": 3.0, "low_percent": 1.0, "high_percent": 4.9},
            "zu klein",
            "kleiner als die 5 %",
        ),
        (
            {"effect_percent": 4.9, "low_percent": 1.0, "high_percent": 8.9},
            "zu klein",
            "ob er die 5 % erreicht, ab denen er zählen sollte, ist offen",
        ),
        (
            {"effect_percent": 2.2, "high_percent": 2.3, "minimum_relevant_percent": 2.4},
            "zu klein",
            "kleiner als die 2,4 %",
        ),
        ({"p_time": 0.3}, "uneinig", "die beiden Prüfungen sind sich nicht einig"),
        ({"p_space": 0.3}, "uneinig", "Ein Hinweis, kein Beleg"),
        ({"effect_percent": -9.0}, "falsche Richtung", "9,0 % weniger Einkäufe"),
        ({"p_space": 0.5, "p_time": 0.5, "high_percent": 4.0}, "kein Effekt", "Kein Effekt nach"),
        ({"p_space": 0.5, "p_time": 0.5}, "offen", "was auch Zufall sein kann"),
        ({"p_space": 0.5, "p_time": 0.5, "power_share": 0.4}, "offen", "Die Frage bleibt offen"),
        ({"direction": "weniger", "effect_percent": -9.0}, "belegt", "9,0 % weniger"),
    ],
)
def test_each_ending_has_its_words(changes: dict[str, Any], kind: str, words: str) -> None:
    found = verdict(findings(**changes))
    assert found.kind == kind
    assert words in found.verdict.replace("\u00a0", " ")


@pytest.mark.parametrize("p_space", [0.01, 0.4])
@pytest.mark.parametrize("p_time", [0.01, 0.4])
@pytest.mark.parametrize("power", [0.3, 0.9])
@pytest.mark.parametrize("effect", [-8.0, 2.0, 12.0])
def test_it_is_always_two_sentences_with_both_p_values(
    p_space: float, p_time: float, power: float, effect: float
) -> None:
    found = verdict(
        findings(p_space=p_space, p_time=p_time, power_share=power, effect_percent=effect)
    )
    for sentence in (found.verdict, found.limits):
        assert sentence.endswith(".")
        assert ". " not in sentence
    assert "Orte p\u00a0=\u00a00," in found.verdict
    assert "Zeiten p\u00a0=\u00a00," in found.verdict


def test_one_trial_is_not_enough_for_other_places() -> None:
    assert (
        "noch nicht genug Wiederholungen (bisher ein Versuch, nötig sind 3)"
        in verdict(findings()).limits
    )


def test_three_trials_are_enough() -> None:
    assert "Wiederholungen" not in verdict(findings(trials=3)).limits


def test_a_trial_that_was_too_small_is_no_proof_of_no_effect() -> None:
    found = verdict(findings(p_space=0.5, p_time=0.5, power_share=0.42))
    said = found.limits.replace("\u00a0", " ")
    assert "ein Effekt von 5 % wäre nur mit 42 % Wahrscheinlichkeit aufgefallen" in said
    assert "kein Beleg dafür, dass die Maßnahme nicht wirkt" in said


def test_a_success_of_a_small_trial_has_an_uncertain_size() -> None:
    assert "die gemessene Höhe ist deshalb unsicher" in verdict(findings(power_share=0.4)).limits


def test_what_the_interval_excludes_is_told() -> None:
    found = verdict(findings(p_space=0.5, p_time=0.5, effect_percent=0.5, high_percent=4.0))
    assert "einen Effekt von 5\u00a0% oder mehr schließt der Bereich aus" in found.limits


def test_what_the_interval_excludes_was_not_too_small_a_trial() -> None:
    found = verdict(findings(p_space=0.5, p_time=0.5, high_percent=4.0, power_share=0.6))
    assert found.kind == "kein Effekt"
    assert "zu klein" not in found.limits


def test_an_interval_that_misses_too_often_says_so() -> None:
    said = verdict(findings(coverage_share=0.85)).limits.replace("\u00a0", " ")
    assert "bei der Probe vorher enthielt der Bereich die Wahrheit nur in 85 % der Fälle" in said
    assert "Probe" not in verdict(findings(coverage_share=0.91)).limits


def test_a_late_booking_is_told() -> None:
    found = verdict(findings(booked_after_start=dt.date(2026, 11, 22)))
    assert "kam erst am 22.11.2026 ins Buch, ihren Tag belegt nur das Protokoll" in found.limits


def test_power_beforehand_is_no_proof_when_the_interval_is_wide() -> None:
    found = verdict(findings(p_space=0.5, p_time=0.5, low_percent=-9.0, high_percent=50.0))
    assert found.kind == "offen"
    assert "der Bereich schließt einen Effekt von 5\u00a0% nicht aus" in found.limits


def test_a_plan_changed_after_the_start_is_told() -> None:
    found = verdict(findings(changed_after_start=dt.date(2026, 6, 15)))
    assert "der Plan wurde nach dem Beginn geändert (15.06.2026)" in found.limits


def test_bounds_below_zero_carry_their_sign() -> None:
    found = verdict(findings(low_percent=-2.5, high_percent=18.0, p_space=0.5, p_time=0.5))
    assert "zwischen −2,5\u00a0% und +18,0\u00a0%" in found.verdict
