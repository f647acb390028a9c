# SPDX-License-Identifier: Apache-2.0
"""From arrays to the rows of a CSV file, many rows at once.

Belongs here: German numbers, times and row buffers. Does not belong here: which column means what.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl


@dataclass(frozen=True)
class Rows:
    """Finished CSV rows one after the other, and where the rows of each closing begin."""

    data: memoryview
    offsets: np.ndarray
    starts: np.ndarray

    def part(self, first: int, last: int) -> bytes:
        """Bytes of the rows that belong to the closings ``first`` to before ``last``."""
        begin, end = self.offsets[self.starts[first]], self.offsets[self.starts[last]]
        return bytes(self.data[begin:end])


def rows(columns: Sequence[pl.Series | str], closing: np.ndarray, closings: int) -> Rows:
    """Joins text columns row by row; ``closing`` (ascending) is the closing of each row."""
    starts = np.searchsorted(closing, np.arange(closings + 1))
    parts = [pl.lit(c) if isinstance(c, str) else c for c in columns]
    joined = pl.select(pl.concat_str(parts)).to_series()
    array = joined.to_arrow(compat_level=pl.CompatLevel.oldest())
    if len(array) == 0:
        return Rows(memoryview(b""), np.zeros(1, dtype=np.int64), starts)
    _, offsets, data = array.buffers()
    begin = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    return Rows(memoryview(data) if data else memoryview(b""), begin, starts)


def gather(texts: Sequence[str], index: np.ndarray) -> pl.Series:
    """The text at each index; -1 takes the last one."""
    return pl.Series(texts, dtype=pl.String).gather(np.where(index < 0, len(texts) - 1, index))


def decimal(values: np.ndarray, places: int, grouping: bool, mark: str = ",") -> pl.Series:
    """Integers in units of 10**-places as text: 123450 with two places is 1234,50 or 1.234,50."""
    size = 10**places
    whole, rest = np.divmod(np.abs(values), size)
    sign = gather(["", "-"], (values < 0).astype(np.int64))
    parts: list[pl.Series | pl.Expr] = [sign, _whole(whole, grouping)]
    if places:
        # Adding 10**places keeps leading zeros; the added digit is cut off again.
        fraction = pl.Series(rest + size).cast(pl.String).str.slice(1)
        parts += [pl.lit(mark), fraction]
    return pl.select(pl.concat_str(parts)).to_series()


def _whole(values: np.ndarray, grouping: bool) -> pl.Series:
    plain = pl.Series(values).cast(pl.String)
    if not grouping or not (values >= 1000).any():
        return plain
    unique, inverse = np.unique(values, return_inverse=True)
    return gather([f"{v:,}".replace(",", ".") for v in unique.tolist()], inverse)


@cache
def clock_texts() -> pl.Series:
    """All 86,400 times of a day as ``HH:MM:SS``."""
    seconds = range(86_400)
    return pl.Series([f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in seconds])


def clock(seconds: np.ndarray) -> pl.Series:
    """Seconds since midnight as ``HH:MM:SS``."""
    return clock_texts().gather(np.clip(seconds, 0, 86_399))


def quoted(text: str) -> str:
    """One CSV field: in quotes only where delimiter, quote or line break demand it."""
    if any(c in text for c in ';"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
