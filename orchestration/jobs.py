# SPDX-License-Identifier: Apache-2.0
"""Jobs, schedules and sensors: when what runs.

Belongs here: selections, times, what wakes a run. Does not belong here: assets.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from foundation.maintenance import maintain
from orchestration.branches import rest_sensor
from orchestration.house import House
from orchestration.names import EVERYTHING, WRITER_POOL, last_days
from reports.publication import snapshots_of_editions

RANGE_START, RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
PROPOSAL = dg.AssetSelection.assets(["publication", "proposal"])
PUBLISHED = dg.AssetSelection.groups("release", "publication") - PROPOSAL
APPROVALS = dg.AssetSelection.assets(["ledger", "approval"])


def jobs() -> list[Any]:
    """``propose``: from the inbox to a proposal; ``publish``: what is approved, through the gate and out."""
    quiet = {"loggers": {"console": {"config": {"log_level": "WARNING"}}}}
    return [
        dg.define_asset_job(
            "propose",
            selection=dg.AssetSelection.all() - PUBLISHED,
            description="Vom Eingang bis zum Vorschlag. Endet grün, auch wenn Tabellen auf Freigabe warten.",
            config=quiet,
        ),
        dg.define_asset_job(
            "publish",
            selection=PUBLISHED | APPROVALS,
            description="Was freigegeben ist: durch die Schranke, ins Portal, auf Papier, unterschrieben.",
            config=quiet,
        ),
    ]


def range_tags(house: House) -> Mapping[str, str]:
    """Tags that name the newest days and say that everything that waits belongs to the run."""
    first, last = last_days(house)
    return {RANGE_START: first, RANGE_END: last, EVERYTHING: "true"}


def maintenance_job() -> dg.JobDefinition:
    """``wartung``: merge small files, drop snapshots that no edition names."""

    @dg.op(
        name="bestand_pflegen",
        description="Kleine Dateien zusammenlegen, Stände ohne Ausgabe verfallen lassen.",
        pool=WRITER_POOL,
    )
    def maintain_lake(context: dg.OpExecutionContext, house: dg.ResourceParam[House]) -> None:
        done = maintain(house.lakehouse, snapshots_of_editions(house.settings.publications_dir))
        context.log.info(
            f"Stände {done.snapshots_before} → {done.snapshots_after}, Dateien {done.files_before} → {done.files_after}"
        )

    @dg.job(
        name="wartung",
        description="Wöchentliche Pflege des Datenbestands; Ausgaben bleiben nachrechenbar.",
    )
    def maintenance() -> None:
        maintain_lake()

    return maintenance


def schedules(house: House) -> list[dg.ScheduleDefinition]:
    """Every morning a proposal, every month an edition, every week maintenance."""
    zone = house.cooperative.timezone

    @dg.schedule(
        job_name="propose",
        cron_schedule="0 5 * * *",
        execution_timezone=zone,
        name="taeglich",
        description="Jeden Morgen: Eingang laden, Vorschlag erneuern.",
    )
    def daily_schedule() -> dg.RunRequest:
        return dg.RunRequest(tags=dict(range_tags(house)))

    @dg.schedule(
        job_name="publish",
        cron_schedule="0 6 5 * *",
        execution_timezone=zone,
        name="monatlich",
        description="Am 5. jedes Monats: Freigegebenes veröffentlichen.",
    )
    def monthly_schedule() -> dg.RunRequest:
        return dg.RunRequest()

    weekly = dg.ScheduleDefinition(
        name="woechentlich",
        job_name="wartung",
        cron_schedule="0 3 * * 0",
        execution_timezone=zone,
        description="Sonntags: Datenbestand pflegen.",
    )
    return [daily_schedule, monthly_schedule, weekly]


def sensors(house: House, made: Sequence[Any]) -> list[dg.SensorDefinition]:
    """New files in the inbox wake ``propose``; new approvals wake ``publish``; a failed source, the rest.

    Args:
        made: what ``jobs`` answered.
    """

    @dg.sensor(
        job_name="propose",
        minimum_interval_seconds=60,
        name="eingang",
        description="Neue Dateien im Eingang starten den Vorschlag.",
    )
    def inbox_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        return _when_changed(
            context, house.settings.inbox, range_tags(house), "Im Eingang liegt nichts Neues."
        )

    @dg.sensor(
        job_name="publish",
        minimum_interval_seconds=60,
        name="freigaben",
        description="Eine neue Freigabe startet die Veröffentlichung.",
    )
    def approval_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        return _when_changed(
            context, house.settings.cooperative / "approvals", {}, "Keine neue Freigabe."
        )

    return [inbox_sensor, approval_sensor, rest_sensor(made[0])]


def _when_changed(
    context: dg.SensorEvaluationContext, folder: Path, tags: Mapping[str, str], otherwise: str
) -> dg.RunRequest | dg.SkipReason:
    state = fingerprint(folder)
    if state is None or state == context.cursor:
        return dg.SkipReason(otherwise)
    context.update_cursor(state)
    return dg.RunRequest(run_key=state, tags=dict(tags))


def fingerprint(folder: Path) -> str | None:
    """Names, sizes and times of the files in a folder, hashed; None where there are none."""
    if not folder.is_dir():
        return None
    digest, files = hashlib.sha256(), 0
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        stat = path.stat()
        digest.update(
            f"{path.relative_to(folder).as_posix()}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode()
        )
        files += 1
    return digest.hexdigest() if files else None
