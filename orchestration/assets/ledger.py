# SPDX-License-Identifier: Apache-2.0
"""Groups ``ledger`` and ``distribution``: what is booked, and how the year's money is shared.

Belongs here: which model feeds which book. Does not belong here: the chain (``foundation/ledger``), the shares
(``analysis/distribution``).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import dagster as dg
import pandas as pd
import pyarrow as pa
from duckdb import DuckDBPyConnection

from analysis.distribution.papers import statement_frames
from analysis.distribution.terms import Terms, load_terms
from analysis.distribution.year import Distribution, decision_frame, distribute_year
from foundation import ledger
from foundation.errors import OrtskernError
from foundation.identity import Identity
from orchestration.house import House
from orchestration.names import STEWARD, WRITER_POOL
from quality.disclosure.approvals import load_approvals
from quality.disclosure.composites import write_papers

APPROVAL = dg.AssetKey(["ledger", "approval"])
STATEMENT = dg.AssetKey(["papers", "statement"])
POSITION = dg.AssetKey(["papers", "statement_position"])
BOOKS = ("allocation", "posting", "pot")


def fiscal_years(house: House) -> list[str]:
    """Fiscal years that have a file under ``cooperative/fiscal_years``, oldest first."""
    return sorted(p.stem for p in (house.settings.cooperative / "fiscal_years").glob("*.yaml"))


def fiscal_year_of(house: House, day: date) -> str:
    """The fiscal year that a day belongs to, such as ``2025-26``."""
    start = house.cooperative.fiscal_year_start_month
    year = day.year if day.month >= start else day.year - 1
    return f"{year}-{(year + 1) % 100:02d}" if start > 1 else f"{year}-{year % 100:02d}"


def ledger_assets() -> list[dg.AssetsDefinition]:
    """Consents, revenue, decisions and costs, approvals."""

    @dg.asset(
        key=["ledger", "consent"],
        deps=[["core", "fct_consent"]],
        group_name="ledger",
        owners=[STEWARD],
        kinds={"duckdb"},
        pool=WRITER_POOL,
        description="Einwilligungen und Widerrufe, nur anfügend. One row per declaration.",
    )
    def ledger_consent(house: dg.ResourceParam[House]) -> dg.MaterializeResult[Any]:
        with house.lakehouse.writer() as con:
            rows = con.execute(
                """SELECT member_id, purpose, CASE WHEN is_given THEN 'erteilt' ELSE 'widerrufen' END AS status,
                recorded_at AS given_at, channel, wording_sha256, proof_reference AS proof
                FROM core.fct_consent ORDER BY recorded_at, member_id, purpose"""
            ).to_arrow_table()
            return _booked(house, con, "consent", rows.to_pylist())

    @dg.asset(
        key=["ledger", "revenue"],
        deps=[["core", "fct_product_sale"]],
        group_name="ledger",
        owners=[STEWARD],
        kinds={"duckdb"},
        pool=WRITER_POOL,
        description="Erlöse aus Datenprodukten und Leistungen, nur anfügend. One row per invoice.",
    )
    def ledger_revenue(house: dg.ResourceParam[House]) -> dg.MaterializeResult[Any]:
        with house.lakehouse.writer() as con:
            rows = con.execute(
                """SELECT invoice_number, invoice_date, product_id, buyer_kind, member_id, net_eur, vat_eur, gross_eur
                FROM core.fct_product_sale ORDER BY invoice_date, invoice_number"""
            ).to_arrow_table()
            booked = [
                row | {"fiscal_year": fiscal_year_of(house, row["invoice_date"])}
                for row in rows.to_pylist()
            ]
            return _booked(house, con, "revenue", booked)

    @dg.asset(
        key=["ledger", "decision"],
        group_name="ledger",
        owners=[STEWARD],
        kinds={"yaml", "duckdb"},
        pool=WRITER_POOL,
        description="Beschlüsse der Organe aus cooperative/fiscal_years, nur anfügend. One row per decision.",
    )
    def ledger_decision(house: dg.ResourceParam[House]) -> dg.MaterializeResult[Any]:
        frames = [
            decision_frame(load_terms(house.settings.cooperative, year).year)
            for year in fiscal_years(house)
        ]
        rows = [row for frame in frames for row in records(frame)]
        with house.lakehouse.writer() as con:
            return _booked(house, con, "decision", rows)

    @dg.asset(
        key=["ledger", "cost"],
        group_name="ledger",
        owners=[STEWARD],
        kinds={"yaml", "duckdb"},
        pool=WRITER_POOL,
        description="Aufwendungen festgestellter Jahresabschlüsse, nur anfügend. One row per line of the accounts.",
    )
    def ledger_cost(house: dg.ResourceParam[House]) -> dg.MaterializeResult[Any]:
        rows = []
        for year in (load_terms(house.settings.cooperative, y).year for y in fiscal_years(house)):
            # Only adopted accounts are final; a ledger cannot take a draft back.
            if year.adopted is not None:
                rows += [
                    {
                        "fiscal_year": year.id,
                        "account": line.account,
                        "title": line.title,
                        "amount_eur": line.amount_eur,
                    }
                    for line in year.costs
                ]
        with house.lakehouse.writer() as con:
            return _booked(house, con, "cost", rows)

    @dg.asset(
        key=APPROVAL,
        group_name="ledger",
        owners=[STEWARD],
        kinds={"yaml", "duckdb"},
        pool=WRITER_POOL,
        description="Freigaben aus cooperative/approvals, nur anfügend. One row per approval.",
    )
    def ledger_approval(house: dg.ResourceParam[House]) -> dg.MaterializeResult[Any]:
        rows = [
            {
                "table_name": a.table,
                "definition_hash": a.definition_hash,
                "rules_hash": a.rules_hash,
                "organ": a.organ,
                "approved_on": a.date,
                "minutes": a.minutes,
            }
            for a in load_approvals(house.settings.cooperative).values()
        ]
        with house.lakehouse.writer() as con:
            return _booked(house, con, "approval", rows)

    return [ledger_consent, ledger_revenue, ledger_decision, ledger_cost, ledger_approval]


def _booked(
    house: House, con: DuckDBPyConnection, table: str, rows: list[dict[str, object]]
) -> dg.MaterializeResult[Any]:
    new = ledger.append(con, table, rows, as_of=house.as_of)
    return dg.MaterializeResult(
        metadata={"neu gebucht": new, "dagster/row_count": ledger.verify_chain(con, [table])[table]}
    )


def distribution_asset() -> dg.AssetsDefinition:
    """The year's distribution: bookings in the ledger and the rows of each member's statement."""
    specs = [
        dg.AssetSpec(
            ["ledger", book],
            deps=_INPUTS,
            group_name="distribution",
            owners=[STEWARD],
            kinds={"duckdb"},
            description=text,
        )
        for book, text in (
            (
                "allocation",
                "Datenvergütung und Rückvergütung je Mitglied, nur anfügend. One row per allocation.",
            ),
            (
                "posting",
                "Buchungen der Verteilung, Soll gleich Haben, nur anfügend. One row per line of a booking.",
            ),
            (
                "pot",
                "Verwendung des Überschusses nach Töpfen, nur anfügend. One row per pot and fiscal year.",
            ),
        )
    ]
    specs += [
        dg.AssetSpec(
            STATEMENT,
            deps=_INPUTS,
            group_name="distribution",
            owners=[STEWARD],
            kinds={"duckdb"},
            description="Jahresabrechnung. One row per member and fiscal year.",
        ),
        dg.AssetSpec(
            POSITION,
            deps=_INPUTS,
            group_name="distribution",
            owners=[STEWARD],
            kinds={"duckdb"},
            description="Positionen der Jahresabrechnung. One row per position.",
        ),
    ]

    @dg.multi_asset(name="distribution", specs=specs, pool=WRITER_POOL)
    def distribution(house: dg.ResourceParam[House]) -> Iterator[dg.MaterializeResult[Any]]:
        members, notes = member_frame(house), {}
        for year in fiscal_years(house):
            terms = load_terms(house.settings.cooperative, year)
            result = compute(house, terms, members)
            notes[year] = _write(house, year, result, members)
        house.reports["distribution"] = notes
        for spec in specs:
            yield dg.MaterializeResult(
                asset_key=spec.key, metadata={"Geschäftsjahre": dg.JsonMetadataValue(notes)}
            )

    return distribution


_INPUTS = [
    dg.AssetKey(["marts", "fct_data_contribution"]),
    dg.AssetKey(["core", "dim_member"]),
    dg.AssetKey(["ledger", "revenue"]),
    dg.AssetKey(["ledger", "decision"]),
    dg.AssetKey(["ledger", "cost"]),
]


def member_frame(house: House) -> pd.DataFrame:
    """Members as the distribution wants them; the member number decides ties of a cent and comes from the register."""
    found = identities(house, "Reihenfolge bei gleichen Centbruchteilen")
    with house.lakehouse.connect(read_only=True) as con:
        frame = (
            con.execute(
                "SELECT member_id, member_kind, vat_status, joined_date AS joined_on, left_date AS left_on FROM core.dim_member ORDER BY 1"
            )
            .to_arrow_table()
            .to_pandas()
        )
    frame["member_number"] = [
        found[m].member_number if m in found else m for m in frame["member_id"]
    ]
    return frame


def identities(house: House, purpose: str) -> dict[str, Identity]:
    """Identities from the register; the read is logged there with its purpose."""
    from ingestion.membership.register import read_identities

    return read_identities(
        house.settings, house.keys, reader="Ortskern, Lauf der Abrechnung", purpose=purpose
    )


def shop_names(house: House, purpose: str) -> dict[str, str]:
    """Names of the shops from the register, by pseudonym; the read is logged there with its purpose."""
    from ingestion.membership.register import read_sites

    found = read_sites(
        house.settings, house.keys, reader="Ortskern, Lauf der Abrechnung", purpose=purpose
    )
    return {site: identity.name for site, identity in found.items()}


def compute(house: House, terms: Terms, members: pd.DataFrame) -> Distribution:
    """The distribution of one year from marts and core."""
    with house.lakehouse.connect(read_only=True) as con:
        contributions = (
            con.execute("SELECT * FROM marts.fct_data_contribution ORDER BY ALL")
            .to_arrow_table()
            .to_pandas()
        )
        sales = (
            con.execute(
                """SELECT invoice_number, invoice_date, service_from_date AS service_from, service_to_date AS service_to, product_id,
            buyer_kind, member_id, net_eur, vat_rate_percent AS vat_rate, vat_eur, gross_eur FROM core.fct_product_sale ORDER BY ALL"""
            )
            .to_arrow_table()
            .to_pandas()
        )
    return distribute_year(contributions, sales, members, terms)


def _write(
    house: House, year: str, result: Distribution, members: pd.DataFrame
) -> dict[str, object]:
    statements, positions = statement_frames(result, members)
    with house.lakehouse.writer() as con:
        if not result.is_draft:
            allocations = result.positions.drop(columns=["quarter"], errors="ignore")
            for book, frame in (
                ("allocation", allocations),
                ("posting", result.bookings),
                ("pot", result.pots),
            ):
                ledger.append(con, book, records(frame), as_of=house.as_of)
        _papers(con, "statement", statements, year)
        _papers(con, "statement_position", positions, year)
    return {
        "Entwurf": result.is_draft,
        "Überschuss": str(result.surplus_eur),
        "Abrechnungen": len(statements),
        "Positionen": len(positions),
        "Vortrag": str(result.carried_forward_eur),
    }


def _papers(con: DuckDBPyConnection, table: str, frame: pd.DataFrame, year: str) -> None:
    found = con.execute(f"SELECT * FROM papers.{table} LIMIT 0").to_arrow_table().schema
    unknown = set(found.names) ^ set(frame.columns)
    if unknown:
        raise OrtskernError(
            f"Tabelle „papers.{table}“: Spalten {sorted(unknown)} passen nicht zur Migration; beide angleichen."
        )
    rows = [{name: row[name] for name in found.names} for row in records(frame)]
    write_papers(con, table, pa.Table.from_pylist(rows, schema=found), scope={"fiscal_year": year})


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame, with None for every missing value."""
    return [
        {str(k): None if pd.isna(v) else v for k, v in row.items()}
        for row in frame.to_dict("records")
    ]
