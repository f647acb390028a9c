# SPDX-License-Identifier: Apache-2.0
"""Simulates the whole town: every source writes its files, then come truth and manifest.

Belongs here: the order of the sources, worker processes, the manifest. Does not belong here: what
any one source delivers. A further source is one more module and one more line in ``simulate``.
"""

import hashlib
import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from foundation.errors import ConfigError
from ingestion.town.deliveries import Delivery, deliver_foreign, deliver_till
from ingestion.town.footfall import deliver_footfall
from ingestion.town.further import SOURCES
from ingestion.town.inputs import Till, Town, inputs_hash, read_town
from ingestion.town.membership import deliver_office
from ingestion.town.premises import deliver_register
from ingestion.town.truth import Facts, build_truth

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class TownManifest:
    """What was written. ``is_new`` is False when the same town was there already.

    ``lines`` counts receipt lines in all till files (also in faulty and repeated ones), ``bytes``
    the size of all files.
    """

    seed: int
    scale: float
    months: list[str]
    inputs: str
    code: str
    files: dict[str, str]
    sizes: dict[str, int]
    lines: int
    is_new: bool = True

    @property
    def bytes(self) -> int:
        """Size of all files."""
        return sum(self.sizes.values())


def simulate(
    cooperative: Path,
    inbox: Path,
    town_dir: Path,
    *,
    scale: float = 1.0,
    seed: int | None = None,
    months: int | None = None,
    workers: int = 2,
    progress: Progress | None = None,
) -> TownManifest:
    """Writes the town's deliveries into ``inbox``, truth.json and manifest.json into ``town_dir``.

    ``scale`` multiplies the number of receipts (1.0: about two million receipt lines), ``seed``
    replaces the one in town.yaml, ``months`` keeps only the last so many months, ``workers`` is
    the number of processes that draw tills. The same inputs, seed, scale and months give the same
    bytes, whatever the number of workers. Files of an earlier town that are not written again are
    removed; other files in the inbox stay. ``progress`` is called with (done, total, German
    text).
    """
    if scale <= 0 or workers < 1 or (months is not None and months < 1):
        raise ConfigError(
            f"Spielstadt: gefunden scale={scale}, workers={workers}, months={months}, erwartet "
            "Zahlen über null; bitte die Angaben beim Aufruf ändern."
        )
    tell = progress or (lambda _done, _total, _text: None)
    town = read_town(cooperative, scale=scale, seed=seed, months=months)
    wanted: dict[str, Any] = {
        "seed": town.seed,
        "scale": scale,
        "months": [str(month) for month in town.months],
        "inputs": inputs_hash(cooperative),
        "code": _code_hash(),
    }
    there = _read_manifest(town_dir)
    if there and _is_there(there, wanted, inbox):
        tell(1, 1, "Spielstadt ist schon da")
        return TownManifest(**{**asdict(there), "is_new": False})
    _remove(inbox, there)

    total = len(town.tills) + 1
    tell(0, total, "Kassen")
    deliveries: list[Delivery] = []
    for done, part in enumerate(_tills(town, inbox, workers), start=1):
        deliveries += part
        tell(done, total, "Kassen")
    deliveries += deliver_foreign(town, inbox)
    facts = Facts(
        deliveries=deliveries,
        footfall=deliver_footfall(town, inbox),
        register=deliver_register(town, inbox),
        office=deliver_office(town, inbox),
    )
    further = {name: deliver(town, inbox) for name, deliver in SOURCES.items()}
    truth = build_truth(town, facts)
    for name, delivered in further.items():
        truth[name] = delivered.truth
        truth["bad_files"] += delivered.bad_files
    _write_json(town_dir / "truth.json", truth)
    paths = sorted({*_paths(facts), *(p for d in further.values() for p in d.paths)})
    manifest = TownManifest(
        **wanted,
        files={path: hashlib.sha256((inbox / path).read_bytes()).hexdigest() for path in paths},
        sizes={path: (inbox / path).stat().st_size for path in paths},
        lines=sum(d.counts["line_count_all"] for d in deliveries),
    )
    _write_json(town_dir / "manifest.json", asdict(manifest))
    tell(total, total, "Übrige Quellen")
    return manifest


def _paths(facts: Facts) -> Iterator[str]:
    yield from (d.path for d in facts.deliveries)
    yield from (s.path for s in facts.footfall)
    months = sorted({str(q.month) for q in facts.register})
    yield from (f"vacancy_register/leerstandskataster_{month}.csv" for month in months)
    yield "vacancy_register/leerstandskataster.json"
    yield from ("members/mitglieder.csv", "members/betriebsstaetten.csv")
    yield from ("consents/einwilligungen.csv", "product_sales/datenprodukte_verkaeufe.csv")


def _tills(town: Town, inbox: Path, workers: int) -> Iterator[list[Delivery]]:
    """Deliveries of each till, in the order of the tills whichever process finishes first."""
    if workers == 1:
        yield from (deliver_till(town, till, inbox) for till in town.tills)
        return
    # Fresh processes: polars' threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with _one_thread_each(), ProcessPoolExecutor(workers, context) as pool:
        yield from pool.map(partial(_one_till, town, inbox), town.tills)


def _one_till(town: Town, inbox: Path, till: Till) -> list[Delivery]:
    return deliver_till(town, till, inbox)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Worker processes started inside use one polars thread each: the cores are already shared."""
    name = "POLARS_MAX_THREADS"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _code_hash() -> str:
    """SHA-256 over the simulator's own sources: a changed simulator makes a new town."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _is_there(manifest: TownManifest, wanted: dict[str, Any], inbox: Path) -> bool:
    """Whether the manifest is of the town that is wanted and its files are all there, by size."""
    return all(getattr(manifest, key) == value for key, value in wanted.items()) and all(
        (inbox / path).exists() and (inbox / path).stat().st_size == size
        for path, size in manifest.sizes.items()
    )


def _read_manifest(town_dir: Path) -> TownManifest | None:
    path = town_dir / "manifest.json"
    if not path.exists():
        return None
    try:
        return TownManifest(**json.loads(path.read_text(encoding="utf-8")))
    except (TypeError, ValueError):
        # Written by another version: the town is made anew.
        return None


def _remove(inbox: Path, manifest: TownManifest | None) -> None:
    for path in manifest.files if manifest else ():
        (inbox / path).unlink(missing_ok=True)


def _write_json(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
