# SPDX-License-Identifier: Apache-2.0
"""The pictures of the documents: there, small enough, and the functions that take them do.

Belongs here: the pictures as files. Does not belong here: what portal, papers and graph must show (their own tests; the graph's
picture is taken in ``tests/orchestration/test_graph_in_browser.py``).
"""

from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from tests.documents import (
    FOLDER,
    MAX_BYTES,
    PAGES,
    PAPER_WIDTH,
    WIDTH,
    paper_picture,
    portal_picture,
)

NAMES = (*PAGES, "abrechnung", "bestellzettel", "graph")


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_of_the_documents_is_there_and_small(name: str) -> None:
    assert 10_000 < (FOLDER / f"{name}.png").stat().st_size < MAX_BYTES


def test_no_picture_lies_there_that_nobody_takes() -> None:
    assert {p.name for p in FOLDER.iterdir()} == {f"{name}.png" for name in NAMES}


def test_the_first_page_of_a_paper_becomes_a_picture(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.save(tmp_path / "papier.pdf")
    document.close()
    with Image.open(paper_picture(tmp_path / "papier.pdf", tmp_path / "bild.png")) as image:
        assert image.width == PAPER_WIDTH
        assert image.height == pytest.approx(PAPER_WIDTH * 842 / 595, abs=2)


def test_a_page_of_the_portal_becomes_a_picture_of_the_asked_height(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        "<html lang='de'><title>Start</title><body style='height:3000px'>Guten Tag</body></html>"
    )
    report = portal_picture(tmp_path, "", tmp_path / "bild.png", 700)
    assert report.text.strip() == "Guten Tag"
    with Image.open(report.picture) as image:
        assert image.size == (WIDTH, 700)
