# SPDX-License-Identifier: Apache-2.0
"""Checks of a member's master data without which no lawful paper can be written.

Belongs here: what § 14 UStG and a bank transfer need of the member. Does not belong here: contents
of papers, reading the register.
"""

from __future__ import annotations

import re
from typing import Any

from foundation import formats
from foundation.errors import OrtskernError
from foundation.identity import Identity
from reports.papers.parts import Row


def check_identity(identity: Identity, statement: Row, positions: list[Row]) -> None:
    """Refuse master data that the papers of this member cannot do without."""

    def refuse(field: str, found: str, expected: str, remedy: str) -> None:
        raise OrtskernError(
            f"Mitglied {identity.member_number}, Feld „{field}“: gefunden {found}, erwartet "
            f"{expected}; {remedy}."
        )

    for field in ("name", "street", "postcode", "city"):
        if not getattr(identity, field):
            refuse(field, "nichts", "eine Angabe", "Anschrift in der Mitgliederliste ergänzen")
    if identity.vat_status != statement["vat_status"]:
        refuse(
            "ust_status",
            f"„{identity.vat_status}“ im Register",
            f"„{statement['vat_status']}“ wie in der Verteilung",
            "Mitgliederliste neu einlesen und die Verteilung wiederholen",
        )
    if not positions:
        return
    if identity.is_entrepreneur:
        _check_entrepreneur(identity, positions, refuse)
    from stdnum import iban

    if not identity.iban or not iban.is_valid(identity.iban):
        found = "nichts" if not identity.iban else formats.iban_masked(identity.iban)
        refuse(
            "iban", found, "eine gültige IBAN", "IBAN vom Mitglied schriftlich bestätigen lassen"
        )
    if not identity.account_holder:
        refuse("kontoinhaber", "nichts", "der Name bei der Bank", "Kontoinhaber nachtragen")


def _check_entrepreneur(identity: Identity, positions: list[Row], refuse: Any) -> None:
    if not identity.vat_id and not identity.tax_number:
        refuse(
            "ustid",
            "nichts",
            "USt-IdNr. oder Steuernummer (§ 14 Abs. 4 Nr. 2 UStG)",
            "beim Mitglied erfragen und in der Mitgliederliste nachtragen",
        )
    if identity.vat_id and not _vat_id_is_valid(identity.vat_id):
        refuse("ustid", f"„{identity.vat_id}“", "eine gültige USt-IdNr.", "Schreibweise prüfen")
    agreed = identity.self_billing_agreed_on
    first = min((row["invoiced_on"] for row in positions if row["invoiced_on"]), default=None)
    if agreed is None or (first is not None and agreed > first):
        refuse(
            "gutschrift_vereinbart_am",
            "nichts" if agreed is None else f"{agreed:%d.%m.%Y}",
            "ein Tag vor der ersten Gutschrift (§ 14 Abs. 2 UStG)",
            "Vereinbarung über Gutschriften schließen und Datum eintragen",
        )


def _vat_id_is_valid(vat_id: str) -> bool:
    from stdnum.de import vat

    if vat_id.upper().startswith("DE"):
        return bool(vat.is_valid(vat_id))
    return re.fullmatch(r"[A-Z]{2}[0-9A-Z+*]{2,12}", vat_id.replace(" ", "").upper()) is not None
