# SPDX-License-Identifier: Apache-2.0
"""Group ``forecasting``: what will be sold, what to order, and the sheet that says so.

Belongs here: which tables the forecasts read and write. Does not belong here: forecasting (``analysis/forecasting``), reading frames
(``orchestration/forecasting``), the sheet's look (``reports/orders``).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
import pyarrow as pa
from duckdb import DuckDBPyConnection

from foundation import ledger
from foundation.errors import OrtskernError
from orchestration.assets.ledger import identities, shop_names
from orchestration.forecasting import (
    SOURCES,
    Inputs,
    fingerprint,
    forecast_all,
    load_settings_of,
    read_inputs,
)
from orchestration.house import House, work_dir
from orchestration.names import STEWARD, WRITER_POOL, migrated_columns
from quality.disclosure import store
from quality.disclosure.composites import write_papers
from quality.disclosure.frames import figure_code

ORDER_LINE = dg.AssetKey(["papers", "order_line"])
ORDER_SHEETS = dg.AssetKey(["publication", "order_sheets"])
TABLES = {
    "fct_forecast": "Vorhersagen. One row per site, article and day ahead.",
    "fct_backtest": "Rückblick. One row per site, article and rung.",
    "fct_order_proposal": "Bestellvorschläge. One row per site and article for the next day open.",
    "fct_order_week": "Was die Vorschläge der letzten Woche gespart hätten. One row per site.",
}


def forecasting_assets(models: Collection[dg.AssetKey]) -> list[dg.AssetsDefinition]:
    """Forecasts with everything that follows from them, and the order sheets; ``models`` are the models there are."""
    read = [k for k in (dg.AssetKey(["core", t]) for t in (*SOURCES, "dim_site")) if k in models]
    return [_forecasting(read), _sheets()]


def _forecasting(read: list[dg.AssetKey]) -> dg.AssetsDefinition:
    texts = {dg.AssetKey(["marts", t]): text for t, text in TABLES.items()}
    texts[dg.AssetKey(["ledger", "order_proposal"])] = (
        "Bestellvorschläge, wie sie gemacht wurden, nur anfügend. One row per site, article and day of proposal."
    )
    texts[ORDER_LINE] = "Zeilen der Bestellzettel. One row per site and article."
    specs = [
        dg.AssetSpec(
            key,
            deps=read,
            group_name="forecasting",
            owners=[STEWARD],
            kinds={"python", "duckdb"},
            description=text,
            metadata={"dagster/column_schema": migrated_columns(*key.path)},
        )
        for key, text in texts.items()
    ]

    check = dg.AssetCheckSpec(
        "jeder_betrieb",
        asset=specs[0].key,
        description="Jeder Betrieb mit genug Verkäufen hat seine Vorhersage. Es hilft: Digitallotsin der Genossenschaft.",
    )

    @dg.multi_asset(name="forecasting", specs=specs, check_specs=[check], pool=WRITER_POOL)
    def forecasting(
        house: dg.ResourceParam[House],
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        outcome = forecast(house)
        house.reports["forecasting"] = outcome
        for spec in specs:
            yield dg.MaterializeResult(asset_key=spec.key, metadata=outcome.counts)
        yield dg.AssetCheckResult(
            asset_key=check.asset_key,
            check_name=check.name,
            passed=not outcome.problems,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"ohne Vorhersage": dg.MarkdownMetadataValue(_listed(outcome.problems))},
        )

    return forecasting


def _listed(sentences: Sequence[str]) -> str:
    return "\n".join(f"- {sentence}" for sentence in sentences) or "niemand"


@dataclass(frozen=True)
class Outcome:
    """What became of the forecasts: counts for Dagster, and a German sentence for each owner who has none."""

    counts: Mapping[str, Any]
    problems: Sequence[str] = ()


def forecast(house: House) -> Outcome:
    """Forecast all owners and write what came out; unchanged inputs are not computed again, those of a failure are."""
    plan = load_settings_of(house.settings.cooperative)
    if plan is None:
        return Outcome({"Stand": "keine forecasting.yaml"})
    with house.lakehouse.connect(read_only=True) as con:
        inputs = read_inputs(con, plan.trades, house.today)
    print_path = work_dir(house, "forecasting") / "fingerprint"
    print_now = fingerprint(house, inputs)
    if print_path.is_file() and print_path.read_text("utf-8") == print_now:
        return Outcome(_counts(house, "unverändert"))
    found = forecast_all(house, inputs, plan)
    if found.failures and not found.results:
        raise OrtskernError(
            f"Vorhersagen: für keinen von {len(found.failures)} Betrieben gelungen ({next(iter(found.failures.values()))}); "
            "bitte mit dieser Zeile bei den Entwicklern melden, die alten Bestellzettel bleiben stehen."
        )
    _write(house, inputs, found.results)
    if not found.failures:
        print_path.write_text(print_now, "utf-8")
    problems = [
        f"Betrieb {owner[:8]}… (Pseudonym): keine Vorhersage und kein Bestellzettel, weil das Rechnen abbrach ({why}); "
        "bitte mit dieser Zeile bei den Entwicklern melden, alle anderen sind gerechnet."
        for owner, why in found.failures.items()
    ]
    return Outcome(_counts(house, "neu gerechnet"), problems)


def _counts(house: House, state: str) -> dict[str, Any]:
    with house.lakehouse.connect(read_only=True) as con:
        found = con.execute(
            "SELECT count(DISTINCT site_id), count(order_quantity), count(*) FROM marts.fct_order_proposal"
        ).fetchone() or (0, 0, 0)
    return {"Stand": state, "Läden": found[0], "mit Menge": found[1], "Zeilen": found[2]}


def _write(house: House, inputs: Inputs, results: Mapping[str, Any]) -> None:
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    for owner, result in results.items():
        for table, found in (
            ("fct_forecast", result.forecasts),
            ("fct_backtest", result.backtests),
            ("fct_order_proposal", result.proposals),
            ("fct_order_week", result.weeks),
        ):
            rows[table] += [{"owner_id": owner, **row} for row in found]
    with house.lakehouse.writer() as con:
        for table, found in rows.items():
            store.replace(con, "marts", table, _arrow(con, "marts", table, found))
        lines = _order_lines(rows, inputs.members)
        shops: dict[str, list[str]] = {}
        for site, member in inputs.members.items():
            shops.setdefault(member, []).append(site)
        write_papers(con, "order_line", _arrow(con, "papers", "order_line", lines), owners=shops)
        names = ["owner_id", "site_id", "article_number", "issued_date", "target_date"]
        names += ["expected_quantity", "order_quantity", "rung"]
        known = {
            tuple(r)
            for r in con.execute(
                "SELECT site_id, article_number FROM ledger.order_proposal WHERE issued_date = ?",
                [house.today],
            ).fetchall()
        }
        # What was proposed on a day stays as it was proposed first: the merchant acted on that.
        fresh = [
            {n: row[n] for n in names}
            for row in rows["fct_order_proposal"]
            if (row["site_id"], row["article_number"]) not in known
        ]
        ledger.append(con, "order_proposal", fresh, as_of=house.as_of)


def _arrow(
    con: DuckDBPyConnection, schema: str, table: str, rows: list[dict[str, Any]]
) -> pa.Table:
    wanted = con.execute(f"SELECT * FROM {schema}.{table} LIMIT 0").to_arrow_table().schema
    ordered = [{name: row[name] for name in wanted.names} for row in rows]
    return pa.Table.from_pylist(ordered, schema=wanted)


def _order_lines(
    rows: Mapping[str, list[dict[str, Any]]], members: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Lines of the sheets: proposals with hit rate and last week, for shops whose member is known."""
    hits = {
        (r["site_id"], r["article_number"], r["rung"]): r["coverage_share"]
        for r in rows["fct_backtest"]
    }
    weeks = {r["site_id"]: r for r in rows["fct_order_week"]}
    lines = []
    for row in rows["fct_order_proposal"]:
        site, article = row["site_id"], row["article_number"]
        if site not in members:
            continue
        week = weeks.get(site, {})
        code = figure_code("order_line", [site, article, str(row["target_date"])])
        lines.append(
            row
            | {
                "member_id": members[site],
                "hit_rate": hits.get((site, article, row["rung"])),
                "week_from_date": week.get("week_from_date"),
                "week_to_date": week.get("week_to_date"),
                "week_saved_eur": week.get("saved_eur"),
                "week_sold_out_count": week.get("sold_out_count"),
                "week_recorded_count": week.get("recorded_count"),
                "figure_code": code,
            }
        )
    return lines


