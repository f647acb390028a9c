# SPDX-License-Identifier: Apache-2.0
"""Group ``publication``: portal, statements, signed edition, and its entry in the ledger; the proposal of group ``release``.

Belongs here: which released tables and papers go where. Does not belong here: pages, templates, signatures (``reports``).
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from duckdb import DuckDBPyConnection

from foundation import ledger
from foundation.lakehouse import snapshot_of
from foundation.objects import open_store
from orchestration.assets.ingestion import QUARANTINE
from orchestration.assets.ledger import APPROVAL, POSITION, STATEMENT, identities
from orchestration.assets.release import PROVENANCE
from orchestration.catalogue import write_catalogue, write_catalogue_rows
from orchestration.house import House, work_dir
from orchestration.inventory import waiting_tables
from orchestration.names import STEWARD, WRITER_POOL
from orchestration.transparency import issue_report, report_path
from quality.disclosure.definitions import load_definitions
from reports.exports import export_release, released_tables, write_board, write_provenance
from reports.publication import Edition, Facts, Published, publish

PROPOSAL = dg.AssetKey(["publication", "proposal"])
TRANSPARENCY = dg.AssetKey(["publication", "transparency_report"])
PORTAL = dg.AssetKey(["publication", "portal"])
STATEMENTS = dg.AssetKey(["publication", "statements"])
EDITION = dg.AssetKey(["publication", "edition"])
USAGE = dg.AssetKey(["ledger", "usage"])


def publication_assets(house: House) -> list[dg.AssetsDefinition]:
    """Proposal, transparency report, portal, statements, edition, usage."""
    return [
        _proposal(house),
        _transparency(),
        _portal(),
        _statements(),
        _edition(),
        _usage(),
    ]


def _proposal(house: House) -> dg.AssetsDefinition:
    sources = {
        tuple(d.source.split("."))
        for d in load_definitions(house.settings.cooperative).values()
        if d.source
    }

    @dg.asset(
        key=PROPOSAL,
        deps=[*(dg.AssetKey(list(s)) for s in sorted(sources)), APPROVAL, QUARANTINE, STATEMENT],
        group_name="release",
        owners=[STEWARD],
        kinds={"yaml"},
        description="Vorschlag zur Veröffentlichung: welche Tabellen freigegeben sind und welche auf Freigabe warten.",
    )
    def publication_proposal(house: dg.ResourceParam[House]) -> dg.MaterializeResult[Any]:
        open_tables = waiting_tables(house)
        house.reports["waiting"] = open_tables
        text = (
            "alles freigegeben"
            if not open_tables
            else f"wartet auf Freigabe: {', '.join(open_tables)}"
        )
        return dg.MaterializeResult(metadata={"Stand": text, "warten": len(open_tables)})

    return publication_proposal


def _transparency() -> dg.AssetsDefinition:
    @dg.asset(
        key=TRANSPARENCY,
        deps=[PROVENANCE],
        group_name="publication",
        owners=[STEWARD],
        kinds={"typst", "pdf"},
        description="Der Transparenzbericht: wer was sammelt, was ankam, was veröffentlicht wurde; nur aus veröffentlichten Tabellen und Verträgen.",
    )
    def publication_transparency_report(
        house: dg.ResourceParam[House],
    ) -> dg.MaterializeResult[Any]:
        report = issue_report(house)
        house.reports["transparency"] = report
        return dg.MaterializeResult(
            metadata={
                "Datei": dg.MetadataValue.path(report.path),
                "neu geschrieben": report.was_written,
            }
        )

    return publication_transparency_report


def _portal() -> dg.AssetsDefinition:
    @dg.asset(
        key=PORTAL,
        deps=[PROVENANCE, TRANSPARENCY],
        group_name="publication",
        owners=[STEWARD],
        kinds={"evidence"},
        description="Das Portal: Seiten für alle, ohne Netz gebaut, nur aus veröffentlichten Tabellen.",
    )
    def publication_portal(house: dg.ResourceParam[House]) -> dg.MaterializeResult[Any]:
        from reports.portal import build_portal

        house.voice("Portal bauen", 0, 1)
        data = portal_data(house)
        result = build_portal(
            data_dir=data,
            work_dir=house.settings.portal_dir / "work",
            out_dir=house.settings.portal_dir / "site",
            version=edition_id(house),
        )
        house.reports["portal"] = result
        house.voice("Portal bauen", 1, 1)
        return dg.MaterializeResult(
            metadata={
                "Ordner": dg.MetadataValue.path(result.path),
                "Dateien": result.files,
                "neu gebaut": result.rebuilt,
            }
        )

    return publication_portal


def edition_id(house: House) -> str:
    """An edition is named after the day that counts as today."""
    return house.today.isoformat()


def release_snapshot(con: DuckDBPyConnection) -> int:
    """The newest snapshot that a released table names: later ones changed nothing that is published."""
    row = con.execute("SELECT max(snapshot) FROM release.provenance").fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def portal_data(house: House) -> Path:
    """Released tables and the board's summaries as parquet, for the pages."""
    folder = work_dir(house, "portal-data")
    definitions = load_definitions(house.settings.cooperative)
    with house.lakehouse.connect(read_only=True) as con:
        tables = released_tables(con)
        export_release(con, tables, folder)
        write_catalogue_rows(house, con, folder)
        snapshot = release_snapshot(con)
    if "provenance" in tables:
        write_provenance(folder, {t: f"{d.question} {d.grain}" for t, d in definitions.items()})
    report = report_path(house)
    if report.is_file():
        shutil.copyfile(report, folder / report.name)
    write_board(
        folder,
        house.contracts,
        house.cooperative,
        {o.name: o.decides for o in house.cooperative.organs if o.decides},
        edition=edition_id(house),
        edition_date=house.today,
        as_of=house.as_of,
        snapshot=snapshot,
        code_revision=house.code_revision,
        transparency_report=report.name if report.is_file() else "",
    )
    return folder


