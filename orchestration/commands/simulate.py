# SPDX-License-Identifier: Apache-2.0
"""``ortskern simulate``: the simulated town's deliveries into the inbox."""

from foundation.clock import monotonic
from foundation.errors import ConfigError
from foundation.formats import number
from foundation.settings import load_settings
from orchestration.console import console, progress_voice
from orchestration.house import House, Voice, open_house


def has_town(house: House) -> bool:
    """Whether this cooperative is a sample whose deliveries are simulated."""
    return (house.settings.cooperative / "town" / "town.yaml").is_file()


def fill_inbox(
    house: House, voice: Voice, scale: float, seed: int | None = None, months: int | None = None
) -> object:
    """Write the town's deliveries; a town that is there already is left alone."""
    from ingestion.town import simulate

    return simulate(
        house.settings.cooperative,
        house.settings.inbox,
        house.settings.town_dir,
        scale=scale,
        seed=seed,
        months=months,
        progress=lambda done, total, text: voice(text, done, total),
    )


def simulate_town(scale: float, seed: int | None, months: int | None) -> None:
    """The command: simulate and say what was written."""
    house = open_house(load_settings())
    if not has_town(house):
        raise ConfigError(
            f"Ordner „{house.settings.cooperative}“ hat keine Datei town/town.yaml; simuliert wird nur die Musterstadt."
        )
    began = monotonic()
    with progress_voice() as voice:
        fill_inbox(house, voice, scale, seed, months)
    files = [p for p in house.settings.inbox.rglob("*") if p.is_file()]
    size = sum(p.stat().st_size for p in files) / 1e6
    console.print(
        f"{number(len(files), 0)} Dateien, {number(size, 1)} MB, in {monotonic() - began:.0f} s: {house.settings.inbox}"
    )
