# SPDX-License-Identifier: Apache-2.0
"""What the simulator reads: the town's plan under ``cooperative/town`` and the reference lists.

Belongs here: reading and typing of those files, and the random streams that everything is drawn
from. Does not belong here: what a source delivers (one module per source) or what is true in the
end (``truth``).
"""

import csv
import hashlib
import io
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from foundation.errors import ConfigError

INPUT_FILES = (
    "cooperative.yaml",
    "reference/quarters.csv",
    "reference/blocks.csv",
    "reference/trades.csv",
    "reference/sensors.csv",
    "reference/region.csv",
    "town/town.yaml",
    "town/businesses.csv",
    "town/citizens.csv",
    "town/goods.csv",
    "town/sales.csv",
)
# One number per family of files: a new source takes the next number and changes no other file.
FAMILIES = {
    "site": 1,
    "till": 2,
    "tse": 3,
    "footfall": 4,
    "premises": 5,
    "membership": 6,
    "weather": 7,
    "events": 8,
    "sensorthings": 9,
    "eco_counter": 10,
    "air": 11,
    "survey": 12,
    "supply": 13,
    "merchandise": 14,
    "production": 15,
    "forecast_weather": 16,
    "experiment": 17,
}


@dataclass(frozen=True)
class Month:
    """A calendar month; ``index`` counts from year 0 so that spans are subtractions."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """A month from ``YYYY-MM`` or ``YYYY-MM-DD``."""
        return cls(int(text[:4]), int(text[5:7]))

    @property
    def index(self) -> int:
        """Months since year 0."""
        return self.year * 12 + self.number - 1

    def next(self) -> "Month":
        """The month after this one."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def before(self) -> "Month":
        """The month before this one."""
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of the month."""
        return _days_of(self.year, self.number)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


@cache
def _days_of(year: int, number: int) -> tuple[date, ...]:
    return tuple(date(year, number, day + 1) for day in range(monthrange(year, number)[1]))


def span(first: str, last: str) -> list[Month]:
    """Months from ``first`` to ``last``, both included."""
    months = [Month.parse(first)]
    while months[-1].index < Month.parse(last).index:
        months.append(months[-1].next())
    return months


@dataclass(frozen=True)
class Member:
    """A member with shops, as in businesses.csv (all texts, dates as ISO text)."""

    number: str
    kind: str
    owner_no: str
    name: str
    legal_form: str
    contact: str
    vat_status: str
    vat_id: str
    tax_number: str
    iban: str
    account_holder: str
    email: str
    phone: str
    joined_on: str
    left_on: str
    self_billing_on: str
    shares: int


@dataclass(frozen=True)
class Site:
    """A shop: of a member (it delivers till data) or not (it only occupies a premise)."""

    index: int
    number: str
    name: str
    trade_id: str
    street: str
    house_no: str
    block_id: str
    tills: int
    system: str
    size: str
    is_chain: bool
    opened_on: date
    closed_on: date | None
    member: Member | None

    @property
    def quarter_id(self) -> str:
        """Quarter, the first part of the block's id."""
        return self.block_id[:3]


@dataclass(frozen=True)
class Till:
    """A cash register; ``index`` picks its random stream, ``share`` is its part of the receipts."""

    index: int
    till_id: str
    site: Site
    share: float


@dataclass(frozen=True)
class Goods:
    """Assortment of one trade as parallel lists; prices and deposits in cents."""

    article_no: list[str]
    name: list[str]
    group: list[str]
    unit: list[str]
    gtin: list[str]
    price: np.ndarray
    deposit: np.ndarray
    vat_key: np.ndarray
    is_food: np.ndarray
    is_weighed: np.ndarray
    cumulative_weight: np.ndarray


