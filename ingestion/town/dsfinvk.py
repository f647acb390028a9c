# SPDX-License-Identifier: Apache-2.0
"""A till's months as DSFinV-K 2.4: the rows of all 20 files, cut into deliveries.

Belongs here: which value stands in which column. Does not belong here: what happened
(``receipts``), the frame of an export (``gdpdu``), planted faults (``deliveries``).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from ingestion.town.demand import ORDER, RECEIPT, RECEIPT_TYPES
from ingestion.town.dsfinvk_closing import closing_files
from ingestion.town.gdpdu import DTD, DTD_NAME, header, index_xml, layout
from ingestion.town.inputs import Town
from ingestion.town.receipts import (
    DISCOUNT,
    LINE_TYPES,
    PAYMENT_TYPES,
    SALE,
    TIP,
    TRANSFER,
    TillData,
)
from ingestion.town.rhythm import utc_offset_hours
from ingestion.town.text import Rows, clock, decimal, gather, quoted, rows

CLERKS = ("Petra Lange", "Kemal Aksoy", "Lena Vogel", "Ute Brandt", "Jonas Reich", "Sina Wolf")
CUSTOMERS = (
    ";;;;;;;;",
    "Kita Sonnenkäfer e. V.;K-1007;Verein;Gartenstr. 3;48999;Musterstadt;DEU;;Rechnung erbeten",
    "Erika Mustermann;K-1042;Stammkunde;Weberzeile 11;48999;Musterstadt;DEU;;",
    "Bauhof Musterstadt;K-1003;Behörde;Ziegelweg 90;48999;Musterstadt;DEU;;Auf Kostenstelle 4711",
    "Max Beispiel;K-1066;Mitarbeiter;Heideweg 5;48999;Musterstadt;DEU;;Personalkauf",
)


@dataclass(frozen=True)
class TillStyle:
    """How a till's software writes: grouped numbers, times with offset, ids per closing."""

    grouping: bool
    offset: bool
    restarts: bool
    brand: str

    @classmethod
    def of(cls, index: int) -> "TillStyle":
        """The style of a till, spread over the tills by their index."""
        brand = ("Kassenwerk", "BonMeister", "Ladentisch Pro", "Zählwerk")[index % 4]
        return cls(
            grouping=index % 7 == 3, offset=index % 3 == 1, restarts=index % 2 == 0, brand=brand
        )


