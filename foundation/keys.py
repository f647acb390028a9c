# SPDX-License-Identifier: Apache-2.0
"""The keystore: one root secret, made at the first run, and everything derived from it.

Belongs here: the root secret, its recovery text, derivation by purpose (HKDF, RFC 5869), the signing key (Ed25519, RFC 8032).
Does not belong here: what a key is used for (pseudonyms, landing, register, publication).

The recovery text is shown once, when the secret is made; from it the same keys come back on another machine.
"""

import base64
import hashlib
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from foundation.errors import ConfigError
from foundation.settings import Settings

ROOT_BYTES = 32
_CHECK_BYTES = 3


@dataclass(frozen=True)
class Keys:
    """The root secret and what is derived from it. Never printed, logged or pickled."""

    _root: bytes
    is_new: bool = False

    def __repr__(self) -> str:
        return "Keys(…)"

    def derive(self, purpose: str) -> bytes:
        """32 bytes that belong to ``purpose`` alone; other purposes cannot be computed from them."""
        return HKDF(
            algorithm=hashes.SHA256(), length=32, salt=None, info=f"ortskern/{purpose}".encode()
        ).derive(self._root)

    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs publications."""
        return Ed25519PrivateKey.from_private_bytes(self.derive("signing"))

    @property
    def recovery_text(self) -> str:
        """The root secret with a checksum, as groups of four letters and digits that can be written down."""
        check = hashlib.sha256(self._root).digest()[:_CHECK_BYTES]
        text = base64.b32encode(self._root + check).decode().rstrip("=")
        return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def root_from_recovery_text(text: str) -> bytes:
    """The root secret that a recovery text stands for. Raises ConfigError when a character is wrong."""
    compact = "".join(text.split()).upper()
    try:
        raw = base64.b32decode(compact + "=" * (-len(compact) % 8))
    except ValueError:
        raw = b""
    root, check = raw[:ROOT_BYTES], raw[ROOT_BYTES:]
    if len(root) != ROOT_BYTES or hashlib.sha256(root).digest()[:_CHECK_BYTES] != check:
        raise ConfigError(
            "Wiederherstellungstext: die Prüfzeichen stimmen nicht; jede Vierergruppe mit dem Ausdruck vergleichen."
        )
    return root


def open_keys(settings: Settings, recovery_text: str | None = None) -> Keys:
    """Read the keystore; make it at the first run, or bring it back from ``recovery_text``.

    Raises:
        ConfigError: the keystore is damaged, or a recovery text is given where there is a keystore already.
    """
    path = settings.keys_dir / "root.key"
    if path.is_file():
        if recovery_text is not None:
            raise ConfigError(
                f"Schlüssel liegen schon in „{path.parent}“; vor der Wiederherstellung dort wegräumen."
            )
        root = path.read_bytes()
        if len(root) != ROOT_BYTES:
            raise ConfigError(
                f"Schlüsseldatei „{path}“ ist beschädigt; aus dem Wiederherstellungstext neu anlegen."
            )
        return Keys(root)
    lake_there = (settings.home / "lake").is_dir() and any((settings.home / "lake").iterdir())
    if lake_there and recovery_text is None:
        raise ConfigError(
            f"Es gibt einen Datenbestand, aber keine Schlüssel in „{path.parent}“; "
            "mit dem Wiederherstellungstext zurückholen: ortskern init --wiederherstellen."
        )
    root = (
        os.urandom(ROOT_BYTES) if recovery_text is None else root_from_recovery_text(recovery_text)
    )
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.chmod(0o700)
    temporary = path.with_suffix(".part")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(root)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    return Keys(root, is_new=recovery_text is None)
