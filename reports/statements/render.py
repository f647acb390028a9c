# SPDX-License-Identifier: Apache-2.0
"""From papers and identities to files: PDF/A-3b, one folder per member, the same bytes each time.

Belongs here: compiling, attaching, hashing, leaving issued papers alone. Does not belong here: what
stands on a paper (`documents`), where identities come from.

An issued paper is never changed (§ 14b UStG, GoBD): if its amounts would differ now, that member's
run stops with a sentence and the file stays. Drafts are written anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from foundation.cooperative import Cooperative
from foundation.errors import OrtskernError
from foundation.identity import Identity
from reports.papers.parts import Row
from reports.papers.press import content_text, digest, press, template_hash, write_whole
from reports.statements.documents import build_papers
from reports.statements.einvoice import invoice_xml
from reports.statements.frame import Paper

COUNTS = {
    "position",
    "months_delivered",
    "receipt_lines",
    "delivered_rows",
    "passed_rows",
    "deliveries",
    "on_time_deliveries",
}
DAYS_WITHOUT_TIME = {"invoiced_on", "period_from", "period_to", "price_list_agreed_on"}


@dataclass(frozen=True)
class Issued:
    """One file; `xml_sha256` is None where no e-invoice belongs to it."""

    member_id: str
    member_number: str
    fiscal_year: str
    kind: str
    number: str
    issued_on: dt.date
    is_draft: bool
    path: Path
    sha256: str
    xml_sha256: str | None
    net_eur: Decimal
    vat_eur: Decimal
    gross_eur: Decimal
    was_written: bool


@dataclass(frozen=True)
class Problem:
    """Why one member got no paper: a German sentence with the remedy."""

    member_id: str
    member_number: str | None
    sentence: str


@dataclass(frozen=True)
class RenderResult:
    """All files, and the members for whom there are none."""

    issued: list[Issued] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def render_statements(
    statements: pd.DataFrame,
    positions: pd.DataFrame,
    identities: Mapping[str, Identity],
    cooperative: Cooperative,
    *,
    out_dir: Path,
    issued_on: dt.date,
    language: str = "de",
    progress: Callable[[int, int], None] | None = None,
) -> RenderResult:
    """Write every paper of every statement to `out_dir/<fiscal year>/<member number>/<number>.pdf`.

    `statements` and `positions` are the tables of `papers` (money as Decimal, read over Arrow);
    `identities` come from the register by member_id. A member whose data are not in order lands in
    `problems` and stops nobody else. `progress(done, of)` is called after each member.
    """
    if language != "de":
        raise OrtskernError(
            f"Papiere in der Sprache „{language}“ gibt es nicht: Belege nach deutschem Steuerrecht "
            "werden auf Deutsch ausgestellt; bitte language: de wählen."
        )
    by_member: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(positions):
        by_member[row["member_id"]].append(row)
    for folder in (out_dir, *(out_dir / str(year) for year in set(statements["fiscal_year"]))):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    result = RenderResult()
    ordered = sorted(_rows(statements), key=lambda row: str(row["statement_number"]))
    for done, statement in enumerate(ordered, start=1):
        member = statement["member_id"]
        identity = identities.get(member)
        try:
            if identity is None:
                raise OrtskernError(
                    f"Abrechnung {statement['statement_number']}: Das Register kennt das Mitglied "
                    "nicht; Mitgliederliste neu einlesen."
                )
            papers = build_papers(statement, by_member[member], identity, cooperative, issued_on)
            folder = out_dir / statement["fiscal_year"] / identity.member_number
            files = [_issue(paper, identity, statement, cooperative, folder) for paper in papers]
            result.issued.extend(files)
        except OrtskernError as error:
            number = identity.member_number if identity else None
            result.problems.append(Problem(member, number, str(error)))
        if progress:
            progress(done, len(ordered))
    return result


def _rows(frame: pd.DataFrame) -> list[Row]:
    """Rows with None for missing values, days as dates; refuses money that came as float."""
    for name in frame.columns:
        if str(name).endswith("_eur") and pd.api.types.is_float_dtype(frame[name]) and len(frame):
            raise OrtskernError(
                f"Tabelle der Papiere, Feld „{name}“: gefunden Gleitkommazahlen, erwartet DECIMAL; "
                "die Tabelle über Arrow lesen."
            )
    return [
        {str(key): _value(str(key), value) for key, value in record.items()}
        for record in frame.astype(object).to_dict("records")
    ]


def _value(key: str, value: Any) -> Any:
    if pd.isna(value):
        return None
    if key in DAYS_WITHOUT_TIME and isinstance(value, dt.datetime):
        return value.date()
    # A column of counts with gaps comes back from the lake as float
    return int(value) if key in COUNTS else value


def _issue(
    paper: Paper, identity: Identity, statement: Row, cooperative: Cooperative, folder: Path
) -> Issued:
    content = content_text(paper.content)
    inputs = digest(content, repr(paper.invoice), identity.iban or "", template_hash())
    amounts = digest(paper.number, *map(str, (paper.net_eur, paper.vat_eur, paper.gross_eur)))
    path = folder / f"{paper.number}.pdf"
    note = folder / f".{paper.number}.json"
    known = json.loads(note.read_text("utf-8")) if note.exists() and path.exists() else None
    if known and not known["is_draft"] and known["amounts"] != amounts:
        raise OrtskernError(
            f"Mitglied {identity.member_number}, Papier {paper.number}: ausgestellt mit anderen "
            f"Beträgen, jetzt {paper.gross_eur} €; ausgestellte Belege bleiben, die Abweichung per "
            "Storno und neuem Beleg richtigstellen."
        )
    keep = known is not None and (known["inputs"] == inputs or not known["is_draft"])
    if known is None or not keep:
        known = _write(paper, content, identity, cooperative, path)
        known |= {"inputs": inputs, "amounts": amounts, "is_draft": paper.is_draft}
        note.write_text(json.dumps(known, sort_keys=True), encoding="utf-8")
    return Issued(
        member_id=statement["member_id"],
        member_number=identity.member_number,
        fiscal_year=statement["fiscal_year"],
        kind=paper.kind,
        number=paper.number,
        issued_on=dt.date.fromisoformat(known["issued_on"]),
        is_draft=paper.is_draft,
        path=path,
        sha256=known["sha256"],
        xml_sha256=known["xml_sha256"],
        net_eur=paper.net_eur,
        vat_eur=paper.vat_eur,
        gross_eur=paper.gross_eur,
        was_written=not keep,
    )


def _write(
    paper: Paper, content: str, identity: Identity, cooperative: Cooperative, path: Path
) -> dict[str, Any]:
    xml = invoice_xml(paper.invoice, identity, cooperative) if paper.invoice else None
    pdf = press(content, paper.issued_on, xml=xml)
    write_whole(path, pdf)
    return {
        "issued_on": paper.issued_on.isoformat(),
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "xml_sha256": hashlib.sha256(xml).hexdigest() if xml else None,
    }
