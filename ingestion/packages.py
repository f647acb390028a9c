# SPDX-License-Identifier: Apache-2.0
"""One package of deliveries on its way from text to rows for `raw`: checked, typed, replaced.

Belongs here: putting deliveries together, running the contract's rules and its Great Expectations
suite, leaving out what they refuse and what the contract drops, pseudonyms. Does not belong here:
what a rule means (`quality`), storing rows (`raw.py`), deciding about whole deliveries before they
are put together (`admission.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from duckdb import DuckDBPyConnection

from foundation.contracts import Contract, ContractObject
from foundation.errors import ContractError, Finding
from foundation.lakehouse import engine
from ingestion.adapter import ROW_NUMBER, Parsed
from ingestion.landing import Delivery
from ingestion.pseudonyms import Pseudonyms
from ingestion.quarantine import Entry, Unit, from_rules
from quality import expectations, rules
from quality.types import dialect_of

SHA = "_landing_sha256"
_KEY = f"{SHA}, {ROW_NUMBER}"
# Delivery to object to the places of its rows (`Parsed.places`).
Places = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class SuiteResult:
    """One expectation of the suite on a batch of a package."""

    table: str
    expectation: str
    column: str | None
    success: bool
    unexpected: int
    checked_rows: int


@dataclass
class Outcome:
    """What became of a package.

    `tables` are rows for `raw`, `identities` the same rows as text with the fields of the
    register; `refused` are deliveries left out whole, `left_out` counts rows left out of the
    others, `violations` counts rows by rule.
    """

    tables: dict[str, pa.Table] = field(default_factory=dict)
    identities: dict[str, pa.Table] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    left_out: Counter[str] = field(default_factory=Counter)
    violations: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    suite: list[SuiteResult] = field(default_factory=list)
    loaded_rows: Counter[str] = field(default_factory=Counter)


def text_tables(
    contract: Contract, parsed: Sequence[tuple[Delivery, Parsed]]
) -> dict[str, pa.Table]:
    """The deliveries' tables put together, one per object, with `_landing_sha256`."""
    tables = {}
    for obj in contract.objects:
        parts = [(d.sha256, p.tables[obj.name]) for d, p in parsed if obj.name in p.tables]
        names = [f.name for f in obj.fields if f.handling != "drop"]
        schema = pa.schema([*((n, pa.string()) for n in names), (ROW_NUMBER, pa.int64())])
        texts = [t.select(schema.names).cast(schema) for _, t in parts] or [schema.empty_table()]
        whole = pa.concat_tables(texts)
        columns = {name: _compact(whole[name]) for name in names}
        columns[ROW_NUMBER] = whole[ROW_NUMBER].combine_chunks()
        which = np.repeat(np.arange(len(parts), dtype=np.int32), [len(t) for _, t in parts])
        shas = pa.array([s for s, _ in parts], pa.string())
        columns[SHA] = pa.DictionaryArray.from_arrays(pa.array(which), shas)
        tables[obj.name] = pa.table(columns)
    return tables


