# SPDX-License-Identifier: Apache-2.0
"""Errors that a steward can act on.

Belongs here: the exception types of the project and the sentence that a finding becomes.
Does not belong here: the rules that find something (``quality``) or where findings are kept (``ingestion/quarantine``).

Every message names, in this order, file, row, field, found, expected, remedy, in one German sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["block", "warn"]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a delivery.

    ``row`` is the 1-based line in the file (the header is line 1), None where the whole file is meant.
    ``found`` never carries a personal value in clear; who creates the finding masks it.
    """

    file: str
    row: int | None
    field: str | None
    found: str
    expected: str
    remedy: str
    rule: str
    severity: Severity = "block"

    def sentence(self) -> str:
        """The finding as one German sentence: file, row, field, found, expected, remedy."""
        place = f"Datei „{self.file}“"
        if self.row is not None:
            place += f", Zeile {self.row}"
        if self.field is not None:
            place += f", Feld „{self.field}“"
        return f"{place}: gefunden {self.found}, erwartet {self.expected}; {self.remedy}."


class OrtskernError(Exception):
    """Base of all errors of the project; the message is one German sentence that ends in a remedy."""


class ConfigError(OrtskernError):
    """Something under ``cooperative/`` or in the deployment settings is wrong."""


class ContractError(ConfigError):
    """A data contract cannot be read or contradicts itself."""


class BadDelivery(OrtskernError):  # noqa: N818 - it is what was delivered that is bad
    """A delivery that cannot be read as its contract says; goes to quarantine as a whole."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        if not findings:
            raise ValueError("a bad delivery needs at least one finding")
        self.findings = list(findings)
        super().__init__(" ".join(f.sentence() for f in self.findings))


class LakeError(OrtskernError):
    """The lakehouse is not as the settings say, or another writer holds it."""


class SnapshotGoneError(LakeError):
    """A snapshot has expired or fell to an erasure (Art. 17 GDPR)."""


class LedgerError(OrtskernError):
    """A booking contradicts one that stands, or the chain of hashes is broken."""


class GateError(OrtskernError):
    """The disclosure gate refuses; nothing was written."""


class VerificationError(OrtskernError):
    """A publication is not what its manifest says."""
