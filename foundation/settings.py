# SPDX-License-Identifier: Apache-2.0
"""Deployment settings: where things lie and which servers serve them.

Belongs here: what differs from machine to machine (folders, addresses, credentials, language).
Does not belong here: what a cooperative decides (``cooperative/``), or any code that asks on which storage it runs:
stores are chosen by their URL, in ``objects.py`` and ``lakehouse.py`` alone.

Sources, later ones win: defaults, the YAML file named by ``ORTSKERN_CONFIG``, environment variables ``ORTSKERN_*``, arguments.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from foundation.errors import ConfigError

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Everything that a deployment sets; see the module's docstring for the order of sources."""

    model_config = SettingsConfigDict(env_prefix="ORTSKERN_", extra="forbid", frozen=True)

    home: Path = Field(
        default=PROJECT_ROOT / "var", description="Folder of all state on this machine"
    )
    cooperative: Path = Field(
        default=PROJECT_ROOT / "cooperative", description="What the cooperative writes by hand"
    )
    catalog: str = Field(
        default="", description="Catalog of the lake: sqlite:///… or postgresql://…"
    )
    data: str = Field(
        default="", description="Parquet files of the lake: folder or s3://bucket/prefix"
    )
    landing: str = Field(
        default="", description="Deliveries as they came: folder or s3://bucket/prefix"
    )
    archive: str = Field(default="", description="Issued papers: folder or s3://bucket/prefix")
    dagster_storage: str = Field(
        default="", description="Run storage of Dagster: empty (SQLite) or postgresql://…"
    )
    s3_endpoint: str = Field(default="", description="http(s)://host:port of the object store")
    s3_access_key: str = ""
    s3_secret_key: SecretStr = SecretStr("")
    s3_region: str = "eu-central-1"
    encryption: Literal["lake", "storage"] = "lake"
    as_of: datetime | None = Field(
        default=None, description="The instant that counts as now; else cooperative.yaml says"
    )
    language: Literal["de", "en"] = "de"

    @model_validator(mode="before")
    @classmethod
    def _fill_places(cls, values: dict[str, Any]) -> dict[str, Any]:
        home = Path(values.get("home") or PROJECT_ROOT / "var").expanduser().resolve()
        values["home"] = home
        values["cooperative"] = (
            Path(values.get("cooperative") or PROJECT_ROOT / "cooperative").expanduser().resolve()
        )
        # Absolute, because DuckLake stores the data path literally and the next process compares it.
        values["catalog"] = values.get("catalog") or f"sqlite:///{home / 'lake' / 'catalog.sqlite'}"
        for name, folder in (("data", "lake/data"), ("landing", "landing"), ("archive", "archive")):
            given = values.get(name)
            if not given:
                values[name] = str(home / folder)
            elif "://" not in given:
                values[name] = str(Path(given).expanduser().resolve())
        return values

    @property
    def inbox(self) -> Path:
        """Where deliveries arrive: one folder per contract."""
        return self.home / "inbox"

    @property
    def keys_dir(self) -> Path:
        """The keystore, mode 0700; to be kept apart from backups of the lake."""
        return self.home / "keys"

    @property
    def register_path(self) -> Path:
        """The encrypted file with identities."""
        return self.home / "register" / "register.duckdb"

    @property
    def dlt_dir(self) -> Path:
        """Working folder of dlt, mode 0700."""
        return self.home / "dlt"

    @property
    def dbt_dir(self) -> Path:
        """Profile, target and logs of dbt."""
        return self.home / "dbt"

    @property
    def dagster_home(self) -> Path:
        """``DAGSTER_HOME``: runs, events, schedules."""
        return self.home / "dagster"

    @property
    def town_dir(self) -> Path:
        """Truth and manifest of the simulated town; read by tests only."""
        return self.home / "town"

    @property
    def portal_dir(self) -> Path:
        """Working folder of the portal's build."""
        return self.home / "portal"

    @property
    def publications_dir(self) -> Path:
        """One folder per edition, with manifest and signature."""
        return self.home / "publications"

    @property
    def statements_dir(self) -> Path:
        """One folder per fiscal year and member."""
        return self.home / "statements"

    @property
    def member_reports_dir(self) -> Path:
        """One folder per member."""
        return self.home / "reports"


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; ``overrides`` win over everything else.

    Raises:
        ConfigError: the YAML file named by ``ORTSKERN_CONFIG`` is missing, unreadable, or has an unknown key.
    """
    values: dict[str, Any] = {}
    named = os.environ.get("ORTSKERN_CONFIG")
    if named:
        path = Path(named)
        if not path.is_file():
            raise ConfigError(
                f"Datei „{path}“ fehlt; die Umgebungsvariable ORTSKERN_CONFIG muss eine YAML-Datei mit Einstellungen nennen."
            )
        try:
            loaded = yaml.safe_load(path.read_text("utf-8")) or {}
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"Datei „{path}“ ist kein gültiges YAML in UTF-8 ({str(error).splitlines()[0]}); Einrückung und Doppelpunkte prüfen."
            ) from error
        if not isinstance(loaded, dict):
            raise ConfigError(
                f"Datei „{path}“: gefunden {type(loaded).__name__}, erwartet Schlüssel und Werte."
            )
        # A password in the environment must win over the file, therefore only names that are not set there.
        values = {k: v for k, v in loaded.items() if f"ORTSKERN_{k.upper()}" not in os.environ}
    values |= overrides
    for name in Settings.model_fields:
        from_environment = os.environ.get(f"ORTSKERN_{name.upper()}")
        if from_environment is not None:
            values.setdefault(name, from_environment)
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "Einstellungen"
        raise ConfigError(
            f"Einstellung „{place}“: {first['msg']}; in der Umgebung (ORTSKERN_…) oder in der YAML-Datei berichtigen."
        ) from error