@dataclass(frozen=True)
class Town:
    """Everything the simulator knows before it draws; small enough for worker processes."""

    seed: int
    scale: float
    months: list[Month]
    plan: dict[str, Any]
    identity: dict[str, Any]
    quarters: list[dict[str, str]]
    blocks: list[dict[str, str]]
    trade_groups: dict[str, str]
    sensors: list[dict[str, str]]
    region: list[dict[str, str]]
    sites: list[Site]
    citizens: list[dict[str, str]]
    sales: list[dict[str, str]]
    goods: dict[str, Goods]
    plants: list[dict[str, Any]] = field(default_factory=list)

    def rng(self, family: str, *key: int) -> np.random.Generator:
        """The random stream of one file family and key; independent of every other stream."""
        sequence = np.random.SeedSequence([self.seed, FAMILIES[family], *key])
        return np.random.Generator(np.random.PCG64(sequence))

    def plants_of(self, *kinds: str) -> list[dict[str, Any]]:
        """Planted truths of these kinds."""
        return [plant for plant in self.plants if plant["kind"] in kinds]

    def site_named(self, name: str) -> Site:
        """The shop of that name; ConfigError when there is none."""
        for site in self.sites:
            if site.name == name:
                return site
        raise ConfigError(
            f"Datei „town/town.yaml“, Feld „plants“: gefunden „{name}“, erwartet der "
            "Name eines Ladens aus „town/businesses.csv“; bitte den Namen angleichen."
        )

    @cached_property
    def tills(self) -> list[Till]:
        """Tills of all members' shops, in the order of businesses.csv."""
        found: list[Till] = []
        for site in self.sites:
            for i in range(site.tills if site.member else 0):
                share = 1.0 if site.tills == 1 else (0.6, 0.4)[i]
                number = site.number.removeprefix("B-")
                found.append(Till(len(found), f"MK-{number}-{i + 1}", site, share))
        return found

    def has_month(self, text: object) -> bool:
        """Whether the month of ``YYYY-MM…`` lies in the simulated span, the running one included."""
        return Month.parse(str(text)) in self.all_months

    @property
    def until(self) -> date:
        """Last day of which sources deliver that speak every day: the day before ``as_of``."""
        return date.fromisoformat(str(self.plan["running_until"]))

    @property
    def running(self) -> Month:
        """The month that is not over; sources that deliver whole months are silent about it."""
        return Month.parse(str(self.plan["running_until"]))

    @property
    def all_months(self) -> list[Month]:
        """The closed months and the running one."""
        return [*self.months, self.running]

    def days_of(self, month: Month) -> tuple[date, ...]:
        """Days of a month up to ``until``."""
        return tuple(day for day in month.days if day <= self.until)


def read_csv(path: Path) -> list[dict[str, str]]:
    """Rows of a UTF-8 file with ``;`` and a header; ConfigError names a ragged row."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"Datei „{path.name}“: fehlt oder ist nicht lesbar; bitte anlegen."
        ) from error
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise ConfigError(
                f"Datei „{path.name}“, Zeile {number}: gefunden eine andere Zahl von "
                "Spalten, erwartet so viele wie in der Kopfzeile; bitte Semikolons prüfen."
            )
    return rows


def input_files(cooperative: Path) -> list[str]:
    """Names of all files that the simulator reads: the fixed ones and one plan per further source."""
    further = sorted(f"town/{path.name}" for path in (cooperative / "town").glob("*.yaml"))
    return [*INPUT_FILES, *(name for name in further if name not in INPUT_FILES)]


def read_plan(cooperative: Path) -> dict[str, Any]:
    """``town.yaml`` with the plan of each further source under its file's name; plants joined."""
    plan: dict[str, Any] = yaml.safe_load((cooperative / "town/town.yaml").read_text("utf-8"))
    for name in input_files(cooperative):
        if name.endswith(".yaml") and name.startswith("town/") and name != "town/town.yaml":
            own = yaml.safe_load((cooperative / name).read_text("utf-8"))
            plan["plants"] = [*plan["plants"], *own.pop("plants", [])]
            plan[Path(name).stem] = own
    return plan


def inputs_hash(cooperative: Path) -> str:
    """SHA-256 over the names and bytes of all input files."""
    digest = hashlib.sha256()
    for name in input_files(cooperative):
        digest.update(name.encode() + b"\0" + (cooperative / name).read_bytes() + b"\0")
    return digest.hexdigest()


