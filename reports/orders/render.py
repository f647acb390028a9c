# SPDX-License-Identifier: Apache-2.0
"""Order sheets as files: per member one folder, per shop and day a PDF and a phone page, the same bytes for the same lines.

Belongs here: grouping, folders, writing. Does not belong here: what stands on a sheet.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from foundation.cooperative import Cooperative
from foundation.identity import Identity
from reports.orders.content import printed, sheet_of
from reports.orders.phone import phone_page
from reports.papers.parts import Row
from reports.papers.press import ACCESSIBLE, content_text, digest, press, template_hash, write_whole


@dataclass(frozen=True)
class Written:
    """One shop's sheet: where it lies, and whether it was written anew."""

    site_id: str
    member_number: str
    pdf: Path
    page: Path
    was_written: bool


@dataclass(frozen=True)
class OrderSheets:
    """All sheets, and members that the register does not know."""

    sheets: list[Written] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    lines: int = 0
    with_quantity: int = 0


def render_orders(
    lines: Sequence[Row],
    identities: Mapping[str, Identity],
    shops: Mapping[str, str],
    cooperative: Cooperative,
    *,
    out_dir: Path,
    issued_on: dt.date,
) -> OrderSheets:
    """Write every sheet to ``out_dir/<member number>/<day>_<shop>.pdf`` and ``.html``; folders belong to their owner alone.

    ``shops`` names each shop by its pseudonym; one without a name is printed as its member's.
    """
    by_site: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for line in lines:
        by_site[(line["member_id"], line["site_id"])].append(line)
    found: list[Written] = []
    numbers: dict[str, int] = defaultdict(int)
    for (member, site), rows in sorted(by_site.items()):
        identity = identities.get(member)
        if identity is None:
            continue
        numbers[member] += 1
        position = numbers[member]
        named = identity.name if position == 1 else f"{identity.name}, Laden {position}"
        shop = shops.get(site, named)
        found.append(_write(rows, site, position, shop, identity, cooperative, out_dir, issued_on))
    unknown = sorted({m for m, _ in by_site} - set(identities))
    quantities = sum(line["order_quantity"] is not None for line in lines)
    return OrderSheets(found, unknown, len(lines), quantities)


def _write(
    rows: Sequence[Row],
    site: str,
    position: int,
    shop: str,
    identity: Identity,
    cooperative: Cooperative,
    out_dir: Path,
    issued_on: dt.date,
) -> Written:
    sheet = sheet_of(rows, cooperative, issued_on)
    content = content_text(printed(sheet, shop, identity, cooperative, issued_on))
    page = phone_page(sheet, shop).encode()
    folder = out_dir / identity.member_number
    for place in (out_dir, folder):
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    stem = f"{rows[0]['target_date']:%Y-%m-%d}_laden-{position}"
    pdf, html, note = (folder / f"{stem}{s}" for s in (".pdf", ".html", ".sha256"))
    wanted = digest(content, template_hash(), page.decode())
    kept = pdf.is_file() and html.is_file() and note.is_file() and note.read_text() == wanted
    if not kept:
        write_whole(pdf, press(content, issued_on, standard=ACCESSIBLE))
        write_whole(html, page)
        write_whole(note, wanted.encode())
    return Written(site, identity.member_number, pdf, html, not kept)
