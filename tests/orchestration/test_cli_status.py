# SPDX-License-Identifier: Apache-2.0
"""`ortskern status` shows what is there and what is open."""

import json
from pathlib import Path

from ingestion.landing import Event
from orchestration.house import House
from tests.orchestration.conftest import Run
from tests.orchestration.deliveries import KIOSK, broken, happened, other


def cells(output: str, beginning: str) -> list[str]:
    """The columns of the line that begins so."""
    line = next(li for li in output.splitlines() if li.strip().startswith(beginning))
    return line.strip().removeprefix(beginning).split()


def test_without_a_lake_it_says_how_to_start(ortskern: Run) -> None:
    result = ortskern("status")
    assert result.exit_code == 0
    assert "Es gibt noch keinen Datenbestand" in result.output
    assert "ortskern run" in result.output


def test_without_a_cooperative_it_says_where_one_comes_from(
    ortskern: Run, cooperative: Path
) -> None:
    (cooperative / "cooperative.yaml").unlink()
    result = ortskern("status")
    assert result.exit_code == 1
    assert "mit `ortskern init` anlegen" in result.output


def test_an_empty_lake_has_no_deliveries(ortskern: Run, house: House) -> None:
    output = ortskern("status").output
    assert "Noch keine. Nach dem Einlegen in den Eingang: ortskern run" in output
    assert "Nichts offen." in output


def test_a_delivery_counts_by_its_last_event(ortskern: Run, house: House) -> None:
    second, third = other("b"), other("c")
    happened(
        house,
        Event(KIOSK, "landed"),
        Event(second, "landed"),
        Event(third, "landed"),
        Event(KIOSK, "loaded", loaded_rows=3),
        Event(second, "refused"),
        Event(KIOSK, "duplicate"),
    )
    found = cells(ortskern("status").output, "Kassendaten (CSV)")
    assert found == ["31.10.2026", "1", "1", "–", "1", "1"]


def test_an_open_fault_is_a_sentence_with_its_remedy(ortskern: Run, house: House) -> None:
    happened(house, Event(KIOSK, "landed"), Event(KIOSK, "quarantined"), finding=broken())
    output = ortskern("status").output
    assert (
        "Datei „kiosk_2026-10.csv“, Zeile 17, Feld „Menge“: gefunden „viel [5]“, erwartet eine "
        "Zahl; Export wiederholen und erneut einliefern." in output
    )


def test_a_fault_of_a_delivery_that_was_loaded_later_is_closed(ortskern: Run, house: House) -> None:
    happened(house, Event(KIOSK, "landed"), Event(KIOSK, "quarantined"), finding=broken())
    happened(house, Event(KIOSK, "loaded", loaded_rows=1))
    assert "Nichts offen." in ortskern("status").output


def test_a_table_without_approval_waits(ortskern: Run, house: House) -> None:
    (house.settings.cooperative / "approvals" / "vacancy.yaml").unlink()
    assert "wartet: vacancy" in ortskern("status").output


def test_the_last_edition_is_named(ortskern: Run, house: House) -> None:
    for name in ("2026-10-22", "2026-11-22"):
        folder = house.settings.publications_dir / name
        folder.mkdir(parents=True)
        manifest = {"edition": name, "files": {"a.csv": {}, "b.csv": {}}}
        (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert "2026-11-22, 2 Dateien" in ortskern("status").output


def test_a_password_in_the_catalog_is_not_shown(ortskern: Run, house: House) -> None:
    assert "Katalog           sqlite:///" in ortskern("status").output
