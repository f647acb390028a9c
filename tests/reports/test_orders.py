# SPDX-License-Identifier: Apache-2.0
"""The order sheet: one page, one phone screen, words and numbers that a baker reads."""

import stat
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader

from foundation.cooperative import Cooperative, load_cooperative
from foundation.identity import Identity
from foundation.settings import PROJECT_ROOT
from reports.orders.content import sheet_of, week_sentence
from reports.orders.phone import phone_page
from reports.orders.render import OrderSheets, render_orders
from tests.browser import open_page

SUNDAY = date(2026, 11, 22)
MEMBER, SITE = "a" * 32, "b" * 32
BAKER = Identity(
    "M-1001", "Bäckerei Muster", None, "Gasse 1", "48999", "Musterstadt", "DE", "regulaer"
)


def line(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A line of ``papers.order_line``."""
    return {
        "member_id": MEMBER,
        "site_id": SITE,
        "article_number": f"{1000 + number:05d}",
        "article_name": f"Gebäck {number}",
        "product_group": "Brot",
        "unit": "Stück",
        "issued_date": SUNDAY,
        "target_date": date(2026, 11, 23),
        "is_next_day": True,
        "expected_quantity": Decimal("40.30"),
        "low_quantity": Decimal("28.00"),
        "high_quantity": Decimal("53.00"),
        "order_quantity": Decimal("46.000"),
        "no_quantity_reason": None,
        "rung": "baeume",
        "rung_reason": "Fehler 20 % statt 25 %",
        "hit_rate": Decimal("0.8200"),
        "reasons": "Montag ×0,84; Markttag ×1,10; Wetter (4 °C, Regen) ×0,93; Zahltag ×1,05",
        "week_from_date": date(2026, 11, 15),
        "week_to_date": date(2026, 11, 21),
        "week_saved_eur": Decimal("38.40"),
        "week_sold_out_count": 5,
        "week_recorded_count": 0,
        "figure_code": "W-ABCDEFGHIJ",
    } | changes


@pytest.fixture(scope="module")
def cooperative() -> Cooperative:
    return load_cooperative(PROJECT_ROOT / "cooperative")


def render(lines: list[dict[str, Any]], folder: Path, cooperative: Cooperative) -> OrderSheets:
    return render_orders(
        lines,
        {MEMBER: BAKER},
        {SITE: "Bäckerei Muster am Markt"},
        cooperative,
        out_dir=folder,
        issued_on=SUNDAY,
    )


@pytest.fixture(scope="module")
def full(cooperative: Cooperative, tmp_path_factory: pytest.TempPathFactory) -> OrderSheets:
    lines = [line(n) for n in range(18)]
    lines += [line(n, order_quantity=None, no_quantity_reason="x") for n in range(18, 24)]
    return render(lines, tmp_path_factory.mktemp("zettel") / "orders", cooperative)


def test_twenty_four_articles_fit_on_one_page(full: OrderSheets) -> None:
    assert len(PdfReader(full.sheets[0].pdf).pages) == 1


def test_the_page_names_day_quantity_reason_code_and_contact(
    full: OrderSheets, cooperative: Cooperative
) -> None:
    text = PdfReader(full.sheets[0].pdf).pages[0].extract_text().replace("\u00a0", " ")
    wanted = ["23.11.2026", "46", "28–53", "Markttag ×1,10", "W-ABCDEFGHIJ", "Ihre Menge"]
    assert [w for w in [*wanted, cooperative.contact.phone] if w not in text] == []


def test_the_phone_page_asks_nobody_for_anything(full: OrderSheets, tmp_path: Path) -> None:
    address = full.sheets[0].page.as_uri()
    report = open_page(address, tmp_path / "p.png", width=375, count=["li", "script", "img"])
    assert report.foreign_requests == []
    assert (report.lang, report.counts) == ("de", [24, 0, 0])


def test_seventeen_quantities_are_one_phone_screen(
    cooperative: Cooperative, tmp_path: Path
) -> None:
    rows = [line(n, article_name="Roggenmischbrot 1000 g") for n in range(17)]
    found = render(rows, tmp_path / "orders", cooperative).sheets[0]
    picture = tmp_path / "phone.png"
    report = open_page(found.page.as_uri(), picture, width=390, height=844)
    with Image.open(picture) as shown:
        assert shown.height <= 844
    assert report.text.count("Montag ×0,84") == 17


LONG = "Roggenvollkornsauerteigbrot mit Sonnenblumenkernen und Walnüssen, 1000 g"


@pytest.mark.parametrize("width", [320, 390])
def test_a_long_name_is_read_whole_beside_its_quantity(
    cooperative: Cooperative, tmp_path: Path, width: int
) -> None:
    heights = []
    for name in ("Brot", LONG):
        page = render([line(article_name=name)], tmp_path / name[:4], cooperative).sheets[0].page
        picture = tmp_path / f"{name[:4]}.png"
        assert open_page(page.as_uri(), picture, width=width).counts == []
        with Image.open(picture) as shown:
            assert shown.width == width
            heights.append(_last_inked_row(shown))
    # More lines of text, and nothing that pushes the page wider than the phone
    assert heights[1] > heights[0]


def _last_inked_row(shown: Image.Image) -> int:
    """The lowest row of pixels that is not paper."""
    paper = Image.new("L", shown.size, 255)
    box = ImageChops.difference(shown.convert("L"), paper).getbbox()
    assert box is not None
    return int(box[3])


def test_a_tap_on_a_line_tells_all_of_it(full: OrderSheets, tmp_path: Path) -> None:
    address = full.sheets[0].page.as_uri()
    report = open_page(address, tmp_path / "p.png", width=390, click=["li summary"])
    for words in ("erwartet 40, meist 28–53", "Wetter (4 °C, Regen) ×0,93", "8 von 10", "W-ABCDE"):
        assert words in report.text


@pytest.mark.parametrize(
    ("quantity", "text"), [("0.750", "0,75"), ("2.500", "2,5"), ("10.000", "10"), ("1200", "1.200")]
)
def test_a_quantity_is_printed_with_the_decimals_it_has(
    cooperative: Cooperative, quantity: str, text: str
) -> None:
    rows = [line(unit="kg", order_quantity=Decimal(quantity))]
    assert sheet_of(rows, cooperative, SUNDAY).to_order[0].order == text


def test_folders_belong_to_their_owner_alone(full: OrderSheets) -> None:
    folder = full.sheets[0].pdf.parent
    assert [stat.S_IMODE(p.stat().st_mode) for p in (folder, folder.parent)] == [0o700, 0o700]


def test_the_same_lines_are_not_written_twice(cooperative: Cooperative, tmp_path: Path) -> None:
    first = render([line()], tmp_path / "o", cooperative).sheets[0]
    before = first.pdf.read_bytes()
    again = render([line()], tmp_path / "o", cooperative).sheets[0]
    assert (first.was_written, again.was_written) == (True, False)
    assert again.pdf.read_bytes() == before


def test_both_pages_carry_the_name_of_the_shop(full: OrderSheets) -> None:
    sheet = full.sheets[0]
    assert "Bäckerei Muster am Markt" in PdfReader(sheet.pdf).pages[0].extract_text()
    assert "Bäckerei Muster am Markt" in sheet.page.read_text()


def test_a_shop_without_a_name_is_called_by_its_number(
    cooperative: Cooperative, tmp_path: Path
) -> None:
    found = render([line(), line(site_id="d" * 32)], tmp_path / "o", cooperative)
    assert "Bäckerei Muster, Laden 2" in found.sheets[1].page.read_text()


def test_a_member_that_the_register_does_not_know_gets_no_sheet(
    cooperative: Cooperative, tmp_path: Path
) -> None:
    found = render([line(member_id="c" * 32)], tmp_path / "o", cooperative)
    assert (found.sheets, found.unknown) == ([], ["c" * 32])


def test_closed_tomorrow_names_the_next_day_open(cooperative: Cooperative) -> None:
    rows = [line(target_date=date(2026, 11, 24), is_next_day=False)]
    expected = "Morgen (Montag) ist geschlossen. Nächster offener Tag: Dienstag, 24.11.2026."
    assert sheet_of(rows, cooperative, SUNDAY).closed == expected


def test_without_slips_the_sheet_says_why_there_is_no_quantity(cooperative: Cooperative) -> None:
    rows = [line(order_quantity=None, no_quantity_reason="kein Retourenzettel")]
    sheet = sheet_of(rows, cooperative, SUNDAY)
    assert sheet.to_order == []
    assert sheet.missing == "Nur erwartete Verkäufe, keine Bestellmengen: kein Retourenzettel."


def test_at_the_beginning_of_the_week_the_last_one_is_told(cooperative: Cooperative) -> None:
    assert "38,40\u00a0€ gespart" in sheet_of([line()], cooperative, SUNDAY).week
    assert sheet_of([line()], cooperative, date(2026, 11, 24)).week == ""


@pytest.mark.parametrize(
    ("saved", "out", "words"),
    [
        ("-12.30", 0, "12,30\u00a0€ mehr gekostet (nachgerechnet)."),
        ("5.00", 1, "Einmal war ausverkauft und der Vorschlag höher; nicht gerechnet."),
    ],
)
def test_last_week_in_words(saved: str, out: int, words: str) -> None:
    row = line(week_saved_eur=Decimal(saved), week_sold_out_count=out)
    assert week_sentence(row).endswith(words)


def test_foreign_signs_in_names_stay_text(cooperative: Cooperative) -> None:
    page = phone_page(sheet_of([line(article_name="<b>Mett</b>")], cooperative, SUNDAY), "A & B")
    assert "&lt;b&gt;Mett" in page
    assert "A &amp; B" in page
