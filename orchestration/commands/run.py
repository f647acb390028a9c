# SPDX-License-Identifier: Apache-2.0
"""``ortskern run``: both jobs in this process, with progress and a summary.

Belongs here: the order of the two jobs and what a steward reads at the end. Does not belong here: any step.
"""

import json
import os
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rich.markup import escape

from foundation.clock import monotonic
from foundation.formats import number
from foundation.settings import load_settings
from orchestration.commands.simulate import fill_inbox, has_town
from orchestration.console import console, progress_voice
from orchestration.house import House, Voice, open_house
from orchestration.instance import environment, prepare_instance

# What a steward must know of a run is in its summary or in the sentence about its failure; all events are in Dagster's interface.
_UNHEARD = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_NO_CAPTURE = {
    "module": "dagster.core.storage.noop_compute_log_manager",
    "class": "NoOpComputeLogManager",
}
# The year's money concerns the members' papers alone, an experiment itself; what is public goes on without them.
OWN_BRANCH = {
    "distribution",
    "ledger__experiment",
    "experiments",
    "forecasting",
    "publication__order_sheets",
}
JOBS = {"vorschlag": ("propose",), "veroeffentlichen": ("publish",), None: ("propose", "publish")}


def run_all(only: str | None, scale: float | None) -> int:
    """Run; returns the exit code: 0 also when something is in quarantine or waits for approval, 1 when a step failed."""
    began = monotonic()
    house = open_house(load_settings())
    _ = house.cooperative, house.contracts
    keys = house.keys
    if keys.is_new:
        show_recovery_text(keys.recovery_text)
    console.print(f"[bold]{house.cooperative.name}[/bold], Stichtag {house.today:%d.%m.%Y}")
    if house.lakehouse.is_busy():
        console.print(
            "Ein anderer Lauf schreibt gerade in den Datenbestand; dieser wartet, bis er fertig ist."
        )
    with progress_voice() as voice:
        house.voice = voice
        if (
            has_town(house)
            and only != "veroeffentlichen"
            and (scale is not None or not _has_own_files(house))
        ):
            there = _town_there(house)
            fill_inbox(house, voice, scale or there.scale, there.seed, there.months)
        problem = run_jobs(house, JOBS[only], voice)
    if problem:
        console.print(f"\n[red]{escape(problem)}[/red]\nWas zu tun ist, sagt: ortskern doctor")
    if not problem or "edition" in house.reports:
        summarise(house, monotonic() - began)
    return 1 if problem else 0


def _has_own_files(house: House) -> bool:
    """Files in the inbox although no town was simulated: somebody's own data, which no simulation may join."""
    if (house.settings.town_dir / "manifest.json").is_file():
        return False
    return house.settings.inbox.is_dir() and any(
        p.is_file() for p in house.settings.inbox.rglob("*")
    )


@dataclass(frozen=True)
class _TownThere:
    """What a simulated town was made with; None is what the command would choose."""

    scale: float = 1.0
    seed: int | None = None
    months: int | None = None


def _town_there(house: House) -> _TownThere:
    """The town in the inbox, so that a run does not make another one than ``simulate`` made."""
    path = house.settings.town_dir / "manifest.json"
    if not path.is_file():
        return _TownThere()
    made = json.loads(path.read_text("utf-8"))
    return _TownThere(float(made["scale"]), int(made["seed"]), len(made["months"]))


def show_recovery_text(text: str) -> None:
    """Print the recovery text once, with what it is for."""
    console.rule("[bold]Wiederherstellungstext – nur jetzt zu sehen[/bold]")
    console.print(f"\n  {text}\n")
    console.print(
        "Bitte auf Papier schreiben und getrennt aufbewahren. Geht der Ordner „keys“ verloren, sind Register, Lieferungen und "
        "Unterschrift nur mit diesem Text und einer Sicherung des Ordners zurückzuholen."
    )
    console.rule()


