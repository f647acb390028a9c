# SPDX-License-Identifier: Apache-2.0
"""The bicycle counter on the promenade: one CSV of Eco-Counter per month, one column per channel.

Belongs here: the wide file in local time. Does not belong here: what passes (``bicycles``).

As the real ones do, the file leaves out the hour that spring skips, has the hour that autumn repeats
only once, and may lack a whole day; a channel that measured nothing has an empty cell.
"""

from pathlib import Path

import numpy as np

from ingestion.town.bicycles import Counted, draw_month, quarters_of, sensors_of
from ingestion.town.delivered import Delivered
from ingestion.town.inputs import Town

CONTRACT = "eco_counter"


def deliver_eco_counter(town: Town, inbox: Path) -> Delivered:
    """Writes one file per month."""
    paths, months, bad = [], [], []
    site = town.plan["bicycles"]["eco_counter"]["site"]
    for index, sensor in sensors_of(town, CONTRACT):
        for month in town.all_months:
            counted = draw_month(town, "eco_counter", index, sensor, month)
            path = f"{CONTRACT}/{sensor['sensor_id']}/100{site}_{month}.csv"
            lines, rows = _lines(town, index, counted)
            target = inbox / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
            paths.append(path)
            months.append(counted.truth())
            bad += [
                {
                    "plant_id": plant["id"],
                    "contract_id": CONTRACT,
                    "path": path,
                    "reason": "bicycle_out_of_range",
                    "unit": "row",
                    "row": rows[i],
                    "value": value,
                }
                for plant in counted.plants
                if plant["kind"] == "bicycle_out_of_range"
                for i, value in counted.wrong.items()
            ]
    return Delivered(paths=paths, truth={"months": months}, bad_files=bad)


def _lines(town: Town, index: int, counted: Counted) -> tuple[list[str], dict[int, int]]:
    """The file's lines, and the line of each quarter of an hour."""
    plan = town.plan["bicycles"]["eco_counter"]
    rng = town.rng("eco_counter", index, counted.month.index, 1)
    inward = rng.binomial(counted.counts, 0.52)
    cars = rng.poisson(counted.counts * float(plan["cars_per_bicycle"]))
    numbers = [f"{channel['prefix']}{plan['site']}" for channel in plan["channels"]]
    named = [f"{n} ({c['name']})" for n, c in zip(numbers, plan["channels"], strict=True)]
    lines = [",".join(["Datetime", *named, *(f"{n}-status" for n in numbers)])]
    empty, rows = _empty_cells(counted), {}
    for i, at in enumerate(counted.starts):
        if i in counted.absent and i not in empty:
            continue
        values = _values(counted, i, inward, cars)
        cells = [str(v) if i not in empty else "" for v in values[:3]] + [str(values[3])]
        lines.append(",".join([f"{at:%Y-%m-%d %H:%M}", *cells, *(["0"] * 4)]))
        rows[i] = len(lines)
    return lines, rows


def _values(counted: Counted, i: int, inward: np.ndarray, cars: np.ndarray) -> list[int]:
    total = int(counted.wrong.get(i, counted.counts[i]))
    return [total, int(inward[i]), int(counted.counts[i] - inward[i]), int(cars[i])]


def _empty_cells(counted: Counted) -> set[int]:
    """Quarters whose line is there and whose bicycle channels are empty."""
    planted = (p for p in counted.plants if p["kind"] == "bicycle_empty_cells")
    return {i for plant in planted for i in quarters_of(counted, plant)}
