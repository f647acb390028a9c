# SPDX-License-Identifier: Apache-2.0
"""Parts of a page in the shape that the template takes: sections, tables, facts, codes.

Belongs here: shapes that every paper may use. Does not belong here: sentences of one paper.
"""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def section(
    title: str,
    *,
    intro: str | None = None,
    facts: list[list[str]] | None = None,
    table: Row | None = None,
    notes: list[str] | None = None,
    charts: list[Row] | None = None,
) -> Row:
    """One block of the paper; every part is optional."""
    return {
        "title": title,
        "intro": intro,
        "charts": charts or [],
        "facts": facts or [],
        "table": table,
        "notes": notes or [],
    }


def table(
    labels: list[str],
    rows: list[list[Any]],
    *,
    wide: int = 0,
    texts: tuple[int, ...] = (0,),
    total: bool = False,
    size: float = 9.2,
    breakable: bool = False,
    even: bool = False,
    shares: tuple[int, ...] | None = None,
) -> Row:
    """A table; columns in `texts` are left-aligned, the last row may be a total.

    ``even``: all columns are equally wide, for rows of numbers; ``shares``: how they share the width,
    for rows of sentences. A cell that is a list stands one below the other.
    """
    columns = [
        {"label": label, "number": index not in texts, "wide": even or index == wide}
        | ({"share": shares[index]} if shares else {})
        for index, label in enumerate(labels)
    ]
    return {
        "columns": columns,
        "rows": rows,
        "total": total,
        "size": size,
        "breakable": breakable,
    }


def code(row: Row) -> Row:
    """The Woher code, small."""
    return code_text(row["figure_code"])


def code_text(figure_code: str) -> Row:
    """A Woher code that does not stand in a row."""
    return {"code": True, "text": figure_code}
