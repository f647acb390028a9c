# SPDX-License-Identifier: Apache-2.0
"""Till closings in DSFinV-K 2.0 to 2.4, the export that German tills must offer.

Belongs here: reading the files the contract names out of the archive, as text, checked against the
archive's own `index.xml`. Does not belong here: what a value may be (the contract), personal
fields (dropped by the contract before anything reads them), loading.

Source of the layout: DSFinV-K 2.4 of the Bundeszentralamt für Steuern, as table in `layout.json`.
Tills append columns of their own; that is allowed if `index.xml` declares them.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from foundation.contracts import Contract, ContractObject
from foundation.errors import BadDelivery, ConfigError, Finding
from ingestion.adapter import (
    Parsed,
    header_of,
    is_computed,
    kept_fields,
    read_object,
    refuse,
    utf8_bytes,
)
from ingestion.archives import read_members
from ingestion.pos.index_xml import INDEX, DeclaredFile, declared_files

CLOSINGS = "pos_closings"
_AMBIGUOUS = "_mehrdeutig"
_OFFSET = r"(Z|[+-]\d{2}:?\d{2})$"
_REMEDY = "DSFinV-K-Export der Kasse vollständig wiederholen und erneut einliefern"


class DsfinvkAdapter:
    """Reads one archive: any number of closings of any number of tills."""

    name = "pos.dsfinvk"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """First and last day of the closings: Z_BUCHUNGSTAG, else the day of Z_ERSTELLUNG."""
        obj = contract.object(CLOSINGS)
        members, declared = _open(file_name, data, [obj])
        table = _read(file_name, members, declared, obj)
        zone = ZoneInfo(_timezone(contract))
        booked = table["z_buchungstag"].to_pylist()
        created = table["z_erstellung"].to_pylist()
        days = [_day(b or c, zone) for b, c in zip(booked, created, strict=True)]
        known = [d for d in days if d is not None]
        if not known:
            raise refuse(
                f"{file_name}/{obj.physical_name}",
                rule="zeitpunkt_unlesbar",
                row=2,
                field="Z_ERSTELLUNG",
                found="keinen lesbaren Zeitpunkt",
                expected="Zeitpunkte wie 2026-09-05T18:30:00+02:00",
                remedy=_REMEDY,
            )
        return min(known), max(known)

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """The contract's tables as text. Raises BadDelivery with the faults of all files."""
        members, declared = _open(file_name, data, contract.objects)
        tables: dict[str, pa.Table] = {}
        findings: list[Finding] = []
        for obj in contract.objects:
            try:
                table = _read(file_name, members, declared, obj)
            except BadDelivery as error:
                findings += error.findings
                continue
            tables[obj.name] = _compute(table, obj, _timezone(contract))
        if findings:
            raise BadDelivery(findings)
        return Parsed(tables)


def _timezone(contract: Contract) -> str:
    return str(contract.options.get("timezone", "Europe/Berlin"))


def _open(
    file_name: str, data: bytes, objects: tuple[ContractObject, ...] | list[ContractObject]
) -> tuple[dict[str, bytes], dict[str, DeclaredFile]]:
    wanted = {obj.physical_name for obj in objects}
    logical = {f"{_logical_names().get(name, '')}.csv": name for name in wanted}
    members = read_members(file_name, data, {INDEX, *wanted, *logical})
    findings = [
        _missing_file(
            file_name, name, next((g for g, n in logical.items() if n == name), ""), members
        )
        for name in sorted({INDEX} | wanted)
        if name not in members
    ]
    if findings:
        raise BadDelivery(findings)
    declared = declared_files(file_name, members[INDEX])
    undeclared = sorted(wanted - set(declared))
    if undeclared:
        raise BadDelivery(
            [
                Finding(
                    file=f"{file_name}/{INDEX}",
                    row=None,
                    field=name,
                    found="keine Beschreibung dieser Datei",
                    expected=f"eine Tabelle mit URL {name}",
                    remedy=_REMEDY,
                    rule="datei_nicht_erklaert",
                )
                for name in undeclared
            ]
        )
    return members, declared


def _missing_file(file_name: str, name: str, german: str, members: dict[str, bytes]) -> Finding:
    renamed = german in members
    return Finding(
        file=f"{file_name}/{name}",
        row=None,
        field=None,
        found=f"stattdessen {german}" if renamed else "keine Datei dieses Namens im Archiv",
        expected=f"die Datei {name}",
        remedy="Kassenhersteller um Dateinamen nach DSFinV-K bitten" if renamed else _REMEDY,
        rule="datei_fehlt",
    )


