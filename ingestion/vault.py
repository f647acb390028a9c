# SPDX-License-Identifier: Apache-2.0
"""One key per delivery, so that a delivery can be made unreadable for ever without touching others.

Belongs here: encrypting a file with age under a fresh identity, and keeping the identities, each
sealed under a key derived from the keystore, in `keys/deliveries.sqlite`. Does not belong here:
where the encrypted bytes lie (`landing.py`).

Erasing a delivery destroys its identity; copies of the bytes in backups are then noise.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from foundation.errors import OrtskernError
from foundation.keys import Keys
from foundation.settings import Settings

_NONCE_BYTES = 12
_MOST_PARAMETERS = 500


class Vault:
    """The identities of deliveries. Threads may share it, but for `keep` and `destroy`."""

    def __init__(self, settings: Settings, keys: Keys) -> None:
        self._path = settings.keys_dir / "deliveries.sqlite"
        self._master = ChaCha20Poly1305(keys.derive("landing/deliveries"))

    def __repr__(self) -> str:
        return "Vault(…)"

    def seal(self, delivery: str, data: bytes) -> tuple[bytes, bytes]:
        """`data` encrypted under a fresh identity, and that identity sealed for `keep`."""
        identity = pyrage.x25519.Identity.generate()
        encrypted: bytes = pyrage.encrypt(data, [identity.to_public()])
        nonce = os.urandom(_NONCE_BYTES)
        # The hash is bound in: a sealed identity moved to another delivery does not open.
        sealed = self._master.encrypt(nonce, str(identity).encode(), delivery.encode())
        return encrypted, nonce + sealed

    def open(self, delivery: str, encrypted: bytes, sealed: bytes) -> bytes:
        """The delivery in clear. Raises OrtskernError when key and bytes do not belong together."""
        try:
            identity = self._master.decrypt(
                sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], delivery.encode()
            )
            data: bytes = pyrage.decrypt(
                encrypted, [pyrage.x25519.Identity.from_str(identity.decode())]
            )
        except (InvalidTag, pyrage.DecryptError, pyrage.IdentityError) as error:
            raise OrtskernError(
                f"Lieferung {delivery[:12]}…: Schlüssel und Daten gehören nicht zueinander; "
                "beide aus derselben Sicherung zurückholen."
            ) from error
        return data

    def keep(self, sealed: Mapping[str, bytes]) -> None:
        """Store sealed identities, replacing earlier ones of the same deliveries; all or none."""
        with self._database() as db:
            db.executemany("INSERT OR REPLACE INTO delivery_key VALUES (?, ?)", sealed.items())

    def sealed(self, deliveries: Iterable[str]) -> dict[str, bytes]:
        """The sealed identities there are, by delivery."""
        wanted = list(deliveries)
        found: dict[str, bytes] = {}
        with self._database() as db:
            for start in range(0, len(wanted), _MOST_PARAMETERS):
                part = wanted[start : start + _MOST_PARAMETERS]
                marks = ",".join("?" * len(part))
                found.update(
                    db.execute(
                        f"SELECT delivery_sha256, sealed FROM delivery_key "
                        f"WHERE delivery_sha256 IN ({marks})",
                        part,
                    ).fetchall()
                )
        return found

    def destroy(self, delivery: str) -> None:
        """Forget the identity of a delivery: its bytes can never be read again."""
        with self._database() as db:
            db.execute("DELETE FROM delivery_key WHERE delivery_sha256 = ?", [delivery])

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = not self._path.exists()
        db = sqlite3.connect(self._path)
        try:
            if new:
                self._path.chmod(0o600)
            # Deleted keys are overwritten with zeros, in the file and in no side file.
            db.execute("PRAGMA secure_delete = ON")
            db.execute("PRAGMA journal_mode = DELETE")
            db.execute(
                "CREATE TABLE IF NOT EXISTS delivery_key "
                "(delivery_sha256 TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID"
            )
            with db:
                yield db
        finally:
            db.close()
