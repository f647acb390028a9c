# SPDX-License-Identifier: Apache-2.0
"""Writing the folder of a new cooperative from the sample's files and somebody's answers.

Belongs here: which files there are, which values are replaced, which comments stay. Does not belong
here: questions (`commands/init.py`). The sample's text is kept line by line, because its comments
are what a steward reads; only values change. The folder appears whole or not at all.
"""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.north_star import load_north_star
from analysis.vitality import load_index
from foundation.contracts import load_contracts
from foundation.cooperative import load_cooperative
from foundation.errors import ConfigError
from foundation.settings import PROJECT_ROOT
from quality.disclosure.definitions import load_definitions

SAMPLE = PROJECT_ROOT / "cooperative"
ALWAYS = ("members", "consents", "product_sales", "reference")
# Contract to the question that decides about it.
OPTIONAL: Mapping[str, str] = {
    "pos_dsfinvk": "Kassen mit DSFinV-K-Export?",
    "pos_csv": "Kassen, die nur eine CSV-Datei ausgeben?",
    "merchandise": "Warenlisten mit Kosten und Gebinden?",
    "returns_slip": "Retourenzettel von Bäckereien oder Theken?",
    "footfall_hystreet": "Passantenzählung von hystreet?",
    "footfall_csv": "Andere Passantenzählung als CSV?",
    "sensorthings": "Radzählung nach SensorThings?",
    "eco_counter": "Radzählung von Eco-Counter?",
    "air_uba": "Luftmessung in der Form des Umweltbundesamts?",
    "vacancy_register": "Leerstandskataster der Stadt?",
    "citizen_panel": "Bürgerpanel mit LimeSurvey?",
    "einvoices": "Elektronische Eingangsrechnungen der Läden (ZUGFeRD, XRechnung)?",
}
# Sources whose stations stand in the list of sensors.
WITH_SENSORS = ("footfall_hystreet", "footfall_csv", "sensorthings", "eco_counter", "air_uba")
_NOTICE = """\
# MUSTER aus der erfundenen Musterstadt: Tage, Beschlüsse und Beträge hier gelten nicht. Vor der
# ersten Abrechnung durch eigene ersetzen; danach diese zwei Zeilen löschen.
"""
_VALUE = re.compile(r"^(?P<indent> *)(?P<key>[a-z_]+):(?P<rest> .*)?$")
_COMMENT = re.compile(r"\s+#\s.*$")


@dataclass(frozen=True)
class Place:
    """A quarter: three letters that stay, and a name."""

    id: str
    name: str


@dataclass(frozen=True)
class Sensor:
    """A place where people are counted; `name` as in the delivered files."""

    name: str
    quarter_id: str
    contract: str


@dataclass(frozen=True)
class Founding:
    """Everything that was asked. `values` and `people` name fields of `cooperative.yaml`."""

    values: Mapping[str, str]
    board: Sequence[str]
    people: Mapping[str, Mapping[str, str]]
    data_start: str
    fiscal_year_start_month: int
    quarters: Sequence[Place]
    sources: Sequence[str]
    sensors: Sequence[Sensor] = ()


def is_free(folder: Path) -> bool:
    """Whether a cooperative may be written there: nothing, or an empty folder."""
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


def found_cooperative(target: Path, founding: Founding) -> None:
    """Write the folder. Raises ConfigError when it holds something, or an answer does not fit."""
    if not is_free(target):
        raise ConfigError(
            f"Ordner „{target}“: gefunden Dateien, erwartet ein neuer oder leerer Ordner; einen "
            "anderen Namen wählen, überschrieben wird nichts."
        )
    building = target.with_name(f".{target.name}.part")
    if building.exists():
        shutil.rmtree(building)
    building.mkdir(parents=True)
    _write(building, founding)
    # Read back with the readers of the runs: a folder that they refuse is not handed over.
    load_cooperative(building)
    load_contracts(building)
    load_definitions(building)
    load_index(building / "index.yaml")
    load_north_star(building / "north_star.yaml")
    if target.exists():
        target.rmdir()
    building.replace(target)


