# SPDX-License-Identifier: Apache-2.0
"""From content to a PDF: one template, the same bytes for the same content.

Belongs here: compiling, hashing, writing a file whole. Does not belong here: which files there are,
what becomes of an issued paper.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from reports.papers.parts import Row

TEMPLATE = Path(__file__).parent / "template.typ"
# With an attached invoice a paper is PDF/A-3; without attachment PDF/A-2 says more: tags (accessible).
WITH_ATTACHMENT, ACCESSIBLE = "a-3b", "a-2a"


def content_text(content: Row) -> str:
    """The content as the template takes it, the same text for the same content."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def digest(*parts: str) -> str:
    """SHA-256 over texts."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@lru_cache(maxsize=1)
def template_hash() -> str:
    """SHA-256 of the template: another layout is another paper."""
    return hashlib.sha256(TEMPLATE.read_bytes()).hexdigest()


@lru_cache(maxsize=1)
def _compiler() -> Any:
    """One compiler per process: fonts and template are read once. Only fonts inside typst."""
    import typst

    return typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), ignore_system_fonts=True)


def press(
    content: str, day: dt.date, *, xml: bytes | None = None, standard: str = WITH_ATTACHMENT
) -> bytes:
    """The PDF of a content text; ``xml`` is attached as e-invoice."""
    inputs = {"paper": content} | ({"xml": xml.decode("utf-8")} if xml else {})
    # Noon of the paper's own date, not the clock: the same inputs give the same bytes
    moment = dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)
    pdf: bytes = _compiler().compile(
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=[standard],
        timestamp=int(moment.timestamp()),
    )
    return pdf


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a killed run leaves none or the whole."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)
