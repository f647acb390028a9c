# SPDX-License-Identifier: Apache-2.0
"""Which contracts speak of shops: the list in the models is that of the cooperative's contracts."""

import re

import pytest

from foundation.contracts import load_contracts
from foundation.settings import PROJECT_ROOT

CONTRACTS = load_contracts(PROJECT_ROOT / "cooperative")
MACROS = (PROJECT_ROOT / "dbt_project" / "macros" / "business_rules.sql").read_text("utf-8")
# Adapters that read what a single shop hands in.
SHOPS = ("pos.", "supply.")


def listed() -> set[str]:
    body = MACROS.split("macro is_own_or_public_source(contract_id)")[1].split("endmacro")[0]
    return set(re.findall(r"'(\w+)'", body))


@pytest.mark.parametrize("contract", sorted(CONTRACTS))
def test_a_contract_is_either_a_shops_or_listed_as_nobodys(contract: str) -> None:
    is_shops = CONTRACTS[contract].adapter.startswith(SHOPS)
    assert (contract in listed()) != is_shops, (
        f"{contract}: nach is_own_or_public_source (business_rules.sql) eintragen oder nicht"
    )
