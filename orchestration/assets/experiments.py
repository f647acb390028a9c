# SPDX-License-Identifier: Apache-2.0
"""Group ``experiments``: registrations into the ledger, evaluations into ``marts``.

Belongs here: which experiments are evaluated when, and what is handed to whom. Does not belong here: the
plan and its evaluation (``analysis/experiments``), what may leave (``quality/disclosure/trials``).

A result that may leave is computed once and kept as it is: computed again after a late delivery or a withdrawn consent it
would differ by just that shop, whose weeks anybody could then read off two editions; and a test that is repeated until it
says something says nothing. The rules of disclosure are those of the day of the result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import dagster as dg
import pandas as pd
import pyarrow as pa
from duckdb import DuckDBPyConnection

from analysis.experiments.evaluate import (
    Evaluation,
    estimate_rows,
    evaluate,
    is_over,
    summary_row,
    week_rows,
)
from analysis.experiments.panel import NotEvaluable
from analysis.experiments.registry import (
    Entry,
    Registration,
    load_entries,
    load_registrations,
    registered,
)
from foundation import ledger
from foundation.errors import OrtskernError
from orchestration.house import House
from orchestration.names import STEWARD, WRITER_POOL, migrated_columns
from quality.disclosure.store import replace
from quality.disclosure.trials import Passage, passage

REGISTRATION = dg.AssetKey(["ledger", "experiment"])
BLOCK_WEEK, EVENT = dg.AssetKey(["marts", "fct_block_week"]), dg.AssetKey(["core", "fct_event_day"])
RESULTS = {
    "fct_experiment_estimate": "Auswertungen von Versuchen, intern. One row per experiment and method.",
    "ind_experiment": "Versuche, deren Ergebnis hinausdarf. One row per experiment.",
    "ind_experiment_week": "Wochenkurven dieser Versuche. One row per experiment and week.",
}
Rows = list[dict[str, Any]]


def experiment_assets() -> list[dg.AssetsDefinition]:
    """Registrations, then evaluations."""

    @dg.asset(
        key=REGISTRATION,
        group_name="experiments",
        owners=[STEWARD],
        kinds={"yaml", "duckdb"},
        pool=WRITER_POOL,
        description="Anmeldungen von Versuchen aus cooperative/experiments/registrations, nur anfügend. One row per experiment and version.",
    )
    def ledger_experiment(house: dg.ResourceParam[House]) -> dg.MaterializeResult[Any]:
        with house.lakehouse.writer() as con:
            new = ledger.append(con, "experiment", registration_rows(house), as_of=house.as_of)
            rows = ledger.verify_chain(con, ["experiment"])["experiment"]
        return dg.MaterializeResult(metadata={"neu gebucht": new, "dagster/row_count": rows})

    specs = [
        dg.AssetSpec(
            ["marts", table],
            deps=[BLOCK_WEEK, EVENT, REGISTRATION],
            group_name="experiments",
            owners=[STEWARD],
            kinds={"python", "duckdb"},
            description=text,
            metadata={"dagster/column_schema": migrated_columns("marts", table)},
        )
        for table, text in RESULTS.items()
    ]

    @dg.multi_asset(name="experiments", specs=specs, pool=WRITER_POOL)
    def experiments(house: dg.ResourceParam[House]) -> Any:
        with house.lakehouse.writer() as con:
            outcome = evaluations(house, con)
            counts = write_results(house, con, outcome)
            notes = dict(
                con.execute(
                    "SELECT experiment_id, verdict || ' ' || limits FROM lake.marts.ind_experiment ORDER BY 1"
                ).fetchall()
            )
        house.reports["experiments"] = outcome.found
        if outcome.problems:
            raise OrtskernError(" ".join(outcome.problems))
        for table in RESULTS:
            yield dg.MaterializeResult(
                asset_key=["marts", table],
                metadata={
                    "dagster/row_count": counts[table],
                    "Ergebnisse": dg.JsonMetadataValue(notes),
                    "nicht auswertbar": dg.JsonMetadataValue(outcome.unripe),
                },
            )

    return [ledger_experiment, experiments]


def registration_rows(house: House) -> Rows:
    """Every registration as a booking."""
    return [
        {"experiment_id": experiment_id, **record.model_dump()}
        for experiment_id, records in load_registrations(house.settings.cooperative).items()
        for record in records
    ]


@dataclass
class Outcome:
    """Fresh evaluations, ids whose published result stays, sentences about what is wrong and about what deliveries do not carry."""

    found: list[Evaluation] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unripe: list[str] = field(default_factory=list)


def evaluations(house: House, con: DuckDBPyConnection) -> Outcome:
    """Evaluations of all registered experiments that are over and have no published result of this wording yet."""
    entries = load_entries(house.settings.cooperative)
    records = load_registrations(house.settings.cooperative)
    outcome = Outcome()
    standing = {
        (str(name), str(sha))
        for name, sha in con.execute(
            "SELECT experiment_id, registration_sha256 FROM lake.marts.ind_experiment"
        ).fetchall()
    }
    for (missing,) in con.execute(
        "SELECT DISTINCT experiment_id FROM lake.ledger.experiment ORDER BY 1"
    ).fetchall():
        if missing not in entries:
            outcome.problems.append(
                f"Versuch „{missing}“: steht im Buch der Anmeldungen, aber experiments/{missing}.yaml fehlt; die Datei "
                "zurückholen, denn kein Ergebnis darf verschwinden."
            )
            outcome.kept += [missing] if missing in {name for name, _ in standing} else []
    due = [e for e in entries.values() if e.id in records and is_over(e, house.today)]
    if not due:
        return outcome
    weeks, events = block_weeks(con), event_days(con)
    for entry in due:
        try:
            own, booked_on = booked(con, entry, records)
            if (entry.id, registered(entry, own).entry_sha256) in standing:
                outcome.kept.append(entry.id)
                continue
            outcome.found.append(evaluate(entry, own, weeks, events, booked_on=booked_on))
        except NotEvaluable as error:
            # Few deliveries are no fault: there is no result, and the page says nothing of it.
            outcome.unripe.append(str(error))
        except OrtskernError as error:
            outcome.problems.append(str(error))
    return outcome


def booked(
    con: DuckDBPyConnection, entry: Entry, records: Mapping[str, Sequence[Registration]]
) -> tuple[tuple[Registration, ...], date | None]:
    """The experiment's registrations, and the day of the first booking. Raises OrtskernError when the ledger holds others."""
    standing = con.execute(
        "SELECT version, registered_on, entry_sha256, organ, minutes, first_day FROM lake.ledger.experiment WHERE experiment_id = ? ORDER BY version",
        [entry.id],
    ).fetchall()
    own = records[entry.id]
    if standing != [tuple(r.model_dump().values()) for r in own]:
        raise OrtskernError(
            f"Versuch „{entry.title}“: die Anmeldung in registrations/{entry.id}.yaml ist nicht die im Buch; "
            "die Datei zurücksetzen, das Buch ändert sich nie."
        )
    first = con.execute(
        "SELECT min(recorded_at)::DATE FROM lake.ledger.experiment WHERE experiment_id = ?",
        [entry.id],
    ).fetchone()
    return tuple(own), first[0] if first else None


