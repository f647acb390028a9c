# SPDX-License-Identifier: Apache-2.0
"""The Great Expectations suite says what the contract says. Rules on every row belong to ``test_rules``."""

import pandas as pd

from foundation.contracts import ContractObject, load_contracts
from foundation.settings import PROJECT_ROOT
from quality.expectations import BATCH_ROWS, suite_of, validate
from tests.quality.test_rules import field

OBJECT = ContractObject(
    "t",
    "t.csv",
    "Tabelle",
    (
        field("n", "BIGINT", required=True, minimum="0", maximum="10"),
        field("art", valid_values=("a", "b")),
        field("kennung", pattern="K-\\d+"),
        field("weg", handling="drop", required=True),
    ),
    (),
)


def frame(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"n": [1, 2], "art": ["a", "b"], "kennung": ["K-1", "K-2"]} | columns)


def test_a_batch_as_the_contract_says_passes() -> None:
    report = validate(OBJECT, frame())
    assert (report.success, report.failing_rows, report.checked_rows) == (True, (), 2)


def test_every_kind_of_fault_is_found_with_its_row() -> None:
    report = validate(OBJECT, frame(n=[1, 11], art=["c", "b"], kennung=["K-1", "K-x"]))
    broken = {(r.column, r.rows) for r in report.results if not r.success}
    assert broken == {("n", (1,)), ("art", (0,)), ("kennung", (1,))}


def test_a_missing_column_fails_the_batch() -> None:
    assert not validate(OBJECT, frame().drop(columns="art")).success


def test_a_large_frame_is_thinned_and_no_larger_than_the_bound() -> None:
    big = pd.DataFrame({"n": [1] * 50_000, "art": "a", "kennung": "K-1"})
    assert 0 < validate(OBJECT, big).checked_rows <= BATCH_ROWS


def test_every_contract_gives_a_suite_for_every_field_it_restricts() -> None:
    for contract in load_contracts(PROJECT_ROOT / "cooperative").values():
        for obj in contract.objects:
            covered = {e.column for e in suite_of(obj).expectations if hasattr(e, "column")}
            restricted = {
                f.name
                for f in obj.fields
                if f.handling != "drop" and (f.required or f.valid_values or f.pattern)
            }
            assert restricted <= covered, (contract.id, obj.name)
