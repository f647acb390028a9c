# SPDX-License-Identifier: Apache-2.0
"""Whether an answer can be right: postcodes, accounts, telephones, days.

Belongs here: one function per kind of answer; each returns the answer as it will be written, or
raises ConfigError with what is expected. Does not belong here: questions (`commands/init.py`).
"""

import re
from collections.abc import Callable, Collection
from datetime import date, datetime

from foundation.errors import ConfigError

AUTHORITIES = {
    "BB": "Landesbeauftragte für den Datenschutz und für das Recht auf Akteneinsicht Brandenburg",
    "BE": "Berliner Beauftragte für Datenschutz und Informationsfreiheit",
    "BW": "Landesbeauftragter für den Datenschutz und die Informationsfreiheit Baden-Württemberg",
    "BY": "Bayerisches Landesamt für Datenschutzaufsicht",
    "HB": "Landesbeauftragter für Datenschutz und Informationsfreiheit Bremen",
    "HE": "Hessischer Beauftragter für Datenschutz und Informationsfreiheit",
    "HH": "Hamburgischer Beauftragter für Datenschutz und Informationsfreiheit",
    "MV": "Landesbeauftragter für Datenschutz und Informationsfreiheit Mecklenburg-Vorpommern",
    "NI": "Landesbeauftragter für den Datenschutz Niedersachsen",
    "NW": "Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen",
    "RP": "Landesbeauftragter für den Datenschutz und die Informationsfreiheit Rheinland-Pfalz",
    "SH": "Unabhängiges Landeszentrum für Datenschutz Schleswig-Holstein",
    "SL": "Unabhängiges Datenschutzzentrum Saarland",
    "SN": "Sächsische Datenschutz- und Transparenzbeauftragte",
    "ST": "Landesbeauftragte für den Datenschutz Sachsen-Anhalt",
    "TH": "Thüringer Landesbeauftragter für den Datenschutz und die Informationsfreiheit",
}
_MAIL = re.compile(r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$")
_PHONE = re.compile(r"^\+?\(?[0-9][0-9 ()/-]*$")
_QUARTER = re.compile(r"^([A-Z]{3})\s+(\S.*)$")
_FEWEST_DIGITS = 6


def _wrong(what: str, value: str, expected: str) -> ConfigError:
    found = f"„{value}“" if value else "nichts"
    return ConfigError(f"{what}: gefunden {found}, erwartet {expected}.")


def anything(value: str) -> str:
    """Any text, also none."""
    return value


def text(value: str) -> str:
    """Some text."""
    if not value:
        raise _wrong("Angabe", value, "ein Text")
    return value


def postcode(value: str) -> str:
    """Five digits."""
    if not re.fullmatch(r"[0-9]{5}", value):
        raise _wrong("Postleitzahl", value, "fünf Ziffern, etwa 01067")
    return value


def state(value: str) -> str:
    """Two letters of a federal state."""
    found = value.upper()
    if found not in AUTHORITIES:
        raise _wrong("Bundesland", value, f"eines von {', '.join(AUTHORITIES)}")
    return found


def supervisory_authority(of_state: str) -> str:
    """The data protection authority for private bodies in a federal state, as a suggestion."""
    return AUTHORITIES[of_state]


def iban(value: str) -> str:
    """An IBAN with right check digits, without spaces."""
    from schwifty import IBAN
    from schwifty.exceptions import SchwiftyException

    try:
        return str(IBAN(value).compact)
    except SchwiftyException as error:
        # The account itself is not repeated: screens are photographed.
        raise ConfigError(
            "IBAN: die Prüfziffern oder die Länge stimmen nicht; von der Bankkarte abschreiben."
        ) from error


def tax_number(value: str) -> str:
    """A German tax number, or none."""
    from stdnum.de import stnr

    if value and not stnr.is_valid(value):
        raise _wrong("Steuernummer", value, "zehn bis dreizehn Ziffern wie auf dem Bescheid")
    return value


def vat_id(value: str) -> str:
    """A German VAT number with right check digit, or none."""
    from stdnum.de import vat

    if not value:
        return value
    if not vat.is_valid(value):
        raise _wrong("USt-IdNr.", value, "DE und neun Ziffern mit richtiger Prüfziffer")
    return f"DE{vat.compact(value)}"


def email(value: str) -> str:
    """An address with one @ and a domain."""
    if not _MAIL.match(value):
        raise _wrong("E-Mail", value, "eine Adresse wie name@beispiel.de")
    return value


def phone(value: str) -> str:
    """Digits, with spaces and brackets between them."""
    if not _PHONE.match(value) or sum(c.isdigit() for c in value) < _FEWEST_DIGITS:
        raise _wrong("Telefon", value, "eine Nummer wie +49 221 4710 417")
    return value


def website(value: str) -> str:
    """A web address; without a scheme it gets https."""
    found = value if "://" in value else f"https://{value}"
    if not re.fullmatch(r"https?://[^\s/]+\.[^\s/]+(/\S*)?", found):
        raise _wrong("Webseite", value, "eine Adresse wie https://beispiel.de")
    return found


def day_iso(value: str) -> str:
    """A day, written German or ISO; returned as ISO."""
    for form in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            # A day has no time zone.
            return datetime.strptime(value, form).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    raise _wrong("Tag", value, f"ein Tag wie {date(2026, 1, 1):%d.%m.%Y}")


def month(value: str) -> str:
    """A month's number."""
    if not value.isdigit() or not 1 <= int(value) <= 12:
        raise _wrong("Monat", value, "eine Zahl von 1 bis 12")
    return str(int(value))


def one_of(choices: Collection[str]) -> Callable[[str], str]:
    """A check for one of some words, whatever their case."""

    def check(value: str) -> str:
        if value.upper() not in choices:
            raise _wrong("Angabe", value, f"eines von {', '.join(choices)}")
        return value.upper()

    return check


def quarter(taken: Collection[str], *, may_be_empty: bool) -> Callable[[str], str]:
    """A check for `ABC Name` with letters that are not taken; empty ends the list."""

    def check(value: str) -> str:
        if not value and may_be_empty:
            return value
        hit = _QUARTER.match(value)
        if hit is None or ";" in value:
            raise _wrong("Quartier", value, "drei Großbuchstaben und ein Name, etwa „ALT Altstadt“")
        if hit[1] in taken:
            raise _wrong("Quartier", value, f"ein anderes Kürzel als {', '.join(sorted(taken))}")
        return f"{hit[1]} {hit[2]}"

    return check
