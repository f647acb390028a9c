# SPDX-License-Identifier: Apache-2.0
"""Quarters, blocks, trades and sensors as text tables, and whether they fit together.

Belongs here: one list per file, and references between the lists. Does not belong here: which
version is current (the last delivered; dbt).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa

from foundation.contracts import Contract, ContractObject
from foundation.errors import BadDelivery, Finding
from ingestion.adapter import ROW_NUMBER, Parsed, read_object
from ingestion.files import fits, object_of

# Field of one list, and the list and field in which its value must stand.
_REFERENCES = (
    ("reference_blocks", "quarter_id", "reference_quarters", "quarter_id"),
    ("reference_sensors", "quarter_id", "reference_quarters", "quarter_id"),
    ("reference_sensors", "block_id", "reference_blocks", "block_id"),
)


class ReferenceAdapter:
    """Reads any of the lists by its file name."""

    name = "reference.lists"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """All days: a list has no period and holds until the next one. Raises BadDelivery."""
        object_of(file_name, contract)
        return date.min, date.max

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """One list as text. Raises BadDelivery."""
        obj = object_of(file_name, contract)
        return Parsed({obj.name: _read(file_name, data, obj, contract)})


def check_lists(files: Mapping[str, bytes], contract: Contract) -> list[Finding]:
    """What is wrong with the lists taken together: missing, unreadable, pointing nowhere.

    ``files``: names (``blocks.csv``) to content. Single values are the contract's to judge.
    """
    findings: list[Finding] = []
    tables: dict[str, pa.Table] = {}
    names: dict[str, str] = {}
    for obj in contract.objects:
        name = next((n for n in files if fits(n, obj)), None)
        if name is None:
            findings.append(
                Finding(
                    file=obj.physical_name,
                    row=None,
                    field=None,
                    found="keine solche Datei",
                    expected="die Liste unter cooperative/reference",
                    remedy="Liste anlegen oder aus der Sicherung zurückholen",
                    rule="datei_fehlt",
                )
            )
            continue
        try:
            tables[obj.name] = _read(name, files[name], obj, contract)
            names[obj.name] = name
        except BadDelivery as error:
            findings += error.findings
    for table, field, other, key in _REFERENCES:
        if table in tables and other in tables:
            findings += _dangling(
                tables[table], field, names[table], tables[other], key, names[other]
            )
    return findings


def check_folder(folder: Path, contract: Contract) -> list[Finding]:
    """``check_lists`` of the CSV files in a folder, for example ``cooperative/reference``."""
    files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}
    return check_lists(files, contract)


def _dangling(
    table: pa.Table, field: str, file_name: str, other: pa.Table, key: str, other_name: str
) -> list[Finding]:
    known = set(other[key].to_pylist())
    pairs = zip(table[ROW_NUMBER].to_pylist(), table[field].to_pylist(), strict=True)
    return [
        Finding(
            file=file_name,
            row=row,
            field=field,
            found=f"„{value}“",
            expected=f"eine Kennung aus {other_name}",
            remedy=f"Tippfehler berichtigen oder die Kennung in {other_name} ergänzen",
            rule="kennung_unbekannt",
        )
        for row, value in pairs
        if value is not None and value not in known
    ]


def _read(file_name: str, data: bytes, obj: ContractObject, contract: Contract) -> pa.Table:
    return read_object(
        data,
        file_name,
        obj,
        delimiter=str(contract.options.get("delimiter", ";")),
        encoding=str(contract.options.get("encoding", "utf-8")),
    )


ADAPTER = ReferenceAdapter()
