# SPDX-License-Identifier: Apache-2.0
"""One owner's fabricated shops with known truths: a week, a festival, a Friday article, rain, and a shop's own good and bad days.

Belongs here: frames with the columns of ``core``. Does not belong here: what must be found in them.
"""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from analysis.forecasting.demand import OwnerData

LAST = date(2026, 11, 21)
FESTIVAL = (date(2026, 9, 5), date(2026, 9, 6))
FESTIVAL_FACTOR, FRIDAY_FACTOR, RAIN_FACTOR = 1.35, 1.6, 0.93
FRIDAY_ARTICLE = "01004"
WEEK = np.array([0.92, 0.92, 0.95, 1.0, 1.1, 1.35, 0.76])
SLIP = ["site_id", "article_number", "day_date"]
SLIP += ["produced_quantity", "left_over_quantity", "sold_out_at"]


def owner(
    *, sites: int = 1, articles: int = 12, days: int = 400, rate: float = 30.0, seed: int = 1
) -> OwnerData:
    """Sales, opening days, calendar and weather of one owner up to ``LAST``; no slips."""
    rng = np.random.default_rng(seed)
    first = LAST - timedelta(days=days - 1)
    when = pd.date_range(first, LAST + timedelta(days=10))
    past = when[when <= pd.Timestamp(LAST)]
    rain = np.where(rng.random(len(when)) < 0.4, rng.exponential(4, len(when)), 0.0)
    festival = np.array([d.date() in FESTIVAL for d in when])
    usual = WEEK[past.dayofweek] * np.where(rain[: len(past)] > 1, RAIN_FACTOR, 1.0)
    usual = usual * np.where(festival[: len(past)], FESTIVAL_FACTOR, 1.0)
    sales, traded = [], []
    for s in range(sites):
        shop = usual * np.exp(rng.normal(0, 0.05, len(past)))
        traded.append(
            pd.DataFrame(
                {
                    "site_id": f"s{s}",
                    "quarter_id": "ALT",
                    "day_date": past,
                    "is_open": True,
                    "is_reported": True,
                }
            )
        )
        for a in range(articles):
            number = f"{1001 + a:05d}"
            mean = rate * np.exp(rng.normal(0, 0.5)) * shop
            if number == FRIDAY_ARTICLE:
                mean = mean * np.where(past.dayofweek == 4, FRIDAY_FACTOR, 1.0)
            sold = pd.DataFrame(
                {
                    "site_id": f"s{s}",
                    "article_number": number,
                    "day_date": past,
                    "quantity": rng.poisson(mean),
                }
            )
            sales.append(sold[sold["quantity"] > 0])
    return OwnerData(
        sales=pd.concat(sales),
        sites=pd.concat(traded),
        production=pd.DataFrame(columns=SLIP),
        calendar=calendar(when, festival),
        weather=weather(when, rain),
    )


def calendar(when: pd.DatetimeIndex, festival: np.ndarray) -> pd.DataFrame:
    """The calendar of one quarter."""
    return pd.DataFrame(
        {
            "quarter_id": "ALT",
            "day_date": when,
            "is_public_holiday": False,
            "is_school_holiday": False,
            "is_bridge_day": False,
            "is_payday": when.day == 28,
            "is_market_day": when.dayofweek.isin([2, 5]),
            "event_count": festival.astype(int),
            "has_festival": festival,
            "has_road_works": False,
        }
    )


def weather(when: pd.DatetimeIndex, rain: np.ndarray) -> pd.DataFrame:
    """Observed days up to ``LAST`` (plus their forecasts of the eve, a degree too warm)."""
    observed = pd.DataFrame(
        {
            "day_date": when,
            "issued_date": pd.NaT,
            "temperature_max_c": 10.0,
            "precipitation_mm": rain,
            "sunshine_minutes": 300.0,
        }
    )
    issued = []
    for origin in when[when <= pd.Timestamp(LAST)]:
        ahead = observed[
            (observed["day_date"] > origin)
            & (observed["day_date"] <= origin + pd.Timedelta(days=10))
        ]
        issued.append(ahead.assign(issued_date=origin, temperature_max_c=11.0))
    return pd.concat([observed[observed["day_date"] <= pd.Timestamp(LAST)], *issued])
