# SPDX-License-Identifier: Apache-2.0
"""`ortskern doctor` never crashes, puts the urgent first and ends with one next step."""

from pathlib import Path

import pytest

from foundation.settings import load_settings
from ingestion.landing import Event
from ingestion.quarantine import UNKNOWN_TILL, WITHDRAWN
from orchestration.checkup import Line, Status, answers, fault, good, hint, machine, rulebook
from orchestration.commands.doctor import CHECKS, lines_of, next_step
from orchestration.house import House, open_house
from tests.orchestration.conftest import Run
from tests.orchestration.deliveries import KIOSK, broken, happened


def lines(house: House, *subjects: str) -> list[Line]:
    """Answers of the checks with these subjects."""
    return lines_of(house, tuple(c for c in CHECKS if c[0] in subjects))


@pytest.fixture
def fresh(cooperative: Path) -> House:
    """A house before its first run."""
    return open_house(load_settings())


def test_a_sound_folder_blocks_nothing(fresh: House) -> None:
    found = lines(fresh, "Genossenschaft", "Verträge", "Ordnungslisten", "Vitalitätsindex")
    assert {line.status for line in found} == {Status.GOOD}


def test_the_output_ends_with_one_next_step(ortskern: Run) -> None:
    last = ortskern("doctor").output.strip().splitlines()[-1]
    assert last.startswith("Nächster Schritt: ")


def test_faults_come_before_hints_and_hints_before_what_is_good(ortskern: Run) -> None:
    words = [li.split()[0] for li in ortskern("doctor").output.splitlines() if li[:2] == "  "]
    order = {"Fehler": 0, "Hinweis": 1, "gut": 2}
    assert [order[w] for w in words] == sorted(order[w] for w in words)


def test_before_the_first_run_it_asks_for_deliveries(fresh: House) -> None:
    found = lines(fresh, "Eingang", "Datenbestand")
    assert next_step(fresh, found).startswith("Lieferungen nach ")


def test_it_makes_no_keys(ortskern: Run, tmp_path: Path) -> None:
    ortskern("doctor")
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("cooperative.yaml", b"name: [", "kein gültiges YAML"),
        ("cooperative.yaml", b"- eins\n- zwei\n", "cooperative.yaml"),
        ("cooperative.yaml", "name: Bäckerei".encode("cp1252"), "nicht in UTF-8"),
        ("contracts/pos_csv.odcs.yaml", b"", "pos_csv.odcs.yaml"),
        ("contracts/pos_csv.odcs.yaml", "id: ä".encode("cp1252"), "pos_csv.odcs.yaml"),
        ("releases/vacancy.yaml", b"table: vacancy", "releases/vacancy.yaml"),
        ("approvals/vacancy.yaml", b"table: vacancy", "approvals/vacancy.yaml"),
        ("index.yaml", b"version: eins", "index.yaml"),
        ("north_star.yaml", b"version: eins", "north_star.yaml"),
        ("statute.yaml", b"name: x", "statute.yaml"),
        ("price_list.yaml", b"basis: anteil", "price_list.yaml"),
        ("fiscal_years/2025-26.yaml", b"", "2025-26.yaml"),
        ("reference/quarters.csv", b"", "quarters.csv"),
    ],
)
def test_a_broken_file_is_a_fault_that_names_it(
    fresh: House, name: str, content: bytes, expected: str
) -> None:
    (fresh.settings.cooperative / name).write_bytes(content)
    own = tuple(c for c in CHECKS if c[1].__module__ == rulebook.__name__)
    faults = [line.text for line in lines_of(fresh, own) if line.status is Status.FAULT]
    assert any(expected in text for text in faults), faults


def test_a_broken_file_blocks(ortskern: Run, cooperative: Path) -> None:
    (cooperative / "index.yaml").write_text("version: eins", "utf-8")
    result = ortskern("doctor")
    assert result.exit_code == 1
    assert "  Fehler   Vitalitätsindex: Datei „index.yaml“" in result.output


