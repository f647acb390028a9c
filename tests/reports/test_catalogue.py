# SPDX-License-Identifier: Apache-2.0
"""The data catalogue holds what DCAT-AP.de 3.0 demands, for every source and every released table."""

import json
from datetime import date
from typing import Any

import pytest

from foundation.contracts import load_contracts
from foundation.cooperative import load_cooperative
from foundation.settings import PROJECT_ROOT
from reports.catalogue import ReleasedTable, catalogue, catalogue_bytes, catalogue_rows
from reports.portal_tables import BOARD

FOLDER = PROJECT_ROOT / "cooperative"
COOPERATIVE, CONTRACTS = load_cooperative(FOLDER), load_contracts(FOLDER)
TABLES = (
    ReleasedTable(
        "vacancy", "Leerstand je Quartier", "Wie viel steht leer? Eine Zeile je Quartier und Monat.",
        ("reference", "vacancy_register"), date(2025, 10, 1), date(2026, 10, 31),
    ),
    ReleasedTable("quarter", "Quartiere", "Welche gibt es? Eine Zeile je Quartier.", ("reference",)),
)  # fmt: skip
CONTENT = catalogue(COOPERATIVE, CONTRACTS, TABLES, date(2026, 11, 22))
GRAPH: list[dict[str, Any]] = CONTENT["@graph"]
# Mandatory in DCAT-AP.de 3.0, with what it recommends for a contact, a licence and a place.
MANDATORY = {
    "dcat:Catalog": ["dct:title", "dct:description", "dct:publisher", "dcat:dataset"],
    "dcat:Dataset": [
        *("dct:title", "dct:description", "dct:publisher", "dcat:contactPoint", "dcat:theme"),
        "dcatde:politicalGeocodingLevelURI",
    ],
    "dcat:Distribution": ["dcat:accessURL", "dct:license", "dcatde:licenseAttributionByText"],
    "foaf:Organization": ["foaf:name"],
}


def nodes(kind: str) -> list[dict[str, Any]]:
    found = [n for n in GRAPH if n["@type"] == kind]
    if kind == "dcat:Distribution":
        found = [d for n in GRAPH for d in n.get("dcat:distribution", [])]
    return found


@pytest.mark.parametrize("kind", MANDATORY)
def test_every_mandatory_property_is_there_and_filled(kind: str) -> None:
    assert nodes(kind)
    for node in nodes(kind):
        missing = [name for name in MANDATORY[kind] if not node.get(name)]
        assert missing == [], node["@id"]


def test_every_source_and_every_table_is_a_data_set_of_the_catalogue() -> None:
    (found,) = nodes("dcat:Catalog")
    listed = [d["@id"] for d in found["dcat:dataset"]]
    assert listed == [d["@id"] for d in nodes("dcat:Dataset")]
    names = {d["dct:identifier"] for d in nodes("dcat:Dataset")}
    assert names == {*CONTRACTS, "vacancy", "quarter"}


def test_every_prefix_is_declared() -> None:
    def terms(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {k for k in value if not k.startswith("@")}
            own |= {value["@type"]} if "@type" in value else set()
            return own.union(*(terms(v) for v in value.values()))
        return set().union(*(terms(v) for v in value)) if isinstance(value, list) else set()

    assert {t.split(":")[0] for t in terms(GRAPH)} <= set(CONTENT["@context"])


def test_every_node_is_named_once_and_every_reference_within_leads_somewhere() -> None:
    own = [n["@id"] for n in GRAPH]
    assert len(own) == len(set(own))
    sources = {s["@id"] for n in GRAPH for s in n.get("dct:source", [])}
    assert sources <= set(own)


def test_a_table_can_be_downloaded_in_two_forms_and_a_source_in_none() -> None:
    (vacancy,) = [d for d in nodes("dcat:Dataset") if d["dct:identifier"] == "vacancy"]
    assert [
        d["dcat:downloadURL"]["@id"].rsplit("/", 2)[1:] for d in vacancy["dcat:distribution"]
    ] == [
        ["daten", "vacancy.csv"],
        ["daten", "vacancy.parquet"],
    ]
    sources = [d for d in nodes("dcat:Dataset") if d["dct:identifier"] in CONTRACTS]
    assert not any("dcat:distribution" in d for d in sources)
    assert {d["dct:accessRights"]["@id"].rsplit("/")[-1] for d in sources} == {"NON_PUBLIC"}


def test_months_are_a_period_and_a_list_has_none() -> None:
    by_name = {d["dct:identifier"]: d for d in nodes("dcat:Dataset")}
    period = by_name["vacancy"]["dct:temporal"]
    assert period["dcat:startDate"] == {"@value": "2025-10-01", "@type": "xsd:date"}
    assert period["dcat:endDate"] == {"@value": "2026-10-31", "@type": "xsd:date"}
    assert "dct:temporal" not in by_name["quarter"]


def test_the_file_is_json_and_the_same_each_time() -> None:
    again = catalogue(COOPERATIVE, CONTRACTS, TABLES, date(2026, 11, 22))
    assert catalogue_bytes(again) == catalogue_bytes(CONTENT)
    assert json.loads(catalogue_bytes(CONTENT)) == CONTENT


def test_the_rows_of_the_page_have_the_columns_that_the_portal_knows() -> None:
    rows = catalogue_rows(CONTRACTS, TABLES)
    assert all(list(row) == list(BOARD["catalogue"]) for row in rows)
    assert len(rows) == len(TABLES) + len(CONTRACTS)
    assert rows[0]["zeitraum"] == "01.10.2025 bis 31.10.2026"
    assert (
        rows[0]["quellen"] == f"{CONTRACTS['reference'].name}, {CONTRACTS['vacancy_register'].name}"
    )
