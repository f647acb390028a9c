# SPDX-License-Identifier: Apache-2.0
"""How the command line speaks: progress while something runs, tables and sentences afterwards.

Belongs here: the console and the progress display. Does not belong here: what is said.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from foundation.clock import monotonic

# Where no terminal says how wide it is, long sentences must not be cut at 80 characters.
console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)


class ProgressVoice:
    """Shows each step with a bar on a terminal; elsewhere one line when it begins and one when it is done."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}
        self._began: dict[str, float] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        """``done`` of ``total`` in ``step``."""
        if self._progress is not None:
            if step not in self._tasks:
                self._tasks[step] = self._progress.add_task(step, total=max(total, 1))
            self._progress.update(self._tasks[step], completed=done, total=max(total, 1))
            if done >= total:
                self._progress.stop_task(self._tasks[step])
            return
        if step not in self._began:
            self._began[step] = monotonic()
            print(f"  {step} …", flush=True)
        if done >= total:
            seconds = monotonic() - self._began.pop(step)
            if seconds >= 0.5:
                print(f"  {step}: fertig nach {seconds:.0f} s", flush=True)


@contextmanager
def progress_voice() -> Iterator[ProgressVoice]:
    """A voice for the time of a command."""
    if not sys.stdout.isatty():
        yield ProgressVoice(None)
        return
    columns = (
        TextColumn("  {task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        yield ProgressVoice(progress)
