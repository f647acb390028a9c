# SPDX-License-Identifier: Apache-2.0
"""What the gate writes beside tables of figures: composites, members' papers, provenance.

Belongs here: the checks that hold for these three. Does not belong here: how an index is computed
or what a statement says.

A composite (index, north star) is computed *inside* the gate's reach: the caller hands over a
function, and the function gets released rows and nothing else. A suppressed component therefore
cannot enter, and a table that is not approved looks empty to it.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

import pyarrow as pa
from duckdb import DuckDBPyConnection

from foundation.cooperative import DisclosureRules
from foundation.errors import GateError
from quality.disclosure import store
from quality.disclosure.approvals import Approval
from quality.disclosure.definitions import ReleaseDefinition
from quality.disclosure.frames import ARROW, PUBLISHED, Row, figure_code, to_arrow
from quality.disclosure.gate import GateReport, Proposal, make_report, write_if_approved
from quality.disclosure.rules import rules_for

Compute = Callable[[Mapping[str, list[Row]]], list[Row]]
PSEUDONYM = re.compile(r"[0-9a-f]{32}")
NOT_PARENTS = ("provenance", "_noise", "_migration")


def write_composite(
    con: DuckDBPyConnection,
    definition: ReleaseDefinition,
    compute: Compute,
    parents: Sequence[str],
    *,
    rules: DisclosureRules,
    approval: Approval | None,
    as_of: datetime | date,
    snapshot: int,
) -> GateReport:
    """Compute a composite from released tables and write it.

    Args:
        compute: gets parent table to its released rows (values None where suppressed, no rows
            where the table is not released); gives the composite's rows: dimensions, measures,
            status, reason. Figure codes are added here.
        parents: the tables it reads; must be those of the definition.

    Raises:
        GateError: parents are not the approved ones, or the rows contradict the definition.
    """
    on = as_of.date() if isinstance(as_of, datetime) else as_of
    rules_for(definition, rules)
    if definition.kind != "composite" or set(parents) != set(definition.parents):
        raise GateError(
            f"Tabelle „release.{definition.table}“: gefunden Quellen {sorted(parents)}, erwartet "
            f"{sorted(definition.parents)} aus der Definition; beide angleichen."
        )
    if bad := [p for p in parents if p in NOT_PARENTS or not store.columns_of(con, "release", p)]:
        raise GateError(
            f"Tabelle „release.{definition.table}“: {bad} sind keine veröffentlichten Tabellen; "
            "die Definition berichtigen."
        )
    released = {p: store.read_release(con, p) for p in parents}
    rows = complete_rows(definition, compute(released))
    frame = to_arrow(definition, rows)
    state, removed = write_if_approved(con, definition, frame, {}, approval, rules, on)
    return make_report(definition, rules, Proposal(rows), state, removed, snapshot=snapshot)


def complete_rows(definition: ReleaseDefinition, rows: Sequence[Row]) -> list[Row]:
    """A formula's rows with their figure codes, checked and in order."""
    completed = [_complete(definition, row) for row in rows]
    return sorted(completed, key=lambda r: [str(r[d.name]) for d in definition.dimensions])


def _complete(definition: ReleaseDefinition, row: Row) -> Row:
    given = set(row) | {"figure_code"}
    wanted = [name for name, _ in definition.columns]
    if given != set(wanted):
        raise GateError(
            f"Tabelle „release.{definition.table}“: gefunden Spalten {sorted(given)}, erwartet "
            f"{sorted(wanted)}; die Berechnung der Zusammensetzung angleichen."
        )
    code = figure_code(definition.table, [str(row[d.name]) for d in definition.dimensions])
    return {name: code if name == "figure_code" else row[name] for name in wanted}


def write_papers(
    con: DuckDBPyConnection,
    table: str,
    frame: pa.Table,
    member_column: str = "member_id",
    *,
    scope: Mapping[str, str] | None = None,
    comparisons: Mapping[str, tuple[str, str]] | None = None,
    owners: Mapping[str, Collection[str]] | None = None,
) -> bool:
    """Write rows of members' papers; True if anything changed.

    Args:
        table: table of schema ``papers``; ``frame`` has exactly its columns.
        member_column: pseudonym of the one member that a row belongs to.
        scope: column to value; only these rows are replaced (normally the fiscal year).
        comparisons: column of ``frame`` to (released table, value column): each value that is not
            null must be one that was released there.
        owners: member to the owners that are its own; other pseudonyms in a row are refused.

    Raises:
        GateError: a row belongs to nobody, names somebody else, lies outside ``scope``, or shows a
            comparison that was not released.
    """
    there = [name for name, _ in store.columns_of(con, "papers", table)]
    if not there or set(frame.column_names) != set(there) or member_column not in there:
        raise GateError(
            f"Tabelle „papers.{table}“: gefunden Spalten {frame.column_names}, erwartet {there}; "
            "Papier und Migration angleichen."
        )
    rows = frame.to_pylist()
    for number, row in enumerate(rows, start=1):
        _check_paper(table, number, row, member_column, scope or {}, owners or {})
    for column, (source, value) in (comparisons or {}).items():
        _check_comparison(con, table, rows, column, source, value)
    return store.replace(con, "papers", table, frame, scope=scope)


