# SPDX-License-Identifier: Apache-2.0
"""Cell-key perturbation: small noise on counts of persons, the same for the same persons.

Belongs here: record keys, the noise table, perturbed counts of a system of cells.
Does not belong here: thresholds (``rules.py``), keeping what was drawn (``store.py``).

Method and implementation: Office for National Statistics, PyPI ``cell-key-perturbation`` 3.1.
Each person has a secret record key; the keys of a cell's persons added modulo 256 choose the noise.
Hence the same persons get the same noise in every table and edition, tables may be laid over one
another, and asking again gives nothing new. Record keys are an HMAC of the pseudonym: who does not
hold the key cannot compute noise.
Limit: totals are perturbed by themselves and need not equal the sum of their parts.
"""

import contextlib
import hashlib
import hmac
import io
from collections.abc import Mapping, Sequence
from functools import lru_cache

import pandas as pd

from quality.disclosure.contributors import Contribution
from quality.disclosure.definitions import ReleaseDefinition
from quality.disclosure.system import CellKey, TableSystem

KEYS = 256
# How many of 256 cell keys lead to which noise: symmetric, so unbiased; variance 3.6 persons².
NOISE = {0: 56, 1: 44, -1: 44, 2: 30, -2: 30, 3: 17, -3: 17, 4: 9, -4: 9}
BOUND = max(NOISE)
# The package reuses rows 501 to 750 for larger counts.
LARGEST_ROW = 750


def record_key(member_id: str, secret: bytes) -> int:
    """A person's record key, 0..255: first byte of HMAC-SHA256 under ``secret``."""
    return hmac.new(secret, b"record-key\x1f" + member_id.encode(), hashlib.sha256).digest()[0]


def fingerprint(members: Sequence[str], secret: bytes) -> str:
    """Keyed name of a set of persons, to find noise that was drawn before for the same set."""
    text = b"cell\x1f" + "\x1f".join(sorted(members)).encode()
    return hmac.new(secret, text, hashlib.sha256).hexdigest()[:32]


@lru_cache(maxsize=1)
def noise_table() -> pd.DataFrame:
    """The package's p-table: columns ``pcv`` (count), ``ckey`` (cell key), ``pvalue`` (noise).

    Every count has the same distribution of noise; which keys lead to which noise moves with the
    count, so two sets that differ by one person are perturbed independently of each other.
    """
    ladder = [noise for noise, times in NOISE.items() for _ in range(times)]
    return pd.DataFrame(
        [
            (count, key, max(ladder[(key * 89 + count * 37) % KEYS], -count))
            for count in range(1, LARGEST_ROW + 1)
            for key in range(KEYS)
        ],
        columns=["pcv", "ckey", "pvalue"],
    )


def perturb(
    definition: ReleaseDefinition,
    rows: Sequence[Contribution],
    system: TableSystem,
    secret: bytes,
    drawn: Mapping[str, int] | None = None,
) -> tuple[dict[CellKey, int], dict[str, int]]:
    """Perturbed counts by cell, and by fingerprint of the cell's persons (to be kept).

    Args:
        rows: one per person.
        drawn: fingerprint to perturbed count, from earlier; such a cell is never drawn again.
    """
    from cell_key_perturbation.create_perturbed_table import create_perturbed_table

    names = [d.name for d in definition.dimensions]
    persons = pd.DataFrame(
        [{**r.dimensions, "key": record_key(r.contributor or "", secret)} for r in rows]
    )
    persons["all"] = "all"
    table = noise_table()
    counts: dict[CellKey, int] = {}
    subsets = {tuple(n for n, _ in key) for key in system.cells}
    for subset in sorted(subsets):
        columns = [n for n in names if n in subset] or ["all"]
        # The package reports its input checks on standard output.
        with contextlib.redirect_stdout(io.StringIO()):
            result = create_perturbed_table(
                persons, table, [], columns, "key", use_existing_ons_id=False, threshold=0
            )
        for line in result.to_dict("records"):
            key = tuple(sorted((n, str(line[n])) for n in columns if n != "all"))
            counts[key] = int(line["count"])
    kept = dict(drawn or {})
    found: dict[CellKey, int] = {}
    for key, cell in system.cells.items():
        if cell.is_empty:
            found[key] = 0
            continue
        name = fingerprint(sorted(cell.by_contributor), secret)
        kept.setdefault(name, counts[key])
        found[key] = kept[name]
    new = {name: value for name, value in kept.items() if name not in (drawn or {})}
    return found, new
