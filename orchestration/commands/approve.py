# SPDX-License-Identifier: Apache-2.0
"""`ortskern approve`: record what an organ decided about publishing.

Belongs here: who may be named, which tables, which day. Does not belong here: the record itself
(`quality/disclosure/approvals`); the command records a decision, it never takes one.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import yaml

from foundation.cooperative import Organ
from foundation.errors import ConfigError
from foundation.formats import day
from foundation.settings import load_settings
from orchestration.house import House, open_house
from orchestration.inventory import waiting_tables
from orchestration.speech import say
from quality.disclosure.approvals import approve, write_approval
from quality.disclosure.definitions import ReleaseDefinition, load_definitions


def record_approvals(
    tables: Sequence[str], *, organ: str, on: date, minutes: str, heard: str | None
) -> None:
    """Write one record per table; without tables for all that wait.

    Raises:
        ConfigError: an organ or a table is unknown, another organ decides by the statute, the day
            lies ahead, or the place in the minutes is missing. Then nothing is written.
    """
    house = open_house(load_settings())
    deciding = organ_named(house, organ)
    listened = organ_named(house, heard).name if heard else None
    if on > house.today:
        raise ConfigError(
            f"Freigabe, Angabe „--am“: gefunden {day(on)}, erwartet ein Tag bis zum Stichtag "
            f"{day(house.today)}; den Tag des Beschlusses angeben."
        )
    if len(minutes.strip()) < 3:
        raise ConfigError(
            f"Freigabe, Angabe „--protokoll“: gefunden „{minutes}“, erwartet eine Fundstelle wie "
            "„Protokoll 3/2026, TOP 4“; ergänzen."
        )
    definitions = load_definitions(house.settings.cooperative)
    chosen = _chosen(house, definitions, tables)
    _check_statute(house, [definitions[t] for t in chosen], deciding)
    folder = house.settings.cooperative / "approvals"
    rules = house.cooperative.disclosure
    for table in chosen:
        record = approve(
            definitions[table],
            rules,
            organ=deciding.name,
            date=on,
            minutes=minutes.strip(),
            heard=listened,
        )
        path = write_approval(folder, record)
        say(f"  {table}: {definitions[table].title} → {path}")
    if not chosen:
        say("Es wartet keine Tabelle auf eine Freigabe; nichts geschrieben.")
        return
    count = "1 Freigabe" if len(chosen) == 1 else f"{len(chosen)} Freigaben"
    say(f"{count} aufgenommen: {deciding.name}, {day(on)}, {minutes.strip()}.", "green")
    say("Weiter mit: ortskern run --nur veroeffentlichen")


def organ_named(house: House, name: str) -> Organ:
    """The organ of that id, name or first word of its name. Raises ConfigError for any other."""
    wanted = name.strip().casefold()
    organs = house.cooperative.organs
    for organ in organs:
        if wanted in (organ.id.casefold(), organ.name.casefold()):
            return organ
    short = [o for o in organs if o.name.split()[0].casefold() == wanted]
    if len(short) == 1:
        return short[0]
    raise ConfigError(
        f"Organ „{name}“: nicht unter organs in cooperative.yaml, erwartet eines von "
        f"{', '.join(o.name for o in organs)}; Namen angleichen."
    )


def organ_by_statute(house: House) -> str | None:
    """Id of the organ that releases public tables by the statute; None where it does not say."""
    path = house.settings.cooperative / "statute.yaml"
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return None
    approvals = content.get("approvals") if isinstance(content, Mapping) else None
    found = approvals.get("public_tables") if isinstance(approvals, Mapping) else None
    return str(found) if found else None


def _chosen(
    house: House, definitions: Mapping[str, ReleaseDefinition], tables: Sequence[str]
) -> list[str]:
    if not tables:
        return waiting_tables(house)
    unknown = [t for t in tables if t not in definitions]
    if unknown:
        raise ConfigError(
            f"Tabelle „{unknown[0]}“: gibt es unter releases/ nicht, erwartet eine von "
            f"{', '.join(definitions)}; Namen prüfen."
        )
    return list(dict.fromkeys(tables))


def _check_statute(house: House, chosen: Sequence[ReleaseDefinition], deciding: Organ) -> None:
    by_statute = organ_by_statute(house)
    if by_statute is None or by_statute == deciding.id:
        return
    public = [d.table for d in chosen if d.audience == "public"]
    if public:
        named = next((o.name for o in house.cooperative.organs if o.id == by_statute), by_statute)
        raise ConfigError(
            f"Tabelle „{public[0]}“: gefunden ein Beschluss des Organs {deciding.name}, erwartet "
            f"{named} (statute.yaml, approvals.public_tables); den Beschluss des zuständigen "
            "Organs aufnehmen."
        )
