# SPDX-License-Identifier: Apache-2.0
"""Whether a delivery may come in: tills known, consent not withdrawn, days past.

Belongs here: rules that need the member list and the consents, which no single file can tell. Does
not belong here: what is in the file (contract), who a till belongs to in clear (`membership`).

Fails closed: as long as no list of shops is loaded, every till is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import pyarrow.compute as pc
from duckdb import DuckDBPyConnection

from foundation.contracts import Contract, ContractField, ContractObject
from foundation.errors import Finding
from ingestion.adapter import Parsed
from ingestion.landing import Delivery
from ingestion.pseudonyms import Pseudonyms
from ingestion.quarantine import UNKNOWN_TILL, WITHDRAWN, masked

_WITHDRAWN_STATUS = "widerrufen"


@dataclass(frozen=True)
class Verdict:
    """Why a delivery stays out: `event` for the register, tills it waits for, what to tell."""

    event: str
    finding: Finding
    subjects: tuple[str, ...] = ()


class Admission:
    """What the lake knows about tills and consents, read once per load."""

    def __init__(
        self,
        con: DuckDBPyConnection,
        contract: Contract,
        pseudonyms: Pseudonyms,
        today: date,
        timezone: str,
    ) -> None:
        self._pseudonyms = pseudonyms
        self._today = today
        self._past_only = bool(contract.options.get("notAfterAsOf"))
        purpose = contract.options.get("consentPurpose")
        self._till = _till_field(contract) if purpose else None
        self._known = _known_tills(con) if self._till else set()
        self._withdrawn = _withdrawals(con, str(purpose), timezone) if self._till else {}

    def is_due(self, delivery: Delivery) -> bool:
        """Whether a delivery that waited for its tills need not wait any longer."""
        return delivery.event != "quarantined" or self._known.issuperset(delivery.subjects)

    def judge(self, delivery: Delivery, parsed: Parsed) -> Verdict | None:
        """None where the delivery may come in."""
        if self._past_only and delivery.last_date and delivery.last_date > self._today:
            return Verdict("quarantined", self._future(delivery, delivery.last_date))
        if self._till is None:
            return None
        obj, field = self._till
        values = pc.unique(parsed.tables[obj.name][field.name]).to_pylist()
        tills = {v: self._pseudonyms.of("till", v) for v in sorted(v for v in values if v)}
        unknown = [v for v, pseudonym in tills.items() if pseudonym not in self._known]
        if unknown:
            subjects = tuple(sorted(str(tills[v]) for v in unknown))
            return Verdict("quarantined", _unknown(delivery, field, unknown[0]), subjects)
        days = [self._withdrawn[str(p)] for p in tills.values() if str(p) in self._withdrawn]
        if days and (delivery.last_date is None or delivery.last_date > min(days)):
            return Verdict("refused", _refused(delivery, min(days)))
        return None

    def _future(self, delivery: Delivery, last: date) -> Finding:
        return Finding(
            file=delivery.file_name,
            row=None,
            field=None,
            found=f"Tage bis {last:%d.%m.%Y}",
            expected=f"Tage bis zum Stichtag {self._today:%d.%m.%Y}",
            remedy="Datum der Kasse prüfen, Export wiederholen und erneut einliefern",
            rule="zeitraum",
        )


def _till_field(contract: Contract) -> tuple[ContractObject, ContractField]:
    return next(
        (obj, field)
        for obj in contract.objects
        for field in obj.fields
        if field.pseudonym_domain == "till"
    )


def _has(con: DuckDBPyConnection, *tables: str) -> bool:
    found = con.execute(
        "SELECT count(DISTINCT table_name) FROM information_schema.tables "
        "WHERE table_catalog = 'lake' AND table_schema = 'raw' AND list_contains(?, table_name)",
        [list(tables)],
    ).fetchone()
    return found is not None and int(found[0]) == len(tables)


def _known_tills(con: DuckDBPyConnection) -> set[str]:
    if not _has(con, "members_sites"):
        return set()
    rows = con.execute(
        "SELECT DISTINCT till_id FROM lake.raw.members_sites WHERE till_id IS NOT NULL"
    ).fetchall()
    return {str(r[0]) for r in rows}


def _withdrawals(con: DuckDBPyConnection, purpose: str, timezone: str) -> dict[str, date]:
    """Tills whose owner has withdrawn `purpose`, with the local day of the withdrawal.

    The owner decides: the withdrawal of one membership holds for all shops of the same owner.
    A consent given again later lifts it.
    """
    if not _has(con, "members_sites", "members_members", "members_consents"):
        return {}
    rows = con.execute(
        """
        WITH consent AS (
            SELECT member_id, status, recorded_at FROM lake.raw.members_consents WHERE purpose = ?
            QUALIFY row_number() OVER (
                PARTITION BY member_id ORDER BY recorded_at DESC, status DESC
            ) = 1
        ), owner AS (
            SELECT DISTINCT member_id, coalesce(owner_id, member_id) AS owner_id
            FROM lake.raw.members_members
        ), site AS (
            SELECT DISTINCT s.till_id, o.owner_id
            FROM lake.raw.members_sites s JOIN owner o USING (member_id)
            WHERE s.till_id IS NOT NULL
        )
        SELECT site.till_id, min(consent.recorded_at)
        FROM consent JOIN owner USING (member_id) JOIN site USING (owner_id)
        WHERE consent.status = ?
        GROUP BY site.till_id
        """,
        [purpose, _WITHDRAWN_STATUS],
    ).fetchall()
    zone = ZoneInfo(timezone)
    return {str(till): (at.astimezone(zone) if at.tzinfo else at).date() for till, at in rows}


def _unknown(delivery: Delivery, field: ContractField, till: str) -> Finding:
    return Finding(
        file=delivery.file_name,
        row=None,
        field=field.source,
        found=f"die unbekannte Kasse {masked(till)}",
        expected="eine Kasse aus der Mitgliederliste",
        remedy=(
            f"Kasse {masked(till)} in der Mitgliederliste (betriebsstaetten.csv) eintragen, "
            "dann erneut laden"
        ),
        rule=UNKNOWN_TILL,
    )


def _refused(delivery: Delivery, withdrawn: date) -> Finding:
    return Finding(
        file=delivery.file_name,
        row=None,
        field=None,
        found="Tage nach dem Widerruf der Einwilligung",
        expected=f"Tage bis {withdrawn:%d.%m.%Y}",
        remedy="nichts zu laden; den Laden bitten, keine Daten mehr zu senden",
        rule=WITHDRAWN,
    )
