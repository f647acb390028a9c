# SPDX-License-Identifier: Apache-2.0
"""`ortskern experiment` tries a design beforehand and registers it before it starts, never after."""

from pathlib import Path

import pytest

from analysis.experiments.registry import load_entries, load_registrations, plan_sha256
from orchestration.house import House
from tests.analysis.experiments.towns import block_weeks, event_days
from tests.orchestration.conftest import Run
from tests.orchestration.test_experiments import put

WHO = ("--organ", "Beirat", "--protokoll", "Protokoll 2026-05-12, TOP 3")
DRAFT_BEFORE, DRAFT_AFTER = "2026-05-12T06:00:00+02:00", "2026-06-08T06:00:00+02:00"


@pytest.fixture
def draft(cooperative: Path) -> Path:
    """The sample's entry before it was registered."""
    (cooperative / "experiments/registrations/sommergassen.yaml").unlink()
    return cooperative


def test_before_the_start_it_is_registered_with_its_fingerprint(
    ortskern: Run, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORTSKERN_AS_OF", DRAFT_BEFORE)
    result = ortskern("experiment", "register", "sommergassen", *WHO)
    assert result.exit_code == 0, result.output
    assert "Versuch „Sommergassen“, Fassung 1, angemeldet am 12.05.2026" in result.output
    (record,) = load_registrations(draft)["sommergassen"]
    assert record.entry_sha256 in result.output
    assert record.organ == "Beirat für Daten und Quartier"


def test_after_the_start_it_is_refused(
    ortskern: Run, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORTSKERN_AS_OF", DRAFT_AFTER)
    result = ortskern("experiment", "register", "sommergassen", *WHO)
    assert result.exit_code == 1
    assert "gefunden eine Anmeldung am 08.06.2026, erwartet vor dem Beginn am 01.06.2026" in (
        result.output
    )
    assert load_registrations(draft) == {}


def test_a_changed_wording_is_refused(ortskern: Run, cooperative: Path) -> None:
    path = cooperative / "experiments/sommergassen.yaml"
    path.write_text(path.read_text("utf-8").replace("cost_eur: 18400", "cost_eur: 9900"), "utf-8")
    result = ortskern("experiment", "register", "sommergassen", *WHO)
    assert result.exit_code == 1
    assert "Fassung 1 ist seit 12.05.2026 mit anderem Wortlaut angemeldet" in result.output


def test_the_same_again_says_so(ortskern: Run, cooperative: Path) -> None:
    result = ortskern("experiment", "register", "sommergassen", *WHO)
    assert "Fassung 1 ist mit diesem Wortlaut schon angemeldet" in result.output


def test_a_new_version_after_the_start_says_that_it_will_show(
    ortskern: Run, cooperative: Path
) -> None:
    path = cooperative / "experiments/sommergassen.yaml"
    path.write_text(path.read_text("utf-8").replace("version: 1", "version: 2"), "utf-8")
    result = ortskern("experiment", "register", "sommergassen", *WHO)
    assert "geändert nach dem Beginn; das steht von nun an neben dem Ergebnis" in result.output
    assert len(load_registrations(cooperative)["sommergassen"]) == 2


def test_an_unknown_experiment_is_named_with_those_there_are(
    ortskern: Run, cooperative: Path
) -> None:
    result = ortskern("experiment", "register", "winterlicht", *WHO)
    assert "Versuch „winterlicht“: gibt es unter experiments/ nicht" in result.output
    assert "einer von: sommergassen" in result.output


def test_without_a_place_in_the_minutes_nothing_is_registered(ortskern: Run, draft: Path) -> None:
    result = ortskern(
        "experiment", "register", "sommergassen", "--organ", "Beirat", "--protokoll", " "
    )
    assert "erwartet eine Fundstelle wie „Protokoll 3/2026, TOP 4“" in result.output


def test_what_is_registered_is_not_diagnosed_again(ortskern: Run, cooperative: Path) -> None:
    result = ortskern("experiment", "diagnose", "sommergassen")
    assert "Fassung 1 ist schon angemeldet, eine neue Rechnung änderte ihren Wortlaut" in (
        result.output
    )


def test_without_a_lake_there_is_nothing_to_simulate_on(ortskern: Run, draft: Path) -> None:
    result = ortskern("experiment", "diagnose", "sommergassen")
    assert "es gibt noch keinen Datenbestand, an dem sich rechnen ließe" in result.output


def test_a_diagnosis_on_what_is_known_that_day_is_written_into_the_entry(
    ortskern: Run, draft: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORTSKERN_AS_OF", DRAFT_BEFORE)
    # Few groups, because the whole plan takes half a minute.
    path = draft / "experiments/sommergassen.yaml"
    few = path.read_text("utf-8").replace("placebo_groups: 200", "placebo_groups: 20")
    path.write_text(few, "utf-8")
    with house.lakehouse.writer() as con:
        put(con, "marts", "fct_block_week", block_weeks(1, with_effect=True, scale=1.0))
        put(con, "core", "fct_event_day", event_days())
    result = ortskern("experiment", "diagnose", "sommergassen")
    assert result.exit_code == 0, result.output
    found = load_entries(draft)["sommergassen"].diagnosis
    assert found is not None
    assert (found.simulated_on.isoformat(), found.data_until.isoformat()) == (
        "2026-05-12",
        "2026-05-10",
    )
    assert "Weiter mit: ortskern experiment register sommergassen" in result.output


def test_the_samples_diagnosis_stands_beside_its_plan(cooperative: Path) -> None:
    found = load_entries(cooperative)["sommergassen"].diagnosis
    assert found is not None
    entry = load_entries(cooperative)["sommergassen"]
    assert found.plan_sha256 == plan_sha256(entry)
    # Both comparisons must agree: less often than one of them alone, which saw 60 of 100
    assert 0.2 < found.power_share < 0.6
