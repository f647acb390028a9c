# SPDX-License-Identifier: Apache-2.0
"""A whole small town that ran once: where it lies, what is true of it, how to ask it.

Belongs here: simulating, running the jobs, reading lake, truth and published files. Does not belong
here: what must hold (the tests), how long servers run (`tests/conftest.py`).
"""

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml
from duckdb import DuckDBPyConnection

from foundation.lakehouse import Lakehouse
from foundation.settings import PROJECT_ROOT, Settings, load_settings
from ingestion.pseudonyms import Pseudonyms
from ingestion.town import simulate
from orchestration.commands.run import run_jobs
from orchestration.house import House

SAMPLE = PROJECT_ROOT / "cooperative"
# All 13 months, because the fiscal year and the plants need them, with few receipts a day.
SCALE = 0.03
# Columns that name the run that wrote the rows, which is another one on another machine.
RUN_COLUMNS = {"snapshot", "code_revision"}
Row = dict[str, Any]


@lru_cache(maxsize=1)
def _code() -> tuple[str, str]:
    """Revision and hash of the program, read once: a commit during the tests is another program."""
    house = House(load_settings())
    return house.code_revision, house.code_sha256


@dataclass
class Town:
    """One home with its cooperative; `reports` are those of the last run, by step."""

    settings: Settings
    reports: dict[str, Any] = field(default_factory=dict)

    # -- making ------------------------------------------------------------------------------------

    def simulate(self, *, scale: float = SCALE, months: int | None = None) -> "Town":
        """Lay the deliveries into the inbox."""
        simulate(
            self.settings.cooperative,
            self.settings.inbox,
            self.settings.town_dir,
            scale=scale,
            months=months,
            workers=1,
        )
        return self

    def like(self, other: "Town") -> "Town":
        """Take inbox, truth and root key of another town, so that all tables must be the same."""
        for name in ("inbox", "town"):
            shutil.copytree(other.settings.home / name, self.settings.home / name)
        self.settings.keys_dir.mkdir(mode=0o700)
        shutil.copy(other.settings.keys_dir / "root.key", self.settings.keys_dir)
        return self

    def house(self) -> House:
        """The house, opened anew."""
        house = House(self.settings)
        house.__dict__["code_revision"], house.__dict__["code_sha256"] = _code()
        return house

    def run(self, *jobs: str) -> "Town":
        """Run the jobs (both, where none is named) as the command line does, in this process."""
        house = self.house()
        problem = run_jobs(house, jobs or ("propose", "publish"), house.voice)
        assert problem is None, problem
        self.reports = house.reports
        return self

    # -- asking ------------------------------------------------------------------------------------

    @cached_property
    def truth(self) -> Row:
        """What the simulator says is true."""
        content: Row = json.loads((self.settings.town_dir / "truth.json").read_text("utf-8"))
        return content

    def plant(self, plant_id: str) -> Row:
        """The planted truth of that id."""
        found: Row = next(p for p in self.truth["plants"] if p["id"] == plant_id)
        return found

    @property
    def lakehouse(self) -> Lakehouse:
        """The town's lake."""
        return Lakehouse(self.settings)

    @cached_property
    def lake(self) -> DuckDBPyConnection:
        """A connection that only reads; it sees the newest snapshot."""
        return self.lakehouse.connect(read_only=True)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a query on the lake answers."""
        return self.lake.execute(sql, list(parameters)).fetchall()

    def records(self, sql: str) -> list[Row]:
        """The same by column."""
        return list(self.lake.execute(sql).to_arrow_table().to_pylist())

    def pseudonym(self, domain: str, value: str) -> str:
        """Under which name the lake knows an identifier."""
        found = Pseudonyms(self.house().keys).of(domain, value)
        assert found is not None
        return found

    @property
    def edition(self) -> Path:
        """The newest edition."""
        # A second edition of the same day ends in -2; the newest one counts.
        manifest = max(self.settings.publications_dir.glob("*/manifest.json"))
        return manifest.parent

    @property
    def manifest(self) -> Row:
        """What was signed."""
        content: Row = json.loads((self.edition / "manifest.json").read_text("utf-8"))
        return content

    def published(self, table: str) -> list[dict[str, str]]:
        """Rows of a published CSV, as a reader outside finds them; missing values are empty."""
        text = (self.edition / "daten" / f"{table}.csv").read_text("utf-8")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def contents(self) -> dict[str, object]:
        """What all tables say, by name; of the provenance what does not name the run."""
        hashes: dict[str, object] = dict(self.lakehouse.content_hashes())
        if "release.provenance" in hashes:
            rows = self.records("SELECT * FROM release.provenance ORDER BY table_name")
            hashes["release.provenance"] = [
                {k: v for k, v in row.items() if k not in RUN_COLUMNS} for row in rows
            ]
        return hashes


def open_town(home: Path, cooperative: Path = SAMPLE, **settings: Any) -> Town:
    """A town in `home` on stores of the given settings."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Town(load_settings(home=home, cooperative=cooperative, **settings))


def undecided(folder: Path) -> Path:
    """The sample cooperative before its organs met: no approval, no resolution on the year."""
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("approvals"))
    (folder / "approvals").mkdir()
    path = folder / "fiscal_years" / "2025-26.yaml"
    year = yaml.safe_load(path.read_text("utf-8"))
    year["adopted"] = None
    year["refund"]["resolution"] = None
    year["refund"]["invoiced_on"] = None
    year["funds"] = []
    path.write_text(yaml.safe_dump(year, allow_unicode=True), encoding="utf-8")
    return folder


def file_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@dataclass(frozen=True)
class State:
    """Everything a run leaves behind that somebody may look at."""

    snapshot: int
    tables: dict[str, str]
    edition: dict[str, str]
    papers: dict[str, str]
    reports: dict[str, str]
    archive: dict[str, str]
    portal: dict[str, str]
    portal_was_built: bool


def state_of(town: Town) -> State:
    """The town's state at this moment."""
    settings = town.settings
    return State(
        snapshot=town.lakehouse.snapshot(),
        tables=town.lakehouse.content_hashes(),
        edition=file_hashes(settings.publications_dir),
        papers=file_hashes(settings.statements_dir),
        reports=file_hashes(settings.member_reports_dir),
        archive=file_hashes(Path(settings.archive)),
        portal=file_hashes(settings.portal_dir / "site"),
        portal_was_built=town.reports["portal"].rebuilt,
    )


@dataclass(frozen=True)
class Proposed:
    """A town after the first job, and what its tables said then."""

    town: Town
    contents: dict[str, object]


@dataclass(frozen=True)
class Commanded:
    """A town that went the whole way by typed commands, what they printed, and what its tables say."""

    town: Town
    said: str
    contents: dict[str, object]


def typed(*command: str, home: Path) -> str:
    """What a command prints on a home; fails with it where the command fails."""
    done = subprocess.run(
        command,
        cwd=PROJECT_ROOT,
        env=os.environ | {"ORTSKERN_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=1_200,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def commanded(home: Path) -> Commanded:
    """Simulate three months and run both jobs, as a person would."""
    town = open_town(home)
    ortskern = str(Path(sys.executable).with_name("ortskern"))
    said = typed(ortskern, "simulate", "--massstab", "0.02", "--monate", "3", home=home)
    said += typed(ortskern, "run", home=home)
    return Commanded(town, said, town.contents())


def money(text: str | None) -> Decimal:
    """A number as the truth and the CSVs write it."""
    return Decimal(text or "0")
