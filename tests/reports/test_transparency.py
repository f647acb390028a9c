# SPDX-License-Identifier: Apache-2.0
"""The transparency report says what the released tables and the contracts say, and nothing else."""

import datetime as dt
import json
import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pypdf import PdfReader

from foundation.contracts import load_contracts
from foundation.cooperative import load_cooperative
from foundation.settings import PROJECT_ROOT
from reports.exports import csv_bytes
from reports.transparency.changes import Changes, changes_since, earlier_edition
from reports.transparency.charts import line_svg
from reports.transparency.content import Edition, report_content
from reports.transparency.figures import Series, sentence, value_text
from reports.transparency.render import write_report
from tests.reports.portal_data import PROVENANCE, write_portal_data
from tests.reports.test_member_reports import text_of

COOPERATIVE = load_cooperative(PROJECT_ROOT / "cooperative")
CONTRACTS = load_contracts(PROJECT_ROOT / "cooperative")
COMPONENTS = {"vacancy": ("Leerstand", "Anteil"), "basket": ("Mittlerer Einkauf", "€ je Einkauf")}
OCTOBER, AUGUST = dt.date(2026, 10, 1), dt.date(2026, 8, 1)
TRIAL = {
    "title": "Sommergassen",
    "verdict": "Die Maßnahme brachte 12 % mehr Einkäufe.",
    "limits": "Nur zwei Blöcke.",
    "hypothesis": "Ohne Autos kommen mehr Menschen.",
    "start_date": dt.date(2026, 6, 1),
    "end_date": dt.date(2026, 9, 27),
    "effect_percent": 12.3,
    "low_percent": -1.5,
    "high_percent": 22.0,
    "p_space": 0.048,
    "p_time": 0.1,
    "registered_on": dt.date(2026, 5, 4),
    "registration_sha256": "ab" * 32,
    "plan_change": "keine nach dem Beginn",
    "cost_eur": Decimal("1500.00"),
    "cost_text": "Bänke und Schilder",
    "status": "veröffentlicht",
    "figure_code": "W-TRIALTRIAL",
}


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """A small town's edition of 22.11.2026."""
    folder = write_portal_data(tmp_path_factory.mktemp("data"))
    tables = [*PROVENANCE, "provenance", "sensor", "quarter"]
    released = {t: pq.read_table(folder / f"{t}.parquet").to_pylist() for t in tables}
    return Edition(
        day=dt.date(2026, 11, 22),
        released=released,
        titles={t: title for t, (title, _) in PROVENANCE.items()},
        components=COMPONENTS,
        contracts=CONTRACTS,
        changes=Changes(None),
    )


