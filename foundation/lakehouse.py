# SPDX-License-Identifier: Apache-2.0
"""The lakehouse: the only place that knows where data lies.

Belongs here: creating and attaching the DuckLake, the writer's lock, what dlt and dbt need to reach the same lake,
snapshots, content hashes. Does not belong here: any table's definition (migrations, dbt) or meaning.

Two catalogs (SQLite file, PostgreSQL) and two homes for parquet files (folder, S3) are told apart by URL, here alone.
The lake is created encrypted before dlt or dbt see it, because neither of them would ask for encryption.
"""

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

import duckdb
import yaml
from duckdb import DuckDBPyConnection

from foundation.errors import ConfigError, LakeError, SnapshotGoneError
from foundation.settings import Settings

ALIAS = "lake"
SCHEMAS = ("landing", "raw", "staging", "core", "marts", "ledger", "release", "papers")
# dlt names the catalog's schema on PostgreSQL itself; the other ways in must say the same.
METADATA_SCHEMA = "ortskern"
EXTENSIONS = ("ducklake", "sqlite_scanner", "postgres_scanner", "httpfs")
EXTENSION_DIRECTORY = Path(sys.prefix) / "duckdb_extensions"
MEMORY_LIMIT = "2GB"
# dlt's bookkeeping differs from run to run; equality of tables is judged without it.
DLT_COLUMNS = ("_dlt_load_id", "_dlt_id")
PLAIN_LAKE = (
    "Der Datenbestand ist unverschlüsselt angelegt, die Einstellung verlangt Verschlüsselung; "
    "den Ordner des Datenbestands wegräumen und neu aufbauen (ortskern run)."
)


@cache
def ensure_extensions() -> None:
    """Put the extensions of their PyPI wheels where DuckDB looks for them, and check their signatures, once per process.

    Nothing is ever downloaded. DuckDB would check every signature again in every engine, which means hashing all
    extensions whole: most of what opening the lake costs. Engines therefore trust what was checked here.

    Raises:
        LakeError: an extension is not what its makers signed.
    """
    folder = EXTENSION_DIRECTORY / f"v{duckdb.__version__}"
    there = all(list(folder.glob(f"*/{name}.duckdb_extension")) for name in EXTENSIONS)
    EXTENSION_DIRECTORY.mkdir(parents=True, exist_ok=True)
    config: dict[str, Any] = {
        "extension_directory": str(EXTENSION_DIRECTORY),
        "autoinstall_known_extensions": False,
    }
    with duckdb.connect(config=config) as con:
        for name in EXTENSIONS:
            if not there:
                from duckdb_extensions import import_extension

                import_extension(name, con=con)
            try:
                con.execute(f"LOAD {name}")
            except duckdb.Error as error:
                raise LakeError(
                    f"Die DuckDB-Erweiterung „{name}“ ist nicht die, die ihre Hersteller unterschrieben haben; "
                    "den Ordner .venv löschen und neu einrichten (make setup)."
                ) from error


def engine(path: str = ":memory:") -> DuckDBPyConnection:
    """A DuckDB engine as Ortskern uses it: own extensions, no downloads, encrypted temporary files, bounded memory."""
    ensure_extensions()
    con = duckdb.connect(path, config=_engine_config())
    # Not possible at connect time; and the machine's own zone must never decide what an instant reads as.
    con.execute("SET TimeZone = 'UTC'")
    # DuckDB would draw its own progress into our output.
    con.execute("SET enable_progress_bar = false")
    return con


def _engine_config() -> dict[str, Any]:
    return {
        "extension_directory": str(EXTENSION_DIRECTORY),
        "autoinstall_known_extensions": False,
        # Their signatures are checked in `ensure_extensions`.
        "allow_unsigned_extensions": True,
        "temp_file_encryption": True,
        "memory_limit": MEMORY_LIMIT,
        "threads": min(os.cpu_count() or 2, 4),
    }


