# SPDX-License-Identifier: Apache-2.0
"""What `ortskern doctor` looks at: the machine, the cooperative's folder, the work that waits.

Belongs here: what a check answers, and how one that breaks is still an answer. Does not belong
here: the checks (modules of this package), the printing (`orchestration/commands/doctor.py`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from foundation.errors import OrtskernError
from orchestration.house import House


class Status(IntEnum):
    """How urgent a line is; higher comes first."""

    GOOD = 0
    HINT = 1
    FAULT = 2

    @property
    def word(self) -> str:
        """The word a steward reads."""
        return ("gut", "Hinweis", "Fehler")[self]


@dataclass(frozen=True)
class Line:
    """One answer: what was looked at, what was found, what to do (None: nothing to do now)."""

    status: Status
    subject: str
    text: str
    step: str | None = None


Check = Callable[[House], Iterable[Line]]


def good(subject: str, text: str) -> Line:
    """Nothing to do."""
    return Line(Status.GOOD, subject, text)


def hint(subject: str, text: str, step: str | None = None) -> Line:
    """Runs are possible, but somebody should know or act."""
    return Line(Status.HINT, subject, text, step)


def fault(subject: str, text: str, step: str | None = None) -> Line:
    """Blocks a run or its result."""
    return Line(Status.FAULT, subject, text, step)


def answers(subject: str, check: Check, house: House) -> list[Line]:
    """The lines of a check; one that breaks becomes a fault, so that the doctor always ends."""
    lines: list[Line] = []
    try:
        lines.extend(check(house))
    except OrtskernError as error:
        lines.append(fault(subject, str(error), str(error)))
    except Exception as error:  # noqa: BLE001 - whatever is broken, the other checks still help
        words = str(error).splitlines()[0] if str(error) else "ohne Text"
        text = f"nicht prüfbar, {type(error).__name__}: {words}"
        lines.append(fault(subject, text, f"{subject} in Ordnung bringen: {text}"))
    return lines
