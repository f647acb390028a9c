# SPDX-License-Identifier: Apache-2.0
"""Keyed pseudonyms: one identifier is one text everywhere, and only the key leads back.

Belongs here: the pseudonym function, its domains and epochs, and how an identifier is normalised
before it is replaced. Does not belong here: who reads the way back (`ingestion/membership`), or
which field is replaced (the contract).

A pseudonym is the first 32 hexadecimal digits of HMAC-SHA256 (RFC 2104) under the key of an epoch,
over the domain, the byte 0x1f and the normalised value. Domains keep a tax number from meeting a
till of the same spelling; a new epoch makes new pseudonyms that do not link to the old ones.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from foundation.keys import Keys

CURRENT_EPOCH = "1"
LENGTH = 32
SEPARATOR = "\x1f"
_BLOCK = 64
_INNER = bytes(b ^ 0x36 for b in range(256))
_OUTER = bytes(b ^ 0x5C for b in range(256))
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


def _plain(value: str) -> str:
    return unicodedata.normalize("NFC", value).strip()


def _caseless(value: str) -> str:
    return " ".join(_plain(value).upper().split())


def _alphanumeric(value: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", _plain(value).upper())


# How one identifier is written in several places: tills and members are typed in by hand, tax
# numbers come with and without blanks, slashes and dots. Other domains are compared as they stand.
_NORMALISERS: dict[str, Callable[[str], str]] = {
    "tax": _alphanumeric,
    "till": _caseless,
    "member": _caseless,
    "owner": _caseless,
}


def normalised(domain: str, value: str) -> str:
    """The spelling that the pseudonym is made from; empty where there is nothing to replace."""
    return _NORMALISERS.get(domain, _plain)(value)


class Pseudonyms:
    """Makes the pseudonyms of one epoch. Holds key material: never printed, logged or pickled.

    It remembers what it replaced, because the tables of a delivery share their identifiers; make a
    new one per package.
    """

    def __init__(self, keys: Keys, epoch: str = CURRENT_EPOCH) -> None:
        key = keys.derive(f"pseudonyms/{epoch}")
        padded = key.ljust(_BLOCK, b"\0")
        # The two keyed halves are computed once and copied per value: a third of the time.
        self._inner = hashlib.sha256(padded.translate(_INNER))
        self._outer = hashlib.sha256(padded.translate(_OUTER))
        self._known: dict[tuple[str, str], str | None] = {}

    def __repr__(self) -> str:
        return "Pseudonyms(…)"

    def of(self, domain: str, value: str | None) -> str | None:
        """The pseudonym of `value` in `domain`; None where there is nothing to replace."""
        if value is None:
            return None
        place = (domain, value)
        if place not in self._known:
            text = normalised(domain, value)
            self._known[place] = self._digest(domain, text) if text else None
        return self._known[place]

    def column(self, domain: str, values: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
        """A column of identifiers as pseudonyms, each distinct value computed once; null stays."""
        encoded = pc.dictionary_encode(
            pa.chunked_array([values]) if isinstance(values, pa.Array) else values
        )
        encoded = encoded.unify_dictionaries().combine_chunks()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = (
                encoded.chunk(0)
                if encoded.num_chunks
                else pa.array([], pa.dictionary(pa.int32(), pa.string()))
            )
        replaced = pa.array(
            [self.of(domain, v) for v in encoded.dictionary.to_pylist()], pa.string()
        )
        return pa.chunked_array([pc.take(replaced, encoded.indices)])

    def composed(self, domain: str, parts: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
        """Pseudonyms of what is unique only together, such as till, closing and receipt.

        The parts are joined with `|`. The last one is the identifier itself: where it is null, so
        is the pseudonym.
        """
        texts = [pc.fill_null(pc.cast(part, pa.string()), "") for part in parts[:-1]]
        joined = pc.binary_join_element_wise(*texts, pc.cast(parts[-1], pa.string()), "|")
        return self.column(domain, joined)

    def _digest(self, domain: str, text: str) -> str:
        inner = self._inner.copy()
        inner.update(f"{domain}{SEPARATOR}{text}".encode())
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.hexdigest()[:LENGTH]
