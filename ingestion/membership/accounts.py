# SPDX-License-Identifier: Apache-2.0
"""Which bank account is in force: a changed IBAN counts only when a second person confirmed it.

Belongs here: the states of a bank account in the register. Does not belong here: opening the
register (``register.py``), payouts.

A row per entry is kept for ever; only its state moves: „in Kraft“, „wartet auf zweite Person“,
„abgelöst“ (another one came into force), „verworfen“ (overtaken before it was confirmed).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from duckdb import DuckDBPyConnection

from foundation.errors import OrtskernError
from foundation.formats import iban_masked

IN_FORCE = "in Kraft"
WAITING = "wartet auf zweite Person"
REPLACED = "abgelöst"
DISCARDED = "verworfen"

TABLES = """
CREATE TABLE IF NOT EXISTS register.account (
    sequence BIGINT, member_id VARCHAR, iban VARCHAR, account_holder VARCHAR, state VARCHAR,
    entered_by VARCHAR, entered_at TIMESTAMPTZ, confirmed_by VARCHAR, confirmed_at TIMESTAMPTZ);
"""


@dataclass(frozen=True)
class Waiting:
    """A change that waits; ``iban`` is masked, None where the account is to be removed."""

    member_id: str
    iban: str | None
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True)
class Stated:
    """What a delivery states about one member's account."""

    member_id: str
    iban: str | None
    account_holder: str | None


def enter(
    con: DuckDBPyConnection, stated: Iterable[Stated], person: str, instant: datetime
) -> None:
    """What a delivery says about accounts: nothing new, a first one, or a change that waits.

    The account holder's name alone may change at once; the money still goes to the same account.
    """
    entries = _entries(con)
    sequence = max((entry.sequence for entry in entries.values()), default=0)
    for account in stated:
        current = entries.get((account.member_id, IN_FORCE))
        pending = entries.get((account.member_id, WAITING))
        same = current.iban == account.iban if current else account.iban is None
        if pending is not None and (same or pending.iban != account.iban):
            _set_state(con, pending.sequence, DISCARDED)
        if same:
            if current is not None and current.account_holder != account.account_holder:
                con.execute(
                    "UPDATE register.account SET account_holder = ? WHERE sequence = ?",
                    [account.account_holder, current.sequence],
                )
            continue
        if pending is not None and pending.iban == account.iban:
            continue
        sequence += 1
        con.execute(
            "INSERT INTO register.account VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
            [
                sequence,
                account.member_id,
                account.iban,
                account.account_holder,
                WAITING if current else IN_FORCE,
                person,
                instant,
            ],
        )


def confirm(con: DuckDBPyConnection, member_id: str, person: str, instant: datetime) -> None:
    """Put the waiting account in force. Raises OrtskernError: none waits, not a second person."""
    entries = _entries(con)
    pending = entries.get((member_id, WAITING))
    if pending is None:
        raise OrtskernError(
            f"Mitglied {member_id[:8]}…, Feld „iban“: gefunden keine wartende Änderung, erwartet "
            "eine; die Liste der wartenden Änderungen ansehen."
        )
    if not person.strip() or _same(person, pending.entered_by):
        raise OrtskernError(
            f"Mitglied {member_id[:8]}…, Feld „iban“: gefunden dieselbe Person wie bei der "
            "Eingabe, erwartet eine zweite Person; eine andere Person bestätigen lassen."
        )
    current = entries.get((member_id, IN_FORCE))
    if current is not None:
        _set_state(con, current.sequence, REPLACED)
    con.execute(
        """UPDATE register.account SET state = ?, confirmed_by = ?, confirmed_at = ?
        WHERE sequence = ?""",
        [IN_FORCE, person.strip(), instant, pending.sequence],
    )


def in_force(con: DuckDBPyConnection) -> dict[str, tuple[str | None, str | None]]:
    """IBAN and account holder in force, by member."""
    rows = con.execute(
        "SELECT member_id, iban, account_holder FROM register.account WHERE state = ?", [IN_FORCE]
    ).fetchall()
    return {member_id: (iban, holder) for member_id, iban, holder in rows}


def waiting(con: DuckDBPyConnection) -> list[Waiting]:
    """Changes that wait for a second person, in the order of their entry."""
    rows = con.execute(
        """SELECT member_id, iban, entered_by, entered_at FROM register.account
        WHERE state = ? ORDER BY sequence""",
        [WAITING],
    ).fetchall()
    return [Waiting(m, iban_masked(iban) if iban else None, by, at) for m, iban, by, at in rows]


@dataclass(frozen=True)
class _Entry:
    sequence: int
    iban: str | None
    account_holder: str | None
    entered_by: str


def _entries(con: DuckDBPyConnection) -> dict[tuple[str, str], _Entry]:
    """The last entry of each member and state; in force and waiting there is at most one."""
    rows = con.execute(
        """SELECT member_id, state, sequence, iban, account_holder, entered_by
        FROM register.account ORDER BY sequence"""
    ).fetchall()
    return {(row[0], row[1]): _Entry(*row[2:]) for row in rows}


def _set_state(con: DuckDBPyConnection, sequence: int, state: str) -> None:
    con.execute("UPDATE register.account SET state = ? WHERE sequence = ?", [state, sequence])


def _same(left: str, right: str) -> bool:
    return " ".join(left.casefold().split()) == " ".join(right.casefold().split())
