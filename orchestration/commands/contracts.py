# SPDX-License-Identifier: Apache-2.0
"""`ortskern contracts`: the models' source file, from the contracts.

Belongs here: comparing and writing `sources.yml`, and which contracts it is made of. Does not
belong here: its text (`quality/sources.py`).
"""

from collections.abc import Mapping
from pathlib import Path

from foundation.contracts import Contract, load_contracts
from foundation.settings import PROJECT_ROOT, Settings, load_settings
from orchestration.speech import say
from quality.sources import sources_yaml

TARGET = PROJECT_ROOT / "dbt_project" / "models" / "staging" / "sources.yml"
SHIPPED = PROJECT_ROOT / "cooperative"


def write_sources(check: bool, target: Path = TARGET) -> int:
    """Write the file where it differs; with `check` only compare. Returns 1 on a difference found.

    Raises ContractError when a contract cannot be read.
    """
    wanted = wanted_sources(load_settings())
    if target.is_file() and target.read_text("utf-8") == wanted:
        say(f"„{target.name}“ entspricht den Verträgen.")
        return 0
    if check:
        say(
            f"Datei „{target}“: gefunden ein anderer Inhalt, als die Verträge ergeben; mit "
            "`ortskern contracts` neu schreiben.",
            "red",
        )
        return 1
    target.write_text(wanted, "utf-8")
    say(f"„{target}“ aus den Verträgen neu geschrieben.", "green")
    return 0


def wanted_sources(settings: Settings) -> str:
    """The text that `sources.yml` must have for the contracts of these settings."""
    own = load_contracts(settings.cooperative)
    shipped = own if settings.cooperative == SHIPPED else load_contracts(SHIPPED)
    return sources_yaml(overlaid(shipped, own))


def overlaid(shipped: Mapping[str, Contract], own: Mapping[str, Contract]) -> dict[str, Contract]:
    """Own contracts, and the shipped ones whose tables no own contract claims.

    The models name every table they can read, also those that this cooperative has no source for;
    their description then comes from the contract that was shipped.
    """
    claimed = {o.name for c in own.values() for o in c.objects}
    rest = {
        i: c
        for i, c in shipped.items()
        if i not in own and not claimed & {o.name for o in c.objects}
    }
    return dict(sorted({**rest, **own}.items()))
