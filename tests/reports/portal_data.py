# SPDX-License-Identifier: Apache-2.0
"""Plausible released tables of a small town, for tests of the portal alone.

Belongs here: tables in the shape of the schema ``release`` and of the contracts' summary, with
suppressed and missing cells at known places. Does not belong here: how such tables come about.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

QUARTERS = {"ALT": "Altstadt", "BAH": "Bahnhofsviertel", "NOR": "Nordstadt", "SUE": "Südring"}
PLACES = ("ALLE", *QUARTERS)
GROUPS = ("ALLE", "Lebensmittel", "Non-Food", "Gastronomie", "Dienstleistung")
SENSORS = {
    "S1": ("Marktplatz", "ALT"),
    "S2": ("Lange Straße", "ALT"),
    "S3": ("Bahnhofsplatz", "BAH"),
    "S4": ("Nordmarkt", "NOR"),
    "S5": ("Südpassage", "SUE"),
}
MONTHS = [date(2025 + (9 + i) // 12, (9 + i) % 12 + 1, 1) for i in range(13)]
DAY_KINDS = ("Werktag", "Samstag", "Sonntag/Feiertag")
WEIGHTS = {
    "vacancy": 0.25,
    "independents": 0.2,
    "walking_trips": 0.15,
    "basket": 0.15,
    "events": 0.1,
    "local_supply": 0.15,
}
AVAILABLE = ("vacancy", "independents", "basket")
TRIPS = {"auto": 92, "oepnv": 70, "rad": 62, "sonstige": 14, "zu_fuss": 128}
DWELL = {"0 bis 29": 66, "30 bis 59": 128, "60 bis 89": 88, "ab 90": 70}
NO_DATA = "Für diesen Bestandteil liegt noch keine Quelle vor."
# What the tests look for: the town's mean basket of the last month, a suppressed cell
LAST_BASKET = Decimal("21.37")
SUPPRESSED = ("SUE", MONTHS[-1])
TOO_FEW = "weniger als 5 unabhängige Betriebe"

Row = dict[str, Any]


def figure_code(table: str, *dimensions: object) -> str:
    """'W-' and ten characters, the same for the same table and dimensions."""
    text = "|".join([table, *map(str, dimensions)])
    return "W-" + hashlib.sha256(text.encode()).hexdigest()[:10].upper()


def _wave(*parts: object) -> float:
    """A number in -1..1 that depends on its parts alone."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**31 - 1


def _common(table: str, *dimensions: object) -> Row:
    code = figure_code(table, *dimensions)
    return {"status": "veröffentlicht", "reason": None, "figure_code": code}


def _hide(row: Row, *values: str) -> Row:
    return row | dict.fromkeys(values) | {"status": "unterdrückt", "reason": TOO_FEW}


def _baskets(table: str, column: str, keys: tuple[str, ...]) -> Iterator[Row]:
    for key in keys:
        for i, month in enumerate(MONTHS):
            mean = Decimal(str(round(20 + 4 * _wave(table, key) + 0.1 * i + _wave(key, i), 2)))
            row = {column: key, "business_month": month, "mean_basket_eur": mean}
            row |= {"receipt_count": int(9000 + 4000 * _wave(key, "n", i))}
            row |= _common(table, key, month)
            if key == "ALLE" and month == MONTHS[-1]:
                row["mean_basket_eur"] = LAST_BASKET
            if (key, month) == SUPPRESSED or (key == "Dienstleistung" and i % 4 == 2):
                row = _hide(row, "mean_basket_eur", "receipt_count")
            yield row


def _shares(table: str, total: str, part: str, share: str, level: float) -> Iterator[Row]:
    for place in PLACES:
        for i, month in enumerate(MONTHS):
            count = 260 if place == "ALLE" else 65
            hits = round(count * (level + 0.04 * _wave(table, place) - 0.002 * i))
            row: Row = {"quarter_id": place, "business_month": month, total: count, part: hits}
            yield row | {share: hits / count} | _common(table, place, month)