def quote(text: str) -> str:
    """A string as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


class Lakehouse:
    """One lake, as the settings name it. Cheap to make; opens nothing until asked."""

    _held: ClassVar[dict[str, int]] = {}

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        catalog = urlsplit(settings.catalog)
        if catalog.scheme not in ("sqlite", "postgresql"):
            raise ConfigError(
                f"Einstellung „catalog“: gefunden „{catalog.scheme}“, erwartet sqlite:///… oder postgresql://…; ORTSKERN_CATALOG berichtigen."
            )
        self._catalog = catalog
        self._is_file = catalog.scheme == "sqlite"
        # Three slashes stand before an absolute path: sqlite:////home/… keeps the fourth.
        self._catalog_path = (
            Path("/" + unquote(catalog.path).lstrip("/")) if self._is_file else None
        )

    # -- creating and attaching ------------------------------------------------------------------------------------

    def create(self) -> None:
        """Create the lake with its schemas; a lake that is there stays as it is.

        Raises:
            LakeError: the lake that is there was created without encryption although the settings ask for it.
        """
        if self._catalog_path is not None:
            self._catalog_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if "://" not in self.settings.data:
            Path(self.settings.data).mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.writer() as con:
            encrypted = con.execute(
                "SELECT value FROM ducklake_options('lake') WHERE option_name = 'encrypted'"
            ).fetchone()
            wanted = self.settings.encryption == "lake"
            if wanted and (encrypted is None or encrypted[0] != "true"):
                raise LakeError(PLAIN_LAKE)
            present = {
                r[0]
                for r in con.execute(
                    "SELECT schema_name FROM information_schema.schemata WHERE catalog_name = 'lake'"
                ).fetchall()
            }
            missing = [s for s in SCHEMAS if s not in present]
            if missing:
                # Inlined rows would stay in free pages of the catalog after an erasure.
                con.execute("CALL lake.set_option('data_inlining_row_limit', 0)")
                con.execute("BEGIN")
                for schema in missing:
                    con.execute(f"CREATE SCHEMA lake.{schema}")
                con.execute("COMMIT")

    def connect(self, read_only: bool = False, at: int | None = None) -> DuckDBPyConnection:
        """An engine with the lake attached as ``lake`` and in use. The caller closes it.

        ``at`` attaches the lake as it was at that snapshot, read only.
        """
        con = engine()
        try:
            for statement in self._attach_statements(read_only, at):
                con.execute(statement)
        except duckdb.Error as error:
            con.close()
            if "Failed to set encryption" in str(error):
                raise LakeError(PLAIN_LAKE) from error
            if at is not None and "No snapshot found" in str(error):
                raise SnapshotGoneError(
                    f"Snapshot {at} gelöscht (Art. 17) oder abgelaufen; Unterschrift und Prüfsummen gelten weiter."
                ) from error
            raise LakeError(
                f"Der Datenbestand ist nicht erreichbar ({str(error).splitlines()[0]}); `ortskern doctor` sagt, was zu tun ist."
            ) from error
        return con

    def exists(self) -> bool:
        """Whether the lake has been created."""
        if self._catalog_path is not None and not self._catalog_path.is_file():
            return False
        try:
            with self.connect(read_only=True) as con:
                names = {
                    r[0]
                    for r in con.execute(
                        "SELECT schema_name FROM information_schema.schemata WHERE catalog_name = 'lake'"
                    ).fetchall()
                }
        except LakeError:
            return False
        return set(SCHEMAS) <= names

    @contextmanager
    def writer(self) -> Iterator[DuckDBPyConnection]:
        """A connection that may write, under the one writer's lock.

        The lock is a file in ``home``; within one process it may be taken again (dbt and dlt run under it).
        """
        with self.lock(), self.connect() as con:
            yield con

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the writer's lock, reentrant within the process. Waits for another process to finish."""
        self.settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = str(self.settings.home / "writer.lock")
        if self._held.get(path, 0) > 0:
            self._held[path] += 1
            try:
                yield
            finally:
                self._held[path] -= 1
            return
        with Path(path).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._held[path] = 1
            try:
                yield
            finally:
                self._held[path] = 0

    def is_busy(self) -> bool:
        """Whether another process holds the writer's lock right now."""
        path = self.settings.home / "writer.lock"
        if self._held.get(str(path), 0) > 0 or not path.is_file():
            return False
        with path.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _attach_statements(self, read_only: bool, at: int | None = None) -> list[str]:
        options = {"DATA_PATH": quote(self.settings.data), "OVERRIDE_DATA_PATH": "true"}
        if self.settings.encryption == "lake":
            options["ENCRYPTED"] = "true"
        if self._is_file:
            options |= {"META_JOURNAL_MODE": "'WAL'", "META_BUSY_TIMEOUT": "5000"}
        else:
            options["METADATA_SCHEMA"] = quote(METADATA_SCHEMA)
        if read_only or at is not None:
            options["READ_ONLY"] = "true"
        if at is not None:
            options["SNAPSHOT_VERSION"] = str(int(at))
        listed = ", ".join(f"{k} {v}" for k, v in options.items())
        statements = ["LOAD httpfs", *self._secret_statements()]
        statements += [
            f"ATTACH {quote(self._attach_target())} AS {ALIAS} ({listed})",
            f"USE {ALIAS}",
        ]
        return statements

    def _attach_target(self) -> str:
        if self._is_file:
            return f"ducklake:sqlite:{self._catalog_path}"
        return f"ducklake:postgres:{self.settings.catalog}"

    def _secret_statements(self) -> list[str]:
        if "://" not in self.settings.data:
            return []
        fields = ", ".join(f"{k} {quote(v)}" for k, v in self._s3_secret().items())
        return [f"CREATE OR REPLACE SECRET ortskern_s3 (TYPE s3, {fields})"]

    def _s3_secret(self) -> dict[str, str]:
        endpoint = urlsplit(self.settings.s3_endpoint)
        return {
            "KEY_ID": self.settings.s3_access_key,
            "SECRET": self.settings.s3_secret_key.get_secret_value(),
            "ENDPOINT": endpoint.netloc,
            "URL_STYLE": "path",
            "USE_SSL": "true" if endpoint.scheme == "https" else "false",
            "REGION": self.settings.s3_region,
        }

    # -- the same lake for dlt and dbt -----------------------------------------------------------------------------

    def dlt_destination(self) -> Any:
        """dlt's ``ducklake`` destination on this lake (dlt is imported here, it takes a second)."""
        from dlt.common.configuration.specs import AwsCredentials
        from dlt.common.storages.configuration import FilesystemConfiguration
        from dlt.destinations.impl.ducklake.configuration import DuckLakeCredentials

        from foundation.dlt_engine import destination

        if "://" in self.settings.data:
            storage = FilesystemConfiguration(
                bucket_url=self.settings.data,
                credentials=AwsCredentials(
                    aws_access_key_id=self.settings.s3_access_key,
                    aws_secret_access_key=self.settings.s3_secret_key.get_secret_value(),
                    endpoint_url=self.settings.s3_endpoint,
                    region_name=self.settings.s3_region,
                    s3_url_style="path",
                ),
            )
        else:
            storage = FilesystemConfiguration(bucket_url=self.settings.data)
        catalog = f"sqlite:///{self._catalog_path}" if self._is_file else self.settings.catalog
        credentials = DuckLakeCredentials(
            ALIAS, metadata_schema=METADATA_SCHEMA, catalog=catalog, storage=storage
        )
        return destination(credentials, engine)

    def dbt_profile(self) -> dict[str, Any]:
        """The profile ``ortskern``: target ``lake`` (this lake) and ``unit`` (a throwaway lake beside it)."""
        attach: dict[str, Any] = {"data_path": self.settings.data, "override_data_path": True}
        if self.settings.encryption == "lake":
            attach["encrypted"] = True
        if self._is_file:
            attach |= {"meta_journal_mode": "WAL", "meta_busy_timeout": 5000}
        else:
            attach["metadata_schema"] = METADATA_SCHEMA
        dbt_dir = self.settings.dbt_dir
        common: dict[str, Any] = {
            "type": "duckdb",
            "database": ALIAS,
            "schema": "staging",
            "threads": 1,
            "config_options": {
                k: v for k, v in _engine_config().items() if k not in ("threads", "memory_limit")
            },
            "settings": {
                "memory_limit": MEMORY_LIMIT,
                "TimeZone": "UTC",
                "enable_progress_bar": False,
            },
            "extensions": ["httpfs", "ducklake", "sqlite_scanner", "postgres_scanner"],
        }
        lake = common | {
            # A file, never :memory:, or column lineage disappears from Dagster without an error.
            "path": str(dbt_dir / "dbt.duckdb"),
            "attach": [{"path": self._attach_target(), "alias": ALIAS, "options": attach}],
        }
        if "://" in self.settings.data:
            lake["secrets"] = [
                {"type": "s3", "name": "ortskern_s3"}
                | {k.lower(): v for k, v in self._s3_secret().items()}
            ]
        unit_options = {"data_path": str(dbt_dir / "unit" / "data"), "override_data_path": True}
        unit = common | {
            "path": str(dbt_dir / "unit" / "dbt.duckdb"),
            "attach": [
                {
                    "path": f"ducklake:sqlite:{dbt_dir / 'unit' / 'catalog.sqlite'}",
                    "alias": ALIAS,
                    "options": unit_options,
                }
            ],
        }
        return {"ortskern": {"target": "lake", "outputs": {"lake": lake, "unit": unit}}}

    def write_dbt_profile(self) -> Path:
        """Write ``profiles.yml`` (mode 0600, it may hold credentials) into dbt's folder; returns the folder."""
        folder = self.settings.dbt_dir
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "unit" / "data").mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / "profiles.yml"
        text = yaml.safe_dump(self.dbt_profile(), sort_keys=False, allow_unicode=True)
        if not path.is_file() or path.read_text("utf-8") != text:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
        return folder

    # -- looking at it ---------------------------------------------------------------------------------------------

    def snapshot(self) -> int:
        """Number of the newest snapshot."""
        with self.connect(read_only=True) as con:
            return snapshot_of(con)

    def tables(self) -> list[tuple[str, str]]:
        """(schema, table) of every table in our schemas, in order; views, dlt's and migrations' bookkeeping left out."""
        with self.connect(read_only=True) as con:
            return tables_of(con)

    def content_hashes(self, at: int | None = None) -> dict[str, str]:
        """``schema.table`` to content hash, for every table of ``tables()``, as of snapshot ``at`` where one is given."""
        with self.connect(read_only=True) as con:
            return {f"{s}.{t}": content_hash(con, s, t, at) for s, t in tables_of(con)}


