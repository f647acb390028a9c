# SPDX-License-Identifier: Apache-2.0
"""The asset graph as a steward sees it: Dagster's user interface in a browser, from sources to publications.

Belongs here: facts about the page and about what the running server tells it. Does not belong here: facts about the graph
itself (``test_graph.py``).
"""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from foundation.settings import Settings
from tests.browser import PageReport, open_page
from tests.documents import MAX_BYTES, dagster, graph_picture
from tests.orchestration.graph import SNAPSHOT, sample_house

GROUPS = (
    "core",
    "distribution",
    "experiments",
    "forecasting",
    "ingestion",
    "ledger",
    "marts",
    "publication",
    "quality",
    "release",
    "staging",
)
OPENED = ("experiments", "forecasting", "publication")
QUERY = "{ assetNodes { assetKey { path } dependencyKeys { path } isMaterializable } }"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The sample cooperative before its first run."""
    return sample_house(tmp_path_factory.mktemp("ui") / "home").settings


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    """Dagster's user interface on ``workspace.yaml``."""
    with dagster(settings) as found:
        yield found


@pytest.fixture(scope="module")
def overview(address: str, tmp_path_factory: pytest.TempPathFactory) -> PageReport:
    """The picture of the documents."""
    return graph_picture(address, tmp_path_factory.mktemp("picture") / "graph.png")


@pytest.fixture(scope="module")
def whole(address: str, tmp_path_factory: pytest.TempPathFactory) -> PageReport:
    """The graph with some groups open, in a window that holds them.

    Dagster draws only what is in view, and with all groups open the graph is larger than any window.
    """
    opened = ",".join(f"global@global:{group}" for group in OPENED)
    return open_page(
        f"{address}/asset-groups?expanded={opened}",
        tmp_path_factory.mktemp("whole") / "whole.png",
        3000,
        "svg .group",
        full=False,
        height=9000,
        settle_ms=5_000,
        timeout_ms=90_000,
    )


def assets() -> int:
    """Number of assets in the reviewed graph."""
    return sum(
        line.startswith("  ") and not line.startswith("   ")
        for line in SNAPSHOT.read_text("utf-8").splitlines()
    )


def test_every_group_is_on_the_page(overview: PageReport) -> None:
    assert overview.title == "Global asset lineage"
    assert set(GROUPS) <= set(overview.text.splitlines())


def test_assets_of_open_groups_are_drawn(whole: PageReport) -> None:
    # Long names are cut with dots
    shown = set(whole.text.splitlines())
    assert {"ind_experiment", "fct_forecast", "fct_backtest", "order_line"} <= shown
    assert {"portal", "edition", "statements", "order_sheets"} <= shown


def test_the_page_reports_no_error(overview: PageReport, whole: PageReport) -> None:
    for report in (overview, whole):
        assert report.failed_requests == []
        assert report.console_errors == []
        for word in ("error", "Error", "failed to load", "Fehler", "Traceback"):
            assert word not in report.text


def test_nothing_is_asked_of_another_origin(overview: PageReport, whole: PageReport) -> None:
    assert overview.requests
    assert overview.foreign_requests == whole.foreign_requests == []


def test_no_edge_of_the_running_server_ends_in_nothing(address: str) -> None:
    request = urllib.request.Request(
        f"{address}/graphql",
        json.dumps({"query": QUERY}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        nodes: list[dict[str, Any]] = json.load(answer)["data"]["assetNodes"]
    keys = {tuple(node["assetKey"]["path"]) for node in nodes}
    wanted = {tuple(key["path"]) for node in nodes for key in node["dependencyKeys"]}
    assert len(keys) == assets()
    assert wanted <= keys
    outside = {n["assetKey"]["path"][0] for n in nodes if not n["isMaterializable"]}
    assert outside == {"source"}


def test_the_picture_is_small_and_legible(overview: PageReport) -> None:
    picture: Path = overview.picture
    assert picture.stat().st_size < MAX_BYTES
    with Image.open(picture) as image:
        assert image.width >= 800
        assert len(image.convert("L").getcolors() or []) > 5
