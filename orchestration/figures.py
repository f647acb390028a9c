# SPDX-License-Identifier: Apache-2.0
"""Finding a figure by its code: in the lake, or in the files of the newest edition.

Belongs here: the search, the provenance beside it, how a value reads. Does not belong here: what is
said about it (`commands/woher.py`), any rule of publication.
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from foundation.errors import ConfigError
from foundation.formats import MISSING, day, eur, month, number, percent
from orchestration.house import House
from orchestration.inventory import newest_edition
from quality.disclosure.definitions import TOTAL, ReleaseDefinition, load_definitions

PAPERS = (
    "statement",
    "statement_position",
    "member_month",
    "member_report",
    "member_usage",
    "member_forecast",
    "order_line",
)


@dataclass(frozen=True)
class Figure:
    """One row that carries the code; `edition` is the folder where it came from a file."""

    schema: str
    table: str
    title: str
    row: Mapping[str, Any]
    labels: Mapping[str, str] = field(default_factory=dict)
    edition: Path | None = None


@dataclass(frozen=True)
class Booking:
    """Where a figure of a paper stands in the ledger."""

    table: str
    sequence: int
    booking_id: str
    row_hash: str
    recorded_on: date


def find(house: House, code: str) -> Figure | None:
    """The row with that code: released tables, then papers; without a lake the newest edition."""
    if house.lakehouse.exists():
        with house.lakehouse.connect(read_only=True) as con:
            return _in_release(con, code) or _in_papers(con, code) or _in_terms(con, code)
    newest = newest_edition(house.settings.publications_dir)
    return _in_edition(newest, code) if newest else None


def _tables_with_codes(con: DuckDBPyConnection, schema: str) -> list[str]:
    rows = con.execute(
        """SELECT table_name FROM information_schema.columns
        WHERE table_catalog = 'lake' AND table_schema = ? AND column_name = 'figure_code'
        ORDER BY 1""",
        [schema],
    ).fetchall()
    return [str(r[0]) for r in rows]


def _row(con: DuckDBPyConnection, schema: str, table: str, where: str, value: str) -> Any:
    found = con.execute(f'SELECT * FROM lake.{schema}."{table}" WHERE {where} LIMIT 1', [value])
    names = [d[0] for d in found.description or ()]
    row = found.fetchone()
    return None if row is None else dict(zip(names, row, strict=True))


def _in_release(con: DuckDBPyConnection, code: str) -> Figure | None:
    for table in _tables_with_codes(con, "release"):
        row = _row(con, "release", table, "figure_code = ?", code)
        if row is not None:
            return Figure("release", table, table, row)
    return None


def _comments(con: DuckDBPyConnection, table: str) -> tuple[str, dict[str, str]]:
    columns = con.execute(
        """SELECT column_name, comment FROM duckdb_columns()
        WHERE database_name = 'lake' AND schema_name = 'papers' AND table_name = ?""",
        [table],
    ).fetchall()
    about = con.execute(
        """SELECT comment FROM duckdb_tables()
        WHERE database_name = 'lake' AND schema_name = 'papers' AND table_name = ?""",
        [table],
    ).fetchone()
    title = str(about[0]).split(".")[0] if about and about[0] else table
    return title, {str(n): str(c).rstrip(".") for n, c in columns if c}


def _in_papers(con: DuckDBPyConnection, code: str) -> Figure | None:
    there = _tables_with_codes(con, "papers")
    for table in (t for t in PAPERS if t in there):
        row = _row(con, "papers", table, "figure_code = ?", code)
        if row is not None:
            title, labels = _comments(con, table)
            return Figure("papers", table, title, row, labels)
    return None


def _in_terms(con: DuckDBPyConnection, code: str) -> Figure | None:
    """Pots and surplus stand on every paper of a year in the same words."""
    if "statement" not in _tables_with_codes(con, "papers"):
        return None
    rows = con.execute(
        """SELECT DISTINCT fiscal_year, terms_json FROM lake.papers.statement
        WHERE contains(terms_json, ?) ORDER BY 1""",
        [code],
    ).fetchall()
    for year, text in rows:
        terms = json.loads(text)
        if terms.get("surplus_code") == code:
            row = {"fiscal_year": year, "surplus_eur": terms["surplus_eur"]}
            return Figure("ledger", "pot", "Überschuss des Geschäftsjahres", row)
        for pot in terms.get("pots", []):
            if pot.get("figure_code") == code:
                row = {"fiscal_year": year} | {k: v for k, v in pot.items() if v is not None}
                return Figure("ledger", "pot", f"Verwendung des Überschusses: {pot['title']}", row)
    return None


def _in_edition(edition: Path, code: str) -> Figure | None:
    for path in sorted((edition / "daten").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row.get("figure_code") == code:
                    values = {k: v or None for k, v in row.items()}
                    return Figure("release", path.stem, path.stem, values, edition=edition)
    return None


def definition_of(house: House, table: str) -> ReleaseDefinition | None:
    """The table's definition; None where the cooperative's folder is not at hand or broken."""
    try:
        return load_definitions(house.settings.cooperative).get(table)
    except ConfigError:
        return None


def provenance_of(house: House, figure: Figure) -> dict[str, Any]:
    """The recorded provenance of a released table; empty where there is none."""
    if figure.edition is not None:
        path = figure.edition / "daten" / "provenance.csv"
        if not path.is_file():
            return {}
        with path.open(encoding="utf-8", newline="") as file:
            rows = [r for r in csv.DictReader(file) if r["table_name"] == figure.table]
        return dict(rows[0]) if rows else {}
    with house.lakehouse.connect(read_only=True) as con:
        return _row(con, "release", "provenance", "table_name = ?", figure.table) or {}


def booking_of(house: House, figure: Figure) -> Booking | None:
    """The booking of a paper's position or of a pot; None for drafts and for sums."""
    row = figure.row
    keys: tuple[str, ...]
    if figure.table == "statement_position":
        table, keys = "allocation", ("fiscal_year", "member_id", "pot", "period_from")
    elif figure.table == "pot" and "pot" in row:
        table, keys = "pot", ("fiscal_year", "pot")
    else:
        return None
    where = " AND ".join(f"{k} IS NOT DISTINCT FROM ?" for k in keys)
    with house.lakehouse.connect(read_only=True) as con:
        found = con.execute(
            f"""SELECT sequence, booking_id, row_hash, recorded_at FROM lake.ledger.{table}
            WHERE {where} AND reverses IS NULL ORDER BY sequence DESC LIMIT 1""",
            [row[k] for k in keys],
        ).fetchone()
    if found is None:
        return None
    return Booking(table, int(found[0]), str(found[1]), str(found[2]), found[3].date())


def shown(name: str, value: Any) -> str:
    """A value as a German reader expects it, by the unit that its column's name ends in."""
    if value is None or value == "":
        return MISSING
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, datetime):
        return day(value.date())
    if name == "business_month":
        return month(value if isinstance(value, date) else date.fromisoformat(str(value)))
    if isinstance(value, date):
        return day(value)
    if value == TOTAL:
        return "alle zusammen"
    return _number_shown(name, value)


def _number_shown(name: str, value: Any) -> str:
    if name.endswith(("_id", "_number", "_on", "_version")) or name in ("fiscal_year", "hour"):
        return _day_or_text(value)
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if name.endswith("_eur"):
        # A price per point may be finer than a cent.
        is_fine = exact != exact.quantize(Decimal("0.01"))
        return f"{number(exact, 4)}\u00a0€" if is_fine else eur(exact)
    if name.endswith("_share"):
        return percent(exact)
    whole = exact == exact.to_integral_value()
    return number(exact, 0 if whole else 2)


def _day_or_text(value: Any) -> str:
    try:
        return day(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)
