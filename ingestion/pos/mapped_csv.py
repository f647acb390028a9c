# SPDX-License-Identifier: Apache-2.0
"""Receipt lines from the CSV export of any till, by the mapping in its contract.

Belongs here: reading the columns the contract names, and what such files leave to be worked out
(cancellations, services, a missing line total or till). Does not belong here: single tills; a new
one is a new contract.

Options of the contract: `delimiter`, `encoding`, `decimalSeparator`, `groupingSeparator`,
`dateFormat` (strptime), `timezone`; `cancellationColumn` with `cancellationValue`, or
`cancellationPrefix` of the receipt's number; `serviceArticles` (numbers of articles that are no
goods, such as postage); `tillConstant` where the file names no till. A field whose source stands
in brackets, `(berechnet)`, is no column of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from foundation.contracts import Contract, ContractField
from foundation.errors import ConfigError
from ingestion.adapter import (
    ROW_NUMBER,
    Parsed,
    is_computed,
    kept_fields,
    refuse,
)
from ingestion.mapped_csv import read_columns

_QUANTITY, _PRICE = pa.decimal128(18, 3), pa.decimal128(18, 5)


class MappedCsvAdapter:
    """Reads one CSV file: any number of receipts of any number of tills."""

    name = "pos.mapped_csv"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """First and last local day of `sold_at`. Raises BadDelivery."""
        source = contract.objects[0].field("sold_at").source
        table = read_columns(file_name, data, contract, [source])
        form = str(contract.options.get("dateFormat", "%Y-%m-%dT%H:%M:%S"))
        days = {d for d in map(_reader(form), pc.unique(table[source]).to_pylist()) if d}
        if not days:
            raise refuse(
                file_name,
                rule="zeitpunkt_unlesbar",
                row=2,
                field=source,
                found="keinen einzigen lesbaren Zeitpunkt",
                expected=f"Zeitpunkte der Form {form}",
                remedy="Export wiederholen oder dateFormat im Vertrag anpassen",
            )
        return min(days), max(days)

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """The contract's one table as text, computed fields included. Raises BadDelivery."""
        obj, options = contract.objects[0], contract.options
        mapped = kept_fields(obj)
        flag = options.get("cancellationColumn")
        extra = [str(flag)] if flag and str(flag) not in mapped else []
        table = read_columns(file_name, data, contract, [*mapped, *extra])
        cancelled = _cancelled(table, mapped, options)
        table = table.rename_columns([mapped.get(c, c) for c in table.column_names])
        for field in obj.fields:
            if is_computed(field):
                column = _computed(field, table, cancelled, options)
                table = table.append_column(field.name, column)
        names = [f.name for f in obj.fields if f.name in table.column_names]
        return Parsed({obj.name: table.select([*names, ROW_NUMBER])})


def _reader(form: str) -> Any:
    def day(text: str | None) -> date | None:
        try:
            # Only the day counts, and it is local as it stands.
            return datetime.strptime((text or "").strip(), form).date()  # noqa: DTZ007
        except ValueError:
            return None

    return day


def _cancelled(
    table: pa.Table, mapped: Mapping[str, str], options: Mapping[str, Any]
) -> pa.ChunkedArray:
    if options.get("cancellationColumn"):
        column, value = str(options["cancellationColumn"]), str(options.get("cancellationValue"))
        hit = pc.equal(pc.utf8_trim_whitespace(table[column]), value)
    elif options.get("cancellationPrefix"):
        receipt = next(source for source, name in mapped.items() if name == "receipt_id")
        hit = pc.starts_with(table[receipt], str(options["cancellationPrefix"]))
    else:
        return pa.chunked_array([pa.repeat(pa.scalar("0"), len(table))])
    return pc.if_else(pc.fill_null(hit, False), "1", "0")


def _computed(
    field: ContractField,
    table: pa.Table,
    cancelled: pa.ChunkedArray,
    options: Mapping[str, Any],
) -> pa.ChunkedArray:
    if field.name == "is_cancellation":
        return cancelled
    if field.name == "is_service":
        services = pa.array([str(a) for a in options.get("serviceArticles") or []], pa.string())
        return pc.if_else(pc.is_in(table["article"], services), "1", "0")
    if field.name == "line_total":
        return _line_total(table, options)
    if field.name == "till_id" and options.get("tillConstant"):
        return pa.chunked_array([pa.repeat(pa.scalar(str(options["tillConstant"])), len(table))])
    if not field.required:
        return pa.chunked_array([pa.nulls(len(table), pa.string())])
    raise ConfigError(
        f"Vertrag, Feld {field.name}: gefunden {field.source}, erwartet der Name einer Spalte der "
        "Datei, weil dieses Feld sich nicht berechnen lässt; Vertrag berichtigen."
    )


def _line_total(table: pa.Table, options: Mapping[str, Any]) -> pa.ChunkedArray:
    """Quantity times price to the cent, half away from zero, in the source's own spelling.

    Empty where one of the two is no number; the contract's type rule then names that field.
    """
    decimal = str(options.get("decimalSeparator", ","))
    grouping = options.get("groupingSeparator")
    quantity, price = (
        _number(table[name], kind, decimal, str(grouping) if grouping else "")
        for name, kind in (("quantity", _QUANTITY), ("unit_price", _PRICE))
    )
    product = pc.multiply(quantity, price)
    cents = pc.round(product, ndigits=2, round_mode="half_towards_infinity")
    text = pc.cast(pc.cast(cents, pa.decimal128(30, 2)), pa.string())
    return text if decimal == "." else pc.replace_substring(text, ".", decimal)


def _number(
    column: pa.ChunkedArray, kind: pa.Decimal128Type, decimal: str, grouping: str
) -> pa.ChunkedArray:
    text = pc.utf8_trim_whitespace(column)
    if grouping:
        text = pc.replace_substring(text, grouping, "")
    text = pc.replace_substring(text, decimal, ".")
    shape = rf"^[+-]?\d{{1,{kind.precision - kind.scale}}}(\.\d{{1,{kind.scale}}})?$"
    fits = pc.fill_null(pc.match_substring_regex(text, shape), False)
    return pc.cast(pc.if_else(fits, text, pa.scalar(None, pa.string())), kind)


ADAPTER = MappedCsvAdapter()
