# SPDX-License-Identifier: Apache-2.0
"""Approvals: the record that an organ allowed a table to be published.

Belongs here: the record, reading and writing ``cooperative/approvals/<table>.yaml``, the question
whether a record covers a definition. Does not belong here: who may decide (the statute).

An approval binds to the definition and to the thresholds, never to the data: new months need no new
approval, another breakdown or another threshold does.
"""

import datetime as dt
import re
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from foundation.cooperative import DisclosureRules
from foundation.errors import ConfigError
from quality.disclosure.definitions import ReleaseDefinition
from quality.disclosure.rules import rules_hash

HEAD = """\
# Freigabe einer Veröffentlichung. Gilt genau für die genannte Definition und die genannten
# Schutzregeln; ändert sich eine von beiden, wartet die Tabelle auf eine neue Freigabe.
"""


class Approval(BaseModel):
    """Who allowed what, when, and where that is written down."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    definition_hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    rules_hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    organ: str = Field(min_length=2)
    heard: str | None = None
    date: dt.date
    minutes: str = Field(min_length=3)


def approve(
    definition: ReleaseDefinition,
    rules: DisclosureRules,
    *,
    organ: str,
    date: dt.date,
    minutes: str,
    heard: str | None = None,
) -> Approval:
    """The record of an organ's decision on exactly this definition under exactly these rules."""
    return Approval(
        table=definition.table,
        definition_hash=definition.definition_hash,
        rules_hash=rules_hash(rules),
        organ=organ,
        heard=heard,
        date=date,
        minutes=minutes,
    )


def covers(
    approval: Approval | None, definition: ReleaseDefinition, rules: DisclosureRules, on: dt.date
) -> bool:
    """Whether ``approval`` allows this table under these rules on day ``on``."""
    return (
        approval is not None
        and approval.table == definition.table
        and approval.definition_hash == definition.definition_hash
        and approval.rules_hash == rules_hash(rules)
        and approval.date <= on
    )


def write_approval(folder: Path, approval: Approval) -> Path:
    """Write ``<folder>/<table>.yaml`` (normally ``cooperative/approvals``); returns the path."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", approval.table):
        raise ConfigError(f"Tabelle „{approval.table}“: kein Tabellenname; Namen berichtigen.")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{approval.table}.yaml"
    content = approval.model_dump(mode="python", exclude_none=True)
    path.write_text(HEAD + yaml.safe_dump(content, sort_keys=False, allow_unicode=True), "utf-8")
    return path


@lru_cache(maxsize=256)
def _validated(text: str) -> Approval:
    """Read once: every step of a run asks for all approvals."""
    return Approval.model_validate(yaml.safe_load(text))


def load_approvals(cooperative: Path) -> dict[str, Approval]:
    """Recorded approvals under ``<cooperative>/approvals``, table to record.

    Raises:
        ConfigError: a record is incomplete or its file has another table's name.
    """
    found = {}
    for path in sorted((cooperative / "approvals").glob("*.yaml")):
        try:
            approval = _validated(path.read_text("utf-8"))
        except (ValidationError, yaml.YAMLError) as error:
            raise ConfigError(
                f"Datei „approvals/{path.name}“ ist unvollständig oder unlesbar "
                f"({str(error).splitlines()[0]}); die Freigabe neu aufnehmen."
            ) from error
        if approval.table != path.stem:
            raise ConfigError(
                f"Datei „approvals/{path.name}“, Feld „table“: gefunden „{approval.table}“, "
                f"erwartet „{path.stem}“; Datei umbenennen."
            )
        found[approval.table] = approval
    return found