@contextmanager
def _environment(house: House) -> Iterator[None]:
    """Dagster's folder and silence for the time of a run."""
    prepare_instance(house.settings)
    wanted = environment(house.settings)
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def run_jobs(house: House, names: tuple[str, ...], voice: Voice) -> str | None:
    """Run the jobs one after the other; None when all went well, else a German sentence about the first failure."""
    with _environment(house):
        voice("Werkzeuge laden", 0, 1)
        import dagster as dg
        from dagster._core.instance.ref import InstanceRef

        from orchestration.branches import failed_steps, sources_among
        from orchestration.definitions import build_definitions

        house.prepare()
        definitions = build_definitions(house)
        voice("Werkzeuge laden", 1, 1)
        # With Dagster's own capture of the output a terminal would no longer look like one, and progress be lost.
        reference = InstanceRef.from_dir(
            str(house.settings.dagster_home), overrides={"compute_logs": _NO_CAPTURE}
        )
        problem = None
        with dg.DagsterInstance.from_ref(reference) as instance:
            for name in names:
                result = _execute(definitions, name, house, instance)
                if not result.success:
                    problem = problem or _first_failure(result)
                    failed = failed_steps(result.all_events)
                    broken = sources_among(failed)
                    if broken:
                        rest = _execute_rest(definitions, name, house, instance, result)
                        failed |= failed_steps(rest.all_events)
                    if failed - broken - OWN_BRANCH:
                        return problem
    return problem


def _execute(
    definitions: Any,
    name: str,
    house: House,
    instance: Any,
    *,
    keys: list[Any] | None = None,
    more_tags: Mapping[str, str] | None = None,
) -> Any:
    """One job in this process, or those of its assets that ``keys`` names."""
    from orchestration.jobs import range_tags

    tags = dict(range_tags(house)) if name == "propose" else {}
    return definitions.resolve_job_def(name).execute_in_process(
        run_config=_UNHEARD,
        instance=instance,
        tags=tags | dict(more_tags or {}),
        asset_selection=keys,
        raise_on_error=False,
    )


def _execute_rest(definitions: Any, name: str, house: House, instance: Any, result: Any) -> Any:
    """What does not rest on the sources that failed."""
    from orchestration.branches import failed_steps, rest_of
    from orchestration.names import REST_OF

    done = {e.asset_key for e in result.all_events if e.is_step_materialization}
    wanted = definitions.resolve_job_def(name).asset_layer.executable_asset_keys
    graph = definitions.resolve_asset_graph()
    keys = rest_of(graph, wanted, failed_steps(result.all_events), done)
    return _execute(
        definitions,
        name,
        house,
        instance,
        keys=sorted(keys),
        more_tags={REST_OF: result.run_id},
    )


def _first_failure(result: Any) -> str:
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            cause = error.cause or error
            # Dagster writes the class of the error before its sentence
            sentence = re.sub(rf"^[\w.]*{cause.cls_name}: ", "", cause.message.strip())
            return f"Der Schritt „{event.step_key}“ ist gescheitert: {sentence}"
    return "Der Lauf ist gescheitert, bevor ein Schritt begann."


