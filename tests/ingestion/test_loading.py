# SPDX-License-Identifier: Apache-2.0
"""Loading: what is good is in `raw` once, what is bad in quarantine, whatever gets in between."""

import dataclasses
import traceback
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from foundation.contracts import Contract
from foundation.errors import OrtskernError
from ingestion import raw
from ingestion.landing import land_inbox, quiet
from ingestion.loading import LoadReport, load_contract
from ingestion.pseudonyms import Pseudonyms
from tests.ingestion.pos.samples import (
    CANARY,
    CSV_LINES,
    TILL,
    Archive,
    Home,
    closing,
    new_home,
    shipped,
    till_csv,
)
from tests.ingestion.pos.test_mapped_csv import RETAIL, RETAIL_COLUMNS, RETAIL_OPTIONS, mapped

POS, CSV = shipped("pos_dsfinvk"), shipped("pos_csv")
TABLES = tuple(obj.name for obj in POS.objects)


def load(
    home: Home,
    contract: Contract = POS,
    progress: Callable[[str, int, int], None] = quiet,
    *,
    with_suite: bool = False,
) -> LoadReport:
    """Land the inbox and load one contract."""
    land_inbox(home.settings, home.lakehouse, home.keys, {contract.id: contract})
    return load_contract(
        home.settings,
        home.lakehouse,
        home.keys,
        contract,
        None,
        None,
        progress,
        with_suite=with_suite,
    )


def counts(home: Home) -> dict[str, int]:
    """Rows of every raw table of the tills."""
    return {
        name: int(str(home.rows(f"SELECT count(*) FROM lake.raw.{name}")[0][0])) for name in TABLES
    }


def states(home: Home) -> dict[str, tuple[object, object]]:
    """(last event, reason) by file name."""
    rows = home.rows(
        "SELECT file_name, event, reason FROM lake.landing.delivery WHERE event <> 'duplicate' "
        "QUALIFY row_number() OVER (PARTITION BY delivery_sha256 ORDER BY event_no DESC) = 1"
    )
    return {str(name): (event, reason) for name, event, reason in rows}


def spoiled(file: str, **values: str) -> Archive:
    """A closing of its own day whose first row of one file has other values."""
    archive = closing(day="2026-09-08", number=9)
    archive.files[file][0].update(values)
    return archive


ONE_CLOSING = {
    "pos_closings": 1,
    "pos_transactions": 3,
    "pos_transactions_vat": 3,
    "pos_lines": 6,
    "pos_lines_vat": 6,
    "pos_payments": 3,
    "pos_vat": 1,
}
BAD: dict[str, tuple[bytes, str]] = {
    "leer.zip": (b"", "datei_leer"),
    "abgeschnitten.zip": (closing(number=10).zip()[:-300], "archiv_abgeschnitten"),
    "zeichensatz.zip": (dataclasses.replace(closing(), encoding="cp1252").zip(), "zeichensatz"),
    "spalte.zip": (
        dataclasses.replace(
            closing(), columns={**closing().columns, "lines.csv": ["Z_KASSE_ID"]}
        ).zip(),
        "spalte_fehlt",
    ),
    "typ.zip": (spoiled("lines.csv", MENGE="eins").zip(), "typ"),
    "bereich.zip": (spoiled("lines.csv", MENGE="100.001,000").zip(), "bereich"),
    "werteliste.zip": (spoiled("lines.csv", GV_TYP="Verkauf").zip(), "werteliste"),
    "pflichtfeld.zip": (spoiled("transactions.csv", BON_TYP="").zip(), "pflichtfeld"),
    "fassung.zip": (spoiled("cashpointclosing.csv", TAXONOMIE_VERSION="3.0").zip(), "muster"),
    "summe.zip": (
        spoiled("lines_vat.csv", POS_BRUTTO="1.235,50", POS_NETTO="1.038,39496").zip(),
        "umsatz_gleich_zeilen",
    ),
    "zahlung.zip": (
        spoiled("datapayment.csv", BASISWAEH_BETRAG="1,00").zip(),
        "zahlungen_ergeben_abschluss",
    ),
    "waise.zip": (spoiled("lines.csv", BON_ID="fremd").zip(), "vorgang_vorhanden"),
    "zukunft.zip": (closing(day="2026-12-24").zip(), "zeitraum"),
    "fremd.zip": (closing(till="KASSE-Fremd-99").zip(), "unbekannte_kasse"),
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, LoadReport]:
    """Two good closings, one delivered twice, and one of every bad kind; with the suite."""
    home = new_home(tmp_path_factory.mktemp("home"))
    home.know(TILL)
    home.deliver("pos_dsfinvk", "gut-1.zip", closing().zip())
    home.deliver("pos_dsfinvk", "gut-1-nochmal.zip", closing().zip())
    home.deliver("pos_dsfinvk", "gut-2.zip", closing(day="2026-09-06", number=8).zip(folder="x/"))
    for name, (data, _) in BAD.items():
        home.deliver("pos_dsfinvk", name, data)
    return home, load(home, with_suite=True)


