# SPDX-License-Identifier: Apache-2.0
"""The pictures of the documents, taken from a run of the sample cooperative, so that they show what is.

Belongs here: which pictures there are and how each is taken. Does not belong here: what must be seen on them (the tests of
portal, papers and graph).

`python -m tests.documents` (`make docs`) runs the sample cooperative in a temporary folder and writes ``docs/pictures``;
`--home FOLDER` takes a run that is there.
"""

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image

from foundation.settings import PROJECT_ROOT, Settings, load_settings
from orchestration.instance import environment, prepare_instance
from tests.browser import PageReport, open_page
from tests.servers import answers, free_port, running, served

FOLDER = PROJECT_ROOT / "docs" / "pictures"
SCALE = 0.05
MAX_BYTES = 400_000
COLOURS = 128
WIDTH = 1280
# Page and height of the window that holds its first chart
PAGES = {
    "portal-start": ("", 1150),
    "portal-vitalitaet": ("vitalitaet/", 920),
    "portal-experimente": ("experimente/", 1080),
}
# The graph with its groups from top to bottom, and what the window holds beside and above it
GRAPH = (1540, 1000)
GRAPH_FRAME = (560, 195, 1494, 760)
# Dagster asks for the states of assets after it has drawn them
STATES_MS = 8_000
PAPER_WIDTH = 900


@contextlib.contextmanager
def dagster(settings: Settings) -> Iterator[str]:
    """Dagster's user interface on this cooperative, read only; yields its address."""
    port = free_port()
    home = prepare_instance(settings)
    variables = {
        "ORTSKERN_HOME": str(settings.home),
        "ORTSKERN_COOPERATIVE": str(settings.cooperative),
        **environment(settings),
    }
    command = [str(Path(sys.executable).with_name("dagster-webserver")), "--read-only"]
    command += ["-w", str(PROJECT_ROOT / "workspace.yaml"), "-h", "127.0.0.1", "-p", str(port)]
    address = f"http://127.0.0.1:{port}"
    ready = answers(f"{address}/server_info")
    with running("Dagster", command, home / "webserver.log", ready, env=variables):
        yield address


def shrink(picture: Path, box: tuple[int, int, int, int] | None = None) -> Path:
    """Cut a picture to `box` and reduce its colours, so that the repository stays small."""
    with Image.open(picture) as image:
        part = image.convert("RGB").crop(box) if box else image.convert("RGB")
        part.quantize(COLOURS, dither=Image.Dither.NONE).save(picture, optimize=True)
    return picture


def graph_picture(address: str, picture: Path) -> PageReport:
    """The whole graph, groups closed, as one opens it; from top to bottom, which stays legible in a document."""
    report = open_page(
        f"{address}/asset-groups",
        picture,
        *GRAPH[:1],
        "svg .group",
        full=False,
        height=GRAPH[1],
        storage={"asset-graph-direction": '"vertical"'},
        settle_ms=STATES_MS,
        timeout_ms=60_000,
    )
    shrink(picture, GRAPH_FRAME)
    return report


def portal_picture(site: Path, page: str, picture: Path, height: int) -> PageReport:
    """The upper part of a page of the portal, as a desktop window of that height shows it."""
    with served(site) as address:
        report = open_page(
            f"{address}{page}", picture, WIDTH, full=False, height=height, settle_ms=1_500
        )
    shrink(picture)
    return report


def paper_picture(pdf: Path, picture: Path) -> Path:
    """The first page of a paper."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        rendered = page.render(scale=PAPER_WIDTH / page.get_width()).to_pil()
        picture.parent.mkdir(parents=True, exist_ok=True)
        rendered.save(picture)
    finally:
        document.close()
    return shrink(picture)


def paper_of(settings: Settings) -> Path:
    """The annual statement of the member who comes first."""
    return min(settings.statements_dir.glob("*/*/JA-*.pdf"))


def order_sheet_of(settings: Settings) -> Path:
    """The order sheet of the baker who comes first."""
    return min((settings.home / "orders").glob("*/*.pdf"))


def take_all(settings: Settings, folder: Path = FOLDER) -> list[Path]:
    """All pictures of the documents from one run; returns their files.

    Raises:
        ValueError: a picture is larger than a document should load.
    """
    site = settings.portal_dir / "site"
    pictures = [folder / f"{name}.png" for name in PAGES]
    for picture, (page, height) in zip(pictures, PAGES.values(), strict=True):
        portal_picture(site, page, picture, height)
    pictures.append(paper_picture(paper_of(settings), folder / "abrechnung.png"))
    pictures.append(paper_picture(order_sheet_of(settings), folder / "bestellzettel.png"))
    pictures.append(folder / "graph.png")
    with dagster(settings) as address:
        graph_picture(address, pictures[-1])
    for picture in pictures:
        if picture.stat().st_size > MAX_BYTES:
            raise ValueError(f"{picture.name}: {picture.stat().st_size} bytes, at most {MAX_BYTES}")
    return pictures


def main() -> None:
    """Run the sample cooperative, unless a run is named, and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, help="state folder of a run that is there")
    chosen = parser.parse_args().home
    with tempfile.TemporaryDirectory(prefix="ortskern-documents-") as name:
        home = chosen.resolve() if chosen else Path(name) / "home"
        os.environ["ORTSKERN_HOME"] = str(home)
        if chosen is None:
            from orchestration.commands.run import run_all

            if run_all(None, SCALE) != 0:
                raise SystemExit(1)
        for picture in take_all(load_settings(home=home)):
            sys.stdout.write(f"{picture} {picture.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
