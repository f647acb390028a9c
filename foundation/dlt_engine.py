# SPDX-License-Identifier: Apache-2.0
"""dlt's ``ducklake`` destination on an engine that is handed to it.

Belongs here: how dlt comes by its connections. Does not belong here: which lake it is and how the engine is set
(``lakehouse.py``, which alone imports this, and late: dlt takes a second).

Left to itself dlt opens two engines for every load, each with DuckDB's own settings until dlt has set ours, and each
checking the signatures of the extensions anew: more than half of what a small load costs.
"""

from collections.abc import Callable
from typing import Any

from dlt.destinations import ducklake
from dlt.destinations.impl.duckdb.configuration import DuckDbConnectionPool
from dlt.destinations.impl.ducklake.configuration import DuckLakeCredentials
from dlt.destinations.impl.ducklake.ducklake import DuckLakeClient
from duckdb import DuckDBPyConnection

Engine = Callable[[], DuckDBPyConnection]


class EnginePool(DuckDbConnectionPool):
    """A pool whose connections come from ``engine``, one for each borrower as a DuckLake needs it."""

    def __init__(self, credentials: DuckLakeCredentials, engine: Engine) -> None:
        super().__init__(credentials, always_open_connection=True)
        self._engine = engine

    def borrow_conn(
        self,
        global_config: dict[str, Any] | None = None,
        local_config: dict[str, Any] | None = None,
        pragmas: list[str] | None = None,
    ) -> DuckDBPyConnection:
        """A new engine; dlt's settings for the whole of it are left out, ours hold."""
        connection = self._engine()
        try:
            self._apply_local_config(connection, local_config or {}, pragmas or [])
        except Exception:
            connection.close()
            raise
        with self._conn_lock:
            self._conn_borrows += 1
        return connection


def destination(credentials: DuckLakeCredentials, engine: Engine) -> ducklake:
    """The destination of that lake. dlt copies credentials field by field, so the pool joins them when a client is made."""

    class Client(DuckLakeClient):
        def __init__(self, schema: Any, config: Any, capabilities: Any) -> None:
            # Clients of one load share their credentials, and a connection goes back to the pool that lent it.
            if not isinstance(config.credentials.conn_pool, EnginePool):
                config.credentials.conn_pool = EnginePool(config.credentials, engine)
            super().__init__(schema, config, capabilities)

    class Destination(ducklake):
        @property
        def client_class(self) -> type:
            return Client

    return Destination(credentials=credentials, override_data_path=True)
