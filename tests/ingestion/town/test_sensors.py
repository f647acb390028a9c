# SPDX-License-Identifier: Apache-2.0
"""Bicycle counters and the station of air: what they deliver is what the truth file says."""

import csv
import io
import json
import zipfile
from collections import Counter, defaultdict
from typing import Any

import pytest

from tests.ingestion.town.small_town import SmallTown, csv_rows


def pages(town: SmallTown, sensor: str, month: str) -> dict[str, dict[str, Any]]:
    path = town.inbox / f"sensorthings/{sensor}/{sensor.lower()}_{month}.zip"
    with zipfile.ZipFile(path) as archive:
        return {name.split("/")[1]: json.loads(archive.read(name)) for name in archive.namelist()}


def observations(town: SmallTown, sensor: str, month: str) -> list[dict[str, Any]]:
    found = pages(town, sensor, month)
    return [o for name, page in found.items() if "observations" in name for o in page["value"]]


def truth_of(town: SmallTown, source: str, sensor: str, month: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        row
        for row in town.truth[source]["months"]
        if (row["sensor_id"], row["business_month"]) == (sensor, f"{month}-01")
    )
    return found


def promenade(town: SmallTown, month: str) -> list[dict[str, str]]:
    path = town.inbox / f"eco_counter/RZ-ALT-1/100041701_{month}.csv"
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def air(town: SmallTown, month: str) -> list[str]:
    path = town.inbox / f"air_uba/LU-ALT-1/demu001_{month}.csv"
    return path.read_bytes().decode("utf-8-sig").splitlines()


def test_each_page_but_the_last_leads_to_the_next(town: SmallTown) -> None:
    found = pages(town, "RZ-NOR-1", "2026-05")
    links = ["@iot.nextLink" in page for name, page in found.items() if "observations" in name]
    assert links == [True, True, True, False]
    assert found["observations_page1.json"]["@iot.count"] == 31 * (96 + 24 + 1)


def test_all_three_resolutions_have_the_same_true_sum(town: SmallTown) -> None:
    sums: Counter[int] = Counter()
    for row in observations(town, "RZ-NOR-1", "2026-05"):
        sums[row["Datastream"]["@iot.id"]] += row["result"]
    true = truth_of(town, "sensorthings", "RZ-NOR-1", "2026-05")["bicycles_sum"]
    assert sums == {420: true, 421: true, 422: true}


@pytest.mark.parametrize(("month", "days", "hours"), [("2025-10", 31, 745), ("2026-03", 31, 743)])
def test_a_month_of_the_clock_change_has_its_own_hours(
    town: SmallTown, month: str, days: int, hours: int
) -> None:
    counts = Counter(o["Datastream"]["@iot.id"] for o in observations(town, "RZ-NOR-1", month))
    assert counts == {420: 4 * hours, 421: hours, 422: days}


def test_the_running_month_ends_the_day_before_the_cut_off(town: SmallTown) -> None:
    last = max(o["phenomenonTime"] for o in observations(town, "RZ-NOR-1", "2026-11"))
    assert last == "2026-11-21T22:45:00Z/2026-11-21T22:59:59Z"


def test_the_planted_page_is_missing(town: SmallTown) -> None:
    names = [n for n in pages(town, "RZ-BAH-1", "2026-01") if "observations" in n]
    assert names == [f"observations_page{number}.json" for number in (1, 2, 4)]


def test_the_dying_sensor_repeats_itself_and_then_delivers_nothing(town: SmallTown) -> None:
    plant = town.plant("dead_sensor")
    results: dict[str, set[int]] = defaultdict(set)
    for row in observations(town, plant["sensor"], "2026-08"):
        if row["Datastream"]["@iot.id"] == 430:
            results[row["phenomenonTime"][:10]].add(row["result"])
    assert results["2026-08-12"] == results["2026-08-13"] == {plant["value"]}
    assert max(results) == "2026-08-14"
    folder = town.inbox / f"sensorthings/{plant['sensor']}"
    assert max(path.stem for path in folder.iterdir()).endswith("2026-08")


def test_directions_of_the_promenade_add_up_to_its_first_channel(town: SmallTown) -> None:
    rows = promenade(town, "2026-06")
    total, inward, outward, cars = list(rows[0])[1:5]
    assert all(int(r[total]) == int(r[inward]) + int(r[outward]) for r in rows)
    assert (
        sum(int(r[total]) for r in rows)
        == truth_of(town, "eco_counter", "RZ-ALT-1", "2026-06")["bicycles_sum"]
    )
    assert sum(int(r[cars]) for r in rows) > 0


def test_the_promenade_has_no_hour_in_spring_and_one_of_two_in_autumn(town: SmallTown) -> None:
    spring = [r["Datetime"] for r in promenade(town, "2026-03")]
    autumn = Counter(r["Datetime"] for r in promenade(town, "2025-10"))
    assert not any(at.startswith("2026-03-29 02") for at in spring)
    assert {autumn[f"2025-10-26 02:{minute}"] for minute in ("00", "15", "30", "45")} == {1}
    assert truth_of(town, "eco_counter", "RZ-ALT-1", "2025-10")["missing_quarters"] == 4


def test_a_whole_day_is_absent_and_some_cells_are_empty(town: SmallTown) -> None:
    assert not any(r["Datetime"].startswith("2026-03-31") for r in promenade(town, "2026-03"))
    july = promenade(town, "2026-07")
    assert (
        sum(list(r.values())[1] == "" for r in july)
        == town.plant("bicycle_empty_cells")["hours"] * 4
    )


def test_air_has_24_00_and_a_line_too_long_where_nothing_was_measured(town: SmallTown) -> None:
    lines = air(town, "2026-06")
    assert sum("24:00" in line for line in lines) == 30
    assert sum(line.endswith("-;-;-;-;;") for line in lines) == town.plant("air_outage")["hours"]
    assert lines[-2:] == ["", lines[-1]]
    assert lines[-1].startswith('"Source')


def test_air_adds_up_to_the_truth(town: SmallTown) -> None:
    rows = csv_rows("\n".join(air(town, "2026-05")[:-2]).encode())
    column = next(name for name in rows[0] if "NO₂" in name)
    values = [int(r[column]) for r in rows if r[column] != "-"]
    (true,) = [
        r
        for r in town.truth["air"]["months"]
        if (r["metric"], r["business_month"]) == ("no2", "2026-05-01")
    ]
    assert (sum(values), len(values)) == (true["value_sum"], true["observed_hours"])
