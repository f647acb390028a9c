# SPDX-License-Identifier: Apache-2.0
"""Contributors: whose figures a cell is made of. One owner counts once.

Belongs here: contributions as rows of the source say them, and collapsing branches and related
owners to one contributor. Does not belong here: judging them (``rules.py``).

Limit: relations have to be recorded; two companies of one family that nobody wrote down as
related count as two.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal


@dataclass(frozen=True)
class Contribution:
    """What one contributor adds to one elementary cell of the source.

    ``dimensions``: column to value (text; dates in ISO 8601). ``values``: one per additive column
    of the definition, in its order. ``contributor`` is None for figures about nobody.
    """

    contributor: str | None
    dimensions: Mapping[str, str]
    values: tuple[Decimal, ...]


def groups(related: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Contributor to the name of its group, for pairs that belong together (transitively).

    The name is the smallest in the group, so it does not depend on the order of the pairs.
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for left, right in related:
        first, second = sorted((root(left), root(right)))
        parent[second] = first
    return {name: root(name) for name in parent}


def collapse(
    rows: Sequence[Contribution], related: Iterable[tuple[str, str]] = ()
) -> list[Contribution]:
    """Sum rows of the same contributor in the same elementary cell; related owners are one.

    The result is sorted, so the order of the rows that come in never matters.
    """
    group = groups(related)
    sums: dict[tuple[str, tuple[tuple[str, str], ...]], Contribution] = {}
    for row in rows:
        name = None if row.contributor is None else group.get(row.contributor, row.contributor)
        key = (name or "", tuple(sorted(row.dimensions.items())))
        before = sums.get(key)
        values = row.values
        if before is not None:
            values = tuple(a + b for a, b in zip(before.values, values, strict=True))
        sums[key] = replace(row, contributor=name, values=values)
    return [sums[key] for key in sorted(sums)]
