# SPDX-License-Identifier: Apache-2.0
"""The list of further sources: each writes its files and says what they hold.

Belongs here: one line per source, and what a source answers. Does not belong here: any format.
A plan of its own lies in ``cooperative/town/<source>.yaml`` and is ``town.plan["<source>"]``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingestion.town.inputs import Town


@dataclass(frozen=True)
class Delivered:
    """What a source wrote.

    ``paths`` are relative to the inbox; ``truth`` becomes the section of that name in truth.json;
    ``bad_files`` join those of the tills (keys: plant_id, contract_id, path, reason, unit).
    """

    paths: list[str]
    truth: Any
    bad_files: list[dict[str, Any]] = field(default_factory=list)


# Section of truth.json -> the function that writes the files into the inbox
SOURCES: dict[str, Callable[[Town, Path], Delivered]] = {}