def read_town(cooperative: Path, *, scale: float, seed: int | None, months: int | None) -> Town:
    """The town as planned in ``cooperative``; ``months`` keeps only the last so many."""
    plan = read_plan(cooperative)
    everything = span(str(plan["first_month"]), str(plan["last_month"]))
    reference = cooperative / "reference"
    town = Town(
        seed=int(plan["seed"] if seed is None else seed),
        scale=scale,
        months=everything[-months:] if months else everything,
        plan=plan,
        identity=yaml.safe_load((cooperative / "cooperative.yaml").read_text(encoding="utf-8")),
        quarters=read_csv(reference / "quarters.csv"),
        blocks=read_csv(reference / "blocks.csv"),
        trade_groups={r["trade_id"]: r["trade_group"] for r in read_csv(reference / "trades.csv")},
        sensors=read_csv(reference / "sensors.csv"),
        region=read_csv(reference / "region.csv"),
        sites=_sites(read_csv(cooperative / "town/businesses.csv")),
        citizens=read_csv(cooperative / "town/citizens.csv"),
        sales=read_csv(cooperative / "town/sales.csv"),
        goods=_goods(read_csv(cooperative / "town/goods.csv")),
    )
    # Plants outside the span are left out, so that a short town promises nothing it does not hold.
    dated = [p for p in plan["plants"] if _in_span(town, p)]
    return Town(**{**vars(town), "plants": dated})


def _in_span(town: Town, plant: dict[str, Any]) -> bool:
    when = plant.get("period") or plant.get("month") or plant.get("at") or plant.get("from")
    return when is None or town.has_month(when)


def _sites(rows: list[dict[str, str]]) -> list[Site]:
    sites = []
    for index, r in enumerate(rows):
        member = None
        if r["member_no"]:
            member = Member(
                number=r["member_no"],
                kind=r["member_kind"],
                owner_no=r["owner_no"],
                name=r["member_name"],
                shares=int(r["shares"]),
                **{
                    key: r[key]
                    for key in [
                        "legal_form",
                        "contact",
                        "vat_status",
                        "vat_id",
                        "tax_number",
                        "iban",
                        "account_holder",
                        "email",
                        "phone",
                        "joined_on",
                        "left_on",
                        "self_billing_on",
                    ]
                },
            )
        sites.append(
            Site(
                index=index,
                number=r["site_no"],
                name=r["site_name"],
                trade_id=r["trade_id"],
                street=r["street"],
                house_no=r["house_no"],
                block_id=r["block_id"],
                tills=int(r["tills"]),
                system=r["system"],
                size=r["size"],
                is_chain=r["chain"] == "1",
                opened_on=date.fromisoformat(r["opened_on"]),
                closed_on=date.fromisoformat(r["closed_on"]) if r["closed_on"] else None,
                member=member,
            )
        )
    return sites


def _cents(text: str) -> int:
    whole, _, fraction = text.partition(".")
    return int(whole) * 100 + int((fraction + "00")[:2])


def _goods(rows: list[dict[str, str]]) -> dict[str, Goods]:
    trades: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        trades.setdefault(row["trade_id"], []).append(row)
    found = {}
    for trade_id, items in trades.items():
        weight = np.cumsum([float(r["weight"]) for r in items])
        found[trade_id] = Goods(
            article_no=[r["article_no"] for r in items],
            name=[r["name"] for r in items],
            group=[r["goods_group"] for r in items],
            unit=[r["unit"] for r in items],
            gtin=[r["gtin"] for r in items],
            price=np.array([_cents(r["price_eur"]) for r in items], dtype=np.int64),
            deposit=np.array([_cents(r["deposit_eur"]) for r in items], dtype=np.int64),
            vat_key=np.array([int(r["vat_key"]) for r in items], dtype=np.int64),
            is_food=np.array([r["kind"] == "speise" for r in items]),
            is_weighed=np.array([r["unit"] == "kg" for r in items]),
            cumulative_weight=weight / weight[-1],
        )
    return found
