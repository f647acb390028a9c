# SPDX-License-Identifier: Apache-2.0
"""What a DSFinV-K archive says about itself: `index.xml`, the description standard GDPdU of 2002.

Belongs here: reading the declared files, columns, separators and character set. Does not belong
here: the files (`dsfinvk.py`).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from ingestion.adapter import refuse

INDEX = "index.xml"
_REMEDY = "DSFinV-K-Export der Kasse wiederholen; bleibt es dabei, den Kassenhersteller fragen"


@dataclass(frozen=True)
class DeclaredFile:
    """One file as `index.xml` declares it."""

    name: str
    encoding: str
    delimiter: str
    decimal: str
    grouping: str
    has_header: bool
    columns: tuple[str, ...]
    numeric: frozenset[str]


class _UnreadableError(Exception):
    """Carries what was found out of the cached function, which does not know the file's name."""


def declared_files(file_name: str, xml: bytes) -> dict[str, DeclaredFile]:
    """The declared files by base name.

    Raises BadDelivery where `index.xml` cannot be read, or a table has no columns.
    """
    try:
        return _parse(xml)
    except _UnreadableError as error:
        raise refuse(
            f"{file_name}/{INDEX}",
            rule="index_unlesbar",
            found=str(error),
            expected="eine Beschreibung nach GDPdU (DataSet, Media, Table)",
            remedy=_REMEDY,
        ) from error


# A till writes the same index.xml month after month, and parsing it takes longer than reading a
# day's receipts.
@lru_cache(maxsize=256)
def _parse(xml: bytes) -> dict[str, DeclaredFile]:
    # Entities are how XML grows without end or reads other files; the standard has no use for them.
    if re.search(rb"<!ENTITY", xml, re.IGNORECASE):
        raise _UnreadableError("selbst erklärte XML-Entitäten")
    try:
        root = ET.fromstring(xml)  # noqa: S314 - expat, entities refused above
    except (ET.ParseError, ValueError) as error:
        raise _UnreadableError(f"kein gültiges XML ({error})") from error
    tables = [_table(t) for media in root.iter("Media") for t in media.findall("Table")]
    if not tables:
        raise _UnreadableError("keine einzige Tabelle")
    return {t.name: t for t in tables}


def _table(element: ET.Element) -> DeclaredFile:
    url = (element.findtext("URL") or "").strip()
    layout = element.find("VariableLength")
    if not url or layout is None:
        raise _UnreadableError(f"Tabelle {url or '(ohne URL)'} ohne VariableLength")
    columns = layout.findall("VariablePrimaryKey") + layout.findall("VariableColumn")
    # The schema lists keys first; in the file they stand where the order of the elements says.
    ordered = [c for c in layout if c in columns]
    names = [(c.findtext("Name") or "").strip() for c in ordered]
    if not names or not all(names):
        raise _UnreadableError(f"Tabelle {url} mit einer Spalte ohne Namen")
    return DeclaredFile(
        name=PurePosixPath(url.replace("\\", "/")).name,
        encoding="cp1252" if element.find("ANSI") is not None else "utf-8",
        delimiter=layout.findtext("ColumnDelimiter") or ";",
        decimal=(element.findtext("DecimalSymbol") or ",").strip(),
        grouping=(element.findtext("DigitGroupingSymbol") or "").strip(),
        has_header=(element.findtext("Range/From") or "1").strip() == "2",
        columns=tuple(names),
        numeric=frozenset(
            n for n, c in zip(names, ordered, strict=True) if c.find("Numeric") is not None
        ),
    )
