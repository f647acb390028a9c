# SPDX-License-Identifier: Apache-2.0
"""What is released: the typed model of ``cooperative/releases/<table>.yaml``.

Belongs here: the definition of one released table and reading a folder of them.
Does not belong here: thresholds (``cooperative.yaml``), approvals (``approvals.py``), SQL.

Definitions that list each other under ``linked`` are taken from the same source and share cells
(their town totals); the gate treats them as one system of cells and equations.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from foundation.errors import ConfigError

TOTAL = "ALLE"
Kind = Literal["aggregate", "perturbed", "passthrough", "composite", "reference"]
ColumnType = Literal[
    "VARCHAR", "DATE", "SMALLINT", "INTEGER", "BIGINT", "DOUBLE", "DECIMAL(18,2)", "DECIMAL(9,4)"
]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Column(_Model):
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    type: ColumnType = "VARCHAR"
    description: str


class Contributor(_Model):
    """Whose figures a cell is made of: firms (by owner), persons (by member), or nobody's.

    ``nobody``: a firm's table also holds figures about nobody (the town's register beside shops'
    tills); their rows have no contributor and never count as one.
    """

    kind: Literal["firm", "person", "none"] = "none"
    column: str | None = None
    nobody: bool = False

    @model_validator(mode="after")
    def _column_given(self) -> Self:
        if (self.kind == "none") != (self.column is None):
            raise ValueError("„column“ gehört genau dann dazu, wenn „kind“ firm oder person ist")
        if self.nobody and self.kind != "firm":
            raise ValueError("„nobody“ gehört nur zu „kind“ firm")
        return self


class Dimension(_Column):
    """A column that names the cell.

    ``margin``: the table also holds its total (``ALLE``). ``period``: first day of a month.
    ``values``: values that stand in the table even if the source has none. ``unknown``: the value
    that stands for no value in the source; without it such a row stops the gate. ``within``: a
    dimension of a linked table; each value lies in exactly one of its values and adds up to it.
    """

    margin: bool = False
    period: bool = False
    values: tuple[str, ...] = ()
    unknown: str | None = None
    within: str | None = None


class Measure(_Column):
    """A released value.

    ``sum``/``count``: an additive column of the source; ``mean``, ``share``: one additive column
    divided by another; ``value``: taken over as it is; ``persons``: number of contributors;
    ``label``: says something about the value (unit, weight) and stands where the value is missing.
    """

    kind: Literal["sum", "count", "mean", "share", "value", "label", "persons"] = "value"
    of: str | None = None
    per: str | None = None

    @model_validator(mode="after")
    def _sources_given(self) -> Self:
        ratio = self.kind in ("mean", "share")
        if ratio and not (self.of and self.per):
            raise ValueError(f"„{self.name}“: {self.kind} braucht „of“ und „per“")
        if self.kind in ("sum", "count") and not self.of:
            raise ValueError(f"„{self.name}“: {self.kind} braucht „of“")
        return self

    @property
    def source(self) -> str:
        """Column of the source for ``value`` (its own name where nothing else is said)."""
        return self.of or self.name


class Stricter(_Model):
    """Thresholds of one table that go beyond ``cooperative.yaml``; milder ones are refused."""

    persons_min: int | None = None
    firms_min: int | None = None
    top1_max: float | None = None
    top2_max: float | None = None
    ageing_months: int | None = None
    protection_percent: float | None = None


class ReleaseDefinition(_Model):
    """One released table: what it says, from where, about whom, for whom."""

    table: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: Kind
    title: str
    question: str
    grain: str
    source: str | None = None
    parents: tuple[str, ...] = ()
    formula: str | None = Field(default=None, pattern=r"^[a-z_]+\.yaml$")
    linked: tuple[str, ...] = ()
    audience: Literal["public", "members", "town"] = "public"
    contributor: Contributor = Contributor()
    dimensions: tuple[Dimension, ...]
    additive: tuple[str, ...] = ()
    dominance: tuple[str, ...] = ()
    measures: tuple[Measure, ...]
    rules: Stricter = Stricter()
    figures: bool = True
    _linked: tuple["ReleaseDefinition", ...] = PrivateAttr(default=())
    # Content of the formula's file: weights and goalposts decide what is published.
    _formula: str = PrivateAttr(default="")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.kind == "composite") != bool(self.parents):
            raise ValueError("„parents“ gehört genau zu kind: composite")
        if (self.kind == "composite") == bool(self.source):
            raise ValueError("„source“ gehört zu allem außer kind: composite")
        if len([d for d in self.dimensions if d.period]) > 1:
            raise ValueError("höchstens eine Dimension ist der Zeitraum („period“)")
        unknown = [
            c
            for m in self.measures
            if self.kind == "aggregate"
            for c in (m.of, m.per)
            if c and c not in self.additive
        ]
        if unknown or not set(self.dominance) <= set(self.additive):
            raise ValueError(f"nicht unter „additive“ genannt: {sorted(set(unknown))}")
        firms = self.contributor.kind == "firm"
        if firms and (self.kind != "aggregate" or not self.dominance):
            raise ValueError("Zahlen über Betriebe brauchen kind: aggregate und „dominance“")
        if (self.contributor.kind == "person") != (self.kind == "perturbed"):
            raise ValueError("Zählungen von Menschen (person) sind kind: perturbed und umgekehrt")
        if self.kind == "aggregate" and any(m.kind in ("value", "persons") for m in self.measures):
            raise ValueError("kind: aggregate kennt nur sum, count, mean und share")
        if firms:
            self._additives_are_released()
        return self

    def _additives_are_released(self) -> None:
        # The audit reads sums back from the published values; a sum that no value leads to
        # would be audited as if it were public, which is safe but says nothing to a reader.
        led = {m.of for m in self.measures} | {m.per for m in self.measures}
        if idle := set(self.additive) - led:
            raise ValueError(f"„additive“ ohne veröffentlichten Wert: {sorted(idle)}")

    @property
    def period(self) -> Dimension | None:
        """The dimension that is a month, if there is one."""
        return next((d for d in self.dimensions if d.period), None)

    @property
    def described(self) -> tuple[_Column, ...]:
        """Dimensions, then measures."""
        return (*self.dimensions, *self.measures)

    @property
    def system_definitions(self) -> tuple["ReleaseDefinition", ...]:
        """This definition and those it is linked with, in the order of their names."""
        return tuple(sorted((self, *self._linked), key=lambda d: d.table))

    @property
    def columns(self) -> tuple[tuple[str, ColumnType], ...]:
        """(name, type) of every column of the released table, in order."""
        own = tuple((c.name, c.type) for c in self.described)
        if not self.figures:
            return own
        common: tuple[tuple[str, ColumnType], ...] = (
            ("status", "VARCHAR"),
            ("reason", "VARCHAR"),
            ("figure_code", "VARCHAR"),
        )
        return own + common

    @property
    def definition_hash(self) -> str:
        """SHA-256 of the definition and of those it is linked with; approvals bind to it."""
        # Without what a definition does not use, so that approvals given before it existed stand.
        content = [_said(d, self.formula is None) for d in self.system_definitions]
        whole: dict[str, object] = {"table": self.table, "system": content}
        if self.formula is not None:
            whole["formula"] = self._formula
        text = json.dumps(whole, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def _said(definition: ReleaseDefinition, without_formula: bool) -> dict[str, Any]:
    content = definition.model_dump(mode="json")
    if without_formula:
        del content["formula"]
    if not definition.contributor.nobody:
        del content["contributor"]["nobody"]
    for dimension in content["dimensions"]:
        if dimension["within"] is None:
            del dimension["within"]
    return content


def definition_hash(definition: ReleaseDefinition) -> str:
    """SHA-256 (hex) that an approval of ``definition`` must name."""
    return definition.definition_hash


def link(definitions: Iterable[ReleaseDefinition]) -> dict[str, ReleaseDefinition]:
    """Resolve ``linked``; returns table to definition, in the order of names.

    Raises:
        ConfigError: a linked table is unknown, does not link back, or has another source, other
            contributors or other additive columns.
    """
    known = {d.table: d for d in definitions}
    for definition in known.values():
        partners = []
        for name in definition.linked:
            partner = known.get(name)
            if partner is None or definition.table not in partner.linked:
                raise ConfigError(
                    f"Datei „releases/{definition.table}.yaml“, Feld „linked“: gefunden „{name}“, "
                    "erwartet eine Tabelle, die ihrerseits hierher verweist; beide Dateien "
                    "abgleichen."
                )
            same = ("source", "contributor", "additive", "dominance", "audience", "rules")
            if any(getattr(partner, f) != getattr(definition, f) for f in same):
                raise ConfigError(
                    f"Datei „releases/{definition.table}.yaml“, Feld „linked“: „{name}“ hat andere "
                    f"Angaben in {', '.join(same)}; verbundene Tabellen müssen darin gleich sein."
                )
            partners.append(partner)
        _check_nesting(definition, partners)
        definition._linked = tuple(partners)
    return dict(sorted(known.items()))


def _check_nesting(definition: ReleaseDefinition, partners: Iterable[ReleaseDefinition]) -> None:
    there = {d.name for partner in partners for d in partner.dimensions}
    for dimension in definition.dimensions:
        if dimension.within is not None and dimension.within not in there:
            raise ConfigError(
                f"Datei „releases/{definition.table}.yaml“, Feld „{dimension.name}.within“: gefunden "
                f"„{dimension.within}“, erwartet eine Gliederung einer verbundenen Tabelle; unter "
                "„linked“ die Tabelle nennen, die sie hat."
            )


@lru_cache(maxsize=256)
def _validated(text: str) -> ReleaseDefinition:
    """Read once: every step of a run asks for all definitions."""
    return ReleaseDefinition.model_validate(yaml.safe_load(text))


def parse_definition(text: str, file: str) -> ReleaseDefinition:
    """One definition from YAML text. Raises ConfigError with the first thing that is wrong."""
    try:
        # A copy, because its links belong to the folder it is read from.
        return _validated(text).model_copy()
    except yaml.YAMLError as error:
        raise ConfigError(
            f"Datei „{file}“ ist kein gültiges YAML ({str(error).splitlines()[0]}); "
            "Einrückung und Doppelpunkte prüfen."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(p) for p in first["loc"]) or "gesamte Datei"
        raise ConfigError(
            f"Datei „{file}“, Feld „{place}“: {first['msg']}; Angabe berichtigen."
        ) from error


def load_definitions(cooperative: Path) -> dict[str, ReleaseDefinition]:
    """All definitions under ``<cooperative>/releases``, linked, table to definition.

    Raises:
        ConfigError: a file is not as the model says, its name is not its table's, or a link hangs.
    """
    folder = cooperative / "releases"
    found = []
    for path in sorted(folder.glob("*.yaml")):
        definition = parse_definition(path.read_text("utf-8"), f"releases/{path.name}")
        if definition.table != path.stem:
            raise ConfigError(
                f"Datei „releases/{path.name}“, Feld „table“: gefunden „{definition.table}“, "
                f"erwartet „{path.stem}“; Datei oder Tabelle umbenennen."
            )
        if definition.formula is not None:
            definition._formula = _formula(cooperative / definition.formula, path.name)
        found.append(definition)
    if not found:
        raise ConfigError(
            f"Ordner „{folder.name}“ enthält keine Veröffentlichungen; je Tabelle eine Datei "
            "anlegen, `ortskern init` schreibt Vorlagen."
        )
    return link(found)


def _formula(path: Path, named_by: str) -> str:
    """The file's content without its comments, so that an explanation may change freely."""
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(
            f"Datei „releases/{named_by}“, Feld „formula“: „{path.name}“ ist nicht lesbar "
            f"({str(error).splitlines()[0]}); die Datei ergänzen oder berichtigen."
        ) from error
    return json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)


def descriptions(definition: ReleaseDefinition) -> Mapping[str, str]:
    """Column to German description, the common columns included."""
    own = {c.name: c.description for c in definition.described}
    return own | (dict(COMMON_DESCRIPTIONS) if definition.figures else {})


COMMON_DESCRIPTIONS = {
    "status": "veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)",
    "reason": "Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt",
    "figure_code": "Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest",
}
