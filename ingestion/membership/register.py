# SPDX-License-Identifier: Apache-2.0
"""The register: who stands behind a pseudonym, encrypted, outside the lake, every read logged.

Belongs here: keeping identities of members and shops by delivery, which bank account is in force
(``accounts.py`` has the rules), and the log of reads. Does not belong here: reading lists
(``members.py``), papers and payouts, anything that enters the lake.

The file is a DuckDB database encrypted with a key of its own (AES-GCM); without the keystore it is
noise. The latest delivery counts; earlier ones stay readable as history. The log of reads is only
ever appended to.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from foundation import clock
from foundation.errors import OrtskernError
from foundation.identity import Identity
from foundation.keys import Keys
from foundation.lakehouse import engine, quote
from foundation.settings import Settings
from ingestion.membership import accounts

LIST_OF_MEMBERS = "Mitgliederliste"
_BUSY_SECONDS = 10.0
# DuckDB lets one connection at a time attach an encrypted file, also inside one process.
_ONE_AT_A_TIME = threading.RLock()

# What an ``Identity`` is made of; the account comes from ``accounts.py``.
_IDENTITY_COLUMNS = (
    "member_number",
    "name",
    "contact",
    "street",
    "postcode",
    "city",
    "country",
    "vat_status",
    "vat_id",
    "tax_number",
    "self_billing_agreed_on",
)
_SITE_COLUMNS = ("site_number", "member_id", "name", "street", "postcode", "city")
_TABLES = """
CREATE TABLE IF NOT EXISTS register.identity (
    sequence BIGINT, member_id VARCHAR, delivery VARCHAR, valid_from TIMESTAMPTZ,
    member_number VARCHAR, name VARCHAR, contact VARCHAR, street VARCHAR, postcode VARCHAR,
    city VARCHAR, country VARCHAR, vat_status VARCHAR, vat_id VARCHAR, tax_number VARCHAR,
    self_billing_agreed_on DATE, email VARCHAR, phone VARCHAR);
CREATE TABLE IF NOT EXISTS register.site_identity (
    sequence BIGINT, site_id VARCHAR, delivery VARCHAR, valid_from TIMESTAMPTZ,
    site_number VARCHAR, member_id VARCHAR, name VARCHAR, street VARCHAR, postcode VARCHAR,
    city VARCHAR);
CREATE TABLE IF NOT EXISTS register.reads (
    sequence BIGINT, read_at TIMESTAMPTZ, reader VARCHAR, purpose VARCHAR, kind VARCHAR,
    records BIGINT);