@pytest.fixture(scope="module")
def paper(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its report."""
    return write_report(edition, COOPERATIVE, tmp_path_factory.mktemp("report")).path


@pytest.mark.parametrize(
    "words",
    [
        "Transparenzbericht",
        "August 2026 bis Oktober 2026",
        "Kassendaten (alle Kassen zusammen)",
        "Leerstandskataster der Stadt",
        "Händlerinnen und Händler",
        "daten/vacancy.csv",
        "Protokoll 2026-07, Punkt 3",
        "Dies ist die erste Ausgabe",
        "Beirat für Daten und Quartier",
        "Hannah Terbrüggen",
        "Wird durch ein Pseudonym ersetzt",
        "Ausgabe vom 22.11.2026",
    ],
)
def test_the_report_says(paper: Path, words: str) -> None:
    assert words in text_of(paper)


def test_every_contract_is_named_with_its_version(paper: Path) -> None:
    text = text_of(paper)
    assert [c.id for c in CONTRACTS.values() if f"{c.id} {c.version}" not in text] == []


def test_it_has_at_most_eight_pages(paper: Path) -> None:
    assert len(PdfReader(paper).pages) <= 8


def test_counts_are_those_of_the_tables(edition: Edition) -> None:
    rows = edition.released["members"]
    shown = [r["status"] for r in rows]
    title = "Was veröffentlicht und was zurückgehalten wurde"
    found = section_of(edition, title)["table"]["rows"]
    line = next(r for r in found if r[0][1]["text"] == "daten/members.csv")
    assert line[1:4] == [str(shown.count(s)) for s in ("veröffentlicht", "unterdrückt", "fehlt")]


def section_of(edition: Edition, title: str) -> dict[str, Any]:
    sections = report_content(edition, COOPERATIVE)["sections"]
    return next(s for s in sections if s["title"] == title)


def test_every_delivery_of_the_quarter_stands_with_its_code(edition: Edition) -> None:
    rows = [r for r in edition.released["deliveries"] if r["business_month"] >= AUGUST]
    found = section_of(edition, "Was ankam und was nicht angenommen wurde")["table"]["rows"]
    assert {r[-1]["text"] for r in found} == {r["figure_code"] for r in rows}


def test_every_value_of_an_indicator_carries_its_code(edition: Edition) -> None:
    rows = section_of(edition, "Die Kennzahlen der Stadt")["table"]["rows"]
    cells = [c for r in rows for c in r[1:]]
    # The months of the quarter, of every indicator that is released
    assert len(cells) == sum(len(r) - 1 for r in rows) >= 12
    # Where a counter did not exist yet there is no value, and so no code
    values = [c for c in cells if len(c) > 1]
    assert {c[0] for c in cells if len(c) == 1} <= {"–", "fehlt"}
    assert len(values) >= 12
    assert all(re.fullmatch(r"W-\w{10}", c[1]["text"]) for c in values)


def test_a_chart_says_the_same_in_a_sentence(edition: Edition) -> None:
    charts = section_of(edition, "Die Kennzahlen der Stadt")["charts"]
    titles = [c["title"] for c in charts]
    assert {"Leerstand", "Mittlerer Einkauf (€ je Einkauf)"} <= set(titles)
    assert all(c["note"] and c["note"][1:] in c["alt"] for c in charts)


def test_a_suppressed_value_is_said_to_be_suppressed() -> None:
    row = {"business_month": OCTOBER, "value": None, "status": "unterdrückt", "reason": "Schutz"}
    said = sentence(Series("Einkauf", "value", "€", [row]), [AUGUST, OCTOBER])
    assert said == "Einkauf: für Oktober 2026 nicht veröffentlicht (Schutz)."


def test_an_experiment_stands_with_verdict_interval_and_both_p_values(
    edition: Edition, tmp_path: Path
) -> None:
    tried = replace(edition, released={**edition.released, "experiment": [TRIAL]})
    text = text_of(write_report(tried, COOPERATIVE, tmp_path).path)
    for words in ("+12,3 %", "zwischen -1,5 % und +22,0 %", "p = 0,048", "p = 0,100", "1.500,00 €"):
        assert words in text


def test_the_same_edition_gives_the_same_bytes(
    edition: Edition, paper: Path, tmp_path: Path
) -> None:
    again = write_report(edition, COOPERATIVE, tmp_path)
    assert again.path.read_bytes() == paper.read_bytes()


def test_a_second_time_writes_nothing(edition: Edition, paper: Path) -> None:
    assert not write_report(edition, COOPERATIVE, paper.parent).was_written


def test_the_report_is_tagged_german_and_titled(paper: Path) -> None:
    reader = PdfReader(paper)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "de-DE"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert "Transparenzbericht TB-2026-11-22" in str(reader.metadata.title)


def test_an_edition_without_released_tables_still_has_a_report(
    edition: Edition, tmp_path: Path
) -> None:
    empty = replace(edition, released={})
    text = text_of(write_report(empty, COOPERATIVE, tmp_path).path)
    assert "In dieser Ausgabe ist keine Kennzahl freigegeben." in text


def test_charts_are_german() -> None:
    months = [dt.date(2026, m, 1) for m in range(3, 11)]
    svg = line_svg(months, [1000 + m / 3 for m in range(8)], ",.1f")
    assert "Mai 26" in svg
    assert "1.002,0" in svg
    shares = line_svg(months, [0.1 + m / 100 for m in range(8)], ".1%")
    assert "12,0\u00a0%" in shares
    assert re.search(r"\d%<", shares) is None


# -- against the edition before ------------------------------------------------------------------


def an_edition(folder: Path, name: str, tables: dict[str, pa.Table]) -> Path:
    path = folder / name
    (path / "daten").mkdir(parents=True)
    for table, rows in tables.items():
        (path / "daten" / f"{table}.csv").write_bytes(csv_bytes(rows))
    listed = [{"name": table} for table in tables]
    text = json.dumps({"edition": name, "tables": listed})
    (path / "manifest.json").write_text(text, encoding="utf-8")
    return path


@lru_cache
def codes(**values: int) -> pa.Table:
    return pa.table({"value": list(values.values()), "figure_code": [f"W-{c}" for c in values]})


def test_changes_are_counted_figure_by_figure(tmp_path: Path) -> None:
    before = an_edition(tmp_path, "2026-10-05", {"a": codes(x=1, y=2), "gone": codes(z=1)})
    found = changes_since(before, {"a": codes(x=1, y=3, w=4), "new": codes(v=1)})
    assert (found.before, found.added, found.removed) == ("2026-10-05", ["new"], ["gone"])
    assert [(t.new, t.gone, t.changed) for t in found.tables] == [(1, 0, 1)]


def test_editions_of_the_same_day_are_not_compared(tmp_path: Path) -> None:
    for name in ("2026-10-05", "2026-10-05-2", "2026-11-22", "2026-11-22-2"):
        an_edition(tmp_path, name, {})
    found = earlier_edition(tmp_path, "2026-11-22")
    assert found is not None
    assert found.name == "2026-10-05-2"


def test_without_an_earlier_edition_there_is_nothing_to_compare(tmp_path: Path) -> None:
    assert changes_since(earlier_edition(tmp_path, "2026-11-22"), {}) == Changes(None)


def test_small_values_keep_what_tells_them_apart() -> None:
    assert [value_text(Decimal(v), "Cent") for v in ("0.06", "0.07", "12.34", "1234")] == [
        "0,06",
        "0,07",
        "12,3",
        "1.234",
    ]
