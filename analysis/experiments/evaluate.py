# SPDX-License-Identifier: Apache-2.0
"""The registered evaluation of one experiment, from weekly receipts to rows that can be stored.

Belongs here: running the plan of an entry as it stands, and what the result consists of. Does not
belong here: whether it may be shown (``quality/disclosure``), reading or writing tables.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import expm1
from typing import Any

import numpy as np
import pandas as pd

from analysis.experiments.panel import Prepared, prepare
from analysis.experiments.placebo import Inference, infer
from analysis.experiments.registry import (
    Entry,
    Registration,
    changed_after_start,
    first_start,
    registered,
)
from analysis.experiments.sdid import Fit
from analysis.experiments.verdict import Findings, Verdict, verdict
from foundation.formats import day

Row = dict[str, Any]
METHOD_NAMES = {
    "sdid": "Synthetische Differenz-in-Differenzen",
    "sc": "Synthetische Kontrolle",
    "did": "Differenz-in-Differenzen",
}


@dataclass(frozen=True)
class Evaluation:
    """What came out.

    ``influence`` says how much each owner counts in the two curves, per week: one frame for the
    treated blocks, one for their synthetic twin (``Prepared.influence``).
    """

    entry: Entry
    record: Registration
    changed_on: dt.date | None
    prepared: Prepared
    main: Inference
    others: dict[str, Inference]
    verdict: Verdict
    influence: dict[str, pd.DataFrame]


def is_over(entry: Entry, on: dt.date) -> bool:
    """Whether the test window has ended before that day."""
    return entry.test.last_day < on


def evaluate(
    entry: Entry,
    records: Sequence[Registration],
    block_weeks: pd.DataFrame,
    events: pd.DataFrame,
    *,
    trials: int = 1,
    booked_on: dt.date | None = None,
) -> Evaluation:
    """The evaluation as registered.

    Args:
        block_weeks, events: as ``panel.prepare`` takes them.
        trials: how many trials of this hypothesis there are, this one included.
        booked_on: when the first registration came into the ledger; its minutes alone speak for an earlier day.

    Raises:
        ConfigError: the wording is not the registered one.
        OrtskernError: the data do not make a panel.
    """
    record = registered(entry, records)
    plan, prepared = entry.analysis, prepare(entry, block_weeks, events)
    found = {
        method: infer(prepared.panel, method, most=plan.placebo_groups)
        for method in dict.fromkeys((plan.method, *plan.compared_with))
    }
    main = found.pop(plan.method)
    treated, controls = prepared.panel.treated, prepared.panel.controls
    weights = dict(zip(controls, main.fit.unit_weights, strict=True))
    return Evaluation(
        entry=entry,
        record=record,
        changed_on=changed_after_start(entry, records),
        prepared=prepared,
        main=main,
        others={str(name): result for name, result in found.items()},
        verdict=verdict(_findings(entry, records, prepared, main, trials, booked_on)),
        influence={
            "treated": prepared.influence(dict.fromkeys(treated, 1 / len(treated))),
            "synthetic": prepared.influence(weights),
        },
    )


def _findings(
    entry: Entry,
    records: Sequence[Registration],
    prepared: Prepared,
    main: Inference,
    trials: int,
    booked_on: dt.date | None,
) -> Findings:
    is_late = booked_on is not None and booked_on >= first_start(entry, records)
    return Findings(
        noun=entry.target.noun,
        direction=entry.target.direction,
        effect_percent=as_percent(main.fit.effect),
        low_percent=as_percent(main.low),
        high_percent=as_percent(main.high),
        p_space=main.p_space,
        p_time=main.p_time,
        significance=entry.analysis.significance,
        minimum_relevant_percent=entry.target.minimum_relevant_percent,
        power_share=entry.diagnosis.power_share if entry.diagnosis else 0.0,
        coverage_share=entry.diagnosis.coverage_share if entry.diagnosis else 0.0,
        trials=trials,
        changed_after_start=changed_after_start(entry, records),
        booked_after_start=booked_on if is_late else None,
    )


def as_percent(logarithm: float) -> float:
    """A difference of logarithms as per cent."""
    return 100 * expm1(logarithm)


def estimate_rows(found: Evaluation) -> list[Row]:
    """One row per method, the planned one first marked as such."""
    rows = []
    for method, result in {found.entry.analysis.method: found.main, **found.others}.items():
        panel = found.prepared.panel
        rows.append(
            {
                "experiment_id": found.entry.id,
                "version": found.entry.version,
                "method": str(method),
                "is_planned": str(method) == found.entry.analysis.method,
                "entry_sha256": found.record.entry_sha256,
                "effect_log": _rounded(result.fit.effect),
                "effect_percent": _rounded(as_percent(result.fit.effect)),
                "low_percent": _rounded(as_percent(result.low)),
                "high_percent": _rounded(as_percent(result.high)),
                "standard_error": _rounded(result.standard_error),
                "p_space": _rounded(result.p_space),
                "p_time": _rounded(result.p_time),
                "placebo_count": len(result.placebos),
                "is_exhaustive": result.exhaustive,
                "treated_count": len(panel.treated),
                "control_count": len(panel.controls),
                "owner_count": found.prepared.owners(panel.treated),
                "weeks_before": panel.before,
                "weeks_after": len(panel.periods) - panel.before,
                "left_out": "; ".join(found.prepared.left_out),
                "verdict_kind": found.verdict.kind,
            }
        )
    return rows


def summary_row(found: Evaluation) -> Row:
    """The experiment and its result in one row, for readers."""
    entry, panel = found.entry, found.prepared.panel
    planned = estimate_rows(found)[0]
    diagnosis, late = entry.diagnosis, found.changed_on
    names = ("effect_percent", "low_percent", "high_percent", "p_space", "p_time")
    return {
        "experiment_id": entry.id,
        "title": entry.title,
        "hypothesis": entry.hypothesis,
        "verdict": found.verdict.verdict,
        "limits": found.verdict.limits,
        "verdict_kind": found.verdict.kind,
        "version": entry.version,
        "registered_on": found.record.registered_on,
        "registration_sha256": found.record.entry_sha256,
        "plan_change": f"nach dem Beginn geändert am {day(late)}"
        if late
        else "keine nach dem Beginn",
        "start_date": entry.test.first_day,
        "end_date": entry.test.last_day,
        **{name: planned[name] for name in names},
        "minimum_relevant_percent": entry.target.minimum_relevant_percent,
        "power_share": diagnosis.power_share if diagnosis else 0.0,
        "detectable_percent": diagnosis.detectable_percent if diagnosis else 100.0,
        "treated_units": ", ".join(panel.treated),
        "control_count": len(panel.controls),
        "owner_count": planned["owner_count"],
        "left_out": planned["left_out"] or "nichts",
        "method": METHOD_NAMES[entry.analysis.method],
        "cost_eur": Decimal(str(entry.cost_eur)).quantize(Decimal("0.01")),
        "cost_text": entry.cost_text,
        "blueprint": "\n".join(entry.blueprint),
        "nuances": "\n".join(entry.nuances),
        "contact": f"{entry.contact.name}, {entry.contact.role}, {entry.contact.email}",
    }


def week_rows(found: Evaluation) -> list[Row]:
    """Both curves as indices: 100 is the treated blocks' mean in the baseline weeks that the method weighs.

    The twin is moved to the treated blocks' level, so that the curves part where the effect begins.
    """
    panel, fit = found.prepared.panel, found.main.fit
    base = _baseline(fit, panel.treated_mean[: panel.before])
    shift = _baseline(fit, fit.gap[: panel.before])
    twin = panel.treated_mean - fit.gap + shift
    return [
        {
            "experiment_id": found.entry.id,
            "week_start_date": week,
            "treated_index": _rounded(100 * float(np.exp(panel.treated_mean[i] - base)), 2),
            "synthetic_index": _rounded(100 * float(np.exp(twin[i] - base)), 2),
            "phase": "vorher" if i < panel.before else "Versuch",
        }
        for i, week in enumerate(panel.periods)
    ]


def _baseline(fit: Fit, values: Any) -> float:
    weights = fit.time_weights
    return float(values.mean() if weights.sum() == 0 else weights @ values)


def _rounded(value: float, digits: int = 6) -> float:
    # What the last bits of a solver say differs from machine to machine and means nothing.
    return round(float(value), digits)
