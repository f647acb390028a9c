# SPDX-License-Identifier: Apache-2.0
"""Where deliveries arrive: every file unchanged, under its hash, under a key of its own.

Belongs here: taking files from the inbox into the landing store, the register of deliveries and
its events. Does not belong here: reading what a file says beyond the days it covers
(`loading.py`), what is wrong with one (`quarantine.py`), keys (`vault.py`).

A file is stored before it is registered, and nothing is loaded that is not registered: a run
killed at any point is completed by the next one.

A delivery is its bytes, whatever they are called. Two exceptions keep a steward from waiting for
nothing: bytes that were put aside and come again under another name or into another folder are
looked at again under that name, and an empty file, which has no bytes, is known by its place.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
from duckdb import DuckDBPyConnection

from foundation.clock import as_of
from foundation.contracts import Contract
from foundation.errors import BadDelivery, OrtskernError
from foundation.keys import Keys
from foundation.lakehouse import Lakehouse
from foundation.migrations import migrate
from foundation.objects import open_store
from foundation.settings import Settings
from ingestion.adapter import read_with
from ingestion.registry import adapter_for
from ingestion.vault import Vault

_T = TypeVar("_T")

# Step, done, total: called now and then while something takes its time.
Progress = Callable[[str, int, int], None]

BATCH_FILES = 5_000
# Last events of a delivery whose bytes may come in when they arrive under another name.
_PUT_ASIDE = ("quarantined", "closed")
# Files that another program is still writing, or that a desktop leaves behind.
_UNFINISHED = (".part", ".tmp", ".crdownload", "~")
_EVENT_COLUMNS = {
    "event_no": pa.int64(),
    "delivery_sha256": pa.string(),
    "contract_id": pa.string(),
    "contract_version": pa.string(),
    "file_name": pa.string(),
    "size_bytes": pa.int64(),
    "first_date": pa.date32(),
    "last_date": pa.date32(),
    "event": pa.string(),
    "reason": pa.string(),
    "subjects": pa.string(),
    "loaded_rows": pa.int64(),
    "quarantined_rows": pa.int64(),
    "at": pa.timestamp("us", "UTC"),
}


def quiet(step: str, done: int, total: int) -> None:
    """Progress for those who do not watch."""


@dataclass(frozen=True)
class Delivery:
    """A registered delivery; the days are None where the file could not be read at the door."""

    sha256: str
    contract_id: str
    file_name: str
    size_bytes: int
    first_date: date | None
    last_date: date | None
    event: str = "landed"
    subjects: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[date, str]:
        """Deliveries are loaded by the days they cover, then by hash: the same way every time."""
        return self.first_date or date.min, self.sha256


@dataclass(frozen=True)
class Event:
    """One line of the register: what became of `delivery`."""

    delivery: Delivery
    event: str
    reason: str | None = None
    subjects: tuple[str, ...] = ()
    loaded_rows: int | None = None
    quarantined_rows: int | None = None


@dataclass
class LandingReport:
    """What one look into the inbox found. `strangers` are folders that no contract names."""

    files: int = 0
    landed: dict[str, int] = field(default_factory=dict)
    duplicates: int = 0
    size_bytes: int = 0
    strangers: list[str] = field(default_factory=list)

    @property
    def new(self) -> int:
        """Deliveries that were not known before."""
        return sum(self.landed.values())


@dataclass(frozen=True)
class _Found:
    contract: Contract
    path: Path
    file_name: str
    sha256: str
    size_bytes: int

    def delivery(self, days: tuple[date | None, date | None] = (None, None)) -> Delivery:
        return Delivery(
            self.sha256, self.contract.id, self.file_name, self.size_bytes, days[0], days[1]
        )


class Landing:
    """The landing store: encrypted files by the hash of what was delivered."""

    def __init__(self, settings: Settings, keys: Keys) -> None:
        self._store = open_store(settings.landing, settings)
        self._vault = Vault(settings, keys)

    def put(self, sha256: str, data: bytes) -> bytes:
        """Store a delivery; returns its sealed key, to be kept before it is registered."""
        encrypted, sealed = self._vault.seal(sha256, data)
        self._store.put(object_key(sha256), encrypted)
        return sealed

    def keep_keys(self, sealed: Mapping[str, bytes]) -> None:
        """Keep the sealed keys of stored deliveries."""
        self._vault.keep(sealed)

    def keys_of(self, deliveries: Iterable[str]) -> dict[str, bytes]:
        """The sealed keys of deliveries, for `read`."""
        return self._vault.sealed(deliveries)

    def read(self, sha256: str, sealed: bytes | None = None) -> bytes:
        """The delivery as it arrived. Raises OrtskernError when it is lost, erased or altered."""
        if sealed is None:
            sealed = self.keys_of([sha256]).get(sha256)
        if sealed is None:
            raise OrtskernError(
                f"Lieferung {sha256[:12]}…: gefunden kein Schlüssel, erwartet einer in "
                "keys/deliveries.sqlite; die Lieferung ist gelöscht oder der Schlüsselordner fehlt."
            )
        try:
            encrypted = self._store.get(object_key(sha256))
        except KeyError as error:
            raise OrtskernError(
                f"Lieferung {sha256[:12]}…: gefunden keine Datei, erwartet {object_key(sha256)} in "
                "der Ablage; aus der Sicherung zurückholen oder erneut einliefern."
            ) from error
        data = self._vault.open(sha256, encrypted, sealed)
        # What is empty is known by its place; the vault has vouched that it belongs to this hash.
        if data and hashlib.sha256(data).hexdigest() != sha256:
            raise OrtskernError(
                f"Lieferung {sha256[:12]}…: anderer Inhalt als registriert; "
                "aus der Sicherung zurückholen oder erneut einliefern."
            )
        return data


def object_key(sha256: str) -> str:
    """Place of a delivery in the landing store."""
    return f"{sha256[:2]}/{sha256}.age"


def read_delivery(settings: Settings, keys: Keys, sha256: str) -> bytes:
    """One delivery as it arrived. Raises OrtskernError when it is lost, erased or altered."""
    return Landing(settings, keys).read(sha256)


def land_inbox(
    settings: Settings,
    lakehouse: Lakehouse,
    keys: Keys,
    contracts: Mapping[str, Contract],
    progress: Progress = quiet,
) -> LandingReport:
    """Take every file of the inbox into the landing store and register it.

    A file whose bytes are known is registered as a duplicate, once per file name, unless what is
    known of them was put aside: then it lands again under its new name. A second call over the
    same inbox writes nothing. The inbox itself is left as it is.
    """
    report = LandingReport()
    candidates = list(_inbox(settings.inbox, contracts, report))
    report.files = len(candidates)
    if not candidates:
        return report
    with lakehouse.writer() as con, ThreadPoolExecutor(workers()) as pool:
        prepare(con)
        hashed = list(
            _counted(pool.map(_hash, candidates), "Dateien prüfen", len(candidates), progress)
        )
        known = _known(con)
        new, duplicates = _sort_out(hashed, known)
        landing, instant = Landing(settings, keys), as_of(settings)
        for start in range(0, len(new), BATCH_FILES):
            batch = new[start : start + BATCH_FILES]
            stored = pool.map(lambda found: _store(found, landing, known.events), batch)
            done = list(_counted(stored, "Dateien ablegen", len(batch), progress))
            landing.keep_keys({d.sha256: sealed for d, sealed in done if sealed is not None})
            record(con, [Event(d, "landed") for d, _ in done], contracts, instant)
        record(con, [Event(f.delivery(), "duplicate") for f in duplicates], contracts, instant)
    for found in new:
        report.landed[found.contract.id] = report.landed.get(found.contract.id, 0) + 1
        report.size_bytes += found.size_bytes
    report.duplicates = len(duplicates)
    return report


def workers() -> int:
    """Threads for reading and parsing: hashing, encryption, zlib and Arrow let others run."""
    return max(2, min(os.cpu_count() or 2, 16))


def prepare(con: DuckDBPyConnection) -> None:
    """Create the register's tables where they are missing."""
    migrate(con, "landing")


