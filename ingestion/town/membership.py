# SPDX-License-Identifier: Apache-2.0
"""What the cooperative's office keeps: members, sites, consents, sales of data products.

Belongs here: those four files. Does not belong here: tills, sensors, the vacancy register.
"""

import csv
import hashlib
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

from foundation.money import round_cents
from ingestion.town.inputs import Member, Town

Rows = list[dict[str, str]]

MEMBERS = [
    "mitgliedsnr",
    "art",
    "name",
    "ansprechpartner",
    "strasse",
    "plz",
    "ort",
    "land",
    "email",
    "telefon",
    "quartier",
    "inhaber_nr",
    "ust_status",
    "ustid",
    "steuernr",
    "iban",
    "kontoinhaber",
    "gutschrift_vereinbart_am",
    "beitritt_am",
    "austritt_am",
    "anteile",
]
SITES = [
    "betriebsstaette_nr",
    "mitgliedsnr",
    "name",
    "strasse",
    "plz",
    "ort",
    "block",
    "branche",
    "filialist",
    "kasse_id",
    "eroeffnet_am",
    "geschlossen_am",
]
CONSENTS = ["mitgliedsnr", "zweck", "status", "zeitpunkt", "kanal", "wortlaut_sha256", "nachweis"]
SALES = [
    "rechnung_nr",
    "rechnungsdatum",
    "leistung_von",
    "leistung_bis",
    "produkt_id",
    "kaeufer",
    "kaeufer_art",
    "mitgliedsnr",
    "netto",
    "ust_satz",
    "ust",
    "brutto",
]
PURPOSES = {
    "indikatoren": "Meine Kassendaten dürfen in Kennzahlen des Quartiers eingehen.",
    "produkte": "Kennzahlen aus meinen Daten dürfen als Datenprodukt verkauft werden.",
    "vergleich": "Ich möchte meine Zahlen neben dem Durchschnitt vergleichbarer Betriebe sehen.",
}


def german(amount: Decimal) -> str:
    """An amount as 1.234,50."""
    return f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def deliver_office(town: Town, inbox: Path) -> dict[str, Rows]:
    """Writes the four files and returns their rows (amounts of sales as plain 1234.50)."""
    found = {
        "members": _members(town),
        "sites": _sites(town),
        "consents": _consents(town),
        "sales": _sales(town),
    }
    _write(inbox / "members/mitglieder.csv", MEMBERS, found["members"])
    _write(inbox / "members/betriebsstaetten.csv", SITES, found["sites"])
    _write(inbox / "consents/einwilligungen.csv", CONSENTS, found["consents"])
    money = ("netto", "ust_satz", "ust", "brutto")
    printed = [{**r, **{k: german(Decimal(r[k])) for k in money}} for r in found["sales"]]
    _write(inbox / "product_sales/datenprodukte_verkaeufe.csv", SALES, printed)
    return found


def _write(path: Path, columns: list[str], rows: Rows) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue().encode())


def _merchants(town: Town) -> dict[str, Member]:
    return {site.member.number: site.member for site in town.sites if site.member}


def _members(town: Town) -> Rows:
    place = {"plz": str(town.identity["postcode"]), "ort": str(town.identity["city"]), "land": "DE"}
    rows: Rows = []
    for number, m in _merchants(town).items():
        site = next(s for s in town.sites if s.member and s.member.number == number)
        rows.append(
            {
                "mitgliedsnr": number, "art": m.kind, "name": m.name, "ansprechpartner": m.contact,
                "strasse": f"{site.street} {site.house_no}", **place, "email": m.email,
                "telefon": m.phone, "quartier": site.quarter_id, "inhaber_nr": m.owner_no,
                "ust_status": m.vat_status, "ustid": m.vat_id, "steuernr": m.tax_number,
                "iban": m.iban, "kontoinhaber": m.account_holder,
                "gutschrift_vereinbart_am": m.self_billing_on, "beitritt_am": m.joined_on,
                "austritt_am": m.left_on, "anteile": str(m.shares),
            }
        )  # fmt: skip
    for c in town.citizens:
        rows.append(
            {
                "mitgliedsnr": c["member_no"], "art": "buerger", "name": c["name"],
                "ansprechpartner": c["name"], "strasse": f"{c['street']} {c['house_no']}", **place,
                "email": c["email"], "telefon": c["phone"], "quartier": c["quarter_id"],
                "inhaber_nr": "", "ust_status": "keine", "ustid": "", "steuernr": "",
                "iban": c["iban"], "kontoinhaber": c["name"], "gutschrift_vereinbart_am": "",
                "beitritt_am": c["joined_on"], "austritt_am": c["left_on"], "anteile": c["shares"],
            }
        )  # fmt: skip
    return rows


