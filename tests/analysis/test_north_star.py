# SPDX-License-Identifier: Apache-2.0
"""The north star from released tables: its parts, its interval, and what is missing said as missing."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.north_star import (
    COLUMNS,
    MISSING,
    PARENTS,
    PUBLISHED,
    SUPPRESSED,
    NorthStar,
    effective_number,
    load_north_star,
    north_star,
    visits,
)
from foundation.errors import ConfigError
from quality.disclosure.composites import complete_rows
from quality.disclosure.definitions import load_definitions
from quality.disclosure.frames import to_arrow
from quality.disclosure.perturbation import NOISE

COOPERATIVE = Path(__file__).resolve().parents[2] / "cooperative"
PATH = COOPERATIVE / "north_star.yaml"
MAY, AUGUST, SEPTEMBER = date(2026, 5, 1), date(2026, 8, 1), date(2026, 9, 1)
Frames = dict[str, pd.DataFrame]
CELL = {"status": PUBLISHED, "reason": None}


@pytest.fixture(scope="module")
def star() -> NorthStar:
    return NorthStar(
        version=1,
        hold_months=3,
        passages_per_visit={"S1": 2.0, "S2": 1.0, "S3": 2.0},
        missing_hours_max=0.2,
        minutes={"kurz": 30, "lang": 90},
        within_band_minutes=0,
        diversity_reference=2.0,
        car_modes=("auto",),
        reachability_reference=0.5,
        noise_variance=0.0,
    )


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([row | CELL for row in rows], dtype=object)


def cell(quarter: str, month: date, **values: object) -> dict[str, Any]:
    return {"quarter_id": quarter, "business_month": month, **values}


def town(quarters: dict[str, str], month: date = MAY, wave: date = MAY) -> Frames:
    """Quarters with one counter each; in each 310 visits of 60 minutes, 1.860 € revenue."""
    places = [*quarters, "ALLE"]
    count = dict(zip(places, [*[1] * len(quarters), len(quarters)], strict=True))
    return {
        "basket_by_quarter": frame(
            *(
                cell(q, month, mean_basket_eur=Decimal("18.60"), receipt_count=100 * count[q])
                for q in places
            )
        ),
        "footfall_monthly": frame(
            *(
                cell(q, month, sensor_id=s, pedestrians_per_day=Decimal("20.00"))
                | {"observed_hours": 744, "missing_hours": 0}
                for q, s in quarters.items()
            )
        ),
        "panel_dwell": frame(
            *(
                cell(q, wave, minutes_band=band, person_count=n * count[q])
                for q in places
                for band, n in {"ALLE": 80, "kurz": 40, "lang": 40}.items()
            )
        ),
        "panel_trips": frame(
            *(
                cell(q, wave, travel_mode=mode, person_count=n * count[q])
                for q in places
                for mode, n in {"ALLE": 80, "zu_fuss": 30, "auto": 40}.items()
            )
        ),
        "trade_mix": frame(
            *(
                cell(q, month, trade_group=group, shop_count=n * count[q])
                for q in places
                for group, n in {"Lebensmittel": 5, "Gastronomie": 5, "Non-Food": 0}.items()
            )
        ),
    }


def change(frames: Frames, table: str, column: str, value: object, **where: object) -> Frames:
    changed = frames[table].copy()
    hit = np.logical_and.reduce([changed[k] == v for k, v in where.items()])
    changed.loc[hit, column] = value
    if value is None:
        changed.loc[hit, "status"] = SUPPRESSED
    return frames | {table: changed}


def of(found: pd.DataFrame, quarter: str = "ALT") -> dict[Any, Any]:
    rows = found[found.quarter_id == quarter].to_dict("records")
    assert len(rows) == 1
    return rows[0]


def test_the_figure_is_revenue_over_minutes_times_its_factors(star: NorthStar) -> None:
    row = of(north_star(town({"ALT": "S1"}), star))
    # 1.860 € over 310 visits of 60 minutes are 10 cents; two equal groups and half the trips are 1.
    assert (row["cents_per_minute"], row["value"]) == (Decimal("10.0000"), Decimal("10.0000"))
    assert (row["revenue_eur"], row["minutes"]) == (Decimal("1860.00"), 18600)
    assert (row["mean_minutes"], row["status"]) == (Decimal("60.0000"), PUBLISHED)
    assert row["diversity_factor"] == row["reachability_factor"] == Decimal("1.0000")


def test_the_towns_minutes_are_those_of_its_quarters(star: NorthStar) -> None:
    row = of(north_star(town({"ALT": "S1", "BAH": "S3"}), star), "ALLE")
    assert (row["revenue_eur"], row["minutes"]) == (Decimal("3720.00"), 37200)
    assert row["value"] == Decimal("10.0000")


def test_the_town_is_missing_when_a_quarter_has_no_counter(star: NorthStar) -> None:
    frames = town({"ALT": "S1", "BAH": "unbekannt"})
    row = of(north_star(frames, star), "ALLE")
    assert (row["status"], row["reason"]) == (MISSING, "Ohne: Passanten")


def test_less_diversity_and_reach_lower_the_figure(star: NorthStar) -> None:
    frames = change(town({"ALT": "S1"}), "trade_mix", "shop_count", 0, trade_group="Gastronomie")
    frames = change(frames, "panel_trips", "person_count", 60, travel_mode="auto")
    row = of(north_star(frames, star))
    assert (row["diversity_factor"], row["reachability_factor"]) == (
        Decimal("0.5000"),
        Decimal("0.5000"),
    )
    assert row["value"] == Decimal("2.5000")


def test_a_wave_holds_three_months_and_no_longer(star: NorthStar) -> None:
    for month, status in ((AUGUST, PUBLISHED), (SEPTEMBER, MISSING)):
        row = of(north_star(town({"ALT": "S1"}, month), star))
        assert (row["status"], row["value"] is None) == (status, status == MISSING)


@pytest.mark.parametrize(
    ("table", "column", "where", "name"),
    [
        ("basket_by_quarter", "mean_basket_eur", {"quarter_id": "ALT"}, "Umsatz"),
        ("panel_dwell", "person_count", {"minutes_band": "ALLE"}, "Minuten je Besuch"),
        ("panel_trips", "person_count", {"travel_mode": "auto"}, "Wege"),
    ],
)
def test_a_suppressed_part_suppresses_the_figure(
    star: NorthStar, table: str, column: str, where: dict[str, object], name: str
) -> None:
    row = of(north_star(change(town({"ALT": "S1"}), table, column, None, **where), star))
    assert (row["status"], row["reason"]) == (
        SUPPRESSED,
        f"Zum Schutz nicht veröffentlicht: {name}",
    )
    assert {row[c] for c in COLUMNS[2:-2]} == {None}


@pytest.mark.parametrize("table", [p for p in PARENTS if p != "basket_by_quarter"])
def test_a_table_that_is_not_released_leaves_the_figure_missing(
    star: NorthStar, table: str
) -> None:
    frames = town({"ALT": "S1"})
    for without in ({k: v for k, v in frames.items() if k != table}, frames | {table: frame()}):
        assert of(north_star(without, star))["status"] == MISSING


def test_without_baskets_there_is_no_figure(star: NorthStar) -> None:
    assert len(north_star({}, star)) == 0


def test_the_effective_number_counts_equal_groups_and_discounts_small_ones() -> None:
    assert effective_number([7, 7, 7, 7]) == pytest.approx(4)
    assert effective_number([10, 0]) == 1
    assert 1 < effective_number([99, 1]) < 1.1
    assert effective_number([]) == 0


def counters(*rows: tuple[str, str | None, int]) -> pd.DataFrame:
    columns = ["sensor_id", "pedestrians_per_day", "missing_hours"]
    found = pd.DataFrame(rows, columns=columns, dtype=object)
    return found.assign(observed_hours=744 - found.missing_hours)


def test_visits_are_the_mean_over_the_counters(star: NorthStar) -> None:
    assert visits(counters(("S1", "20.00", 0), ("S2", "30.00", 0)), MAY, star) == 31 * 20


def test_a_counter_that_was_silent_too_long_does_not_count(star: NorthStar) -> None:
    assert visits(counters(("S1", "20.00", 140), ("S2", "90.00", 200)), MAY, star) == 310
    assert visits(counters(("S2", "90.00", 200)), MAY, star) is None


def test_a_counter_without_stated_passages_does_not_count(star: NorthStar) -> None:
    assert visits(counters(("neu", "90.00", 0), ("S1", None, 0)), MAY, star) is None


def test_the_interval_covers_the_truth_as_often_as_it_says(star: NorthStar) -> None:
    rng = np.random.default_rng(417)
    noisy = star.model_copy(update={"noise_variance": 2.0})
    covered = 0
    for _ in range(200):
        frames = town({"ALT": "S1"})
        long, by_car = int(rng.binomial(80, 0.5)), int(rng.binomial(80, 0.5))
        drawn = {
            "panel_dwell": {"lang": long, "kurz": 80 - long},
            "panel_trips": {"auto": by_car},
        }
        for table, counts in drawn.items():
            column = "minutes_band" if table == "panel_dwell" else "travel_mode"
            for value, count in counts.items():
                noise = int(rng.integers(-2, 3))
                frames = change(frames, table, "person_count", count + noise, **{column: value})
        row = of(north_star(frames, noisy))
        covered += row["low"] <= 10 <= row["high"]
    # 95 % of 200, less three standard deviations of a binomial count.
    assert covered >= 190 - 3 * (200 * 0.95 * 0.05) ** 0.5


def test_the_interval_holds_the_figure(star: NorthStar) -> None:
    row = of(north_star(town({"ALT": "S1"}), star))
    assert row["low"] < row["value"] < row["high"]


@pytest.mark.parametrize("hidden", [False, True])
def test_its_rows_are_what_the_gate_accepts(star: NorthStar, hidden: bool) -> None:
    frames = town({"ALT": "S1", "BAH": "S3"})
    if hidden:
        frames = change(frames, "basket_by_quarter", "mean_basket_eur", None, quarter_id="ALT")
    definition = load_definitions(COOPERATIVE)["north_star"]
    found = [{str(k): v for k, v in r.items()} for r in north_star(frames, star).to_dict("records")]
    released = to_arrow(definition, complete_rows(definition, found))
    assert released.column_names == [name for name, _ in definition.columns]
    assert len(released) == 3


def test_the_shipped_definition_names_the_bands_and_modes_that_are_released() -> None:
    definitions, shipped = load_definitions(COOPERATIVE), load_north_star(PATH)
    bands = next(d for d in definitions["panel_dwell"].dimensions if d.name == "minutes_band")
    modes = next(d for d in definitions["panel_trips"].dimensions if d.name == "travel_mode")
    assert set(shipped.minutes) == set(bands.values)
    assert set(shipped.car_modes) <= set(modes.values)
    assert set(definitions["north_star"].parents) == set(PARENTS)


def test_the_shipped_variance_is_that_of_the_noise() -> None:
    variance = sum(n * n * times for n, times in NOISE.items()) / sum(NOISE.values())
    assert load_north_star(PATH).noise_variance == pytest.approx(variance, abs=0.05)


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ('FR-BAH-1: "2.5"', 'FR-BAH-1: "0"', r"passages_per_visit\.FR-BAH-1.*über null"),
        ('diversity_reference: "3.6"', 'diversity_reference: "0"', "diversity_reference"),
        ("hold_months: 3", "hold: 3", "hold"),
        ("version: 1", "version: [", "nicht lesbar"),
    ],
)
def test_a_faulty_definition_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, match: str
) -> None:
    text = PATH.read_text("utf-8")
    assert old in text
    (tmp_path / "north_star.yaml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ConfigError, match=match):
        load_north_star(tmp_path / "north_star.yaml")
