# SPDX-License-Identifier: Apache-2.0
"""What every asset works with: one cooperative on one machine, opened once.

Belongs here: settings, lake, keys, contracts, the calendar and the voice that reports progress.
Does not belong here: any step of the pipeline.
"""

import hashlib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Protocol

from foundation import clock
from foundation.contracts import Contract, load_contracts
from foundation.cooperative import Cooperative, load_cooperative
from foundation.keys import Keys, open_keys
from foundation.lakehouse import Lakehouse
from foundation.migrations import migrate
from foundation.settings import PROJECT_ROOT, Settings, load_settings

MIGRATED = ("landing", "ledger", "marts", "release", "papers")
CODE = ("foundation", "quality", "ingestion", "analysis", "reports", "orchestration", "dbt_project")
_CODE_SUFFIXES = {
    ".py",
    ".sql",
    ".yml",
    ".yaml",
    ".typ",
    ".md",
    ".svelte",
    ".js",
    ".mjs",
    ".json",
    ".html",
    ".css",
}
_NOT_CODE = {"node_modules", "target", "logs", "__pycache__", ".svelte-kit", ".evidence", "build"}


class Voice(Protocol):
    """Whoever wants to hear how far a step has come."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """``done`` of ``total`` in ``step``."""


def silent(step: str, done: int, total: int) -> None:
    """A voice for those who do not listen."""


@dataclass
class House:
    """One cooperative, opened. Everything is read when first asked for."""

    settings: Settings
    voice: Voice = silent
    reports: dict[str, object] = field(default_factory=dict)

    @cached_property
    def lakehouse(self) -> Lakehouse:
        """The lake; ``prepare`` creates it."""
        return Lakehouse(self.settings)

    @cached_property
    def keys(self) -> Keys:
        """The keystore; made at the first run."""
        return open_keys(self.settings)

    @cached_property
    def cooperative(self) -> Cooperative:
        """``cooperative.yaml``."""
        return load_cooperative(self.settings.cooperative)

    @cached_property
    def contracts(self) -> dict[str, Contract]:
        """Contracts by id."""
        return load_contracts(self.settings.cooperative)

    @property
    def as_of(self) -> datetime:
        """The instant that counts as now."""
        return clock.as_of(self.settings)

    @property
    def today(self) -> date:
        """The local day of ``as_of``."""
        return clock.local_date(self.settings)

    def prepare(self) -> None:
        """Keys, lake, migrations: everything a step may rely on. Changes nothing the second time."""
        _ = self.keys
        self.lakehouse.create()
        with self.lakehouse.writer() as con:
            for schema in MIGRATED:
                migrate(con, schema)

    @cached_property
    def code_sha256(self) -> str:
        """Hash over the code of all rooms, so that an edition names its code even where there is no git."""
        digest = hashlib.sha256()
        for room in CODE:
            for path in sorted((PROJECT_ROOT / room).rglob("*")):
                if (
                    path.suffix in _CODE_SUFFIXES
                    and path.is_file()
                    and not _NOT_CODE & set(path.parts)
                ):
                    digest.update(
                        path.relative_to(PROJECT_ROOT).as_posix().encode()
                        + b"\0"
                        + path.read_bytes()
                    )
        return digest.hexdigest()

    @cached_property
    def code_revision(self) -> str:
        """The git revision, with ``+`` where files differ from it; else the beginning of ``code_sha256``."""
        revision = _git("rev-parse", "HEAD")
        if revision is None:
            return f"sha256:{self.code_sha256[:16]}"
        return revision + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(PROJECT_ROOT), *arguments],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def open_house(settings: Settings | None = None, voice: Voice = silent) -> House:
    """The house of these settings, or of the environment's."""
    return House(settings or load_settings(), voice)


@contextmanager
def step(house: House, name: str) -> Iterator[None]:
    """Say that a step begins and that it is done."""
    house.voice(name, 0, 1)
    yield
    house.voice(name, 1, 1)


def holidays_of(cooperative: Cooperative, first: date, last: date) -> dict[date, str]:
    """Public holidays of the cooperative's state between two days, both included, with names."""
    return _days_off(cooperative, first, last, "public")


def school_holidays_of(cooperative: Cooperative, first: date, last: date) -> dict[date, str]:
    """Days of school holidays of the cooperative's state, with the names of the holidays."""
    return _days_off(cooperative, first, last, "school")


def _days_off(cooperative: Cooperative, first: date, last: date, category: str) -> dict[date, str]:
    import holidays

    found = holidays.country_holidays(
        "DE",
        subdiv=cooperative.state,
        years=range(first.year, last.year + 1),
        categories=(category,),
        language="de",
    )
    return {day: name for day, name in sorted(found.items()) if first <= day <= last}


def yesterday(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)


def work_dir(house: House, name: str) -> Path:
    """A folder for intermediate files of a step, mode 0700."""
    path = house.settings.home / "work" / name
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
