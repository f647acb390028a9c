# SPDX-License-Identifier: Apache-2.0
"""The portal says what was released, in German, to a browser that nobody else hears of."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from foundation.errors import ConfigError, OrtskernError
from reports.portal import PortalResult, build_portal, inputs_hash, published_files
from reports.portal_tables import RELEASED
from tests.browser import PageReport
from tests.reports.portal_data import (
    LAST_BASKET,
    NO_DATA,
    PROVENANCE,
    SUPPRESSED,
    TOO_FEW,
    figure_code,
    write_portal_data,
)

PAGES = (
    "",
    "vitalitaet/",
    "nordstern/",
    "fussverkehr/",
    "leerstand/",
    "experimente/",
    "katalog/",
    "datenschutz/",
    "genossenschaft/",
    "woher/",
    "impressum/",
    "datenschutzerklaerung/",
)
# As the portal is to be served
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; img-src 'self' data:; "
    "connect-src 'self' data:"
)
FIGURE = re.compile(r"W-[0-9A-Z]{10}")
Browser = Callable[..., PageReport]


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder with the portal's content policy, without a word in the log."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Links(HTMLParser):
    """Addresses, anchors and elements of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.anchors: set[str] = set()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id" and value:
                self.anchors.add(value)
            elif name == "href" and value and tag == "a":
                self.targets.append(value)


