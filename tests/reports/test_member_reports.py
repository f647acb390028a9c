# SPDX-License-Identifier: Apache-2.0
"""A member's report says what its rows say, names nobody else, and is the same bytes each time."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from analysis.members.report import Own, Released, month_rows, report_rows, usage_rows
from foundation.cooperative import load_cooperative
from foundation.settings import PROJECT_ROOT
from reports.members.render import Register, ReportResult, Tables, render_reports
from reports.members.shops import change
from tests.analysis.test_member_report import (
    GROUP,
    OCTOBER,
    SITE,
    TOWN,
    TRADE,
    USE,
    basket,
    member,
    month,
    own,
    parts,
    statement,
)
from tests.reports.statements_town import identity

ON = dt.date(2026, 11, 22)
COOPERATIVE = load_cooperative(PROJECT_ROOT / "cooperative")
CITIZEN = member(member_id="m2", member_kind="buerger", is_in_indicators=None, has_comparison=False)
SITE_2 = SITE | {"member_id": "m3"}


def town(**changes: Any) -> Own:
    """A baker, a citizen and a second shop that only it may read of."""
    base = own(
        members=[member(), CITIZEN, member(member_id="m3")],
        sites={"s1": SITE, "s3": SITE_2},
        usage=USE,
        deliveries={("m1", "pos_csv"): 3},
        statements=[statement("2025-26", "7.00")],
        purchases={("m1", "2025-26"): Decimal("9.00")},
    )
    foreign = {**base.months[1], "site_id": "s3", "revenue_eur": Decimal("9876.54")}
    return replace(replace(base, months=[*base.months, foreign]), **changes)


def tables(rows: Own, released: Released) -> Tables:
    return Tables(
        reports=report_rows(rows, OCTOBER, Decimal("100.00")),
        months=month_rows(rows, released, OCTOBER),
        usage=usage_rows(rows, OCTOBER),
        sensors={"S2": "Am Alten Markt"},
        contracts={"pos_csv": "Kassendaten (CSV)"},
    )


REGISTER = Register(
    {
        "m1": identity(1),
        "m2": identity(2, name="Nora Arnold", contact=None, vat_status="keine"),
        "m3": identity(3, name="Fremde Feinkost KG", contact="Fritz Fremd"),
    },
    {"s1": "Bäckerei am Markt", "s3": "Fremde Feinkost"},
    [("Lauf", "Papiere der Mitglieder ausstellen")],
)


def render(folder: Path, released: Released | None = None, **changes: Any) -> ReportResult:
    known = released or Released(by_group=[GROUP, TOWN])
    return render_reports(
        tables(town(**changes), known), REGISTER, COOPERATIVE, out_dir=folder, issued_on=ON
    )


def text_of(path: Path) -> str:
    """The text of a paper without line ends, so that a sentence is found across them."""
    words = " ".join(page.extract_text() for page in PdfReader(path).pages)
    return re.sub(r"\s+", " ", re.sub(r"(?<=\w)[\u00ad-]\s*\n\s*(?=[a-zäöüß])", "", words))


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Member to its paper."""
    return {f.member_id: f.path for f in render(tmp_path_factory.mktemp("reports")).files}


@pytest.mark.parametrize(
    "words",
    [
        "Ihr Bericht für Oktober 2026",
        "100,01 €",
        "25,0 % mehr als im Oktober 2025 (80,00 €)",
        "8 Einkäufe zu im Mittel 12,50 €",
        "in der Gruppe Lebensmittel sind es 12,60 €",
        "Für Ihre Branche allein gibt es keine veröffentlichte Zahl",
        "Eingezahlte Anteile (2 zu 100,00 €)",
        "9,00 €",
        "Papiere der Mitglieder ausstellen",
        "Hannah Terbrüggen, Digitallotsin",
        "Kassendaten (CSV)",
    ],
)
def test_the_bakers_report_says(papers: Mapping[str, Path], words: str) -> None:
    assert words in text_of(papers["m1"])


def test_every_table_of_numbers_carries_codes(papers: Mapping[str, Path]) -> None:
    assert len(re.findall(r"W-[A-Z2-7]{10}", text_of(papers["m1"]))) >= 7


@pytest.mark.parametrize("foreign", ["Fremde", "9.876,54", "M-0003", "Nora Arnold"])
def test_nothing_of_others_stands_on_a_report(papers: Mapping[str, Path], foreign: str) -> None:
    assert foreign not in text_of(papers["m1"])


def test_a_citizen_gets_a_page_without_shops(papers: Mapping[str, Path]) -> None:
    text = text_of(papers["m2"])
    assert len(PdfReader(papers["m2"]).pages) == 1
    assert "Umsatz" not in text
    assert "was eine Mitgliederliste braucht" in text


@pytest.mark.parametrize(
    ("released", "words"),
    [
        (Released(by_trade=[TRADE], by_group=[TOWN]), "in Ihrer Branche (Bäckerei) sind es 7,10"),
        (Released(by_group=[basket("trade_group", "Lebensmittel", None), TOWN]), "in der gesamten"),
        (
            Released(by_group=[basket("trade_group", "ALLE", None)]),
            "kein Vergleich veröffentlicht: Auch für die ganze Stadt waren es zu wenige Betriebe",
        ),
        (Released(), "kein Vergleich veröffentlicht: Die Zahlen dazu sind noch nicht freigegeben."),
    ],
)
def test_the_comparison_says_which_it_shows(tmp_path: Path, released: Released, words: str) -> None:
    assert words in text_of(render(tmp_path, released).files[0].path)


