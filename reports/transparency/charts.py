# SPDX-License-Identifier: Apache-2.0
"""Small charts of indicators as SVG, German, without a browser (Altair and vl-convert).

Belongs here: one series of months drawn once, the same bytes for the same values. Does not belong
here: which indicators there are, sentences.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

ACCENT, QUIET, RULE = "#0f5c56", "#5b6664", "#b9c8c5"
FONT = "Libertinus Serif"
WIDTH, HEIGHT = 300, 92
# D3's German locale leaves out the space that stands before the sign in all other places here.
_GERMAN_LABEL = "replace(datum.label, '%', '\u00a0%')"


def line_svg(months: Sequence[dt.date], values: Sequence[Decimal | float | None], axis: str) -> str:
    """A line over months; a month without value is a gap.

    Args:
        axis: number format of the value axis in D3's notation (``.1%``, ``,.2f``).
    """
    import altair as alt
    import vl_convert

    rows = [
        {"month": f"{m:%Y-%m-%d}T00:00:00", "value": None if v is None else float(v)}
        for m, v in zip(months, values, strict=True)
    ]
    # Altair's own class for data has no types.
    data: Any = {"values": rows}
    base = alt.Chart(data).encode(
        x=alt.X(
            "month:T",
            axis=alt.Axis(format="%b %y", title=None, tickCount=5, grid=False),
        ),
        y=alt.Y(
            "value:Q",
            axis=alt.Axis(format=axis, title=None, tickCount=4, labelExpr=_GERMAN_LABEL),
            scale=alt.Scale(zero=False, nice=True),
        ),
    )
    last = base.transform_filter(f"datum.month === '{rows[-1]['month']}'").mark_point(
        filled=True, size=46, color=ACCENT, opacity=1
    )
    chart = (
        (base.mark_line(color=ACCENT, strokeWidth=1.8, point={"size": 12, "color": ACCENT}) + last)
        .properties(width=WIDTH, height=HEIGHT)
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=QUIET,
            labelFontSize=10,
            gridColor="#e4ebe9",
            domainColor=RULE,
            tickColor=RULE,
        )
    )
    spec: dict[str, Any] = chart.to_dict()
    return str(vl_convert.vegalite_to_svg(spec, format_locale="de-DE", time_format_locale="de-DE"))
