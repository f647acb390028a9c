# SPDX-License-Identifier: Apache-2.0
"""The interface between a delivered file and raw rows, and the CSV reading all adapters share.

Belongs here: what an adapter is, what it hands over, and a CSV reader whose refusals a steward
can act on. Does not belong here: any single format (see the packages beside this file), storage,
quality rules, pseudonyms.

An adapter is a module with an `ADAPTER` object; the contract's option `adapter` names it as
`<package>.<module>` below `ingestion`, for example `pos.dsfinvk` (see `ingestion/registry.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar, runtime_checkable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from foundation.contracts import Contract, ContractField, ContractObject
from foundation.errors import BadDelivery, Finding, OrtskernError
from foundation.keys import Keys
from foundation.settings import Settings

_Read = TypeVar("_Read")

ROW_NUMBER = "_row_number"
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_MOST_RAGGED_LINES_SHOWN = 5


@dataclass(frozen=True)
class Parsed:
    """One delivery as tables of text.

    `tables` maps each raw object's name to an Arrow table: every contract field as string (empty
    is null) and `_row_number` int64, the record's number in its file with the header as 1. Fields
    that the contract drops are left out. `left_out` says what of the delivery could not be read
    while the rest counts: one file of an archive, for example. `places` says for the rows 1, 2, …
    of an object where a steward finds them, where counting rows leads nowhere: the file in an
    archive, the entry of a calendar.
    """

    tables: dict[str, pa.Table]
    left_out: tuple[Finding, ...] = ()
    places: Mapping[str, Sequence[str]] = field(default_factory=dict)


class Adapter(Protocol):
    """Reads one delivery format. Adapters keep no state and may be called from several threads."""

    name: str

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """First and last local day the delivery covers. Raises BadDelivery."""
        ...

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """The delivery as text tables. Raises BadDelivery, with a finding for every fault seen."""
        ...


@runtime_checkable
class Registering(Protocol):
    """An adapter that hands identities to the register besides delivering rows."""

    def register(self, parsed: Parsed, settings: Settings, keys: Keys, contract: Contract) -> None:
        """Called with the rows that passed the contract, as text, before pseudonyms replace them.

        The tables carry `_landing_sha256`. It is called again for the same rows when a run is
        repeated, so it must not keep anything twice.
        """
        ...


def refuse(
    file_name: str,
    *,
    rule: str,
    found: str,
    expected: str,
    remedy: str,
    row: int | None = None,
    field: str | None = None,
) -> BadDelivery:
    """A BadDelivery with one finding, ready to raise."""
    return BadDelivery(
        [
            Finding(
                file=file_name,
                row=row,
                field=field,
                found=found,
                expected=expected,
                remedy=remedy,
                rule=rule,
            )
        ]
    )


def read_with(
    read: Callable[[str, bytes, Contract], _Read], file_name: str, data: bytes, contract: Contract
) -> _Read:
    """What an adapter's ``period`` or ``parse`` answers; whatever it did not expect is the file's fault.

    One odd file must not stop the others, whatever a library under the adapter raises. The message of the error is left out: it may
    quote personal data. Raises BadDelivery.
    """
    try:
        return read(file_name, data, contract)
    except (OrtskernError, OSError, MemoryError):
        raise
    except Exception as error:
        raise refuse(
            file_name,
            rule="datei_unlesbar",
            found=f"etwas, womit das Lesen nicht weiterkommt ({type(error).__name__})",
            expected="eine Datei, wie der Vertrag sie beschreibt",
            remedy="Export wiederholen und erneut einliefern; bleibt es dabei, die Datei der Datenverwaltung zeigen",
        ) from error


def utf8_bytes(data: bytes, file_name: str, encoding: str = "utf-8") -> bytes:
    """`data` as UTF-8 without byte order mark.

    Raises BadDelivery when the file is empty, or its bytes are not text in `encoding`: the finding
    names line and byte. A file promised in a one-byte encoding that reads as UTF-8 with umlauts is
    refused as well, since every umlaut would arrive as two wrong letters.
    """
    if not data.strip():
        raise refuse(
            file_name,
            rule="datei_leer",
            found="0 Zeichen" if not data else "nur Leerzeichen",
            expected="eine Kopfzeile und mindestens eine Datenzeile",
            remedy="Export wiederholen und erneut einliefern",
        )
    if data.startswith(_UTF16_BOMS) or b"\x00" in data[:4096]:
        raise _wrong_encoding(file_name, "UTF-16 oder eine Binärdatei", encoding, row=1)
    if data.startswith(_UTF8_BOM):
        data, encoding = data[3:], "utf-8"
    one_byte = encoding.lower().replace("_", "-") not in {"utf-8", "utf-8-sig", "utf8", "ascii"}
    if one_byte and not data.isascii() and _is_utf8(data):
        raise _wrong_encoding(file_name, "UTF-8", encoding)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"Byte 0x{data[error.start]:02x} an Stelle {error.start + 1}"
        raise _wrong_encoding(file_name, found, encoding, row=line) from error
    return text.encode("utf-8") if one_byte else data


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _wrong_encoding(
    file_name: str, found: str, encoding: str, row: int | None = None
) -> BadDelivery:
    return refuse(
        file_name,
        rule="zeichensatz",
        row=row,
        found=found,
        expected=f"Text in {encoding.upper()}",
        remedy=f"in der Quelle als {encoding.upper()} exportieren und erneut einliefern",
    )


def read_csv_text(
    data: bytes,
    file_name: str,
    *,
    columns: Sequence[str] | None = None,
    delimiter: str = ";",
    encoding: str = "utf-8",
    allow_no_rows: bool = False,
) -> pa.Table:
    """A CSV file as Arrow table of strings (empty is null) with `_row_number` (header is 1).

    `columns` are the source's column names wanted, in the order wanted; None takes all. Further
    columns of the file are ignored. Raises BadDelivery for an empty file, wrong encoding, a
    missing or doubled column, a line with too few or too many fields, and a quotation mark left
    open, with row number and remedy.
    """
    text = utf8_bytes(data, file_name, encoding).rstrip(b"\r\n") + b"\n"
    header = header_of(text, delimiter)
    wanted = list(columns) if columns is not None else header
    _check_header(header, wanted, delimiter, file_name)
    blank_lines = b"\n\r\n" in text or b"\n\n" in text
    open_quote = text.count(b'"') % 2 == 1
    # Converting the wanted columns alone is faster; the two checks need to see all of them.
    read = header if blank_lines or open_quote else wanted
    table, ragged = _read(text, read, delimiter, file_name)
    if ragged:
        raise BadDelivery([_ragged(row, file_name) for row in ragged[:_MOST_RAGGED_LINES_SHOWN]])
    if open_quote:
        _check_last_row(table, file_name)
    numbers = pa.array(np.arange(2, len(table) + 2, dtype=np.int64))
    table = table.append_column(ROW_NUMBER, numbers)
    if blank_lines:
        table = table.filter(_not_blank(table, header))
    if not len(table) and not allow_no_rows:
        raise refuse(
            file_name,
            rule="datei_leer",
            row=2,
            found="nur die Kopfzeile",
            expected="mindestens eine Datenzeile",
            remedy="Export wiederholen und erneut einliefern",
        )
    return table.select([*wanted, ROW_NUMBER])


def read_object(
    data: bytes,
    file_name: str,
    obj: ContractObject,
    *,
    delimiter: str = ";",
    encoding: str = "utf-8",
    allow_no_rows: bool = False,
) -> pa.Table:
    """A CSV file whose header carries the contract's source names, as the object's raw columns."""
    kept = kept_fields(obj)
    table = read_csv_text(
        data,
        file_name,
        columns=list(kept),
        delimiter=delimiter,
        encoding=encoding,
        allow_no_rows=allow_no_rows,
    )
    return table.rename_columns([*kept.values(), ROW_NUMBER])


def kept_fields(obj: ContractObject) -> dict[str, str]:
    """Source name to raw name of the file's columns that the contract keeps, in its order."""
    return {
        field.source: field.name
        for field in obj.fields
        if field.handling != "drop" and not is_computed(field)
    }