def net_of(gross: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Net in 1/100000 euro of gross cents, rate in hundredths of a percent, rounded half up."""
    part = 10_000 + rate
    size = (2 * np.abs(gross) * 1000 * 10_000 + part) // (2 * part)
    return np.sign(gross) * size


class TillExport:
    """All rows of one till over some months; ``members`` gives the files of a range of closings."""

    def __init__(self, town: Town, data: TillData, signature: str, wrong: dict[int, int]) -> None:
        """``signature``: 128 hex digits per receipt; ``wrong``: receipt -> cents added to it."""
        self.town, self.data = town, data
        self.style = TillStyle.of(data.till.index)
        self.closings = len(data.closing_day)
        zone = [utc_offset_hours(town, day) for day in data.closing_day]
        self.zone = np.array(zone, dtype=np.int64)
        suffix = [f"+0{hours}:00" if self.style.offset else "" for hours in zone]
        at = f"{data.closing_second // 3600:02d}:{data.closing_second // 60 % 60:02d}:00"
        till = data.till.till_id
        self.created = [
            f"{day.isoformat()}T{at}{end}"
            for day, end in zip(data.closing_day, suffix, strict=True)
        ]
        numbers = decimal(data.closing_number, 0, self.style.grouping).to_list()
        self.prefix = [
            f"{till};{made};{number};" for made, number in zip(self.created, numbers, strict=True)
        ]
        self.date = [f"{day.isoformat()}T" for day in data.closing_day]
        self.suffix = [f"{end};" for end in suffix]
        rates = town.plan["vat_rates"]
        self.rates = np.zeros(9, dtype=np.int64)
        for key, entry in rates.items():
            self.rates[int(key)] = int(entry["rate"].replace(".", ""))
        self._receipts(signature, wrong)
        self._lines()
        self.static = {
            "index.xml": index_xml(layout(), _company(data), str(town.identity["city"])),
            DTD_NAME: DTD.encode(),
        }
        self.small = closing_files(self, _company(data))

    def members(self, first: int, last: int) -> dict[str, bytes]:
        """Files of the closings ``first`` to before ``last``, in the order of the zip."""
        files = dict(self.static)
        for name in layout():
            if name in self.tables:
                files[name] = header(name) + self.tables[name].part(first, last)
            else:
                files[name] = header(name) + "".join(self.small[name][first:last]).encode()
        return files

    def _rows(self, columns: list[pl.Series | str], receipt: np.ndarray) -> Rows:
        return rows(columns, self.data.closing[receipt], self.closings)

    def _receipts(self, signature: str, wrong: dict[int, int]) -> None:
        data, group = self.data, self.style.grouping
        count = len(data.closing)
        start = np.searchsorted(data.closing, np.arange(self.closings))
        running = np.arange(count) - start[data.closing] + 1 if self.style.restarts else data.number
        self.bon_id = pl.select(
            pl.concat_str(
                [pl.lit("B"), pl.Series(running + 1_000_000).cast(pl.String).str.slice(1)]
            )
        ).to_series()
        self.head = pl.select(
            pl.concat_str([gather(self.prefix, data.closing), self.bon_id, pl.lit(";")])
        ).to_series()
        everything = np.arange(count)
        kinds = [f";{name};;T1;" for name in RECEIPT_TYPES]
        clerk = (data.clerk + data.till.index) % len(CLERKS)
        names = [f"{i + 1};{name};" for i, name in enumerate(CLERKS)]
        gross = data.gross.copy()
        for receipt, cents in wrong.items():
            gross[receipt] += cents
        begin = np.maximum(data.second - 25 - 7 * data.clerk, 0)
        date = gather(self.date, data.closing)
        end = gather(self.suffix, data.closing)
        head: list[pl.Series | str] = [
            self.head, decimal(data.number, 0, group), gather(kinds, data.kind),
            gather(["0;", "1;"], data.is_storno.astype(np.int64)),
            date, clock(begin), end, date, clock(data.second), end,
            gather(names, clerk), decimal(gross, 2, group), ";",
            gather([*CUSTOMERS[1:], CUSTOMERS[0]], data.customer), "\r\n",
        ]  # fmt: skip
        self.tables = {"transactions.csv": self._rows(head, everything)}
        self._payments()
        zone = self.zone[data.closing] * 3600
        art = np.where(data.kind == ORDER, 1, np.where(data.kind == RECEIPT, 0, 2))
        texts = [f"Z;{t};" for t in ("Kassenbeleg-V1", "Bestellung-V1", "SonstigerVorgang")]
        sign = pl.Series(
            [signature[i * 128 : i * 128 + 128] for i in range(count)], dtype=pl.String
        )
        tse: list[pl.Series | str] = [
            self.head, "1;", decimal(data.number * 2, 0, group), ";", date, clock(begin - zone),
            ".000Z;", date, clock(data.second - zone), ".000", gather(texts, art),
            decimal(data.number * 4 + 2, 0, group), ";", sign, ";;Beleg^",
            decimal(data.gross, 2, False, "."), "\r\n",
        ]  # fmt: skip
        self.tables["transactions_tse.csv"] = self._rows(tse, everything)
        seated = np.flatnonzero(data.in_house)
        table = pl.Series(data.number[seated] % 14 + 1).cast(pl.String)
        self.tables["allocation_groups.csv"] = self._rows(
            [self.head.gather(seated), "Tisch ", table, "\r\n"], seated
        )
        self._references()

    def _payments(self) -> None:
        data, group = self.data, self.style.grouping
        paid = data.payment_receipt
        amount = decimal(data.payment_amount, 2, group)
        names = [f"{name};{name};EUR;" for name in PAYMENT_TYPES]
        row: list[pl.Series | str] = [
            self.head.gather(paid), gather(names, data.payment_type), amount, ";", amount, "\r\n",
        ]  # fmt: skip
        self.tables["datapayment.csv"] = self._rows(row, paid)

    def _references(self) -> None:
        data = self.data
        back = np.flatnonzero(data.reverses >= 0)
        closing = data.closing[back]
        created = gather([f"{made};{data.till.till_id};" for made in self.created], closing)
        row: list[pl.Series | str] = [
            self.head.gather(back), ";Transaktion;;", created,
            decimal(data.closing_number[closing], 0, self.style.grouping), ";",
            self.bon_id.gather(data.reverses[back]), "\r\n",
        ]  # fmt: skip
        self.tables["references.csv"] = self._rows(row, back)

    def _lines(self) -> None:
        data, group = self.data, self.style.grouping
        lines, goods = data.lines, self.town.goods[data.till.site.trade_id]
        articles = len(goods.price)
        names = [quoted(name) for name in goods.name]
        texts, middle, units = [], [], []
        # The id of a goods group is its place in the trade's list of groups.
        groups = {name: i + 1 for i, name in enumerate(dict.fromkeys(goods.group))}
        for kind, label in enumerate(LINE_TYPES):
            for i, name in enumerate(names):
                if kind == SALE:
                    text, unit, group_name = name, goods.unit[i], goods.group[i]
                    article = (
                        f"{goods.article_no[i]};{goods.gtin[i]};{groups[group_name]};{group_name}"
                    )
                else:
                    text = label if kind in (TIP, TRANSFER) else quoted(f"{label} {goods.name[i]}")
                    unit, article = "Stück", ";;;"
                texts.append(f";;{text};T1;{label};;")
                middle.append(f"0;{article};")
                units.append(f"1,000;{unit};")
        which = lines.kind * articles + np.maximum(lines.article, 0)
        prefix = self.head.gather(lines.receipt)
        position = pl.Series(lines.position).cast(pl.String)
        flags = data.in_house[lines.receipt].astype(np.int64) * 2 + lines.cancelled
        row: list[pl.Series | str] = [
            prefix, position, gather(texts, which), gather(["0;0;", "0;1;", "1;0;", "1;1;"], flags),
            gather(middle, which), decimal(lines.quantity, 3, group), ";",
            gather(units, which), decimal(lines.price * 1000, 5, group), "\r\n",
        ]  # fmt: skip
        self.tables["lines.csv"] = self._rows(row, lines.receipt)
        self.net = net_of(lines.amount, self.rates[lines.vat_key])
        self.tables["lines_vat.csv"] = self._rows(
            [prefix, position, *self._money(lines.vat_key, lines.amount * 1000, self.net, ";")],
            lines.receipt,
        )
        cut = np.flatnonzero(lines.kind == DISCOUNT)
        money = self._money(
            lines.vat_key[cut], lines.amount[cut] * 1000, self.net[cut], ";discount;"
        )
        self.tables["itemamounts.csv"] = self._rows(
            [prefix.gather(cut), position.gather(cut), *money], lines.receipt[cut]
        )
        pair = lines.receipt * 9 + lines.vat_key
        unique, inverse = np.unique(pair, return_inverse=True)
        gross = np.bincount(inverse, lines.amount, len(unique)).astype(np.int64) * 1000
        net = np.bincount(inverse, self.net, len(unique)).astype(np.int64)
        self.tables["transactions_vat.csv"] = self._rows(
            [self.head.gather(unique // 9), *self._money(unique % 9, gross, net, "")], unique // 9
        )

    def _money(
        self, key: np.ndarray, gross: np.ndarray, net: np.ndarray, before: str
    ) -> list[pl.Series | str]:
        group = self.style.grouping
        keys = [f"{before}{i};" for i in range(9)]
        parts: list[pl.Series | str] = [gather(keys, key), decimal(gross, 5, group), ";"]
        return [*parts, decimal(net, 5, group), ";", decimal(gross - net, 5, group), "\r\n"]


def _company(data: TillData) -> str:
    member = data.till.site.member
    return member.name if member else data.till.site.name