def _statements() -> dg.AssetsDefinition:
    @dg.asset(
        key=STATEMENTS,
        deps=[STATEMENT, POSITION],
        group_name="publication",
        owners=[STEWARD],
        kinds={"typst", "pdf"},
        pool=WRITER_POOL,
        description="Die Papiere der Mitglieder: Abrechnung, Gutschriften mit E-Rechnung. Je Mitglied ein Ordner.",
    )
    def publication_statements(house: dg.ResourceParam[House]) -> dg.MaterializeResult[Any]:
        result = issue_statements(house)
        house.reports["statements"] = result
        problems = "\n".join(f"- {p.sentence}" for p in result.problems) or "keine"
        return dg.MaterializeResult(
            metadata={
                "Papiere": len(result.issued),
                "neu": sum(i.was_written for i in result.issued),
                "Entwürfe": sum(i.is_draft for i in result.issued),
                "Probleme": dg.MarkdownMetadataValue(problems),
            }
        )

    return publication_statements


def issue_statements(house: House) -> Any:
    """Write the papers of all fiscal years, archive the final ones and book them."""
    from reports.statements.render import render_statements

    with house.lakehouse.connect(read_only=True) as con:
        statements = (
            con.execute("SELECT * FROM papers.statement ORDER BY ALL").to_arrow_table().to_pandas()
        )
        positions = (
            con.execute("SELECT * FROM papers.statement_position ORDER BY ALL")
            .to_arrow_table()
            .to_pandas()
        )
    result = render_statements(
        statements,
        positions,
        identities(house, "Papiere der Mitglieder ausstellen"),
        house.cooperative,
        out_dir=house.settings.statements_dir,
        issued_on=house.today,
        progress=lambda done, total: house.voice("Papiere schreiben", done, total),
    )
    final = [issued for issued in result.issued if not issued.is_draft]
    archive = open_store(house.settings.archive, house.settings)
    for issued in final:
        key = issued.path.relative_to(house.settings.statements_dir).as_posix()
        if issued.was_written or not archive.exists(key):
            archive.put(key, issued.path.read_bytes())
    with house.lakehouse.writer() as con:
        ledger.append(
            con, "issued_paper", [_paper_row(issued) for issued in final], as_of=house.as_of
        )
    return result


def _paper_row(issued: Any) -> dict[str, Any]:
    return {
        "fiscal_year": issued.fiscal_year,
        "member_id": issued.member_id,
        "document_kind": issued.kind,
        "invoice_number": issued.number,
        "issued_on": issued.issued_on,
        "pdf_sha256": issued.sha256,
        "xml_sha256": issued.xml_sha256,
        "net_eur": issued.net_eur,
        "vat_eur": issued.vat_eur,
        "gross_eur": issued.gross_eur,
        "is_draft": False,
    }


