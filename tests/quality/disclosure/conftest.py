# SPDX-License-Identifier: Apache-2.0
"""A throwaway lake with released tables and empty marts."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from foundation.lakehouse import engine
from foundation.migrations import migrate

MARTS = """
CREATE TABLE lake.marts.ind_basket_contribution (owner_id VARCHAR, quarter_id VARCHAR,
    trade_id VARCHAR, trade_group VARCHAR, business_month DATE, receipt_count BIGINT,
    revenue_eur DECIMAL(18,2));
CREATE TABLE lake.marts.ind_vacancy (quarter_id VARCHAR, business_month DATE,
    premise_count BIGINT, vacant_count BIGINT, vacancy_share DOUBLE);
CREATE TABLE lake.marts.ind_footfall_hourly (sensor_id VARCHAR, quarter_id VARCHAR,
    business_month DATE, day_kind VARCHAR, hour SMALLINT, pedestrians_mean DECIMAL(18,2),
    observed_hours BIGINT, missing_hours BIGINT);
CREATE TABLE lake.marts.ind_member_contribution (member_id VARCHAR, quarter_id VARCHAR,
    member_kind VARCHAR);
CREATE TABLE lake.core.dim_quarter (quarter_id VARCHAR, quarter_name VARCHAR);
CREATE TABLE lake.papers.letter (member_id VARCHAR, fiscal_year VARCHAR, text VARCHAR,
    town_basket_eur DECIMAL(18,2));
"""


def attach(catalog: Path, data: Path) -> DuckDBPyConnection:
    con = engine()
    con.execute(
        f"ATTACH 'ducklake:sqlite:{catalog}' AS lake (DATA_PATH '{data}', "
        "OVERRIDE_DATA_PATH true, ENCRYPTED true, META_JOURNAL_MODE 'WAL')"
    )
    con.execute("USE lake")
    return con


@pytest.fixture(scope="session")
def empty_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalog of a lake with schemas, marts and released tables but without any row."""
    folder = tmp_path_factory.mktemp("empty_lake")
    (folder / "data").mkdir()
    with attach(folder / "catalog.sqlite", folder / "data") as con:
        for schema in ("marts", "core", "release", "papers"):
            con.execute(f"CREATE SCHEMA lake.{schema}")
        migrate(con, "release")
        con.execute(MARTS)
    return folder / "catalog.sqlite"


@pytest.fixture
def lake(tmp_path: Path, empty_lake: Path) -> Iterator[DuckDBPyConnection]:
    """A connection to an encrypted DuckLake with SQLite catalog, schemas and marts created."""
    (tmp_path / "data").mkdir()
    shutil.copy(empty_lake, tmp_path / "catalog.sqlite")
    with attach(tmp_path / "catalog.sqlite", tmp_path / "data") as con:
        yield con