def test_good_deliveries_are_loaded_once_and_bad_ones_stop_nothing(
    loaded: tuple[Home, LoadReport],
) -> None:
    home, report = loaded
    assert counts(home) == {name: 2 * rows for name, rows in ONE_CLOSING.items()}
    assert report.deliveries["loaded"] == 2
    assert report.deliveries["quarantined"] == len(BAD)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_delivery_is_in_quarantine_with_its_rule(
    loaded: tuple[Home, LoadReport], name: str
) -> None:
    home, _ = loaded
    rules = home.rows(
        "SELECT DISTINCT q.rule FROM lake.landing.quarantine q JOIN lake.landing.delivery d "
        f"USING (delivery_sha256) WHERE d.file_name = '{name}'"
    )
    assert states(home)[name][0] == "quarantined"
    assert (BAD[name][1],) in rules


def test_a_bad_row_is_named_with_file_row_and_field(loaded: tuple[Home, LoadReport]) -> None:
    home, _ = loaded
    rows = home.rows(
        "SELECT file_name, row_number, field, found, occurrences FROM lake.landing.quarantine "
        "WHERE rule = 'typ'"
    )
    assert rows == [("typ.zip/lines.csv", 2, "MENGE", "„eins“", 1)]


def test_types_are_those_of_the_contract(loaded: tuple[Home, LoadReport]) -> None:
    home, _ = loaded
    for obj in POS.objects:
        described = home.rows(f"DESCRIBE lake.raw.{obj.name}")
        types = {str(r[0]): str(r[1]) for r in described}
        expected = {
            f.name: f.raw_type.replace("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE")
            for f in obj.raw_fields
        }
        assert {k: v.replace(" ", "") for k, v in types.items() if k in expected} == {
            k: v.replace(" ", "") for k, v in expected.items()
        }


def test_money_arrives_to_the_last_digit(loaded: tuple[Home, LoadReport]) -> None:
    home, _ = loaded
    assert home.rows("SELECT sum(ums_brutto) FROM lake.raw.pos_transactions") == [
        (Decimal("7419.00"),)
    ]


def test_identifiers_are_pseudonyms_that_meet_those_of_the_member_list(
    loaded: tuple[Home, LoadReport],
) -> None:
    home, _ = loaded
    pseudonyms = Pseudonyms(home.keys)
    assert home.rows("SELECT DISTINCT z_kasse_id FROM lake.raw.pos_lines") == [
        (pseudonyms.of("till", TILL),)
    ]
    receipts = {r[0] for r in home.rows("SELECT bon_id FROM lake.raw.pos_transactions")}
    assert pseudonyms.of("receipt", f"{TILL}|7|7-1") in receipts


def test_nothing_personal_and_no_till_number_is_anywhere_in_the_lake(
    loaded: tuple[Home, LoadReport],
) -> None:
    home, _ = loaded
    tables = home.rows(
        "SELECT table_schema, table_name FROM information_schema.tables "
        "WHERE table_catalog = 'lake' AND table_schema IN ('raw', 'landing')"
    )
    for schema, table in tables:
        text = str(home.rows(f'SELECT * FROM lake.{schema}."{table}"'))
        for secret in (CANARY, TILL, "KASSE-Fremd-99", "337/5704/1716", "33757041716"):
            assert secret not in text, f"{secret} in {schema}.{table}"


