# SPDX-License-Identifier: Apache-2.0
"""Small tables whose every attack can be counted through by hand.

Belongs here: definitions, contributions and an attacker that enumerates, for the tests beside it.
Does not belong here: anything imported from the suppression or the audit; the enumeration shares
no code with what it judges.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import product

import numpy as np

from foundation.cooperative import DisclosureRules
from quality.disclosure.contributors import Contribution
from quality.disclosure.definitions import ReleaseDefinition, link, parse_definition
from quality.disclosure.frames import Row

RULES = DisclosureRules(
    persons_min=10,
    firms_min=5,
    top1_max=0.33,
    top2_max=0.60,
    p_percent=10,
    statistics_min=5,
    statistics_top2_max=0.85,
    ageing_months=1,
    protection_percent=10,
)
SECRET = b"only for tests, never for figures"
FIRMS = """
table: {table}
kind: aggregate
title: Einkauf
question: Wie viel?
grain: Eine Zeile je Teil.
source: marts.ind_basket_contribution
audience: {audience}
linked: [{linked}]
contributor: {{kind: firm, column: owner_id}}
additive: [revenue_eur, receipt_count]
dominance: [revenue_eur]
dimensions:
{dimensions}
measures:
  - {{name: mean_basket_eur, type: "DECIMAL(18,2)", description: Mittel, kind: mean,
      of: revenue_eur, per: receipt_count}}
  - {{name: receipt_count, type: BIGINT, description: Anzahl, kind: count, of: receipt_count}}
"""


def firms(*dimensions: str, table: str = "part", linked: str = "", audience: str = "public") -> str:
    """YAML of a table of firms with a margin over each dimension."""
    lines = "\n".join(f"  - {{name: {d}, description: Teil, margin: true}}" for d in dimensions)
    return FIRMS.format(table=table, linked=linked, audience=audience, dimensions=lines)


def one_table(*dimensions: str, audience: str = "public") -> ReleaseDefinition:
    """A table of firms, ready for the gate."""
    return parse_definition(firms(*dimensions, audience=audience), "test.yaml")


def two_linked_tables() -> dict[str, ReleaseDefinition]:
    """Tables ``left`` and ``right`` of one source that share their total."""
    return link(
        [
            parse_definition(firms("left", table="by_left", linked="by_right"), "test.yaml"),
            parse_definition(firms("right", table="by_right", linked="by_left"), "test.yaml"),
        ]
    )


def rows_of(*entries: tuple[str, Mapping[str, str], int, int]) -> list[Contribution]:
    """Contributions from (owner, dimensions, revenue, receipts)."""
    return [Contribution(o, d, (Decimal(r), Decimal(n))) for o, d, r, n in entries]


def shop_rows(parts: Mapping[str, Sequence[int]]) -> list[Contribution]:
    """One contribution per value: part to revenues of its owners, all owners different."""
    return rows_of(
        *(
            (f"{part}{number}", {"part": part}, value, value)
            for part, values in parts.items()
            for number, value in enumerate(values)
        )
    )


def hidden_parts(rows: Iterable[Row], column: str = "part") -> set[str]:
    """Names of the suppressed cells of a table with one dimension."""
    return {str(r[column]) for r in rows if r["status"] == "unterdrückt"}


class Enumeration:
    """Every filling of a crossed table with whole numbers that agrees with what was published.

    Args:
        rows: contributions; ``axes``: dimension to its values. Inner cells are the crossing of all
            axes; a published cell is a sum over inner cells.
        reach: how far above its true value the attacker tries an inner cell.
    """

    def __init__(self, rows: Sequence[Contribution], axes: Mapping[str, Sequence[str]]) -> None:
        self.rows, self.axes = rows, axes
        self.inner = list(product(*axes.values()))

    def true(self, column: int, owner: str | None = None) -> np.ndarray:
        """True value of each inner cell, or one owner's part of it."""
        names = list(self.axes)
        return np.array(
            [
                sum(
                    int(r.values[column])
                    for r in self.rows
                    if tuple(r.dimensions[n] for n in names) == cell
                    and owner in (None, r.contributor)
                )
                for cell in self.inner
            ],
            dtype=np.int64,
        )

    def membership(self, cell: Mapping[str, str]) -> np.ndarray:
        """Which inner cells add up to ``cell`` (dimension to value; absent means total)."""
        names = list(self.axes)
        return np.array(
            [
                all(cell.get(n, v) in (v, "ALLE") for n, v in zip(names, inner, strict=True))
                for inner in self.inner
            ],
            dtype=np.int64,
        )

    def interval(
        self,
        column: int,
        target: Mapping[str, str],
        published: Sequence[Mapping[str, str]],
        lower: np.ndarray,
        top: int,
    ) -> tuple[int, int]:
        """Least and largest value of ``target`` over all fillings; inner cells from ``lower``."""
        true = self.true(column)
        options = [np.arange(low, top + 1) for low in lower]
        grid = np.array(np.meshgrid(*options, indexing="ij")).reshape(len(options), -1)
        fits = np.ones(grid.shape[1], dtype=bool)
        for cell in published:
            mask = self.membership(cell)
            fits &= mask @ grid == mask @ true
        values = self.membership(target) @ grid[:, fits]
        return int(values.min()), int(values.max())
