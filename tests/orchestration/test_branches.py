# SPDX-License-Identifier: Apache-2.0
"""A source that fails stops what is made of it and nothing else."""

from pathlib import Path

import dagster as dg
import pytest
from dagster import AssetKey

from foundation.settings import load_settings
from ingestion.landing import land_inbox
from orchestration.branches import rest_of, rest_tags, sources_among
from orchestration.commands.run import run_jobs
from orchestration.definitions import build_definitions
from orchestration.house import House, silent
from tests.orchestration.graph import sample_house

FOOTFALL = (
    "location;time of measurement;weekday;pedestrians count;temperature in ºc;weather condition;incidents\r\n"
    "Musterstadt, Am Alten Markt;2026-09-01 10:00:00 +0200;Tuesday;120;18.0;cloudy;\r\n"
)


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    """All definitions of the sample cooperative."""
    return build_definitions(sample_house(tmp_path_factory.mktemp("graph") / "home"))


@pytest.fixture(scope="module")
def wanted(definitions: dg.Definitions) -> set[AssetKey]:
    """What the first job makes."""
    return set(definitions.resolve_job_def("propose").asset_layer.executable_asset_keys)


def rest(definitions: dg.Definitions, wanted: set[AssetKey], step: str) -> set[str]:
    graph = definitions.resolve_asset_graph()
    return {k.to_user_string() for k in rest_of(graph, wanted, {step}, set())}


def test_what_rests_on_the_failed_source_is_left_out(
    definitions: dg.Definitions, wanted: set[AssetKey]
) -> None:
    left = rest(definitions, wanted, "raw_footfall_hystreet")
    branch = {"raw/footfall_hystreet_counts", "core/fct_observation", "marts/ind_footfall_hourly"}
    assert not left & branch


def test_what_rests_on_other_sources_goes_on(
    definitions: dg.Definitions, wanted: set[AssetKey]
) -> None:
    left = rest(definitions, wanted, "raw_footfall_hystreet")
    assert {"core/fct_receipt_line", "marts/ind_vacancy", "papers/statement"} <= left


def test_quarantine_and_proposal_tell_of_the_others_all_the_same(
    definitions: dg.Definitions, wanted: set[AssetKey]
) -> None:
    left = rest(definitions, wanted, "raw_vacancy_register")
    assert {"landing/quarantine", "publication/proposal"} <= left


def test_what_was_made_already_is_not_made_again(
    definitions: dg.Definitions, wanted: set[AssetKey]
) -> None:
    made = {AssetKey(["landing", "delivery"]), AssetKey(["ledger", "cost"])}
    graph = definitions.resolve_asset_graph()
    assert not rest_of(graph, wanted, {"raw_vacancy_register"}, made) & made


def test_only_loading_steps_are_sources() -> None:
    assert sources_among({"raw_members", "dbt_models"}) == {"raw_members"}


def test_the_rest_names_its_run_and_keeps_the_days() -> None:
    tags = {"dagster/asset_partition_range_start": "2026-11-15", "dagster/run_key": "x"}
    assert rest_tags(tags, "r-1") == {
        "dagster/asset_partition_range_start": "2026-11-15",
        "ortskern/rest_of": "r-1",
    }


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, str | None]:
    """A counter's file that is gone from the shelf when it is to be read; the house's own lists are there."""
    settings = load_settings(home=tmp_path_factory.mktemp("zweige") / "home")
    house = House(settings)
    house.prepare()
    inbox = settings.inbox / "footfall_hystreet" / "markt.csv"
    inbox.parent.mkdir(parents=True)
    inbox.write_bytes(FOOTFALL.encode("utf-8-sig"))
    land_inbox(settings, house.lakehouse, house.keys, house.contracts, silent)
    for path in Path(settings.landing).rglob("*"):
        if path.is_file():
            path.unlink()
    return house, run_jobs(house, ("propose",), silent)


def test_the_failed_source_is_named(broken: tuple[House, str | None]) -> None:
    assert broken[1] is not None
    assert "raw_footfall_hystreet" in broken[1]


def test_models_of_the_other_sources_are_built(broken: tuple[House, str | None]) -> None:
    with broken[0].lakehouse.connect(read_only=True) as con:
        assert con.execute("SELECT count(*) FROM core.dim_quarter").fetchone() == (4,)


def test_models_of_the_failed_source_are_left_as_they_were(
    broken: tuple[House, str | None],
) -> None:
    assert ("core", "fct_observation") not in broken[0].lakehouse.tables()
