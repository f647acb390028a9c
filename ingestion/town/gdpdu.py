# SPDX-License-Identifier: Apache-2.0
"""The frame of a DSFinV-K export: index.xml, its DTD, the column layout, and the zip around it.

Belongs here: what is the same in every export. Does not belong here: a till's rows (``dsfinvk``).

Sources: DSFinV-K 2.4 of the Bundeszentralamt für Steuern (layout in
``ingestion/pos/layout.json``) and the description standard for data media of the German tax
administration (GDPdU, 2004). The DTD declares the elements of that standard which DSFinV-K uses,
in this project's own words.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from xml.sax.saxutils import escape

DTD_NAME = "gdpdu-01-09-2004.dtd"
Layout = dict[str, list[tuple[str, str, int | None]]]
# Zip members carry a fixed time: the same rows give the same bytes.
_ZIP_TIME = (2026, 1, 1, 0, 0, 0)

DTD = """<?xml version="1.0" encoding="UTF-8"?>
<!-- Elemente der Beschreibung eines Datenträgers, soweit die DSFinV-K sie verwendet. -->
<!ELEMENT DataSet (Version, DataSupplier?, Command*, Media+, Command*)>
<!ELEMENT Version (#PCDATA)>
<!ELEMENT DataSupplier (Name, Location, Comment)>
<!ELEMENT Command (#PCDATA)>
<!ELEMENT Name (#PCDATA)>
<!ELEMENT Location (#PCDATA)>
<!ELEMENT Comment (#PCDATA)>
<!ELEMENT Media (Name, Command*, Table+, Command*, AcceptNotMoreThan?)>
<!ELEMENT AcceptNotMoreThan (#PCDATA)>
<!ELEMENT Table (URL, Name?, Description?, Validity?,
  (ANSI | Macintosh | OEM | UTF16 | UTF7 | UTF8)?,
  ((DecimalSymbol, DigitGroupingSymbol) | (DigitGroupingSymbol, DecimalSymbol))?,
  SkipNumBytes?, Range?, Epoch?, (VariableLength | FixedLength))>
<!ELEMENT URL (#PCDATA)>
<!ELEMENT Description (#PCDATA)>
<!ELEMENT Validity (Range, Format?)>
<!ELEMENT ANSI EMPTY>
<!ELEMENT Macintosh EMPTY>
<!ELEMENT OEM EMPTY>
<!ELEMENT UTF16 EMPTY>
<!ELEMENT UTF7 EMPTY>
<!ELEMENT UTF8 EMPTY>
<!ELEMENT DecimalSymbol (#PCDATA)>
<!ELEMENT DigitGroupingSymbol (#PCDATA)>
<!ELEMENT SkipNumBytes (#PCDATA)>
<!ELEMENT Range (From, (To | Length)?)>
<!ELEMENT From (#PCDATA)>
<!ELEMENT To (#PCDATA)>
<!ELEMENT Length (#PCDATA)>
<!ELEMENT Epoch (#PCDATA)>
<!ELEMENT VariableLength (ColumnDelimiter?, RecordDelimiter?, TextEncapsulator?,
  VariablePrimaryKey*, VariableColumn*, ForeignKey*)>
<!ELEMENT ColumnDelimiter (#PCDATA)>
<!ELEMENT RecordDelimiter (#PCDATA)>
<!ELEMENT TextEncapsulator (#PCDATA)>
<!ELEMENT VariablePrimaryKey (Name, Description?, (AlphaNumeric | Numeric | Date), Map*,
  MaxLength?)>
<!ELEMENT VariableColumn (Name, Description?, (AlphaNumeric | Numeric | Date), Map*, MaxLength?)>
<!ELEMENT FixedLength (Length?, RecordDelimiter?, FixedPrimaryKey*, FixedColumn*, ForeignKey*)>
<!ELEMENT FixedPrimaryKey (Name, Description?, (AlphaNumeric | Numeric | Date), Map*, FixedRange)>
<!ELEMENT FixedColumn (Name, Description?, (AlphaNumeric | Numeric | Date), Map*, FixedRange)>
<!ELEMENT FixedRange (From, (To | Length))>
<!ELEMENT ForeignKey (Name+, References)>
<!ELEMENT References (#PCDATA)>
<!ELEMENT Map (Description?, From, To)>
<!ELEMENT AlphaNumeric EMPTY>
<!ELEMENT Numeric (ImpliedAccuracy | Accuracy)?>
<!ELEMENT ImpliedAccuracy (#PCDATA)>
<!ELEMENT Accuracy (#PCDATA)>
<!ELEMENT Date (Format?)>
<!ELEMENT Format (#PCDATA)>
<!ELEMENT MaxLength (#PCDATA)>
"""


@cache
def logical_names() -> dict[str, str]:
    """German table name of each file, in the order of index.xml."""
    return {name: str(table["logical_name"]) for name, table in _tables().items()}


@cache
def layout() -> Layout:
    """Columns of each file: name, kind (a text, n number), longest text or decimal places."""
    return {
        name: [(str(c[0]), str(c[1]), c[2]) for c in table["columns"]]
        for name, table in _tables().items()
    }


@cache
def _tables() -> dict[str, Any]:
    text = files("ingestion.pos").joinpath("layout.json").read_text(encoding="utf-8")
    tables: dict[str, Any] = json.loads(text)["tables"]
    return tables


def header(name: str) -> bytes:
    """First line of a file."""
    return (";".join(column for column, _, _ in layout()[name]) + "\r\n").encode()


def index_xml(columns: Layout, supplier: str, city: str) -> bytes:
    """The index.xml that declares these files and columns."""
    tables = "".join(_table(name, columns[name]) for name in columns)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<!DOCTYPE DataSet SYSTEM "{DTD_NAME}">\n'
        "<DataSet>\n  <Version>1.0</Version>\n"
        f"  <DataSupplier><Name>{escape(supplier)}</Name><Location>{escape(city)}</Location>"
        "<Comment>DSFinV-K 2.4</Comment></DataSupplier>\n"
        f"  <Media>\n    <Name>Kassendaten</Name>\n{tables}  </Media>\n</DataSet>\n"
    )
    return text.encode()


def _table(name: str, columns: list[tuple[str, str, int | None]]) -> str:
    fields = "".join(
        f"        <VariableColumn><Name>{column}</Name>{_kind(kind, size)}</VariableColumn>\n"
        for column, kind, size in columns
    )
    return (
        f"    <Table>\n      <URL>{name}</URL><Name>{logical_names()[name]}</Name><UTF8/>\n"
        "      <DecimalSymbol>,</DecimalSymbol><DigitGroupingSymbol>.</DigitGroupingSymbol>\n"
        "      <Range><From>2</From></Range>\n      <VariableLength>\n"
        "        <ColumnDelimiter>;</ColumnDelimiter><RecordDelimiter>&#13;&#10;</RecordDelimiter>"
        f"<TextEncapsulator>&quot;</TextEncapsulator>\n{fields}"
        "      </VariableLength>\n    </Table>\n"
    )


def _kind(kind: str, size: int | None) -> str:
    if kind == "n":
        # A whole number names no accuracy: "Accuracy 0" would ask for a trailing comma.
        return f"<Numeric><Accuracy>{size}</Accuracy></Numeric>" if size else "<Numeric/>"
    return "<AlphaNumeric/>" + (f"<MaxLength>{size}</MaxLength>" if size else "")


def pack(members: Mapping[str, bytes]) -> bytes:
    """A zip of the members in their order; the same members give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.create_system, info.external_attr = 3, 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data, compresslevel=1)
    return buffer.getvalue()