def block_weeks(con: DuckDBPyConnection) -> pd.DataFrame:
    """Receipts per block, week, owner and trade, in a fixed order."""
    found: pd.DataFrame = (
        con.execute(
            """SELECT block_id, week_start_date, owner_id, trade_id, receipt_count
            FROM lake.marts.fct_block_week ORDER BY ALL"""
        )
        .to_arrow_table()
        .to_pandas()
    )
    return found


def event_days(con: DuckDBPyConnection) -> pd.DataFrame:
    """Events and road works per day, in a fixed order."""
    found: pd.DataFrame = (
        con.execute(
            """SELECT event_kind, day_date, quarter_id, block_id, title
            FROM lake.core.fct_event_day ORDER BY ALL"""
        )
        .to_arrow_table()
        .to_pandas()
    )
    return found


def passage_of(house: House, found: Evaluation) -> Passage:
    """Whether the result may leave."""
    curves = {
        name: {str(owner): list(row) for owner, row in zip(f.index, f.to_numpy(), strict=True)}
        for name, f in found.influence.items()
    }
    return passage(
        curves,
        house.cooperative.disclosure,
        last_day=found.entry.test.last_day,
        on=house.today,
    )


def write_results(house: House, con: DuckDBPyConnection, outcome: Outcome) -> dict[str, int]:
    """Write all three tables as they must be, each only if it differs; rows per table."""
    tables: dict[str, Rows] = {
        table: con.execute(
            f"SELECT * FROM lake.marts.{table} WHERE list_contains(?, experiment_id)",
            [outcome.kept],
        )
        .to_arrow_table()
        .to_pylist()
        for table in RESULTS
    }
    for evaluation in outcome.found:
        passed = passage_of(house, evaluation)
        tables["fct_experiment_estimate"] += [
            {**row, "withheld_reason": passed.reason} for row in estimate_rows(evaluation)
        ]
        if not passed.is_open:
            continue
        tables["ind_experiment"].append(summary_row(evaluation))
        tables["ind_experiment_week"] += [
            row if is_open else {**row, "treated_index": None, "synthetic_index": None}
            for row, is_open in zip(week_rows(evaluation), passed.weeks, strict=True)
        ]
    for table, rows in tables.items():
        schema = con.execute(f"SELECT * FROM lake.marts.{table} LIMIT 0").to_arrow_table().schema
        replace(con, "marts", table, pa.Table.from_pylist(rows, schema=schema))
    return {table: len(rows) for table, rows in tables.items()}
