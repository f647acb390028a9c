# SPDX-License-Identifier: Apache-2.0
"""The vitality index of quarters: fixed goalposts, weights, and what is missing said as missing.

Belongs here: turning released values of components into scores and an index, and how far the index
depends on its weights. Does not belong here: components themselves (dbt marts), deciding what may
be shown (the gate hands over released values only), or any estimate of a value that is not there.

Method: each component is scored linearly between two goalposts that do not depend on the data (0 at
`worst`, 100 at `best`, cut off beyond), as the Human Development Index does with its dimension
indices; the index is the weighted arithmetic mean of the scores there are, with the weights scaled
to sum to 1. Months are independent of each other: nothing is smoothed. Limits: an index over fewer
components is not comparable with one over more of them, hence `weight_available` beside it and no
index below `minimum_weight`; the arithmetic mean lets a good component outweigh a bad one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from analysis.panel import ALL, Counts, newest, waves_of
from foundation.errors import ConfigError, OrtskernError

PUBLISHED, SUPPRESSED, MISSING = "veröffentlicht", "unterdrückt", "fehlt"
COMPONENTS = ("vacancy", "independents", "walking_trips", "basket", "events", "local_supply")
KEYS = ["quarter_id", "business_month"]
INPUT_COLUMNS = [*KEYS, "component", "value", "status", "reason"]
COMPONENT_COLUMNS = [*KEYS, "component", "value", "unit", "score", "weight", "status", "reason"]
INDEX_COLUMNS = [
    *KEYS,
    "index_value",
    "components_available",
    "components_total",
    "weight_available",
    "status",
    "reason",
]
SENSITIVITY_COLUMNS = [*KEYS, "index_value", "lowest", "highest", "equal_weights"]
NO_ROW = "Keine Angabe"
NOT_RELEASED = "Nicht veröffentlicht"
NO_WAVE = "Keine Befragung im Monat oder kurz davor"
HIDDEN = "Zum Schutz Einzelner nicht veröffentlicht"
_FOUR = Decimal("0.0001")
_SIX = Decimal("0.000001")
_ROUND = ROUND_HALF_UP


class Source(BaseModel):
    """The released table and column that a component's value comes from.

    With ``part`` (one dimension and its value) the component is the share of that part in a table of
    counts, all being the row ``ALLE``. Such tables come in waves: the newest wave that is not older
    than ``hold_months`` counts for a month.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str
    column: str
    part: dict[str, str] | None = Field(default=None, min_length=1, max_length=1)
    hold_months: int = Field(default=0, ge=0, le=12)


