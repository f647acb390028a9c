# SPDX-License-Identifier: Apache-2.0
"""What became of every delivery: counted once, in quarantine with its reason, or refused."""

from decimal import Decimal

import pytest

from ingestion.quarantine import summary
from tests.end_to_end.town import Town, money

# What the steward reads of each planted fault: the rule that must have caught it, and words that
# the sentence must hold besides the file.
EXPECTED = {
    "truncated_zip": ("archiv_abgeschnitten", "vollständig"),
    "missing_column": ("spalte_fehlt", "STK_BR"),
    "vat_sums_differ": ("umsatz_gleich_steueraufteilung", "Steuersätzen"),
    "empty_file": ("datei_leer", "0 Bytes"),
    "unknown_till": ("unbekannte_kasse", "betriebsstaetten.csv"),
    "wrong_encoding": ("zeichensatz", "CP1252"),
    "sensor_out_of_range": ("bereich", "höchstens 60.000"),
    "panel_minutes": ("bereich", "höchstens 600"),
    "panel_unknown_code": ("werteliste", "zu_fuss"),
    "bicycle_out_of_range": ("bereich", "höchstens 5.000"),
    "air_out_of_range": ("bereich", "höchstens 1.000"),
    "missing_page": ("seite_fehlt", "auch Seite 3"),
    "bad_quality": ("von_der_quelle_verworfen", "ungültig"),
    "weather_out_of_range": ("bereich", "höchstens 50"),
    "weather_truncated": ("datei_abgeschnitten", "vollständig einliefern"),
    "event_truncated": ("datei_abgeschnitten", "vorzeitiges Ende"),
    "event_unknown_category": ("werteliste", "Luftfahrt"),
    "invoice_wrong_totals": ("zeilen_ergeben_netto", "Nettobetrag"),
    "invoice_truncated": ("datei_abgeschnitten", "vorzeitiges Ende"),
    "invoice_pdf": ("pdf_ohne_xml", "elektronische Rechnung"),
    "slip_left_over_above_baked": ("uebrig_hoechstens_gebacken", "Übrig ist nicht mehr"),
    "slip_wrong_encoding": ("zeichensatz", "UTF-8"),
    "slip_unknown_site": ("unbekannte_betriebsstaette", "betriebsstaetten.csv"),
}
LAST_EVENT = """SELECT contract_id || '/' || file_name, event, reason FROM landing.delivery
    WHERE event <> 'duplicate'
    QUALIFY row_number() OVER (PARTITION BY delivery_sha256 ORDER BY event_no DESC) = 1"""


def _with_event(town: Town, event: str) -> dict[str, str]:
    return {path: reason for path, found, reason in town.rows(LAST_EVENT) if found == event}


def test_only_the_planted_files_are_in_quarantine(town: Town) -> None:
    planted = {b["path"] for b in town.truth["bad_files"] if b["unit"] == "delivery"}
    assert set(_with_event(town, "quarantined")) == planted


@pytest.mark.parametrize("reason", sorted(EXPECTED))
def test_a_planted_fault_is_found_for_its_reason(town: Town, reason: str) -> None:
    (bad,) = [b for b in town.truth["bad_files"] if b["reason"] == reason]
    rule, _ = EXPECTED[reason]
    found = town.rows(
        "SELECT DISTINCT rule, unit FROM landing.quarantine "
        "WHERE starts_with(contract_id || '/' || file_name, ?)",
        [bad["path"]],
    )
    assert (rule, bad["unit"]) in found


@pytest.mark.parametrize("reason", sorted(EXPECTED))
def test_the_sentence_about_a_planted_fault_names_file_and_remedy(town: Town, reason: str) -> None:
    (bad,) = [b for b in town.truth["bad_files"] if b["reason"] == reason]
    rule, words = EXPECTED[reason]
    open_faults = summary(town.lake, bad["contract_id"])
    sentences = [fault.example for fault in open_faults if fault.rule == rule]
    assert len(sentences) == 1
    assert bad["path"].split("/", 1)[1] in sentences[0]
    assert words in sentences[0]
    assert "; " in sentences[0]
    assert sentences[0].endswith(".")


def test_nothing_but_the_planted_faults_is_held_back(town: Town) -> None:
    faults = town.rows(
        "SELECT DISTINCT contract_id || '/' || file_name FROM landing.quarantine "
        "WHERE severity = 'block' AND rule <> 'einwilligung_widerrufen'"
    )
    planted = [b["path"] for b in town.truth["bad_files"]]
    assert all(any(path.startswith(p) for p in planted) for (path,) in faults)
    assert all(any(path.startswith(p) for (path,) in faults) for p in planted)


def test_the_only_warnings_are_of_members_without_self_billing(town: Town) -> None:
    warnings = town.rows(
        "SELECT contract_id, rule, count(*), max(occurrences) FROM landing.quarantine "
        "WHERE severity = 'warn' GROUP BY ALL"
    )
    without = len(town.truth["members"]["without_self_billing"])
    assert warnings == [("members", "gutschrift_vereinbart", without, without)]


