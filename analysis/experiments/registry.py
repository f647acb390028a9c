# SPDX-License-Identifier: Apache-2.0
"""The register of experiments: what is to be found out and how, written down before it starts.

Belongs here: the typed entry ``cooperative/experiments/<id>.yaml``, its fingerprint, and the record that
an organ registered exactly this entry on a day before the start. Does not belong here: data, methods.

The fingerprint is SHA-256 over the entry's content in one canonical form, so comments and layout may
change and nothing else may. A change is a new version with a record of its own; a version after the
first start that any version named is possible and shows wherever the result is told. The record is booked
in the chained ledger; where that happened after the start, the result says that the minutes alone speak
for the day of registration. Limit: editions name the fingerprint with the result, not before.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from foundation.errors import ConfigError
from foundation.formats import day, number

HEAD = """\
# Anmeldung eines Versuchs: gilt genau für den Wortlaut mit dieser Prüfsumme. Geschrieben von
# `ortskern experiment register`; von Hand geändert, wird der Versuch nicht mehr ausgewertet.
"""
Text = Annotated[str, Field(min_length=3)]
_T = TypeVar("_T", bound=BaseModel)
_DIAGNOSIS = re.compile(r"^diagnosis:.*?(?=^[a-z_#]|\Z)", re.MULTILINE | re.DOTALL)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Target(_Model):
    """What is measured, and which way it should go."""

    metric: Literal["log_receipts_per_week"]
    direction: Literal["mehr", "weniger"]
    noun: Text
    minimum_relevant_percent: float = Field(gt=0, lt=100)


class Units(_Model):
    """Who gets the measure, and who is fit to be compared with."""

    kind: Literal["block"]
    treated: tuple[str, ...] = Field(min_length=1)
    controls: tuple[str, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if len({*self.treated, *self.controls}) < len(self.treated) + len(self.controls):
            raise ValueError("eine Einheit steht doppelt oder auf beiden Seiten")
        return self


class Span(_Model):
    """First and last day, both included: whole weeks from Monday to Sunday."""

    first_day: dt.date
    last_day: dt.date

    @model_validator(mode="after")
    def _whole_weeks(self) -> Self:
        if self.first_day.weekday() != 0 or self.last_day.weekday() != 6:
            raise ValueError("ganze Wochen von Montag bis Sonntag angeben")
        if self.last_day < self.first_day:
            raise ValueError("der letzte Tag liegt vor dem ersten")
        return self

    @property
    def weeks(self) -> list[dt.date]:
        """Mondays."""
        count = ((self.last_day - self.first_day).days + 1) // 7
        return [self.first_day + dt.timedelta(weeks=i) for i in range(count)]


class Rules(_Model):
    """What is left out of the evaluation, decided beforehand."""

    silent_weeks: int = Field(ge=2)
    road_works_days: int = Field(ge=1)
    without_town_festivals: bool
    trade_adjusted: bool


class Analysis(_Model):
    """The evaluation as planned."""

    method: Literal["sdid", "sc", "did"]
    compared_with: tuple[Literal["sdid", "sc", "did"], ...] = ()
    significance: float = Field(gt=0, lt=0.5)
    placebo_groups: int = Field(ge=20)
    rules: Rules
    text: Text


class Diagnosis(_Model):
    """The planned evaluation, tried beforehand where nothing was done (``design.py``); it holds for the plan of that fingerprint."""

    plan_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    simulated_on: dt.date
    data_until: dt.date
    trials: int
    weeks_before: int
    weeks_after: int
    bias_percent: float
    coverage_share: float
    false_alarm_share: float
    power_share: float
    detectable_percent: float


class Contact(_Model):
    """Whom to ask."""

    name: Text
    role: Text
    email: Text


class Entry(_Model):
    """One experiment."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    version: int = Field(ge=1)
    title: Text
    hypothesis: Text
    target: Target
    units: Units
    baseline: Span
    test: Span
    design: Literal["before_after_with_donors", "randomised", "switchback", "staggered"]
    analysis: Analysis
    stopping_rule: Text
    cost_eur: float = Field(ge=0)
    cost_text: Text
    contact: Contact
    blueprint: tuple[Text, ...] = Field(min_length=1)
    nuances: tuple[Text, ...] = Field(min_length=1)
    diagnosis: Diagnosis | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.baseline.last_day + dt.timedelta(days=1) != self.test.first_day:
            raise ValueError("die Vorzeit (baseline) endet am Tag vor dem Versuch (test)")
        if len(self.baseline.weeks) < 8:
            raise ValueError("die Vorzeit (baseline) ist kürzer als acht Wochen")
        return self


