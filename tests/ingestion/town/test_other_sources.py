# SPDX-License-Identifier: Apache-2.0
"""Footfall, vacancy register, members, consents and sales as delivered."""

import hashlib
import json
from collections import Counter
from datetime import datetime
from decimal import Decimal

from tests.ingestion.town.small_town import Row, SmallTown, csv_rows, decimal


def sensor_rows(town: SmallTown, sensor: str, month: str) -> list[Row]:
    path = town.inbox / f"footfall_hystreet/{sensor}/{sensor.lower()}_{month}.csv"
    return csv_rows(path.read_bytes(), "utf-8-sig")


def truth_of(town: SmallTown, sensor: str, month: str) -> dict[str, int]:
    return next(
        f
        for f in town.truth["footfall"]
        if f["sensor_id"] == sensor and f["business_month"] == f"{month}-01"
    )


def test_a_sensor_file_begins_with_the_mark_and_the_head_of_the_download(town: SmallTown) -> None:
    path = town.inbox / "footfall_hystreet/FR-ALT-1/fr-alt-1_2026-05.csv"
    assert path.read_bytes().startswith(
        b"\xef\xbb\xbflocation;time of measurement;weekday;pedestrians count;"
        + "temperature in ºc;weather condition;incidents\r\n".encode()
    )


def test_counts_are_the_true_sums(town: SmallTown) -> None:
    for sensor in ("FR-ALT-1", "FR-SUE-1"):
        rows = sensor_rows(town, sensor, "2026-05")
        true = truth_of(town, sensor, "2026-05")
        assert sum(int(r["pedestrians count"]) for r in rows) == true["pedestrians_sum"]
        assert len(rows) == true["observed_hours"] == true["hours_in_month"] == 744


def test_clock_changes_leave_an_hour_out(town: SmallTown) -> None:
    march, october = truth_of(town, "FR-ALT-1", "2026-03"), truth_of(town, "FR-ALT-1", "2025-10")
    assert (march["hours_in_month"], march["missing_hours"]) == (743, 0)
    assert (october["hours_in_month"], october["missing_hours"]) == (745, 1)
    times = [r["time of measurement"] for r in sensor_rows(town, "FR-ALT-1", "2025-10")]
    assert "2025-10-26 02:00:00 +0200" in times
    assert "2025-10-26 02:00:00 +0100" not in times


def test_the_outage_leaves_out_its_hours(town: SmallTown) -> None:
    times = [r["time of measurement"][:16] for r in sensor_rows(town, "FR-BAH-1", "2026-02")]
    gap = [(a, b) for a, b in zip(times, times[1:]) if hours_between(a, b) > 1]
    assert gap == [("2026-02-10 05:00", "2026-02-12 11:00")]
    assert truth_of(town, "FR-BAH-1", "2026-02")["missing_hours"] == 53


def hours_between(first: str, second: str) -> float:
    begin, end = (datetime.fromisoformat(text + "+01:00") for text in (first, second))
    return (end - begin).total_seconds() / 3600


def test_one_value_cannot_be_true(town: SmallTown) -> None:
    bad = town.bad("sensor_out_of_range")
    rows = csv_rows((town.inbox / bad["path"]).read_bytes(), "utf-8-sig")
    wrong = rows[bad["row"] - 2]
    assert int(wrong["pedestrians count"]) == bad["value"] == 987654
    assert wrong["time of measurement"] == "2026-06-18 14:00:00 +0200"
    others = sum(int(r["pedestrians count"]) for r in rows) - bad["value"]
    assert others == truth_of(town, "FR-NOR-1", "2026-06")["pedestrians_sum"]


def test_the_festival_lifts_footfall_by_its_factor(town: SmallTown) -> None:
    festival = town.truth["festival"]
    seen = expected = 0.0
    for sensor, days in festival["expected_per_day_without"].items():
        for row in sensor_rows(town, sensor, "2026-09"):
            if row["time of measurement"][:10] in days:
                seen += int(row["pedestrians count"])
        expected += sum(days.values())
    assert abs(seen / expected - festival["factor"]) < 0.1