def _sheets() -> dg.AssetsDefinition:
    @dg.asset(
        key=ORDER_SHEETS,
        deps=[ORDER_LINE],
        group_name="forecasting",
        owners=[STEWARD],
        kinds={"typst", "pdf"},
        pool=WRITER_POOL,
        description="Bestellzettel für den nächsten offenen Tag: je Laden eine Seite zum Drucken und eine für das Telefon.",
    )
    def publication_order_sheets(house: dg.ResourceParam[House]) -> dg.MaterializeResult[Any]:
        from reports.orders.render import render_orders

        with house.lakehouse.connect(read_only=True) as con:
            lines = con.execute("SELECT * FROM papers.order_line ORDER BY ALL").to_arrow_table()
        purpose = "Bestellzettel schreiben"
        names = identities(house, purpose) if lines.num_rows else {}
        shops = shop_names(house, purpose) if lines.num_rows else {}
        folder = house.settings.home / "orders"
        result = render_orders(
            lines.to_pylist(),
            names,
            shops,
            house.cooperative,
            out_dir=folder,
            issued_on=house.today,
        )
        house.reports["orders"] = result
        return dg.MaterializeResult(
            metadata={
                "Läden": len(result.sheets),
                "neu": sum(s.was_written for s in result.sheets),
                "ohne Register": len(result.unknown),
            }
        )

    return publication_order_sheets