class Registration(_Model):
    """Who registered which wording when."""

    version: int = Field(ge=1)
    registered_on: dt.date
    entry_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    organ: Text
    minutes: Text
    # None in records from before it was kept
    first_day: dt.date | None = None


def canonical(entry: Entry) -> str:
    """The entry's content as one line of JSON, the same for the same content."""
    return json.dumps(
        entry.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )


def entry_sha256(entry: Entry) -> str:
    """SHA-256 (hex) that a registration names."""
    return hashlib.sha256(canonical(entry).encode()).hexdigest()


def plan_sha256(entry: Entry) -> str:
    """SHA-256 (hex) of what a diagnosis was computed for: the entry without diagnosis and version."""
    plan = entry.model_copy(update={"diagnosis": None, "version": 1})
    return entry_sha256(plan)


def load_entries(cooperative: Path) -> dict[str, Entry]:
    """All entries under ``<cooperative>/experiments``, by id. Raises ConfigError with file and field."""
    found = {}
    for path in sorted((cooperative / "experiments").glob("*.yaml")):
        entry = _read(path, Entry)
        if entry.id != path.stem:
            raise ConfigError(
                f"Datei „experiments/{path.name}“, Feld „id“: gefunden „{entry.id}“, erwartet "
                f"„{path.stem}“; Datei oder Kennung umbenennen."
            )
        found[entry.id] = entry
    return found


def load_registrations(cooperative: Path) -> dict[str, tuple[Registration, ...]]:
    """Records by experiment, oldest version first. Raises ConfigError with file and field."""

    class Records(_Model):
        registrations: tuple[Registration, ...]

    folder = cooperative / "experiments" / "registrations"
    return {p.stem: _read(p, Records).registrations for p in sorted(folder.glob("*.yaml"))}


def write_registrations(cooperative: Path, id: str, records: Sequence[Registration]) -> Path:
    """Write ``experiments/registrations/<id>.yaml``; returns the path."""
    path = cooperative / "experiments" / "registrations" / f"{id}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"registrations": [r.model_dump(mode="python") for r in records]}
    path.write_text(HEAD + yaml.safe_dump(content, sort_keys=False, allow_unicode=True), "utf-8")
    return path


