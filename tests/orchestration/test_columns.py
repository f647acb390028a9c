# SPDX-License-Identifier: Apache-2.0
"""Origins of columns, read from compiled SQL."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.columns import ColumnOrigins

BASKET = dg.AssetKey(["marts", "basket"])
COMPILED = """
WITH sold AS (SELECT r.quarter_id, l.gross_eur FROM lake.core.receipt AS r JOIN lake.core.line AS l USING (receipt_id))
SELECT quarter_id, sum(gross_eur) / 2 AS revenue_eur, count(*) AS lines FROM sold GROUP BY 1
"""


def node(kind: str, schema: str, name: str, *columns: str) -> dict[str, Any]:
    """A model or source as a manifest has it."""
    return {
        "resource_type": kind,
        "database": "lake",
        "schema": schema,
        "name": name,
        "original_file_path": f"models/{name}.sql",
        "columns": {column: {} for column in columns},
    }


def key(props: Mapping[str, Any]) -> dg.AssetKey:
    """Schema and name."""
    return dg.AssetKey([props["schema"], props["name"]])


@pytest.fixture
def origins(tmp_path: Path) -> ColumnOrigins:
    """A model over a source and another model that is not compiled yet."""
    path = tmp_path / "compiled" / "ortskern" / "models" / "basket.sql"
    path.parent.mkdir(parents=True)
    path.write_text(COMPILED)
    manifest = {
        "metadata": {"project_name": "ortskern"},
        "nodes": {
            "a": node("model", "marts", "basket", "quarter_id", "revenue_eur", "lines"),
            "b": node("model", "core", "receipt", "receipt_id", "quarter_id"),
            "c": {"resource_type": "test"},
        },
        "sources": {"d": node("source", "core", "line", "receipt_id", "gross_eur")},
    }
    return ColumnOrigins(manifest, tmp_path, key)


def test_a_column_leads_back_to_the_columns_it_is_made_of(origins: ColumnOrigins) -> None:
    found = origins.of(BASKET)
    assert found is not None
    assert found.deps_by_column == {
        "quarter_id": [dg.TableColumnDep(dg.AssetKey(["core", "receipt"]), "quarter_id")],
        "revenue_eur": [dg.TableColumnDep(dg.AssetKey(["core", "line"]), "gross_eur")],
    }


def test_a_model_that_is_not_compiled_has_no_origins_yet(origins: ColumnOrigins) -> None:
    assert origins.of(dg.AssetKey(["core", "receipt"])) is None


def test_sql_that_is_not_understood_stops_nothing(origins: ColumnOrigins, tmp_path: Path) -> None:
    (tmp_path / "compiled/ortskern/models/basket.sql").write_text("SELECT FROM WHERE (")
    assert origins.of(BASKET) is None
