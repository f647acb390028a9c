# SPDX-License-Identifier: Apache-2.0
"""What is there: deliveries by what became of them, tables that wait, editions, size.

Belongs here: questions that several commands ask of a lake or of the cooperative's folder. Does not
belong here: how it is shown (`commands`), any change. Nothing here imports Dagster.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from duckdb import DuckDBPyConnection

from orchestration.house import House
from quality.disclosure.approvals import Approval, covers, load_approvals
from quality.disclosure.definitions import ReleaseDefinition, load_definitions

# Lists without a period of their own say that they hold for ever.
_OPEN_END = 9999


@dataclass(frozen=True)
class Deliveries:
    """Deliveries of one contract by their last event, and the last day that loaded ones cover."""

    contract_id: str
    new: int = 0
    loaded: int = 0
    quarantined: int = 0
    refused: int = 0
    duplicates: int = 0
    last_day: date | None = None


def has_table(con: DuckDBPyConnection, schema: str, table: str) -> bool:
    """Whether the lake has that table; a lake that was only created has none."""
    row = con.execute(
        """SELECT count(*) FROM information_schema.tables
        WHERE table_catalog = 'lake' AND table_schema = ? AND table_name = ?""",
        [schema, table],
    ).fetchone()
    return row is not None and row[0] > 0


def deliveries(con: DuckDBPyConnection) -> dict[str, Deliveries]:
    """Contract id to its deliveries; contracts without any are left out."""
    if not has_table(con, "landing", "delivery"):
        return {}
    rows = con.execute(
        """
        WITH last_event AS (
            SELECT contract_id, event, last_date FROM lake.landing.delivery
            WHERE event <> 'duplicate'
            QUALIFY row_number() OVER (PARTITION BY delivery_sha256 ORDER BY event_no DESC) = 1
        ), duplicate AS (
            SELECT contract_id, count(*) AS n FROM lake.landing.delivery
            WHERE event = 'duplicate' GROUP BY contract_id
        )
        SELECT contract_id,
            count(*) FILTER (event = 'landed'), count(*) FILTER (event = 'loaded'),
            count(*) FILTER (event = 'quarantined'), count(*) FILTER (event = 'refused'),
            coalesce(any_value(duplicate.n), 0),
            max(last_date) FILTER (event = 'loaded' AND year(last_date) < ?)
        FROM last_event LEFT JOIN duplicate USING (contract_id)
        GROUP BY contract_id ORDER BY contract_id
        """,
        [_OPEN_END],
    ).fetchall()
    return {r[0]: Deliveries(*r) for r in rows}


def waiting_for_tills(con: DuckDBPyConnection, rule: str) -> int:
    """Deliveries whose last event is a quarantine by `rule`."""
    if not has_table(con, "landing", "delivery"):
        return 0
    row = con.execute(
        """SELECT count(*) FROM (
            SELECT event, reason FROM lake.landing.delivery WHERE event <> 'duplicate'
            QUALIFY row_number() OVER (PARTITION BY delivery_sha256 ORDER BY event_no DESC) = 1
        ) WHERE event = 'quarantined' AND reason = ?""",
        [rule],
    ).fetchone()
    return int(row[0]) if row else 0


def data_bytes(con: DuckDBPyConnection) -> int:
    """Bytes of the files that the newest state of the lake consists of, wherever they lie."""
    row = con.execute(
        """SELECT coalesce(sum(file_size_bytes + delete_file_size_bytes), 0)::BIGINT
        FROM ducklake_table_info('lake')"""
    ).fetchone()
    return int(row[0]) if row else 0


def definitions_and_approvals(
    house: House,
) -> tuple[Mapping[str, ReleaseDefinition], Mapping[str, Approval]]:
    """What may be released by definition, and what an organ has allowed. Raises ConfigError."""
    folder = house.settings.cooperative
    return load_definitions(folder), load_approvals(folder)


def waiting_tables(house: House) -> list[str]:
    """Released tables without an approval of exactly their definition. Raises ConfigError."""
    definitions, approvals = definitions_and_approvals(house)
    rules, today = house.cooperative.disclosure, house.today
    return [t for t, d in definitions.items() if not covers(approvals.get(t), d, rules, today)]


def newest_edition(editions: Path) -> Path | None:
    """The folder of the newest edition; None where there is none."""
    found = sorted(p.parent for p in editions.glob("*/manifest.json"))
    return found[-1] if found else None
