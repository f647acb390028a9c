# SPDX-License-Identifier: Apache-2.0
"""One dbt run as a step shows it: its lines in a file, its progress as a voice, its failure as a sentence.

Belongs here: what happens while dbt runs. Does not belong here: what is run (``assets/models.py``).
"""

import contextlib
import io
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from dagster_dbt import DbtCliInvocation
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from foundation.errors import OrtskernError
from orchestration.house import House, silent

STEP = "Modelle bauen"
_NUMBERED = re.compile(r"^\s*(?:[\d:.]+\s+)?(\d+) of (\d+) (?!START)")


class _Log(io.TextIOBase):
    """Takes dbt's lines in place of the terminal and counts what is done."""

    def __init__(self, file: TextIO, terminal: TextIO) -> None:
        self._file = file
        # rich looks for this name, so that a progress bar still goes to the terminal.
        self.rich_proxied_file = getattr(terminal, "rich_proxied_file", terminal)
        self.done, self.total = 0, 1

    def write(self, text: str) -> int:
        """Keep a line and read its number."""
        found = _NUMBERED.match(text)
        if found:
            self.done, self.total = int(found[1]), int(found[2])
        return self._file.write(text)

    def flush(self) -> None:
        """Write the file through, for whoever follows it."""
        self._file.flush()


def events(house: House, run: DbtCliInvocation) -> Iterator[Any]:
    """Dagster's events of a dbt run.

    Whoever hears the progress does not see dbt's lines; they stand in ``dbt/logs/console.log``. Without a listener they go where
    they always go, which is Dagster's log of the step.

    Raises:
        OrtskernError: a model could not be built or a test failed; the sentence names the first.
    """
    heard = house.voice is not silent
    stream = _quiet(house, run) if heard else run.stream()
    try:
        yield from stream
    except DagsterDbtCliRuntimeError as error:
        raise OrtskernError(failure(run.target_path, house.settings.dbt_dir / "logs")) from error


def _quiet(house: House, run: DbtCliInvocation) -> Iterator[Any]:
    path = house.settings.dbt_dir / "logs" / "console.log"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    house.voice(STEP, 0, 1)
    with path.open("w", encoding="utf-8") as file:
        log = _Log(file, sys.stdout)
        stream = iter(run.stream())
        while True:
            # Only while dbt speaks: between two events Dagster and the voice have the terminal.
            with contextlib.redirect_stdout(log):
                event = next(stream, None)
            if event is None:
                break
            house.voice(STEP, min(log.done, log.total - 1), log.total)
            yield event
    house.voice(STEP, log.total, log.total)


def failure(target: Path, logs: Path) -> str:
    """What went wrong, in one German sentence, from dbt's own results."""
    for result in results(target):
        status, name = str(result["status"]), str(result["unique_id"]).split(".")[2]
        if status == "fail":
            return (
                f"Prüfung „{name}“ der Modelle: gefunden {result['failures']} Zeilen, die ihr widersprechen, erwartet keine; "
                f"was sie prüft und wer hilft, steht in der Beschreibung der Prüfung, dbts Ausgabe in „{logs}“."
            )
        if status == "error":
            said = " ".join(str(result["message"]).split())
            return f"Modell „{name}“ ist nicht zu bauen ({said}); dbts Ausgabe steht in „{logs}“."
    return f"dbt ist gescheitert, bevor ein Modell gebaut war; seine Ausgabe steht in „{logs}“."


def results(target: Path) -> list[Mapping[str, Any]]:
    """Results of the newest run by node; empty where there are none."""
    path = target / "run_results.json"
    if not path.is_file():
        return []
    return list(json.loads(path.read_text("utf-8"))["results"])
