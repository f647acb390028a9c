# SPDX-License-Identifier: Apache-2.0
"""The simulator as a whole: same seed, same bytes; nothing is made twice; the town has a rhythm."""

from collections import Counter
from pathlib import Path

import pytest

from foundation.errors import ConfigError
from ingestion.town import simulate
from ingestion.town.conditions import sales_factor
from ingestion.town.inputs import Month, read_town
from ingestion.town.rhythm import expected_receipts, is_holiday, second_of_day
from tests.ingestion.town.small_town import COOPERATIVE, SmallTown, build


def test_one_or_two_workers_write_the_same_bytes(tmp_path: Path) -> None:
    one = build(tmp_path / "one", scale=0.05, months=1, workers=1)
    two = build(tmp_path / "two", scale=0.05, months=1, workers=2)
    assert one.manifest.files == two.manifest.files
    assert one.truth == two.truth


def test_a_short_town_holds_the_last_closed_month_and_the_running_one(
    tmp_path: Path, town: SmallTown
) -> None:
    short = build(tmp_path, scale=0.1, months=1)
    months = ("2026-10-01", "2026-11-01")
    same = [r for r in town.truth["receipts"] if r["business_month"] in months]
    assert short.truth["receipts"] == same


def test_tills_speak_of_the_running_month_day_by_day_up_to_the_day_before_as_of(
    town: SmallTown,
) -> None:
    names = [p.name for p in (town.inbox / "pos_dsfinvk/MK-2006-1").iterdir()]
    daily = sorted(name for name in names if len(name) == len("MK-2006-1_2026-11-02.zip"))
    assert daily[0] == "MK-2006-1_2026-11-02.zip"
    assert daily[-1] == "MK-2006-1_2026-11-21.zip"
    assert "MK-2006-1_2026-10.zip" in names


def test_another_seed_makes_another_town(tmp_path: Path, town: SmallTown) -> None:
    other = build(tmp_path, scale=0.1, months=1, seed=2)
    assert other.manifest.seed == 2
    # Calendar and merchandise lists stand in the plan; nothing in them is drawn.
    planned = ("events_ical/", "merchandise/")
    same = [
        path
        for path, sha256 in other.manifest.files.items()
        if town.manifest.files.get(path) == sha256 and not path.startswith(planned)
    ]
    assert set(same) <= {
        "members/mitglieder.csv",
        "members/betriebsstaetten.csv",
        "consents/einwilligungen.csv",
        "product_sales/datenprodukte_verkaeufe.csv",
        "pos_dsfinvk/MK-2016-1/MK-2016-1_2026-11-14.zip",  # the planted empty file
    }


def test_the_same_town_is_not_made_twice_unless_a_file_is_gone(tmp_path: Path) -> None:
    first = build(tmp_path, scale=0.01, months=1)
    again = build(tmp_path, scale=0.01, months=1)
    assert (first.manifest.is_new, again.manifest.is_new) == (True, False)
    assert again.manifest.files == first.manifest.files
    lost = tmp_path / "inbox/consents/einwilligungen.csv"
    lost.unlink()
    assert build(tmp_path, scale=0.01, months=1).manifest.is_new
    assert lost.exists()


def test_a_changed_town_leaves_no_file_of_the_old_one(tmp_path: Path) -> None:
    build(tmp_path, scale=0.01, months=2)
    kept = tmp_path / "inbox/pos_dsfinvk/eigene.zip"
    kept.write_bytes(b"from somewhere else")
    new = build(tmp_path, scale=0.01, months=1)
    found = {p.relative_to(new.inbox).as_posix() for p in new.inbox.rglob("*") if p.is_file()}
    assert found == {*new.manifest.files, "pos_dsfinvk/eigene.zip"}


def test_scale_multiplies_the_receipts(tmp_path: Path, town: SmallTown) -> None:
    larger = build(tmp_path, scale=0.4, months=1)
    month = [r for r in town.truth["receipts"] if r["business_month"] >= "2026-10-01"]
    factor = larger.truth["totals"]["receipt_count"] / sum(r["receipt_count"] for r in month)
    assert 3.5 < factor < 4.5


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    cooperative = build(tmp_path, scale=0.01, months=1).folder / "cooperative"
    simulate(
        cooperative, tmp_path / "in", tmp_path / "out", scale=0.01, months=1, workers=1,
        progress=lambda done, total, text: told.append((done, total, text)),
    )  # fmt: skip
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1]


@pytest.mark.parametrize("wrong", [{"scale": 0}, {"workers": 0}, {"months": 0}])
def test_numbers_below_one_are_refused(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(ConfigError, match="erwartet Zahlen über null"):
        simulate(COOPERATIVE, tmp_path, tmp_path, **wrong)  # type: ignore[arg-type]


def test_shops_are_closed_on_holidays_and_most_on_sundays() -> None:
    town = read_town(COOPERATIVE, scale=1, seed=None, months=None)
    for site in (till.site for till in town.tills):
        days, _ = expected_receipts(town, site, Month(2026, 5))
        assert not any(is_holiday(town, day) for day in days)
        if site.trade_id == "bekleidung":
            assert all(day.weekday() < 6 for day in days)


def test_december_festival_and_saturday_are_busy() -> None:
    town = read_town(COOPERATIVE, scale=1, seed=None, months=None)
    shop = town.site_named("Fadenlauf")
    level = {m: expected_receipts(town, shop, Month(2026, m))[1].mean() for m in (1, 2)}
    assert expected_receipts(town, shop, Month(2025, 12))[1].mean() > 1.5 * level[2]
    days, expected = expected_receipts(town, shop, Month(2026, 9))
    saturdays = {d.day: v / sales_factor(town, shop, d) for d, v in zip(days, expected)}
    assert saturdays[5] / saturdays[12] == pytest.approx(1.35, rel=0.002)


def test_a_cafe_is_fullest_at_midday_or_coffee_time() -> None:
    town = read_town(COOPERATIVE, scale=1, seed=None, months=None)
    uniform = town.rng("site", 0).random(20_000)
    hours = Counter((second_of_day(town, "cafe", uniform) // 3600).tolist())
    assert hours.most_common(1)[0][0] in (12, 15)
    assert min(hours) >= 8
