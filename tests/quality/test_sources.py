# SPDX-License-Identifier: Apache-2.0
"""The two homes of a column cannot drift: what dbt reads is what the contract says."""

import yaml

from foundation.contracts import load_contracts
from foundation.settings import PROJECT_ROOT
from quality.sources import sources_yaml

COMMITTED = PROJECT_ROOT / "dbt_project" / "models" / "staging" / "sources.yml"


def test_the_committed_sources_are_those_of_the_contracts() -> None:
    assert COMMITTED.read_text("utf-8") == sources_yaml(
        load_contracts(PROJECT_ROOT / "cooperative")
    )


def test_no_source_shows_a_field_that_stays_at_the_door() -> None:
    contracts = load_contracts(PROJECT_ROOT / "cooperative")
    shown = {
        t["name"]: {c["name"] for c in t["columns"]}
        for t in yaml.safe_load(sources_yaml(contracts))["sources"][0]["tables"]
    }
    for contract in contracts.values():
        for obj in contract.objects:
            kept_out = {f.name for f in obj.fields if f.handling in ("drop", "register")}
            assert not kept_out & shown.get(obj.name, set()), obj.name
