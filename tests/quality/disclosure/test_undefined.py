# SPDX-License-Identifier: Apache-2.0
"""A table whose definition is gone is taken back. Writing tables belongs to ``test_gate``."""

from pathlib import Path

from foundation.lakehouse import Lakehouse
from foundation.migrations import migrate
from foundation.settings import load_settings
from quality.disclosure.store import remove_undefined


def test_only_the_table_without_a_definition_is_taken_back(tmp_path: Path) -> None:
    lake = Lakehouse(load_settings(home=tmp_path))
    lake.create()
    with lake.writer() as con:
        migrate(con, "release")
        con.execute(
            "INSERT INTO release.quarter BY NAME SELECT 'ALT' AS quarter_id, 'Altstadt' AS name"
        )
        con.execute("INSERT INTO release.sensor BY NAME SELECT 'S' AS sensor_id, 'Markt' AS name")
        assert remove_undefined(con, ["quarter"]) == ["sensor"]
        assert remove_undefined(con, ["quarter"]) == []
        assert con.execute("SELECT count(*) FROM release.quarter").fetchone() == (1,)
        assert con.execute("SELECT count(*) FROM release.sensor").fetchone() == (0,)
