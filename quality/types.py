# SPDX-License-Identifier: Apache-2.0
"""From delivered text to typed columns, as the contract says.

Belongs here: the SQL that casts one text column to its raw type without guessing. Does not belong here: what a value may be
(``rules.py``).

Money is read as text and cast to DECIMAL: DuckDB's CSV reader would turn ``1.234,50`` into DOUBLE or leave it text.
"""

import re
from dataclasses import dataclass

from foundation.contracts import Contract, ContractField, ContractObject
from foundation.lakehouse import quote

KEY_COLUMNS = ("_landing_sha256", "_row_number")
_ISO_OFFSET = r".*(Z|[+-]\d{2}:?\d{2})$"
# CSV exports of statistics and tills write "+0200"; DuckDB reads an offset only with its colon or as whole hours.
_BARE_OFFSET = r"\s*([+-]\d{2})(\d{2})$"


@dataclass(frozen=True)
class Dialect:
    """How a source writes numbers and times.

    ``date_format`` is a strptime format, None for ISO 8601; one with ``%H`` applies to instants, one without to days.
    Times without an offset are local to ``timezone``.
    """

    decimal: str = ","
    grouping: str = "."
    date_format: str | None = None
    timezone: str = "Europe/Berlin"


def dialect_of(contract: Contract) -> Dialect:
    """The dialect that the contract's options state; defaults are the German ones."""
    options = contract.options
    decimal = str(options.get("decimalSeparator") or ",")
    grouping = options.get("groupingSeparator")
    if grouping is None:
        grouping = "." if decimal == "," else ","
    return Dialect(
        decimal=decimal,
        grouping=str(grouping),
        date_format=str(options["dateFormat"]) if options.get("dateFormat") else None,
        timezone=str(options.get("timezone") or "Europe/Berlin"),
    )


def typed_expression(field: ContractField, dialect: Dialect) -> str:
    """SQL that is the field's typed value, NULL where the text is empty or cannot be read."""
    column = f'"{field.name}"'
    text = f"nullif(trim({column}), '')"
    kind = field.physical_type
    if kind.startswith("DECIMAL") or kind in ("BIGINT", "INTEGER", "SMALLINT", "DOUBLE"):
        return _number(text, kind, dialect)
    if kind == "BOOLEAN":
        return f"CASE lower({text}) WHEN '1' THEN true WHEN 'j' THEN true WHEN 'ja' THEN true WHEN 'true' THEN true WHEN '0' THEN false WHEN 'n' THEN false WHEN 'nein' THEN false WHEN 'false' THEN false END"
    if kind == "DATE":
        if dialect.date_format and "%H" not in dialect.date_format:
            return f"CAST(try_strptime({text}, {quote(dialect.date_format)}) AS DATE)"
        return f"CASE WHEN regexp_matches({text}, '^\\d{{4}}-\\d{{2}}-\\d{{2}}') THEN TRY_CAST(left({text}, 10) AS DATE) END"
    if kind in ("TIMESTAMP", "TIMESTAMPTZ"):
        return _instant(text, kind, dialect)
    return text


def _number(text: str, kind: str, dialect: Dialect) -> str:
    decimal, grouping = (
        re.escape(dialect.decimal),
        re.escape(dialect.grouping) if dialect.grouping else None,
    )
    is_whole = kind in ("BIGINT", "INTEGER", "SMALLINT")
    # A cast would round '12,5' to an integer; such a value is not of the type, '12,00' is.
    fraction = f"({decimal}0+)?" if is_whole else f"({decimal}\\d+)?"
    plain = f"[+-]?\\d+{fraction}"
    # '12.34' must not become 1234: a grouping mark counts only before exactly three digits.
    shape = f"{plain}|[+-]?\\d{{1,3}}({grouping}\\d{{3}})+{fraction}" if grouping else plain
    cleaned = f"replace({text}, {quote(dialect.grouping)}, '')" if grouping else text
    if is_whole:
        cleaned = f"split_part({cleaned}, {quote(dialect.decimal)}, 1)"
    elif dialect.decimal != ".":
        cleaned = f"replace({cleaned}, {quote(dialect.decimal)}, '.')"
    return f"CASE WHEN regexp_full_match({text}, {quote(shape)}) THEN TRY_CAST({cleaned} AS {kind}) END"


def _instant(text: str, kind: str, dialect: Dialect) -> str:
    zone = quote(dialect.timezone)
    if dialect.date_format and "%H" in dialect.date_format:
        parsed = f"try_strptime({text}, {quote(dialect.date_format)})"
        if "%z" in dialect.date_format:
            return parsed if kind == "TIMESTAMPTZ" else f"({parsed} AT TIME ZONE {zone})"
        return (
            f"({parsed} AT TIME ZONE {zone})"
            if kind == "TIMESTAMPTZ"
            else f"CAST({parsed} AS TIMESTAMP)"
        )
    with_offset = (
        f"TRY_CAST(regexp_replace({text}, {quote(_BARE_OFFSET)}, '\\1:\\2') AS TIMESTAMPTZ)"
    )
    local = f"TRY_CAST({text} AS TIMESTAMP)"
    has_offset = f"regexp_matches({text}, {quote(_ISO_OFFSET)})"
    is_date_only = f"length({text}) <= 10"
    if kind == "TIMESTAMPTZ":
        return f"CASE WHEN {is_date_only} THEN NULL WHEN {has_offset} THEN {with_offset} ELSE {local} AT TIME ZONE {zone} END"
    return f"CASE WHEN {is_date_only} THEN NULL WHEN {has_offset} THEN {with_offset} AT TIME ZONE {zone} ELSE {local} END"


def typed_select(obj: ContractObject, view: str, dialect: Dialect | None = None) -> str:
    """A SELECT over ``view`` (text columns) that gives every field typed, behind the key columns."""
    used = dialect or Dialect()
    columns = [f'"{k}"' for k in KEY_COLUMNS]
    columns += [
        f'{typed_expression(f, used)} AS "{f.name}"' for f in obj.fields if f.handling != "drop"
    ]
    return f"SELECT {', '.join(columns)} FROM {view}"
