# SPDX-License-Identifier: Apache-2.0
"""What a cooperative says about itself in ``cooperative.yaml``.

Belongs here: the typed model of that file. Does not belong here: contracts (``contracts.py``), statute and price list
(``analysis/distribution``), releases (``quality/disclosure``), the simulated town (``ingestion/town``).
"""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from foundation.errors import ConfigError


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Organ(_Model):
    """An organ of the cooperative that may decide or must be heard."""

    id: str
    name: str
    decides: str = ""
    seats: list[str] | int | dict[str, int] | list[dict[str, str | int]] | None = None


class Contact(_Model):
    """The guide whom members may call; stands on every paper."""

    name: str
    role: str
    phone: str
    email: str


class Person(_Model):
    """Somebody with a duty, reachable by mail."""

    name: str
    email: str


class DisclosureRules(_Model):
    """Thresholds of the gate; see ``quality/disclosure`` for their sources."""

    persons_min: int = Field(ge=3)
    firms_min: int = Field(ge=3)
    top1_max: float = Field(gt=0, le=1)
    top2_max: float = Field(gt=0, le=1)
    p_percent: float = Field(gt=0)
    statistics_min: int = Field(ge=3)
    statistics_top2_max: float = Field(gt=0, le=1)
    ageing_months: int = Field(ge=0)
    protection_percent: float = Field(gt=0)


class Membership(_Model):
    """What a share costs; stands on every member's report."""

    share_value_eur: Decimal = Field(ge=0)


class Cooperative(_Model):
    """The cooperative as a legal person, and the frame of its calendar."""

    name: str
    short_name: str
    legal_form: str
    street: str
    postcode: str
    city: str
    country: str
    registration: str = Field(validation_alias="register")
    tax_number: str
    vat_id: str
    iban: str
    account_holder: str
    website: str
    email: str
    state: str = Field(pattern="^(BB|BE|BW|BY|HB|HE|HH|MV|NI|NW|RP|SH|SL|SN|ST|TH)$")
    timezone: str
    language: Literal["de", "en"]
    as_of: datetime | None = None
    fiscal_year_start_month: int = Field(ge=1, le=12)
    data_start: date = Field(
        default=date(2020, 1, 1), description="No delivery covers an earlier day"
    )
    represented_by: list[str] = []
    data_protection_officer: Person | None = None
    supervisory_authority: str = ""
    audit_association: str = ""
    server_logs: str = Field(
        default="Es werden keine Zugriffe aufgezeichnet.",
        description="Stands in the privacy statement",
    )
    organs: list[Organ]
    contact: Contact
    disclosure: DisclosureRules
    membership: Membership | None = None


@lru_cache(maxsize=8)
def _load(path: Path, modified: int) -> Cooperative:
    try:
        return Cooperative.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"Datei „{path.name}“ ist nicht in UTF-8 gespeichert; im Editor mit Zeichensatz UTF-8 neu speichern."
        ) from error
    except yaml.YAMLError as error:
        raise ConfigError(
            f"Datei „{path.name}“ ist kein gültiges YAML ({str(error).splitlines()[0]}); Einrückung und Doppelpunkte prüfen."
        ) from error
    except ValidationError as error:
        # Without the cause: pydantic's own text shows the whole file, account numbers included.
        raise ConfigError(_sentence(path, error)) from None


def _sentence(path: Path, error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(p) for p in first["loc"])
    if first["type"] == "missing":
        return (
            f"Datei „{path.name}“, Feld „{place}“: gefunden nichts, erwartet eine Angabe; das Feld ergänzen "
            "oder einen Tippfehler in seinem Namen berichtigen."
        )
    found = (
        f"„{str(first['input'])[:60]}“"
        if isinstance(first["input"], str | int | float)
        else "eine andere Form"
    )
    return f"Datei „{path.name}“, Feld „{place}“: gefunden {found}, erwartet: {first['msg']}; Angabe berichtigen."


def load_cooperative(folder: Path) -> Cooperative:
    """Read ``cooperative.yaml`` in ``folder``.

    Raises:
        ConfigError: the file is missing, not YAML, or a field is missing or wrong.
    """
    path = folder / "cooperative.yaml"
    if not path.is_file():
        raise ConfigError(
            f"Datei „{path}“ fehlt; mit `ortskern init` anlegen oder ORTSKERN_COOPERATIVE auf den richtigen Ordner setzen."
        )
    return _load(path, path.stat().st_mtime_ns)
