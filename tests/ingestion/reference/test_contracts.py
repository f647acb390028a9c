# SPDX-License-Identifier: Apache-2.0
"""What every contract of this side of the house states, whatever its source."""

import re

import pytest

from ingestion.registry import adapter_for
from tests.ingestion.sensors.judging import shipped

CONTRACTS = (
    "citizen_panel",
    "consents",
    "footfall_csv",
    "footfall_hystreet",
    "members",
    "product_sales",
    "reference",
    "vacancy_register",
)


@pytest.mark.parametrize("contract_id", CONTRACTS)
def test_the_adapter_a_contract_names_exists(contract_id: str) -> None:
    contract = shipped(contract_id)
    assert adapter_for(contract).name == contract.adapter


@pytest.mark.parametrize("contract_id", CONTRACTS)
def test_a_contract_with_personal_data_informs_and_names_a_legal_basis(contract_id: str) -> None:
    contract = shipped(contract_id)
    notice, basis = (str(contract.options[name]) for name in ("privacyNotice", "legalBasis"))
    if contract.options["gdprRole"] == "none":
        fields = [f for obj in contract.objects for f in obj.fields]
        assert {f.classification for f in fields} == {"public"}
        assert "Keine personenbezogenen Daten" in basis
    else:
        assert re.match(r"Art\. 1[34] DSGVO: ", notice)
        assert "Art. 6 Abs. 1" in basis
        assert "beschwer" in notice.lower()


@pytest.mark.parametrize("contract_id", CONTRACTS)
def test_every_table_says_what_one_row_is(contract_id: str) -> None:
    for obj in shipped(contract_id).objects:
        assert re.search(r"\. Eine Zeile je .+\.$", obj.description)


@pytest.mark.parametrize("contract_id", CONTRACTS)
def test_numbers_have_ranges(contract_id: str) -> None:
    for obj in shipped(contract_id).objects:
        for f in obj.fields:
            if f.physical_type == "BIGINT" or f.physical_type.startswith("DECIMAL"):
                assert f.minimum is not None, f.name
                assert f.maximum is not None, f.name