def _local_supply() -> Iterator[Row]:
    for place in PLACES:
        for i, month in enumerate(MONTHS):
            share = 0.22 + 0.06 * _wave("local_supply", place) + 0.002 * i
            row: Row = {"quarter_id": place, "business_month": month, "local_share": share}
            yield row | _common("local_supply", place, month)


def _event_frequency() -> Iterator[Row]:
    for place in PLACES:
        for i, month in enumerate(MONTHS):
            count = 4 + i % 3
            row: Row = {"quarter_id": place, "business_month": month, "event_count": count}
            row["events_per_quarter"] = Decimal(count)
            yield row | _common("event_frequency", place, month)


def _footfall() -> Iterator[Row]:
    for sensor, (_, quarter) in SENSORS.items():
        for month in MONTHS:
            for kind, height in zip(DAY_KINDS, (420, 610, 190), strict=True):
                for hour in range(24):
                    peak = max(0.02, 1 - abs(hour - 14.5) / (7 + _wave(sensor) * 1.5))
                    mean = Decimal(str(round(height * peak * (1 + 0.3 * _wave(sensor, month)), 2)))
                    row = {"sensor_id": sensor, "quarter_id": quarter, "business_month": month}
                    row |= {"day_kind": kind, "hour": hour, "pedestrians_mean": mean}
                    row |= _common("footfall_hourly", sensor, month, kind, hour)
                    if sensor == "S5" and month == MONTHS[-1] and kind == "Samstag" and hour < 6:
                        row |= {"pedestrians_mean": None, "status": "fehlt"}
                        row |= {"reason": "Der Sensor war ausgefallen."}
                    yield row


def _footfall_monthly() -> Iterator[Row]:
    for sensor, (_, quarter) in SENSORS.items():
        for i, month in enumerate(MONTHS):
            hours, missing = 720, 12 if sensor == "S3" and i == 4 else 0
            day = Decimal(str(round(4200 * (1 + 0.3 * _wave(sensor, month)), 2)))
            row: Row = {"sensor_id": sensor, "quarter_id": quarter, "business_month": month}
            row |= {"pedestrians_per_day": day, "pedestrians_sum": int(day * 30)}
            row |= {"observed_hours": hours - missing, "missing_hours": missing}
            yield row | _common("footfall_monthly", sensor, month)


def _sensor_health() -> Iterator[Row]:
    for sensor in SENSORS:
        row: Row = {"sensor_id": sensor, "metric": "pedestrians", "state": "misst"}
        row |= {"last_observed_date": date(2026, 10, 31), "observed_share": Decimal("0.9981")}
        row |= {"longest_gap_hours": 12, "finding": "Misst regelmäßig"}
        if sensor == "S5":
            row |= {"state": "verstummt", "last_observed_date": date(2026, 8, 14)}
            row |= {"finding": "Keine Messung seit 15.08.2026"}
        yield row | _common("sensor_health", sensor, "pedestrians")


def _members() -> Iterator[Row]:
    for place in PLACES:
        for kind, count in (("haendler", 20), ("erzeuger", 4), ("buerger", 31)):
            row: Row = {"quarter_id": place, "member_kind": kind}
            row |= {"member_count": count * (4 if place == "ALLE" else 1)}
            row |= _common("members", place, kind)
            few = kind == "erzeuger" and place != "ALLE"
            yield _hide(row, "member_count") | {"reason": "weniger als 10 Personen"} if few else row


def _deliveries() -> Iterator[Row]:
    for source, loaded in (("pos", 80), ("footfall_hystreet", 5), ("members", 1)):
        for month in MONTHS:
            row: Row = {"source_id": source, "business_month": month, "loaded_count": loaded}
            row |= {"quarantined_count": 1, "refused_count": 0, "left_out_rows": 2}
            yield row | _common("deliveries", source, month)


