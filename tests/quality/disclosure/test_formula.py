# SPDX-License-Identifier: Apache-2.0
"""An approval of a composite covers its weights. What the formula computes belongs to analysis."""

import shutil
from pathlib import Path

import pytest

from foundation.errors import ConfigError
from foundation.settings import PROJECT_ROOT
from quality.disclosure.definitions import load_definitions


@pytest.fixture
def cooperative(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT_ROOT / "cooperative" / "releases", tmp_path / "releases")
    for formula in ("index.yaml", "north_star.yaml"):
        shutil.copyfile(PROJECT_ROOT / "cooperative" / formula, tmp_path / formula)
    return tmp_path


def hashes(cooperative: Path) -> dict[str, str]:
    return {table: d.definition_hash for table, d in load_definitions(cooperative).items()}


def test_another_weight_needs_another_approval(cooperative: Path) -> None:
    before, path = hashes(cooperative), cooperative / "index.yaml"
    path.write_text(path.read_text("utf-8").replace('best: "0.03"', 'best: "0.04"'), "utf-8")
    after = hashes(cooperative)
    changed = {table for table in before if before[table] != after[table]}
    assert changed == {"vitality_component", "vitality_index"}


def test_another_explanation_needs_none(cooperative: Path) -> None:
    before, path = hashes(cooperative), cooperative / "index.yaml"
    path.write_text(path.read_text("utf-8") + "\n# Noch eine Erklärung\n", "utf-8")
    assert hashes(cooperative) == before


def test_a_formula_that_is_not_there_is_named(cooperative: Path) -> None:
    (cooperative / "index.yaml").unlink()
    with pytest.raises(ConfigError, match="Feld „formula“: „index.yaml“ ist nicht lesbar"):
        load_definitions(cooperative)
