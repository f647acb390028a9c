# SPDX-License-Identifier: Apache-2.0
"""How commands say a sentence, a heading or a table without breaking what they quote.

Belongs here: printing text that may hold square brackets, file names and long sentences. Does not
belong here: the console itself (`console.py`) or what is said (`commands`).
"""

from collections.abc import Iterable, Sequence

from rich.markup import escape

from orchestration.console import console

LABEL_WIDTH = 17


def say(text: str, style: str = "") -> None:
    """One line, whole: file names stay copyable because nothing is wrapped."""
    console.print(escape(text), style=style or None, soft_wrap=True)


def heading(text: str) -> None:
    """A bold line with an empty one before it."""
    say("")
    say(text, "bold")


def fact(label: str, value: str, style: str = "") -> None:
    """A label and its value, in two columns."""
    say(f"  {label:<{LABEL_WIDTH}} {value}", style)


def listing(columns: Sequence[str], rows: Iterable[Sequence[str]], numeric: int = 0) -> None:
    """A table as wide as its content; the last `numeric` columns stand to the right."""
    lines = [columns, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    first_number = len(columns) - numeric
    for number, line in enumerate(lines):
        cells = [
            cell.rjust(width) if i >= first_number else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        say("  " + "  ".join(cells).rstrip(), "" if number else "bold")
