# SPDX-License-Identifier: Apache-2.0
"""What the cooperative writes by hand: readable, complete, in step with the models.

Belongs here: reading each file with the reader that the runs use. Does not belong here: rules of
its own; a file is wrong when its reader refuses it.
"""

from collections.abc import Iterator

import yaml
from pydantic import ValidationError

from analysis.distribution.data_fee import check_price_list
from analysis.distribution.terms import Statute, load_terms, parse_price_list
from analysis.north_star import load_north_star
from analysis.vitality import load_index
from foundation.contracts import load_contract, load_contracts
from foundation.cooperative import load_cooperative
from foundation.errors import ConfigError
from ingestion.reference.lists import check_lists
from ingestion.registry import adapter_for
from orchestration.checkup import Line, fault, good, hint
from orchestration.commands.approve import organ_by_statute
from orchestration.commands.contracts import TARGET, wanted_sources
from orchestration.house import House
from orchestration.inventory import definitions_and_approvals


def cooperative(house: House) -> Iterator[Line]:
    """`cooperative.yaml`."""
    found = load_cooperative(house.settings.cooperative)
    yield good("Genossenschaft", f"{found.name} ({house.settings.cooperative})")


def contracts(house: House) -> Iterator[Line]:
    """Every contract by itself, so that all faults show at once; then all together."""
    folder = house.settings.cooperative / "contracts"
    wrong = False
    for path in sorted(folder.glob("*.odcs.yaml")):
        try:
            adapter_for(load_contract(path))
        except (ConfigError, OSError, ValueError) as error:
            wrong = True
            text = str(error) if isinstance(error, ConfigError) else f"„{path.name}“: {error}"
            yield fault("Verträge", text, text)
    if wrong:
        return
    found = load_contracts(house.settings.cooperative)
    if not found:
        yield fault(
            "Verträge",
            f"keine in „{folder}“; ohne Vertrag wird nichts angenommen",
            "Verträge anlegen: ortskern init schreibt Vorlagen.",
        )
        return
    yield good("Verträge", f"{len(found)} lesbar: {', '.join(found)}")


def sources(house: House) -> Iterator[Line]:
    """The models' source file says what the contracts say."""
    if TARGET.is_file() and TARGET.read_text("utf-8") == wanted_sources(house.settings):
        yield good("Quellendatei", f"„{TARGET.name}“ entspricht den Verträgen")
    else:
        yield hint(
            "Quellendatei",
            f"„{TARGET.name}“ entspricht nicht mehr den Verträgen",
            "Quellendatei neu schreiben: ortskern contracts",
        )


def reference(house: House) -> Iterator[Line]:
    """Quarters, blocks, trades, sensors: there, and fitting together."""
    contract = load_contracts(house.settings.cooperative).get("reference")
    if contract is None:
        yield fault(
            "Ordnungslisten",
            "es gibt keinen Vertrag „reference“",
            "Den Vertrag reference.odcs.yaml aus der Musterstadt übernehmen.",
        )
        return
    folder = house.settings.cooperative / "reference"
    files = {p.name: p.read_bytes() for p in sorted(folder.glob("*.csv"))}
    findings = check_lists(files, contract)
    for finding in findings:
        yield fault("Ordnungslisten", finding.sentence(), finding.sentence())
    if not findings:
        yield good("Ordnungslisten", f"{', '.join(files)} passen zueinander")


def releases(house: House) -> Iterator[Line]:
    """Definitions and approvals, and whether the organ of the statute gave them."""
    definitions, approvals = definitions_and_approvals(house)
    yield good("Veröffentlichungen", f"{len(definitions)} Tabellen beschrieben")
    strangers = sorted(set(approvals) - set(definitions))
    if strangers:
        yield hint("Freigaben", f"ohne Tabelle: {', '.join(strangers)}", None)


def deciders(house: House) -> Iterator[Line]:
    """Whether approvals of public tables came from the organ that the statute names."""
    definitions, approvals = definitions_and_approvals(house)
    by_statute = organ_by_statute(house)
    organ = next((o for o in house.cooperative.organs if o.id == by_statute), None)
    if organ is None:
        return
    others = sorted(
        t
        for t, a in approvals.items()
        if a.organ not in (organ.id, organ.name)
        and t in definitions
        and definitions[t].audience == "public"
    )
    if others:
        yield hint(
            "Freigaben",
            f"nicht vom Organ der Satzung ({organ.name}, statute.yaml): {', '.join(others)}",
            f"Beschluss des Organs {organ.name} einholen, dann: ortskern approve "
            f"{' '.join(others)} --organ {organ.id} --am TAG --protokoll FUNDSTELLE",
        )


def index(house: House) -> Iterator[Line]:
    """Weights and goalposts of the vitality index."""
    found = load_index(house.settings.cooperative / "index.yaml")
    yield good("Vitalitätsindex", f"{len(found.components)} Bestandteile")


def north_star(house: House) -> Iterator[Line]:
    """Conversions and references of the north star, where the cooperative has one."""
    path = house.settings.cooperative / "north_star.yaml"
    if path.is_file():
        found = load_north_star(path)
        yield good("Nordstern", f"{len(found.passages_per_visit)} Zählstellen mit Vorbeigängen")


def money(house: House) -> Iterator[Line]:
    """Statute, price list and fiscal years."""
    folder = house.settings.cooperative
    years = sorted(p.stem for p in (folder / "fiscal_years").glob("*.yaml"))
    if not years:
        _read_statute(house)
        parse_price_list(yaml.safe_load((folder / "price_list.yaml").read_text("utf-8")) or {})
        yield good("Satzung und Preise", "statute.yaml und price_list.yaml sind lesbar")
        yield hint("Geschäftsjahre", "noch keines; bis dahin gibt es keine Abrechnungen")
        return
    for year in years:
        try:
            terms = load_terms(folder, year)
            check_price_list(terms.price_list, terms.year)
        except ConfigError as error:
            yield fault("Geschäftsjahre", str(error), str(error))
            continue
        if terms.year.is_draft:
            yield hint("Geschäftsjahre", f"{year} ohne Beschlüsse, alle Papiere sind Entwürfe")
        else:
            yield good("Geschäftsjahre", f"{year} mit Feststellung und Beschluss")


def _read_statute(house: House) -> None:
    path = house.settings.cooperative / "statute.yaml"
    try:
        Statute.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(p) for p in first["loc"]) or "gesamte Datei"
        raise ConfigError(
            f"Datei „statute.yaml“, Feld „{place}“: {first['msg']}; Angabe berichtigen."
        ) from error
