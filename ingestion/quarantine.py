# SPDX-License-Identifier: Apache-2.0
"""What could not be loaded, and why, in sentences a steward can act on.

Belongs here: entries of `landing.quarantine` from findings and violated rules, bounded in number,
and the list of what is still open. Does not belong here: finding faults (adapters, `quality`), or
the delivery's own event (`landing.py`).

Nothing personal is shown: the rules mask what they found before it comes here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import Literal

import pyarrow as pa
from duckdb import DuckDBPyConnection

from foundation.contracts import Contract
from foundation.errors import Finding, OrtskernError, Severity
from ingestion.landing import Delivery, Event, append, record
from quality.rules import RuleReport

Unit = Literal["delivery", "row"]

# Enough to see the pattern; the number of all rows stands beside them.
EXAMPLES = 5
UNKNOWN_TILL = "unbekannte_kasse"
UNKNOWN_SITE = "unbekannte_betriebsstaette"
WITHDRAWN = "einwilligung_widerrufen"
_COLUMNS = {
    "event_no": pa.int64(),
    "delivery_sha256": pa.string(),
    "contract_id": pa.string(),
    "file_name": pa.string(),
    "row_number": pa.int64(),
    "field": pa.string(),
    "rule": pa.string(),
    "found": pa.string(),
    "expected": pa.string(),
    "remedy": pa.string(),
    "severity": pa.string(),
    "unit": pa.string(),
    "occurrences": pa.int64(),
    "at": pa.timestamp("us", "UTC"),
}


@dataclass(frozen=True)
class Entry:
    """One fault of one delivery, with one row as example and the number of all."""

    delivery: Delivery
    finding: Finding
    unit: Unit
    occurrences: int = 1


@dataclass(frozen=True)
class OpenFault:
    """What is still to be done, over all open deliveries of a contract that break one rule."""

    contract_id: str
    rule: str
    severity: Severity
    unit: Unit
    deliveries: int
    rows: int
    example: str


def from_findings(
    delivery: Delivery, findings: Iterable[Finding], unit: Unit = "delivery"
) -> list[Entry]:
    """Entries for a delivery that could not be read, as a whole or (`row`) in part."""
    return [Entry(delivery, finding, unit) for finding in findings]


def from_rules(
    report: RuleReport,
    deliveries: Mapping[str, Delivery],
    place: str,
    unit: Unit,
    places: Mapping[str, Sequence[str]] | None = None,
) -> list[Entry]:
    """Entries for violated rules of one table: a few rows each, with the number of all.

    Args:
        report: what the rules found in one table of a package.
        deliveries: the package's deliveries by hash.
        place: file (or pattern) that the table comes from, inside the delivery or itself.
        unit: what is left out when a blocking rule is broken.
        places: where the rows 1, 2, … of a delivery stand, for those whose number says nothing.
    """
    shown: dict[tuple[str, str, str | None], int] = {}
    entries = []
    for violation in report.violations:
        key = (violation.landing_sha256, violation.rule, violation.field)
        shown[key] = shown.get(key, 0) + 1
        if shown[key] > EXAMPLES:
            continue
        delivery = deliveries[violation.landing_sha256]
        named = (places or {}).get(violation.landing_sha256)
        finding = Finding(
            file=named[violation.row_number - 1] if named else _place(delivery, place),
            row=None if named else violation.row_number,
            field=violation.field,
            found=violation.found,
            expected=violation.expected,
            remedy=violation.remedy,
            rule=violation.rule,
            severity=violation.severity,
        )
        count = report.counts[violation.landing_sha256, violation.rule]
        entries.append(Entry(delivery, finding, unit, count))
    return entries


def _place(delivery: Delivery, place: str) -> str:
    if fnmatch(PurePosixPath(delivery.file_name).name, place):
        return delivery.file_name
    return f"{delivery.file_name}/{place}"


def write(
    con: DuckDBPyConnection,
    entries: Sequence[Entry],
    event_numbers: Mapping[str, int],
    instant: datetime,
) -> None:
    """Append entries in one statement; `event_numbers` names the event of each delivery."""
    if not entries:
        return
    rows = [
        {
            "event_no": event_numbers[e.delivery.sha256],
            "delivery_sha256": e.delivery.sha256,
            "contract_id": e.delivery.contract_id,
            "file_name": e.finding.file,
            "row_number": e.finding.row,
            "field": e.finding.field,
            "rule": e.finding.rule,
            "found": e.finding.found,
            "expected": e.finding.expected,
            "remedy": e.finding.remedy,
            "severity": e.finding.severity,
            "unit": e.unit,
            "occurrences": e.occurrences,
            "at": instant,
        }
        for e in entries
    ]
    append(con, "quarantine", pa.Table.from_pylist(rows, pa.schema(_COLUMNS)))


def summary(con: DuckDBPyConnection, contract_id: str | None = None) -> list[OpenFault]:
    """What is open, worst first: deliveries in quarantine, and rows left out of loaded ones.

    An entry is open while its event is the last one of the delivery; a delivery that was loaded
    later takes its entries with it.
    """
    rows = con.execute(
        """
        WITH last_event AS (
            SELECT delivery_sha256, max(event_no) AS event_no
            FROM lake.landing.delivery
            WHERE event <> 'duplicate'
            GROUP BY delivery_sha256
        ), per_delivery AS (
            SELECT q.contract_id, q.rule, q.severity, q.unit, q.delivery_sha256,
                max(q.occurrences) AS occurrences, min(q.row_number) AS first_row
            FROM lake.landing.quarantine q
            JOIN last_event USING (delivery_sha256, event_no)
            GROUP BY ALL
        ), example AS (
            SELECT q.* FROM lake.landing.quarantine q
            JOIN last_event USING (delivery_sha256, event_no)
            QUALIFY row_number() OVER (
                PARTITION BY q.contract_id, q.rule, q.severity, q.unit
                ORDER BY q.file_name, q.row_number NULLS FIRST, q.field
            ) = 1
        )
        SELECT contract_id, rule, severity, unit, count(DISTINCT p.delivery_sha256),
            sum(p.occurrences)::BIGINT, any_value(e.file_name), any_value(e.row_number),
            any_value(e.field), any_value(e.found), any_value(e.expected), any_value(e.remedy)
        FROM per_delivery p JOIN example e USING (contract_id, rule, severity, unit)
        WHERE ? IS NULL OR contract_id = ?
        GROUP BY contract_id, rule, severity, unit
        ORDER BY severity, unit, count(DISTINCT p.delivery_sha256) DESC, contract_id, rule
        """,
        [contract_id, contract_id],
    ).fetchall()
    return [
        OpenFault(
            contract_id=r[0],
            rule=r[1],
            severity=r[2],
            unit=r[3],
            deliveries=int(r[4]),
            rows=int(r[5]),
            example=Finding(
                file=r[6],
                row=r[7],
                field=r[8],
                found=r[9],
                expected=r[10],
                remedy=r[11],
                rule=r[1],
                severity=r[2],
            ).sentence(),
        )
        for r in rows
    ]


def close(
    con: DuckDBPyConnection,
    name: str,
    reason: str,
    contracts: Mapping[str, Contract],
    instant: datetime,
) -> Delivery:
    """Put a delivery aside for good, because it was replaced or is not needed; its bytes stay.

    Args:
        name: file name below the contract's folder, or the beginning of its SHA-256 (8 or more).
        reason: why, in the steward's words; stands in the register.

    Raises:
        OrtskernError: no delivery in quarantine has that name, or more than one.
    """
    rows = con.execute(
        """SELECT delivery_sha256, contract_id, file_name, size_bytes, first_date, last_date
        FROM lake.landing.delivery WHERE event <> 'duplicate'
        QUALIFY row_number() OVER (PARTITION BY delivery_sha256 ORDER BY event_no DESC) = 1
            AND event IN ('quarantined', 'refused')
            AND (file_name = ? OR (length(?) >= 8 AND starts_with(delivery_sha256, ?)))""",
        [name, name, name],
    ).fetchall()
    if len(rows) != 1:
        raise OrtskernError(
            f"Lieferung „{name}“: gefunden {len(rows)} in Quarantäne, erwartet genau eine; den "
            "Namen aus `ortskern status` oder den Anfang der Prüfsumme angeben."
        )
    delivery = Delivery(*rows[0])
    record(con, [Event(delivery, "closed", reason=reason)], contracts, instant)
    return delivery


def masked(value: str) -> str:
    """An identifier as a steward may see it: enough to recognise it, too little to use it."""
    return "…" if len(value) <= 4 else f"{value[:2]}…{value[-2:]}"
