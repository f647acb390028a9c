# SPDX-License-Identifier: Apache-2.0
"""The transparency report as a file: PDF/A, tagged, the same bytes for the same edition.

Belongs here: writing it, leaving it alone where nothing changed. Does not belong here: its content.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from foundation.cooperative import Cooperative
from reports.papers.press import ACCESSIBLE, content_text, press, write_whole
from reports.transparency.content import Edition, report_content

FILE = "transparenzbericht.pdf"


@dataclass(frozen=True)
class TransparencyFile:
    """The report on disk."""

    path: Path
    was_written: bool


def write_report(edition: Edition, cooperative: Cooperative, folder: Path) -> TransparencyFile:
    """Write ``folder/transparenzbericht.pdf``; the folder holds nothing else."""
    path = folder / FILE
    pdf = press(
        content_text(report_content(edition, cooperative)), edition.day, standard=ACCESSIBLE
    )
    is_same = path.is_file() and path.read_bytes() == pdf
    if not is_same:
        write_whole(path, pdf)
    return TransparencyFile(path, was_written=not is_same)
