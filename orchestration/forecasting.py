# SPDX-License-Identifier: Apache-2.0
"""Between the lake and the forecasts: settings, one owner's frames, the fingerprint, the workers.

Belongs here: reading ``core`` for ``analysis/forecasting`` and running owners side by side. Does not belong here: forecasting, assets.
"""

import hashlib
import json
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from duckdb import DuckDBPyConnection
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from foundation.errors import ConfigError
from foundation.settings import PROJECT_ROOT
from orchestration.house import House

FILE = "forecasting.yaml"
SOURCES = (
    "fct_daily_sale",
    "fct_site_day",
    "fct_production_day",
    "fct_calendar_day",
    "fct_weather_day",
    "dim_article",
)
# What is read of each table; a table that this cooperative has no source for reads as empty.
COLUMNS = {
    "fct_daily_sale": "owner_id, site_id, article_number, product_group, day_date, quantity",
    "fct_site_day": "owner_id, site_id, quarter_id, trade_id, day_date, is_open, is_reported",
    "fct_production_day": "owner_id, site_id, article_number, day_date, produced_quantity, left_over_quantity, sold_out_at",
    "fct_calendar_day": "quarter_id, day_date, is_public_holiday, is_school_holiday, is_bridge_day, is_payday, is_market_day, "
    "event_count, has_festival, has_road_works",
    "fct_weather_day": "day_date, issued_date, temperature_max_c, precipitation_mm, sunshine_minutes",
    "dim_article": "owner_id, article_number, article_name, product_group, unit, unit_price_eur, unit_cost_eur, salvage_eur, "
    "shelf_life_days, pack_size, minimum_order",
}


class ForecastSettings(BaseModel):
    """Content of ``cooperative/forecasting.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    trades: list[str]
    horizon_days: int = Field(ge=2, le=28)
    folds: int = Field(ge=4, le=12)
    quantiles: list[float]
    minimum_days: int = Field(ge=28)
    ended_after_days: int = Field(ge=7)
    vat_percent: Decimal = Field(ge=0, le=100)
    holding_share: Decimal = Field(ge=0, le=1)
    workers: int = Field(ge=1, le=16)

    @field_validator("quantiles")
    @classmethod
    def _with_range(cls, levels: list[float]) -> list[float]:
        if levels != sorted(set(levels)) or not {0.1, 0.5, 0.9} <= set(levels):
            raise ValueError("Stufen aufsteigend, darunter 0.1, 0.5 und 0.9")
        if not all(0 < level < 1 for level in levels):
            raise ValueError("Stufen zwischen 0 und 1")
        return levels


def load_settings_of(cooperative: Path) -> ForecastSettings | None:
    """Read ``forecasting.yaml``; None where the cooperative has none. Raises ConfigError with file, field and remedy."""
    path = cooperative / FILE
    if not path.is_file():
        return None
    try:
        return ForecastSettings.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"Datei „{FILE}“ ist nicht lesbar: {error}; prüfen.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "Ganzes"
        raise ConfigError(
            f"Datei „{FILE}“, Feld „{place}“: gefunden {first['msg']}; Datei berichtigen."
        ) from error


@dataclass(frozen=True)
class Inputs:
    """All owners' frames as read from the lake, by table."""

    frames: dict[str, pd.DataFrame]
    recorded: pd.DataFrame
    members: dict[str, str]


def read_inputs(con: DuckDBPyConnection, trades: list[str], today: date) -> Inputs:
    """Frames of the shops of these trades up to yesterday; calendar and weather as far as they reach."""
    there = {
        str(r[0])
        for r in con.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_catalog = 'lake' AND table_schema = 'core'"
        ).fetchall()
    }
    frames = {}
    for table, columns in COLUMNS.items():
        if table not in there:
            frames[table] = pd.DataFrame(columns=columns.split(", "))
            continue
        bound = "WHERE day_date < ?" if "site_id" in columns else "WHERE ?::DATE IS NOT NULL"
        found = con.execute(f"SELECT {columns} FROM core.{table} {bound} ORDER BY ALL", [today])
        frames[table] = found.to_arrow_table().to_pandas()
    sites = frames["fct_site_day"]
    frames["fct_site_day"] = sites[sites["trade_id"].isin(trades) & sites["owner_id"].notna()]
    kept = set(frames["fct_site_day"]["site_id"])
    for table in ("fct_daily_sale", "fct_production_day"):
        frames[table] = frames[table][frames[table]["site_id"].isin(kept)]
    recorded = con.execute(
        # Of several proposals for a day the merchant had the newest in hand
        "SELECT site_id, article_number, target_date, arg_max(order_quantity, issued_date) AS order_quantity "
        "FROM ledger.order_proposal WHERE order_quantity IS NOT NULL AND issued_date < ? GROUP BY ALL ORDER BY ALL",
        [today],
    ).to_arrow_table()
    members = con.execute("SELECT site_id, member_id FROM core.dim_site").fetchall()
    return Inputs(frames, recorded.to_pandas(), dict(members))


