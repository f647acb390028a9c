# SPDX-License-Identifier: Apache-2.0
"""The gate: the only writer of ``release``, and it fails closed.

Belongs here: the order of things, from the source mart to the audited rows in the lake.
Does not belong here: any rule. Composites, papers and provenance: ``composites.py``.

Whatever goes wrong ends in GateError or another exception before the first row is written. Without
an approval of exactly this definition under exactly these rules nothing is written, and what was
released before is taken back.

First edition, limits said plainly: tables of one source that share totals are linked
(``system.py``); tables of different sources are not, nor are editions at different times, and an
attacker is one person, not a coalition.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

import numpy as np
import pyarrow as pa
from duckdb import DuckDBPyConnection

from foundation.cooperative import DisclosureRules
from foundation.errors import GateError
from quality.disclosure import store
from quality.disclosure.approvals import Approval, covers
from quality.disclosure.attack import make_block
from quality.disclosure.audit import AuditReport, audit_firms, audit_persons
from quality.disclosure.contributors import Contribution, collapse
from quality.disclosure.definitions import ReleaseDefinition
from quality.disclosure.frames import (
    MISSING,
    PUBLISHED,
    SUPPRESSED,
    Row,
    aggregate_rows,
    perturbed_rows,
    taken_rows,
    to_arrow,
)
from quality.disclosure.perturbation import BOUND, perturb
from quality.disclosure.rules import judge_persons, rules_for, rules_hash, unsafe_firms
from quality.disclosure.suppression import protect
from quality.disclosure.system import CellKey, TableSystem, build_system, cell_key

State = Literal["geschrieben", "unverändert", "wartet auf Freigabe"]


@dataclass(frozen=True)
class GateReport:
    """What became of one table. Counts are rows of the released table."""

    table: str
    state: State
    cells: int
    published: int
    suppressed_primary: int
    suppressed_complementary: int
    missing: int
    audited: int
    attackers: int
    periods_not_closed: int
    removed: bool
    definition_hash: str
    rules_hash: str
    snapshot: int
    rules_broken: dict[str, int] = field(default_factory=dict)

    @property
    def suppressed(self) -> int:
        """Unsafe and complementary suppressions together."""
        return self.suppressed_primary + self.suppressed_complementary

    def sentence(self) -> str:
        """The report as one German sentence for the steward."""
        text = (
            f"Tabelle „release.{self.table}“: {self.state}; {self.cells} Zellen, davon "
            f"{self.published} veröffentlicht, {self.suppressed} unterdrückt "
            f"({self.suppressed_complementary} zum Schutz anderer), {self.missing} ohne Angabe"
        )
        if self.audited:
            text += f"; {self.audited} Angriffe geprüft, keiner erfolgreich"
        if self.removed:
            text += "; die frühere Veröffentlichung ist zurückgenommen"
        return text + "."


@dataclass
class Proposal:
    """The rows that would be written, with what the report says about them."""

    rows: list[Row]
    primary: set[CellKey] = field(default_factory=set)
    hidden: set[CellKey] = field(default_factory=set)
    broken: dict[str, int] = field(default_factory=dict)
    audit: AuditReport = field(default_factory=lambda: AuditReport(0, 0, 0))
    noise: dict[str, int] = field(default_factory=dict)


def release_table(
    con: DuckDBPyConnection,
    definition: ReleaseDefinition,
    rules: DisclosureRules,
    *,
    approval: Approval | None,
    as_of: datetime | date,
    record_key: bytes,
    snapshot: int,
    related: Iterable[tuple[str, str]] = (),
) -> GateReport:
    """Bring one table through the gate.

    Args:
        con: writes to ``lake``; schemas ``marts`` (or the definition's source) and ``release``
            migrated.
        definition: from ``load_definitions``, so that linked tables are known.
        approval: the recorded decision, None if there is none.
        as_of: the day that decides which months are closed.
        record_key: secret of the noise on counts of persons, at least 16 bytes; never change it.
        snapshot: lake snapshot that the source was read from; only reported.
        related: pairs of owners that are one contributor.

    Raises:
        GateError: the table may not be published; nothing was written.
    """
    on = as_of.date() if isinstance(as_of, datetime) else as_of
    own_rules = rules_for(definition, rules)
    if len(record_key) < 16:
        raise GateError(
            "Der geheime Schlüssel des Rauschens ist kürzer als 16 Byte; die Schlüssel mit "
            "`ortskern doctor` prüfen."
        )
    _check_target(con, definition)
    ageing = own_rules.ageing_months
    if definition.kind == "composite":
        raise GateError(
            f"Tabelle „release.{definition.table}“ ist zusammengesetzt; sie entsteht nur aus "
            "veröffentlichten Tabellen (write_composite)."
        )
    if definition.kind in ("passthrough", "reference"):
        proposal = Proposal(taken_rows(definition, store.read_values(con, definition, ageing, on)))
    else:
        found = store.read_contributions(con, definition.system_definitions, ageing, on)
        contributions = collapse(found, related)
        _check_periods(definition, contributions)
        proposal = propose(definition, contributions, own_rules, record_key, store.read_noise(con))
    frame = to_arrow(definition, proposal.rows)
    not_closed = store.open_periods(con, definition, ageing, on)
    state, removed = write_if_approved(con, definition, frame, proposal.noise, approval, rules, on)
    return make_report(
        definition, rules, proposal, state, removed, snapshot=snapshot, not_closed=not_closed
    )


def propose(
    definition: ReleaseDefinition,
    contributions: list[Contribution],
    rules: DisclosureRules,
    record_key: bytes,
    drawn: dict[str, int] | None = None,
) -> Proposal:
    """The audited rows of one table, from collapsed contributions; writes nothing.

    Raises:
        GateError: no set of suppressions withstands the audit.
    """
    if definition.contributor.kind == "person":
        return _propose_persons(definition, contributions, rules, record_key, drawn or {})
    solved = _solve(_question(definition.system_definitions, contributions, rules))
    rows = [dict(row) for row in solved.rows[definition.table]]
    if definition.contributor.kind == "none":
        return Proposal(rows)
    own = {cell_key({d.name: str(r[d.name]) for d in definition.dimensions}) for r in rows}
    broken: dict[str, int] = {}
    for key in own & set(solved.rules_broken):
        rule = solved.rules_broken[key]
        broken[rule] = broken.get(rule, 0) + 1
    return Proposal(rows, own & set(solved.rules_broken), own & solved.hidden, broken, solved.audit)


@dataclass(frozen=True)
class _Question:
    """Linked tables, what they are made of and the rules; equal where the text is."""

    text: str
    definitions: tuple[ReleaseDefinition, ...] = field(compare=False)
    contributions: list[Contribution] = field(compare=False)
    rules: DisclosureRules = field(compare=False)


@dataclass(frozen=True)
class _Solved:
    """Rows of all linked tables, which cells broke which rule, which are hidden, the audit."""

    rows: dict[str, list[Row]]
    rules_broken: dict[CellKey, str]
    hidden: set[CellKey]
    audit: AuditReport


def _question(
    definitions: tuple[ReleaseDefinition, ...],
    contributions: list[Contribution],
    rules: DisclosureRules,
) -> _Question:
    said = [d.definition_hash for d in definitions]
    text = hashlib.sha256(repr((said, contributions, rules)).encode()).hexdigest()
    return _Question(text, definitions, contributions, rules)


@lru_cache(maxsize=1)
def _solve(question: _Question) -> _Solved:
    """Suppress and audit linked tables together, once for all of them: each asks the same question."""
    definitions, rules = question.definitions, question.rules
    system = build_system(definitions, question.contributions)
    first = definitions[0]
    is_firms = first.contributor.kind == "firm"
    verdicts = unsafe_firms(first, system, rules) if is_firms else {}
    hidden = suppress(system, set(verdicts), rules)
    tables = {
        d.table: (d, aggregate_rows(d, question.contributions, system, hidden)) for d in definitions
    }
    audit = audit_firms(tables, system, rules) if is_firms else AuditReport(0, 0, 0)
    rows = {name: list(found) for name, (_, found) in tables.items()}
    return _Solved(rows, {k: str(v.rule) for k, v in verdicts.items()}, hidden, audit)


def suppress(system: TableSystem, primary: set[CellKey], rules: DisclosureRules) -> set[CellKey]:
    """Unsafe cells and those that must go with them, over all blocks of a system."""
    hidden: set[CellKey] = set()
    for keys, equations in system.blocks():
        unsafe = np.array([key in primary for key in keys])
        if not unsafe.any():
            continue
        block = make_block(keys, equations, system.cells)
        chosen = protect(block, unsafe, rules)
        hidden |= {key for key, gone in zip(keys, chosen, strict=True) if gone}
    return hidden


def _propose_persons(
    definition: ReleaseDefinition,
    contributions: list[Contribution],
    rules: DisclosureRules,
    record_key: bytes,
    drawn: dict[str, int],
) -> Proposal:
    if not contributions:
        return Proposal([])
    system = build_system([definition], contributions)
    counts, noise = perturb(definition, contributions, system, record_key, drawn)
    primary = {
        key
        for key, cell in system.cells.items()
        if not judge_persons(int(cell.totals[0]), counts[key], rules).safe
    }
    hidden = set(primary)
    while True:
        rows = perturbed_rows(definition, contributions, counts, hidden)
        exposed = audit_persons(definition, rows, system, rules, BOUND)
        if not exposed:
            break
        hidden.add(_next_to_hide(system, exposed[0], hidden))
    report = AuditReport(2 * len(hidden), 1, len(hidden))
    broken = {"threshold": len(primary)} if primary else {}
    return Proposal(rows, primary, hidden, broken, report, noise)


def _next_to_hide(system: TableSystem, exposed: CellKey, hidden: set[CellKey]) -> CellKey:
    for equation in system.equations:
        if exposed in (equation.total, *equation.parts):
            open_parts = [k for k in equation.parts if k not in hidden]
            if open_parts:
                return min(open_parts, key=lambda k: (system.cells[k].totals, k))
            if equation.total not in hidden:
                return equation.total
    raise GateError(
        "Eine unterdrückte Zählung von Menschen bleibt berechenbar, obwohl nichts mehr zu "
        "unterdrücken ist; die Tabelle gröber gliedern."
    )


def write_if_approved(
    con: DuckDBPyConnection,
    definition: ReleaseDefinition,
    frame: pa.Table,
    noise: dict[str, int],
    approval: Approval | None,
    rules: DisclosureRules,
    on: date,
) -> tuple[State, bool]:
    """Write ``frame`` if it is approved, else take back what is there; (state, taken back)."""
    if not covers(approval, definition, rules, on):
        return "wartet auf Freigabe", store.remove(con, definition.table)
    changed = store.replace(con, "release", definition.table, frame, noise=noise)
    return ("geschrieben" if changed else "unverändert"), False


def make_report(
    definition: ReleaseDefinition,
    rules: DisclosureRules,
    proposal: Proposal,
    state: State,
    removed: bool,
    *,
    snapshot: int,
    not_closed: int = 0,
) -> GateReport:
    """The report on a proposal and what became of it."""
    rows = proposal.rows
    if definition.figures:
        published = sum(r["status"] == PUBLISHED for r in rows)
        missing = sum(r["status"] == MISSING for r in rows)
    else:
        published, missing = len(rows), 0
    return GateReport(
        table=definition.table,
        state=state,
        cells=len(rows),
        published=published,
        # A composite hides nothing itself; what its parts hide shows in its rows.
        suppressed_primary=len(proposal.primary)
        if definition.kind != "composite"
        else sum(r["status"] == SUPPRESSED for r in rows if definition.figures),
        suppressed_complementary=len(proposal.hidden - proposal.primary),
        missing=missing,
        audited=proposal.audit.attacks,
        attackers=proposal.audit.attackers,
        periods_not_closed=not_closed,
        removed=removed,
        definition_hash=definition.definition_hash,
        rules_hash=rules_hash(rules),
        snapshot=snapshot,
        rules_broken=proposal.broken,
    )


def _check_target(con: DuckDBPyConnection, definition: ReleaseDefinition) -> None:
    there = store.columns_of(con, "release", definition.table)
    if there != [(n, str(t)) for n, t in definition.columns]:
        raise GateError(
            f"Tabelle „release.{definition.table}“: gefunden Spalten {there}, erwartet "
            f"{list(definition.columns)}; Definition und Migration angleichen."
        )


def _check_periods(definition: ReleaseDefinition, rows: list[Contribution]) -> None:
    if definition.period is None:
        return
    name = definition.period.name
    for value in sorted({row.dimensions[name] for row in rows}):
        if date.fromisoformat(value).day != 1:
            raise GateError(
                f"Tabelle „{definition.source}“, Feld „{name}“: gefunden „{value}“, erwartet der "
                "erste Tag eines Monats; das Modell der Quelle berichtigen."
            )
