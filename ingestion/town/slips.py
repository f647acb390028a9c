# SPDX-License-Identifier: Apache-2.0
"""Evening slips (Retourenzettel): baked, left over, sold out at, as people fill them in.

Belongs here: which slip holds which day, what is missing, late or wrong on it, and the truth about
sold-out articles. Does not belong here: what was baked and wanted (``production``).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ingestion.town.delivered import Delivered
from ingestion.town.inputs import Site, Town
from ingestion.town.production import NOT_SOLD_OUT, Shelf, articles_of, shelf

HEADER = "datum;betriebsstaette_nr;artikel_nr;gebacken;uebrig;ausverkauft_um\r\n"
CONTRACT = "returns_slip"
# Second key of the random stream, so that slips and baking never share one.
_SLIPS = 1
_PLANTS = (
    "slip_left_over_above_baked", "slip_doubled", "slip_wrong_encoding", "slip_unknown_site",
)  # fmt: skip

# Rows of one day: article number, baked, left over (thousandths), sold out at ("" or HH:MM)
Row = tuple[str, int, int, str]


@dataclass
class _Written:
    """Everything that all shops handed in, and what is true about it."""

    paths: list[str] = field(default_factory=list)
    bad_files: list[dict[str, Any]] = field(default_factory=list)
    sold_out: list[dict[str, Any]] = field(default_factory=list)
    missing_days: list[dict[str, str]] = field(default_factory=list)
    missing_articles: list[dict[str, str]] = field(default_factory=list)
    late_days: list[dict[str, str]] = field(default_factory=list)
    article_days: int = 0
    article_days_with_slip: int = 0
    sold_out_days_with_slip: int = 0


def deliver_slips(town: Town, inbox: Path) -> Delivered:
    """Writes the slips of the shops that keep them; the truth is about all shops that bake."""
    written = _Written()
    for site in town.sites:
        if site.member and site.trade_id in town.goods and articles_of(town, site.trade_id):
            slips = _Slips(town, site, inbox, written)
            for month in town.all_months:
                slips.take(shelf(town, site, [month]))
            slips.write()
    truth = {
        "wishes": town.plan["production"]["wishes"],
        "sites_with_slips": [s.number for s in town.sites if _has_slips(town, s)],
        **{k: v for k, v in vars(written).items() if k not in ("paths", "bad_files")},
    }
    return Delivered(paths=sorted(written.paths), truth=truth, bad_files=written.bad_files)


def _has_slips(town: Town, site: Site) -> bool:
    owners = town.plan["production"]["slips"]["owners"]
    return site.member is not None and site.member.owner_no in owners


class _Slips:
    """The slips of one shop, gathered month by month."""

    def __init__(self, town: Town, site: Site, inbox: Path, written: _Written) -> None:
        self.town, self.site, self.inbox, self.written = town, site, inbox, written
        self.plan = town.plan["production"]["slips"]
        self.has_slips = _has_slips(town, site)
        names = [(p, p.get("site", p.get("like"))) for p in town.plants_of(*_PLANTS)]
        self.plants = [plant for plant, name in names if name == site.name]
        self.in_time: dict[str, dict[date, list[Row]]] = defaultdict(dict)
        self.late: dict[str, dict[date, list[Row]]] = defaultdict(dict)

    def take(self, shown: Shelf) -> None:
        """A month: what sold out, and what is written down of it."""
        if not shown.day:
            return
        numbers = self.town.goods[self.site.trade_id].article_no
        first = shown.day[0]
        chance = self.town.rng(
            "production", self.site.index, first.year * 12 + first.month - 1, _SLIPS
        ).random((len(shown.day), 2 + len(shown.articles)))
        for i, day in enumerate(shown.day):
            rows = [
                (numbers[article], int(shown.baked[i, j]), int(shown.left[i, j]),
                 _clock(int(shown.sold_out_second[i, j])))
                for j, article in enumerate(shown.articles)
            ]  # fmt: skip
            self._remember_sold_out(day, rows, shown.wanted[i].tolist())
            if self.has_slips:
                # Where a fault is planted the day is on the slip, whatever luck says.
                planted = any(plant["at"] == day for plant in self.plants)
                self._fill_in(day, rows, [1.0] * chance.shape[1] if planted else chance[i].tolist())

    def _remember_sold_out(self, day: date, rows: list[Row], wanted: list[int]) -> None:
        self.written.article_days += len(rows)
        out = [(row, want) for row, want in zip(rows, wanted, strict=True) if row[3]]
        if self.has_slips:
            self.written.article_days_with_slip += len(rows)
            self.written.sold_out_days_with_slip += len(out)
        self.written.sold_out += [
            {
                "site_no": self.site.number,
                "article_no": number,
                "day_date": day.isoformat(),
                "baked": _plain(baked),
                "wanted": _plain(want),
                "sold_out_at": at,
            }
            for (number, baked, _, at), want in out
        ]

    def _fill_in(self, day: date, rows: list[Row], chance: list[float]) -> None:
        key = {"site_no": self.site.number, "day_date": day.isoformat()}
        if chance[0] < self.plan["missing_days"]:
            self.written.missing_days.append(key)
            return
        kept = []
        for row, luck in zip(rows, chance[2:], strict=True):
            if luck < self.plan["missing_articles"]:
                self.written.missing_articles.append(key | {"article_no": row[0]})
            else:
                kept.append(row)
        member = self.site.member
        is_late = member is not None and member.owner_no in self.plan["late_owners"]
        if is_late and chance[1] < self.plan["late_share"]:
            self.late[f"{day:%Y-%m}"][day] = kept
        else:
            self.in_time[self._period(day)][day] = kept

    def _period(self, day: date) -> str:
        """Old slips were typed in month by month, since then they come week by week."""
        if day < self.plan["weekly_from"]:
            return f"{day:%Y-%m}"
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"

    def write(self) -> None:
        """All files of the shop, the planted faults in the place of the good ones."""
        if not self.has_slips:
            return
        for period, days in self.in_time.items():
            mine = [plant for plant in self.plants if plant["at"] in days]
            for name, content in self._files(period, days, mine):
                self._put(name, content)
        for period, days in self.late.items():
            name = f"nachlieferung/{self._name(period)}_nachtrag.csv"
            self._put(name, self._text(days).encode())
            self.written.late_days += [
                {
                    "site_no": self.site.number,
                    "day_date": d.isoformat(),
                    "path": f"{CONTRACT}/{name}",
                }
                for d in days
            ]

    def _files(
        self, period: str, days: dict[date, list[Row]], plants: list[dict[str, Any]]
    ) -> Iterator[tuple[str, bytes]]:
        name = f"{self.site.number}/{self._name(period)}"
        text, encoding = self._text(days), "utf-8"
        for plant in plants:
            kind = plant["kind"]
            if kind == "slip_left_over_above_baked":
                text = self._overfull(text, plant, f"{name}.csv")
            elif kind == "slip_doubled":
                head, *lines = text.splitlines(keepends=True)
                yield f"{name}_kopie.csv", "".join([head, *reversed(lines)]).encode()
            elif kind == "slip_wrong_encoding":
                encoding = "utf-16"
                self._bad(plant, f"{name}.csv", "slip_wrong_encoding", "delivery")
            elif kind == "slip_unknown_site":
                other = plant["site_no"]
                path = f"{other}/retouren_{other}_{period}.csv"
                self._bad(plant, path, "slip_unknown_site", "delivery")
                yield path, text.replace(f";{self.site.number};", f";{other};").encode()
        yield f"{name}.csv", text.encode(encoding)

    def _overfull(self, text: str, plant: dict[str, Any], name: str) -> str:
        """One row on which more is left over than was baked."""
        lines = text.splitlines(keepends=True)
        start = f"{plant['at']:%d.%m.%Y};{self.site.number};{plant['article']};"
        place = next(i for i, line in enumerate(lines) if line.startswith(start))
        baked = lines[place].split(";")[3]
        lines[place] = f"{start}{baked};{plant['left_over']};\r\n"
        self._bad(plant, name, "slip_left_over_above_baked", "row", row=place + 1)
        return "".join(lines)

    def _bad(self, plant: dict[str, Any], name: str, reason: str, unit: str, **more: int) -> None:
        path = f"{CONTRACT}/{name}"
        self.written.bad_files.append(
            {"plant_id": plant["id"], "contract_id": CONTRACT, "path": path, "reason": reason,
             "unit": unit, **more}
        )  # fmt: skip

    def _name(self, period: str) -> str:
        return f"retouren_{self.site.number}_{period}"

    def _text(self, days: dict[date, list[Row]]) -> str:
        return HEADER + "".join(
            f"{day:%d.%m.%Y};{self.site.number};{number};{_german(baked)};{_german(left)};{at}\r\n"
            for day, rows in days.items()
            for number, baked, left, at in rows
        )

    def _put(self, name: str, content: bytes) -> None:
        path = self.inbox / CONTRACT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.written.paths.append(f"{CONTRACT}/{name}")


def _clock(second: int) -> str:
    return "" if second == NOT_SOLD_OUT else f"{second // 3600:02d}:{second // 60 % 60:02d}"


def _plain(thousandths: int) -> str:
    return f"{thousandths // 1000}.{thousandths % 1000:03d}"


def _german(thousandths: int) -> str:
    return _plain(thousandths).rstrip("0").rstrip(".").replace(".", ",")
