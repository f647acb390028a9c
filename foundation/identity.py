# SPDX-License-Identifier: Apache-2.0
"""Who a member is, in clear: the one shape in which names, addresses and bank details travel.

Belongs here: the record that the register hands out and that papers and payouts take.
Does not belong here: reading the register (ingestion), pseudonyms, anything that enters the lake.
An `Identity` never goes into a data frame, a log line or a table of the lake.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

VatStatus = Literal["regulaer", "kleinunternehmer", "keine"]


@dataclass(frozen=True)
class Identity:
    """One member as delivered in `mitglieder.csv`; optional texts are None, never empty.

    `vat_status` decides whether a paper may show VAT at all (§ 14c UStG): `regulaer` yes,
    `kleinunternehmer` (§ 19 UStG) and `keine` (no entrepreneur) never.
    `self_billing_agreed_on` is the date of the agreement that § 14 (2) UStG wants before a
    Gutschrift.
    """

    member_number: str
    name: str
    contact: str | None
    street: str
    postcode: str
    city: str
    country: str
    vat_status: VatStatus
    vat_id: str | None = None
    tax_number: str | None = None
    iban: str | None = field(default=None, repr=False)
    account_holder: str | None = field(default=None, repr=False)
    self_billing_agreed_on: date | None = None

    @property
    def is_entrepreneur(self) -> bool:
        """True where the member gets a Gutschrift, False where it gets an Abrechnung."""
        return self.vat_status != "keine"
