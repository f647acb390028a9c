# SPDX-License-Identifier: Apache-2.0
"""The answer of a CKAN portal to ``package_show``: which files a data set has, under which licence.

Belongs here: reading and checking the answer, and comparing it with the files that arrived.
Does not belong here: fetching (the files lie in the inbox), or the content of the files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from foundation.errors import BadDelivery, Finding
from ingestion.adapter import refuse
from ingestion.documents import kind_of

# CKAN leaves the kind of checksum open; its length tells which one it is.
_HASH_BY_LENGTH = {32: "md5", 40: "sha1", 64: "sha256"}


@dataclass(frozen=True)
class Resource:
    """One file of a data set, as the portal names it; missing statements are None."""

    name: str
    url: str
    format: str
    hash: str | None
    last_modified: str | None

    @property
    def file_name(self) -> str:
        """Name under which the file arrives: the last part of its address, else its name."""
        return PurePosixPath(unquote(urlsplit(self.url).path)).name or self.name


@dataclass(frozen=True)
class Package:
    """One data set: identifier, title, licence, last change (ISO 8601), files."""

    id: str
    title: str | None
    licence: str
    modified: str | None
    resources: tuple[Resource, ...]


def read_package(file_name: str, data: bytes) -> Package:
    """The data set in an answer. Raises BadDelivery: no JSON, refused by the portal, incomplete."""
    answer = _answer(file_name, data)
    result = answer["result"]
    findings: list[Finding] = []
    package_id = _text(result.get("name")) or _text(result.get("id"))
    if package_id is None:
        findings.append(_missing(file_name, "result.name", "die Kennung des Datensatzes"))
    licence = _text(result.get("license_id"))
    if licence is None:
        findings.append(_missing(file_name, "result.license_id", "eine Lizenz wie dl-de/by-2-0"))
    raw = result.get("resources")
    if not isinstance(raw, list) or not raw:
        findings.append(_missing(file_name, "result.resources", "mindestens eine Ressource"))
        raw = []
    resources = [_resource(item, i, file_name, findings) for i, item in enumerate(raw)]
    if findings or package_id is None or licence is None:
        raise BadDelivery(findings)
    return Package(
        id=package_id,
        title=_text(result.get("title")),
        licence=licence,
        modified=_text(result.get("metadata_modified")),
        resources=tuple(r for r in resources if r is not None),
    )


def compare_with_files(
    file_name: str, package: Package, files: Mapping[str, bytes], file_format: str = "CSV"
) -> list[Finding]:
    """What does not fit between the files that the portal names and those that arrived.

    ``files`` maps names (without folder) to content. A file may be known by its checksum alone.
    """
    findings = []
    by_hash = {_digest(kind, data) for data in files.values() for kind in _HASH_BY_LENGTH.values()}
    for resource in package.resources:
        if resource.format.upper() != file_format:
            continue
        data = files.get(resource.file_name, files.get(resource.name))
        expected = _plain_hash(resource.hash)
        if data is None and (expected is None or expected not in by_hash):
            findings.append(
                Finding(
                    file=file_name,
                    row=None,
                    field=f"resources.{resource.name}",
                    found="keine solche Datei im Eingang",
                    expected=f"die Datei {resource.file_name} daneben",
                    remedy="Ressource vom Datenportal laden und in denselben Ordner legen",
                    rule="ressource_fehlt",
                )
            )
        elif data is not None and expected is not None:
            found = _digest(_HASH_BY_LENGTH[len(expected)], data)
            if found != expected:
                findings.append(
                    Finding(
                        file=resource.file_name,
                        row=None,
                        field="hash",
                        found=f"Prüfsumme {found[:12]}…",
                        expected=f"{expected[:12]}… wie im Datenportal",
                        remedy="Ressource erneut laden und vollständig einliefern",
                        rule="pruefsumme",
                    )
                )
    return findings


def _answer(file_name: str, data: bytes) -> dict[str, Any]:
    if not data.strip():
        raise refuse(
            file_name,
            rule="datei_leer",
            found=f"{len(data)} Zeichen ohne Inhalt",
            expected="eine Antwort des Datenportals (package_show) als JSON",
            remedy="Abruf wiederholen",
        )
    try:
        answer = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise refuse(
            file_name,
            rule="zeichensatz",
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
            expected="eine vollständige Antwort des Datenportals als JSON",
            remedy="Abruf wiederholen und unverändert einliefern",
        ) from error
    if not isinstance(answer, dict) or answer.get("success") is not True:
        raise refuse(
            file_name,
            rule="abruf_misslungen",
            field="success",
            found=_refusal(answer),
            expected="true",
            remedy="beim Datenportal nach dem Datensatz sehen und den Abruf wiederholen",
        )
    if not isinstance(answer.get("result"), dict):
        raise BadDelivery([_missing(file_name, "result", "die Beschreibung des Datensatzes")])
    return answer


def _refusal(answer: object) -> str:
    if not isinstance(answer, dict):
        return f"{kind_of(answer)} statt einer Antwort"
    error = answer.get("error")
    message = error.get("message") if isinstance(error, dict) else None
    said = f" mit der Meldung „{message}“" if message else ""
    return f"{json.dumps(answer.get('success'))}{said}"


def _resource(item: object, index: int, file_name: str, findings: list[Finding]) -> Resource | None:
    if not isinstance(item, dict):
        findings.append(_missing(file_name, f"result.resources[{index}]", "eine Ressource"))
        return None
    values = {key: _text(item.get(key)) for key in ("name", "url", "format")}
    for key, value in values.items():
        if value is None:
            where = f"result.resources[{index}].{key}"
            findings.append(_missing(file_name, where, "eine Angabe"))
    digest = _text(item.get("hash"))
    if digest is not None and _plain_hash(digest) is None:
        findings.append(
            Finding(
                file=file_name,
                row=None,
                field=f"result.resources[{index}].hash",
                found=f"{len(digest)} Zeichen",
                expected="eine Prüfsumme in Hexadezimalziffern (MD5, SHA-1 oder SHA-256)",
                remedy="beim Datenportal melden und den Abruf wiederholen",
                rule="pruefsumme",
            )
        )
    return Resource(
        name=values["name"] or "",
        url=values["url"] or "",
        format=values["format"] or "",
        hash=digest,
        last_modified=_text(item.get("last_modified")) or _text(item.get("created")),
    )


def _missing(file_name: str, field: str, expected: str) -> Finding:
    return Finding(
        file=file_name,
        row=None,
        field=field,
        found="nichts",
        expected=expected,
        remedy="beim Datenportal ergänzen lassen und den Abruf wiederholen",
        rule="angabe_fehlt",
    )


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _plain_hash(text: str | None) -> str | None:
    plain = (text or "").lower().rpartition(":")[2]
    is_hex = bool(plain) and all(c in "0123456789abcdef" for c in plain)
    return plain if is_hex and len(plain) in _HASH_BY_LENGTH else None


def _digest(kind: str, data: bytes) -> str:
    return hashlib.new(kind, data, usedforsecurity=False).hexdigest()