def test_footfall_has_a_day_and_a_week(town: SmallTown) -> None:
    by_hour: Counter[str] = Counter()
    by_day: Counter[str] = Counter()
    for row in sensor_rows(town, "FR-ALT-1", "2026-06"):
        by_hour[row["time of measurement"][11:13]] += int(row["pedestrians count"])
        by_day[row["weekday"]] += int(row["pedestrians count"])
    assert by_hour["13"] > 5 * by_hour["03"]
    assert by_day["Saturday"] > by_day["Tuesday"] > by_day["Sunday"]


def test_the_register_says_what_is_true(town: SmallTown) -> None:
    for cell in town.truth["vacancy"]:
        month = cell["business_month"][:7]
        path = town.inbox / f"vacancy_register/leerstandskataster_{month}.csv"
        rows = [r for r in csv_rows(path.read_bytes()) if r["quartier"] == cell["quarter_id"]]
        states = Counter(r["status"] for r in rows)
        assert len(rows) == cell["premise_count"]
        assert states["leer"] == cell["vacant_count"]
        shops = next(
            s
            for s in town.truth["independent_shops"]
            if (s["quarter_id"], s["business_month"])
            == (cell["quarter_id"], cell["business_month"])
        )
        assert states["belegt"] == shops["shop_count"]
        assert sum(r["filialist"] == "0" for r in rows) == shops["independent_count"]


def test_a_premise_stands_empty_since_before_the_register_first_says_so(town: SmallTown) -> None:
    occupied: dict[str, str] = {}
    for month in town.manifest.months:
        path = town.inbox / f"vacancy_register/leerstandskataster_{month}.csv"
        for row in csv_rows(path.read_bytes()):
            if row["status"] == "leer":
                assert occupied.get(row["lokal_id"], "") <= row["leer_seit"] <= row["stand"]
            else:
                assert row["leer_seit"] == ""
                occupied[row["lokal_id"]] = row["stand"]


def test_vacancy_moves_over_the_year(town: SmallTown) -> None:
    counts = {
        (c["quarter_id"], c["business_month"]): c["vacant_count"] for c in town.truth["vacancy"]
    }
    assert counts["NOR", "2026-10-01"] > counts["NOR", "2025-10-01"]
    assert counts["BAH", "2026-10-01"] < counts["BAH", "2025-10-01"]


def test_the_portal_names_each_file_with_its_checksum(town: SmallTown) -> None:
    folder = town.inbox / "vacancy_register"
    answer = json.loads((folder / "leerstandskataster.json").read_text(encoding="utf-8"))
    assert answer["success"] is True
    resources = answer["result"]["resources"]
    assert len(resources) == 13
    for resource in resources:
        data = (folder / resource["url"].rsplit("/", 1)[1]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == resource["hash"]


def test_a_small_till_writes_german_numbers_in_windows_encoding(town: SmallTown) -> None:
    path = next(d["path"] for d in town.truth["deliveries"] if d["path"].startswith("pos_csv/"))
    rows = csv_rows((town.inbox / path).read_bytes(), "cp1252")
    assert list(rows[0]) == [
        "Belegnummer", "Datum", "Kasse", "Artikelnr", "Bezeichnung", "Menge", "Einzelpreis",
        "Summe", "MwSt", "Storno",
    ]  # fmt: skip
    for row in rows:
        assert abs(decimal(row["Menge"]) * decimal(row["Einzelpreis"]) - decimal(row["Summe"])) <= (
            Decimal("0.005")
        )
        assert row["Storno"] == "N" or decimal(row["Menge"]) < 0
        datetime.strptime(row["Datum"] + " +0100", "%d.%m.%Y %H:%M %z")


def test_sales_add_up_and_name_their_buyers(town: SmallTown) -> None:
    rows = csv_rows((town.inbox / "product_sales/datenprodukte_verkaeufe.csv").read_bytes())
    assert len({r["rechnung_nr"] for r in rows}) == len(rows)
    for row in rows:
        assert decimal(row["netto"]) + decimal(row["ust"]) == decimal(row["brutto"])
        assert (row["kaeufer_art"] == "mitglied") == bool(row["mitgliedsnr"])
    assert any("." in row["netto"] for row in rows)
    third = town.truth["sales_totals"]["dritte"]
    of_the_year = [
        r
        for r in rows
        if r["kaeufer_art"] == "dritte" and "2025-10-01" <= r["rechnungsdatum"] <= "2026-09-30"
    ]
    assert 25 <= len(of_the_year) <= 35
    assert sum(decimal(r["netto"]) for r in of_the_year) == sum(map(Decimal, third.values()))
