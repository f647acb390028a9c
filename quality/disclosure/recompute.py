# SPDX-License-Identifier: Apache-2.0
"""A released table once more, from its source, to compare with what was released.

Belongs here: running the gate's own steps on a lake as it was, without writing. Does not belong here: reading an edition's
files (``reports/publication``), or noise: what was drawn once is never drawn again.
"""

from collections.abc import Callable
from datetime import date

from duckdb import DuckDBPyConnection

from foundation.cooperative import DisclosureRules
from quality.disclosure import store
from quality.disclosure.composites import Compute, complete_rows
from quality.disclosure.contributors import collapse
from quality.disclosure.definitions import ReleaseDefinition
from quality.disclosure.frames import Row, taken_rows, to_arrow
from quality.disclosure.gate import propose
from quality.disclosure.rules import rules_for


def is_recomputable(definition: ReleaseDefinition) -> bool:
    """Whether a table can be computed again: not where counts of persons carry noise."""
    return definition.contributor.kind != "person"


def differing_rows(
    con: DuckDBPyConnection,
    definition: ReleaseDefinition,
    rules: DisclosureRules,
    on: date,
    compute_for: Callable[[str], Compute],
) -> int:
    """How many rows of the released table differ from what its source gives; 0 where all agree.

    Args:
        con: a lake as of the edition's snapshot, read only.
        on: day of the edition, which decides which months are closed.
        compute_for: table to formula, for composites.
    """
    recomputed = to_arrow(definition, _rows(con, definition, rules, on, compute_for)).to_pylist()
    released = store.read_release(con, definition.table)
    return len({_key(r) for r in recomputed} ^ {_key(r) for r in released})


def _rows(
    con: DuckDBPyConnection,
    definition: ReleaseDefinition,
    rules: DisclosureRules,
    on: date,
    compute_for: Callable[[str], Compute],
) -> list[Row]:
    own_rules = rules_for(definition, rules)
    if definition.kind == "composite":
        released = {p: store.read_release(con, p) for p in definition.parents}
        return complete_rows(definition, compute_for(definition.table)(released))
    ageing = own_rules.ageing_months
    if definition.kind in ("passthrough", "reference"):
        return taken_rows(definition, store.read_values(con, definition, ageing, on))
    found = store.read_contributions(con, definition.system_definitions, ageing, on)
    return propose(definition, collapse(found, ()), own_rules, bytes(16)).rows


def _key(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, str(value)) for name, value in row.items()))
