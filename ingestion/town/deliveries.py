# SPDX-License-Identifier: Apache-2.0
"""Tills to files: cuts a till's closings into deliveries, plants faults, writes them, counts them.

Belongs here: which file carries which closings, what is wrong with it, and how much it holds.
Does not belong here: rows (``dsfinvk``, ``pos_csv``) and what the whole town adds up to
(``truth``).
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ingestion.town.demand import ABORTED, ORDER, RECEIPT, TRAINING
from ingestion.town.dsfinvk import TillExport
from ingestion.town.gdpdu import index_xml, layout, pack
from ingestion.town.inputs import Month, Till, Town
from ingestion.town.pos_csv import HEADER, line_rows
from ingestion.town.receipts import (
    DEPOSIT,
    DISCOUNT,
    SALE,
    TIP,
    TRANSFER,
    TillData,
    draw_till,
)

# Drawn together up to about this many lines, so that a large town needs no more memory than this.
CHUNK_LINES = 300_000
COUNTS = (
    "receipt_count", "purchase_count", "storno_count", "line_count", "line_count_all",
    "training_count", "abort_count", "order_count", "revenue_cents", "deposit_cents",
    "tips_cents", "transfer_cents",
)  # fmt: skip


@dataclass(frozen=True)
class Delivery:
    """One file that a till delivered; ``counts`` holds COUNTS of what it carries (money in cents).

    ``reason`` says what is wrong with it (None: nothing). ``again`` marks a file whose closings
    another file carries too, so that it adds nothing.
    """

    contract_id: str
    path: str
    till_id: str
    site: int
    month: Month
    counts: dict[str, int]
    plant_id: str | None = None
    reason: str | None = None
    again: bool = False
    late: bool = False


def deliver_till(
    town: Town, till: Till, inbox: Path, span: list[Month] | None = None
) -> list[Delivery]:
    """Draws one till over ``span`` (all months), writes its files, and says what they hold."""
    found: list[Delivery] = []
    number = 1
    for months in _chunks(town, till, span or town.all_months):
        data = draw_till(town, till, months, number)
        number += len(data.closing)
        write = _csv_files if till.site.system == "csv" else _zip_files
        for delivery, content in write(town, data):
            path = inbox / delivery.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            found.append(delivery)
    return found


def deliver_foreign(town: Town, inbox: Path) -> list[Delivery]:
    """Files of tills that no member registered (planted)."""
    found = []
    for plant in town.plants_of("unknown_till"):
        like = town.site_named(plant["like"])
        site = replace(like, name="Fremdladen", member=None)
        till = Till(10_000, plant["till"], site, 1.0)
        found += [
            replace(delivery, plant_id=plant["id"], reason="unknown_till")
            for delivery in deliver_till(town, till, inbox, [Month.parse(plant["period"])])
        ]
    return found


def _chunks(town: Town, till: Till, span: list[Month]) -> Iterator[list[Month]]:
    trade = town.plan["trades"][till.site.trade_id]
    monthly = trade["receipts"] * trade["lines"] * 30 * town.scale * town.plan["activity"]
    size = max(int(CHUNK_LINES // max(monthly, 1)), 1)
    for i in range(0, len(span), size):
        yield span[i : i + size]


def count(data: TillData) -> np.ndarray:
    """COUNTS per closing as an integer matrix."""
    closings, lines = len(data.closing_day), data.lines
    is_receipt = data.kind == RECEIPT
    sold = np.zeros(len(data.kind), dtype=bool)
    sold[lines.receipt[lines.kind == SALE]] = True
    line_closing, counted = data.closing[lines.receipt], is_receipt[lines.receipt]

    def receipts(where: np.ndarray) -> np.ndarray:
        return np.bincount(data.closing[where], minlength=closings).astype(np.int64)

    def cents(*kinds: int) -> np.ndarray:
        where = counted & np.isin(lines.kind, kinds)
        return np.bincount(line_closing[where], lines.amount[where], closings).astype(np.int64)

    purchases, taken_back = receipts(is_receipt & ~data.is_storno & sold), receipts(data.is_storno)
    return np.stack(
        [
            purchases - taken_back,
            purchases,
            taken_back,
            np.bincount(line_closing[counted], minlength=closings).astype(np.int64),
            np.bincount(line_closing, minlength=closings).astype(np.int64),
            receipts(data.kind == TRAINING),
            receipts(data.kind == ABORTED),
            receipts(data.kind == ORDER),
            cents(SALE, DISCOUNT),
            cents(DEPOSIT, DEPOSIT + 1),
            cents(TIP),
            cents(TRANSFER),
        ],
        axis=1,
    )


def _periods(town: Town, data: TillData) -> Iterator[tuple[str, Month, int, int]]:
    """Name, month and range of closings of each delivery: months first, days of the running one."""
    daily_from = Month.parse(str(town.plan["daily_from"])).index
    for index in np.unique(data.closing_month).tolist():
        month = Month(index // 12, index % 12 + 1)
        first, last = np.searchsorted(data.closing_month, [month.index, month.index + 1])
        if month.index < daily_from or data.till.site.system == "csv":
            yield str(month), month, int(first), int(last)
            continue
        for i in range(int(first), int(last)):
            yield data.closing_day[i].isoformat(), month, i, i + 1


def _zip_files(town: Town, data: TillData) -> Iterator[tuple[Delivery, bytes]]:
    till, matrix = data.till, count(data)
    plants = [p for p in town.plants if p.get("site") == till.site.name and "period" in p]
    plants = plants if till.till_id.endswith("-1") else []
    export = TillExport(town, data, _signatures(town, data), _wrong(data, plants))
    for name, month, first, last in _periods(town, data):
        if not matrix[first:last, COUNTS.index("line_count_all")].sum():
            continue
        plain = Delivery(
            "pos_dsfinvk", f"pos_dsfinvk/{till.till_id}/{till.till_id}_{name}.zip", till.till_id,
            till.site.index, month, _sums(matrix, first, last),
        )  # fmt: skip
        members = export.members(first, last)
        content = pack(members)
        mine = [p for p in plants if str(p["period"]) == name]
        if not mine:
            yield plain, content
        for plant in mine:
            yield from _planted(town, plant, plain, members, content)
            if plant["kind"] == "overlap":
                days = data.closing_day[first:last]
                begin = first + sum(day.day < plant["from_day"] for day in days)
                again = f"{till.till_id}_{name}-{plant['from_day']:02d}_bis_{last_day(month)}.zip"
                yield (
                    replace(plain, path=f"pos_dsfinvk/nachlieferung/{again}",
                            counts=_sums(matrix, begin, last), plant_id=plant["id"], again=True),
                    pack(export.members(begin, last)),
                )  # fmt: skip


def last_day(month: Month) -> str:
    """The last day of a month as ISO text."""
    return month.days[-1].isoformat()


def _planted(
    town: Town, plant: dict[str, Any], plain: Delivery, members: dict[str, bytes], content: bytes
) -> Iterator[tuple[Delivery, bytes]]:
    """The files that take the place of a delivery in which something is planted."""
    kind, marked = plant["kind"], replace(plain, plant_id=plant["id"])
    name = Path(plain.path)
    if kind == "late":
        yield replace(marked, path=f"pos_dsfinvk/nachlieferung/{name.name}", late=True), content
    elif kind == "duplicate":
        yield marked, content
        copy = f"pos_dsfinvk/nachlieferung/{name.stem}_kopie.zip"
        yield replace(marked, path=copy, again=True), content
    elif kind == "overlap":
        yield marked, content
    elif kind == "truncated":
        yield replace(marked, reason="truncated_zip"), content[: len(content) * 6 // 10]
    elif kind == "missing_column":
        without = _without_column(town, members, plant["file"], plant["column"])
        yield replace(marked, reason="missing_column"), pack(without)
    elif kind == "vat_sums_differ":
        yield replace(marked, reason="vat_sums_differ"), content
    elif kind == "empty":
        yield replace(marked, reason="empty_file"), b""


def _without_column(
    town: Town, members: dict[str, bytes], name: str, column: str
) -> dict[str, bytes]:
    """The files of a zip without one column, in the csv and in index.xml."""
    columns = {**layout(), name: [c for c in layout()[name] if c[0] != column]}
    place = [c[0] for c in layout()[name]].index(column)
    table = csv.reader(io.StringIO(members[name].decode(), newline=""), delimiter=";")
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows(row[:place] + row[place + 1 :] for row in table)
    index = index_xml(columns, "Kassenwerk", str(town.identity["city"]))
    return {**members, "index.xml": index, name: out.getvalue().encode()}


def _wrong(data: TillData, plants: list[dict[str, Any]]) -> dict[int, int]:
    """Receipts whose head says another sum than their lines: receipt -> difference in cents."""
    wrong = {}
    for plant in plants:
        if plant["kind"] != "vat_sums_differ":
            continue
        days = [day.isoformat() for day in data.closing_day]
        if str(plant["period"]) not in days:
            continue
        of_day = data.closing == days.index(str(plant["period"]))
        fit = np.flatnonzero(of_day & (data.kind == RECEIPT) & (data.gross > 0))
        wrong[int(fit[0])] = int(str(plant["difference"]).replace(".", ""))
    return wrong


def _signatures(town: Town, data: TillData) -> str:
    """128 hex digits per receipt, drawn month by month."""
    months = data.closing_month[data.closing] if len(data.closing) else np.empty(0, dtype=np.int64)
    unique, counts = np.unique(months, return_counts=True)
    return "".join(
        town.rng("tse", data.till.index, int(month)).bytes(64 * int(number)).hex()
        for month, number in zip(unique, counts, strict=True)
    )


def _csv_files(town: Town, data: TillData) -> Iterator[tuple[Delivery, bytes]]:
    till, matrix, table = data.till, count(data), line_rows(town, data)
    plants = [p for p in town.plants_of("wrong_encoding") if p["site"] == till.site.name]
    for name, month, first, last in _periods(town, data):
        path = f"pos_csv/{till.till_id}/{till.till_id}_{name}.csv"
        plain = Delivery(
            "pos_csv", path, till.till_id, till.site.index, month, _sums(matrix, first, last)
        )
        text = HEADER + table.part(first, last).decode()
        planted = [p for p in plants if str(p["period"]) == name]
        if planted:
            wrong = replace(plain, plant_id=planted[0]["id"], reason="wrong_encoding")
            yield wrong, text.encode(planted[0]["encoding"])
        else:
            yield plain, text.encode("cp1252")


def _sums(matrix: np.ndarray, first: int, last: int) -> dict[str, int]:
    return dict(zip(COUNTS, matrix[first:last].sum(axis=0).tolist(), strict=True))
