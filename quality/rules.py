# SPDX-License-Identifier: Apache-2.0
"""SQL rules derived from a contract, run on every row of a package before it is loaded.

Belongs here: required, type, range, pattern, allowed values, uniqueness and the contract's own SQL rules, as one scan.
Does not belong here: what happens to a violating row (``ingestion/quarantine``), or Great Expectations (``expectations.py``).
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from duckdb import DuckDBPyConnection

from foundation import formats
from foundation.contracts import ContractField, ContractObject, SqlRule
from foundation.errors import ContractError, Severity
from foundation.lakehouse import quote
from quality.types import Dialect, typed_expression

EXAMPLES_PER_RULE = 20
_REMEDY_SOURCE = "beim Absender berichtigen und neu einliefern"


@dataclass(frozen=True)
class Violation:
    """A rule that one row breaks. ``found`` is masked where the field is personal or confidential."""

    rule: str
    field: str | None
    landing_sha256: str
    row_number: int
    found: str
    expected: str
    remedy: str
    severity: Severity


@dataclass(frozen=True)
class _Test:
    rule: str
    field: ContractField | None
    predicate: str
    expected: str
    severity: Severity


@dataclass(frozen=True)
class RuleReport:
    """What the rules found in one object of a package.

    ``violations`` holds at most ``EXAMPLES_PER_RULE`` rows per rule and delivery; ``counts`` has all, by (delivery, rule);
    the temporary table ``bad_rows`` (_landing_sha256, _row_number, test, rule, severity) has every violating row, ``typed`` all
    rows with typed columns.
    """

    violations: list[Violation]
    counts: dict[tuple[str, str], int]
    bad_rows: str
    typed: str


def violations(
    con: DuckDBPyConnection,
    obj: ContractObject,
    view: str,
    views: Mapping[str, str],
    dialect: Dialect | None = None,
) -> list[Violation]:
    """Bounded examples of what ``check`` finds."""
    return check(con, obj, view, views, dialect).violations


def check(
    con: DuckDBPyConnection,
    obj: ContractObject,
    view: str,
    views: Mapping[str, str],
    dialect: Dialect | None = None,
    dropped: str | None = None,
) -> RuleReport:
    """Run every rule of ``obj`` on ``view``.

    Args:
        con: engine in which ``view`` and ``views`` exist: text columns named as the contract's fields, with
            ``_landing_sha256`` and ``_row_number``.
        views: object name to view, for rules that name other objects of the delivery as ``{object_name}``.
        dropped: condition on the typed columns for rows that nobody may judge or quote, such as answers without consent. They leave
            ``typed`` first. A row in which a field of the condition cannot be read is no such row.
    """
    used = dialect or Dialect()
    typed, tests = _typed_table(con, obj, view, used)
    if dropped is not None:
        named = [
            i
            for i, test in enumerate(tests)
            if test.rule == "typ" and test.field and re.search(rf"\b{test.field.name}\b", dropped)
        ]
        con.execute(
            f"""DELETE FROM {typed} AS {obj.name}
            WHERE ({dropped}) AND NOT list_has_any(coalesce(_failed, []), {named}::INTEGER[])"""
        )
    bad = f"{view}__bad"
    con.execute(f"DROP TABLE IF EXISTS {bad}")
    con.execute(
        f"""CREATE TEMP TABLE {bad} AS SELECT _landing_sha256, _row_number, unnest(_failed) AS test
        FROM {typed} WHERE _failed IS NOT NULL"""
    )
    con.execute(f"DELETE FROM {bad} WHERE test IS NULL")
    tests += _uniqueness(con, obj, typed, bad, len(tests))
    for rule in obj.rules:
        predicate = _resolve(con, rule, obj, views, used)
        con.execute(
            f"""INSERT INTO {bad} SELECT _landing_sha256, _row_number, {len(tests)}
            FROM {typed} AS {obj.name} WHERE ({predicate})"""
        )
        tests.append(_Test(rule.name, None, predicate, f"„{rule.description}“", rule.severity))
    return _report(con, view, typed, bad, tests)


def typed_table(
    con: DuckDBPyConnection, obj: ContractObject, view: str, dialect: Dialect | None = None
) -> str:
    """Create (once) the temporary table ``<view>__typed`` with every field typed, and return its name."""
    return _typed_table(con, obj, view, dialect or Dialect())[0]


def _typed_table(
    con: DuckDBPyConnection, obj: ContractObject, view: str, dialect: Dialect
) -> tuple[str, list[_Test]]:
    """Type and test in one scan: text and type side by side, the numbers of the failed tests in ``_failed``."""
    name = f"{view}__typed"
    tests = _tests(obj)
    fields = [f for f in obj.fields if f.handling != "drop"]
    typed = ", ".join(f'{typed_expression(f, dialect)} AS "{f.name}__t"' for f in fields)
    kept = ", ".join(f'"{f.name}__t" AS "{f.name}"' for f in fields)
    which = ", ".join(f"CASE WHEN ({t.predicate}) THEN {i} END" for i, t in enumerate(tests))
    any_of = " OR ".join(f"({t.predicate})" for t in tests) or "false"
    failed = f"CASE WHEN {any_of} THEN [{which}]::INTEGER[] END" if tests else "NULL::INTEGER[]"
    con.execute(
        f"""CREATE TEMP TABLE IF NOT EXISTS {name} AS
        SELECT _landing_sha256, _row_number, {kept}, {failed} AS _failed
        FROM (SELECT *, {typed} FROM {view})"""
    )
    return name, tests


def _tests(obj: ContractObject) -> list[_Test]:
    tests = []
    for f in obj.fields:
        if f.handling == "drop":
            continue
        raw, typed = f"nullif(trim(\"{f.name}\"), '')", f'"{f.name}__t"'
        if f.required:
            tests.append(_Test("pflichtfeld", f, f"{raw} IS NULL", "einen Wert", f.severity))
        if f.physical_type != "VARCHAR":
            tests.append(
                _Test(
                    "typ", f, f"{raw} IS NOT NULL AND {typed} IS NULL", _type_in_words(f), "block"
                )
            )
        if f.minimum is not None:
            tests.append(
                _Test(
                    "bereich",
                    f,
                    f"{typed} < {_literal(f, f.minimum)}",
                    f"mindestens {_bound_in_words(f.minimum)}",
                    f.severity,
                )
            )
        if f.maximum is not None:
            tests.append(
                _Test(
                    "bereich",
                    f,
                    f"{typed} > {_literal(f, f.maximum)}",
                    f"höchstens {_bound_in_words(f.maximum)}",
                    f.severity,
                )
            )
        if f.pattern is not None:
            tests.append(
                _Test(
                    "muster",
                    f,
                    f"{raw} IS NOT NULL AND NOT regexp_full_match({raw}, {quote(f.pattern)})",
                    f"eine Angabe der Form „{f.example}“",
                    f.severity,
                )
            )
        if f.valid_values:
            listed = ", ".join(quote(v) for v in f.valid_values)
            tests.append(
                _Test(
                    "werteliste",
                    f,
                    f"{raw} IS NOT NULL AND {raw} NOT IN ({listed})",
                    f"einen von {', '.join(f.valid_values)}",
                    f.severity,
                )
            )
    return tests


def _uniqueness(
    con: DuckDBPyConnection, obj: ContractObject, typed: str, bad: str, first: int
) -> list[_Test]:
    tests: list[_Test] = []
    for f in obj.fields:
        if not f.unique or f.handling == "drop":
            continue
        number = first + len(tests)
        con.execute(
            f"""INSERT INTO {bad} SELECT _landing_sha256, _row_number, {number} FROM {typed} WHERE "{f.name}" IS NOT NULL
            QUALIFY row_number() OVER (PARTITION BY _landing_sha256, "{f.name}" ORDER BY _row_number) > 1"""
        )
        tests.append(_Test("eindeutig", f, "", "jeden Wert nur einmal in der Datei", f.severity))
    return tests


def _resolve(
    con: DuckDBPyConnection,
    rule: SqlRule,
    obj: ContractObject,
    views: Mapping[str, str],
    dialect: Dialect,
) -> str:
    def replace(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in ("object", obj.name):
            return f"{views.get(obj.name, obj.name)}__typed"
        if name not in views:
            raise ContractError(
                f"Regel „{rule.name}“ nennt die Tabelle „{name}“, die es in der Lieferung nicht gibt; Vertrag berichtigen."
            )
        return f"{views[name]}__typed"

    return re.sub(r"\{(\w+)\}", replace, rule.predicate)


def _report(
    con: DuckDBPyConnection, view: str, typed: str, bad: str, tests: list[_Test]
) -> RuleReport:
    counts: Counter[tuple[str, str]] = Counter()
    for sha, number, count in con.execute(
        f"SELECT _landing_sha256, test, count(*) FROM {bad} GROUP BY ALL"
    ).fetchall():
        counts[str(sha), tests[int(number)].rule] += int(count)
    found: list[Violation] = []
    examples = con.execute(
        f"""SELECT _landing_sha256, _row_number, test FROM {bad}
        QUALIFY row_number() OVER (PARTITION BY _landing_sha256, test ORDER BY _row_number) <= {EXAMPLES_PER_RULE}
        ORDER BY 1, 3, 2"""
    ).fetchall()
    for sha, row, number in examples:
        test = tests[int(number)]
        found.append(
            Violation(
                rule=test.rule,
                field=test.field.source if test.field else None,
                landing_sha256=str(sha),
                row_number=int(row),
                found=_found(con, view, test, str(sha), int(row)),
                expected=test.expected,
                remedy=_REMEDY_SOURCE,
                severity=test.severity,
            )
        )
    con.execute(f"ALTER TABLE {bad} ADD COLUMN rule VARCHAR")
    con.execute(f"ALTER TABLE {bad} ADD COLUMN severity VARCHAR")
    for number, test in enumerate(tests):
        con.execute(
            f"UPDATE {bad} SET rule = ?, severity = ? WHERE test = ?",
            [test.rule, test.severity, number],
        )
    return RuleReport(found, dict(counts), bad, typed)


def _found(con: DuckDBPyConnection, view: str, test: _Test, sha: str, row: int) -> str:
    if test.field is None:
        return "einen Widerspruch dazu"
    value = con.execute(
        f"SELECT nullif(trim(\"{test.field.name}\"), '') FROM {view} WHERE _landing_sha256 = ? AND _row_number = ?",
        [sha, row],
    ).fetchone()
    if value is None or value[0] is None:
        return "nichts"
    if test.field.classification in ("personal", "confidential"):
        return f"einen Wert mit {len(str(value[0]))} Zeichen (verborgen)"
    return f"„{str(value[0])[:60]}“"


def _literal(f: ContractField, bound: str) -> str:
    return (
        f"CAST({quote(bound)} AS {f.physical_type})"
        if f.physical_type != "VARCHAR"
        else quote(bound)
    )


def _bound_in_words(bound: str) -> str:
    """A bound of a contract as a German reader writes it: 0,001; 60.000; 01.01.2000."""
    try:
        exact = Decimal(bound)
    except InvalidOperation:
        return formats.day(datetime.fromisoformat(bound).date())
    return formats.number(exact, max(0, -int(exact.as_tuple().exponent)))


def _type_in_words(f: ContractField) -> str:
    kind = f.physical_type
    if kind.startswith("DECIMAL") or kind == "DOUBLE":
        return "eine Zahl"
    return {
        "BIGINT": "eine ganze Zahl",
        "INTEGER": "eine ganze Zahl",
        "SMALLINT": "eine ganze Zahl",
        "BOOLEAN": "ja oder nein (1/0, J/N)",
        "DATE": "ein Datum",
        "TIMESTAMP": "Datum und Uhrzeit",
        "TIMESTAMPTZ": "Datum und Uhrzeit",
    }[kind]