"""


@dataclass(frozen=True)
class Reachability:
    """How a member is reached beside the postal address."""

    email: str | None
    phone: str | None


@dataclass(frozen=True)
class SiteIdentity:
    """One shop in clear; ``member_id`` is the pseudonym of its member."""

    site_number: str
    member_id: str
    name: str
    street: str | None
    postcode: str | None
    city: str | None


@dataclass(frozen=True)
class Read:
    """One entry of the log: who read how many records, when and what for."""

    read_at: datetime
    reader: str
    purpose: str
    kind: str
    records: int


def upsert_identities(
    settings: Settings,
    keys: Keys,
    identities: Mapping[str, Identity],
    *,
    reachable: Mapping[str, Reachability] | None = None,
    delivery: str = "",
    entered_by: str = LIST_OF_MEMBERS,
) -> None:
    """Keep the identities of one delivery, by pseudonym of the member.

    A first IBAN is in force at once. A changed one waits for a second person; until then the old
    one stays in force. The same delivery again changes nothing.
    """
    with _open(settings, keys) as con:
        if delivery and _known(con, "identity", delivery):
            return
        instant = clock.as_of(settings)
        sequence = _next(con, "identity")
        nobody = Reachability(None, None)
        rows = [
            [sequence, member_id, delivery, instant]
            + [getattr(identity, name) for name in _IDENTITY_COLUMNS]
            + [getattr((reachable or {}).get(member_id, nobody), n) for n in ("email", "phone")]
            for member_id, identity in identities.items()
        ]
        _insert(con, "identity", rows)
        stated = [accounts.Stated(k, i.iban, i.account_holder) for k, i in identities.items()]
        accounts.enter(con, stated, entered_by, instant)


def upsert_sites(
    settings: Settings, keys: Keys, sites: Mapping[str, SiteIdentity], *, delivery: str = ""
) -> None:
    """Keep the shops of one delivery, by pseudonym of the shop. A repeated one changes nothing."""
    with _open(settings, keys) as con:
        if delivery and _known(con, "site_identity", delivery):
            return
        instant = clock.as_of(settings)
        sequence = _next(con, "site_identity")
        rows = [
            [sequence, site_id, delivery, instant] + [getattr(site, n) for n in _SITE_COLUMNS]
            for site_id, site in sites.items()
        ]
        _insert(con, "site_identity", rows)


def read_identities(
    settings: Settings,
    keys: Keys,
    *,
    reader: str,
    purpose: str,
    member_ids: Sequence[str] | None = None,
) -> dict[str, Identity]:
    """The latest identity of each member asked for (None: all), with the account in force.

    The read is in the log before anything is handed out. Raises OrtskernError without reader or
    purpose.
    """
    chosen = None if member_ids is None else set(member_ids)
    with _open(settings, keys) as con:
        rows = con.execute(
            f"""SELECT member_id, {", ".join(_IDENTITY_COLUMNS)} FROM register.identity
            QUALIFY row_number() OVER (PARTITION BY member_id ORDER BY sequence DESC) = 1
            ORDER BY member_number"""
        ).fetchall()
        in_force = accounts.in_force(con)
        found: dict[str, Identity] = {}
        for row in rows:
            if chosen is not None and row[0] not in chosen:
                continue
            iban, holder = in_force.get(row[0], (None, None))
            known: dict[str, Any] = dict(zip(_IDENTITY_COLUMNS, row[1:], strict=True))
            found[row[0]] = Identity(**known, iban=iban, account_holder=holder)
        _log(con, reader, purpose, "identity", len(found))
    return found


def read_sites(
    settings: Settings, keys: Keys, *, reader: str, purpose: str
) -> dict[str, SiteIdentity]:
    """The latest name and address of each shop, by pseudonym. Logged like ``read_identities``."""
    with _open(settings, keys) as con:
        rows = con.execute(
            f"""SELECT site_id, {", ".join(_SITE_COLUMNS)} FROM register.site_identity
            QUALIFY row_number() OVER (PARTITION BY site_id ORDER BY sequence DESC) = 1
            ORDER BY site_number"""
        ).fetchall()
        _log(con, reader, purpose, "site_identity", len(rows))
    return {row[0]: SiteIdentity(*row[1:]) for row in rows}


def log_of_reads(settings: Settings, keys: Keys) -> list[Read]:
    """Every read so far, oldest first; holds no identity, so reading it is not logged."""
    with _open(settings, keys) as con:
        rows = con.execute(
            "SELECT read_at, reader, purpose, kind, records FROM register.reads ORDER BY sequence"
        ).fetchall()
    return [Read(*row) for row in rows]


def confirm_iban(settings: Settings, keys: Keys, member_id: str, person: str) -> None:
    """Put a waiting IBAN in force. Raises OrtskernError: none waits, or not a second person."""
    with _open(settings, keys) as con:
        accounts.confirm(con, member_id, person, clock.as_of(settings))


def waiting_ibans(settings: Settings, keys: Keys) -> list[accounts.Waiting]:
    """Changes of accounts that wait for a second person, masked, by entry."""
    with _open(settings, keys) as con:
        return accounts.waiting(con)


def _log(con: DuckDBPyConnection, reader: str, purpose: str, kind: str, records: int) -> None:
    if not reader.strip() or not purpose.strip():
        raise OrtskernError(
            "Register: gefunden ein Lesen ohne Person oder Zweck, erwartet beides; "
            "reader und purpose nennen, jedes Lesen wird protokolliert."
        )
    con.execute(
        "INSERT INTO register.reads VALUES (?, ?, ?, ?, ?, ?)",
        [_next(con, "reads"), clock.wall(), reader.strip(), purpose.strip(), kind, records],
    )


def _next(con: DuckDBPyConnection, table: str) -> int:
    row = con.execute(f"SELECT coalesce(max(sequence), 0) + 1 FROM register.{table}").fetchone()
    return int(row[0]) if row else 1


def _insert(con: DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        con.executemany(f"INSERT INTO register.{table} VALUES ({marks})", rows)


def _known(con: DuckDBPyConnection, table: str, delivery: str) -> bool:
    row = con.execute(
        f"SELECT count(*) FROM register.{table} WHERE delivery = ?", [delivery]
    ).fetchone()
    return bool(row and row[0])


@contextmanager
def _open(settings: Settings, keys: Keys) -> Iterator[DuckDBPyConnection]:
    """The register attached as ``register``, in one transaction that an exception rolls back."""
    path = settings.register_path
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.chmod(0o700)
    with _ONE_AT_A_TIME, engine() as con:
        # OpenSSL of httpfs writes encrypted files; DuckDB's built-in library only reads them.
        con.execute("LOAD httpfs")
        _attach(con, path, keys.derive("register").hex())
        path.chmod(0o600)
        con.execute("BEGIN")
        try:
            con.execute(_TABLES)
            con.execute(accounts.TABLES)
            yield con
        except BaseException:
            con.execute("ROLLBACK")
            raise
        con.execute("COMMIT")
        con.execute("DETACH register")


def _attach(con: DuckDBPyConnection, path: Path, key: str) -> None:
    deadline = clock.monotonic() + _BUSY_SECONDS
    while True:
        try:
            con.execute(f"ATTACH {quote(str(path))} AS register (ENCRYPTION_KEY {quote(key)})")
            return
        except duckdb.IOException as error:
            if clock.monotonic() > deadline:
                raise OrtskernError(
                    f"Register „{path.name}“ wird von einem anderen Lauf benutzt; "
                    "warten, bis er zu Ende ist, und wiederholen."
                ) from error
            time.sleep(0.1)
        except (duckdb.InvalidInputException, duckdb.CatalogException):
            # Without its cause: the message of DuckDB may repeat the statement, and so the key.
            raise OrtskernError(
                f"Register „{path.name}“ lässt sich mit den Schlüsseln dieses Rechners nicht "
                "öffnen; die passenden Schlüssel zurückholen."
            ) from None
