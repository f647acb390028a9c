# SPDX-License-Identifier: Apache-2.0
"""Events of deliveries, written into a test's lake as a run would write them.

Belongs here: making a register of deliveries. Does not belong here: tests.
"""

from dataclasses import replace
from datetime import date

from foundation.errors import Finding
from ingestion import quarantine
from ingestion.landing import Delivery, Event, record
from orchestration.house import House

KIOSK = Delivery(
    "a" * 64, "pos_csv", "kiosk_2026-10.csv", 100, date(2026, 10, 1), date(2026, 10, 31)
)


def other(letter: str, **changes: object) -> Delivery:
    """Another delivery of the same contract."""
    return replace(KIOSK, sha256=letter * 64, **changes)  # type: ignore[arg-type]


def happened(house: House, *events: Event, finding: Finding | None = None) -> None:
    """Write events; a finding belongs to the delivery of the last one."""
    with house.lakehouse.writer() as con:
        first = record(con, list(events), house.contracts, house.as_of)
        if finding is not None:
            last = events[-1].delivery
            entries = quarantine.from_findings(last, [finding])
            quarantine.write(con, entries, {last.sha256: first + len(events) - 1}, house.as_of)


def broken(rule: str = "zip_unlesbar") -> Finding:
    """A fault of the kiosk's file."""
    return Finding(
        file=KIOSK.file_name,
        row=17,
        field="Menge",
        found="„viel [5]“",
        expected="eine Zahl",
        remedy="Export wiederholen und erneut einliefern",
        rule=rule,
    )
