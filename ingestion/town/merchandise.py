# SPDX-License-Identifier: Apache-2.0
"""Merchandise lists: what an article costs and brings, by owner, as the till system exports it.

Belongs here: the rows of those lists, before and after costs rose. Does not belong here: prices and
names of goods (``goods.csv``), what is baked of them (``production``).
"""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

from foundation.money import from_cents
from ingestion.town.delivered import Delivered
from ingestion.town.inputs import Month, Site, Town
from ingestion.town.production import articles_of

CONTRACT = "merchandise"
_COLUMNS = (
    "inhaber_nr", "artikel_nr", "bezeichnung", "warengruppe", "einheit", "verkaufspreis", "kosten",
    "restwert", "haltbarkeit_tage", "gebinde", "mindestmenge", "taeglich_frisch", "gueltig_ab",
)  # fmt: skip


def deliver_merchandise(town: Town, inbox: Path) -> Delivered:
    """Writes two lists per owner: as the plan begins, and when costs rose."""
    first = Month.parse(str(town.plan["first_month"])).days[0]
    rise: date = town.plan["production"]["cost_rise"]
    owners: dict[str, Site] = {}
    for site in town.sites:
        if site.member and site.trade_id in town.goods and articles_of(town, site.trade_id):
            owners.setdefault(site.member.owner_no, site)
    paths = []
    for owner_no, site in owners.items():
        for valid_from, column in ((first, "cost"), (rise, "later")):
            name = f"{CONTRACT}/{owner_no}/warenliste_{owner_no}_{valid_from:%Y-%m}.csv"
            path = inbox / name
            path.parent.mkdir(parents=True, exist_ok=True)
            rows = _rows(town, site, owner_no, valid_from, column)
            path.write_bytes(_text(rows).encode("cp1252"))
            paths.append(name)
    truth = {
        "owners": sorted(owners),
        "cost_rise": rise.isoformat(),
        "articles": town.plan["production"]["articles"],
    }
    return Delivered(paths=sorted(paths), truth=truth)


def _rows(
    town: Town, site: Site, owner_no: str, valid_from: date, column: str
) -> list[dict[str, Any]]:
    goods = town.goods[site.trade_id]
    return [
        {
            "inhaber_nr": owner_no,
            "artikel_nr": goods.article_no[i],
            "bezeichnung": goods.name[i],
            "warengruppe": goods.group[i],
            "einheit": goods.unit[i],
            "verkaufspreis": _german(str(from_cents(int(goods.price[i])))),
            "kosten": _german(plan[column]),
            "restwert": _german(plan["salvage"]),
            "haltbarkeit_tage": plan["days"],
            "gebinde": _german(str(plan["pack"])),
            "mindestmenge": _german(str(plan["minimum"])),
            "taeglich_frisch": int(plan["baked"]),
            "gueltig_ab": f"{valid_from:%d.%m.%Y}",
        }
        for i, plan in enumerate(articles_of(town, site.trade_id))
    ]


def _text(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, _COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _german(number: str) -> str:
    return number.replace(".", ",")
