# SPDX-License-Identifier: Apache-2.0
"""The vacancy register as the city's CKAN portal gives it: package_show answer and monthly CSVs.

Belongs here: premises, who is in them and when they stand empty. Does not belong here: members.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from ingestion.town.inputs import Month, Town

HEADER = (
    "lokal_id;strasse;hausnummer;quartier;block;flaeche_qm;nutzung;status;leer_seit;branche;"
    "filialist;stand"
)
_USES = {
    "Lebensmittel": "Einzelhandel",
    "Non-Food": "Einzelhandel",
    "Gastronomie": "Gastronomie",
    "Dienstleistung": "Dienstleistung",
}
_OTHER_TRADES = ("imbiss", "kosmetik", "friseur", "schneiderei", "schuhmacher", "restaurant")


@dataclass(frozen=True)
class Premise:
    """One ground-floor premise; a tenant's trade is empty where it stands empty all the time."""

    premise_id: str
    street: str
    house_no: str
    quarter_id: str
    block_id: str
    area: int
    trade_id: str
    is_chain: bool
    opened_on: date | None
    closed_on: date | None


@dataclass(frozen=True)
class QuarterMonth:
    """True counts of one quarter and month."""

    quarter_id: str
    month: Month
    premise_count: int
    vacant_count: int
    under_conversion_count: int
    shop_count: int
    independent_count: int


def deliver_register(town: Town, inbox: Path) -> list[QuarterMonth]:
    """Writes the register's files into the inbox and returns what they say."""
    folder = inbox / "vacancy_register"
    folder.mkdir(parents=True, exist_ok=True)
    premises = {q["quarter_id"]: _premises(town, q["quarter_id"]) for q in town.quarters}
    counts: list[QuarterMonth] = []
    resources = []
    for month in town.months:
        lines = [HEADER]
        for quarter_id, items in premises.items():
            rows, counted = _month(town, month, quarter_id, items)
            lines += rows
            counts.append(counted)
        data = ("\n".join(lines) + "\n").encode()
        name = f"leerstandskataster_{month}.csv"
        (folder / name).write_bytes(data)
        resources.append(_resource(name, month, data))
    text = json.dumps(_answer(resources), ensure_ascii=False, indent=1)
    (folder / "leerstandskataster.json").write_text(text + "\n", encoding="utf-8")
    return counts


def _premises(town: Town, quarter_id: str) -> list[Premise]:
    rng = town.rng("premises", [q["quarter_id"] for q in town.quarters].index(quarter_id))
    sites = [s for s in town.sites if s.quarter_id == quarter_id]
    streets = {b["block_id"]: b["name"] for b in town.blocks}
    streets |= {s.block_id: s.street for s in town.sites}
    blocks = [b["block_id"] for b in town.blocks if b["quarter_id"] == quarter_id]
    count = int(town.plan["premises"][quarter_id]["count"])
    found = []
    for i in range(count):
        area = int(rng.lognormal(4.5, 0.5)) + 18
        other, chain = str(rng.choice(_OTHER_TRADES)), bool(rng.random() < 0.1)
        site = sites[i] if i < len(sites) else None
        block = site.block_id if site else blocks[i % len(blocks)]
        found.append(
            Premise(
                premise_id=f"L-{quarter_id}-{i + 1:03d}",
                street=streets[block],
                house_no=site.house_no if site else str(2 * i + 1),
                quarter_id=quarter_id,
                block_id=block,
                area=area,
                trade_id=site.trade_id if site else other,
                is_chain=site.is_chain if site else chain,
                opened_on=site.opened_on if site else None,
                closed_on=site.closed_on if site else None,
            )
        )
    return found


def _vacant_wanted(town: Town, quarter_id: str, month: Month) -> int:
    """How many premises stand empty in that month: a straight line over the whole planned span."""
    plan = town.plan["premises"][quarter_id]
    first = Month.parse(str(town.plan["first_month"])).index
    length = Month.parse(str(town.plan["last_month"])).index - first
    step = (plan["vacant_last"] - plan["vacant_first"]) * (month.index - first)
    return int(np.floor(plan["vacant_first"] + step / length + 0.5))


def _empty(
    town: Town, quarter_id: str, items: list[Premise], month: Month
) -> tuple[set[str], set[str]]:
    """Ids of the premises that stand empty, and of those under conversion, on the month's first."""
    day = month.days[0]
    shut = {
        p.premise_id
        for p in items
        if (p.opened_on and p.opened_on > day) or (p.closed_on and p.closed_on < day)
    }
    free = [p.premise_id for p in items if p.opened_on is None]
    converted = free[: int(town.plan["premises"]["under_conversion"])]
    wanted = max(_vacant_wanted(town, quarter_id, month) - len(shut), 0)
    return shut | set(free[len(converted) : len(converted) + wanted]), set(converted)


def _month(
    town: Town, month: Month, quarter_id: str, items: list[Premise]
) -> tuple[list[str], QuarterMonth]:
    day = month.days[0]
    vacant, converted = _empty(town, quarter_id, items, month)
    rows, shops, independent = [], 0, 0
    for p in items:
        since, trade, chain = "", p.trade_id, "1" if p.is_chain else "0"
        if p.premise_id in vacant:
            status, trade, chain = "leer", "", ""
            since = _since(town, p, items, month).isoformat()
        elif p.premise_id in converted:
            status, trade, chain = "umbau", "", ""
        else:
            status = "belegt"
            shops += 1
            independent += not p.is_chain
        use = _USES[town.trade_groups[trade]] if trade else "keine"
        rows.append(
            f"{p.premise_id};{p.street};{p.house_no};{quarter_id};{p.block_id};{p.area};{use};"
            f"{status};{since};{trade};{chain};{day.isoformat()}"
        )
    counted = QuarterMonth(
        quarter_id, month, len(items), len(vacant), len(converted), shops, independent
    )
    return rows, counted


def _since(town: Town, premise: Premise, items: list[Premise], month: Month) -> date:
    """Since when a premise stands empty: within the month before it first did in the register."""
    first = Month.parse(str(town.plan["first_month"]))
    begin = month
    while begin.index > first.index:
        before = begin.before()
        if premise.premise_id not in _empty(town, premise.quarter_id, items, before)[0]:
            return before.days[1 + premise.area % 26]
        begin = before
    return date(first.year - 1, 1 + premise.area % 9, 1)


def _resource(name: str, month: Month, data: bytes) -> dict[str, str]:
    return {
        "id": f"leerstand-{month}",
        "name": name,
        "url": f"https://daten.musterstadt.example/dataset/leerstandskataster/resource/{name}",
        "format": "CSV",
        "hash": hashlib.sha256(data).hexdigest(),
        "last_modified": f"{month}-03T06:00:00",
    }


def _answer(resources: list[dict[str, str]]) -> dict[str, object]:
    return {
        "help": "https://daten.musterstadt.example/api/3/action/help_show?name=package_show",
        "success": True,
        "result": {
            "id": "leerstandskataster",
            "name": "leerstandskataster",
            "title": "Leerstandskataster Musterstadt",
            "license_id": "dl-de/by-2-0",
            "license_title": "Datenlizenz Deutschland Namensnennung 2.0",
            "author": "Stadt Musterstadt, Wirtschaftsförderung",
            "num_resources": len(resources),
            "resources": resources,
        },
    }