def is_computed(field: ContractField) -> bool:
    """Whether the contract says that the file has no such column: the source stands in brackets."""
    return field.source.startswith("(")


def header_of(text: bytes, delimiter: str) -> list[str]:
    """The column names in the first line of UTF-8 text."""
    first = text.split(b"\n", 1)[0].rstrip(b"\r").decode("utf-8")
    options = pacsv.ParseOptions(delimiter=delimiter)
    if first.count('"') % 2 or '"' not in first:
        return first.split(delimiter)
    # Without the end of the line pyarrow takes a quoted header for an empty file.
    reader = pacsv.read_csv(pa.BufferReader(f"{first}\n".encode()), parse_options=options)
    return list(reader.column_names)


def _check_header(header: list[str], wanted: list[str], delimiter: str, file_name: str) -> None:
    doubled = sorted({name for name in header if header.count(name) > 1} & set(wanted))
    if doubled:
        raise refuse(
            file_name,
            rule="spalte_doppelt",
            row=1,
            field=doubled[0],
            found="die Spalte steht mehrfach in der Kopfzeile",
            expected="jede Spalte genau einmal",
            remedy="doppelte Spalte im Export entfernen und erneut einliefern",
        )
    missing = [name for name in wanted if name not in header]
    if missing:
        shown = delimiter.join(header)
        shown = shown if len(shown) <= 120 else shown[:117] + "..."
        raise BadDelivery(
            [
                Finding(
                    file=file_name,
                    row=1,
                    field=name,
                    found=f"Kopfzeile ohne diese Spalte ({shown})",
                    expected=f"Spalte {name}, Trennzeichen {delimiter!r}",
                    remedy="Export mit dieser Spalte wiederholen oder den Vertrag anpassen",
                    rule="spalte_fehlt",
                )
                for name in missing
            ]
        )


