# SPDX-License-Identifier: Apache-2.0
"""dbt's source file, derived from the contracts.

Belongs here: contract -> ``models/staging/sources.yml``. Does not belong here: descriptions or tests written by hand: they
stand in the contract, and a test compares the committed file with what this module gives.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from foundation.contracts import Contract, ContractField, ContractObject

HEADER = "# Generated from cooperative/contracts by `ortskern contracts`; change the contract, not this file.\n"
_KEYS: list[dict[str, Any]] = [
    {
        "name": "_landing_sha256",
        "description": "SHA-256 der Lieferung, aus der die Zeile stammt.",
        "data_type": "VARCHAR",
    },
    {
        "name": "_row_number",
        "description": "Zeile in der gelieferten Datei; die Kopfzeile ist 1.",
        "data_type": "BIGINT",
    },
    {"name": "_dlt_load_id", "description": "Ladevorgang.", "data_type": "VARCHAR"},
]


def sources_yaml(contracts: Mapping[str, Contract]) -> str:
    """The text of ``sources.yml`` for these contracts, in the order of their ids."""
    tables = [table for contract in contracts.values() for table in _tables(contract)]
    document = {
        "version": 2,
        "sources": [
            {
                "name": "raw",
                "description": "Rohschicht: je Tabelle eine Tabelle der Quelle, Kennungen durch Pseudonyme ersetzt.",
                "database": "lake",
                "schema": "raw",
                "tables": tables,
            }
        ],
    }
    return HEADER + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)


def _tables(contract: Contract) -> Iterable[dict[str, Any]]:
    for obj in contract.objects:
        if obj.raw_fields:
            yield _table(contract, obj)


def _table(contract: Contract, obj: ContractObject) -> dict[str, Any]:
    return {
        "name": obj.name,
        "description": obj.description,
        "meta": {
            "contract": contract.id,
            "contract_version": contract.version,
            "owner": contract.options["owner"],
        },
        "columns": [*_KEYS, *(_column(f) for f in obj.raw_fields)],
    }


def _column(f: ContractField) -> dict[str, Any]:
    column: dict[str, Any] = {"name": f.name, "description": f.description, "data_type": f.raw_type}
    tests: list[Any] = []
    if f.required:
        tests.append("not_null")
    if (
        f.valid_values
        and f.handling == "keep"
        and f.severity == "block"
        and f.physical_type == "VARCHAR"
    ):
        tests.append({"accepted_values": {"arguments": {"values": list(f.valid_values)}}})
    if tests:
        column["data_tests"] = tests
    column["meta"] = {"classification": f.classification, "handling": f.handling}
    return column
