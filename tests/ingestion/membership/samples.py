# SPDX-License-Identifier: Apache-2.0
"""Lists of invented members, with a value changed where a test wants it.

Belongs here: samples that the tests of this folder share. Does not belong here: tests.
"""

MEMBER_COLUMNS = (
    "mitgliedsnr;art;name;ansprechpartner;strasse;plz;ort;land;email;telefon;quartier;inhaber_nr;"
    "ust_status;ustid;steuernr;iban;kontoinhaber;gutschrift_vereinbart_am;beitritt_am;"
    "austritt_am;anteile"
)
IBAN = "DE24430609670000417001"
OTHER_IBAN = "DE89370400440532013000"
BAKER = {
    "mitgliedsnr": "M-0001",
    "art": "haendler",
    "name": "Bäckerei Überall",
    "ansprechpartner": "Eva Öz",
    "strasse": "Salzgasse 4",
    "plz": "48999",
    "ort": "Musterstadt",
    "land": "DE",
    "email": "eva@baeckerei.example",
    "telefon": "+49 221 4710 001",
    "quartier": "ALT",
    "inhaber_nr": "I-01",
    "ust_status": "regulaer",
    "ustid": "DE 299 041 712",
    "steuernr": "337/5704/1716",
    "iban": "DE24 4306 0967 0000 4170 01",
    "kontoinhaber": "Eva Öz",
    "gutschrift_vereinbart_am": "2025-09-01",
    "beitritt_am": "2024-01-15",
    "austritt_am": "",
    "anteile": "3",
}
CITIZEN = {
    "mitgliedsnr": "M-0002",
    "art": "buerger",
    "name": "Noah Keil",
    "strasse": "Nordmarkt 1",
    "plz": "48999",
    "ort": "Musterstadt",
    "land": "DE",
    "quartier": "NOR",
    "ust_status": "keine",
    "iban": OTHER_IBAN,
    "beitritt_am": "2025-02-01",
    "anteile": "1",
}
SITE_COLUMNS = (
    "betriebsstaette_nr;mitgliedsnr;name;strasse;plz;ort;block;branche;filialist;kasse_id;"
    "eroeffnet_am;geschlossen_am"
)
SITE = {
    "betriebsstaette_nr": "B-0001",
    "mitgliedsnr": "M-0001",
    "name": "Bäckerei Überall am Markt",
    "strasse": "Salzgasse 4",
    "plz": "48999",
    "ort": "Musterstadt",
    "block": "ALT-02",
    "branche": "baeckerei",
    "filialist": "0",
    "kasse_id": "K-1",
    "eroeffnet_am": "1998-05-04",
    "geschlossen_am": "",
}


def baker(**changes: str) -> dict[str, str]:
    """A merchant that passes every rule, with values changed."""
    return BAKER | changes


def citizen(**changes: str) -> dict[str, str]:
    """A citizen that passes every rule, with values changed."""
    return CITIZEN | changes


def site(**changes: str) -> dict[str, str]:
    """A shop that passes every rule, with values changed."""
    return SITE | changes


def members(*rows: dict[str, str]) -> bytes:
    """``mitglieder.csv`` of these members."""
    return _csv(MEMBER_COLUMNS, rows)


def sites(*rows: dict[str, str]) -> bytes:
    """``betriebsstaetten.csv`` of these shops."""
    return _csv(SITE_COLUMNS, rows)


def _csv(columns: str, rows: tuple[dict[str, str], ...]) -> bytes:
    names = columns.split(";")
    lines = [columns] + [";".join(row.get(name, "") for name in names) for row in rows]
    return ("\n".join(lines) + "\n").encode()
