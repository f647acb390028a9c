# SPDX-License-Identifier: Apache-2.0
"""From the tables of one owner to what a forecaster takes: demand by series and day, and the calendar beside it.

Belongs here: what counts as demand, what the calendar of a day says, which series still live. Does not belong here: forecasting.

A series is one article in one shop. Three things are not zero demand and become NaN: a closed day, a day on which the article was
sold out (what more would have been sold is not known: the day is censored, left out of every measure and completed for training, see
``censored``), and the days before the first sale. A day open without a sale is zero, and so is one on which more came back than was
sold. What comes back after a long pause (Stollen in November) begins anew: the zeros between its seasons say nothing of a day in
season. Weather of days after ``origin`` is the forecast that was issued by then, never the observation.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

SERIES, DAY = "series", "day_date"
NEW, ENDED, LIVE = "neu", "ausgelaufen", "laufend"
# Columns of the calendar that are the same for all shops of a quarter on a day.
EVENTS = (
    "is_public_holiday",
    "is_school_holiday",
    "is_bridge_day",
    "is_payday",
    "is_market_day",
    "event_count",
    "has_festival",
    "has_road_works",
)
WEATHER = ("temperature_max_c", "precipitation_mm", "sunshine_minutes")


@dataclass(frozen=True)
class OwnerData:
    """One owner's own rows; column names as in ``core``.

    sales: site_id, article_number, day_date, quantity. sites: site_id, quarter_id, day_date, is_open, and is_reported:
    whether anything is known of its month.
    production: site_id, article_number, day_date, produced_quantity, left_over_quantity, sold_out_at.
    calendar: quarter_id, day_date and ``EVENTS``. weather: day_date, issued_date (None where observed) and ``WEATHER``.
    """

    sales: pd.DataFrame
    sites: pd.DataFrame
    production: pd.DataFrame
    calendar: pd.DataFrame
    weather: pd.DataFrame


@dataclass(frozen=True)
class Demand:
    """Demand by series and day: ``y`` is indexed (series, day_date) with every day up to the last one; NaN is not known.

    ``sold`` holds what the till saw, ``censored`` the days sold out, ``names`` (site_id, article_number) by series.
    """

    y: pd.DataFrame
    sold: pd.Series
    censored: pd.Series
    names: pd.DataFrame
    state: pd.Series
    last_day: date


def series_key(frame: pd.DataFrame) -> pd.Series:
    """One name for an article in a shop."""
    return frame["site_id"].astype(str) + "|" + frame["article_number"].astype(str)


def demand_of(
    data: OwnerData, last_day: date, *, least_days: int = 56, ended_after: int = 28
) -> Demand:
    """Demand of every series up to ``last_day``.

    A series is ``neu`` with fewer than ``least_days`` days open since its first sale, or since its first after ``ended_after`` days open
    without one; ``ausgelaufen`` without a sale in the last ``ended_after`` days. Both get no place in the comparison of methods.
    """
    sales = data.sales.assign(**{SERIES: series_key(data.sales)})
    sales[DAY] = pd.to_datetime(sales[DAY])
    sales = sales[sales[DAY] <= pd.Timestamp(last_day)]
    names = sales.drop_duplicates(SERIES).set_index(SERIES)[["site_id", "article_number"]]
    names = names.sort_index()
    # Goods brought back are no demand below zero
    sold = sales.groupby([SERIES, DAY])["quantity"].sum().astype(float).clip(lower=0.0)
    sites = data.sites.assign(**{DAY: pd.to_datetime(data.sites[DAY])})
    first = pd.Timestamp(min(sites[DAY].min(), sales[DAY].min()))
    days = pd.date_range(first, pd.Timestamp(last_day), freq="D", name=DAY)
    index = pd.MultiIndex.from_product([names.index, days], names=[SERIES, DAY])
    full = sold.reindex(index)
    site = names["site_id"].reindex(index.get_level_values(0)).to_numpy()
    opened = sites.drop_duplicates(["site_id", DAY]).set_index(["site_id", DAY])["is_open"]
    where = pd.MultiIndex.from_arrays([site, index.get_level_values(1)])
    is_open = opened.astype(float).reindex(where).fillna(0.0).to_numpy() > 0
    shape = (len(names), len(days))
    found = full.to_numpy()
    begun = in_season(found.reshape(shape) > 0, is_open.reshape(shape), ended_after).ravel()
    # A sale on a day that counts as closed was a sale all the same.
    known = begun & (is_open | full.notna().to_numpy())
    values = np.where(known, np.nan_to_num(found), np.nan)
    censored = sold_out(data.production).reindex(index, fill_value=False).astype(bool)
    y = pd.DataFrame({"quantity": np.where(censored.to_numpy(), np.nan, values)}, index=index)
    return Demand(
        y=y,
        sold=pd.Series(values, index=index),
        censored=censored,
        names=names,
        state=_states(full, is_open & begun, last_day, least_days, ended_after),
        last_day=last_day,
    )


def in_season(sale: np.ndarray, is_open: np.ndarray, pause: int) -> np.ndarray:
    """Whether a series has begun, (series x day): from its first sale, and only from the last one after ``pause`` days open without."""
    begun = np.zeros_like(sale)
    idle = np.zeros(len(sale), dtype=int)
    for day in range(sale.shape[1]):
        again = sale[:, day] & (idle >= pause)
        begun[again, :day] = False
        begun[:, day] = sale[:, day] | (begun[:, day - 1] if day else False)
        idle = np.where(sale[:, day], 0, idle + is_open[:, day])
    return begun


def sold_out(production: pd.DataFrame) -> pd.Series:
    """Whether an article was sold out, by series and day: the slip says when, or nothing at all was left."""
    if production.empty:
        index = pd.MultiIndex.from_arrays([[], pd.to_datetime([])], names=[SERIES, DAY])
        return pd.Series([], index=index, dtype=bool)
    left = production["left_over_quantity"].astype(float)
    frame = pd.DataFrame(
        {
            SERIES: series_key(production),
            DAY: pd.to_datetime(production[DAY]),
            "out": production["sold_out_at"].notna() | (left == 0),
        }
    )
    return frame.groupby([SERIES, DAY])["out"].any()


def _states(
    sold: pd.Series, counted: np.ndarray, last_day: date, least_days: int, ended_after: int
) -> pd.Series:
    days = pd.Series(counted, index=sold.index).groupby(level=0).sum()
    last = sold.dropna().reset_index().groupby(SERIES)[DAY].max()
    ended = last < pd.Timestamp(last_day - timedelta(days=ended_after))
    state = pd.Series(LIVE, index=days.index)
    state[days < least_days] = NEW
    state[ended.reindex(days.index)] = ENDED
    return state


def calendar_at(data: OwnerData, names: pd.DataFrame, origin: date, horizon: int) -> pd.DataFrame:
    """The calendar of every series and day up to ``origin + horizon``, as it was known on ``origin``.

    Columns: weekday, the flags of ``EVENTS``, days to the end of the month, ``WEATHER``; what is not known is NaN.
    """
    until = pd.Timestamp(origin) + pd.Timedelta(days=horizon)
    table = data.calendar.assign(**{DAY: pd.to_datetime(data.calendar[DAY])})
    table = table[table[DAY] <= until]
    flags = table.drop_duplicates(["quarter_id", DAY]).set_index(["quarter_id", DAY])
    flags = flags[[c for c in EVENTS if c in flags]].astype(float)
    quarter = data.sites.drop_duplicates("site_id").set_index("site_id")["quarter_id"]
    days = pd.date_range(pd.to_datetime(data.sites[DAY]).min(), until, freq="D", name=DAY)
    index = pd.MultiIndex.from_product([names.index, days], names=[SERIES, DAY])
    of = quarter.reindex(names["site_id"]).to_numpy().repeat(len(days))
    when = pd.DatetimeIndex(index.get_level_values(1))
    found = flags.reindex(pd.MultiIndex.from_arrays([of, when])).set_axis(index)
    weather = weather_at(data.weather, origin).reindex(when).set_axis(index)
    found = pd.concat([found, weather], axis=1)
    found.insert(0, "weekday", when.dayofweek.astype(float))
    found["days_to_month_end"] = (when.days_in_month - when.day).astype(float)
    return found


def weather_at(weather: pd.DataFrame, origin: date) -> pd.DataFrame:
    """Weather by day as it was known on ``origin``: observed up to then, and the newest forecast issued by then."""
    if weather.empty:
        return pd.DataFrame(
            columns=list(WEATHER), index=pd.DatetimeIndex([], name=DAY), dtype=float
        )
    table = weather.assign(
        **{DAY: pd.to_datetime(weather[DAY]), "issued_date": pd.to_datetime(weather["issued_date"])}
    )
    now = pd.Timestamp(origin)
    observed = table[table["issued_date"].isna() & (table[DAY] <= now)]
    ahead = table[(table["issued_date"] <= now) & (table[DAY] > now)].sort_values("issued_date")
    both = pd.concat([observed, ahead]).drop_duplicates(DAY, keep="last")
    return both.set_index(DAY).sort_index()[list(WEATHER)].astype(float)