def _compact(column: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    # Most columns of a till repeat few values; DuckDB then works on those few, in half the time.
    encoded = pc.dictionary_encode(column).combine_chunks()
    repeats = isinstance(encoded, pa.DictionaryArray) and 4 * len(encoded.dictionary) < len(encoded)
    return encoded if repeats else column.combine_chunks()


def process(
    contract: Contract,
    texts: Mapping[str, pa.Table],
    deliveries: Sequence[Delivery],
    pseudonyms: Pseudonyms,
    *,
    with_suite: bool,
    with_identities: bool,
    places: Places | None = None,
) -> Outcome:
    """Check a package (`text_tables`) and make rows for `raw` of what passes."""
    outcome = Outcome()
    by_sha = {d.sha256: d for d in deliveries}
    with engine() as con:
        for name, table in texts.items():
            con.register(name, table)
        reports = _check(con, contract, by_sha, outcome, places or {})
        _leave_out(con, contract, reports, outcome)
        if with_suite:
            _run_suite(con, contract, outcome, by_sha)
        for obj in contract.objects:
            typed = con.execute(_select(obj)).to_arrow_table()
            if with_identities:
                outcome.identities[obj.name] = con.execute(
                    f"SELECT t.* FROM {obj.name} t SEMI JOIN {obj.name}__typed USING ({_KEY})"
                ).to_arrow_table()
            outcome.tables[obj.name] = replace_identifiers(contract, obj, typed, pseudonyms)
            for sha, count in con.execute(
                f"SELECT {SHA}, count(*) FROM {obj.name}__typed GROUP BY 1"
            ).fetchall():
                outcome.loaded_rows[str(sha)] += int(count)
            con.execute(f"DROP TABLE {obj.name}__typed")
    return outcome


def replace_identifiers(
    contract: Contract, obj: ContractObject, table: pa.Table, pseudonyms: Pseudonyms
) -> pa.Table:
    """Pseudonyms in place of identifiers.

    A field of the domain `receipt` is unique only within its till and closing: the contract's
    option `receiptParts` names the fields that stand before it.
    """
    parts = [str(p) for p in contract.options.get("receiptParts") or []]
    replaced = {}
    for f in obj.raw_fields:
        if f.handling != "pseudonym" or f.pseudonym_domain is None:
            continue
        if f.pseudonym_domain == "receipt" and parts:
            columns = [table[p] for p in parts]
            replaced[f.name] = pseudonyms.composed("receipt", [*columns, table[f.name]])
        else:
            replaced[f.name] = pseudonyms.column(f.pseudonym_domain, table[f.name])
    for name, column in replaced.items():
        table = table.set_column(table.column_names.index(name), name, column)
    return table


def _select(obj: ContractObject) -> str:
    columns = ", ".join(f'"{f.name}"' for f in obj.raw_fields)
    return f"SELECT {_KEY}, {columns} FROM {obj.name}__typed"


def _check(
    con: DuckDBPyConnection,
    contract: Contract,
    deliveries: Mapping[str, Delivery],
    outcome: Outcome,
    places: Places,
) -> dict[str, rules.RuleReport]:
    dialect = dialect_of(contract)
    views = {obj.name: obj.name for obj in contract.objects}
    for obj in contract.objects:
        # Rules across tables look at the typed tables of the others, so all exist first.
        rules.typed_table(con, obj, obj.name, dialect)
    reports = {}
    # Where rows are judged one by one, what the contract drops is never judged: nobody's refusal is a fault, or quoted as one.
    drops = _drops(contract) if contract.quarantine_unit == "row" else {}
    for obj in contract.objects:
        report = rules.check(con, obj, obj.name, views, dialect, drops.get(obj.name))
        reports[obj.name] = report
        outcome.entries += from_rules(
            report,
            deliveries,
            obj.physical_name,
            contract.quarantine_unit,
            {sha: of[obj.name] for sha, of in places.items() if obj.name in of},
        )
        for rule, severity, count in con.execute(
            f"SELECT rule, severity, count(*) FROM {report.bad_rows} GROUP BY ALL"
        ).fetchall():
            outcome.violations[obj.name, str(rule), str(severity)] += int(count)
    return reports


def _leave_out(
    con: DuckDBPyConnection,
    contract: Contract,
    reports: Mapping[str, rules.RuleReport],
    outcome: Outcome,
) -> None:
    """Delete from the typed tables what is refused, then what the contract drops (a till's sums need all rows until here)."""
    for report in reports.values():
        blocked = f"SELECT DISTINCT {_KEY} FROM {report.bad_rows} WHERE severity = 'block'"
        if contract.quarantine_unit == "delivery":
            rows = con.execute(f"SELECT DISTINCT {SHA} FROM ({blocked})").fetchall()
            outcome.refused |= {str(r[0]) for r in rows}
        else:
            rows = con.execute(f"SELECT {SHA}, count(*) FROM ({blocked}) GROUP BY 1").fetchall()
            outcome.left_out.update({str(sha): int(count) for sha, count in rows})
            con.execute(f"DELETE FROM {report.typed} WHERE ({_KEY}) IN ({blocked})")
    _delete_deliveries(con, contract, outcome.refused)
    drops = _drops(contract) if contract.quarantine_unit == "delivery" else {}
    # All conditions are evaluated before the first row goes: they look at each other's tables.
    for name, predicate in drops.items():
        con.execute(
            f"CREATE TEMP TABLE {name}__drop AS SELECT {_KEY} FROM {name}__typed AS {name} "
            f"WHERE {predicate}"
        )
    for name in drops:
        con.execute(
            f"DELETE FROM {name}__typed WHERE ({_KEY}) IN (SELECT {_KEY} FROM {name}__drop)"
        )


def _drops(contract: Contract) -> dict[str, str]:
    """Table to the condition of the rows that the contract drops."""
    found: Mapping[str, str] = contract.options.get("dropRows") or {}
    return {name: _resolved(contract, str(condition)) for name, condition in found.items()}


def _delete_deliveries(con: DuckDBPyConnection, contract: Contract, refused: set[str]) -> None:
    if refused:
        for obj in contract.objects:
            con.execute(
                f"DELETE FROM {obj.name}__typed WHERE list_contains(?, {SHA})", [sorted(refused)]
            )


def _resolved(contract: Contract, condition: str) -> str:
    def table(match: re.Match[str]) -> str:
        if match.group(1) not in {obj.name for obj in contract.objects}:
            raise ContractError(
                f"Vertrag {contract.id}, dropRows: gefunden {match.group(0)}, erwartet eine "
                "Tabelle des Vertrags; Vertrag berichtigen."
            )
        return f"{match.group(1)}__typed"

    return re.sub(r"\{(\w+)\}", table, condition)


def _run_suite(
    con: DuckDBPyConnection,
    contract: Contract,
    outcome: Outcome,
    deliveries: Mapping[str, Delivery],
) -> None:
    """The suite on an even sample of what is about to be loaded; what it refuses stays out too."""
    for obj in contract.objects:
        row = con.execute(f"SELECT count(*) FROM {obj.name}__typed").fetchone()
        count = int(row[0]) if row else 0
        if not count:
            continue
        step = -(-count // expectations.BATCH_ROWS)
        frame = con.execute(
            f"SELECT * EXCLUDE (_failed) FROM {obj.name}__typed "
            f"QUALIFY (row_number() OVER (ORDER BY {_KEY}) - 1) % {step} = 0 ORDER BY {_KEY}"
        ).df()
        keys = frame[[SHA, ROW_NUMBER]]
        report = expectations.validate(obj, frame.drop(columns=[SHA, ROW_NUMBER]))
        failing: set[int] = set()
        for result in report.results:
            outcome.suite.append(
                SuiteResult(
                    obj.name,
                    result.expectation,
                    result.column,
                    result.success,
                    max(result.unexpected, 0),
                    report.checked_rows,
                )
            )
            if not result.success and not _only_warns(obj, result.column):
                failing |= set(result.rows)
                outcome.violations[obj.name, result.expectation, "block"] += len(result.rows)
        for position in sorted(failing):
            sha, number = str(keys.iat[position, 0]), int(str(keys.iat[position, 1]))
            outcome.entries.append(
                _suite_entry(deliveries[sha], obj, number, contract.quarantine_unit)
            )
            if contract.quarantine_unit == "delivery":
                outcome.refused.add(sha)
            else:
                outcome.left_out[sha] += 1
                con.execute(
                    f"DELETE FROM {obj.name}__typed WHERE {SHA} = ? AND {ROW_NUMBER} = ?",
                    [sha, number],
                )
    _delete_deliveries(con, contract, outcome.refused)


def _only_warns(obj: ContractObject, column: str | None) -> bool:
    return column is not None and obj.field(column).severity == "warn"


def _suite_entry(delivery: Delivery, obj: ContractObject, row: int, unit: Unit) -> Entry:
    finding = Finding(
        file=delivery.file_name,
        row=row,
        field=None,
        found="eine Zeile, die die Prüfreihe nicht besteht",
        expected=f"was der Vertrag von {obj.name} verlangt",
        remedy="beim Absender berichtigen und neu einliefern",
        rule="pruefreihe",
    )
    return Entry(delivery, finding, unit)