def _write(folder: Path, founding: Founding) -> None:
    (folder / "cooperative.yaml").write_text(cooperative_text(founding), "utf-8")
    for name in ("index.yaml", "north_star.yaml"):
        shutil.copyfile(SAMPLE / name, folder / name)
    shutil.copytree(SAMPLE / "releases", folder / "releases")
    for name in ("statute.yaml", "price_list.yaml", "licences.yaml"):
        (folder / name).write_text(_as_sample(SAMPLE / name, founding), "utf-8")
    (folder / "products").mkdir()
    for path in sorted((SAMPLE / "products").glob("*.yaml")):
        (folder / "products" / path.name).write_text(_as_sample(path, founding), "utf-8")
    for name in ("approvals", "fiscal_years", "contracts"):
        (folder / name).mkdir()
    for contract in (*ALWAYS, *founding.sources):
        name = f"{contract}.odcs.yaml"
        shutil.copyfile(SAMPLE / "contracts" / name, folder / "contracts" / name)
    _write_reference(folder / "reference", founding)


def _as_sample(path: Path, founding: Founding) -> str:
    text = path.read_text("utf-8")
    return _NOTICE + text.replace(
        "Ortskern Musterstadt Datengenossenschaft eG", founding.values["name"]
    )


def _write_reference(folder: Path, founding: Founding) -> None:
    folder.mkdir()
    for name in ("trades.csv", "README.md"):
        shutil.copyfile(SAMPLE / "reference" / name, folder / name)
    quarters = [f"{q.id};{q.name}" for q in founding.quarters]
    blocks = [f"{q.id}-01;{q.id};{q.name}" for q in founding.quarters]
    sensors = [
        f"FR-{s.quarter_id}-{number};{s.name};{s.quarter_id};{s.quarter_id}-01;{s.contract}"
        for number, s in enumerate(founding.sensors, start=1)
    ]
    # The first place of the region is the cooperative's own; the steward adds its neighbours.
    region = [f"{founding.values['postcode']};{founding.values['city']}"]
    lists = {"quarters": quarters, "blocks": blocks, "sensors": sensors, "region": region}
    for name, rows in lists.items():
        header = (SAMPLE / "reference" / f"{name}.csv").read_text("utf-8").splitlines()[0]
        (folder / f"{name}.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")


def cooperative_text(founding: Founding) -> str:
    """The sample's `cooperative.yaml` with the answers in the places of its values."""
    wanted: dict[tuple[str, ...], str] = {(k,): quoted(v) for k, v in founding.values.items()}
    wanted[("represented_by",)] = "[" + ", ".join(quoted(n) for n in founding.board) + "]"
    wanted[("data_start",)] = founding.data_start
    wanted[("fiscal_year_start_month",)] = str(founding.fiscal_year_start_month)
    for section, fields in founding.people.items():
        wanted |= {(section, key): quoted(value) for key, value in fields.items()}
    lines, section = [], ""
    for line in (SAMPLE / "cooperative.yaml").read_text("utf-8").splitlines():
        hit = _VALUE.match(line)
        if hit and not hit["indent"]:
            section = hit["key"]
        lines += _line(line, hit, section, wanted)
    if wanted:
        missing = ", ".join(".".join(path) for path in wanted)
        raise ConfigError(
            f"Vorlage „{SAMPLE / 'cooperative.yaml'}“: gefunden kein Feld {missing}, erwartet alle "
            "Felder der Musterstadt; die Vorlage aus der Lieferung wiederherstellen."
        )
    return "\n".join(lines) + "\n"


def _line(
    line: str, hit: re.Match[str] | None, section: str, wanted: dict[tuple[str, ...], str]
) -> list[str]:
    if "sind erfunden" in line:
        return []
    if hit is None:
        return [line]
    path = (section, hit["key"]) if hit["indent"] else (hit["key"],)
    if path in (("as_of",), ("creditor_id",)):
        # The day follows the clock; a creditor identifier belongs to one creditor.
        return ["# " + line]
    if path not in wanted:
        return [line]
    return [_replaced(line, hit, wanted.pop(path))]


def _replaced(line: str, hit: re.Match[str], value: str) -> str:
    comment = _COMMENT.search(line)
    start = f"{hit['indent']}{hit['key']}: {value}"
    # Comments that explain the sample's invented value say nothing about another one.
    if comment is None or any(word in comment[0] for word in ("Muster", "Oktober")):
        return start
    column = line.index("#", comment.start())
    return start.ljust(column - 2) + "  " + comment[0].strip()


def quoted(value: str) -> str:
    """A text as YAML writes it whatever it holds: in double quotes, as JSON does."""
    return json.dumps(value, ensure_ascii=False)
