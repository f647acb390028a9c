# SPDX-License-Identifier: Apache-2.0
"""Experiments in the transparency report: what was tried, what came out, how sure it is.

Belongs here: one block per released experiment. Does not belong here: estimating anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foundation import formats
from reports.papers.parts import Row, section

PUBLISHED = "veröffentlicht"


def experiment_section(released: Mapping[str, Sequence[Row]]) -> list[Row]:
    """One section per experiment of this edition, in the order of their beginning."""
    rows = sorted(released.get("experiment", ()), key=lambda r: str(r["start_date"]))
    return [_block(row) for row in rows if row["status"] == PUBLISHED]


def _block(row: Row) -> Row:
    effect, low, high = (
        _signed(row[name]) for name in ("effect_percent", "low_percent", "high_percent")
    )
    return section(
        f"Versuch: {row['title']}",
        intro=f"{row['verdict']} {row['limits']}",
        facts=[
            ["Vermutung", row["hypothesis"]],
            ["Zeitraum", f"{formats.day(row['start_date'])} bis {formats.day(row['end_date'])}"],
            ["Unterschied", f"{effect} (mit 95 % Sicherheit zwischen {low} und {high})"],
            [
                "Zufall?",
                f"Vergleich der Orte p = {formats.number(row['p_space'], 3)}, "
                f"Vergleich der Zeiten p = {formats.number(row['p_time'], 3)}",
            ],
            [
                "Angemeldet",
                f"{formats.day(row['registered_on'])}, Plan {_changed(row)}; Prüfsumme "
                f"{str(row['registration_sha256'])[:12]}…",
            ],
            ["Kosten", f"{formats.eur(row['cost_eur'])}. {row['cost_text']}"],
            ["Woher", row["figure_code"]],
        ],
    )


def _changed(row: Row) -> str:
    change = str(row["plan_change"])
    return "seit dem Beginn nicht geändert" if change.startswith("keine") else change


def _signed(percent: float) -> str:
    return f"{'+' if percent > 0 else ''}{formats.number(percent, 1)}\u00a0%"