def _read(
    text: bytes, wanted: list[str], delimiter: str, file_name: str
) -> tuple[pa.Table, list[pacsv.InvalidRow]]:
    ragged: list[pacsv.InvalidRow] = []

    def note(row: pacsv.InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    try:
        table = pacsv.read_csv(
            pa.BufferReader(text),
            # One thread: row numbers of ragged lines exist only then, and the loader's own
            # threads already work on several files at once.
            read_options=pacsv.ReadOptions(use_threads=False, block_size=len(text) + 1),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=note,
            ),
            convert_options=pacsv.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise refuse(
            file_name,
            rule="datei_unlesbar",
            found=str(error).splitlines()[0],
            expected=f"eine CSV-Datei mit Trennzeichen {delimiter!r}",
            remedy="Export wiederholen und erneut einliefern",
        ) from error
    return table, ragged


def _ragged(row: pacsv.InvalidRow, file_name: str) -> Finding:
    # The text of the line is not shown: it may hold personal data.
    short = row.actual_columns < row.expected_columns
    return Finding(
        file=file_name,
        row=row.number,
        field=None,
        found=f"{row.actual_columns} Felder",
        expected=f"{row.expected_columns} Felder wie in der Kopfzeile",
        remedy=(
            "Zeile ist abgeschnitten: Export wiederholen und vollständig einliefern"
            if short
            else "Trennzeichen im Text in Anführungszeichen setzen und erneut einliefern"
        ),
        rule="zeile_abgeschnitten" if short else "zeile_zu_lang",
    )


def _check_last_row(table: pa.Table, file_name: str) -> None:
    if not len(table):
        return
    last = table.slice(len(table) - 1).to_pylist()[0]
    if any(value and "\n" in value for value in last.values()):
        raise refuse(
            file_name,
            rule="zeile_abgeschnitten",
            row=len(table) + 1,
            found="ein Anführungszeichen wird nicht geschlossen",
            expected="geschlossene Anführungszeichen",
            remedy="Export wiederholen und vollständig einliefern",
        )


def _not_blank(table: pa.Table, header: list[str]) -> pa.ChunkedArray:
    filled = pc.is_valid(table[header[0]])
    for name in header[1:]:
        filled = pc.or_(filled, pc.is_valid(table[name]))
    return filled
