# SPDX-License-Identifier: Apache-2.0
"""Names that assets share: groups, owners, kinds, partitions.

Belongs here: constants of the asset graph. Does not belong here: assets.
"""

from datetime import timedelta

import dagster as dg

from foundation.contracts import Contract, ContractObject
from foundation.migrations import described_columns
from orchestration.house import House

STEWARD = "team:datenverwaltung"
ENGINEER = "team:entwicklung"
# DuckLake on SQLite has one writer; whatever writes waits in this pool.
WRITER_POOL = "lake_writer"
# Tag of a run over what was left when a source failed: the run that it belongs to.
REST_OF = "ortskern/rest_of"
# Tag of a run to which everything belongs that waits
EVERYTHING = "ortskern/everything"


def daily(house: House) -> dg.DailyPartitionsDefinition:
    """Days from the cooperative's first to the last before ``as_of``."""
    return dg.DailyPartitionsDefinition(
        start_date=house.cooperative.data_start.isoformat(),
        # A fixed as_of ends the calendar; otherwise Dagster's own clock does.
        end_date=house.today.isoformat()
        if house.settings.as_of or house.cooperative.as_of
        else None,
        timezone=house.cooperative.timezone,
    )


def is_daily(contract: Contract) -> bool:
    """Whether the contract's deliveries are days, which the graph then shows as partitions."""
    return str(contract.options.get("partitions", "")) == "daily"


def last_days(house: House, days: int = 7) -> tuple[str, str]:
    """First and last key of the range that a run over everything names: the newest days there can be."""
    last = house.today - timedelta(days=1)
    first = max(house.cooperative.data_start, last - timedelta(days=days - 1))
    return first.isoformat(), last.isoformat()


def source_key(contract: Contract) -> dg.AssetKey:
    """Key of what the source delivers, before it is in the house."""
    return dg.AssetKey(["source", contract.id])


def raw_key(obj: ContractObject) -> dg.AssetKey:
    """Key of a raw table."""
    return dg.AssetKey(["raw", obj.name])


def contract_columns(obj: ContractObject) -> dg.TableSchema:
    """Columns of a raw table, for the UI."""
    keys = [
        dg.TableColumn("_landing_sha256", "VARCHAR", "SHA-256 der Lieferung"),
        dg.TableColumn("_row_number", "BIGINT", "Zeile in der Lieferung"),
    ]
    return dg.TableSchema(
        [*keys, *(dg.TableColumn(f.name, f.raw_type, f.description) for f in obj.raw_fields)]
    )


def migrated_columns(schema: str, table: str) -> dg.TableSchema:
    """Columns of a table that a migration made, for the UI."""
    return dg.TableSchema([dg.TableColumn(*c) for c in described_columns(schema, table)])
