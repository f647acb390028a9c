# SPDX-License-Identifier: Apache-2.0
"""`ortskern contracts` keeps the models' source file in step with the contracts."""

from pathlib import Path

import pytest

from foundation.contracts import load_contracts
from foundation.settings import load_settings
from orchestration.commands.contracts import (
    SHIPPED,
    TARGET,
    overlaid,
    wanted_sources,
    write_sources,
)
from tests.orchestration.conftest import Run


@pytest.fixture
def target(cooperative: Path, tmp_path: Path) -> Path:
    """A source file of the sample's contracts, away from the project."""
    path = tmp_path / "sources.yml"
    path.write_text(wanted_sources(load_settings()), "utf-8")
    return path


def change_version(cooperative: Path) -> None:
    path = cooperative / "contracts" / "pos_csv.odcs.yaml"
    path.write_text(path.read_text("utf-8").replace("version: 1.0.0", "version: 1.1.0"), "utf-8")


def test_the_committed_file_is_that_of_the_shipped_contracts() -> None:
    assert TARGET.read_text("utf-8") == wanted_sources(load_settings(cooperative=SHIPPED))


def test_an_equal_file_passes_the_check(target: Path) -> None:
    assert write_sources(True, target) == 0


def test_a_difference_is_said_with_its_remedy(
    target: Path, cooperative: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change_version(cooperative)
    assert write_sources(True, target) == 1
    assert "mit `ortskern contracts` neu schreiben." in capsys.readouterr().out


def test_a_check_writes_nothing(target: Path, cooperative: Path) -> None:
    before = target.read_bytes()
    change_version(cooperative)
    write_sources(True, target)
    assert target.read_bytes() == before


def test_a_difference_is_written(target: Path, cooperative: Path) -> None:
    change_version(cooperative)
    assert write_sources(False, target) == 0
    assert "contract_version: 1.1.0" in target.read_text("utf-8")


def test_a_missing_file_is_written(target: Path) -> None:
    target.unlink()
    write_sources(False, target)
    assert write_sources(True, target) == 0


def test_a_broken_contract_is_named(ortskern: Run, cooperative: Path) -> None:
    (cooperative / "contracts" / "pos_csv.odcs.yaml").write_text("id: [", "utf-8")
    result = ortskern("contracts", "--pruefen")
    assert result.exit_code == 1
    assert "Vertrag „pos_csv.odcs.yaml“ ist nicht lesbar" in result.output


def test_tables_without_a_contract_of_ones_own_stay_described(
    target: Path, cooperative: Path
) -> None:
    (cooperative / "contracts" / "vacancy_register.odcs.yaml").unlink()
    assert write_sources(True, target) == 0


def test_a_contract_of_ones_own_takes_the_place_of_the_shipped_one() -> None:
    shipped = load_contracts(SHIPPED)
    own = {"kasse": shipped["pos_csv"]}
    assert set(overlaid(shipped, own)) == set(shipped) - {"pos_csv"} | {"kasse"}
