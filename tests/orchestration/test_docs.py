# SPDX-License-Identifier: Apache-2.0
"""The documents for steward, member and auditor say what the programs do."""

import re
import shlex
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import click
import pytest
import yaml

from analysis.distribution.data_fee import points_of
from analysis.distribution.terms import PriceList, parse_price_list
from foundation.contracts import Contract, load_contract
from foundation.formats import eur, number
from foundation.money import round_cents
from foundation.settings import PROJECT_ROOT, Settings
from orchestration.cli import main
from reports.publication import Facts, Published
from tests.ingestion.sensors.judging import broken_rules, parse, period, typed

DOCS = {p.name: p.read_text("utf-8") for p in sorted((PROJECT_ROOT / "docs").glob("*.md"))}
STEWARD, MEMBER, AUDITOR = "datenverwaltung.md", "mitglied.md", "pruefung.md"
MONTHS, DELIVERED, PASSED, FILES, ON_TIME = 3, 10_000, 9_900, 3, 2


def blocks(document: str, language: str) -> list[str]:
    """Fenced blocks of a language."""
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", DOCS[document], re.DOTALL | re.MULTILINE)


def commands() -> list[tuple[str, str]]:
    """(document, command line) of every call of `ortskern` with a subcommand."""
    found = []
    for name, text in DOCS.items():
        quoted = re.findall(r"`(ortskern [^`]+)`", text)
        lines = re.findall(r"^ *(ortskern [a-z].*)$", text, re.MULTILINE)
        found += [(name, line) for line in dict.fromkeys(quoted + lines)]
    return found


@pytest.mark.parametrize(("document", "line"), commands())
def test_every_command_in_a_document_exists_with_its_options(document: str, line: str) -> None:
    words = shlex.split(line)[1:]
    command = main.commands[words[0]]
    if isinstance(command, click.Group):
        words = words[1:]
        command = command.commands[words[0]]
    known = {o for p in command.params if isinstance(p, click.Option) for o in p.opts}
    assert [w for w in words[1:] if w.startswith("--") and w not in known] == []


@pytest.mark.parametrize("document", sorted(DOCS))
def test_every_link_to_another_document_leads_somewhere(document: str) -> None:
    links = re.findall(r"\]\((?!http|#)([^)#]+)", DOCS[document])
    assert [link for link in links if not (PROJECT_ROOT / "docs" / link).exists()] == []


@pytest.fixture(scope="module")
def prices() -> PriceList:
    """The sample's price list."""
    path = PROJECT_ROOT / "cooperative" / "price_list.yaml"
    return parse_price_list(yaml.safe_load(path.read_text("utf-8")))


def test_the_members_example_is_what_the_program_computes(prices: PriceList) -> None:
    counts = {
        "receipt_lines": PASSED,
        "delivered_rows": DELIVERED,
        "passed_rows": PASSED,
        "deliveries": FILES,
        "on_time_deliveries": ON_TIME,
    }
    points = points_of(prices.points, MONTHS, counts)
    net = round_cents(points.total * prices.price_per_point_eur)
    vat = round_cents(net * prices.vat_rate_percent / 100)
    parts = (points.base, points.volume, points.quality, points.timeliness, points.total)
    wanted = [number(p, 2) for p in parts] + [eur(a) for a in (net, vat, net + vat)]
    assert _example() == [w.replace("\u00a0", " ") for w in wanted]


def test_the_members_example_names_the_prices_of_the_list(prices: PriceList) -> None:
    text = DOCS[MEMBER]
    assert f"3 × {number(prices.points.base_per_month, 2)} |" in text
    assert f"{number(prices.points.volume_factor, 2)} × √(9.900 ÷ " in text
    assert f"÷ {prices.points.volume_unit_lines})" in text
    assert f"3 × {number(prices.points.quality_per_month, 2)} ×" in text
    assert f"3 × {number(prices.points.timeliness_per_month, 2)} ×" in text
    assert f"× {eur(prices.price_per_point_eur)} |".replace("\u00a0", " ") in text
    assert f"Umsatzsteuer {prices.vat_rate_percent.normalize():f} %" in text


def _example() -> list[str]:
    table = DOCS[MEMBER].split("<!-- beispiel")[1].split("\n\n")[1]
    return [line.split("|")[3].strip() for line in table.splitlines()[2:]]


@pytest.fixture(scope="module")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """The contract in the steward's document."""
    path = tmp_path_factory.mktemp("vertrag") / "pos_csv.odcs.yaml"
    path.write_text(blocks(STEWARD, "yaml")[0], "utf-8")
    return load_contract(path)


def test_the_example_file_is_read_by_the_example_contract(bakery: Contract) -> None:
    data = blocks(STEWARD, "csv")[0].encode()
    rows = typed(bakery, parse(bakery, "bon.csv", data), "pos_csv_lines")
    assert [r["line_total"] for r in rows] == [Decimal("4.80"), Decimal("2.70"), Decimal("-0.90")]
    assert [r["is_cancellation"] for r in rows] == [False, False, True]
    assert {r["till_id"] for r in rows} == {"BAECKEREI-1"}


def test_the_example_file_breaks_no_rule(bakery: Contract) -> None:
    data = blocks(STEWARD, "csv")[0].encode()
    assert broken_rules(bakery, parse(bakery, "bon.csv", data)) == []


def test_the_example_file_covers_the_day_it_shows(bakery: Contract) -> None:
    first, last = period(bakery, "bon.csv", blocks(STEWARD, "csv")[0].encode())
    assert str(first) == str(last) == "2026-10-03"


def test_the_example_contract_has_the_columns_that_the_models_read(bakery: Contract) -> None:
    shipped = load_contract(PROJECT_ROOT / "cooperative" / "contracts" / "pos_csv.odcs.yaml")
    wanted = {f.name: f.raw_type for f in shipped.objects[0].raw_fields}
    assert {f.name: f.raw_type for f in bakery.objects[0].raw_fields} == wanted


def test_the_example_settings_are_settings() -> None:
    assert set(yaml.safe_load(blocks(STEWARD, "yaml")[1])) <= set(Settings.model_fields)


def test_the_steward_reads_of_every_contract() -> None:
    for path in (PROJECT_ROOT / "cooperative" / "contracts").glob("*.odcs.yaml"):
        name = path.name.split(".")[0]
        assert name == "reference" or f"| `{name}` |" in DOCS[STEWARD]


def test_the_auditor_reads_of_every_statement_of_the_manifest() -> None:
    for field in fields(Facts):
        assert f"`{field.name}`" in DOCS[AUDITOR], field.name
    assert {"is_noisy", "sha256"} <= {f.name for f in fields(Published)}


def test_the_auditors_programs_run(house_of_auditor: Path) -> None:
    for program in re.findall(r'python -c "\n(.*?)\n"', DOCS[AUDITOR], re.DOTALL):
        exec(compile(program, AUDITOR, "exec"), {})


@pytest.fixture
def house_of_auditor(house: object, tmp_path: Path) -> Path:
    """A lake that the settings of the environment name."""
    return tmp_path