def _panel(table: str, column: str, level: dict[str, int]) -> Iterator[Row]:
    """Counts of persons of the citizen panel: town and quarters, four waves."""
    for place in PLACES:
        for month in MONTHS[1::3]:
            for part, count in {"ALLE": sum(level.values()), **level}.items():
                row: Row = {"quarter_id": place, "business_month": month, column: part}
                row |= {"person_count": count if place == "ALLE" else count // 4}
                row |= _common(table, place, month, part)
                few = row["person_count"] < 10
                yield _hide(row, "person_count") | {"reason": "weniger als 10"} if few else row


def _trade_mix() -> Iterator[Row]:
    for place in PLACES:
        for i, month in enumerate(MONTHS):
            for number, group in enumerate(GROUPS[1:]):
                row: Row = {"quarter_id": place, "business_month": month, "trade_group": group}
                row |= {"shop_count": (9 + 3 * number + i % 2) * (4 if place == "ALLE" else 1)}
                yield row | _common("trade_mix", place, month, group)


def _north_star() -> Iterator[Row]:
    for place in PLACES:
        for i, month in enumerate(MONTHS):
            plain = 2.8 + 0.6 * _wave("north_star", place) + 0.02 * i
            value, minutes = plain * 0.93, 3_000_000 + 40_000 * i
            row: Row = {"quarter_id": place, "business_month": month, "value": value}
            row |= {"low": value * 0.9, "high": value / 0.9, "cents_per_minute": plain}
            row |= {"revenue_eur": Decimal(round(plain * minutes)) / 100, "minutes": minutes}
            row |= {"mean_minutes": 60.2, "diversity_factor": 0.95, "reachability_factor": 0.98}
            row |= _common("north_star", place, month)
            if i == 0:
                row |= dict.fromkeys(
                    ("value", "low", "high", "cents_per_minute", "revenue_eur", "minutes")
                )
                row |= dict.fromkeys(("mean_minutes", "diversity_factor", "reachability_factor"))
                row |= {"status": "fehlt", "reason": "Ohne: Minuten je Besuch"}
            elif (place, month) == SUPPRESSED:
                names = ("value", "low", "high", "cents_per_minute", "revenue_eur", "minutes")
                row = _hide(row, *names, "mean_minutes", "diversity_factor", "reachability_factor")
            yield row


def _experiments() -> Iterator[Row]:
    row: Row = {"experiment_id": "sommergassen", "title": "Sommergassen"}
    row |= {"hypothesis": "Bänke bringen mehr Einkäufe.", "verdict_kind": "belegt"}
    row |= {"verdict": "Die Maßnahme hat gewirkt.", "limits": "Grenzen: ein Versuch."}
    row |= {"version": 1, "registered_on": date(2026, 5, 12), "registration_sha256": "ab" * 32}
    row |= {"plan_change": "keine nach dem Beginn", "left_out": "nichts", "method": "Vergleich"}
    row |= {"start_date": date(2026, 6, 1), "end_date": date(2026, 9, 27)}
    row |= {"effect_percent": 11.8, "low_percent": 6.2, "high_percent": 17.7}
    row |= {"p_space": 0.0065, "p_time": 0.02, "minimum_relevant_percent": 5.0}
    row |= {"power_share": 0.7, "detectable_percent": 6.0, "treated_units": "NOR-02, SUE-04"}
    row |= {"control_count": 18, "owner_count": 7, "cost_eur": Decimal("18400.00")}
    row |= {"cost_text": "Möbel", "blueprint": "Zwei Blöcke", "nuances": "Sommer"}
    yield row | {"contact": "Beirat"} | _common("experiment", "sommergassen")


def _experiment_weeks() -> Iterator[Row]:
    for i in range(51):
        week = date.fromordinal(date(2025, 10, 6).toordinal() + 7 * i)
        up = 12 if i >= 34 else 0
        row: Row = {"experiment_id": "sommergassen", "week_start_date": week}
        row |= {
            "treated_index": 100 + 3 * _wave("t", i) + up,
            "phase": "Versuch" if up else "vorher",
        }
        row |= {"synthetic_index": 100 + 3 * _wave("s", i)}
        row |= _common("experiment_week", "sommergassen", week)
        if i == 40:
            row |= {"treated_index": None, "synthetic_index": None, "phase": None}
            row |= {"status": "fehlt", "reason": "Keine Angabe"}
        yield row


def _components() -> Iterator[Row]:
    for place in PLACES:
        for i, month in enumerate(MONTHS):
            for name, weight in WEIGHTS.items():
                score = 60 + 20 * _wave(name, place) + i * 0.4
                value = {"vacancy": 0.1, "independents": 0.6, "basket": 21.5}.get(name)
                row: Row = {"quarter_id": place, "business_month": month, "component": name}
                row |= {"value": value, "unit": "€ je Einkauf" if name == "basket" else "Anteil"}
                row |= {"score": score, "weight": weight}
                row |= _common("vitality_component", place, month, name)
                if name not in AVAILABLE:
                    row |= {"value": None, "score": None, "status": "fehlt", "reason": NO_DATA}
                elif name == "basket" and (place, month) == SUPPRESSED:
                    row = _hide(row, "value", "score")
                yield row


def _index() -> Iterator[Row]:
    parts = list(_components())
    for place in PLACES:
        for month in MONTHS:
            here = [p for p in parts if (p["quarter_id"], p["business_month"]) == (place, month)]
            there = [p for p in here if p["score"] is not None]
            weight = sum(p["weight"] for p in there)
            row: Row = {"quarter_id": place, "business_month": month}
            row |= {"index_value": sum(p["score"] * p["weight"] for p in there) / weight}
            row |= {"components_available": len(there), "components_total": len(here)}
            yield row | {"weight_available": weight} | _common("vitality_index", place, month)


PROVENANCE = {
    "basket_by_quarter": ("Mittlerer Einkauf je Quartier", "Umsatz geteilt durch Zahl der Belege."),
    "basket_by_trade_group": ("Mittlerer Einkauf je Branche", "Umsatz geteilt durch Belege."),
    "basket_by_trade": ("Mittlerer Einkauf je Branche", "Umsatz geteilt durch Belege."),
    "vacancy": ("Leerstand", "Leere Ladenlokale geteilt durch alle Ladenlokale."),
    "independent_shops": ("Inhabergeführte Läden", "Läden ohne Filialkette geteilt durch alle."),
    "local_supply": ("Regionale Versorgung", "Einkauf aus der Region geteilt durch Einkauf."),
    "event_frequency": ("Veranstaltungen", "Öffentliche Termine des Kalenders der Stadt."),
    "footfall_hourly": ("Fußgänger je Stunde", "Mittel je Stunde und Art des Tages."),
    "footfall_monthly": ("Fußgänger je Monat", "Mittlerer Tag aus den Mitteln seiner Stunden."),
    "sensor_health": ("Zustand der Sensoren", "Letzte Messung, Lücken und gleiche Werte."),
    "members": ("Mitglieder", "Zahl der Mitglieder, zum Schutz leicht verändert."),
    "deliveries": ("Lieferungen", "Was je Quelle und Monat ankam."),
    "panel_trips": ("Wege in die Quartiere", "Befragte je Verkehrsmittel, leicht verändert."),
    "panel_dwell": ("Zeit zu Fuß", "Befragte je Dauer, leicht verändert."),
    "trade_mix": ("Branchenmix", "Belegte Läden je Branchengruppe."),
    "north_star": ("Nordstern", "Umsatz je Minute zu Fuß, mal Vielfalt, mal Erreichbarkeit."),
    "experiment": ("Versuche", "Ergebnis der angemeldeten Auswertung."),
    "experiment_week": ("Verlauf der Versuche", "Wochen mit Maßnahme und ohne sie erwartet."),
    "vitality_index": ("Vitalitätsindex", "Gewichtetes Mittel der vorhandenen Bestandteile."),
    "vitality_component": ("Bestandteile des Index", "Wert und Punkte je Bestandteil."),
}


def _provenance() -> Iterator[Row]:
    for table, (title, definition) in PROVENANCE.items():
        yield {
            "table_name": table,
            "title": title,
            "definition": definition,
            "definition_hash": hashlib.sha256(definition.encode()).hexdigest(),
            "rules_hash": hashlib.sha256(table.encode()).hexdigest(),
            "approved_by": "Vorstand",
            "approved_on": date(2026, 11, 16),
            "minutes": "Protokoll 2026-07, Punkt 3",
            "source_models": '["core.fct_receipt", "marts.ind_basket_contribution"]',
            "contracts": '{"pos_dsfinvk": "1.0.0", "members": "1.0.0"}',
            "deliveries": 1040,
            "snapshot": 42,
            "code_revision": "3f1c0de5a9b2",
        }


def _contracts() -> Iterator[Row]:
    for number, (identifier, name, picture) in enumerate(
        (
            ("pos_dsfinvk", "Kassenbelege", "till"),
            ("footfall_hystreet", "Fußgängerzählung", "footprints"),
            ("vacancy_register", "Leerstandskataster", "shop"),
            ("members", "Mitgliederliste", "people"),
        )
    ):
        yield {
            "id": identifier,
            "name": name,
            "version": f"1.{number}.0",
            "owner": "Händler mit Kasse",
            "purpose": "Kennzahlen der Innenstadt, ohne dass ein Betrieb sichtbar wird.",
            "legal_basis": "Vertrag mit dem Mitglied (Art. 6 Abs. 1 Buchst. b DSGVO)",
            "recipients": "niemand außerhalb der Genossenschaft",
            "retention": "24 Monate",
            "protection": "Namen und Nummern werden vor der Auswertung durch Decknamen ersetzt.",
            "picture": picture,
            "notice": "Betroffene können Auskunft, Berichtigung und Löschung verlangen.",
        }


def _contract_fields() -> Iterator[Row]:
    for table, field, text, kind, handling in (
        ("pos_lines", "gv_typ", "Art des Vorgangs", "internal", "keep"),
        ("pos_lines", "artikeltext", "Bezeichnung der Ware", "internal", "keep"),
        ("pos_transactions", "bediener_name", "Name der Bedienung", "personal", "drop"),
        ("pos_transactions", "bon_id", "Nummer des Belegs", "confidential", "pseudonym"),
    ):
        row = {"contract": "pos_dsfinvk", "table": table, "field": field, "description": text}
        yield row | {"classification": kind, "handling": handling}
    row = {"contract": "members", "table": "members_members", "field": "name"}
    row |= {"description": "Name des Mitglieds", "classification": "personal"}
    yield row | {"handling": "register"}


def _catalogue() -> Iterator[Row]:
    for table, (title, definition) in PROVENANCE.items():
        row: Row = {"art": "Veröffentlichte Tabelle", "id": table, "titel": title}
        row |= {"beschreibung": definition, "zeitraum": "01.10.2025 bis 01.10.2026"}
        row |= {"aktualisierung": "je Ausgabe", "quellen": "Kassenbelege", "lizenz": "dl-de/by-2-0"}
        yield row | {"zugang": "öffentlich", "dateien": f"{table}.csv, {table}.parquet"}
    for contract in _contracts():
        row = {"art": "Quelle", "id": contract["id"], "titel": contract["name"], "zeitraum": ""}
        row |= {"beschreibung": contract["purpose"], "aktualisierung": "monatlich", "lizenz": ""}
        yield row | {"quellen": contract["owner"], "zugang": "nicht öffentlich", "dateien": ""}


COOPERATIVE: Row = {
    "transparency_report": "transparenzbericht.pdf",
    "name": "Datengenossenschaft Musterstadt eG",
    "town": "Musterstadt",
    "address": "Marktplatz 1, 12345 Musterstadt",
    "register": "Amtsgericht Musterstadt, GnR 123",
    "vat_id": "DE123456789",
    "audit_association": "Prüfungsverband der Datengenossenschaften e. V.",
    "represented_by": "Vorstand: Anna Beispiel, Bernd Muster",
    "contact_name": "Clara Lotse",
    "contact_role": "Lotsin für die Mitglieder",
    "contact_telephone": "02345 678900",
    "contact_mail": "lotsin@musterstadt.example",
    "organs": "Generalversammlung: alle Mitglieder, eine Stimme je Mitglied\n"
    "Aufsichtsrat: drei Mitglieder\nVorstand: zwei Mitglieder",
    "data_protection_contact": "Datenschutzbeauftragte, datenschutz@musterstadt.example",
    "authority": "Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen",
    "edition_id": "2026-11",
    "edition_date": "2026-11-22",
    "as_of": "2026-11-22",
    "snapshot": "42",
    "code_revision": "3f1c0de5a9b2",
}


def _write(folder: Path, table: str, rows: list[Row]) -> None:
    data = pa.Table.from_pylist(rows)
    if "mean_basket_eur" in data.column_names:
        place = data.column_names.index("mean_basket_eur")
        money = data.column(place).cast(pa.decimal128(18, 2))
        data = data.set_column(place, "mean_basket_eur", money)
    pq.write_table(data, folder / f"{table}.parquet")


def write_portal_data(folder: Path) -> Path:
    """Writes all tables as parquet into `folder` and returns it; the same bytes each time."""
    folder.mkdir(parents=True, exist_ok=True)
    quarters = [{"quarter_id": q, "name": name} for q, name in QUARTERS.items()]
    sensors = [{"sensor_id": s, "name": name, "quarter_id": q} for s, (name, q) in SENSORS.items()]
    tables: dict[str, list[Row]] = {
        "basket_by_quarter": list(_baskets("basket_by_quarter", "quarter_id", PLACES)),
        "basket_by_trade_group": list(_baskets("basket_by_trade_group", "trade_group", GROUPS)),
        "basket_by_trade": list(_baskets("basket_by_trade", "trade_id", ("cafe", "baeckerei"))),
        "vacancy": list(_shares("vacancy", "premise_count", "vacant_count", "vacancy_share", 0.12)),
        "independent_shops": list(
            _shares(
                "independent_shops", "shop_count", "independent_count", "independent_share", 0.6
            )
        ),
        "event_frequency": list(_event_frequency()),
        "local_supply": list(_local_supply()),
        "footfall_hourly": list(_footfall()),
        "footfall_monthly": list(_footfall_monthly()),
        "sensor_health": list(_sensor_health()),
        "members": list(_members()),
        "deliveries": list(_deliveries()),
        "panel_trips": list(_panel("panel_trips", "travel_mode", TRIPS)),
        "panel_dwell": list(_panel("panel_dwell", "minutes_band", DWELL)),
        "trade_mix": list(_trade_mix()),
        "north_star": list(_north_star()),
        "experiment": list(_experiments()),
        "experiment_week": list(_experiment_weeks()),
        "vitality_index": list(_index()),
        "vitality_component": list(_components()),
        "provenance": list(_provenance()),
        "quarter": quarters,
        "sensor": sensors,
        "contracts": list(_contracts()),
        "catalogue": list(_catalogue()),
        "contract_fields": list(_contract_fields()),
        "cooperative": [COOPERATIVE],
    }
    for table, rows in tables.items():
        _write(folder, table, rows)
    (folder / COOPERATIVE["transparency_report"]).write_bytes(b"%PDF-1.7 only for the download\n")
    return folder