def snapshot_of(con: DuckDBPyConnection) -> int:
    """Number of the newest snapshot that ``con`` sees."""
    row = con.execute("SELECT max(snapshot_id) FROM lake.snapshots()").fetchone()
    return int(row[0]) if row else 0


def tables_of(con: DuckDBPyConnection) -> list[tuple[str, str]]:
    """(schema, table) of every base table, without names that begin with an underscore."""
    marks = ", ".join(quote(s) for s in SCHEMAS)
    rows = con.execute(
        f"""SELECT table_schema, table_name FROM information_schema.tables
        WHERE table_catalog = 'lake' AND table_type = 'BASE TABLE' AND table_schema IN ({marks}) AND table_name NOT LIKE '\\_%' ESCAPE '\\'
        ORDER BY 1, 2"""
    ).fetchall()
    return [(str(s), str(t)) for s, t in rows]


def content_hash(con: DuckDBPyConnection, schema: str, table: str, at: int | None = None) -> str:
    """A fingerprint of the multiset of rows, whatever their order, without dlt's own columns.

    Each row becomes its JSON text; the sum and the exclusive or of two hashes of it go into a SHA-256. Made to compare two
    states of a lake on the same engine, not to be published: manifests carry SHA-256 of whole files.
    """
    columns = [
        str(r[0])
        for r in con.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_catalog = 'lake' AND table_schema = ? AND table_name = ? ORDER BY column_name",
            [schema, table],
        ).fetchall()
    ]
    kept = [c for c in columns if c not in DLT_COLUMNS]
    listed = ", ".join(f'"{c}" := CAST("{c}" AS VARCHAR)' for c in kept)
    version = "" if at is None else f" AT (VERSION => {int(at)})"
    row = con.execute(
        f"""SELECT count(*), coalesce(sum(hash_a::HUGEINT), 0)::VARCHAR, coalesce(bit_xor(hash_b), 0)::VARCHAR
        FROM (SELECT hash(md5(j)) AS hash_a, hash(sha256(j)) AS hash_b
              FROM (SELECT to_json(struct_pack({listed}))::VARCHAR AS j FROM lake.{schema}."{table}"{version}))"""
    ).fetchone()
    if row is None:
        raise LakeError(f"Tabelle „{schema}.{table}“ gibt es nicht; `ortskern run` baut sie.")
    return hashlib.sha256(
        "\x1f".join([",".join(kept), *(str(v) for v in row)]).encode()
    ).hexdigest()
