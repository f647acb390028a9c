# SPDX-License-Identifier: Apache-2.0
"""A small town straight in `raw`, for tests of the dbt project and for measuring it.

Belongs here: raw tables in the contracts' own columns and types, filled by the SQL files of `town/`
from a number of receipts, with a few planted cases of which the right answer is known. Does not
belong here: files, adapters, pseudonyms (identifiers are made up), or expectations about results.

Planted: every till's last closing is delivered a second time; `owner-03` withdrew its consent; each
97th receipt is a cancellation; training receipts, deposits, tips, discounts and
vouchers; one shop with a till that writes CSV; a sensor that was silent for a day, one that repeats
itself and dies; the two nights on which the clock changes.
"""

from pathlib import Path

from duckdb import DuckDBPyConnection

from foundation.contracts import load_contracts
from foundation.migrations import migrate

FOLDER = Path(__file__).resolve().parent / "town"
LOADER_COLUMNS = "_landing_sha256 VARCHAR, _row_number BIGINT, _dlt_load_id VARCHAR"


def fabricate(con: DuckDBPyConnection, cooperative: Path, receipts: int) -> None:
    """Fill `lake.raw` and `lake.landing` with a town of `receipts` receipts, three lines each.

    `con` has a new lake attached as `lake`. Tables have the contracts' columns and types; one
    without a file in `town/` stays empty.
    """
    migrate(con, "landing")
    for path in sorted(FOLDER.glob("_*.sql")):
        con.execute(_sql(path).replace("$receipts", str(receipts)))
    for contract in load_contracts(cooperative).values():
        for table in contract.objects:
            columns = ", ".join(f'"{f.name}" {f.raw_type}' for f in table.raw_fields)
            con.execute(f"CREATE TABLE lake.raw.{table.name} ({columns}, {LOADER_COLUMNS})")
            path = FOLDER / f"{table.name}.sql"
            if path.is_file():
                con.execute(
                    f"INSERT INTO lake.raw.{table.name} BY NAME SELECT *, 'load-1' AS _dlt_load_id,"
                    f" row_number() OVER () AS _row_number FROM ({_sql(path)})"
                )
    landed = _sql(FOLDER / "landing_delivery.sql")
    con.execute(f"INSERT INTO lake.landing.delivery BY NAME {landed}")


def _sql(path: Path) -> str:
    return path.read_text("utf-8")
