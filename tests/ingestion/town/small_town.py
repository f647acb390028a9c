# SPDX-License-Identifier: Apache-2.0
"""A Musterstadt with few shops, and an independent reader of what it delivers.

Belongs here: help that these tests share. Does not belong here: tests; and nothing of the
simulator's own writing code is used to read.
"""

import csv
import io
import json
import shutil
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from foundation.settings import PROJECT_ROOT
from ingestion.town import TownManifest, simulate
from ingestion.town.inputs import input_files

COOPERATIVE = PROJECT_ROOT / "cooperative"
# Every shop in which something is planted, and one of each further kind of till.
KEPT_SHOPS = (
    "Backhaus Vennemann",
    "Café Ankunft",
    "Fadenlauf",
    "Leselicht",
    "Papier & Feder",
    "Café Webstuhl",
    "Bäckerei Wolters",
    "Schuhhaus Brinkmann",
    "Gartencafé Heide",
    "Kinderkram Nordstadt",
    "Reisebüro Fernweh",
    "Friseursalon Welle",
    "Textilpflege Rein",
    "Getränke Lütkehaus",
    "Ristorante Da Enzo",
    "Wollstube Elfriede",
    "Küchenfreund",
)
Row = dict[str, str]


def small_cooperative(folder: Path) -> Path:
    """A copy of the sample cooperative with the kept shops only."""
    for name in input_files(COOPERATIVE):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(COOPERATIVE / name, folder / name)
    path = folder / "town/businesses.csv"
    head, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.split(";")[1] in KEPT_SHOPS]
    assert len(kept) == len(KEPT_SHOPS)
    path.write_text(head + "".join(kept), encoding="utf-8")
    return folder


def decimal(text: str) -> Decimal:
    """A number as the tills write it."""
    return Decimal(text.replace(".", "").replace(",", "."))


def csv_rows(data: bytes, encoding: str = "utf-8") -> list[Row]:
    """Rows of a semicolon file with a header."""
    return list(csv.DictReader(io.StringIO(data.decode(encoding), newline=""), delimiter=";"))


@dataclass
class Export:
    """One DSFinV-K zip, read file by file."""

    path: Path

    def rows(self, name: str) -> list[Row]:
        """Rows of one of its files."""
        with zipfile.ZipFile(self.path) as archive:
            return csv_rows(archive.read(name))


@dataclass
class SmallTown:
    """A simulated small town: where it lies and what the simulator said of it."""

    folder: Path
    manifest: TownManifest

    @property
    def inbox(self) -> Path:
        """Where the deliveries lie."""
        return self.folder / "inbox"

    @cached_property
    def truth(self) -> dict[str, Any]:
        """The truth file."""
        text = (self.folder / "town/truth.json").read_text(encoding="utf-8")
        content: dict[str, Any] = json.loads(text)
        return content

    def plant(self, plant_id: str) -> dict[str, Any]:
        """The planted truth of that id."""
        return next(p for p in self.truth["plants"] if p["id"] == plant_id)

    def bad(self, plant_id: str) -> dict[str, Any]:
        """The entry of a faulty file."""
        return next(b for b in self.truth["bad_files"] if b["plant_id"] == plant_id)

    @cached_property
    def exports(self) -> dict[str, Export]:
        """Every good DSFinV-K zip that adds something, by path."""
        return {
            d["path"]: Export(self.inbox / d["path"])
            for d in self.truth["deliveries"]
            if d["contract_id"] == "pos_dsfinvk" and d["good"] and not d["again"]
        }


def build(
    folder: Path, *, scale: float, months: int | None, workers: int = 1, seed: int | None = None
) -> SmallTown:
    """Simulates a small town in the folder."""
    cooperative = small_cooperative(folder / "cooperative")
    manifest = simulate(
        cooperative, folder / "inbox", folder / "town",
        scale=scale, months=months, workers=workers, seed=seed,
    )  # fmt: skip
    return SmallTown(folder, manifest)