def test_no_file_on_disk_holds_a_delivered_word_in_clear(
    loaded: tuple[Home, LoadReport],
) -> None:
    home, _ = loaded
    # The catalog knows the first and last value of columns that stay in raw, such as articles.
    article, secrets = "Brötchen".encode(), [CANARY.encode(), TILL.encode()]
    for path in home.settings.home.rglob("*"):
        if path.is_file() and home.settings.inbox not in path.parents:
            data = path.read_bytes()
            assert not any(s in data for s in secrets), path
            assert article not in data or path.name.startswith("catalog.sqlite"), path


def test_dlt_leaves_nothing_in_its_folder_and_the_folder_is_closed(
    loaded: tuple[Home, LoadReport],
) -> None:
    home, _ = loaded
    assert [p for p in home.settings.dlt_dir.rglob("*") if p.is_file()] == []
    assert home.settings.dlt_dir.stat().st_mode & 0o077 == 0


def test_the_suite_ran_on_every_table_and_passed(loaded: tuple[Home, LoadReport]) -> None:
    _, report = loaded
    assert {r.table for r in report.suite} == set(TABLES)
    assert all(r.success for r in report.suite)


def test_a_second_run_writes_nothing(loaded: tuple[Home, LoadReport]) -> None:
    home, _ = loaded
    before = home.lakehouse.snapshot()
    report = load(home)
    assert home.lakehouse.snapshot() == before
    assert not report.rows
    assert report.deliveries == {"waiting": 1}


class KilledError(Exception):
    """Stands for the process that ends between two steps."""


NEW_TILL, GONE_TILL = "KASSE-Neu-02", "KASSE-Fort-03"
Seen = tuple[dict[str, int], dict[str, tuple[object, object]], list[str]]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """Three runs over one inbox: (rows, states, sentences) after each.

    `killed` ends between the load and its registration, `again` repeats it beside rows of a load
    that never finished, `known` follows once the member list names the new till.
    """
    home = new_home(tmp_path_factory.mktemp("story"))
    home.know(TILL)
    home.know(GONE_TILL, member="M-2")
    home.withdraw("2026-09-05T23:30:00+02:00", member="M-2")
    for name, archive in {
        "gut.zip": closing(),
        "neu.zip": closing(till=NEW_TILL),
        "vorher.zip": closing(till=GONE_TILL),
        "nachher.zip": closing(till=GONE_TILL, day="2026-09-06", number=8),
    }.items():
        home.deliver("pos_dsfinvk", name, archive.zip())
    seen: dict[str, Seen] = {}

    def kill(step: str, done: int, total: int) -> None:
        if step.endswith("eintragen"):
            raise KilledError(f"nach {done} von {total}")

    with pytest.raises(KilledError, match="nach 1"):
        load(home, progress=kill)
    seen["killed"] = counts(home), states(home), []
    with home.lakehouse.writer() as con:
        con.execute(
            "INSERT INTO lake.raw.pos_lines BY NAME SELECT * REPLACE ('1.5' AS _dlt_load_id, "
            "'x' AS _landing_sha256) FROM lake.raw.pos_lines"
        )
    report = load(home)
    seen["again"] = counts(home), states(home), [f.sentence() for f in report.findings]
    home.know(NEW_TILL)
    dropped = closing(day="2026-09-07", number=9)
    dropped.files["lines.csv"][0]["GV_TYP"] = "Lohnzahlung"
    dropped.files["transactions.csv"][2]["BON_TYP"] = "AVSachbezug"
    home.deliver("pos_dsfinvk", "lohn.zip", dropped.zip())
    report = load(home)
    seen["known"] = counts(home), states(home), [f.sentence() for f in report.findings]
    return seen


def test_a_killed_run_has_loaded_but_registered_nothing(story: dict[str, Seen]) -> None:
    rows, state, _ = story["killed"]
    assert rows == {name: 2 * n for name, n in ONE_CLOSING.items()}
    assert {event for event, _ in state.values()} == {"landed"}


def test_the_next_run_counts_nothing_twice_and_takes_back_unfinished_rows(
    story: dict[str, Seen],
) -> None:
    rows, state, _ = story["again"]
    assert rows == {name: 2 * n for name, n in ONE_CLOSING.items()}
    assert state["gut.zip"] == ("loaded", None)


