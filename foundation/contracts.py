# SPDX-License-Identifier: Apache-2.0
"""Data contracts: one ODCS file per source, read into what the rooms ask of it.

Belongs here: reading and checking ``cooperative/contracts/*.odcs.yaml`` (Open Data Contract Standard 3.1).
Does not belong here: what is derived from a contract: rules and suites (``quality``), dbt sources, the privacy board.

Nobody writes the same fact twice: loader, suite, source tests and privacy board all read these objects.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import yaml
from open_data_contract_standard.model import (
    DataQuality,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
)
from pydantic import ValidationError

from foundation.errors import ContractError, Severity

Handling = Literal["keep", "drop", "pseudonym", "register"]
CLASSIFICATIONS = ("public", "internal", "personal", "confidential")
HANDLINGS = ("keep", "drop", "pseudonym", "register")
RAW_TYPES = re.compile(
    r"^(VARCHAR|BIGINT|INTEGER|SMALLINT|DOUBLE|BOOLEAN|DATE|TIMESTAMP|TIMESTAMPTZ|DECIMAL\(\d+,\d+\))$"
)
REQUIRED_OPTIONS = (
    "adapter",
    "owner",
    "gdprRole",
    "legalBasis",
    "recipients",
    "privacyNotice",
    "dpia",
    "quarantineShare",
    "quarantineUnit",
)


@dataclass(frozen=True)
class SqlRule:
    """A rule over rows: ``predicate`` is true for the rows that violate it."""

    name: str
    predicate: str
    description: str
    severity: Severity


@dataclass(frozen=True)
class ContractField:
    """One column of a raw table and how it comes from the delivery."""

    name: str
    source: str
    logical_type: str
    physical_type: str
    required: bool
    unique: bool
    classification: str
    handling: Handling
    pseudonym_domain: str | None
    minimum: str | None
    maximum: str | None
    pattern: str | None
    example: str | None
    valid_values: tuple[str, ...]
    severity: Severity
    description: str

    @property
    def raw_type(self) -> str:
        """DuckDB type in ``raw``: pseudonyms are text whatever the source's type was."""
        return "VARCHAR" if self.handling == "pseudonym" else self.physical_type


@dataclass(frozen=True)
class ContractObject:
    """One raw table: ``physical_name`` is the file (pattern) in the delivery it comes from."""

    name: str
    physical_name: str
    description: str
    fields: tuple[ContractField, ...]
    rules: tuple[SqlRule, ...]

    @property
    def raw_fields(self) -> tuple[ContractField, ...]:
        """The fields that arrive in ``raw``: neither dropped nor kept in the register."""
        return tuple(f for f in self.fields if f.handling in ("keep", "pseudonym"))

    def field(self, name: str) -> ContractField:
        """The field of that raw column name; KeyError if there is none."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)


@dataclass(frozen=True)
class Contract:
    """One source: who, what for, how long, with which protection, in which form."""

    id: str
    version: str
    name: str
    purpose: str
    usage: str
    limitations: str
    retention_months: int
    frequency: str
    options: Mapping[str, Any]
    objects: tuple[ContractObject, ...]
    path: Path
    hash: str = field(repr=False)

    @property
    def adapter(self) -> str:
        """Name of the adapter in ``ingestion/registry.py``."""
        return str(self.options["adapter"])

    @property
    def quarantine_unit(self) -> Literal["delivery", "row"]:
        """What goes to quarantine when a row breaks a rule: its delivery or the row alone."""
        return cast(Literal["delivery", "row"], self.options["quarantineUnit"])

    @property
    def quarantine_share(self) -> float:
        """Share of quarantined rows or deliveries above which the source's branch stops."""
        return float(self.options["quarantineShare"])

    def object(self, name: str) -> ContractObject:
        """The object of that raw table name; KeyError if there is none."""
        for candidate in self.objects:
            if candidate.name == name:
                return candidate
        raise KeyError(name)