def test_an_empty_folder_does_not_crash_it(
    ortskern: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ORTSKERN_COOPERATIVE", str(tmp_path / "nirgends"))
    result = ortskern("doctor")
    assert result.exit_code == 1
    assert "Nächster Schritt: Datei „" in result.output


def test_wrong_settings_are_its_only_answer(ortskern: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORTSKERN_LANGUAGE", "fr")
    result = ortskern("doctor")
    assert result.exit_code == 1
    assert "Einstellung „language“" in result.output


def test_a_check_that_breaks_is_an_answer(fresh: House) -> None:
    def breaks(house: House) -> list[Line]:
        raise AttributeError("kein Feld")

    found = answers("Probe", breaks, fresh)
    assert [line.status for line in found] == [Status.FAULT]
    assert found[0].text == "nicht prüfbar, AttributeError: kein Feld"


def test_the_next_step_is_that_of_the_most_urgent_line(fresh: House) -> None:
    found = sorted(
        [good("a", "gut"), hint("b", "Hinweis", "zweitens"), fault("c", "Fehler", "erstens")],
        key=lambda line: -line.status,
    )
    assert next_step(fresh, found) == "erstens"


def test_where_nothing_is_open_the_next_step_is_the_next_delivery(fresh: House) -> None:
    assert next_step(fresh, [good("a", "gut")]).startswith("nichts offen.")


def test_keys_that_others_can_read_are_a_fault(house: House) -> None:
    (house.settings.keys_dir / "root.key").chmod(0o644)
    (line,) = lines(house, "Schlüssel")
    assert line.status is Status.FAULT
    assert line.step is not None
    assert f"chmod 600 {house.settings.keys_dir / 'root.key'}" in line.step


def test_keys_that_nobody_else_can_read_are_good(house: House) -> None:
    (line,) = lines(house, "Schlüssel")
    assert line.status is Status.GOOD


def test_a_lake_without_keys_is_a_fault_with_the_way_back(house: House) -> None:
    (house.settings.keys_dir / "root.key").unlink()
    (line,) = lines(house, "Schlüssel")
    assert line.status is Status.FAULT
    assert line.step == "Schlüssel zurückholen: ortskern init --wiederherstellen"


def test_an_encrypted_lake_is_good(house: House) -> None:
    (line,) = lines(house, "Datenbestand")
    assert line.text == "vorhanden und verschlüsselt"


def test_a_plain_lake_is_a_fault_where_encryption_is_wanted(fresh: House) -> None:
    plain = load_settings(encryption="storage")
    open_house(plain).lakehouse.create()
    (line,) = lines(fresh, "Datenbestand")
    assert line.status is Status.FAULT
    assert "unverschlüsselt angelegt" in line.text


def test_a_folder_without_contract_is_named(house: House) -> None:
    (house.settings.inbox / "kassen").mkdir(parents=True)
    (line,) = lines(house, "Eingang")
    assert line.text == "Ordner ohne Vertrag, werden nicht gelesen: kassen"


def test_unknown_tills_lead_to_the_member_list(house: House) -> None:
    happened(
        house,
        Event(KIOSK, "landed"),
        Event(KIOSK, "quarantined", UNKNOWN_TILL, ("f" * 32,)),
        finding=broken(UNKNOWN_TILL),
    )
    found = lines(house, "Lieferungen")
    assert [line.subject for line in found] == ["Unbekannte Kassen"]
    assert found[0].text.startswith("1 Lieferung wartet zu Kassen")


def test_a_landed_delivery_that_is_not_loaded_leads_to_a_run(house: House) -> None:
    happened(house, Event(KIOSK, "landed"))
    (line,) = lines(house, "Lieferungen")
    assert line.step == "Laden: ortskern run --nur vorschlag"


def test_a_fault_in_quarantine_brings_its_own_remedy(house: House) -> None:
    happened(house, Event(KIOSK, "landed"), Event(KIOSK, "quarantined"), finding=broken())
    (line,) = lines(house, "Lieferungen")
    assert line.step is not None
    assert "Export wiederholen und erneut einliefern" in line.step


def test_a_delivery_after_a_withdrawal_is_told_but_never_the_next_step(house: House) -> None:
    happened(
        house, Event(KIOSK, "landed"), Event(KIOSK, "refused", WITHDRAWN), finding=broken(WITHDRAWN)
    )
    (line,) = lines(house, "Lieferungen")
    assert line.text.startswith("pos_csv (zurückgewiesen; 1 Lieferung")
    assert line.step is None


def test_an_approval_by_another_organ_than_the_statutes_is_said(fresh: House) -> None:
    path = fresh.settings.cooperative / "statute.yaml"
    text = path.read_text("utf-8")
    start = text.index("  public_tables:")
    line = text[start:].splitlines()[0]
    path.write_text(text.replace(line, "  public_tables: aufsichtsrat"), "utf-8")
    found = answers("Freigaben", rulebook.deciders, fresh)
    assert [line.status for line in found] == [Status.HINT]
    assert "nicht vom Organ der Satzung (Aufsichtsrat" in found[0].text


def test_a_source_file_that_is_out_of_step_is_said(fresh: House) -> None:
    path = fresh.settings.cooperative / "contracts" / "pos_csv.odcs.yaml"
    path.write_text(path.read_text("utf-8").replace("version: 1.0.0", "version: 1.1.0"), "utf-8")
    (line,) = lines(fresh, "Quellendatei")
    assert line.step == "Quellendatei neu schreiben: ortskern contracts"


def test_a_server_that_does_not_answer_is_a_fault(
    cooperative: Path, unused_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORTSKERN_CATALOG", f"postgresql://u:geheim@127.0.0.1:{unused_port}/lake")
    (line,) = answers("Server", machine.servers, open_house(load_settings()))
    assert line.status is Status.FAULT
    assert line.text == f"127.0.0.1:{unused_port} antwortet nicht"


def test_a_volume_on_an_encrypted_device_is_recognised(tmp_path: Path) -> None:
    below = tmp_path / "253:0" / "slaves" / "dm-1" / "dm"
    below.mkdir(parents=True)
    (below / "uuid").write_text("CRYPT-LUKS2-0011", "ascii")
    assert machine._is_crypt(tmp_path / "253:0")


def test_a_volume_on_a_plain_device_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "8:1").mkdir()
    assert not machine._is_crypt(tmp_path / "8:1")