@pytest.mark.parametrize(
    "reason", ["sensor_out_of_range", "bicycle_out_of_range", "air_out_of_range"]
)
def test_the_value_out_of_range_is_left_out_and_the_rest_of_its_file_is_not(
    town: Town, reason: str
) -> None:
    (bad,) = [b for b in town.truth["bad_files"] if b["reason"] == reason]
    row = town.rows(
        "SELECT row_number, occurrences FROM landing.quarantine "
        "WHERE rule = 'bereich' AND contract_id = ?",
        [bad["contract_id"]],
    )
    assert row == [(bad["row"], 1)]
    assert town.rows("SELECT max(observed_value) < 60000 FROM core.fct_observation") == [(True,)]
    assert bad["path"] in _with_event(town, "loaded")


def test_what_is_wrong_is_shown_without_the_number_of_the_till(town: Town) -> None:
    till = town.plant("unknown_till")["till"]
    shown = town.rows("SELECT found || expected || remedy FROM landing.quarantine")
    assert not any(till in text for (text,) in shown)


def test_the_late_delivery_is_counted_and_marked_late(town: Town) -> None:
    plant = town.plant("late_delivery")
    (path,) = plant["paths"]
    assert path in _with_event(town, "loaded")
    assert _revenue(town, plant["owner_no"], "2026-03-01") == _true_revenue(
        town, plant["owner_no"], "2026-03-01"
    )


def test_the_duplicate_is_registered_and_counted_once(town: Town) -> None:
    plant = town.plant("duplicate_delivery")
    duplicates = town.rows(
        "SELECT contract_id || '/' || file_name FROM landing.delivery "
        "WHERE event = 'duplicate' AND starts_with(contract_id, 'pos_')"
    )
    assert duplicates == [(plant["paths"][1],)]
    assert _revenue(town, plant["owner_no"], "2026-02-01") == _true_revenue(
        town, plant["owner_no"], "2026-02-01"
    )


def test_the_overlapping_delivery_is_loaded_and_its_receipts_count_once(town: Town) -> None:
    plant = town.plant("overlapping_delivery")
    assert set(plant["paths"]) <= set(_with_event(town, "loaded"))
    assert _revenue(town, plant["owner_no"], "2026-04-01") == _true_revenue(
        town, plant["owner_no"], "2026-04-01"
    )


def test_no_receipt_is_there_twice(town: Town) -> None:
    counts = town.rows("SELECT count(*), count(DISTINCT receipt_id) FROM core.fct_receipt")
    assert counts[0][0] == counts[0][1]


def _revenue(town: Town, owner_no: str, month: str) -> Decimal:
    found = town.rows(
        "SELECT sum(revenue_eur) FROM core.fct_receipt WHERE owner_id = ? AND business_month = ?",
        [town.pseudonym("owner", owner_no), month],
    )
    return Decimal(found[0][0])


def _true_revenue(town: Town, owner_no: str, month: str) -> Decimal:
    rows = town.truth["receipts"]
    mine = [r for r in rows if (r["owner_no"], r["business_month"]) == (owner_no, month)]
    assert mine
    return sum((money(r["revenue_eur"]) for r in mine), Decimal(0))


def test_deliveries_after_the_withdrawal_are_refused_and_no_others(town: Town) -> None:
    refused = _with_event(town, "refused")
    assert set(refused) == set(town.plant("withdrawn_consent")["paths"])
    assert set(refused.values()) == {"einwilligung_widerrufen"}


def test_the_owner_who_withdrew_is_in_no_mart_of_the_indicators(town: Town) -> None:
    owner = town.pseudonym("owner", town.plant("withdrawn_consent")["owner_no"])
    assert town.rows("SELECT count(*) FROM core.dim_owner WHERE owner_id = ?", [owner]) == [(1,)]
    found = town.rows(
        "SELECT count(*) FROM marts.ind_basket_contribution WHERE owner_id = ?", [owner]
    )
    assert found == [(0,)]


def test_no_row_of_a_refused_delivery_is_in_the_lake(town: Town) -> None:
    refused = [
        row[0] for row in town.rows("SELECT delivery_sha256 FROM landing.delivery WHERE event = 'refused'")
    ]  # fmt: skip
    for schema, table in town.lakehouse.tables():
        if schema == "raw":
            found = town.rows(
                f"SELECT count(*) FROM raw.{table} WHERE list_contains(?, _landing_sha256)",
                [refused],
            )
            assert found == [(0,)], table


def test_withdrawals_stand_in_the_ledger_of_consents(town: Town) -> None:
    found = town.rows("SELECT member_id, purpose FROM ledger.consent WHERE status = 'widerrufen'")
    assert set(found) == {
        (town.pseudonym("member", w["mitgliedsnr"]), w["zweck"])
        for w in town.truth["consent"]["withdrawn"]
    }


def test_every_delivery_can_be_read_back_as_it_came(town: Town) -> None:
    from ingestion.landing import read_delivery

    house = town.house()
    rows = town.rows(
        "SELECT delivery_sha256, contract_id || '/' || file_name FROM landing.delivery "
        "WHERE event = 'landed' AND contract_id <> 'reference' ORDER BY 2 LIMIT 40"
    )
    for sha256, path in rows:
        data = read_delivery(town.settings, house.keys, sha256)
        assert data == (town.settings.inbox / path).read_bytes()
