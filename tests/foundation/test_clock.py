# SPDX-License-Identifier: Apache-2.0
"""Which instant counts as now."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from foundation.clock import as_of, local_date, monotonic, wall
from foundation.settings import PROJECT_ROOT, Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with the sample's cooperative.yaml, which fixes the day."""
    monkeypatch.delenv("ORTSKERN_AS_OF", raising=False)
    shutil.copyfile(
        PROJECT_ROOT / "cooperative" / "cooperative.yaml", tmp_path / "cooperative.yaml"
    )
    return load_settings(home=tmp_path / "home", cooperative=tmp_path)


def without_day(settings: Settings) -> None:
    path = settings.cooperative / "cooperative.yaml"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(li for li in lines if not li.startswith("as_of:")), "utf-8")


def test_the_cooperatives_day_wins_over_the_machines_clock(settings: Settings) -> None:
    assert as_of(settings) == datetime(2026, 11, 22, 5, tzinfo=UTC)


def test_the_settings_win_over_the_cooperative(settings: Settings) -> None:
    chosen = settings.model_copy(update={"as_of": datetime(2027, 1, 2, tzinfo=UTC)})
    assert as_of(chosen) == datetime(2027, 1, 2, tzinfo=UTC)


def test_an_instant_without_offset_is_local(settings: Settings) -> None:
    naive = datetime(2027, 7, 1, 12)  # noqa: DTZ001
    assert as_of(settings.model_copy(update={"as_of": naive})).utcoffset() == timedelta(hours=2)


def test_without_a_day_the_machines_clock_counts(settings: Settings) -> None:
    without_day(settings)
    assert abs(as_of(settings) - wall()) < timedelta(minutes=1)


def test_the_local_day_is_that_of_the_cooperatives_zone(settings: Settings) -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert local_date(settings.model_copy(update={"as_of": late})) == date(2027, 1, 1)


def test_the_machines_clock_is_in_utc() -> None:
    assert wall().utcoffset() == timedelta(0)


def test_durations_never_go_back() -> None:
    assert monotonic() <= monotonic()