def links(page: Path) -> Links:
    parser = Links()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_portal_data(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def portal(data: Path, tmp_path_factory: pytest.TempPathFactory) -> PortalResult:
    home = tmp_path_factory.mktemp("portal")
    return build_portal(
        data_dir=data, work_dir=home / "work", out_dir=home / "site", version="edition-1"
    )


@pytest.fixture(scope="module")
def pages(
    portal: PortalResult, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, PageReport]:
    """Every page as a browser shows it, by path; no-break spaces as spaces."""
    pictures = tmp_path_factory.mktemp("pictures")
    with served(portal.path) as address:
        return {
            page: browser(address + page, pictures / f"{page.strip('/') or 'start'}.png")
            for page in PAGES
        }


def plain(report: PageReport) -> str:
    return " ".join(report.text.replace("\u00a0", " ").split())


def test_no_page_asks_anybody_else(pages: dict[str, PageReport]) -> None:
    assert [r for report in pages.values() for r in report.foreign_requests] == []


def test_no_page_has_an_error(pages: dict[str, PageReport]) -> None:
    assert [r for p in pages.values() for r in (*p.console_errors, *p.failed_requests)] == []


def test_all_pages_say_that_they_are_german(pages: dict[str, PageReport]) -> None:
    assert {report.lang for report in pages.values()} == {"de"}


def test_no_page_carries_a_program(portal: PortalResult) -> None:
    assert all("script" not in links(page).tags for page in portal.path.rglob("*.html"))
    assert [p for p in portal.path.rglob("*") if p.suffix in {".js", ".wasm", ".mjs"}] == []


def test_key_figures_stand_in_german_on_the_start_page(pages: dict[str, PageReport]) -> None:
    text = plain(pages[""])
    assert f"{LAST_BASKET} €".replace(".", ",") in text
    assert "von 100 Punkten, Oktober 2026" in text
    assert "Stand der Daten: 22.11.2026" in text


def test_figures_stand_in_the_file_itself(portal: PortalResult) -> None:
    html = (portal.path / "index.html").read_text(encoding="utf-8")
    assert f"{LAST_BASKET}\u00a0€".replace(".", ",") in html


def test_a_suppressed_cell_says_so_and_why(pages: dict[str, PageReport]) -> None:
    text = plain(pages["vitalitaet/"])
    assert re.search(r"Südring unterdrückt", text)
    assert f"könnte einzelne Betriebe oder Menschen verraten ({TOO_FEW})" in text


def test_a_missing_component_says_so_and_why(pages: dict[str, PageReport]) -> None:
    text = plain(pages["vitalitaet/"])
    assert re.search(r"Wege zu Fuß fehlt", text)
    assert NO_DATA in text


def test_empty_premises_are_told_in_heads_and_beside_the_year_before(
    pages: dict[str, PageReport],
) -> None:
    text = plain(pages["leerstand/"])
    assert re.search(r"Im Oktober 2026 stehen \d+ von 260 Ladenlokalen leer", text)
    assert re.search(r"weniger als im Oktober 2025|mehr als im Oktober 2025", text)


def test_people_on_foot_are_told_with_what_was_not_measured(pages: dict[str, PageReport]) -> None:
    text = plain(pages["fussverkehr/"])
    assert re.search(r"gingen am Tag im Mittel [\d.]+ Menschen ↗ an der Zählstelle", text)
    assert "0,0 % der Stunden" in text


def test_a_silent_sensor_is_named_with_its_last_day(pages: dict[str, PageReport]) -> None:
    text = plain(pages["fussverkehr/"])
    assert "Südpassage: hier stimmt etwas nicht" in text
    assert "verstummt Keine Messung seit 15.08.2026" in text


def test_the_north_star_stands_with_its_range_and_its_parts(pages: dict[str, PageReport]) -> None:
    text = plain(pages["nordstern/"])
    assert re.search(r"[\d,]+ Cent ↗ Umsatz in den Läden der Mitglieder", text)
    assert re.search(r"sicher ist ein Bereich von [\d,]+ bis [\d,]+ Cent", text)


def test_an_experiment_begins_with_its_verdict_and_shows_both_checks(
    pages: dict[str, PageReport],
) -> None:
    text = plain(pages["experimente/"])
    assert re.search(r"Vergleich der Orte p = 0,\d{3} Vergleich der Zeiten p = 0,\d{3}", text)
    assert "mit 95 % Sicherheit zwischen" in text


def test_the_catalogue_hands_out_every_released_table(portal: PortalResult) -> None:
    found = {Path(t).name for t in links(portal.path / "katalog" / "index.html").targets}
    assert {"vacancy.parquet", "basket_by_quarter.parquet"} <= found


def test_index_values_of_other_components_are_not_subtracted(pages: dict[str, PageReport]) -> None:
    assert re.search(r"Südring [\d,]+ ↗ nicht vergleichbar\*", plain(pages[""]))
    assert "eingeschränkt vergleichbar: Südring (Oktober 2026)." in plain(pages["vitalitaet/"])


def test_the_privacy_board_shows_each_contract(pages: dict[str, PageReport]) -> None:
    text = plain(pages["datenschutz/"])
    for said in ("Kassenbelege", "Fassung 1.0.0", "24 Monate", "1 wird an der Tür gelöscht"):
        assert said in text


def test_the_guide_stands_on_every_page_with_telephone(pages: dict[str, PageReport]) -> None:
    assert all("02345 678900" in plain(report) for report in pages.values())


def test_every_link_leads_to_a_page_and_anchor_that_exist(portal: PortalResult) -> None:
    found = {page: links(page) for page in portal.path.rglob("*.html")}
    missing = []
    for page, parsed in found.items():
        for target in parsed.targets:
            path, _, anchor = target.partition("#")
            there = (page.parent / path).resolve() if path else page
            if not there.is_file() or (anchor and anchor not in found[there].anchors):
                missing.append(f"{page}: {target}")
    assert missing == []


def test_every_figure_code_links_to_its_entry(portal: PortalResult) -> None:
    for name in PAGES[:7]:
        page = portal.path / name / "index.html"
        text = page.read_text(encoding="utf-8")
        linked = {t.partition("#")[2] for t in links(page).targets if "woher/" in t}
        assert set(FIGURE.findall(text)) <= linked, name
    suppressed = figure_code("basket_by_quarter", *SUPPRESSED)
    register = portal.path / "woher" / "basket_by_quarter" / "index.html"
    assert suppressed in links(register).anchors


def test_pages_opened_from_a_disk_look_as_they_do_on_a_server(
    portal: PortalResult, browser: Browser, pages: dict[str, PageReport], tmp_path: Path
) -> None:
    report = browser((portal.path / "index.html").as_uri(), tmp_path / "disk.png")
    assert (report.failed_requests, report.console_errors) == ([], [])
    assert plain(report) == plain(pages[""])
    assert any(request.endswith(".woff2") for request in report.requests)


def test_each_table_says_where_it_comes_from(portal: PortalResult) -> None:
    for table, (title, definition) in PROVENANCE.items():
        html = (portal.path / "woher" / table / "index.html").read_text(encoding="utf-8")
        for said in (title, definition, "16.11.2026", "Protokoll 2026-07", "3f1c0de5a9b2"):
            assert said in html, (table, said)


def test_published_data_are_the_released_files_byte_for_byte(
    portal: PortalResult, data: Path
) -> None:
    published = published_files(portal.path)
    assert {p.name for p in published} == {f"{table}.parquet" for table in RELEASED}
    assert all(p.read_bytes() == (data / p.name).read_bytes() for p in published)


def test_unchanged_inputs_build_nothing(portal: PortalResult, data: Path, tmp_path: Path) -> None:
    again = build_portal(
        data_dir=data, work_dir=tmp_path / "work", out_dir=portal.path, version="edition-1"
    )
    assert (again.rebuilt, again.files) == (False, portal.files)
    assert not (tmp_path / "work").exists()


def test_the_transparency_report_is_offered_for_download(portal: PortalResult) -> None:
    page = (portal.path / "genossenschaft/index.html").read_text(encoding="utf-8")
    assert 'href="../transparenzbericht.pdf"' in page
    assert (portal.path / "transparenzbericht.pdf").read_bytes().startswith(b"%PDF")


def test_another_report_is_another_portal(data: Path, tmp_path: Path) -> None:
    other = shutil.copytree(data, tmp_path / "other")
    (other / "transparenzbericht.pdf").write_bytes(b"%PDF-1.7 another one")
    assert inputs_hash(other, "1") != inputs_hash(data, "1")


def test_the_hash_of_inputs_follows_data_and_version(data: Path, tmp_path: Path) -> None:
    other = shutil.copytree(data, tmp_path / "other")
    same = inputs_hash(data, "1")
    assert inputs_hash(other, "1") == same
    assert len({same, inputs_hash(data, "2")}) == 2
    (other / "vacancy.parquet").unlink()
    assert inputs_hash(other, "1") != same


def test_tables_without_approval_leave_their_place_empty(data: Path, tmp_path: Path) -> None:
    few = shutil.copytree(data, tmp_path / "few")
    for table in ("vitality_index", "vitality_component", "footfall_hourly", "members"):
        (few / f"{table}.parquet").unlink()
    result = build_portal(
        data_dir=few,
        work_dir=tmp_path / "work",
        out_dir=tmp_path / "site",
        version="1",
    )
    start = (result.path / "index.html").read_text(encoding="utf-8")
    assert "noch nicht freigegeben" in start
    assert "noch nicht freigegeben" in (result.path / "genossenschaft/index.html").read_text()
    assert {p.stem for p in published_files(result.path)}.isdisjoint({"members", "vitality_index"})


def test_a_table_of_another_shape_is_refused(data: Path, tmp_path: Path) -> None:
    odd = shutil.copytree(data, tmp_path / "odd")
    (odd / "members.parquet").write_bytes(b"PAR1")
    with pytest.raises(OrtskernError, match=r"Datei „members.parquet“.*neu aus `release`"):
        build_portal(data_dir=odd, work_dir=tmp_path / "w", out_dir=tmp_path / "o", version="1")


def test_a_portal_without_a_cooperative_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cooperative\.parquet.*Angaben zur Genossenschaft"):
        build_portal(data_dir=tmp_path, work_dir=tmp_path, out_dir=tmp_path, version="1")


@pytest.mark.soak
def test_same_inputs_give_the_same_bytes(portal: PortalResult, data: Path, tmp_path: Path) -> None:
    again = build_portal(
        data_dir=data, work_dir=tmp_path / "w", out_dir=tmp_path / "o", version="edition-1"
    )
    one, two = (
        {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        for folder in (portal.path, again.path)
    )
    assert one == two


@pytest.mark.soak
def test_a_damaged_portal_is_built_again(data: Path, tmp_path: Path) -> None:
    def build() -> PortalResult:
        return build_portal(
            data_dir=data, work_dir=tmp_path / "w", out_dir=tmp_path / "o", version="1"
        )

    first = build()
    (first.path / "index.html").write_text("leer", encoding="utf-8")
    assert build().rebuilt
    assert not build().rebuilt
