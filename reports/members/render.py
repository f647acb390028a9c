# SPDX-License-Identifier: Apache-2.0
"""Members' reports as files: PDF/A, one folder per member, the same bytes each time.

Belongs here: which member gets a file, leaving unchanged files alone. Does not belong here: what
stands on a report (`content`), where identities come from.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from foundation.cooperative import Cooperative
from foundation.identity import Identity
from reports.members.content import MemberData, member_content, report_number
from reports.members.forecasts import Hits
from reports.members.shops import Shop
from reports.papers.parts import Row
from reports.papers.press import ACCESSIBLE, content_text, digest, press, template_hash, write_whole


@dataclass(frozen=True)
class Register:
    """What the register said: identities by member, shop names by site, purposes of reads."""

    identities: Mapping[str, Identity]
    site_names: Mapping[str, str]
    reads: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Tables:
    """Rows of ``papers`` for all members, and names that everybody may know."""

    reports: Sequence[Row]
    months: Sequence[Row]
    usage: Sequence[Row]
    sensors: Mapping[str, str]
    contracts: Mapping[str, str]
    forecasts: Sequence[Row] = ()


@dataclass(frozen=True)
class ReportFile:
    """One report on disk."""

    member_id: str
    path: Path
    was_written: bool


@dataclass(frozen=True)
class ReportResult:
    """All files, and a sentence for each member who got none."""

    files: list[ReportFile] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def render_reports(
    tables: Tables,
    register: Register,
    cooperative: Cooperative,
    *,
    out_dir: Path,
    issued_on: dt.date,
    progress: Callable[[int, int], None] | None = None,
) -> ReportResult:
    """Write ``out_dir/<member number>/<number>.pdf`` for every member; unchanged ones stay."""
    months, usage = _by_member(tables.months), _by_member(tables.usage)
    forecasts = _by_member(tables.forecasts)
    out_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    result = ReportResult()
    for done, report in enumerate(tables.reports, start=1):
        member = report["member_id"]
        identity = register.identities.get(member)
        if identity is None:
            result.problems.append(
                f"Bericht {report['figure_code']}: Das Register kennt das Mitglied nicht; "
                "Mitgliederliste neu einlesen."
            )
            continue
        data = MemberData(
            report=report,
            identity=identity,
            shops=_shops(months[member], register, tables.sensors),
            usage=usage[member],
            contracts=tables.contracts,
            reads=register.reads,
            hits=_hits(forecasts[member], register),
        )
        result.files.append(_write(data, cooperative, out_dir, issued_on))
        if progress:
            progress(done, len(tables.reports))
    return result


def _by_member(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["member_id"]].append(row)
    return found


def _shops(months: Sequence[Row], register: Register, sensors: Mapping[str, str]) -> list[Shop]:
    by_site: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(months, key=lambda r: r["business_month"]):
        by_site[row["site_id"]].append(row)
    shops = [
        Shop(_name(register, site), _sensor(rows[-1], sensors), rows)
        for site, rows in by_site.items()
    ]
    return sorted(shops, key=lambda s: s.name.casefold())


def _hits(rows: Sequence[Row], register: Register) -> list[Hits]:
    found = [Hits(_name(register, row["site_id"]), row) for row in rows]
    return sorted(found, key=lambda h: h.name.casefold())


def _name(register: Register, site: str) -> str:
    return register.site_names.get(site, "Ihr Laden")


def _sensor(row: Row, sensors: Mapping[str, str]) -> str | None:
    sensor = row["sensor_id"]
    return sensors.get(sensor, sensor) if sensor else None


def _write(data: MemberData, cooperative: Cooperative, out_dir: Path, on: dt.date) -> ReportFile:
    content = content_text(member_content(data, cooperative, on))
    inputs = digest(content, template_hash())
    folder = out_dir / data.identity.member_number
    path, note = folder / f"{report_number(data)}.pdf", folder / f".{report_number(data)}.json"
    known = json.loads(note.read_text("utf-8")) if note.exists() and path.exists() else None
    is_same = known is not None and known["inputs"] == inputs
    if not is_same:
        write_whole(path, press(content, on, standard=ACCESSIBLE))
        note.write_text(json.dumps({"inputs": inputs}), encoding="utf-8")
    return ReportFile(data.report["member_id"], path, was_written=not is_same)