def record(
    con: DuckDBPyConnection,
    events: Sequence[Event],
    contracts: Mapping[str, Contract],
    instant: datetime,
) -> int:
    """Append events to the register in one statement; the number of the first one."""
    row = con.execute("SELECT coalesce(max(event_no), 0) FROM lake.landing.delivery").fetchone()
    first = int(row[0]) + 1 if row else 1
    if not events:
        return first
    rows = [
        {
            "event_no": first + i,
            "delivery_sha256": e.delivery.sha256,
            "contract_id": e.delivery.contract_id,
            "contract_version": contracts[e.delivery.contract_id].version,
            "file_name": e.delivery.file_name,
            "size_bytes": e.delivery.size_bytes,
            "first_date": e.delivery.first_date,
            "last_date": e.delivery.last_date,
            "event": e.event,
            "reason": e.reason,
            "subjects": ",".join(e.subjects) or None,
            "loaded_rows": e.loaded_rows,
            "quarantined_rows": e.quarantined_rows,
            "at": instant,
        }
        for i, e in enumerate(events)
    ]
    append(con, "delivery", pa.Table.from_pylist(rows, pa.schema(_EVENT_COLUMNS)))
    return first


def append(con: DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    """Append Arrow rows to a table of the schema `landing`, matched by name."""
    con.register("landing_rows", rows)
    try:
        con.execute(f"INSERT INTO lake.landing.{table} BY NAME SELECT * FROM landing_rows")
    finally:
        con.unregister("landing_rows")


def pending(
    con: DuckDBPyConnection,
    contract_id: str,
    first_day: date | None = None,
    last_day: date | None = None,
) -> list[Delivery]:
    """Deliveries of a contract that are neither loaded nor refused, in the order of loading.

    Days limit the answer to deliveries that cover one of them; those without known days always
    belong to it. `event` is `landed`, or `quarantined` for those that wait for their `subjects`
    to become known.
    """
    rows = con.execute(
        """
        SELECT delivery_sha256, contract_id, file_name, size_bytes, first_date, last_date, event,
            subjects
        FROM lake.landing.delivery
        WHERE event <> 'duplicate'
        QUALIFY row_number() OVER (PARTITION BY delivery_sha256 ORDER BY event_no DESC) = 1
            AND (event = 'landed' OR (event = 'quarantined' AND subjects IS NOT NULL))
            AND contract_id = ?
        """,
        [contract_id],
    ).fetchall()
    deliveries = [
        Delivery(r[0], r[1], r[2], r[3], r[4], r[5], r[6], tuple(r[7].split(",")) if r[7] else ())
        for r in rows
    ]
    return sorted((d for d in deliveries if _covers(d, first_day, last_day)), key=lambda d: d.order)


def _covers(delivery: Delivery, first_day: date | None, last_day: date | None) -> bool:
    if delivery.first_date is None or delivery.last_date is None:
        return True
    return (first_day is None or delivery.last_date >= first_day) and (
        last_day is None or delivery.first_date <= last_day
    )


def _inbox(
    inbox: Path, contracts: Mapping[str, Contract], report: LandingReport
) -> Iterator[tuple[Contract, Path, str]]:
    if not inbox.is_dir():
        return
    for folder in sorted(p for p in inbox.iterdir() if p.is_dir()):
        if folder.name not in contracts:
            report.strangers.append(folder.name)
            continue
        for path in sorted(folder.rglob("*"), key=_amended_last):
            hidden = any(p.startswith(".") for p in path.relative_to(folder).parts)
            if path.is_file() and not hidden and not path.name.endswith(_UNFINISHED):
                yield contracts[folder.name], path, path.relative_to(folder).as_posix()


def _amended_last(path: Path) -> tuple[list[list[str | int]], str]:
    """Sort key of files that are found together: a name with an addition ("-korrigiert", " (1)", "_v2") after the name it amends.

    Of two deliveries for the same days the one that landed last counts. By bytes alone „mai-korrigiert.csv“ would land before
    „mai.csv“ and lose to it whenever both lie in the inbox at once, as after the lake was built anew.
    """
    stem = re.sub(r"(\.tar)?\.[^.]*$", "", path.name)
    return [_numbered(part) for part in (*path.parts[:-1], stem)], path.name


def _numbered(text: str) -> list[str | int]:
    """Text and whole numbers by turns, so that 10 comes after 9."""
    parts = re.split(r"([0-9]+)", text.casefold())
    return [int(part) if i % 2 else part for i, part in enumerate(parts)]


def _hash(candidate: tuple[Contract, Path, str]) -> _Found:
    contract, path, name = candidate
    data = path.read_bytes()
    return _Found(contract, path, name, _identity(contract, name, data), len(data))


def _identity(contract: Contract, name: str, data: bytes) -> str:
    """SHA-256 of the bytes; of the place where there are none, or all empty files would be one."""
    return hashlib.sha256(data or f"{contract.id}/{name}".encode()).hexdigest()


@dataclass(frozen=True)
class _Known:
    """What the register says: last event by hash, and the places at which a hash was seen."""

    events: dict[str, str]
    places: set[tuple[str, str, str]]


def _known(con: DuckDBPyConnection) -> _Known:
    last = con.execute(
        """SELECT delivery_sha256, event FROM lake.landing.delivery WHERE event <> 'duplicate'
        QUALIFY row_number() OVER (PARTITION BY delivery_sha256 ORDER BY event_no DESC) = 1"""
    ).fetchall()
    places = con.execute(
        "SELECT DISTINCT delivery_sha256, contract_id, file_name FROM lake.landing.delivery "
        "WHERE event IN ('landed', 'duplicate')"
    ).fetchall()
    return _Known({r[0]: r[1] for r in last}, {(r[0], r[1], r[2]) for r in places})


def _sort_out(hashed: list[_Found], known: _Known) -> tuple[list[_Found], list[_Found]]:
    """Files to land, and copies: of what is loaded or waits, or of a file landed just now."""
    new: list[_Found] = []
    duplicates: list[_Found] = []
    groups: dict[str, list[_Found]] = {}
    for found in hashed:
        if (found.sha256, found.contract.id, found.file_name) not in known.places:
            groups.setdefault(found.sha256, []).append(found)
    for sha256, copies in groups.items():
        if known.events.get(sha256, _PUT_ASIDE[0]) not in _PUT_ASIDE:
            duplicates += copies
            continue
        # Of copies that arrive together, one may have the wrong name and one the right one.
        chosen = copies[0]
        if len(copies) > 1:
            chosen = next((c for c in copies if _is_readable(c)), chosen)
        new.append(chosen)
        duplicates += [c for c in copies if c is not chosen]
    return new, duplicates


def _is_readable(found: _Found) -> bool:
    return _days(found, found.path.read_bytes()) != (None, None)


def _days(found: _Found, data: bytes) -> tuple[date | None, date | None]:
    try:
        read = adapter_for(found.contract).period
        return read_with(read, found.file_name, data, found.contract)
    except BadDelivery:
        # It is kept all the same; loading will say what is wrong with it.
        return None, None


def _store(
    found: _Found, landing: Landing, known: Mapping[str, str]
) -> tuple[Delivery, bytes | None]:
    """The delivery with its days, and its sealed key unless its bytes are stored already."""
    data = found.path.read_bytes()
    if _identity(found.contract, found.file_name, data) != found.sha256:
        raise OrtskernError(
            f"Datei „{found.file_name}“: gefunden ein Inhalt, der sich beim Lesen ändert, erwartet "
            "eine fertige Datei; warten, bis die Übertragung fertig ist, dann erneut starten."
        )
    sealed = None if found.sha256 in known else landing.put(found.sha256, data)
    return found.delivery(_days(found, data)), sealed


def _counted(items: Iterable[_T], step: str, total: int, progress: Progress) -> Iterator[_T]:
    for number, item in enumerate(items, start=1):
        if number % 100 == 0 or number == total:
            progress(step, number, total)
        yield item
