# SPDX-License-Identifier: Apache-2.0
"""One owner from its tables to its proposals: the whole path, on that owner's rows alone.

Belongs here: the order of the steps and the rows that come out. Does not belong here: the steps (``demand``, ``ladder``, ``orders``,
``reasons``), reading or writing tables.

A quantity is proposed only for articles that the shop's evening slip (Retourenzettel) and the owner's merchandise list both name:
without them neither stock nor cost is known, and the sheet shows expected sales alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pandas as pd

from analysis.forecasting.demand import DAY, SERIES, Demand, OwnerData, demand_of
from analysis.forecasting.ladder import (
    HIGH,
    LOW,
    RUNGS,
    TREES,
    Plan,
    backtest,
    choose,
    figures,
    known_on,
    predict,
)
from analysis.forecasting.orders import (
    ZERO,
    Article,
    Costs,
    demand_sample,
    order_quantity,
    realised_cost,
)
from analysis.forecasting.reasons import WEEKDAY, factors, reasons
from foundation.money import round_cents

Row = dict[str, Any]
NO_SLIP = "kein Retourenzettel: was gebacken wird und übrig bleibt, ist nicht bekannt"
NOT_ON_SLIP = "steht nicht auf dem Retourenzettel"
NO_COST = "keine Kosten in der Warenliste"
FRESH_SLIP_DAYS = 28


@dataclass(frozen=True)
class Rules:
    """What the cooperative lays down for orders: VAT inside prices, cost of a night on the shelf as share of the cost."""

    vat_percent: Decimal = Decimal(7)
    holding_share: Decimal = Decimal("0.02")


@dataclass(frozen=True)
class OwnerResult:
    """Rows for ``marts.fct_forecast``, ``marts.fct_backtest``, ``marts.fct_order_proposal`` and the last week by shop."""

    forecasts: list[Row]
    backtests: list[Row]
    proposals: list[Row]
    weeks: list[Row]


def forecast_owner(
    data: OwnerData,
    articles: pd.DataFrame,
    today: date,
    plan: Plan,
    rules: Rules,
    recorded: Mapping[tuple[str, str, date], Decimal] | None = None,
) -> OwnerResult:
    """Everything for one owner.

    Args:
        articles: rows of ``core.dim_article`` of this owner, money and quantities as Decimal.
        today: proposals are for the first day open after it.
        recorded: (site, article, day) to the quantity that was proposed then, where it was recorded.
    """
    last_day = pd.to_datetime(data.sites[DAY]).max().date()
    demand = demand_of(data, last_day, least_days=plan.least_days, ended_after=plan.ended_after)
    table = backtest(demand, data, plan)
    measured = figures(table, demand, plan)
    chosen = choose(measured, demand.state)
    known: dict[str, Row] = {str(r["article_number"]): dict(r) for r in records(articles)}
    opened = opening(data, [last_day + timedelta(days=k) for k in range(1, plan.horizon + 1)])
    ahead = _ahead(demand, data, plan, last_day, chosen, opened)
    forecasts = _forecast_rows(demand, ahead, chosen, opened, last_day)
    return OwnerResult(
        forecasts=forecasts,
        backtests=_backtest_rows(measured, demand, chosen, plan),
        proposals=_proposal_rows(forecasts, ahead, data, known, today, plan, rules, recorded or {}),
        weeks=_week_rows(table, chosen, demand, data, known, plan, rules, recorded or {}),
    )


def records(frame: pd.DataFrame) -> list[Row]:
    """Rows of a frame by column, with None for every missing value."""
    return [
        {str(k): None if pd.isna(v) else v for k, v in row.items()}
        for row in frame.to_dict("records")
    ]


def opening(data: OwnerData, days: list[date]) -> dict[tuple[str, date], bool]:
    """Whether a shop is expected to be open: as on most of the same weekdays of eight weeks, on a public holiday as on most before it.

    Days of a month that was not delivered say nothing. A shop that has lived through no public holiday is taken to close on the next.
    """
    sites = data.sites.assign(**{DAY: pd.to_datetime(data.sites[DAY])})
    newest = sites[DAY].max()
    sites = sites[sites["is_reported"].astype(bool)]
    flagged = data.calendar[data.calendar["is_public_holiday"].astype(bool)]
    free = {(q, pd.Timestamp(d)) for q, d in flagged[["quarter_id", DAY]].to_numpy()}
    is_free = np.array([key in free for key in zip(sites["quarter_id"], sites[DAY], strict=True)])
    usual = sites[~is_free & (sites[DAY] > newest - pd.Timedelta(weeks=8)).to_numpy()]
    share = usual.groupby(["site_id", usual[DAY].dt.dayofweek])["is_open"].mean()
    on_holidays = sites[is_free].groupby("site_id")["is_open"].mean()
    quarters = data.sites.drop_duplicates("site_id").set_index("site_id")["quarter_id"]
    return {
        (str(site), day): bool(
            share.get((site, day.weekday()), 0.0) >= 0.5
            and ((quarter, pd.Timestamp(day)) not in free or on_holidays.get(site, 0.0) >= 0.5)
        )
        for site, quarter in quarters.items()
        for day in days
    }


def _ahead(
    demand: Demand,
    data: OwnerData,
    plan: Plan,
    last_day: date,
    chosen: pd.DataFrame,
    opened: Mapping[tuple[str, date], bool],
) -> pd.DataFrame:
    """The forecasts of each series by its own rung, with the reasons of the trees where they are used."""
    found = []
    known = known_on(last_day, plan, demand, data)
    for rung in RUNGS:
        mine = chosen.index[chosen["rung"] == rung]
        if not len(mine):
            continue
        rows, model = predict(rung, plan, known)
        rows["reasons"] = weekday_alone(rows["mean"], opened)
        if rung == TREES:
            parts = factors(model.contributions(range(1, plan.horizon + 1), known.ahead))
            calendar = known.ahead.reindex(parts.index)
            rows["reasons"] = [
                "; ".join(map(str, reasons(parts.loc[key], calendar.loc[key].to_dict())))
                for key in rows.index
            ]
        found.append(rows[rows.index.get_level_values(SERIES).isin(mine)])
    return pd.concat(found).sort_index()


def weekday_alone(mean: "pd.Series[float]", opened: Mapping[tuple[str, date], bool]) -> list[str]:
    """The one reason that the simple rungs know: a day against the mean of the open days of its week; none on a closed day."""
    days = mean.index.get_level_values(DAY)
    is_open = np.array(
        [opened[(str(s).split("|", 1)[0], day.date())] for s, day in mean.index.to_numpy()]
    )
    usual = mean.where(is_open).groupby(level=SERIES).transform("mean")
    return [
        "; ".join(str(r) for r in reasons(pd.Series({WEEKDAY: m / u}), {"weekday": day.weekday()}))
        if there and u > 0 and m > 0
        else ""
        for m, u, day, there in zip(mean, usual, days, is_open, strict=True)
    ]


def amount(value: float | None, places: str = "0.01") -> Decimal | None:
    """A number as Decimal; None where it is not known."""
    if value is None or np.isnan(value) or np.isinf(value):
        return None
    return Decimal(str(float(value))).quantize(Decimal(places), ROUND_HALF_UP)


def _forecast_rows(
    demand: Demand,
    ahead: pd.DataFrame,
    chosen: pd.DataFrame,
    opened: Mapping[tuple[str, date], bool],
    last_day: date,
) -> list[Row]:
    rows = []
    for values in records(ahead.reset_index()):
        series, when = str(values[SERIES]), values[DAY]
        site, article = series.split("|", 1)
        day = when.date()
        rows.append(
            {
                "site_id": site,
                "article_number": article,
                "target_date": day,
                "known_until_date": last_day,
                "is_open": opened[(site, day)],
                "rung": chosen.loc[series, "rung"],
                "rung_reason": chosen.loc[series, "reason"],
                "expected_quantity": amount(values["mean"]),
                "low_quantity": amount(values[str(LOW)]),
                "high_quantity": amount(values[str(HIGH)]),
                "reasons": values["reasons"],
            }
        )
    return rows


def _backtest_rows(
    measured: pd.DataFrame, demand: Demand, chosen: pd.DataFrame, plan: Plan
) -> list[Row]:
    first = plan.origins(demand.last_day)[0] + timedelta(days=1)
    rows = []
    for record in records(measured):
        site, article = str(record[SERIES]).split("|", 1)
        rows.append(
            {
                "site_id": site,
                "article_number": article,
                "rung": record["rung"],
                "is_used": chosen.loc[record[SERIES], "rung"] == record["rung"],
                "series_state": demand.state[record[SERIES]],
                "day_count": record["day_count"],
                **{f: amount(record[f], "0.0001") for f in ("wape", "mase", "bias")},
                "pinball_loss": amount(record["pinball"], "0.0001"),
                "coverage_share": amount(record["coverage"], "0.0001"),
                "from_date": first,
                "to_date": demand.last_day,
            }
        )
    return rows


def _article(row: Row, rules: Rules) -> Article | None:
    if row.get("unit_cost_eur") is None or row.get("unit_price_eur") is None:
        return None
    net = Decimal(row["unit_price_eur"]) / (1 + rules.vat_percent / 100)
    return Article(
        price_eur=round_cents(net),
        cost_eur=Decimal(row["unit_cost_eur"]),
        salvage_eur=Decimal(row.get("salvage_eur") or 0),
        pack_size=Decimal(row.get("pack_size") or 1),
        minimum_order=Decimal(row.get("minimum_order") or 0),
        shelf_life_days=int(row.get("shelf_life_days") or 1),
    )


def _proposal_rows(
    forecasts: list[Row],
    ahead: pd.DataFrame,
    data: OwnerData,
    known: Mapping[str, Row],
    today: date,
    plan: Plan,
    rules: Rules,
    recorded: Mapping[tuple[str, str, date], Decimal],
) -> list[Row]:
    """Proposals for the first day open after today, by shop."""
    target: dict[str, date] = {}
    for row in sorted(forecasts, key=lambda r: r["target_date"]):
        if row["is_open"] and row["target_date"] > today:
            target.setdefault(row["site_id"], row["target_date"])
    slips = _last_slips(data)
    expected = {
        (r["site_id"], r["article_number"], r["target_date"]): r["expected_quantity"] or ZERO
        for r in forecasts
    }
    rows = []
    for row in forecasts:
        site, article = row["site_id"], row["article_number"]
        if target.get(site) != row["target_date"]:
            continue
        listed = known.get(article, {})
        goods = _article(listed, rules)
        why = None
        if not any(s == site for s, _ in slips):
            why = NO_SLIP
        elif (site, article) not in slips:
            why = NOT_ON_SLIP
        elif goods is None:
            why = NO_COST
        proposal: Row = {
            "site_id": site,
            "article_number": article,
            "article_name": listed.get("article_name") or article,
            "product_group": listed.get("product_group"),
            "unit": listed.get("unit") or "Stück",
            "issued_date": today,
            "target_date": row["target_date"],
            "is_next_day": row["target_date"] == today + timedelta(days=1),
            **{k: row[k] for k in ("expected_quantity", "low_quantity", "high_quantity")},
            "order_quantity": None,
            "order_level": None,
            "on_hand_quantity": None,
            "no_quantity_reason": why,
            "rung": row["rung"],
            "rung_reason": row["rung_reason"],
            "reasons": row["reasons"],
        }
        if why is None and goods is not None:
            days = ahead.xs(f"{site}|{article}", level=SERIES)
            values = days[days.index == pd.Timestamp(row["target_date"])][list(plan.levels)]
            on_hand = _on_hand(
                (site, article),
                slips[(site, article)],
                row["target_date"],
                goods.shelf_life_days,
                recorded,
                expected,
            )
            costs = goods.costs(rules.holding_share)
            most = None
            if goods.shelf_life_days > 1:
                kept = days[days.index >= pd.Timestamp(row["target_date"])]["mean"]
                most = float(kept.mean() * goods.shelf_life_days)
            sample = demand_sample(plan.levels, list(values.to_numpy(dtype=float)[0]))
            order = order_quantity(sample, goods, costs, on_hand=on_hand, most=most)
            proposal |= {
                "order_quantity": order.quantize(Decimal("0.001")),
                "order_level": amount(costs.level, "0.0001"),
                "on_hand_quantity": on_hand.quantize(Decimal("0.001")),
            }
        rows.append(proposal)
    return rows


def _on_hand(
    key: tuple[str, str],
    slip: tuple[date, Decimal],
    target: date,
    shelf_life_days: int,
    recorded: Mapping[tuple[str, str, date], Decimal],
    expected: Mapping[tuple[str, str, date], Decimal],
) -> Decimal:
    """What of the newest slip may still be sold on ``target``, with the orders and expected sales of the days between where they are known.

    Nothing once the shelf life is over: what keeps a day is of no use the next morning. A day between without a recorded order is taken
    to have sold what it got.
    """
    day, left = slip
    if (target - day).days >= shelf_life_days:
        return ZERO
    while (day := day + timedelta(days=1)) < target:
        if (order := recorded.get((*key, day))) is not None:
            left = max(ZERO, left + order - expected.get((*key, day), order))
    return left


def _last_slips(data: OwnerData) -> dict[tuple[str, str], tuple[date, Decimal]]:
    """Day of the newest slip of each article and shop, no older than four weeks, and what was left on it."""
    if data.production.empty:
        return {}
    table = data.production.assign(**{DAY: pd.to_datetime(data.production[DAY])})
    last = pd.to_datetime(data.sites[DAY]).max()
    table = table[table[DAY] > last - pd.Timedelta(days=FRESH_SLIP_DAYS)].sort_values(DAY)
    newest = table.drop_duplicates(["site_id", "article_number"], keep="last")
    return {
        (r["site_id"], r["article_number"]): (
            r[DAY].date(),
            Decimal(str(r["left_over_quantity"] or 0)),
        )
        for r in records(newest)
    }


def _week_rows(
    table: pd.DataFrame,
    chosen: pd.DataFrame,
    demand: Demand,
    data: OwnerData,
    known: Mapping[str, Row],
    plan: Plan,
    rules: Rules,
    recorded: Mapping[tuple[str, str, date], Decimal],
) -> list[Row]:
    """What following the proposals of the last fold would have saved each shop, against what was baked, sold and left over.

    The proposal of a day is the recorded one where there is one, else what the fold would have proposed. On a sold-out day at least
    what was baked was wanted: a smaller proposal would have lost exactly the margin between both, whatever the demand. What a larger
    one would have sold nobody knows: such a day is in the sum of neither side and counted as sold out. To leave out every sold-out
    day would keep the days of low demand alone, and judging by sales would call each larger proposal spoilt; both favour baking less.
    What keeps longer than a day is left out: its orders count on the shelf, of which a day's sales say nothing.
    """
    if data.production.empty or table.empty:
        return []
    last = table["origin"].max()
    fold = table[table["origin"] == last]
    used = fold[fold["rung"] == fold[SERIES].map(chosen["rung"])].set_index([SERIES, DAY])
    slips = data.production.assign(**{DAY: pd.to_datetime(data.production[DAY])})
    found: dict[str, Row] = {}
    for row in records(slips[slips[DAY] > last]):
        site, article, when = row["site_id"], row["article_number"], row[DAY]
        goods = _article(known.get(article, {}), rules)
        key = (f"{site}|{article}", when)
        sold = demand.sold.get(key, np.nan)
        if (
            goods is None
            or goods.shelf_life_days > 1
            or key not in used.index
            or np.isnan(sold)
            or pd.isna(row["produced_quantity"])
        ):
            continue
        costs = goods.costs(rules.holding_share)
        order = recorded.get((site, article, when.date()))
        proposed = order if order is not None else _proposed(used.loc[key], plan, goods, costs)
        asked = Decimal(str(sold))
        baked = Decimal(str(row["produced_quantity"]))
        week = found.setdefault(
            site,
            {
                "site_id": site,
                "week_from_date": (last + pd.Timedelta(days=1)).date(),
                "week_to_date": demand.last_day,
                "saved_eur": Decimal("0.00"),
                "line_count": 0,
                "sold_out_count": 0,
                "recorded_count": 0,
            },
        )
        # Baked and sold by the slip; what neither sold nor was left is the shop's own business
        week["line_count"] += 1
        unknown = bool(demand.censored.get(key, False)) and proposed > baked
        week["sold_out_count"] += int(unknown)
        if not unknown:
            week["saved_eur"] += realised_cost(baked, asked, costs)
            week["saved_eur"] -= realised_cost(proposed, asked, costs)
        week["recorded_count"] += int(order is not None)
    return [found[site] for site in sorted(found)]


def _proposed(row: Any, plan: Plan, goods: Article, costs: Costs) -> Decimal:
    sample = demand_sample(plan.levels, [float(row[level]) for level in plan.levels])
    return order_quantity(sample, goods, costs)
