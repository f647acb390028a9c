# SPDX-License-Identifier: Apache-2.0
"""Whether bank and tax numbers can be right, said in words that carry nothing of the number.

Belongs here: checks of form and check digits (schwifty, python-stdnum). Does not belong here: what
follows from a wrong number (the contract lists ``gueltig`` and ``fehlt`` as the allowed results).
"""

from __future__ import annotations

VALID = "gueltig"
MISSING = "fehlt"
# Exception names of schwifty and python-stdnum; their messages repeat the number and stay inside.
_REASONS = {
    "InvalidLength": "falsch: Länge",
    "InvalidChecksumDigits": "falsch: Prüfziffer",
    "InvalidBBANChecksum": "falsch: Prüfziffer",
    "InvalidChecksum": "falsch: Prüfziffer",
    "InvalidBankCode": "falsch: Bankleitzahl",
    "InvalidCountryCode": "falsch: Land",
    "InvalidComponent": "falsch: Land",
}
_FORM = "falsch: Aufbau"


def check_iban(text: str | None) -> str:
    """``gueltig``, ``fehlt`` or ``falsch: …``: length and form by country, check digits."""
    if not text:
        return MISSING
    from schwifty import IBAN
    from schwifty.exceptions import SchwiftyException

    try:
        IBAN(text)
    except SchwiftyException as error:
        return _reason(error)
    return VALID


def check_vat_id(text: str | None) -> str:
    """``gueltig``, ``fehlt`` or ``falsch: …``: form and check digit of the member state named."""
    if not text:
        return MISSING
    from stdnum.eu import vat
    from stdnum.exceptions import ValidationError

    try:
        vat.validate(text)
    except ValidationError as error:
        return _reason(error)
    return VALID


def check_tax_number(text: str | None) -> str:
    """``gueltig``, ``fehlt`` or ``falsch: …``: form of a German Steuernummer of any state."""
    if not text:
        return MISSING
    from stdnum.de import stnr
    from stdnum.exceptions import ValidationError

    try:
        stnr.validate(text)
    except ValidationError as error:
        return _reason(error)
    return VALID


def normal_iban(text: str | None) -> str | None:
    """Upper case without blanks; None if empty."""
    compact = "".join((text or "").split()).upper()
    return compact or None


def normal_tax_id(vat_id: str | None, tax_number: str | None) -> str | None:
    """The VAT number, else the tax number, in one spelling: letters and digits only."""
    for text in (vat_id, tax_number):
        compact = "".join(c for c in text or "" if c.isalnum()).upper()
        if compact:
            return compact
    return None


def _reason(error: Exception) -> str:
    return _REASONS.get(type(error).__name__, _FORM)
