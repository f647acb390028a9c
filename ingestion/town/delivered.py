# SPDX-License-Identifier: Apache-2.0
"""What a further source of the town answers when it has written its files.

Belongs here: that answer. Does not belong here: the list of sources (``further``), which imports
every source and so cannot be imported by one.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Delivered:
    """What a source wrote.

    ``paths`` are relative to the inbox; ``truth`` becomes the section of that name in truth.json;
    ``bad_files`` join those of the tills (keys: plant_id, contract_id, path, reason, unit).
    """

    paths: list[str]
    truth: Any
    bad_files: list[dict[str, Any]] = field(default_factory=list)
