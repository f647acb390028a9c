# SPDX-License-Identifier: Apache-2.0
"""Shipped contracts, and what their rules say of a parsed delivery.

Belongs here: help that the tests of several formats share. Does not belong here: tests.
"""

from functools import cache
from pathlib import Path

import pyarrow as pa

from foundation.contracts import Contract, load_contract
from foundation.lakehouse import engine
from foundation.settings import PROJECT_ROOT
from ingestion.adapter import Adapter, Parsed
from ingestion.registry import adapter_for
from quality.rules import Violation
from quality.rules import violations as rule_violations
from quality.types import dialect_of, typed_select

REAL_DATA = PROJECT_ROOT.parent / "shared" / "data"


@cache
def shipped(contract_id: str) -> Contract:
    """A contract of the sample cooperative."""
    return load_contract(PROJECT_ROOT / "cooperative" / "contracts" / f"{contract_id}.odcs.yaml")


def changed(tmp_path: Path, contract_id: str, *pairs: tuple[str, str]) -> Contract:
    """A shipped contract with texts replaced, as a steward would edit the file."""
    text = shipped(contract_id).path.read_text("utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    path = tmp_path / "changed.odcs.yaml"
    path.write_text(text, "utf-8")
    return load_contract(path)


def parse(contract: Contract, file_name: str, data: bytes) -> Parsed:
    """What the contract's adapter makes of a delivery."""
    return _adapter(contract).parse(file_name, data, contract)


def period(contract: Contract, file_name: str, data: bytes) -> tuple[object, object]:
    """The days that the contract's adapter finds."""
    return _adapter(contract).period(file_name, data, contract)


def broken_rules(contract: Contract, parsed: Parsed) -> list[tuple[str, str | None, int]]:
    """(rule, field, row) of every violation, by row."""
    found = [v for name in parsed.tables for v in violations(contract, parsed, name)]
    return sorted(((v.rule, v.field, v.row_number) for v in found), key=lambda v: (v[2], v[0]))


def violations(contract: Contract, parsed: Parsed, object_name: str) -> list[Violation]:
    """What the contract's rules find in one table."""
    with engine() as con:
        con.register("delivered", _with_key(parsed.tables[object_name]))
        con.execute("CREATE TEMP TABLE landed AS SELECT * FROM delivered")
        obj = contract.object(object_name)
        views = {object_name: "landed"}
        return rule_violations(con, obj, "landed", views, dialect_of(contract))


def typed(contract: Contract, parsed: Parsed, object_name: str) -> list[dict[str, object]]:
    """The rows as the contract types them, without the key columns."""
    with engine() as con:
        con.register("delivered", _with_key(parsed.tables[object_name]))
        select = typed_select(contract.object(object_name), "delivered", dialect_of(contract))
        found = con.execute(f"SELECT * EXCLUDE (_landing_sha256, _row_number) FROM ({select})")
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _with_key(table: pa.Table) -> pa.Table:
    return table.append_column("_landing_sha256", pa.array(["0" * 64] * len(table), pa.string()))


def _adapter(contract: Contract) -> Adapter:
    return adapter_for(contract)
