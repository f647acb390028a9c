# SPDX-License-Identifier: Apache-2.0
"""Groups ``staging``, ``core``, ``marts``: the dbt models as assets, their tests as checks.

Belongs here: how dbt is called, and when it need not be. Does not belong here: any model (``dbt_project``).
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)

from foundation.errors import OrtskernError
from foundation.lakehouse import Lakehouse
from foundation.settings import PROJECT_ROOT
from orchestration.columns import ColumnOrigins
from orchestration.dbt_run import events, results
from orchestration.house import House, holidays_of, school_holidays_of
from orchestration.names import ENGINEER, WRITER_POOL

PROJECT = PROJECT_ROOT / "dbt_project"
# As in dim_day, which ends with the year of this day.
CALENDAR_AHEAD = timedelta(days=31)
_WATCHED = {".sql", ".yml", ".yaml", ".md", ".csv"}
# Unit tests need no lake. The loader has just run the contracts' rules on every row; tests on sources run with the project's own.
LEFT_OUT = "resource_type:unit_test source:*"


class Translator(DagsterDbtTranslator):
    """dbt's names in Dagster's: ``schema/table``, one group per folder."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """``raw/…`` and ``landing/…`` for sources, the model's schema and name otherwise."""
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])
        return dg.AssetKey([_folder(dbt_resource_props), dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The folder of the model."""
        return _folder(dbt_resource_props)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """Models are mended by engineers."""
        return [ENGINEER]

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        """A test with its description, which dagster-dbt looks for in another place."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        text = manifest["nodes"][unique_id].get("description")
        return spec._replace(description=text) if spec and text else spec


def _folder(props: Mapping[str, Any]) -> str:
    fqn = props.get("fqn") or []
    return str(fqn[1]) if len(fqn) > 2 else "staging"


def manifest(house: House) -> Path:
    """dbt's manifest for this cooperative, parsed anew only when the project or the variables changed."""
    profiles = house.lakehouse.write_dbt_profile()
    target = house.settings.dbt_dir / "target"
    path, stamp = target / "manifest.json", target / "manifest.hash"
    wanted = project_hash(house)
    if path.is_file() and stamp.is_file() and stamp.read_text() == wanted:
        return path
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            "--quiet",
            "parse",
            "--vars",
            json.dumps(variables(house)),
            *_places(house, profiles),
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        env=environment(house),
    )
    if done.returncode != 0:
        raise OrtskernError(
            f"Die Modelle sind nicht lesbar: {(done.stdout + done.stderr).strip()[-2000:]}"
        )
    stamp.write_text(wanted)
    return path


def read_manifest(path: Path) -> dict[str, Any]:
    """dbt's manifest, with every test at the model that it judges.

    A test over several models names none of them; it belongs to the one that the others go into. Without that Dagster would run
    it and show it nowhere.
    """
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    order = list(TopologicalSorter(found["parent_map"]).static_order())
    place = {unique_id: number for number, unique_id in enumerate(order)}
    for node in found["nodes"].values():
        parents = node["depends_on"]["nodes"]
        if node["resource_type"] == "test" and not node.get("attached_node") and len(parents) > 1:
            last = found["nodes"][max(parents, key=lambda parent: place[parent])]
            ref = {"name": last["name"], "package": last["package_name"]}
            node["config"]["meta"] = {**node["config"]["meta"], "dagster": {"ref": ref}}
    return found


def variables(house: House) -> dict[str, Any]:
    """What the models may know of the outside: the instant that counts as now and the holidays."""
    cooperative = house.cooperative
    first = cooperative.data_start.replace(month=1, day=1)
    # The calendar looks ahead, beyond the turn of the year too: forecasts need the days to come.
    last = (house.today + CALENDAR_AHEAD).replace(month=12, day=31)
    public = holidays_of(cooperative, first, last)
    return {
        "as_of": house.as_of.isoformat(),
        "timezone": cooperative.timezone,
        "calendar_start": first.isoformat(),
        "state": cooperative.state,
        "holidays": [day.isoformat() for day in public],
        "holiday_names": {day.isoformat(): name for day, name in public.items()},
        "school_holidays": [
            day.isoformat() for day in school_holidays_of(cooperative, first, last)
        ],
    }


def project_hash(house: House) -> str:
    """Hash of everything that decides what the models are."""
    digest = hashlib.sha256(
        json.dumps(
            [variables(house), house.settings.catalog, house.settings.data], sort_keys=True
        ).encode()
    )
    for path in sorted(PROJECT.rglob("*")):
        inside = path.relative_to(PROJECT)
        if path.suffix in _WATCHED and not {"target", "logs"} & set(inside.parts):
            digest.update(inside.as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def environment(house: House) -> dict[str, str]:
    """The environment of a dbt process: no telemetry, our folders."""
    return os.environ | {
        "DBT_PROFILES_DIR": str(house.settings.dbt_dir),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "False",
        "DO_NOT_TRACK": "1",
    }


def _places(house: House, profiles: Path) -> list[str]:
    folder = house.settings.dbt_dir
    return [
        "--profiles-dir",
        str(profiles),
        "--target-path",
        str(folder / "target"),
        "--log-path",
        str(folder / "logs"),
    ]


def inputs_fingerprint(house: House, lakehouse: Lakehouse) -> str:
    """What the models were built from: loads per raw table, events of the register, and the project itself."""
    found: dict[str, Any] = {"project": project_hash(house)}
    with lakehouse.connect(read_only=True) as con:
        from foundation.lakehouse import tables_of

        tables = tables_of(con)
        for schema, table in tables:
            if schema == "raw":
                found[table] = con.execute(
                    f"SELECT _dlt_load_id, count(*) FROM raw.{table} GROUP BY 1 ORDER BY 1"
                ).fetchall()
        events = con.execute("SELECT count(*), max(event_no) FROM landing.delivery").fetchone()
        found["landing"] = events
        found["built"] = sorted(f"{s}.{t}" for s, t in tables if s in ("core", "marts"))
    return hashlib.sha256(json.dumps(found, sort_keys=True, default=str).encode()).hexdigest()


def model_assets(house: House) -> dg.AssetsDefinition:
    """All models as one multi-asset."""
    translator = Translator(settings=DagsterDbtTranslatorSettings(enable_asset_checks=True))
    known = read_manifest(manifest(house))
    target = house.settings.dbt_dir / "target"

    @dbt_assets(
        manifest=known,
        name="dbt_models",
        dagster_dbt_translator=translator,
        pool=WRITER_POOL,
        exclude=LEFT_OUT,
    )
    def dbt_models(
        context: dg.AssetExecutionContext, house: dg.ResourceParam[House], dbt: DbtCliResource
    ) -> Iterator[Any]:
        stamp = house.settings.dbt_dir / "built"
        columns = ColumnOrigins(known, target, translator.get_asset_key)
        selected_all = context.selected_asset_keys == context.assets_def.keys
        if (
            selected_all
            and stamp.is_file()
            and stamp.read_text() == inputs_fingerprint(house, house.lakehouse)
        ):
            house.reports["dbt"] = "unverändert"
            for key in _parents_first(context.assets_def, context.selected_asset_keys):
                yield dg.MaterializeResult(
                    asset_key=key,
                    metadata={"Stand": "unverändert, nicht neu gebaut", **_lineage(columns, key)},
                )
            yield from _checks_again(target, context)
            return
        stamp.unlink(missing_ok=True)
        (target / "run_results.json").unlink(missing_ok=True)
        with house.lakehouse.lock():
            run = dbt.cli(
                ["build", "--vars", json.dumps(variables(house))],
                context=context,
                target_path=target,
            )
            for event in events(house, run):
                if isinstance(event, dg.Output):
                    key = context.asset_key_for_output(event.output_name)
                    yield event.with_metadata({**event.metadata, **_lineage(columns, key)})
                else:
                    yield event
        house.reports["dbt"] = _outcome(run.get_artifact("run_results.json"))
        if selected_all:
            stamp.write_text(inputs_fingerprint(house, house.lakehouse))

    return dbt_models


def _checks_again(target: Path, context: dg.AssetExecutionContext) -> Iterator[dg.AssetCheckResult]:
    """What the tests found on the tables as they still are; without it Dagster would take the checks for forgotten."""
    found = {str(result["unique_id"]): str(result["status"]) for result in results(target)}
    for key in sorted(context.selected_asset_check_keys):
        spec = context.assets_def.get_spec_for_check_key(key)
        status = found.get(str(spec.metadata["dagster_dbt/unique_id"]))
        if status is not None:
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=status == "pass",
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"Stand": "Tabellen unverändert seit dieser Prüfung"},
            )


