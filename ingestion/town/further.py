# SPDX-License-Identifier: Apache-2.0
"""The list of further sources: each writes its files and says what they hold.

Belongs here: one line per source. Does not belong here: any format. A plan of its own lies in
``cooperative/town/<source>.yaml`` and is ``town.plan["<source>"]``.
"""

from collections.abc import Callable
from pathlib import Path

from ingestion.town.air import deliver_air
from ingestion.town.bright_sky import deliver_weather
from ingestion.town.conditions import tell_conditions
from ingestion.town.delivered import Delivered
from ingestion.town.eco_counter import deliver_eco_counter
from ingestion.town.events import deliver_events
from ingestion.town.inputs import Town
from ingestion.town.merchandise import deliver_merchandise
from ingestion.town.sensorthings import deliver_sensorthings
from ingestion.town.slips import deliver_slips
from ingestion.town.supply import deliver_supply
from ingestion.town.surveys import deliver_panel

# Section of truth.json -> the function that writes the files into the inbox
SOURCES: dict[str, Callable[[Town, Path], Delivered]] = {
    "supply": deliver_supply,
    "conditions": tell_conditions,
    "surveys": deliver_panel,
    "sensorthings": deliver_sensorthings,
    "eco_counter": deliver_eco_counter,
    "air": deliver_air,
    "weather": deliver_weather,
    "events": deliver_events,
    "merchandise": deliver_merchandise,
    "production": deliver_slips,
}