def load_contracts(cooperative_dir: Path) -> dict[str, Contract]:
    """All contracts under ``contracts/``, by id, in the order of their ids.

    Raises:
        ContractError: a file is not ODCS 3.1, lacks a mandatory statement, or two claim the same raw table.
    """
    contracts: dict[str, Contract] = {}
    claimed: dict[str, str] = {}
    for path in sorted((cooperative_dir / "contracts").glob("*.odcs.yaml")):
        contract = load_contract(path)
        if contract.id in contracts:
            raise ContractError(
                f"Vertrag „{path.name}“: die Kennung „{contract.id}“ gibt es schon; eine andere wählen."
            )
        for obj in contract.objects:
            if obj.name in claimed:
                raise ContractError(
                    f"Vertrag „{path.name}“: die Tabelle „{obj.name}“ gehört schon „{claimed[obj.name]}“; umbenennen."
                )
            claimed[obj.name] = contract.id
        contracts[contract.id] = contract
    return contracts


def load_contract(path: Path) -> Contract:
    """Read one ODCS file. Raises ContractError with file, place and remedy."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ContractError(
            f"Vertrag „{path.name}“ ist nicht in UTF-8 gespeichert; im Editor mit Zeichensatz UTF-8 neu speichern."
        ) from error
    try:
        document = OpenDataContractStandard.model_validate(yaml.safe_load(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise ContractError(
            f"Vertrag „{path.name}“ ist nicht lesbar: {_first_line(error)}; Datei berichtigen."
        ) from error
    return _Reader(path, document).read(hashlib.sha256(text.encode()).hexdigest())


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(p) for p in first['loc'])}: {first['msg']}"
    return str(error).splitlines()[0]


class _Reader:
    """Turns the standard's model into ours, and says precisely what is missing."""

    def __init__(self, path: Path, document: OpenDataContractStandard) -> None:
        self.path = path
        self.document = document

    def _fail(self, place: str, found: str, expected: str) -> ContractError:
        return ContractError(
            f"Vertrag „{self.path.name}“, {place}: gefunden {found}, erwartet {expected}; Datei ergänzen."
        )

    def read(self, digest: str) -> Contract:
        document = self.document
        if document.apiVersion != "v3.1.0":
            raise self._fail("apiVersion", repr(document.apiVersion), "v3.1.0")
        if not document.id or not document.version or not document.name:
            raise self._fail("Kopf", "leer", "id, version und name")
        options = {c.property: c.value for c in document.customProperties or [] if c.property}
        for name in REQUIRED_OPTIONS:
            if options.get(name) in (None, ""):
                raise self._fail(f"customProperties.{name}", "nichts", "eine Angabe")
        if options["quarantineUnit"] not in ("delivery", "row"):
            raise self._fail(
                "customProperties.quarantineUnit",
                str(options["quarantineUnit"]),
                "delivery oder row",
            )
        if not _is_share(options["quarantineShare"]):
            raise self._fail(
                "customProperties.quarantineShare",
                repr(options["quarantineShare"]),
                "ein Anteil von 0 bis 1",
            )
        sla = {s.property: s for s in document.slaProperties or []}
        retention = sla["retention"].value if "retention" in sla else None
        if not str(retention or "").isdigit():
            raise self._fail(
                "slaProperties.retention",
                repr(retention) if retention else "nichts",
                "eine Zahl von Monaten",
            )
        description = document.description
        if description is None or not description.purpose:
            raise self._fail("description.purpose", "nichts", "der Zweck der Verarbeitung")
        objects = tuple(self._object(s) for s in document.schema_ or [])
        if not objects:
            raise self._fail("schema", "nichts", "mindestens eine Tabelle")
        return Contract(
            id=document.id,
            version=document.version,
            name=document.name,
            purpose=description.purpose.strip(),
            usage=(description.usage or "").strip(),
            limitations=(description.limitations or "").strip(),
            retention_months=int(str(retention)),
            frequency=" ".join(
                str(p) for p in (sla["frequency"].value, sla["frequency"].unit) if p is not None
            )
            if "frequency" in sla
            else "",
            options=options,
            objects=objects,
            path=self.path,
            hash=digest,
        )

    def _object(self, schema: SchemaObject) -> ContractObject:
        if not schema.name or not schema.description:
            raise self._fail(f"schema.{schema.name}", "leer", "name und description")
        fields = tuple(self._field(schema.name, p) for p in schema.properties or [])
        if not fields:
            raise self._fail(f"schema.{schema.name}", "keine Felder", "mindestens ein Feld")
        return ContractObject(
            name=schema.name,
            physical_name=schema.physicalName or schema.name,
            description=schema.description.strip(),
            fields=fields,
            rules=tuple(
                self._rule(schema.name, q) for q in schema.quality or [] if q.type == "sql"
            ),
        )

    def _field(self, table: str, prop: SchemaProperty) -> ContractField:
        place = f"schema.{table}.{prop.name}"
        if not prop.name or not prop.description:
            raise self._fail(place, "leer", "name und description")
        own = {c.property: c.value for c in prop.customProperties or []}
        handling = own.get("handling", "keep")
        if handling not in HANDLINGS:
            raise self._fail(f"{place}.handling", repr(handling), " | ".join(HANDLINGS))
        if handling == "pseudonym" and not own.get("pseudonymDomain"):
            raise self._fail(f"{place}.pseudonymDomain", "nichts", "die Domäne des Pseudonyms")
        if prop.classification not in CLASSIFICATIONS:
            raise self._fail(
                f"{place}.classification", repr(prop.classification), " | ".join(CLASSIFICATIONS)
            )
        if prop.classification == "personal" and handling == "keep":
            raise self._fail(
                f"{place}.handling",
                "keep",
                "drop, pseudonym oder register (personenbezogenes Feld)",
            )
        physical_type = (prop.physicalType or "VARCHAR").upper().replace(" ", "")
        if not RAW_TYPES.match(physical_type):
            raise self._fail(
                f"{place}.physicalType", repr(prop.physicalType), "ein Typ der Rohschicht"
            )
        options = prop.logicalTypeOptions or {}
        valid: tuple[str, ...] = ()
        severity: Severity = "block"
        for quality in prop.quality or []:
            if quality.metric == "invalidValues" and quality.arguments:
                valid = tuple(str(v) for v in quality.arguments.get("validValues", ()))
            severity = _severity(quality)
        pattern = _text(options.get("pattern"))
        example = _text(next(iter(prop.examples or []), None))
        # A person who is to mend a value is shown one that is right, not the pattern.
        if pattern and not (example and _matches(pattern, example)):
            raise self._fail(
                f"{place}.examples", repr(example), f"ein Beispiel, das zum Muster {pattern} passt"
            )
        return ContractField(
            name=prop.name,
            source=prop.physicalName or prop.name,
            logical_type=prop.logicalType or "string",
            physical_type=physical_type,
            required=bool(prop.required),
            unique=bool(prop.unique),
            classification=prop.classification,
            handling=cast(Handling, handling),
            pseudonym_domain=own.get("pseudonymDomain"),
            minimum=_text(options.get("minimum")),
            maximum=_text(options.get("maximum")),
            pattern=pattern,
            example=example,
            valid_values=valid,
            severity=severity,
            description=prop.description.strip(),
        )

    def _rule(self, table: str, quality: DataQuality) -> SqlRule:
        match = re.search(r"\sWHERE\s(.*)$", quality.query or "", re.IGNORECASE | re.DOTALL)
        if not match or not quality.name or not quality.description:
            raise self._fail(
                f"schema.{table}.quality",
                repr(quality.name),
                "name, description und query der Form SELECT count(*) FROM {object} WHERE …",
            )
        return SqlRule(
            quality.name, match.group(1).strip(), quality.description.strip(), _severity(quality)
        )


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return False


def _severity(quality: DataQuality) -> Severity:
    return (
        "warn" if (quality.severity or "error").lower() in ("warning", "warn", "info") else "block"
    )


def _is_share(value: Any) -> bool:
    try:
        return 0 <= float(value) <= 1
    except (TypeError, ValueError):
        return False


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
