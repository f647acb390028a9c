# SPDX-License-Identifier: Apache-2.0
"""The planted effect of the sample's experiment is found as it was registered, and nobody is shown."""

from analysis.experiments.registry import entry_sha256, load_entries
from tests.end_to_end.town import SAMPLE, Row, Town

ENTRY = load_entries(SAMPLE)["sommergassen"]


def planned(town: Town) -> Row:
    """The evaluation by the registered method."""
    (row,) = town.records("SELECT * FROM marts.fct_experiment_estimate WHERE is_planned")
    return row


def test_the_registration_stands_in_the_ledger_from_before_the_start(town: Town) -> None:
    rows = town.rows("SELECT registered_on, entry_sha256 FROM ledger.experiment")
    assert [sha for _, sha in rows] == [entry_sha256(ENTRY)]
    assert rows[0][0] < ENTRY.test.first_day


def test_the_planted_effect_lies_in_the_interval(town: Town) -> None:
    planted = 100 * (town.truth["conditions"]["experiment"]["factor"] - 1)
    found = planned(town)
    assert found["low_percent"] <= planted <= found["high_percent"]


def test_other_methods_stand_beside_the_registered_one(town: Town) -> None:
    rows = town.rows("SELECT method FROM marts.fct_experiment_estimate ORDER BY 1")
    assert [method for (method,) in rows] == ["did", "sc", "sdid"]


def test_blocks_with_road_works_are_no_donors(town: Town) -> None:
    works = town.truth["conditions"]["road_works"]
    window = (ENTRY.baseline.first_day.isoformat(), ENTRY.test.last_day.isoformat())
    hit = {b for w in works if w["first_day"] <= window[1] for b in w["blocks"]}
    left_out = planned(town)["left_out"]
    assert {b for b in hit if f"Block {b} wegen" in left_out} == hit


def test_the_published_result_shows_both_p_values_and_its_registration(town: Town) -> None:
    (row,) = town.published("experiment")
    assert "Vergleich der Orte p" in row["verdict"]
    assert "Vergleich der Zeiten p" in row["verdict"]
    assert row["registration_sha256"] == entry_sha256(ENTRY)
    assert "noch nicht genug Wiederholungen" in row["limits"]


def test_five_owners_at_least_stand_behind_a_published_result(town: Town) -> None:
    assert all(int(row["owner_count"]) >= 5 for row in town.published("experiment"))


def test_no_single_week_is_withheld(town: Town) -> None:
    withheld = [r for r in town.published("experiment_week") if r["status"] == "fehlt"]
    # One gap could be computed from the effect, which is a mean over the weeks.
    assert len(withheld) != 1
    assert all(not r["treated_index"] and not r["synthetic_index"] for r in withheld)
