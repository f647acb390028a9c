# SPDX-License-Identifier: Apache-2.0
"""The waves of the citizen panel as delivered, and that the planted rates are in them."""

import json
from collections import Counter
from typing import Any

import pytest

from tests.ingestion.town.small_town import SmallTown

WAVES = ("2025-10", "2026-01", "2026-04", "2026-07", "2026-10")


def responses(town: SmallTown, name: str) -> list[dict[str, Any]]:
    path = town.inbox / f"citizen_panel/panel_{name}.json"
    found: list[dict[str, Any]] = json.loads(path.read_bytes())["responses"]
    return found


def counted(town: SmallTown, name: str) -> list[dict[str, Any]]:
    return [r for r in responses(town, name) if r["submitdate"] and r["einw"] == "Y"]


def wave(town: SmallTown, month: str) -> dict[str, Any]:
    waves = town.truth["surveys"]["waves"]
    return next(w for w in waves if w["business_month"] == f"{month}-01")


@pytest.mark.parametrize("month", WAVES)
def test_a_wave_holds_what_the_truth_says(town: SmallTown, month: str) -> None:
    name = month if month != "2026-04" else "2026-04_korrigiert"
    true = wave(town, month)
    assert len(responses(town, name)) == true["begun"]
    assert sum(r["submitdate"] is not None for r in responses(town, name)) == true["sent"]
    # Of two waves one response is planted as faulty.
    assert len(counted(town, name)) - (month in ("2026-01", "2026-07")) == true["counted"]
    assert 320 <= true["counted"] <= 390


def test_many_people_answer_in_several_waves(town: SmallTown) -> None:
    people = Counter(r["panelnr"] for month in WAVES for r in counted(town, month))
    assert sum(n >= 3 for n in people.values()) > 200


def test_the_planted_share_of_trips_on_foot_is_in_the_answers(town: SmallTown) -> None:
    on_foot = asked = 0
    for month in WAVES:
        rows = counted(town, month)
        asked += len(rows)
        on_foot += sum(r["weg"] == "fuss" for r in rows)
    true = sum(wave(town, m)["walking_share"]["ALLE"] for m in WAVES) / len(WAVES)
    # People answer alike from wave to wave, so all five say little more than one.
    assert on_foot / asked == pytest.approx(true, abs=3 * (true * (1 - true) / 350) ** 0.5)


def test_the_share_of_trips_on_foot_rises(town: SmallTown) -> None:
    shares = [wave(town, month)["walking_share"]["NOR"] for month in WAVES]
    assert shares == sorted(set(shares))


def test_the_planted_minutes_are_in_the_answers(town: SmallTown) -> None:
    minutes = [
        float(r["minuten"])
        for month in WAVES
        for r in counted(town, month)
        if r["quartier"] == "ALT" and r["minuten"] and float(r["minuten"]) < 600
    ]
    assert sum(minutes) / len(minutes) == pytest.approx(70, abs=5)


def test_one_wave_came_twice_byte_for_byte(town: SmallTown) -> None:
    folder = town.inbox / "citizen_panel"
    first, second = (folder / f"panel_2026-01{x}.json" for x in ("", "_erneut"))
    assert first.read_bytes() == second.read_bytes()


def test_one_wave_was_corrected(town: SmallTown) -> None:
    before, after = responses(town, "2026-04"), responses(town, "2026-04_korrigiert")
    assert len(before) - len(after) == 2
    changed = [b for b, a in zip(before, after, strict=False) if b != a]
    assert [r["minuten"] for r in changed] == ["595.0000000000"]


@pytest.mark.parametrize(
    ("plant", "field", "value"),
    [("panel_minutes", "minuten", "9999.0000000000"), ("panel_unknown_code", "weg", "flug")],
)
def test_a_planted_fault_stands_where_the_truth_says(
    town: SmallTown, plant: str, field: str, value: str
) -> None:
    bad = town.bad(plant)
    rows = json.loads((town.inbox / bad["path"]).read_bytes())["responses"]
    assert [n for n, r in enumerate(rows, start=1) if r[field] == value] == [bad["row"]]


def test_the_files_hold_what_must_not_come_in(town: SmallTown) -> None:
    text = (town.inbox / "citizen_panel/panel_2026-07.json").read_text(encoding="utf-8")
    secrets = town.truth["surveys"]["secrets"]
    assert sum(secret in text for secret in secrets) > 300
    assert any("Ostendorf" in secret for secret in secrets)
