# SPDX-License-Identifier: Apache-2.0
"""Answers of a SensorThings server, page by page, and whether they are all there.

Belongs here: taking the pages out of a delivery, reading their JSON, following `@iot.nextLink` and
`@iot.count`. Does not belong here: what observations mean (``sensorthings.py``).

A delivery is one zip per Thing and month that holds all pages of the answers, each as
``<answer>_page<number>.json``; an answer of one page may also come as plain JSON. Whether a page is
missing shows only beside the others, and a month is either whole or refused; were each page a
delivery, a lost one would look like a quiet week.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from foundation.errors import BadDelivery
from ingestion.adapter import refuse
from ingestion.archives import read_members

NEXT, COUNT = "@iot.nextLink", "@iot.count"
_ZIP_MAGIC = b"PK"
_PAGE = re.compile(r"(?P<answer>.+)_page(?P<number>[1-9]\d*)\.json", re.IGNORECASE)
_REPEAT = "Abruf wiederholen und alle Seiten zusammen einliefern"


@dataclass(frozen=True)
class Answer:
    """One answer of the server: its entities in order, each with the file of its page."""

    name: str
    entities: tuple[tuple[str, dict[str, Any]], ...]


class _Pages:
    """Names of pages: what `read_members` takes out of an archive."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _PAGE.fullmatch(name) is not None

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


def read_answers(file_name: str, data: bytes) -> list[Answer]:
    """All answers of a delivery. Raises BadDelivery: unreadable, or a page is missing."""
    if not data.startswith(_ZIP_MAGIC):
        name = PurePosixPath(file_name).stem
        return [_answer(file_name, name, {1: (file_name, read_page(file_name, data))})]
    members = read_members(file_name, data, _Pages())
    if not members:
        raise refuse(
            file_name,
            rule="datei_leer",
            found="keine einzige Seite im Archiv",
            expected="Seiten namens <Antwort>_page<Nummer>.json",
            remedy=_REPEAT,
        )
    answers: dict[str, dict[int, tuple[str, dict[str, Any]]]] = defaultdict(dict)
    for name, content in sorted(members.items()):
        match = _PAGE.fullmatch(name)
        place = f"{file_name}/{name}"
        if match is not None:
            page = (place, read_page(place, content))
            answers[match["answer"]][int(match["number"])] = page
    return [_answer(file_name, name, pages) for name, pages in answers.items()]


def read_page(file_name: str, data: bytes) -> dict[str, Any]:
    """One page. Raises BadDelivery: empty, wrong encoding, cut off, no JSON, no list of entities."""
    if not data.strip():
        raise refuse(
            file_name,
            rule="datei_leer",
            found=f"{len(data)} Zeichen ohne Inhalt",
            expected="eine Antwort nach OGC SensorThings als JSON",
            remedy="Abruf wiederholen",
        )
    try:
        # Numbers stay as they were written; the contract types them.
        page = json.loads(data.decode("utf-8-sig"), parse_float=str)
    except UnicodeDecodeError as error:
        raise refuse(
            file_name,
            rule="zeichensatz",
            row=data.count(b"\n", 0, error.start) + 1,
            found=f"Byte 0x{data[error.start]:02x} an Stelle {error.start + 1}",
            expected="Text in UTF-8",
            remedy="Abruf wiederholen und unverändert einliefern",
        ) from error
    except json.JSONDecodeError as error:
        at_end = error.pos >= len(error.doc.rstrip()) - 1
        cut = at_end or error.msg.startswith("Unterminated string")
        raise refuse(
            file_name,
            rule="datei_abgeschnitten" if cut else "datei_unlesbar",
            row=error.lineno,
            found="ein vorzeitiges Ende" if cut else f"kein JSON ab Spalte {error.colno}",
            expected="eine vollständige Antwort als JSON",
            remedy="Abruf wiederholen und unverändert einliefern",
        ) from error
    values = page.get("value") if isinstance(page, dict) else None
    if not isinstance(values, list) or not all(isinstance(v, dict) for v in values):
        raise _missing_value(file_name)
    return dict(page)


def _missing_value(file_name: str) -> BadDelivery:
    return refuse(
        file_name,
        rule="feld_fehlt",
        field="value",
        found="keine Liste von Einträgen",
        expected="die Liste „value“ einer SensorThings-Antwort",
        remedy="Adresse des Abrufs prüfen und den Abruf wiederholen",
    )


def _answer(file_name: str, name: str, pages: dict[int, tuple[str, dict[str, Any]]]) -> Answer:
    last = max(pages)
    gaps = [number for number in range(1, last + 1) if number not in pages]
    if not gaps and pages[last][1].get(NEXT):
        gaps = [last + 1]
    if gaps:
        there = ", ".join(str(number) for number in sorted(pages))
        raise refuse(
            file_name,
            rule="seite_fehlt",
            field=NEXT,
            found=f"von „{name}“ nur Seite {there}",
            expected=f"auch Seite {gaps[0]}, auf die die vorige verweist",
            remedy=_REPEAT,
        )
    broken = next((n for n in range(1, last) if not pages[n][1].get(NEXT)), None)
    if broken is not None:
        raise refuse(
            pages[broken][0],
            rule="seite_zu_viel",
            field=NEXT,
            found="keinen Verweis auf eine nächste Seite",
            expected=f"einen Verweis, weil Seite {broken + 1} beiliegt",
            remedy="Seiten eines einzigen Abrufs zusammen einliefern",
        )
    entities = tuple(
        (place, entity) for _, (place, page) in sorted(pages.items()) for entity in page["value"]
    )
    count = pages[1][1].get(COUNT)
    if isinstance(count, int) and count != len(entities):
        raise refuse(
            file_name,
            rule="anzahl_falsch",
            field=COUNT,
            found=f"{len(entities)} Einträge auf den Seiten von „{name}“",
            expected=f"{count}, wie der Server sagt",
            remedy=_REPEAT,
        )
    return Answer(name, entities)
