# SPDX-License-Identifier: Apache-2.0
"""The letter around a paper: sender, recipient, box of facts, footer with the contact.

Belongs here: what every paper of the cooperative carries. Does not belong here: its content.
"""

from __future__ import annotations

from foundation.cooperative import Cooperative
from foundation.identity import Identity
from reports.papers.parts import Row


def letter(
    title: str,
    number: str,
    cooperative: Cooperative,
    *,
    description: str,
    info: list[list[str]],
    identity: Identity | None = None,
    draft: bool = False,
) -> Row:
    """The frame of a paper; without identity it is addressed to everybody."""
    address = f"{cooperative.street}, {cooperative.postcode} {cooperative.city}"
    return {
        "language": "de",
        "draft": draft,
        "title": f"Entwurf: {title}" if draft else title,
        "number": number,
        "description": description,
        "sender": {
            "name": cooperative.name,
            "website": cooperative.website,
            "line": f"{cooperative.short_name} · {address}",
        },
        "recipient": _recipient(identity, cooperative) if identity else [],
        "info": info,
        "tiles": [],
        "footer": [
            [cooperative.name, address, cooperative.registration],
            [
                f"USt-IdNr. {cooperative.vat_id} · Steuernummer {cooperative.tax_number}",
                f"{cooperative.contact.name} · {cooperative.contact.phone}",
                cooperative.email,
            ],
        ],
    }


def _recipient(identity: Identity, cooperative: Cooperative) -> list[str]:
    lines = [identity.name]
    if identity.contact and identity.contact != identity.name:
        lines.append(identity.contact)
    lines += [identity.street, f"{identity.postcode} {identity.city}"]
    if identity.country != cooperative.country:
        lines.append(identity.country)
    return lines
