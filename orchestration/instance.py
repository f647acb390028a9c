# SPDX-License-Identifier: Apache-2.0
"""Dagster's own folder: runs, events, schedules.

Belongs here: making ``DAGSTER_HOME`` and its ``dagster.yaml``, on SQLite or on the server that the settings name.
Does not belong here: assets or jobs.

``python -m orchestration.instance`` prepares the folder and prints it, for ``make ui``.
"""

import os
import sys
from pathlib import Path

import yaml

from foundation.settings import PROJECT_ROOT, Settings, load_settings

TEMPLATE = PROJECT_ROOT / "tools" / "dagster.yaml"
STORAGE_VARIABLE = "ORTSKERN_DAGSTER_STORAGE"


def prepare_instance(settings: Settings) -> Path:
    """Make ``DAGSTER_HOME``; a ``dagster.yaml`` that is there stays as it is. Returns the folder.

    The password of a server stays out of the file, which names the environment variable instead.
    """
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = home / "dagster.yaml"
    if not path.is_file():
        text = TEMPLATE.read_text("utf-8")
        if settings.dagster_storage:
            storage = {"storage": {"postgres": {"postgres_url": {"env": STORAGE_VARIABLE}}}}
            text += "\n# Runs and events on the server of the settings\n" + yaml.safe_dump(storage)
        path.write_text(text, "utf-8")
    return home


def environment(settings: Settings) -> dict[str, str]:
    """What Dagster's processes must find in their environment."""
    found = {
        "DAGSTER_HOME": str(settings.dagster_home),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "DO_NOT_TRACK": "1",
    }
    if settings.dagster_storage:
        # SQLAlchemy 2.1 takes psycopg 3 for a plain postgresql://, which dagster-postgres does not use.
        url = settings.dagster_storage.replace("postgresql://", "postgresql+psycopg2://", 1)
        found[STORAGE_VARIABLE] = url
    return found


if __name__ == "__main__":
    chosen = load_settings()
    os.environ.update(environment(chosen))
    sys.stdout.write(f"{prepare_instance(chosen)}\n")
