# SPDX-License-Identifier: Apache-2.0
"""Finds the adapter that a contract names.

Belongs here: the way from the contract's option `adapter` to the module that reads the format.
Does not belong here: the formats themselves. A new source is a new module with an `ADAPTER`, and
a contract that names it; nothing is registered by hand.
"""

from __future__ import annotations

import importlib
import re
from typing import cast

from foundation.contracts import Contract
from foundation.errors import ConfigError
from ingestion.adapter import Adapter

_NAME = re.compile(r"[a-z_]+(\.[a-z_]+)?")


def adapter_for(contract: Contract) -> Adapter:
    """The adapter of `contract`. Raises ConfigError when the name leads nowhere."""
    name = str(contract.options.get("adapter", ""))
    remedy = "im Vertrag unter customProperties `adapter` ein vorhandenes Modul nennen"
    if not _NAME.fullmatch(name):
        raise ConfigError(
            f"Vertrag {contract.id}: Feld adapter ist {name!r}, erwartet wird ein Name wie "
            f"pos.dsfinvk; {remedy}."
        )
    module_name = f"ingestion.{name}"
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not module_name.startswith(error.name):
            raise
        raise ConfigError(
            f"Vertrag {contract.id}: Adapter {name!r} gibt es nicht; {remedy}."
        ) from error
    return cast(Adapter, module.ADAPTER)