def register(
    entry: Entry, records: Sequence[Registration], *, on: dt.date, organ: str, minutes: str
) -> tuple[Registration, ...]:
    """The records with one more for this wording; unchanged if it stands already.

    Raises:
        ConfigError: the experiment has begun, was not diagnosed as it stands, can never show an effect,
            or this version is registered with another wording.
    """
    own, place = entry_sha256(entry), f"Versuch „{entry.title}“"
    standing = {r.version: r for r in records}
    if entry.version in standing:
        if standing[entry.version].entry_sha256 == own:
            return tuple(records)
        raise ConfigError(
            f"{place}: Fassung {entry.version} ist seit {day(standing[entry.version].registered_on)} mit anderem "
            f"Wortlaut angemeldet; den Wortlaut zurücksetzen oder als Fassung {max(standing) + 1} anmelden."
        )
    if not records and on >= entry.test.first_day:
        raise ConfigError(
            f"{place}: gefunden eine Anmeldung am {day(on)}, erwartet vor dem Beginn am {day(entry.test.first_day)}; "
            "was schon läuft, kann nicht mehr angemeldet werden: einen neuen Versuch planen."
        )
    if entry.diagnosis is None:
        raise ConfigError(
            f"{place}: noch nicht durchgerechnet, ob der Versuch groß genug ist; erst "
            f"`ortskern experiment diagnose {entry.id}` ausführen."
        )
    if entry.diagnosis.plan_sha256 != plan_sha256(entry):
        raise ConfigError(
            f"{place}: seit dem Durchrechnen wurde der Plan geändert; erst noch einmal "
            f"`ortskern experiment diagnose {entry.id}` ausführen."
        )
    weeks, after = len(entry.baseline.weeks) + len(entry.test.weeks), len(entry.test.weeks)
    # A window of exactly half stands out as much as its complement
    least = (2 if weeks == 2 * after else 1) / weeks
    if least > entry.analysis.significance:
        raise ConfigError(
            f"{place}: gefunden {weeks} Wochen, davon {after} mit Maßnahme; der Vergleich der Zeiten kann damit nie unter "
            f"{number(least, 3)} kommen, verlangt sind {number(entry.analysis.significance, 3)}; die Vorzeit verlängern."
        )
    if entry.version != len(records) + 1:
        raise ConfigError(
            f"{place}, Feld „version“: gefunden {entry.version}, erwartet {len(records) + 1}; berichtigen."
        )
    fresh = Registration(
        version=entry.version,
        registered_on=on,
        entry_sha256=own,
        organ=organ,
        minutes=minutes,
        first_day=entry.test.first_day,
    )
    return (*records, fresh)


def registered(entry: Entry, records: Sequence[Registration]) -> Registration:
    """The record of exactly this wording.

    Raises:
        ConfigError: there is none, the first one is too late, or the wording is another one.
    """
    place = f"Versuch „{entry.title}“"
    if not records:
        raise ConfigError(
            f"{place}: nicht angemeldet, deshalb nicht ausgewertet; vor dem Beginn "
            f"`ortskern experiment register {entry.id}` ausführen."
        )
    start = first_start(entry, records)
    if records[0].registered_on >= start:
        raise ConfigError(
            f"{place}: angemeldet am {day(records[0].registered_on)}, erwartet vor dem Beginn am "
            f"{day(start)}; er wird nicht ausgewertet."
        )
    for record in records:
        if record.version == entry.version and record.entry_sha256 == entry_sha256(entry):
            return record
    raise ConfigError(
        f"{place}: der Wortlaut von Fassung {entry.version} ist nicht der angemeldete (Prüfsumme "
        f"{entry_sha256(entry)[:12]}…); zurücksetzen oder als neue Fassung anmelden."
    )


def first_start(entry: Entry, records: Sequence[Registration]) -> dt.date:
    """The earliest start that any version named: a start that is moved later does not undo what was seen since."""
    return min([entry.test.first_day, *(r.first_day for r in records if r.first_day)])


def changed_after_start(entry: Entry, records: Sequence[Registration]) -> dt.date | None:
    """The day of the newest version that was registered after the first start; None if there is none."""
    start = first_start(entry, records)
    late = [r.registered_on for r in records if r.registered_on >= start]
    return max(late) if late else None


def with_diagnosis(text: str, diagnosis: Diagnosis) -> str:
    """The entry's file with this diagnosis as its last part; everything else stays as it was."""
    kept = _DIAGNOSIS.sub("", text).rstrip("\n")
    content = {"diagnosis": diagnosis.model_dump(mode="python")}
    return f"{kept}\n\n{yaml.safe_dump(content, sort_keys=False, allow_unicode=True)}"


def _read(path: Path, model: type[_T]) -> _T:
    try:
        return model.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(
            f"Datei „experiments/{path.name}“ ist kein gültiges YAML in UTF-8 "
            f"({str(error).splitlines()[0]}); Einrückung und Doppelpunkte prüfen."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "Ganzes"
        raise ConfigError(
            f"Datei „experiments/{path.name}“, Feld „{place}“: {first['msg']}; Angabe berichtigen."
        ) from error