def _edition() -> dg.AssetsDefinition:
    @dg.asset(
        key=EDITION,
        deps=[PORTAL],
        group_name="publication",
        owners=[STEWARD],
        kinds={"ed25519"},
        description="Die Ausgabe: Portal und Daten mit Verzeichnis aller Prüfsummen, unterschrieben. `ortskern verify` prüft sie.",
    )
    def publication_edition(house: dg.ResourceParam[House]) -> dg.MaterializeResult[Any]:
        edition = sign_edition(house)
        house.reports["edition"] = edition
        return dg.MaterializeResult(
            metadata={
                "Ordner": dg.MetadataValue.path(edition.path),
                "Dateien": edition.files,
                "Prüfsumme des Verzeichnisses": edition.manifest_sha256,
                "neu": edition.is_new,
            }
        )

    return publication_edition


def sign_edition(house: House) -> Edition:
    """Collect what is published, write the manifest and sign it."""
    data = work_dir(house, "edition-data")
    with house.lakehouse.connect(read_only=True) as con:
        tables = released_tables(con)
        hashes = export_release(con, tables, data)
        write_catalogue(house, con, data)
        snapshot = snapshot_of(con)
        facts = [
            _published(con, house, table, hashes[table])
            for table in tables
            if table != "provenance"
        ]
    return publish(
        Facts(
            edition=edition_id(house),
            cooperative=house.cooperative.name,
            as_of=house.as_of.isoformat(),
            snapshot=snapshot,
            code_revision=house.code_revision,
            code_sha256=house.code_sha256,
            contracts={
                c.id: {"version": c.version, "sha256": c.hash} for c in house.contracts.values()
            },
            tables=facts,
            simulator=simulator(house),
        ),
        {
            "portal": house.settings.portal_dir / "site",
            "daten": data,
            "berichte": report_path(house).parent,
        },
        house.settings.publications_dir,
        house.keys.signing_key(),
    )


def simulator(house: House) -> Mapping[str, Any] | None:
    """Seed and scale of the simulated town, so that a reader sees that the numbers are invented; None for a real one."""
    path = house.settings.town_dir / "manifest.json"
    if not path.is_file():
        return None
    manifest = json.loads(path.read_text("utf-8"))
    return {"seed": manifest["seed"], "scale": manifest["scale"]}


def _published(con: DuckDBPyConnection, house: House, table: str, sha256: str) -> Published:
    definition = load_definitions(house.settings.cooperative)[table]
    found = con.execute(
        "SELECT title, definition_hash, rules_hash, approved_by, approved_on, minutes FROM release.provenance WHERE table_name = ?",
        [table],
    ).fetchone()
    title, definition_hash, rules_hash, by, on, minutes = found or (
        definition.title,
        "",
        "",
        "",
        "",
        "",
    )
    suppressed = "count(*) FILTER (status = 'unterdrückt')" if definition.figures else "0"
    counts = con.execute(f'SELECT count(*), {suppressed} FROM release."{table}"').fetchone() or (
        0,
        0,
    )
    return Published(
        name=table,
        title=title,
        rows=int(counts[0]),
        suppressed=int(counts[1]),
        sha256=sha256,
        definition_hash=definition_hash,
        rules_hash=rules_hash,
        approved_by=by,
        approved_on=str(on),
        minutes=minutes,
        is_noisy=definition.contributor.kind == "person",
    )


def _usage() -> dg.AssetsDefinition:
    @dg.asset(
        key=USAGE,
        deps=[EDITION],
        group_name="publication",
        owners=[STEWARD],
        kinds={"duckdb"},
        pool=WRITER_POOL,
        description="Verwendung: aus welchen Verträgen die Tabellen einer Ausgabe stammen, nur anfügend. One row per edition, table and contract.",
    )
    def ledger_usage(house: dg.ResourceParam[House]) -> dg.MaterializeResult[Any]:
        with house.lakehouse.writer() as con:
            rows = con.execute(
                "SELECT table_name, contracts, deliveries FROM release.provenance ORDER BY 1"
            ).fetchall()
            booked = [
                {
                    "edition": edition_id(house),
                    "table_name": t,
                    "contract_id": c,
                    "contract_version": v,
                    "deliveries": n,
                }
                for t, contracts, n in rows
                for c, v in json.loads(contracts).items()
            ]
            known = {
                tuple(r)
                for r in con.execute(
                    "SELECT edition, table_name, contract_id FROM ledger.usage"
                ).fetchall()
            }
            # An edition that is written again keeps what was booked for it at first.
            fresh = [
                r for r in booked if (r["edition"], r["table_name"], r["contract_id"]) not in known
            ]
            new = ledger.append(con, "usage", fresh, as_of=house.as_of)
        return dg.MaterializeResult(metadata={"neu gebucht": new})

    return ledger_usage
