# SPDX-License-Identifier: Apache-2.0
"""What must come out, computed from the two real files with pandas alone.

Belongs here: the rules in words of the domain, on whole columns. Does not belong here: anything of
the engine; nothing is imported from it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import holidays
import pandas as pd

CENT = Decimal("0.01")
DAY_KINDS = ("Werktag", "Samstag", "Sonntag/Feiertag")


@dataclass(frozen=True)
class Month:
    """A month of the shop: purchases less those taken back, and the value of goods."""

    purchases: int
    revenue_eur: Decimal


@cache
def receipt_lines(path: Path) -> pd.DataFrame:
    """Lines with `eur`, `day`, `month` and the flags `back` (cancelled) and `postage`."""
    lines = pd.read_csv(path, encoding="utf-8-sig", dtype=str)
    amounts = [
        (int(q) * Decimal(p)).quantize(CENT, ROUND_HALF_UP)
        for q, p in zip(lines["Quantity"], lines["UnitPrice"], strict=True)
    ]
    lines["eur"] = pd.Series(amounts, index=lines.index, dtype=object)
    times = pd.to_datetime(lines["InvoiceDate"], format="%m/%d/%Y %H:%M")
    lines["day"] = times.dt.date
    lines["month"] = [d.replace(day=1) for d in lines["day"]]
    lines["back"] = lines["InvoiceNo"].str.startswith("C")
    lines["postage"] = lines["StockCode"] == "POST"
    return lines


def months(path: Path) -> dict[date, Month]:
    """First day of the month to its purchases and revenue.

    A purchase is an invoice on which goods were sold; a cancellation that equals an invoice of the
    same day takes that purchase back, any other cancellation returns goods of an earlier day.
    Postage is neither goods nor revenue, also where it is paid back.
    """
    lines = receipt_lines(path)
    goods = lines[~lines["postage"]]
    counted: Counter[date] = Counter()
    sold = goods[~goods["back"] & (goods["eur"] > 0)]
    for day in sold.drop_duplicates("InvoiceNo")["day"]:
        counted[day.replace(day=1)] += 1
    invoices = lines.groupby(["InvoiceNo", "day", "back"], as_index=False)["eur"].sum()
    totals = {back: Counter[tuple[date, Decimal]]() for back in (False, True)}
    for row in invoices.itertuples():
        totals[row.back][row.day, abs(row.eur)] += 1
    for (day, amount), times in totals[True].items():
        counted[day.replace(day=1)] -= min(times, totals[False][day, amount])
    revenue: dict[Any, Decimal] = goods.groupby("month")["eur"].sum().to_dict()
    return {month: Month(counted[month], eur) for month, eur in revenue.items()}


@cache
def counts(path: Path, zone: str, state: str) -> pd.DataFrame:
    """Hourly counts with `at` (UTC), `month`, `day_kind` and `hour` of the town's clock."""
    found = pd.read_csv(path)
    found["at"] = pd.to_datetime(found["Date_Time_UTC"], utc=True)
    return on_the_clock(found, zone, state)


def on_the_clock(found: pd.DataFrame, zone: str, state: str) -> pd.DataFrame:
    """The frame with `day`, `month`, `day_kind` and `hour` from its instants `at`."""
    local = found["at"].dt.tz_convert(zone)
    free = holidays.country_holidays("DE", subdiv=state, years=sorted(set(local.dt.year)))
    days = local.dt.date
    kinds = {d: DAY_KINDS[2 if d in free else max(d.weekday() - 4, 0)] for d in set(days)}
    return found.assign(
        day=days,
        month=[d.replace(day=1) for d in days],
        day_kind=days.map(kinds),
        hour=local.dt.hour,
    )


def hours_of(first: str, last: str, zone: str, state: str) -> pd.DataFrame:
    """Every hour of the calendar between two local days, the last one included."""
    end = pd.Timestamp(last, tz=zone) + pd.DateOffset(days=1)
    start = pd.Timestamp(first, tz=zone)
    at = pd.date_range(start.tz_convert("UTC"), end.tz_convert("UTC"), freq="h", inclusive="left")
    return on_the_clock(pd.DataFrame({"at": at}), zone, state)