def _sites(town: Town) -> Rows:
    return [
        {
            "betriebsstaette_nr": t.site.number,
            "mitgliedsnr": t.site.member.number if t.site.member else "",
            "name": t.site.name,
            "strasse": f"{t.site.street} {t.site.house_no}",
            "plz": str(town.identity["postcode"]),
            "ort": str(town.identity["city"]),
            "block": t.site.block_id,
            "branche": t.site.trade_id,
            "filialist": str(int(t.site.is_chain)),
            "kasse_id": t.till_id,
            "eroeffnet_am": t.site.opened_on.isoformat(),
            "geschlossen_am": t.site.closed_on.isoformat() if t.site.closed_on else "",
        }
        for t in town.tills
    ]


def _consents(town: Town) -> Rows:
    rows: Rows = []
    for i, (number, m) in enumerate(_merchants(town).items()):
        for purpose in PURPOSES:
            # One in nine does without the comparison; nobody is asked twice.
            if purpose != "vergleich" or i % 9:
                rows.append(_consent(number, purpose, "erteilt", m.joined_on, "Beitrittserklärung"))
    for c in town.citizens:
        rows.append(
            _consent(c["member_no"], "produkte", "erteilt", c["joined_on"], "Mitgliederbereich")
        )
    for plant in town.plants_of("withdrawn_consent", "citizen_withdrawn"):
        member = town.site_named(plant["site"]).member if "site" in plant else None
        number = member.number if member else str(plant["member_no"])
        rows.append(
            _consent(number, plant["purpose"], "widerrufen", str(plant["withdrawn_on"]), "Brief")
        )
    return rows


def _consent(number: str, purpose: str, status: str, day: str, channel: str) -> dict[str, str]:
    summer = 4 <= date.fromisoformat(day).month <= 9
    return {
        "mitgliedsnr": number,
        "zweck": purpose,
        "status": status,
        "zeitpunkt": f"{day}T10:30:00+0{2 if summer else 1}:00",
        "kanal": channel,
        "wortlaut_sha256": hashlib.sha256(PURPOSES[purpose].encode()).hexdigest(),
        "nachweis": f"Akte {number}/{purpose[:3].upper()}",
    }


def _sales(town: Town) -> Rows:
    plan = town.plan["member_purchases"]
    rows = [
        _sale(
            r["invoice_date"], r["service_from"], r["service_to"], r["product_id"], r["buyer"],
            r["member_no"], r["net_eur"], plan["vat_rate"],
        )
        for r in town.sales
    ]  # fmt: skip
    bought = plan["merchants"]
    for i, (number, m) in enumerate(_merchants(town).items()):
        day = f"{bought['month']}-{1 + i % 28:02d}"
        if m.joined_on <= day:
            until = f"{int(day[:4]) + 1}-09-30"
            rows.append(
                _sale(
                    day,
                    day,
                    until,
                    bought["product"],
                    m.name,
                    number,
                    bought["net"],
                    plan["vat_rate"],
                )
            )
    course = plan["citizens"]
    joined = [c for c in town.citizens if not c["left_on"]]
    for i, c in enumerate(joined[: int(len(joined) * course["share"] + 0.5)]):
        day = f"{course['month']}-{1 + i % 28:02d}"
        rows.append(
            _sale(
                day, day, day, course["product"], c["name"], c["member_no"], course["net"],
                plan["vat_rate"],
            )
        )  # fmt: skip
    rows.sort(key=lambda r: (r["rechnungsdatum"], r["produkt_id"], r["kaeufer"]))
    running: dict[str, int] = {}
    for row in rows:
        year = row["rechnungsdatum"][:4]
        running[year] = running.get(year, 0) + 1
        row["rechnung_nr"] = f"RE-{year}-{running[year]:04d}"
    return rows


def _sale(
    day: str, first: str, last: str, product: str, buyer: str, member: str, net: str, rate: str
) -> dict[str, str]:
    amount = Decimal(net)
    vat = round_cents(amount * Decimal(rate) / 100)
    return {
        "rechnung_nr": "",
        "rechnungsdatum": day,
        "leistung_von": first,
        "leistung_bis": last,
        "produkt_id": product,
        "kaeufer": buyer,
        "kaeufer_art": "mitglied" if member else "dritte",
        "mitgliedsnr": member,
        "netto": str(amount),
        "ust_satz": rate,
        "ust": str(vat),
        "brutto": str(amount + vat),
    }
