# SPDX-License-Identifier: Apache-2.0
"""From a model's column back to the columns it is made of, for Dagster's user interface.

Belongs here: reading compiled SQL. Does not belong here: from table to table (``orchestration/lineage.py``).
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

if TYPE_CHECKING:
    from sqlglot.schema import MappingSchema

Node = Mapping[str, Any]


class ColumnOrigins:
    """Origins of columns by model, read from the SQL that dbt compiled (2 ms a model).

    dagster-dbt can do the same, but asks the database for every table's columns; the manifest knows them already.
    """

    def __init__(
        self, manifest: Mapping[str, Any], target: Path, key_of: Callable[[Node], dg.AssetKey]
    ) -> None:
        """``target``: dbt's target folder; ``key_of``: the asset key of a model or source."""
        self._compiled = target / "compiled" / str(manifest["metadata"]["project_name"])
        self._models: dict[dg.AssetKey, Node] = {}
        self._keys: dict[tuple[str, str], dg.AssetKey] = {}
        tables: dict[str, dict[str, dict[str, dict[str, str]]]] = {}
        nodes = (*manifest["nodes"].values(), *manifest["sources"].values())
        for node in (n for n in nodes if n["resource_type"] in ("model", "source")):
            key = key_of(node)
            if node["resource_type"] == "model":
                self._models[key] = node
            self._keys[(node["schema"], node["name"])] = key
            schema = tables.setdefault(node["database"], {}).setdefault(node["schema"], {})
            # The origin does not depend on the type; some models declare none.
            schema[node["name"]] = dict.fromkeys(node["columns"], "VARCHAR")
        self._tables = tables

    def of(self, key: dg.AssetKey) -> dg.TableColumnLineage | None:
        """The origins of a model's columns; None where its SQL is not compiled yet or not understood.

        A column that counts rows comes from no column and is left out.
        """
        node = self._models.get(key)
        path = self._compiled / node["original_file_path"] if node else None
        if path is None or not path.is_file():
            return None
        from sqlglot.errors import SqlglotError

        try:
            return dg.TableColumnLineage(self._origins(path.read_text("utf-8")))
        except SqlglotError:
            # A picture is missing then, no number.
            return None

    @cached_property
    def _schema(self) -> "MappingSchema":
        """All columns, brought into sqlglot's form once and not for every column again."""
        from sqlglot.schema import MappingSchema

        return MappingSchema({**self._tables}, dialect="duckdb")

    def _origins(self, sql: str) -> dict[str, list[dg.TableColumnDep]]:
        from sqlglot import exp, parse_one
        from sqlglot.lineage import lineage
        from sqlglot.optimizer.qualify import qualify
        from sqlglot.optimizer.scope import build_scope

        query = qualify(
            parse_one(sql, dialect="duckdb"),
            schema=self._schema,
            dialect="duckdb",
            validate_qualify_columns=False,
            identify=False,
        )
        scope = build_scope(query)
        found: dict[str, list[dg.TableColumnDep]] = {}
        for column in query.selects if isinstance(query, exp.Query) else []:
            name = column.alias_or_name
            tree = lineage(
                name,
                query,
                self._schema,
                dialect="duckdb",
                scope=scope,
                trim_selects=False,
                copy=False,
            )
            leaves = {
                (key, leaf.name.rsplit(".", 1)[-1].strip('"'))
                for leaf in tree.walk()
                if isinstance(leaf.expression, exp.Table)
                and (key := self._keys.get((leaf.expression.db, leaf.expression.name)))
            }
            if leaves:
                found[name] = [
                    dg.TableColumnDep(asset_key=k, column_name=c) for k, c in sorted(leaves)
                ]
        return found
