# SPDX-License-Identifier: Apache-2.0
"""Whether a delivery may come in: tills, shops and owners known, consent not withdrawn, days past.

Belongs here: rules that need the member list and the consents, which no single file can tell. Does
not belong here: what is in the file (contract), who a till belongs to in clear (`membership`).

A delivery is judged by its tills, or by its shops where the source knows no tills (invoices); a contract
without a purpose of consent names in `knownSubject` (`site` or `owner`) what the list must know.
Fails closed: as long as no list of shops is loaded, every till, shop and owner is unknown.
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
from ingestion.quarantine import UNKNOWN_SITE, UNKNOWN_TILL, WITHDRAWN, masked

_WITHDRAWN_STATUS = "widerrufen"


@dataclass(frozen=True)
class _Subject:
    """What the member list must know: where it stands there, and how to speak of it."""

    table: str
    column: str
    file: str
    rule: str
    noun: str
    unknown: str
    known: str


_SUBJECTS = {
    "till": _Subject(
        "members_sites", "till_id", "betriebsstaetten.csv", UNKNOWN_TILL,
        "Kasse", "die unbekannte Kasse", "eine Kasse",
    ),
    "site": _Subject(
        "members_sites", "site_id", "betriebsstaetten.csv", UNKNOWN_SITE,
        "Betriebsstätte", "die unbekannte Betriebsstätte", "eine Betriebsstätte",
    ),
    "owner": _Subject(
        "members_members", "owner_id", "mitglieder.csv", "unbekannter_inhaber",
        "Inhaber", "den unbekannten Inhaber", "ein Inhaber",
    ),
}  # fmt: skip


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
        self._subject: _Subject | None = None
        self._known: set[str] = set()
        self._withdrawn: dict[str, date] = {}
        if purpose or contract.options.get("knownSubject"):
            self._field = _subject_field(contract)
            self._subject = _SUBJECTS[str(self._field[1].pseudonym_domain)]
            self._known = _known(con, self._subject)
        if purpose and self._subject:
            self._withdrawn = _withdrawals(con, self._subject.column, str(purpose), timezone)

    def is_due(self, delivery: Delivery) -> bool:
        """Whether a delivery that waited for its tills or shops need not wait any longer."""
        return delivery.event != "quarantined" or self._known.issuperset(delivery.subjects)

    def judge(self, delivery: Delivery, parsed: Parsed) -> Verdict | None:
        """None where the delivery may come in."""
        if self._past_only and delivery.last_date and delivery.last_date > self._today:
            return Verdict("quarantined", self._future(delivery, delivery.last_date))
        if self._subject is None:
            return None
        obj, field = self._field
        domain = str(field.pseudonym_domain)
        values = pc.unique(parsed.tables[obj.name][field.name]).to_pylist()
        named = {v: self._pseudonyms.of(domain, v) for v in sorted(v for v in values if v)}
        unknown = [v for v, pseudonym in named.items() if pseudonym not in self._known]
        if unknown:
            subjects = tuple(sorted(str(named[v]) for v in unknown))
            finding = _unknown(delivery, field, self._subject, unknown[0])
            return Verdict("quarantined", finding, subjects)
        days = [self._withdrawn[str(p)] for p in named.values() if str(p) in self._withdrawn]
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
            remedy="Datum in der Datei oder am Gerät prüfen, Export wiederholen und erneut einliefern",
            rule="zeitraum",
        )


def _subject_field(contract: Contract) -> tuple[ContractObject, ContractField]:
    return next(
        (obj, field)
        for domain in _SUBJECTS
        for obj in contract.objects
        for field in obj.fields
        if field.pseudonym_domain == domain
    )


def _has(con: DuckDBPyConnection, *tables: str) -> bool:
    found = con.execute(
        "SELECT count(DISTINCT table_name) FROM information_schema.tables "
        "WHERE table_catalog = 'lake' AND table_schema = 'raw' AND list_contains(?, table_name)",
        [list(tables)],
    ).fetchone()
    return found is not None and int(found[0]) == len(tables)


def _known(con: DuckDBPyConnection, subject: _Subject) -> set[str]:
    if not _has(con, subject.table):
        return set()
    column = subject.column
    rows = con.execute(
        f"SELECT DISTINCT {column} FROM lake.raw.{subject.table} WHERE {column} IS NOT NULL"
    ).fetchall()
    return {str(r[0]) for r in rows}


def _withdrawals(
    con: DuckDBPyConnection, column: str, purpose: str, timezone: str
) -> dict[str, date]:
    """Tills or shops whose owner has withdrawn `purpose`, with the local day of the withdrawal.

    The owner decides: the withdrawal of one membership holds for all shops of the same owner.
    A consent given again later lifts it.
    """
    if not _has(con, "members_sites", "members_members", "members_consents"):
        return {}
    rows = con.execute(
        f"""
        WITH consent AS (
            SELECT member_id, status, recorded_at FROM lake.raw.members_consents WHERE purpose = ?
            QUALIFY row_number() OVER (
                PARTITION BY member_id ORDER BY recorded_at DESC, status DESC
            ) = 1
        ), owner AS (
            SELECT DISTINCT member_id, coalesce(owner_id, member_id) AS owner_id
            FROM lake.raw.members_members
        ), site AS (
            SELECT DISTINCT s.{column} AS subject, o.owner_id
            FROM lake.raw.members_sites s JOIN owner o USING (member_id)
            WHERE s.{column} IS NOT NULL
        )
        SELECT site.subject, min(consent.recorded_at)
        FROM consent JOIN owner USING (member_id) JOIN site USING (owner_id)
        WHERE consent.status = ?
        GROUP BY site.subject
        """,
        [purpose, _WITHDRAWN_STATUS],
    ).fetchall()
    zone = ZoneInfo(timezone)
    return {str(subject): (at.astimezone(zone) if at.tzinfo else at).date() for subject, at in rows}


def _unknown(delivery: Delivery, field: ContractField, subject: _Subject, value: str) -> Finding:
    return Finding(
        file=delivery.file_name,
        row=None,
        field=field.source,
        found=f"{subject.unknown} {masked(value)}",
        expected=f"{subject.known} aus der Mitgliederliste",
        remedy=(
            f"{subject.noun} {masked(value)} in der Mitgliederliste ({subject.file}) eintragen, "
            "dann erneut laden"
        ),
        rule=subject.rule,
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