class Component(BaseModel):
    """One component: `worst` scores 0 and `best` 100, both in `unit`; `weight` in 0..1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    unit: str
    weight: Decimal = Field(ge=0, le=1)
    worst: Decimal
    best: Decimal
    source: Source | None = None
    missing_reason: str | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "Component":
        if self.worst == self.best:
            raise ValueError("worst und best sind gleich")
        if (self.source is None) == (self.missing_reason is None):
            raise ValueError("entweder source oder missing_reason angeben")
        return self

    def score(self, value: Decimal) -> Decimal:
        """Points of 0..100 for a value in `unit`, four places."""
        share = (value - self.worst) / (self.best - self.worst)
        return (100 * min(max(share, Decimal(0)), Decimal(1))).quantize(_FOUR, _ROUND)


class IndexDefinition(BaseModel):
    """Content of `cooperative/index.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    minimum_weight: Decimal = Field(ge=0, le=1)
    components: dict[str, Component]

    @model_validator(mode="after")
    def _complete(self) -> "IndexDefinition":
        if set(self.components) != set(COMPONENTS):
            raise ValueError(f"Bestandteile {sorted(self.components)}, erwartet {COMPONENTS}")
        total = sum((c.weight for c in self.components.values()), Decimal(0))
        if total != 1:
            raise ValueError(f"Gewichte ergeben {total}, erwartet 1")
        return self


@dataclass(frozen=True)
class Scored:
    """One component of one quarter and month; `score` is None when there is no value."""

    name: str
    score: Decimal | None
    status: str


def load_index(path: Path) -> IndexDefinition:
    """Read `index.yaml`. Raises ConfigError with file, field and remedy."""
    try:
        return IndexDefinition.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"Datei „{path.name}“ ist nicht lesbar: {error}; prüfen.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "Ganzes"
        raise ConfigError(
            f"Datei „{path.name}“, Feld „{place}“: gefunden {first['msg']}; Datei berichtigen."
        ) from error


def components_from(
    released: Mapping[str, pd.DataFrame], index: IndexDefinition, before: date | None = None
) -> pd.DataFrame:
    """Component values from released tables, one row per quarter, month and component.

    Args:
        released: table to its released rows (`quarter_id`, `business_month`, the value's column,
            `status`, `reason`); a table that is not released may be absent or empty.
        before: months from this one on are not over and left out, whatever some tables know of
            them already.

    Returns:
        Columns `INPUT_COLUMNS` for every quarter and month that any of the tables names. What has
        no row is „fehlt“; what is suppressed stays suppressed.
    """
    tables = {name: _cells(released, component) for name, component in index.components.items()}
    cells = sorted({cell for rows in tables.values() for cell in rows}, key=str)
    cells = [cell for cell in cells if before is None or cell[1] < before]
    for name, component in index.components.items():
        if component.source is not None and component.source.part and tables[name]:
            tables[name] = _held(released[component.source.table], component.source, cells)
    found = []
    for quarter, month in cells:
        for name, component in index.components.items():
            absent = NO_ROW if tables[name] else NOT_RELEASED
            blank = (None, MISSING, component.missing_reason or absent)
            value, status, reason = tables[name].get((quarter, month), blank)
            found.append([quarter, month, name, value, status, reason])
    return pd.DataFrame(found, columns=INPUT_COLUMNS, dtype=object)


def vitality(components: pd.DataFrame, index: IndexDefinition) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The index and its components.

    Args:
        components: columns `INPUT_COLUMNS`, at most one row per quarter, month and component;
            `value` in the component's unit, empty unless `status` is „veröffentlicht“. Components
            without a row are missing.

    Returns:
        The index (`INDEX_COLUMNS`, one row per quarter and month; `index_value` 0..100 or None) and
        the components (`COMPONENT_COLUMNS`, six rows per quarter and month). Numbers are Decimal
        with four places, `value` is float; empty values are None, never NaN.

    Raises:
        OrtskernError: an unknown or repeated component, or a value beside a status that denies it.
    """
    given = _checked(components, index)
    cells = sorted({(quarter, month) for quarter, month, _ in given}, key=str)
    index_rows, component_rows = [], []
    for quarter, month in cells:
        scored = []
        for name, component in index.components.items():
            blank = (None, MISSING, component.missing_reason or NO_ROW)
            value, status, reason = given.get((quarter, month, name), blank)
            score = None if value is None else component.score(value)
            scored.append(Scored(name, score, status))
            shown = None if value is None else float(value)
            weight = component.weight.quantize(_FOUR)
            component_rows.append(
                [quarter, month, name, shown, component.unit, score, weight, status, reason]
            )
        index_rows.append([quarter, month, *_index_row(scored, index)])
    return (
        pd.DataFrame(index_rows, columns=INDEX_COLUMNS, dtype=object),
        pd.DataFrame(component_rows, columns=COMPONENT_COLUMNS, dtype=object),
    )


def sensitivity(component_frame: pd.DataFrame, index: IndexDefinition) -> pd.DataFrame:
    """How far the index depends on its weights.

    `lowest` and `highest` are over: the weights as decided, equal weights, each weight halved, each
    doubled. Components as from `vitality`; cells without an index are left out. Columns
    `SENSITIVITY_COLUMNS`, one row per quarter and month.
    """
    rows = []
    for (quarter, month), part in component_frame.groupby(KEYS, sort=True):
        found = zip(part["component"], part["score"], strict=True)
        scores: dict[str, Decimal] = {str(n): score for n, score in found if score is not None}
        weights = {name: index.components[name].weight for name in scores}
        if not scores or sum(weights.values()) < index.minimum_weight:
            continue
        equal = _mean(scores, dict.fromkeys(scores, Decimal(1)))
        varied = [
            _mean(scores, weights | {name: weights[name] * factor})
            for name in scores
            for factor in (Decimal("0.5"), Decimal(2))
        ]
        decided = _mean(scores, weights)
        every = [decided, equal, *varied]
        rows.append([quarter, month, decided, min(every), max(every), equal])
    return pd.DataFrame(rows, columns=SENSITIVITY_COLUMNS, dtype=object)


def _cells(
    released: Mapping[str, pd.DataFrame], component: Component
) -> dict[tuple[str, Any], tuple[Decimal | None, str, str | None]]:
    if component.source is None or component.source.table not in released:
        return {}
    if component.source.part:
        frame = released[component.source.table]
        waves = zip(frame["quarter_id"], frame["business_month"], strict=True)
        return {(str(q), month): (None, MISSING, None) for q, month in waves}
    found = {}
    for row in released[component.source.table].to_dict("records"):
        value = _decimal(row[component.source.column])
        status, reason = row["status"], row["reason"] if _is_there(row["reason"]) else None
        found[str(row["quarter_id"]), row["business_month"]] = (value, str(status), reason)
    return found


def _held(
    frame: pd.DataFrame, source: Source, cells: list[tuple[str, Any]]
) -> dict[tuple[str, Any], tuple[Decimal | None, str, str | None]]:
    """The share of each quarter and month, from the newest wave that still counts."""
    ((dimension, part),) = (source.part or {}).items()
    waves = waves_of(frame, dimension, source.column)
    found: dict[tuple[str, Any], tuple[Decimal | None, str, str | None]] = {}
    for quarter, month in cells:
        of_quarter = waves.get(quarter, {})
        wave = newest(of_quarter, month, source.hold_months)
        if wave is None:
            found[quarter, month] = (None, MISSING, NO_WAVE)
        else:
            share = _share(of_quarter[wave], part)
            hidden = (None, SUPPRESSED, HIDDEN)
            found[quarter, month] = hidden if share is None else (share, PUBLISHED, None)
    return found


def _share(counts: Counts, part: str) -> Decimal | None:
    """Part of all; None where the gate suppressed one of the two."""
    count, total = counts.get(part), counts.get(ALL)
    if count is None or not total:
        return None
    # Noise may lift a part above its whole.
    return min(Decimal(count) / Decimal(total), Decimal(1)).quantize(_SIX, _ROUND)


def _checked(
    components: pd.DataFrame, index: IndexDefinition
) -> dict[tuple[str, Any, str], tuple[Decimal | None, str, str | None]]:
    given: dict[tuple[str, Any, str], tuple[Decimal | None, str, str | None]] = {}
    for row in components[INPUT_COLUMNS].to_dict("records"):
        key = (str(row["quarter_id"]), row["business_month"], str(row["component"]))
        value, status = _decimal(row["value"]), str(row["status"])
        place = f"Vitalitätsindex, {key[0]}, {key[1]}, Bestandteil „{key[2]}“"
        if key[2] not in index.components or key in given:
            raise OrtskernError(
                f"{place}: unbekannt oder doppelt, erwartet jeder der sechs höchstens einmal; "
                "die Zusammenstellung berichtigen."
            )
        if (status == PUBLISHED) != (value is not None):
            raise OrtskernError(
                f"{place}: Status „{status}“ und Wert widersprechen sich; "
                "nur veröffentlichte Werte übergeben."
            )
        default = {SUPPRESSED: HIDDEN, MISSING: NO_ROW}.get(status)
        given[key] = (value, status, row["reason"] if _is_there(row["reason"]) else default)
    return given


def _index_row(scored: list[Scored], index: IndexDefinition) -> list[Any]:
    scores = {s.name: s.score for s in scored if s.score is not None}
    weights = {name: index.components[name].weight for name in scores}
    weight = sum(weights.values(), Decimal(0)).quantize(_FOUR)
    counts = [len(scores), len(scored), weight]
    absent = [index.components[s.name].title for s in scored if s.score is None]
    without = "Ohne: " + ", ".join(absent) if absent else None
    if scores and weight > 0 and weight >= index.minimum_weight:
        return [_mean(scores, weights), *counts, PUBLISHED, without]
    # Hidden parts make an index that is missing, not a suppressed one: there never was a value.
    return [None, *counts, MISSING, f"Zu wenige Bestandteile. {without}"]


def _mean(scores: Mapping[str, Decimal], weights: Mapping[str, Decimal]) -> Decimal:
    total = sum(weights.values(), Decimal(0))
    weighted = sum((scores[name] * weights[name] for name in scores), Decimal(0))
    return (weighted / total).quantize(_FOUR, _ROUND)


def _is_there(value: Any) -> bool:
    return value is not None and not bool(pd.isna(value))


def _decimal(value: Any) -> Decimal | None:
    # Through text: 0.1 as float is one tenth to its reader, not its binary neighbour.
    return Decimal(str(value)) if _is_there(value) else None
