# SPDX-License-Identifier: Apache-2.0
"""Composites behind the gate: which formula belongs to which released table.

Belongs here: handing released rows to a formula of ``analysis`` and its result back to the gate. Does not belong here: formulas.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from analysis.north_star import load_north_star, north_star
from analysis.vitality import INPUT_COLUMNS, components_from, load_index, vitality
from foundation.errors import ConfigError
from orchestration.house import House

Rows = list[dict[str, Any]]
Compute = Callable[[Mapping[str, Rows]], Rows]


def compute_for(house: House, table: str) -> Compute:
    """The formula of a composite table. Raises ConfigError for a table that has none."""
    formulas: Mapping[str, Callable[[House], Compute]] = {
        "north_star": _north_star,
        "vitality_component": _components,
        "vitality_index": _index,
    }
    if table not in formulas:
        raise ConfigError(
            f"Tabelle „release.{table}“ ist als zusammengesetzt erklärt, aber es gibt keine Formel dafür; erlaubt sind {', '.join(formulas)}."
        )
    return formulas[table](house)


def _components(house: House) -> Compute:
    index = load_index(house.settings.cooperative / "index.yaml")

    def compute(released: Mapping[str, Rows]) -> Rows:
        frames = {name: pd.DataFrame(rows) for name, rows in released.items() if rows}
        # The running month has a few components already; an index of them would compare nothing.
        begun = house.today.replace(day=1)
        return _records(vitality(components_from(frames, index, begun), index)[1])

    return compute


def _index(house: House) -> Compute:
    index = load_index(house.settings.cooperative / "index.yaml")

    def compute(released: Mapping[str, Rows]) -> Rows:
        rows = released["vitality_component"]
        return _records(vitality(pd.DataFrame(rows, columns=INPUT_COLUMNS, dtype=object), index)[0])

    return compute


def _north_star(house: House) -> Compute:
    star = load_north_star(house.settings.cooperative / "north_star.yaml")

    def compute(released: Mapping[str, Rows]) -> Rows:
        frames = {name: pd.DataFrame(rows) for name, rows in released.items() if rows}
        return _records(north_star(frames, star))

    return compute


def _records(frame: pd.DataFrame) -> Rows:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