def fingerprint(house: House, inputs: Inputs) -> str:
    """Hash of everything that the forecasts depend on."""
    digest = hashlib.sha256(f"{house.today}".encode())
    digest.update((house.settings.cooperative / FILE).read_bytes())
    for room in ("analysis/forecasting", "orchestration/forecasting.py"):
        path = PROJECT_ROOT / room
        for file in sorted(path.glob("*.py")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    for name, frame in [*sorted(inputs.frames.items()), ("recorded", inputs.recorded)]:
        text = frame.astype(str)
        digest.update(
            name.encode() + pd.util.hash_pandas_object(text, index=False).to_numpy().tobytes()
        )
    digest.update(json.dumps(sorted(inputs.members.items())).encode())
    return digest.hexdigest()


def jobs_of(
    inputs: Inputs, plan: ForecastSettings, today: date
) -> Iterator[tuple[str, dict[str, Any]]]:
    """One owner after the other with nothing but its own rows, those with enough history."""
    frames, least = inputs.frames, plan.minimum_days + plan.folds * plan.horizon_days
    for owner in sorted(set(frames["fct_daily_sale"]["owner_id"].dropna())):
        own = {
            t: f[f["owner_id"] == owner].drop(columns="owner_id").reset_index(drop=True)
            for t, f in frames.items()
            if "owner_id" in f
        }
        sold = pd.to_datetime(own["fct_daily_sale"]["day_date"])
        fresh = sold.max().date() >= today - timedelta(days=plan.horizon_days - 1)
        if own["fct_site_day"].empty or not fresh or (sold.max() - sold.min()).days < least:
            continue
        shared = {t: frames[t] for t in ("fct_calendar_day", "fct_weather_day")}
        mine = inputs.recorded[inputs.recorded["site_id"].isin(own["fct_site_day"]["site_id"])]
        yield owner, {**own, **shared, "recorded": mine}


def forecast_job(frames: dict[str, Any], today: date, plan: dict[str, Any]) -> Any:
    """What one worker does: one owner from frames to rows."""
    from analysis.forecasting.demand import OwnerData
    from analysis.forecasting.ladder import Plan
    from analysis.forecasting.owner import Rules, forecast_owner

    data = OwnerData(
        sales=frames["fct_daily_sale"],
        sites=frames["fct_site_day"],
        production=frames["fct_production_day"],
        calendar=frames["fct_calendar_day"],
        weather=frames["fct_weather_day"],
    )
    chosen = ForecastSettings.model_validate(plan)
    recorded = {
        (r["site_id"], r["article_number"], pd.Timestamp(r["target_date"]).date()): Decimal(
            r["order_quantity"]
        )
        for r in frames["recorded"].to_dict("records")
    }
    return forecast_owner(
        data,
        frames["dim_article"],
        today,
        Plan(
            horizon=chosen.horizon_days,
            folds=chosen.folds,
            levels=tuple(chosen.quantiles),
            least_days=chosen.minimum_days,
            ended_after=chosen.ended_after_days,
        ),
        Rules(chosen.vat_percent, chosen.holding_share),
        recorded,
    )


@dataclass
class Forecasts:
    """Results by owner, and what went wrong with those who have none."""

    results: dict[str, Any] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


def forecast_all(house: House, inputs: Inputs, plan: ForecastSettings) -> Forecasts:
    """Several owners are computed at once, each in a process that sees its rows alone; one that fails costs no other its sheet."""
    work = list(jobs_of(inputs, plan, house.today))
    settings, found = plan.model_dump(mode="json"), Forecasts()

    def keep(done: int, owner: str, result: Callable[[], Any]) -> None:
        try:
            found.results[owner] = result()
        except Exception as error:  # noqa: BLE001 - told in the run's summary and a check; the others go on
            found.failures[owner] = _said(error)
        house.voice("Vorhersagen rechnen", done, len(work))

    if plan.workers == 1 or len(work) < 2:
        for done, (owner, frames) in enumerate(work, start=1):
            keep(done, owner, partial(forecast_job, frames, house.today, settings))
        return found
    with ProcessPoolExecutor(plan.workers, mp_context=get_context("spawn")) as pool:
        running = {o: pool.submit(forecast_job, f, house.today, settings) for o, f in work}
        for done, (owner, future) in enumerate(running.items(), start=1):
            keep(done, owner, future.result)
    return found


def _said(error: Exception) -> str:
    """An error with the line of the program where it arose."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(last.filename).name}, Zeile {last.lineno})"