def test_days_after_a_withdrawal_are_refused_and_days_before_are_not(
    story: dict[str, Seen],
) -> None:
    _, state, sentences = story["again"]
    assert state["vorher.zip"] == ("loaded", None)
    assert state["nachher.zip"] == ("refused", "einwilligung_widerrufen")
    assert any("erwartet Tage bis 05.09.2026" in s for s in sentences)


def test_an_unknown_till_waits_and_the_steward_is_told_where_to_enter_it(
    story: dict[str, Seen],
) -> None:
    _, state, sentences = story["again"]
    assert state["neu.zip"] == ("quarantined", "unbekannte_kasse")
    remedy = (
        "Kasse KA…02 in der Mitgliederliste (betriebsstaetten.csv) eintragen, dann erneut laden"
    )
    assert any(remedy in s for s in sentences)


def test_once_the_member_list_knows_the_till_it_is_loaded(story: dict[str, Seen]) -> None:
    rows, state, sentences = story["known"]
    assert state["neu.zip"] == ("loaded", None)
    assert rows["pos_closings"] == 4
    assert sentences == []


def test_wages_and_benefits_are_dropped_after_the_sums_are_checked(
    story: dict[str, Seen],
) -> None:
    rows, state, _ = story["known"]
    assert state["lohn.zip"] == ("loaded", None)
    assert {name: n - 3 * ONE_CLOSING[name] for name, n in rows.items()} == {
        "pos_closings": 1,
        "pos_transactions": 2,
        "pos_transactions_vat": 2,
        "pos_lines": 3,
        "pos_lines_vat": 3,
        "pos_payments": 2,
        "pos_vat": 1,
    }


def test_of_a_till_csv_the_bad_row_stays_out_and_the_others_are_loaded(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    home.know(TILL)
    bad = CSV_LINES[1].replace(";3;", ";drei;")
    home.deliver("pos_csv", "laden.csv", till_csv(CSV_LINES[0], bad, CSV_LINES[2]))
    report = load(home, CSV)
    assert home.rows(
        "SELECT line_total, is_cancellation, sold_at::VARCHAR FROM lake.raw.pos_csv_lines "
        "ORDER BY _row_number"
    ) == [
        (Decimal("1234.50"), False, "2026-09-05 07:30:00+00"),
        (Decimal("-0.45"), True, "2026-09-05 21:45:00+00"),
    ]
    assert report.left_out_rows == 1
    assert home.rows("SELECT row_number, field, unit FROM lake.landing.quarantine") == [
        (3, "Menge", "row")
    ]
    assert home.rows(
        "SELECT loaded_rows, quarantined_rows FROM lake.landing.delivery WHERE event = 'loaded'"
    ) == [(2, 1)]


@pytest.mark.skipif(not RETAIL.exists(), reason="../shared/data is absent")
def test_real_receipts_of_a_year_are_loaded_by_contract_alone(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    home.know("UK-1")
    home.deliver("pos_csv", "online.csv", RETAIL.read_bytes())
    report = load(home, mapped(RETAIL_COLUMNS, RETAIL_OPTIONS))
    assert report.rows["pos_csv_lines"] + report.left_out_rows == 9_495
    assert home.rows(
        "SELECT count(*) FILTER (is_cancellation), count(*) FILTER (is_service), "
        "count(DISTINCT receipt_id) FROM lake.raw.pos_csv_lines"
    ) == [(453, 383, 603)]


def test_a_load_that_breaks_off_quotes_no_value(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    contract = shipped("pos_csv")
    obj = contract.objects[0]
    with home.lakehouse.writer() as con:
        raw.create_tables(con, contract)
    columns = {name: ["Frau Meier"] for name in raw.columns_of(obj)}
    with pytest.raises(OrtskernError, match="dlt brach im Schritt „load“ ab") as caught:
        raw.load(home.settings, home.lakehouse, contract, {obj.name: pa.table(columns)})
    shown = "".join(traceback.format_exception(caught.value))
    assert "Meier" not in shown
    assert home.rows(f"SELECT count(*) FROM lake.raw.{obj.name}") == [(0,)]
