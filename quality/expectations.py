# SPDX-License-Identifier: Apache-2.0
"""Great Expectations suites derived from the contracts.

Belongs here: contract object -> suite, and its run on a bounded pandas batch of a package before it is loaded.
Does not belong here: rules on every row (``rules.py``); a suite written by hand: change the contract instead.

``great_expectations`` is imported inside the functions: the import takes 6.5 s on two cores.
"""

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from foundation.contracts import ContractField, ContractObject

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

# Every row is checked by SQL rules besides; measured, a suite costs about 0.1 s per 1,000 rows and 40 expectations.
BATCH_ROWS = 5_000


@dataclass(frozen=True)
class ExpectationResult:
    """One expectation on one column of a batch; ``unexpected`` counts rows, -1 where the expectation is about the table."""

    expectation: str
    column: str | None
    success: bool
    unexpected: int
    rows: tuple[int, ...]


@dataclass(frozen=True)
class ExpectationReport:
    """The suite's verdict on a batch of ``checked_rows`` rows; ``failing_rows`` are positions in the frame."""

    success: bool
    checked_rows: int
    results: tuple[ExpectationResult, ...]
    failing_rows: tuple[int, ...]


def suite_of(obj: ContractObject) -> "ExpectationSuite":
    """The suite of one raw table: columns, required values, ranges, patterns, allowed values."""
    gx = _gx()
    e = gx.expectations
    suite = gx.ExpectationSuite(name=obj.name)
    suite.add_expectation(
        e.ExpectTableColumnsToMatchSet(
            column_set=[f.name for f in _checked(obj)], exact_match=False
        )
    )
    for f in _checked(obj):
        if f.required:
            suite.add_expectation(e.ExpectColumnValuesToNotBeNull(column=f.name))
        if f.valid_values:
            suite.add_expectation(
                e.ExpectColumnValuesToBeInSet(column=f.name, value_set=list(f.valid_values))
            )
        if f.pattern is not None:
            suite.add_expectation(
                e.ExpectColumnValuesToMatchRegex(column=f.name, regex=f"^(?:{f.pattern})$")
            )
        low, high = _bound(f, f.minimum), _bound(f, f.maximum)
        if low is not None or high is not None:
            suite.add_expectation(
                e.ExpectColumnValuesToBeBetween(column=f.name, min_value=low, max_value=high)
            )
    return suite


def validate(obj: ContractObject, frame: pd.DataFrame) -> ExpectationReport:
    """Run the suite of ``obj`` on ``frame`` (typed columns named as the contract's fields).

    A frame of more than ``BATCH_ROWS`` rows is thinned evenly, by position, so the same frame is always thinned the same way.
    """
    thinned = _thin(frame)
    definition = _batch_definition()
    suite = suite_of(obj)
    batch = definition.get_batch(batch_parameters={"dataframe": thinned})
    outcome = batch.validate(suite, result_format={"result_format": "COMPLETE"})
    results = tuple(_result(r) for r in outcome.results)
    failing = sorted({row for r in results for row in r.rows})
    return ExpectationReport(bool(outcome.success), len(thinned), results, tuple(failing))


def _checked(obj: ContractObject) -> list[ContractField]:
    return [f for f in obj.fields if f.handling != "drop"]


def _bound(f: ContractField, value: str | None) -> float | None:
    if value is None or not (
        f.physical_type.startswith("DECIMAL")
        or f.physical_type in ("BIGINT", "INTEGER", "SMALLINT", "DOUBLE")
    ):
        return None
    return float(value)


def _thin(frame: pd.DataFrame) -> pd.DataFrame:
    step = -(-len(frame) // BATCH_ROWS) if len(frame) else 1
    thinned = frame.iloc[::step]
    # DECIMAL arrives as Python objects, on which comparisons are slow; the suite compares with float bounds anyway.
    decimals = [
        c for c in thinned.columns if thinned[c].dtype == object and _is_decimal(thinned[c])
    ]
    return thinned.astype(dict.fromkeys(decimals, "float64")) if decimals else thinned


def _is_decimal(column: pd.Series) -> bool:
    from decimal import Decimal

    present = column.dropna()
    return len(present) > 0 and isinstance(present.iloc[0], Decimal)


def _result(r: Any) -> ExpectationResult:
    config, result = r.expectation_config, r.result
    rows = tuple(int(i) for i in result.get("unexpected_index_list") or ())
    return ExpectationResult(
        expectation=str(config.type),
        column=config.kwargs.get("column"),
        success=bool(r.success),
        unexpected=int(result.get("unexpected_count", -1)),
        rows=rows,
    )


def _gx() -> Any:
    # Usage statistics are switched off before the first import reads the setting.
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations

    return great_expectations


@lru_cache(maxsize=1)
def _batch_definition() -> Any:
    gx = _gx()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    source = context.data_sources.add_pandas("packages")
    asset = source.add_dataframe_asset("package")
    return asset.add_batch_definition_whole_dataframe("whole")
