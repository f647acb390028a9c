# SPDX-License-Identifier: Apache-2.0
"""The citizen panel as LimeSurvey exports it: one JSON file per wave, and what its answers truly say.

Belongs here: who is invited, who answers what, and the faults that are planted in the files. Does
not belong here: other sources; the format's reader (``ingestion/surveys``).
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from ingestion.town.delivered import Delivered
from ingestion.town.inputs import Month, Town

CONTRACT = "citizen_panel"
Row = dict[str, Any]
_LANGUAGES = ("de", "de", "de", "de", "de", "de", "de", "en", "tr", "uk")
_COMMENTS = (
    "",
    "",
    "Bei Frau Ostendorf am Brunnen gab es keine Parkbank mehr.",
    "Mein Nachbar Holger Pieper findet die Ampel zu kurz.",
    "Bitte rufen Sie mich an: 0151 4471 9902",
)


@dataclass(frozen=True)
class Person:
    """An invited person: where it usually goes, and its taste for walking (0..1, low walks)."""

    number: str
    quarter_id: str
    taste: float


def deliver_panel(town: Town, inbox: Path) -> Delivered:
    """Writes the waves into the inbox; those whose month the town has."""
    plan = town.plan["surveys"]
    persons = _persons(town)
    paths: list[str] = []
    waves: list[Row] = []
    bad: list[Row] = []
    secrets: set[str] = set()
    for number, text in enumerate(plan["waves"]):
        month = Month.parse(str(text))
        if not town.has_month(month):
            continue
        rows = _wave(town, persons, number, month)
        secrets |= {str(r[key]) for r in rows for key in ("token", "ipaddr", "kommentar") if r[key]}
        path = f"{CONTRACT}/panel_{month}.json"
        paths += _write(town, inbox, path, month, rows)
        waves.append(_truth(town, number, month, rows))
        bad += _bad(town, month, path, rows)
    return Delivered(paths, {"waves": waves, "secrets": sorted(secrets)}, bad)


def _persons(town: Town) -> list[Person]:
    plan = town.plan["surveys"]
    rng = town.rng("survey", 0)
    quarters = _drawn(rng, plan["trips"], int(plan["invited"]))
    return [
        Person(f"P-{1000 + i}", quarter, float(rng.random())) for i, quarter in enumerate(quarters)
    ]


def _drawn(rng: np.random.Generator, shares: dict[str, float], count: int) -> list[str]:
    weights = np.array(list(shares.values()), dtype=float)
    return [str(x) for x in rng.choice(list(shares), size=count, p=weights / weights.sum())]


def _wave(town: Town, persons: list[Person], number: int, month: Month) -> list[Row]:
    """Every response of a wave, begun or sent, as the truth knows it."""
    plan = town.plan["surveys"]
    rng = town.rng("survey", 1, number)
    rows: list[Row] = []
    for person in persons:
        fate = float(rng.random())
        answered = _answers(town, rng, person, number)
        sent = fate < plan["answers"]
        if not sent and fate >= plan["answers"] + plan["broken_off"]:
            continue
        rows.append(answered | _frame(town, rng, person, month) | {"is_sent": sent})
    order = rng.permutation(len(rows))
    return [rows[i] | {"id": place + 1} for place, i in enumerate(order)]


def walking_share(plan: Row, quarter_id: str, number: int) -> float:
    """The true share of trips on foot into a quarter in a wave (0 is the first one)."""
    return round(float(plan["walking"][quarter_id] + plan["walking_per_wave"] * number), 4)


def _answers(town: Town, rng: np.random.Generator, person: Person, number: int) -> Row:
    plan = town.plan["surveys"]
    stays, keeps = rng.random() < plan["same_quarter"], rng.random() < plan["same_mode"]
    elsewhere, taste = _drawn(rng, plan["trips"], 1)[0], float(rng.random())
    quarter = person.quarter_id if stays else elsewhere
    walks = (person.taste if keeps else taste) < walking_share(plan, quarter, number)
    other = _drawn(rng, plan["other_modes"], 1)[0]
    # Nobody counts minutes: answers are multiples of five.
    minutes = 5 * round(float(rng.gamma(3.0, plan["minutes"][quarter] / 3)) / 5)
    silent = rng.random() < plan["without_minutes"]
    grades = {str(i): share for i, share in enumerate(plan["satisfaction"], start=1)}
    return {
        "quarter_id": quarter,
        "travel_mode": "zu_fuss" if walks else other,
        "minutes": None if silent else min(minutes, 480),
        "purpose": _drawn(rng, plan["purposes"], 1)[0],
        "not_found": _drawn(rng, plan["not_found"], 1)[0],
        "satisfaction": _drawn(rng, grades, 1)[0],
        "consents": rng.random() >= plan["without_consent"],
    }


def _frame(town: Town, rng: np.random.Generator, person: Person, month: Month) -> Row:
    """What LimeSurvey adds, the part that must not come in included."""
    first, last = town.plan["surveys"]["field_days"]
    begin = datetime.combine(date(month.year, month.number, first), datetime.min.time())
    sent_at = begin + timedelta(seconds=int(rng.integers((last - first + 1) * 86_400)))
    letters = rng.choice(list("abcdefghjkmnpqrstuvwxyz23456789"), 15)
    return {
        "panelnr": person.number,
        "sent_at": sent_at.strftime("%Y-%m-%d %H:%M:%S"),
        "token": "".join(map(str, letters)),
        "ipaddr": f"203.0.113.{int(rng.integers(1, 255))}",
        "language": _LANGUAGES[int(rng.integers(len(_LANGUAGES)))],
        "seed": str(int(rng.integers(10**8, 10**9))),
        "kommentar": _COMMENTS[int(rng.integers(len(_COMMENTS)))],
    }


def _response(town: Town, row: Row) -> Row:
    """A row as the export writes it: texts, short codes, numbers with ten decimals."""
    codes = town.plan["surveys"]["codes"]
    sent = row["is_sent"]
    minutes = row["minutes"]
    return {
        "id": str(row["id"]),
        "submitdate": row["sent_at"] if sent else None,
        "lastpage": "4" if sent else "2",
        "startlanguage": row["language"],
        "seed": row["seed"],
        "token": row["token"],
        "ipaddr": row["ipaddr"],
        "refurl": f"https://post.musterstadt.example/l/{row['token']}",
        "panelnr": row["panelnr"],
        "einw": "Y" if row["consents"] else "N",
        "quartier": row["quarter_id"],
        "weg": codes["weg"].get(row["travel_mode"], row["travel_mode"]),
        "weg[other]": "Roller" if row["travel_mode"] == "sonstige" else "",
        "minuten": "" if minutes is None or not sent else f"{minutes}.0000000000",
        "zweck": codes["zweck"][row["purpose"]] if sent else "",
        "gesucht": codes["gesucht"][row["not_found"]] if sent else "",
        "gesucht[other]": "",
        "zufrieden": row["satisfaction"] if sent else "",
        "kommentar": row["kommentar"] if sent else "",
    }


def _write(town: Town, inbox: Path, path: str, month: Month, rows: list[Row]) -> list[str]:
    """The wave's file or files: twice, or first with faults and then corrected, where planted."""
    delivered = _with_faults(town, month, rows)
    files = {path: [_response(town, r) for r in delivered]}
    stem = path.removesuffix(".json")
    for _ in _of(town, month, "panel_twice"):
        files[f"{stem}_erneut.json"] = files[path]
    for plant in _of(town, month, "panel_corrected"):
        files[f"{stem}_korrigiert.json"] = files[path]
        files[path] = _before_correction(plant, files[path])
    for name, responses in files.items():
        target = inbox / name
        target.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"responses": responses}, ensure_ascii=False, separators=(",", ":"))
        target.write_text(text, encoding="utf-8")
    return sorted(files)