Cell = tuple[str, date, str, int]


def means(found: pd.DataFrame) -> dict[Cell, Decimal]:
    """Sensor, month, kind of day and hour to the mean of the hours there are, in cents."""
    cells = found.groupby(["Sensor", "month", "day_kind", "hour"])["Count"]
    sums: dict[Any, int] = cells.sum().to_dict()
    sizes: dict[Any, int] = cells.size().to_dict()
    return {
        cell: (Decimal(int(total)) / Decimal(int(sizes[cell]))).quantize(CENT, ROUND_HALF_UP)
        for cell, total in sums.items()
    }


BICYCLES = "100031297 (Promenade (nördl. Salzstraße))"
POLLUTANTS = {
    "pm10": "Particulate matter (PM₁₀) Daily average (hourly floating) in µg/m³",
    "ozone": "Ozone (O₃) One hour average in µg/m³",
    "no2": "Nitrogen dioxide (NO₂) One hour average in µg/m³",
    "pm2_5": "Particulate matter (PM₂,₅) Daily average (hourly floating) in µg/m³",
}


@cache
def bicycles(path: Path, zone: str) -> pd.DataFrame:
    """Quarters of an hour with `at` (UTC), local `day` and `month`, and `count` of the site's total.

    Of the hour that autumn repeats the device tells one; it is taken for summer time.
    """
    found = pd.read_csv(path)
    local = pd.to_datetime(found["Datetime"])
    summer = pd.Series(data=True, index=found.index).to_numpy()
    at = local.dt.tz_localize(zone, ambiguous=summer).dt.tz_convert("UTC")
    month = local.dt.to_period("M").dt.start_time.dt.date
    return pd.DataFrame(
        {"at": at, "day": local.dt.date, "month": month, "count": found[BICYCLES].astype(int)}
    )


def quarters_of(month: str, zone: str) -> "pd.DatetimeIndex":
    """Every quarter of an hour of a local month, as instants."""
    start = pd.Timestamp(month, tz=zone)
    end = start + pd.DateOffset(months=1)
    every = pd.date_range(start, end, freq="15min", inclusive="left")
    return every.tz_convert("UTC")


@cache
def air(path: Path, zone: str) -> pd.DataFrame:
    """Hours with `written`, `fields` of the line, `end` (UTC) and a column per pollutant, NaN for a dash.

    The repeated hour of autumn is told from the order of the lines.
    """
    lines = [x for x in path.read_text("utf-8-sig").splitlines() if x.startswith("DENW")]
    cells = [line.split(";") for line in lines]
    header = [c.strip('"') for c in path.read_text("utf-8-sig").splitlines()[0].split(";")]
    found = pd.DataFrame({"written": [c[1].strip("\"'") for c in cells]})
    days, hours = found["written"].str[:10], found["written"].str[11:13].astype(int)
    start = pd.to_datetime(days) + pd.to_timedelta(hours - 1, unit="h")
    at = start.dt.tz_localize(zone, ambiguous="infer").dt.tz_convert("UTC")
    found["fields"], found["end"] = [len(c) for c in cells], at + pd.Timedelta(hours=1)
    found["month"] = start.dt.to_period("M").dt.start_time.dt.date
    for metric, title in POLLUTANTS.items():
        texts = pd.Series([c[header.index(title)] for c in cells])
        found[metric] = pd.to_numeric(texts.mask(texts == "-"))
    return found


def days_off(path: Path, state: str, years: range) -> set[date]:
    """Days of a list of OpenHolidays that are free in a state, without those of single municipalities.

    Without an end a holiday is one day; without states it is free in all of them.
    """
    rows = pd.read_csv(path, sep=";", encoding="utf-8-sig", dtype=str).fillna("")
    found: set[date] = set()
    rows = rows[rows["RegionalScope"] != "Local"]
    columns = (rows[name].tolist() for name in ("StartDate", "EndDate", "Subdivisions"))
    for first, last, states in zip(*columns, strict=True):
        if not states or state in states.split(","):
            span = pd.date_range(first, last or first)
            found |= {day.date() for day in span if day.year in years}
    return found
