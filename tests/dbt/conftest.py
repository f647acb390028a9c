# SPDX-License-Identifier: Apache-2.0
"""One build of the dbt project on a throwaway lake, shared by all tests of this folder.

Belongs here: running dbt and what it left behind. Does not belong here: what must be true of it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from duckdb import DuckDBPyConnection

from foundation.lakehouse import Lakehouse
from foundation.settings import PROJECT_ROOT, load_settings
from tests.dbt.raw_town import fabricate

RECEIPTS = 900
# A cooperative without these sources has no such raw tables at all.
ABSENT = ("sales_product_sales", "vacancy_resources")
HOLIDAYS = ["2025-10-03", "2025-11-01", "2025-12-25", "2025-12-26", "2026-01-01", "2026-05-01"]
VARIABLES = {"as_of": "2026-11-22T06:00:00+01:00", "holidays": HOLIDAYS}


@dataclass(frozen=True)
class Build:
    """A lake that dbt built, and dbt's own record of it."""

    lake: Lakehouse
    folder: Path
    exit_code: int
    output: str

    def record(self, name: str) -> dict[str, Any]:
        """dbt's `manifest` or `run_results`."""
        found: dict[str, Any] = json.loads((self.folder / "target" / f"{name}.json").read_text())
        return found

    def dbt(self, *command: str) -> subprocess.CompletedProcess[str]:
        """dbt in a process of its own, on this lake."""
        place = [
            "--profiles-dir",
            str(self.folder),
            "--project-dir",
            str(PROJECT_ROOT / "dbt_project"),
        ]
        paths = [
            "--target-path",
            str(self.folder / "target"),
            "--log-path",
            str(self.folder / "logs"),
        ]
        variables = ["--vars", json.dumps(VARIABLES)]
        return subprocess.run(
            [
                sys.executable,
                "-c",
                "from dbt.cli.main import cli; cli()",
                *command,
                *place,
                *paths,
                *variables,
            ],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
        )


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The whole project built and tested once, unit tests included."""
    settings = load_settings(home=tmp_path_factory.mktemp("dbt"))
    lake = Lakehouse(settings)
    lake.create()
    with lake.writer() as con:
        fabricate(con, settings.cooperative, RECEIPTS)
        for table in ABSENT:
            con.execute(f"DROP TABLE lake.raw.{table}")
    folder = lake.write_dbt_profile()
    done = Build(lake, folder, 0, "").dbt("build", "--no-use-colors")
    return Build(lake, folder, done.returncode, done.stdout + done.stderr)


@pytest.fixture
def con(build: Build) -> Iterator[DuckDBPyConnection]:
    """A reading connection to the built lake."""
    with build.lake.connect(read_only=True) as connection:
        yield connection