def _with_faults(town: Town, month: Month, rows: list[Row]) -> list[Row]:
    delivered = [dict(row) for row in rows]
    for plant in _of(town, month, "panel_minutes"):
        delivered[_faulty(rows)]["minutes"] = int(plant["value"])
    for plant in _of(town, month, "panel_unknown_code"):
        delivered[_faulty(rows)]["travel_mode"] = plant["code"]
    return delivered


def _faulty(rows: list[Row]) -> int:
    """Place of the response that carries the wave's planted fault: the tenth that counts."""
    return [i for i, row in enumerate(rows) if _counts(row)][9]


def _before_correction(plant: Row, responses: list[Row]) -> list[Row]:
    """What was delivered first: one number far too high, and some responses entered twice."""
    earlier = [dict(r) for r in responses]
    sent = [r for r in earlier if r["submitdate"] and r["einw"] == "Y" and r["minuten"]]
    sent[0]["minuten"] = f"{plant['wrong_minutes']}.0000000000"
    again = [r | {"id": str(len(earlier) + 1 + i)} for i, r in enumerate(sent[: plant["doubled"]])]
    return [*earlier, *again]


def _of(town: Town, month: Month, *kinds: str) -> list[Row]:
    return [p for p in town.plants_of(*kinds) if Month.parse(str(p["month"])) == month]


def _counts(row: Row) -> bool:
    return bool(row["is_sent"] and row["consents"])


def _bad(town: Town, month: Month, path: str, rows: list[Row]) -> list[Row]:
    """The planted faults: single responses that the contract refuses."""
    return [
        {
            "plant_id": plant["id"],
            "contract_id": CONTRACT,
            "path": path,
            "reason": plant["kind"],
            "unit": "row",
            "row": _faulty(rows) + 1,
        }
        for plant in _of(town, month, "panel_minutes", "panel_unknown_code")
    ]


def _truth(town: Town, number: int, month: Month, rows: list[Row]) -> Row:
    """What is true of a wave: the planted rates of the whole town, and what the answers hold."""
    plan = town.plan["surveys"]
    refused = _faulty(rows) if _of(town, month, "panel_minutes", "panel_unknown_code") else None
    counted = [r for i, r in enumerate(rows) if _counts(r) and i != refused]
    modes = Counter((r["quarter_id"], r["travel_mode"]) for r in counted)
    shares = {q: walking_share(plan, q, number) for q in plan["trips"]}
    return {
        "business_month": f"{month}-01",
        "begun": len(rows),
        "sent": sum(r["is_sent"] for r in rows),
        "counted": len(counted),
        "walking_share": shares | {"ALLE": _mixed(plan, shares)},
        "mean_minutes": plan["minutes"] | {"ALLE": _mixed(plan, plan["minutes"])},
        "minutes_sum": sum(r["minutes"] for r in counted if r["minutes"] is not None),
        "answers": [
            {"quarter_id": q, "travel_mode": m, "count": n} for (q, m), n in sorted(modes.items())
        ],
    }


def _mixed(plan: Row, by_quarter: dict[str, float]) -> float:
    total = sum(plan["trips"].values())
    return round(sum(plan["trips"][q] * value for q, value in by_quarter.items()) / total, 4)
