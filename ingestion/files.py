# SPDX-License-Identifier: Apache-2.0
"""Which table of a contract a delivered file carries, where one source delivers several files.

Belongs here: matching file names with the contract's file patterns. Does not belong here: reading
files (``adapter.py`` and the formats).
"""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import PurePosixPath

from foundation.contracts import Contract, ContractObject
from ingestion.adapter import refuse


def fits(file_name: str, obj: ContractObject) -> bool:
    """Whether the file's name, without its folders, is one that the contract gives the table."""
    return fnmatch(PurePosixPath(file_name).name.lower(), obj.physical_name.lower())


def object_of(file_name: str, contract: Contract) -> ContractObject:
    """The table that a file carries. Raises BadDelivery for a name the contract does not know."""
    for obj in contract.objects:
        if fits(file_name, obj):
            return obj
    raise refuse(
        file_name,
        rule="datei_unbekannt",
        found=f"eine Datei namens {PurePosixPath(file_name).name}",
        expected=" oder ".join(obj.physical_name for obj in contract.objects),
        remedy="Datei umbenennen oder in den richtigen Eingangsordner legen",
    )