def _check_paper(
    table: str,
    number: int,
    row: Row,
    member_column: str,
    scope: Mapping[str, str],
    owners: Mapping[str, Collection[str]],
) -> None:
    place = f"Tabelle „papers.{table}“, Zeile {number}"
    member = row[member_column]
    if not isinstance(member, str) or not PSEUDONYM.fullmatch(member):
        raise GateError(
            f"{place}, Feld „{member_column}“: gefunden kein Pseudonym, erwartet genau ein "
            "Mitglied je Zeile; die Zusammenstellung der Papiere berichtigen."
        )
    if outside := [c for c, v in scope.items() if row.get(c) != v]:
        raise GateError(
            f"{place}, Feld „{outside[0]}“: gefunden ein anderer Wert als {scope[outside[0]]}; "
            "nur Zeilen dieses Umfangs übergeben."
        )
    allowed = {member, *owners.get(member, ())}
    for column, value in row.items():
        texts = value if isinstance(value, list) else [value]
        for text in texts:
            found = set(_pseudonyms(text)) - allowed
            if found:
                raise GateError(
                    f"{place}, Feld „{column}“: gefunden die Kennung eines anderen, erwartet nur "
                    "Angaben des eigenen Mitglieds; die Spalte entfernen."
                )


def _pseudonyms(value: object) -> list[str]:
    # Longer runs of hexadecimal digits are hashes of files, not pseudonyms.
    text = value if isinstance(value, str) else ""
    return re.findall(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", text)


def _check_comparison(
    con: DuckDBPyConnection, table: str, rows: Sequence[Row], column: str, source: str, value: str
) -> None:
    released = {
        r[value]
        for r in store.read_release(con, source)
        if r.get("status", PUBLISHED) == PUBLISHED and r[value] is not None
    }
    for number, row in enumerate(rows, start=1):
        if row[column] is not None and row[column] not in released:
            raise GateError(
                f"Tabelle „papers.{table}“, Zeile {number}, Feld „{column}“: gefunden ein Wert, "
                f"der in „release.{source}“ nicht steht, erwartet nur veröffentlichte Vergleiche; "
                "den Vergleich weglassen."
            )


@dataclass(frozen=True)
class Provenance:
    """Where the figures of one released table come from; one row of ``release.provenance``."""

    table_name: str
    figure_prefix: str
    title: str
    definition_hash: str
    rules_hash: str
    approved_by: str
    approved_on: date
    minutes: str
    source_models: str
    contracts: str
    deliveries: int
    snapshot: int
    code_revision: str


# These move with every run, whether or not a figure does; alone they are no reason to write.
MOVING = ("snapshot", "code_revision")


def provenance_of(
    definition: ReleaseDefinition,
    report: GateReport,
    approval: Approval,
    *,
    source_models: Sequence[str],
    contracts: Mapping[str, str],
    deliveries: int,
    code_revision: str,
) -> Provenance:
    """The provenance of a table that the gate has just written or left as it was.

    Args:
        source_models: models it was computed from; contracts: id to version; deliveries: how many
            files these contracts brought.
    """
    return Provenance(
        table_name=definition.table,
        figure_prefix="W-",
        title=definition.title,
        definition_hash=report.definition_hash,
        rules_hash=report.rules_hash,
        approved_by=approval.organ
        + (f" nach Anhörung: {approval.heard}" if approval.heard else ""),
        approved_on=approval.date,
        minutes=approval.minutes,
        source_models=", ".join(sorted(source_models)),
        contracts=store.as_json(contracts),
        deliveries=deliveries,
        snapshot=report.snapshot,
        code_revision=code_revision,
    )


def write_provenance(
    con: DuckDBPyConnection, entries: Sequence[Provenance], rewritten: Collection[str]
) -> bool:
    """Write the provenance of released tables; True if anything changed.

    Args:
        rewritten: tables whose rows changed in this run (state „geschrieben“). An entry of another
            table that differs in snapshot or code revision only stays as recorded: both name the
            run that produced the rows that stand.

    Raises:
        GateError: an entry names a table that is not released.
    """
    recorded = {r["table_name"]: r for r in store.read_release(con, "provenance")}
    rows = []
    for entry in sorted(entries, key=lambda e: e.table_name):
        if not store.read_release(con, entry.table_name):
            raise GateError(
                f"Tabelle „release.{entry.table_name}“ ist nicht veröffentlicht; eine Herkunft "
                "steht nur bei veröffentlichten Tabellen."
            )
        row = asdict(entry)
        old = recorded.get(entry.table_name)
        same = old is not None and all(old[k] == v for k, v in row.items() if k not in MOVING)
        keep = old is not None and same and entry.table_name not in rewritten
        rows.append(old if old is not None and keep else row)
    types = dict(store.columns_of(con, "release", "provenance"))
    frame = pa.Table.from_pylist(rows, schema=pa.schema([(n, ARROW[t]) for n, t in types.items()]))
    return store.replace(con, "release", "provenance", frame)