@pytest.mark.parametrize(
    ("first_day", "last_day", "words"),
    [
        (20, 31, "der Oktober 2025 (ab 20.10.2025) ist nur teilweise geliefert, deshalb steht"),
        (1, 12, "der Oktober 2026 (bis 12.10.2026) ist nur teilweise geliefert, deshalb steht"),
        (20, 12, "und der Oktober 2026 (bis 12.10.2026) sind nur teilweise geliefert, deshalb"),
    ],
)
def test_a_month_delivered_in_part_is_named_in_place_of_a_change(
    tmp_path: Path, first_day: int, last_day: int, words: str
) -> None:
    months = parts(first_day, last_day).months
    text = text_of(render(tmp_path, months=months).files[0].path)
    assert words in text
    assert "mehr als" not in text
    assert "gegen Ihr Vorjahr" not in text


def test_a_part_of_a_month_is_marked_wherever_it_stands_beside_a_whole_one(tmp_path: Path) -> None:
    text = text_of(render(tmp_path, months=parts(1, 12).months).files[0].path)
    assert "Okt 26*" in text
    assert text.count("Oktober 2026 (teilweise)") == 2
    assert text.count("Nur teilweise geliefert: Oktober 2026 (bis 12.10.2026)") == 2
    assert "Bei Ihnen sind das nur die gelieferten Tage bis 12.10.2026." in text


def test_a_first_month_delivered_in_part_has_no_year_before(tmp_path: Path) -> None:
    months = parts(1, 12).months[1:]
    assert (
        "(bis 12.10.2026) ist nur teilweise geliefert, und für Oktober 2025 liegen keine Daten vor."
        in text_of(render(tmp_path, months=months).files[0].path)
    )


def test_without_consent_a_sentence_stands_in_place_of_the_comparison(tmp_path: Path) -> None:
    found = render(tmp_path, members=[member(has_comparison=False)]).files[0]
    text = text_of(found.path)
    assert "dem Zweck „Vergleich“ nicht zugestimmt" in text
    assert "12,60" not in text


def test_a_month_without_purchases_is_beside_no_others(tmp_path: Path) -> None:
    found = render(tmp_path, months=[month(OCTOBER, "-1.00", 0)]).files[0]
    assert "kein Vergleich, weil es bei Ihnen keine Einkäufe gab" in text_of(found.path)


@pytest.mark.parametrize("is_counted", [True, False])
def test_a_shop_counts_among_the_others_only_while_it_is_in_the_indicators(
    tmp_path: Path, *, is_counted: bool
) -> None:
    found = render(tmp_path, members=[member(is_in_indicators=is_counted)]).files[0]
    text = text_of(found.path)
    assert "darin stecken mindestens fünf Inhaber, keiner überwiegt" in text
    assert ("auch Ihr Laden zählt mit" in text) is is_counted


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of a merchant whose receipts are all of the running month."""
    folder = tmp_path_factory.mktemp("newcomer")
    return text_of(render(folder, members=[member()], months=[], deliveries={}).files[0].path)


@pytest.mark.parametrize(
    "words",
    [
        "Bis Oktober 2026 ist noch kein Monat Ihres Ladens gespeichert",
        "Ihre Daten stecken bisher in keiner veröffentlichten Tabelle.",
        "Die Zahlen Ihres Ladens sieht niemand außer Ihnen einzeln.",
        "Ihr Laden fällt aus allen Kennzahlen heraus",
    ],
)
def test_a_shop_without_a_closed_month_is_a_shop(newcomer: str, words: str) -> None:
    assert words in newcomer


def test_whoever_has_a_shop_is_not_told_that_only_a_list_is_stored(newcomer: str) -> None:
    assert "Mitgliederliste" not in newcomer


def test_a_citizen_reads_of_consents_and_how_to_withdraw_one(papers: Mapping[str, Path]) -> None:
    text = text_of(papers["m2"])
    assert "wo es das gibt, Ihre Einwilligungen" in text
    assert "Wo Sie eine erteilt haben, genügt ein Anruf oder eine E-Mail" in text
    assert "Ihr Laden" not in text


def test_whoever_withdrew_reads_that_nothing_is_used(tmp_path: Path) -> None:
    found = render(tmp_path, members=[member(is_in_indicators=False)]).files[0]
    assert "Sie haben die Einwilligung „Kennzahlen“ widerrufen" in text_of(found.path)


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = render(tmp_path / "a").files[0], render(tmp_path / "b").files[0]
    assert first.path.read_bytes() == second.path.read_bytes()


def test_a_second_time_writes_nothing(tmp_path: Path) -> None:
    assert all(f.was_written for f in render(tmp_path).files)
    assert not any(f.was_written for f in render(tmp_path).files)


def test_a_member_unknown_to_the_register_stops_nobody(tmp_path: Path) -> None:
    result = render(tmp_path, members=[member(member_id="m9"), member()])
    assert [f.member_id for f in result.files] == ["m1"]
    assert "Mitgliederliste neu einlesen" in result.problems[0]


def test_a_report_is_tagged_and_german(papers: Mapping[str, Path]) -> None:
    reader = PdfReader(papers["m1"])
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "de-DE"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert "Ihr Bericht für Oktober 2026" in str(reader.metadata.title)


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ("104.50", "100", "4,5\u00a0% mehr als"),
        ("95.50", "100", "4,5\u00a0% weniger als"),
        ("100", "100", "genauso viel wie"),
        ("100", "0", ""),
    ],
)
def test_a_change_reads_as_a_german_says_it(now: str, before: str, words: str) -> None:
    assert change(Decimal(now), Decimal(before)) == words