def summarise(house: House, seconds: float) -> None:
    """What came in, what did not, what was checked, what is published, where to look."""
    with house.lakehouse.connect(read_only=True) as con:
        landed = con.execute(
            """SELECT event, count(*) FROM (SELECT event FROM landing.delivery WHERE event <> 'duplicate'
            QUALIFY row_number() OVER (PARTITION BY delivery_sha256 ORDER BY event_no DESC) = 1) GROUP BY 1"""
        ).fetchall()
        events = dict(landed)
        lines = con.execute("SELECT count(*) FROM core.fct_receipt_line").fetchone() or (0,)
        receipts = con.execute("SELECT count(*) FROM core.fct_receipt").fetchone() or (0,)
    reports = house.reports
    faults: Any = reports.get("quarantine") or []
    console.print(f"\n[bold]Fertig nach {seconds:.0f} s.[/bold]")
    console.print(
        f"  Lieferungen     {number(events.get('loaded', 0))} geladen, {number(events.get('quarantined', 0))} in Quarantäne, "
        f"{number(events.get('refused', 0))} zurückgewiesen"
    )
    console.print(f"  Datenbestand    {number(receipts[0])} Belege mit {number(lines[0])} Zeilen")
    console.print(f"  Prüfungen       {checks_sentence(house)}")
    gates = [r for name, r in reports.items() if name.startswith("gate:")]
    if gates:
        gates = [r for r in gates if getattr(r, "state", "") != "wartet auf Freigabe"]
        published = sum(getattr(r, "published", 0) for r in gates)
        suppressed = sum(getattr(r, "suppressed", 0) for r in gates)
        console.print(
            f"  Veröffentlicht  {number(published)} Zahlen in {len(gates)} Tabellen, {number(suppressed)} unterdrückt"
        )
    statements: Any = reports.get("statements")
    if statements is not None:
        drafts = sum(i.is_draft for i in statements.issued)
        console.print(
            f"  Papiere         {number(len(statements.issued))}, davon {number(drafts)} Entwürfe, {len(statements.problems)} nicht ausgestellt"
        )
        for problem in statements.problems:
            console.print(f"                  [yellow]{problem.sentence}[/yellow]")
    member_reports: Any = reports.get("member_reports")
    if member_reports is not None:
        for sentence in member_reports.problems:
            console.print(f"                  [yellow]{sentence}[/yellow]")
    orders: Any = reports.get("orders")
    if orders is not None and orders.sheets:
        lines, with_quantity = orders.lines, orders.with_quantity
        console.print(
            f"  Bestellzettel   {number(len(orders.sheets))} Läden, {number(lines)} Artikel, davon {number(with_quantity)} mit Menge"
        )
    forecasts: Any = reports.get("forecasting")
    for problem in forecasts.problems if forecasts is not None else ():
        console.print(f"                  [yellow]{escape(problem)}[/yellow]")
    for fault in faults:
        heading = "Quarantäne     " if fault.severity == "block" else "Hinweis        "
        console.print(f"  [yellow]{heading}[/yellow] {fault.contract_id}: {escape(fault.example)}")
    open_tables: Any = reports.get("waiting") or []
    if open_tables:
        console.print(
            f"  [yellow]wartet auf Freigabe:[/yellow] {', '.join(open_tables)} (ortskern approve)"
        )
    _where_to_look(house)


def checks_sentence(house: House) -> str:
    """Checks of models and suites in one line."""
    outcome: Any = house.reports.get("dbt")
    if outcome == "unverändert":
        models = "Modelle unverändert, nicht neu gebaut"
    elif isinstance(outcome, dict):
        passed, failed = (
            outcome.get("test:pass", 0),
            outcome.get("test:fail", 0) + outcome.get("test:warn", 0),
        )
        models = f"{number(passed)} Prüfungen der Modelle bestanden, {number(failed)} nicht"
    else:
        models = "Modelle nicht gebaut"
    suites = [
        s
        for name, r in house.reports.items()
        if name.startswith("load:")
        for s in getattr(r, "suite", [])
    ]
    broken = sum(not s.success for s in suites)
    return f"{models}; {number(len(suites) - broken)} Erwartungen an Lieferungen erfüllt, {number(broken)} verletzt"


def _where_to_look(house: House) -> None:
    reports = house.reports
    portal: Any = reports.get("portal")
    edition: Any = reports.get("edition")
    if portal is not None:
        console.print(f"\n  Portal          {portal.path / 'index.html'}")
    if reports.get("statements") is not None:
        console.print(f"  Abrechnungen    {house.settings.statements_dir}")
    if reports.get("member_reports") is not None:
        console.print(f"  Berichte        {house.settings.member_reports_dir}")
    orders: Any = reports.get("orders")
    if orders is not None and orders.sheets:
        console.print(f"  Bestellzettel   {house.settings.home / 'orders'}")
    if edition is not None:
        console.print(f"  Ausgabe         {edition.path}  (prüfen: ortskern verify)")
    console.print("  Weg der Daten   make ui, dann http://127.0.0.1:3000")