@cache
def _logical_names() -> dict[str, str]:
    """German table names, which some tills use as file names against the standard."""
    text = Path(__file__).with_name("layout.json").read_text("utf-8")
    return {name: table["logical_name"] for name, table in json.loads(text)["tables"].items()}


def _read(
    file_name: str,
    members: dict[str, bytes],
    declared: dict[str, DeclaredFile],
    obj: ContractObject,
) -> pa.Table:
    name = obj.physical_name
    place, form = f"{file_name}/{name}", declared[name]
    text = utf8_bytes(members[name], place, form.encoding)
    _check_header(place, text, form)
    table = read_object(
        text, place, obj, delimiter=form.delimiter, allow_no_rows=obj.name != CLOSINGS
    )
    return _german_numbers(table, obj, form)


def _check_header(place: str, text: bytes, form: DeclaredFile) -> None:
    header = header_of(text, form.delimiter)
    if not form.has_header:
        raise refuse(
            place,
            rule="kopfzeile_fehlt",
            row=1,
            found="laut index.xml keine Kopfzeile",
            expected="eine Kopfzeile (Range From 2)",
            remedy=_REMEDY,
        )
    if tuple(header) == form.columns:
        return
    only_declared = [c for c in form.columns if c not in header]
    only_present = [c for c in header if c not in form.columns]
    if not only_declared and not only_present:
        raise refuse(
            place,
            rule="spalten_reihenfolge",
            row=1,
            found="Spalten in anderer Reihenfolge als in index.xml",
            expected="die Reihenfolge aus index.xml",
            remedy=_REMEDY,
        )
    raise BadDelivery(
        [
            Finding(
                file=place,
                row=1,
                field=column,
                found=found,
                expected=expected,
                remedy=_REMEDY,
                rule=rule,
            )
            for columns, rule, found, expected in (
                (
                    only_declared,
                    "spalte_fehlt",
                    "Kopfzeile ohne diese Spalte",
                    "die in index.xml erklärte Spalte",
                ),
                (
                    only_present,
                    "spalte_nicht_erklaert",
                    "eine Spalte, die index.xml nicht nennt",
                    "nur erklärte Spalten",
                ),
            )
            for column in columns
        ]
    )


def _german_numbers(table: pa.Table, obj: ContractObject, form: DeclaredFile) -> pa.Table:
    """Numbers in the standard's own spelling (1.234,50) where a till declares another one."""
    if form.decimal == "," and form.grouping in (".", ""):
        return table
    for field in obj.fields:
        if field.name not in table.column_names or field.source not in form.numeric:
            continue
        column = table[field.name]
        if form.grouping:
            column = pc.replace_substring(column, form.grouping, "")
        column = pc.replace_substring(column, form.decimal, ",")
        table = table.set_column(table.column_names.index(field.name), field.name, column)
    return table


def _compute(table: pa.Table, obj: ContractObject, timezone: str) -> pa.Table:
    for field in obj.fields:
        if not is_computed(field):
            continue
        base = field.name.removesuffix(_AMBIGUOUS)
        if not field.name.endswith(_AMBIGUOUS) or base not in kept_fields(obj).values():
            raise ConfigError(
                f"Vertrag, Feld {field.name}: gefunden {field.source}, erwartet der Name einer "
                f"Spalte der Datei; berechnet wird hier nur …{_AMBIGUOUS} zu einem Zeitpunkt."
            )
        table = table.append_column(field.name, ambiguous(table[base], timezone))
    return table


def ambiguous(column: pa.ChunkedArray, timezone: str) -> pa.ChunkedArray:
    """'1' where a time without offset falls in the hour that the end of summer time repeats."""
    local = pc.fill_null(pc.invert(pc.match_substring_regex(column, _OFFSET)), False)
    if not pc.any(local).as_py():
        return pa.chunked_array([pa.repeat(pa.scalar("0"), len(column))])
    hours = pc.utf8_slice_codeunits(column, 0, 13)
    zone = ZoneInfo(timezone)
    doubled = [h for h in pc.unique(hours).to_pylist() if h and _is_doubled(h, zone)]
    hit = pc.and_(local, pc.is_in(hours, pa.array(doubled, pa.string())))
    return pc.if_else(hit, "1", "0")


def _is_doubled(hour: str, zone: ZoneInfo) -> bool:
    try:
        start = datetime.fromisoformat(f"{hour}:00:00").replace(tzinfo=zone)
    except ValueError:
        return False
    first, second = start.utcoffset(), start.replace(fold=1).utcoffset()
    return first is not None and second is not None and first > second


def _day(text: str | None, zone: ZoneInfo) -> date | None:
    try:
        instant = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return instant.astimezone(zone).date() if instant.tzinfo else instant.date()


ADAPTER = DsfinvkAdapter()
