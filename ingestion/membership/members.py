# SPDX-License-Identifier: Apache-2.0
"""The list of members and the list of their shops (``mitglieder.csv``, ``betriebsstaetten.csv``).

Belongs here: both lists as text tables, results of the number checks, and handing identities to the
register. Does not belong here: how the register keeps them (``register.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import cast

import pyarrow as pa

from foundation.contracts import Contract
from foundation.identity import Identity, VatStatus
from foundation.keys import Keys
from foundation.settings import Settings
from ingestion.adapter import ROW_NUMBER, Parsed, is_computed
from ingestion.files import object_of
from ingestion.mapped_csv import read_trimmed
from ingestion.membership import checks
from ingestion.membership.lists import state_of
from ingestion.membership.register import (
    Reachability,
    SiteIdentity,
    upsert_identities,
    upsert_sites,
)
from ingestion.pseudonyms import Pseudonyms

MEMBERS = "members_members"
SITES = "members_sites"
_VAT_STATUSES = ("regulaer", "kleinunternehmer", "keine")
_PASSED = (checks.VALID, checks.MISSING)

Row = dict[str, str | None]

# Fields that no column of the file carries; each is made of the row's texts under the raw names.
_COMPUTED: dict[str, Callable[[Row], str | None]] = {
    "vat_id_check": lambda row: checks.check_vat_id(row["vat_id"]),
    "tax_number_check": lambda row: checks.check_tax_number(row["tax_number"]),
    "iban_check": lambda row: checks.check_iban(row["iban"]),
    "has_iban": lambda row: "1" if checks.normal_iban(row["iban"]) else "0",
    "tax_id": lambda row: checks.normal_tax_id(row["vat_id"], row["tax_number"]),
}


class MembersAdapter:
    """Reads either list by its file name; identities travel as text until the register has them."""

    name = "membership.members"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """The month or day in the file's name, else the last joining or opening.

        Raises BadDelivery.
        """
        obj = object_of(file_name, contract)
        source = obj.field("joined_date" if obj.name == MEMBERS else "opened_date").source
        day_format = str(contract.options.get("dateFormat", "%Y-%m-%d"))
        return state_of(file_name, read_trimmed(file_name, data, contract), [source], day_format)

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """All fields as text, those for the register included. Raises BadDelivery."""
        obj = object_of(file_name, contract)
        table = read_trimmed(file_name, data, contract)
        fields = [f for f in obj.fields if f.handling != "drop"]
        columns = {f.name: table[f.source] for f in fields if not is_computed(f)}
        rows = pa.table(columns).to_pylist()
        for field in fields:
            if is_computed(field):
                make = _COMPUTED[field.name]
                columns[field.name] = pa.array([make(row) for row in rows], pa.string())
        ordered = {f.name: columns[f.name] for f in fields}
        return Parsed({obj.name: pa.table({**ordered, ROW_NUMBER: table[ROW_NUMBER]})})

    def register(self, parsed: Parsed, settings: Settings, keys: Keys, contract: Contract) -> None:
        """Hand the identities of a parsed list to the register.

        To be called with the rows that passed the contract, before pseudonyms replace numbers.
        Where the tables carry ``_landing_sha256``, the register names it as the delivery. Rows
        whose bank or tax number failed its check, or that lack what a paper needs, are left out
        here as well.
        """
        for object_name, table in parsed.tables.items():
            register_rows(contract, object_name, table, settings, keys)


def register_rows(
    contract: Contract, object_name: str, table: pa.Table, settings: Settings, keys: Keys
) -> int:
    """Hand the identities in ``table`` to the register; the number of rows handed over."""
    pseudonyms = Pseudonyms(keys)
    day_format = str(contract.options.get("dateFormat", "%Y-%m-%d"))
    handed = 0
    # Deliveries in the order of their rows: where a package holds several, the last one counts.
    for delivery, rows in _by_delivery(table.to_pylist()).items():
        if object_name == MEMBERS:
            members = {
                str(pseudonyms.of("member", row["member_number"])): row
                for row in rows
                if _may_register(row)
            }
            upsert_identities(
                settings,
                keys,
                {key: _identity(row, day_format) for key, row in members.items()},
                reachable={k: Reachability(r["email"], r["phone"]) for k, r in members.items()},
                delivery=delivery,
            )
            handed += len(members)
        elif object_name == SITES:
            sites = {
                str(pseudonyms.of("site", row["site_number"])): _site(row, pseudonyms)
                for row in rows
                if row["site_number"] and row["member_id"] and row["name"]
            }
            upsert_sites(settings, keys, sites, delivery=delivery)
            handed += len(sites)
    return handed


def _by_delivery(rows: list[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.get("_landing_sha256") or "", []).append(row)
    return grouped


def _may_register(row: Row) -> bool:
    checked = all(
        row[name] in _PASSED for name in ("vat_id_check", "tax_number_check", "iban_check")
    )
    needed = ("member_number", "name", "street", "postcode", "city", "country")
    return checked and all(row[name] for name in needed) and row["vat_status"] in _VAT_STATUSES


def _identity(row: Row, day_format: str) -> Identity:
    return Identity(
        member_number=str(row["member_number"]),
        name=str(row["name"]),
        contact=row["contact"],
        street=str(row["street"]),
        postcode=str(row["postcode"]),
        city=str(row["city"]),
        country=str(row["country"]),
        vat_status=cast(VatStatus, row["vat_status"]),
        vat_id=checks.normal_tax_id(row["vat_id"], None),
        tax_number=row["tax_number"],
        iban=checks.normal_iban(row["iban"]),
        account_holder=row["account_holder"],
        self_billing_agreed_on=_day(row["self_billing_agreed_date"], day_format),
    )


def _day(text: str | None, day_format: str) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, day_format).date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        # The contract refuses the row for it; here an unreadable day is an agreement not proven.
        return None


def _site(row: Row, pseudonyms: Pseudonyms) -> SiteIdentity:
    return SiteIdentity(
        site_number=str(row["site_number"]),
        member_id=str(pseudonyms.of("member", row["member_id"])),
        name=str(row["name"]),
        street=row["street"],
        postcode=row["postcode"],
        city=row["city"],
    )


ADAPTER = MembersAdapter()
