# SPDX-License-Identifier: Apache-2.0
"""Contracts: read completely, and refused with file, place, found and expected."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from foundation.contracts import Contract, load_contract, load_contracts
from foundation.errors import ContractError
from foundation.settings import PROJECT_ROOT

SAMPLE = PROJECT_ROOT / "cooperative"
Document = dict[str, Any]
OPTIONS = {
    "adapter": "pos.mapped_csv",
    "owner": "Datenverwaltung",
    "gdprRole": "controller",
    "legalBasis": "Vertrag",
    "recipients": ["Datenverwaltung"],
    "privacyNotice": "Wir zählen.",
    "dpia": "keine",
    "quarantineShare": 0.05,
    "quarantineUnit": "row",
}


def document() -> Document:
    """A small contract that is complete."""
    return {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": "probe",
        "name": "Probe",
        "version": "1.2.0",
        "status": "active",
        "description": {"purpose": "Zählen", "usage": "Seite", "limitations": "keine"},
        "slaProperties": [{"property": "retention", "value": 36, "unit": "months"}],
        "customProperties": [{"property": k, "value": v} for k, v in OPTIONS.items()],
        "schema": [
            {
                "name": "probe_lines",
                "physicalName": "*.csv",
                "description": "Zeilen. Eine Zeile je Zeile.",
                "properties": [
                    {
                        "name": "amount",
                        "physicalName": "Betrag",
                        "logicalType": "number",
                        "physicalType": "DECIMAL(18,2)",
                        "required": True,
                        "classification": "internal",
                        "description": "Betrag.",
                        "logicalTypeOptions": {"minimum": 0},
                    },
                    {
                        "name": "customer",
                        "physicalName": "Kunde",
                        "logicalType": "string",
                        "physicalType": "BIGINT",
                        "classification": "personal",
                        "description": "Kunde.",
                        "customProperties": [
                            {"property": "handling", "value": "pseudonym"},
                            {"property": "pseudonymDomain", "value": "member"},
                        ],
                    },
                    {
                        "name": "note",
                        "classification": "personal",
                        "description": "Notiz.",
                        "customProperties": [{"property": "handling", "value": "drop"}],
                    },
                ],
                "quality": [
                    {
                        "type": "sql",
                        "name": "positiv",
                        "description": "Kein Betrag unter null.",
                        "query": "SELECT count(*) FROM {object} WHERE amount < 0",
                        "mustBe": 0,
                        "severity": "warning",
                    }
                ],
            }
        ],
    }


def write(folder: Path, content: Document, name: str = "probe") -> Path:
    path = folder / "contracts" / f"{name}.odcs.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return path


@pytest.fixture
def probe(tmp_path: Path) -> Contract:
    """The small contract, read."""
    return load_contract(write(tmp_path, document()))


def test_every_contract_of_the_sample_is_read() -> None:
    files = sorted((SAMPLE / "contracts").glob("*.odcs.yaml"))
    assert list(load_contracts(SAMPLE)) == sorted(p.name.split(".")[0] for p in files)


def test_no_raw_table_of_the_sample_keeps_a_personal_field() -> None:
    for contract in load_contracts(SAMPLE).values():
        for obj in contract.objects:
            kept = [f.name for f in obj.raw_fields if f.handling == "keep"]
            assert not [n for n in kept if obj.field(n).classification == "personal"], obj.name


def test_the_head_is_read(probe: Contract) -> None:
    assert (probe.id, probe.version, probe.retention_months) == ("probe", "1.2.0", 36)


def test_the_options_are_read(probe: Contract) -> None:
    assert probe.adapter == "pos.mapped_csv"
    assert (probe.quarantine_unit, probe.quarantine_share) == ("row", 0.05)


def test_a_dropped_field_is_no_column(probe: Contract) -> None:
    assert [f.name for f in probe.object("probe_lines").raw_fields] == ["amount", "customer"]


def test_a_pseudonym_is_text_whatever_the_source_has(probe: Contract) -> None:
    assert probe.objects[0].field("customer").raw_type == "VARCHAR"


def test_what_stands_behind_where_marks_the_violating_rows(probe: Contract) -> None:
    (rule,) = probe.objects[0].rules
    assert (rule.name, rule.predicate, rule.severity) == ("positiv", "amount < 0", "warn")


def test_the_hash_is_that_of_the_file(probe: Contract) -> None:
    assert probe.hash == hashlib.sha256(probe.path.read_bytes()).hexdigest()


def test_a_folder_without_contracts_has_none(tmp_path: Path) -> None:
    assert load_contracts(tmp_path) == {}


def test_an_id_can_be_taken_only_once(tmp_path: Path) -> None:
    write(tmp_path, document(), "a")
    write(tmp_path, document(), "b")
    with pytest.raises(ContractError, match="„b.odcs.yaml“: die Kennung „probe“ gibt es schon"):
        load_contracts(tmp_path)


def test_a_table_belongs_to_one_contract(tmp_path: Path) -> None:
    write(tmp_path, document(), "a")
    write(tmp_path, document() | {"id": "zweite"}, "b")
    with pytest.raises(ContractError, match="die Tabelle „probe_lines“ gehört schon „probe“"):
        load_contracts(tmp_path)


def without(option: str) -> Callable[[Document], None]:
    def change(content: Document) -> None:
        content["customProperties"] = [
            p for p in content["customProperties"] if p["property"] != option
        ]

    return change


def option(name: str, value: object) -> Callable[[Document], None]:
    def change(content: Document) -> None:
        without(name)(content)
        content["customProperties"].append({"property": name, "value": value})

    return change


def field(number: int, **values: object) -> Callable[[Document], None]:
    def change(content: Document) -> None:
        content["schema"][0]["properties"][number] |= values

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d.update(apiVersion="v2.0.0"), "apiVersion: gefunden 'v2.0.0', erwartet v3.1.0"),
        (lambda d: d.update(name=""), "Kopf: gefunden leer, erwartet id, version und name"),
        (
            lambda d: d.update(schema=[]),
            "schema: gefunden nichts, erwartet mindestens eine Tabelle",
        ),
        (
            lambda d: d["schema"][0]["properties"][0].update(
                logicalTypeOptions={"pattern": "[A-Z]{3}"}, examples=["Alt"]
            ),
            "examples: gefunden 'Alt', erwartet ein Beispiel, das zum Muster",
        ),
        (lambda d: d.update(description={}), "description.purpose: gefunden nichts"),
        (lambda d: d.update(slaProperties=[]), "slaProperties.retention: gefunden nichts"),
        (
            lambda d: d["slaProperties"][0].update(value="drei Jahre"),
            "slaProperties.retention: gefunden 'drei Jahre', erwartet eine Zahl von Monaten",
        ),
        (without("legalBasis"), "customProperties.legalBasis: gefunden nichts, erwartet eine"),
        (option("quarantineUnit", "datei"), "quarantineUnit: gefunden datei, erwartet delivery"),
        (option("quarantineShare", "wenig"), "quarantineShare: gefunden 'wenig', erwartet ein An"),
        (option("quarantineShare", 5), "quarantineShare: gefunden 5, erwartet ein Anteil"),
        (field(0, description=""), "probe_lines.amount: gefunden leer, erwartet name und desc"),
        (field(0, physicalType="MONEY"), "physicalType: gefunden 'MONEY', erwartet ein Typ"),
        (field(0, physicalType="HUGEINT"), "physicalType: gefunden 'HUGEINT', erwartet ein Typ"),
        (field(0, classification="secret"), "classification: gefunden 'secret'"),
        (field(1, customProperties=[]), r"handling: gefunden keep, erwartet drop, .*personenbezog"),
        (
            field(1, customProperties=[{"property": "handling", "value": "hash"}]),
            "handling: gefunden 'hash', erwartet keep",
        ),
        (
            field(1, customProperties=[{"property": "handling", "value": "pseudonym"}]),
            "pseudonymDomain: gefunden nichts, erwartet die Domäne",
        ),
        (
            lambda d: d["schema"][0]["quality"][0].update(query="SELECT 1"),
            "schema.probe_lines.quality: gefunden 'positiv', erwartet name, description und query",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_said_with_its_place(
    tmp_path: Path, change: Callable[[Document], None], sentence: str
) -> None:
    content = document()
    change(content)
    with pytest.raises(ContractError, match=f"^Vertrag „probe.odcs.yaml“, .*{sentence}"):
        load_contract(write(tmp_path, content))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"id: [", "ist nicht lesbar"),
        (b"", "ist nicht lesbar"),
        (b"nur Text", "ist nicht lesbar"),
        ("name: Bäckerei".encode("cp1252"), "ist nicht in UTF-8 gespeichert"),
    ],
)
def test_a_file_that_is_no_contract_is_named(tmp_path: Path, data: bytes, sentence: str) -> None:
    path = write(tmp_path, {})
    path.write_bytes(data)
    with pytest.raises(ContractError, match=f"Vertrag „probe.odcs.yaml“ {sentence}"):
        load_contract(path)
