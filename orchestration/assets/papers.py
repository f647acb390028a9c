# SPDX-License-Identifier: Apache-2.0
"""Group ``publication``: reports to members, as rows and as papers.

Belongs here: which tables a report reads, and when. Does not belong here: what stands on it (``reports/members``), its numbers
(``analysis/members``).
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from orchestration.assets.ledger import STATEMENT, identities
from orchestration.assets.publication import STATEMENTS, USAGE
from orchestration.assets.release import PROVENANCE
from orchestration.house import House
from orchestration.member_figures import TABLES, rows_of, write_figures
from orchestration.names import STEWARD, WRITER_POOL
from reports.members.render import Register, ReportResult, Tables, render_reports

REPORTS = dg.AssetKey(["publication", "member_reports"])
_TEXTS = {
    "member_month": "Monate der Läden auf den Berichten der Mitglieder. One row per member, shop and month.",
    "member_usage": "Wofür die Daten eines Mitglieds gebraucht wurden. One row per member, contract and table.",
    "member_report": "Berichte an Mitglieder: Anteile, Bezüge, Vergütungen. One row per member.",
    "member_forecast": "Wie gut die Vorhersagen waren, auf den Berichten der Mitglieder. One row per member and shop.",
}
_INPUTS = [
    dg.AssetKey(["core", "fct_site_day"]),
    dg.AssetKey(["core", "dim_site"]),
    dg.AssetKey(["core", "dim_member"]),
    dg.AssetKey(["core", "dim_sensor"]),
    dg.AssetKey(["core", "fct_consent"]),
    STATEMENT,
    PROVENANCE,
    USAGE,
]
# How good forecasts were is read from them alone.
_DEPS = {
    "member_forecast": [
        dg.AssetKey(["core", "dim_site"]),
        dg.AssetKey(["marts", "fct_forecast"]),
        dg.AssetKey(["marts", "fct_backtest"]),
        dg.AssetKey(["marts", "fct_order_week"]),
    ]
}


def paper_assets() -> list[dg.AssetsDefinition]:
    """Rows of members' reports, and the reports."""
    specs = [
        dg.AssetSpec(
            ["papers", table],
            deps=_DEPS.get(table, _INPUTS),
            group_name="publication",
            owners=[STEWARD],
            kinds={"duckdb"},
            description=_TEXTS[table],
        )
        for table in TABLES
    ]

    @dg.multi_asset(name="member_figures", specs=specs, pool=WRITER_POOL)
    def member_figures(house: dg.ResourceParam[House]) -> Iterator[dg.MaterializeResult[Any]]:
        rows = write_figures(house)
        for spec in specs:
            yield dg.MaterializeResult(
                asset_key=spec.key, metadata={"dagster/row_count": rows[spec.key.path[1]]}
            )

    @dg.asset(
        key=REPORTS,
        # After the statements, so that both runs of a day find the same purposes in the log of reads.
        deps=[*(spec.key for spec in specs), STATEMENTS],
        group_name="publication",
        owners=[STEWARD],
        kinds={"typst", "pdf"},
        description="Die Berichte an Mitglieder: eigene Läden, Vergleich, Verwendung, Mitgliedschaft. Je Mitglied ein Ordner.",
    )
    def publication_member_reports(house: dg.ResourceParam[House]) -> dg.MaterializeResult[Any]:
        result = issue_reports(house)
        house.reports["member_reports"] = result
        problems = "\n".join(f"- {p}" for p in result.problems) or "keine"
        return dg.MaterializeResult(
            metadata={
                "Berichte": len(result.files),
                "neu": sum(f.was_written for f in result.files),
                "Probleme": dg.MarkdownMetadataValue(problems),
            }
        )

    return [member_figures, publication_member_reports]


def issue_reports(house: House) -> ReportResult:
    """Write the reports of all members; what did not change stays as it is."""
    with house.lakehouse.connect(read_only=True) as con:
        tables = Tables(
            reports=rows_of(con, "SELECT * FROM papers.member_report ORDER BY ALL"),
            months=rows_of(con, "SELECT * FROM papers.member_month ORDER BY ALL"),
            usage=rows_of(con, "SELECT * FROM papers.member_usage ORDER BY ALL"),
            forecasts=rows_of(con, "SELECT * FROM papers.member_forecast ORDER BY ALL"),
            sensors={
                r["sensor_id"]: r["sensor_name"]
                for r in rows_of(con, "SELECT sensor_id, sensor_name FROM core.dim_sensor")
            },
            contracts={c.id: c.name for c in house.contracts.values()},
        )
    return render_reports(
        tables,
        read_register(house),
        house.cooperative,
        out_dir=house.settings.member_reports_dir,
        issued_on=house.today,
        progress=lambda done, total: house.voice("Berichte schreiben", done, total),
    )


def read_register(house: House) -> Register:
    """Names from the register; both reads are logged there, and the report says what it was read for."""
    from ingestion.membership.register import log_of_reads, read_sites

    purpose = "Berichte an Mitglieder schreiben"
    found = identities(house, purpose)
    sites = read_sites(
        house.settings, house.keys, reader="Ortskern, Lauf der Abrechnung", purpose=purpose
    )
    reads = {(r.reader, r.purpose) for r in log_of_reads(house.settings, house.keys)}
    return Register(found, {s: i.name for s, i in sites.items()}, sorted(reads))