def _lineage(columns: ColumnOrigins, key: dg.AssetKey) -> dict[str, Any]:
    """Metadata that Dagster draws the origins of columns from."""
    found = columns.of(key)
    return {} if found is None else {"dagster/column_lineage": found}


def _parents_first(
    assets: dg.AssetsDefinition, selected: AbstractSet[dg.AssetKey]
) -> list[dg.AssetKey]:
    """The selected assets in an order in which Dagster accepts them: parents before children."""
    parents = {k: sorted(assets.asset_deps[k] & selected) for k in sorted(selected)}
    return list(TopologicalSorter(parents).static_order())


def _outcome(results: Mapping[str, Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for result in results["results"]:
        kind = str(result["unique_id"]).split(".")[0]
        counts[f"{kind}:{result['status']}"] = counts.get(f"{kind}:{result['status']}", 0) + 1
    return counts


def dbt_resource(house: House) -> DbtCliResource:
    """The dbt command line on this cooperative's profile."""
    return DbtCliResource(
        project_dir=str(PROJECT),
        profiles_dir=str(house.lakehouse.write_dbt_profile()),
        dbt_executable=str(Path(sys.executable).with_name("dbt")),
        global_config_flags=["--no-use-colors", "--log-path", str(house.settings.dbt_dir / "logs")],
    )
