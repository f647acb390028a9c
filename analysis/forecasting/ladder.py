# SPDX-License-Identifier: Apache-2.0
"""The ladder: seasonal naive, exponential smoothing, boosted trees; a series climbs only where a rung has proved better.

Belongs here: rolling-origin backtest, its figures, the choice of a rung per series. Does not belong here: the methods themselves,
orders.

Each fold ends on its origin, knows nothing later (weather of the days ahead is the forecast issued by then) and forecasts the
``horizon`` days after it. Articles that have ended neither learn nor teach. A rung is used for a series only if its WAPE over all folds is smaller than that of the rung in use before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analysis.forecasting import metrics
from analysis.forecasting.censored import completed
from analysis.forecasting.demand import DAY, ENDED, LIVE, SERIES, Demand, OwnerData, calendar_at
from analysis.forecasting.panel import PanelForecaster
from analysis.forecasting.rungs import SeasonalNaive, Smoothing

NAIVE, ETS, TREES = "saisonal_naiv", "exponentielle_glaettung", "baeume"
RUNGS = (NAIVE, ETS, TREES)
LEVELS = (0.1, 0.5, 0.75, 0.9)
LOW, HIGH = 0.1, 0.9
# Days too few for a tree to learn from
RARE = ("has_festival", "is_public_holiday", "is_bridge_day")
FIGURES = ("wape", "mase", "bias", "pinball", "coverage")


@dataclass(frozen=True)
class Plan:
    """How forecasts are made; ``cooperative/forecasting.yaml`` without its shops."""

    horizon: int = 7
    folds: int = 4
    levels: Sequence[float] = LEVELS
    least_days: int = 56
    ended_after: int = 28
    rounds: int = 60
    leaves: int = 12

    def origins(self, last_day: date) -> list[date]:
        """Last known days of the folds, oldest first; the newest fold forecasts the week up to ``last_day``."""
        steps = range(self.folds, 0, -1)
        return [last_day - timedelta(days=self.horizon * k) for k in steps]


def forecaster(rung: str, plan: Plan) -> Any:
    """A fresh forecaster of that rung."""
    makers: dict[str, Callable[[], Any]] = {
        NAIVE: SeasonalNaive,
        ETS: Smoothing,
        TREES: lambda: PanelForecaster(
            horizon=plan.horizon,
            rare=RARE,
            quantiles=tuple(plan.levels),
            rounds=plan.rounds,
            leaves=plan.leaves,
        ),
    }
    return makers[rung]()


@dataclass(frozen=True)
class Known:
    """What was known at the end of a day: demand up to it, and the calendar up to it and of the days ahead."""

    demand: pd.DataFrame
    calendar: pd.DataFrame
    ahead: pd.DataFrame


def known_on(origin: date, plan: Plan, demand: Demand, data: OwnerData) -> Known:
    """What was known on ``origin``, with sold-out days completed by what was known then; series in sale only."""
    all_days = pd.DatetimeIndex(demand.y.index.unique(DAY))
    days = pd.date_range(all_days[0], pd.Timestamp(origin), freq="D", name=DAY)
    upto = len(days)
    shape = (len(demand.names), len(all_days))

    def matrix(values: Any) -> np.ndarray:
        return np.asarray(values).reshape(shape)[:, :upto].T

    values = matrix(demand.y["quantity"])
    ended = demand.state.reindex(demand.names.index).eq(ENDED).to_numpy()
    kept = ~np.isnan(values).all(axis=0) & ~ended
    names = demand.names[kept]
    x = calendar_at(data, names, origin, plan.horizon)
    inside = x.index.get_level_values(DAY) <= pd.Timestamp(origin)
    calendar = x[inside]
    index = pd.MultiIndex.from_product([names.index, days], names=[SERIES, DAY])
    rare = [name for name in RARE if name in calendar]
    flags = calendar[rare].reindex(index).to_numpy(dtype=float)
    full = completed(
        values[:, kept],
        matrix(demand.sold)[:, kept],
        matrix(demand.censored)[:, kept],
        flags.reshape(len(names), upto, len(rare)).transpose(1, 0, 2),
    )
    return Known(
        demand=pd.DataFrame({"quantity": full.T.ravel()}, index=index),
        calendar=calendar,
        ahead=x[~inside],
    )


def predict(
    rung: str, plan: Plan, known: Known, fitted: Sequence[float] | None = None
) -> tuple[pd.DataFrame, Any]:
    """Forecasts of one rung for the days ahead, and the fitted forecaster.

    ``fitted`` names the levels that get a model of their own where these are fewer than the plan's.

    Returns columns ``mean`` and one per level, indexed (series, day_date).
    """
    model = forecaster(rung, plan if fitted is None else replace(plan, levels=fitted))
    calendar, ahead = (known.calendar, known.ahead) if rung == TREES else (None, None)
    model.fit(known.demand, X=calendar, fh=list(range(1, plan.horizon + 1)))
    found = model.predict(X=ahead).iloc[:, 0].rename("mean").to_frame()
    quantiles = model.predict_quantiles(X=ahead, alpha=list(plan.levels))
    found[list(plan.levels)] = quantiles.to_numpy()
    found.index.names = [SERIES, DAY]
    return found.clip(lower=0.0), model


def backtest(demand: Demand, data: OwnerData, plan: Plan) -> pd.DataFrame:
    """All rungs over all folds: series, day_date, rung, origin, actual (NaN where not known), mean and the levels.

    A fold in which no article of today was sold yet has no rows, and so has the whole where all folds are such.
    """
    columns = [SERIES, DAY, "mean", *plan.levels, "rung", "origin", "actual"]
    found = []
    for origin in plan.origins(demand.last_day):
        known = known_on(origin, plan, demand, data)
        if known.demand.empty:
            continue
        # Orders of the newest fold are judged in euros and need every level; for the others three levels cost half the time.
        newest = origin == plan.origins(demand.last_day)[-1]
        for rung in RUNGS:
            rows, _ = predict(rung, plan, known, None if newest else (LOW, 0.5, HIGH))
            found.append(rows.assign(rung=rung, origin=pd.Timestamp(origin)))
    if not found:
        return pd.DataFrame(columns=columns)
    table = pd.concat(found)
    table["actual"] = demand.y["quantity"].reindex(table.index)
    return table.reset_index()[columns]


def figures(table: pd.DataFrame, demand: Demand, plan: Plan) -> pd.DataFrame:
    """The measures per series and rung over all folds, with the number of days that could be compared."""
    first = pd.Timestamp(plan.origins(demand.last_day)[0])
    levels = list(plan.levels)
    rows = []
    for (series, rung), part in table.groupby([SERIES, "rung"], sort=True):
        actual, mean = part["actual"].to_numpy(), part["mean"].to_numpy()
        quantiles = part[levels].to_numpy(dtype=float)
        before: Any = demand.y.xs(series, level=SERIES)["quantity"]
        history = before[before.index <= first].to_numpy()
        rows.append(
            {
                SERIES: series,
                "rung": rung,
                "day_count": int(metrics.known(actual).sum()),
                "wape": metrics.wape(actual, mean),
                "mase": metrics.mase(actual, mean, history),
                "bias": metrics.bias(actual, mean),
                "pinball": metrics.pinball(actual, quantiles, np.array(levels)),
                "coverage": metrics.coverage(
                    actual, quantiles[:, levels.index(LOW)], quantiles[:, levels.index(HIGH)]
                ),
            }
        )
    return pd.DataFrame(rows, columns=[SERIES, "rung", "day_count", *FIGURES])


def choose(measured: pd.DataFrame, state: pd.Series) -> pd.DataFrame:
    """The rung of each series and the German sentence why; indexed by series.

    New and ended series, and those without a comparable day, stay on the lowest rung.
    """
    wapes = measured.pivot(index=SERIES, columns="rung", values="wape")
    chosen = {}
    for series, status in state.items():
        name = str(series)
        found = wapes.T[name] if name in wapes.index else pd.Series(dtype=float)
        chosen[name] = _climb(found) if status == LIVE else (NAIVE, f"Artikel {status}")
    return pd.DataFrame(chosen, index=["rung", "reason"]).T.rename_axis(SERIES)


def _climb(wapes: "pd.Series[float]") -> tuple[str, str]:
    standing, why = NAIVE, "keine Stufe war besser als die Vorwoche"
    best = wapes.get(NAIVE, np.nan)
    if np.isnan(best):
        return NAIVE, "kein vergleichbarer Tag im Rückblick"
    for rung in RUNGS[1:]:
        error = wapes.get(rung, np.nan)
        if error < best:
            why = f"Fehler {_percent(error)} statt {_percent(best)} mit {TITLES[standing]}"
            standing, best = rung, error
    return standing, why


TITLES = {
    NAIVE: "dem gleichen Wochentag der Vorwoche",
    ETS: "dem geglätteten Wochenverlauf",
    TREES: "dem gelernten Zusammenhang mit Kalender und Wetter",
}


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"
