# SPDX-License-Identifier: Apache-2.0
"""How fast the main job is on this machine, and how much memory it takes.

Belongs here: running both jobs as ``ortskern run`` does, in a fresh folder, and reading the clock, Dagster's step times and the
processes' memory. Does not belong here: limits (the tests have them) and the jobs themselves.

`python -m tests.bench [--scale 1.0]` (`make bench`).
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import psutil

from foundation.clock import monotonic
from foundation.formats import number
from foundation.settings import Settings, load_settings
from orchestration.commands.run import run_jobs
from orchestration.commands.simulate import fill_inbox
from orchestration.house import House, open_house
from orchestration.instance import environment

TOOLS = ("duckdb", "dlt", "dbt-core", "dagster", "great-expectations", "typst")
SAMPLE_SECONDS = 0.2
GIB = 1024**3


@dataclass
class Memory:
    """Peak resident memory in bytes: this process with its children, and the portal's Node build apart."""

    peak: int = 0
    node: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Sample until told to stop."""
        while not self._stop.wait(SAMPLE_SECONDS):
            own, node = 0, 0
            me = psutil.Process()
            for process in (me, *me.children(recursive=True)):
                try:
                    size, name = process.memory_info().rss, Path(process.exe()).name
                except (psutil.NoSuchProcess, psutil.ZombieProcess, psutil.AccessDenied):
                    continue
                if name in ("node", "esbuild"):
                    node += size
                else:
                    own += size
            self.peak, self.node = max(self.peak, own), max(self.node, node)

    @contextmanager
    def watched(self) -> Iterator["Memory"]:
        """Sample while the block runs."""
        thread = threading.Thread(target=self.watch, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            thread.join()


@dataclass(frozen=True)
class Phase:
    """One line of the table: what, how long, how many of what."""

    name: str
    seconds: float
    count: int | None = None
    unit: str = ""

    def line(self) -> str:
        """The line, with a rate where something was counted."""
        text = f"  {self.name:<26}{number(self.seconds, 1):>9} s"
        if self.count is None:
            return text
        rate = number(self.count / self.seconds) if self.seconds else "–"
        return f"{text}{number(self.count):>13} {self.unit:<17}{rate:>11} je s"


def step_seconds(settings: Settings) -> dict[str, float]:
    """Seconds by step of the newest run of each job, from Dagster's own records."""
    import dagster as dg

    os.environ.update(environment(settings))
    seconds: dict[str, float] = {}
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        for record in reversed(instance.get_run_records(limit=2)):
            for step in instance.get_run_step_stats(record.dagster_run.run_id):
                if step.start_time is not None and step.end_time is not None:
                    seconds[step.step_key] = step.end_time - step.start_time
    return seconds


def counts(house: House) -> Mapping[str, int]:
    """Delivered receipt lines, loaded raw rows, fact rows, published figures."""
    with house.lakehouse.connect(read_only=True) as con:
        facts = [
            row[0]
            for row in con.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_catalog = 'lake' "
                "AND table_schema = 'core' AND table_name LIKE 'fct\\_%' ESCAPE '\\'"
            ).fetchall()
        ]
        rows = {
            name: int((con.execute(f"SELECT count(*) FROM {name}").fetchone() or (0,))[0])
            for name in (f"core.{fact}" for fact in facts)
        }
    reports = house.reports
    return {
        "lines": json.loads((house.settings.town_dir / "manifest.json").read_text("utf-8"))[
            "lines"
        ],
        "raw": sum(
            sum(getattr(r, "rows", {}).values())
            for name, r in reports.items()
            if name.startswith("load:")
        ),
        "facts": sum(rows.values()),
        "figures": sum(
            getattr(r, "published", 0) for name, r in reports.items() if name.startswith("gate:")
        ),
        "papers": len(getattr(reports.get("statements"), "issued", [])),
    }


def once(settings: Settings) -> tuple[House, float]:
    """Both jobs, as the command line runs them; the house with its reports, and the seconds."""
    began = monotonic()
    house = open_house(settings, lambda step, done, total: None)
    problem = run_jobs(house, ("propose", "publish"), house.voice)
    if problem:
        raise SystemExit(problem)
    return house, monotonic() - began


def measure(settings: Settings, scale: float) -> tuple[list[Phase], Memory]:
    """Simulate, run, run again; the phases in order."""
    with Memory().watched() as memory:
        began = monotonic()
        fill_inbox(open_house(settings), lambda step, done, total: None, scale)
        generate = monotonic() - began
        house, first = once(settings)
        steps, n = step_seconds(settings), counts(house)
        _, second = once(settings)

    def seconds(*beginnings: str) -> float:
        return sum(s for key, s in steps.items() if key.startswith(beginnings))

    publish = seconds("release__", "publication__", "ledger__usage")
    return [
        Phase("Lieferungen simulieren", generate, n["lines"], "Belegzeilen"),
        Phase("Annehmen und laden", seconds("landing__delivery", "raw_"), n["raw"], "Rohzeilen"),
        Phase("Modelle (dbt)", seconds("dbt_models"), n["facts"], "Faktenzeilen"),
        Phase("Verteilung, Bücher", seconds("distribution", "ledger__") - steps["ledger__usage"]),
        Phase("Veröffentlichen", publish, n["figures"], "Zahlen"),
        Phase("  davon Schranke", seconds("release__"), n["figures"], "Zahlen"),
        Phase("  davon Papiere", seconds("publication__statements"), n["papers"], "Papiere"),
        Phase("  davon Portal", seconds("publication__portal")),
        Phase("  davon Ausgabe", seconds("publication__edition")),
        Phase("Rahmen (Start, Dagster)", first - sum(steps.values())),
        Phase("Erster Lauf mit Simulation", generate + first),
        Phase("Zweiter Lauf", second),
    ], memory


def machine() -> str:
    """Cores, memory, load and versions, in two lines."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = psutil.virtual_memory().total / GIB
    busy = psutil.getloadavg()[0]
    tools = ", ".join(f"{name} {version(name)}" for name in TOOLS)
    return (
        f"  {cores} Kerne, {number(memory)} GiB Speicher, Last zu Beginn {number(busy, 1)}\n"
        f"  Python {platform.python_version()}, {tools}"
    )


def main() -> None:
    """Measure in a temporary folder and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0, help="size of the town, default 1.0")
    scale = parser.parse_args().scale
    say = sys.stdout.write
    say(f"Ortskern, Musterstadt im Maßstab {number(scale, 2)}\n{machine()}\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory(prefix="ortskern-bench-") as name:
        phases, memory = measure(load_settings(home=Path(name) / "home"), scale)
    say("\n".join(phase.line() for phase in phases) + "\n")
    say(
        f"  Speicher höchstens {number(memory.peak / GIB, 2)} GiB, der Bau des Portals (Node) dazu "
        f"{number(memory.node / GIB, 2)} GiB\n"
    )
    from tests import bench_forecasting

    say("\n".join(bench_forecasting.lines()) + "\n")


if __name__ == "__main__":
    main()
