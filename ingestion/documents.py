# SPDX-License-Identifier: Apache-2.0
"""Delivered JSON answers: reading them, and refusing what is none, in words a steward can act on.

Belongs here: decoding, truncation, and rows from a list of objects. Does not belong here: any
single interface (see the packages beside this file); CSV (``adapter.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from ingestion.adapter import ROW_NUMBER, refuse

Row = Mapping[str, Any]


def read_json(file_name: str, data: bytes, expected: str) -> Any:
    """The document; ``expected`` says what it is, for the steward. Raises BadDelivery."""
    if not data.strip():
        raise refuse(
            file_name,
            rule="datei_leer",
            found=f"{len(data)} Zeichen ohne Inhalt",
            expected=expected,
            remedy="Abruf wiederholen und erneut einliefern",
        )
    try:
        return json.loads(data.decode("utf-8-sig"))
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
            expected=expected,
            remedy="Abruf wiederholen und vollständig einliefern",
        ) from error


def kind_of(value: Any) -> str:
    """What a JSON value is, in the steward's words."""
    kinds = {dict: "ein Objekt", list: "eine Liste", str: "ein Text", bool: "ein Ja oder Nein"}
    return "nichts" if value is None else kinds.get(type(value), "eine Zahl")


def objects_in(file_name: str, document: Any, key: str, expected: str) -> list[dict[str, Any]]:
    """The list of objects under ``key``. Raises BadDelivery where it is missing or empty."""
    found = document.get(key) if isinstance(document, dict) else None
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise refuse(
            file_name,
            rule="angabe_fehlt",
            field=key,
            found="keine Liste von Angaben",
            expected=expected,
            remedy="Abruf wiederholen; bleibt es dabei, beim Anbieter nachfragen",
        )
    if not found:
        raise refuse(
            file_name,
            rule="datei_leer",
            field=key,
            found="eine leere Liste",
            expected=expected,
            remedy="Zeitraum und Ort des Abrufs prüfen und ihn wiederholen",
        )
    return found


def check_fields(file_name: str, rows: Sequence[Row], fields: Sequence[str]) -> None:
    """Raises BadDelivery for a field that no row has: the interface has changed."""
    for field in fields:
        if not any(field in row for row in rows):
            raise refuse(
                file_name,
                rule="feld_fehlt",
                field=field,
                found="keinen einzigen Eintrag mit diesem Feld",
                expected=f"das Feld {field} in jedem Eintrag",
                remedy="Abruf mit diesem Feld wiederholen oder den Vertrag anpassen",
            )


def text_table(columns: Mapping[str, Sequence[str | None]]) -> pa.Table:
    """Columns of text with row numbers; the first entry of the file is row 1."""
    length = len(next(iter(columns.values())))
    arrays: dict[str, pa.Array] = {
        name: pa.array(list(values), pa.string()) for name, values in columns.items()
    }
    return pa.table({**arrays, ROW_NUMBER: pa.array(range(1, length + 1), pa.int64())})


def as_text(value: object) -> str | None:
    """A JSON value as the text that a contract types; numbers without an exponent."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value).strip() or None
