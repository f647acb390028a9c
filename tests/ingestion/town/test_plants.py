# SPDX-License-Identifier: Apache-2.0
"""Each planted truth is really in the files, exactly as the truth file says."""

import io
import zipfile
from decimal import Decimal

import pytest

from ingestion.town.inputs import read_plan
from tests.ingestion.town.small_town import COOPERATIVE, Export, SmallTown, csv_rows, decimal


def test_every_plant_of_the_plans_is_in_the_truth(town: SmallTown) -> None:
    planned = {plant["id"] for plant in read_plan(COOPERATIVE)["plants"]}
    assert {p["id"] for p in town.truth["plants"]} == planned


def test_each_faulty_file_is_listed_once_with_its_reason(town: SmallTown) -> None:
    reasons = [bad["reason"] for bad in town.truth["bad_files"]]
    assert len(reasons) == len(set(reasons))
    assert {
        "empty_file", "missing_column", "sensor_out_of_range", "truncated_zip", "unknown_till",
        "vat_sums_differ", "wrong_encoding", "panel_minutes", "panel_unknown_code",
        "bicycle_out_of_range", "air_out_of_range", "missing_page", "bad_quality",
        "weather_out_of_range", "weather_truncated", "invoice_pdf",
        "event_truncated", "event_unknown_category",
        "slip_left_over_above_baked", "slip_unknown_site", "slip_wrong_encoding",
    } <= set(reasons)  # fmt: skip


def test_the_truncated_zip_cannot_be_opened(town: SmallTown) -> None:
    data = (town.inbox / town.bad("truncated_zip")["path"]).read_bytes()
    assert data.startswith(b"PK")
    with pytest.raises(zipfile.BadZipFile, match="not a zip file"):
        zipfile.ZipFile(io.BytesIO(data))


def test_the_empty_file_has_no_byte(town: SmallTown) -> None:
    assert (town.inbox / town.bad("empty_file")["path"]).read_bytes() == b""


def test_the_column_is_missing_in_csv_and_index(town: SmallTown) -> None:
    path = town.inbox / town.bad("missing_column")["path"]
    with zipfile.ZipFile(path) as archive:
        assert b"STK_BR" not in archive.read("index.xml")
        lines = csv_rows(archive.read("lines.csv"))
    assert lines
    assert "STK_BR" not in lines[0]
    assert "EINHEIT" in lines[0]


def test_one_receipt_says_ten_cents_more_than_its_lines(town: SmallTown) -> None:
    export = Export(town.inbox / town.bad("vat_sums_differ")["path"])
    taxes: dict[str, Decimal] = {}
    for row in export.rows("transactions_vat.csv"):
        taxes[row["BON_ID"]] = taxes.get(row["BON_ID"], Decimal(0)) + decimal(row["BON_BRUTTO"])
    heads = {r["BON_ID"]: decimal(r["UMS_BRUTTO"]) for r in export.rows("transactions.csv")}
    differences = [heads[bon] - taxes[bon] for bon in heads if heads[bon] != taxes[bon]]
    assert differences == [Decimal("0.10")]


def test_the_unknown_till_is_in_no_list(town: SmallTown) -> None:
    bad = town.bad("unknown_till")
    sites = csv_rows((town.inbox / "members/betriebsstaetten.csv").read_bytes())
    assert bad["till"] not in {r["kasse_id"] for r in sites}
    heads = Export(town.inbox / bad["path"]).rows("transactions.csv")
    assert {r["Z_KASSE_ID"] for r in heads} == {bad["till"]}


def test_the_wrong_encoding_is_utf_16(town: SmallTown) -> None:
    data = (town.inbox / town.bad("wrong_encoding")["path"]).read_bytes()
    assert data[:2] in (b"\xff\xfe", b"\xfe\xff")
    assert csv_rows(data, "utf-16")[0]["Kasse"] == town.bad("wrong_encoding")["till"]


def test_the_late_delivery_lies_in_its_own_folder_and_nowhere_else(town: SmallTown) -> None:
    (path,) = town.plant("late_delivery")["paths"]
    assert "/nachlieferung/" in path
    name = path.rsplit("/", 1)[1]
    assert [p.name for p in town.inbox.rglob(name)] == [name]
    late = [d for d in town.truth["deliveries"] if d["late"]]
    assert [d["path"] for d in late] == [path]
    assert late[0]["good"]


def test_the_duplicate_has_the_same_bytes(town: SmallTown) -> None:
    first, second = town.plant("duplicate_delivery")["paths"]
    assert first != second
    assert (town.inbox / first).read_bytes() == (town.inbox / second).read_bytes()


def test_the_overlapping_delivery_repeats_closings_in_other_bytes(town: SmallTown) -> None:
    first, second = town.plant("overlapping_delivery")["paths"]
    whole, part = Export(town.inbox / first), Export(town.inbox / second)
    assert (town.inbox / first).read_bytes() != (town.inbox / second).read_bytes()
    repeated = part.rows("cashpointclosing.csv")
    assert repeated
    assert all(row in whole.rows("cashpointclosing.csv") for row in repeated)
    assert min(row["Z_BUCHUNGSTAG"] for row in repeated) >= "2026-04-15"
    assert len(repeated) < len(whole.rows("cashpointclosing.csv"))


def test_one_shop_dominates_its_trade_group_in_one_month(town: SmallTown) -> None:
    plant = town.plant("dominating_shop")
    assert plant["business_month"] == "2026-01-01"
    assert plant["trade_group"] == "Dienstleistung"
    assert Decimal(plant["top1_share"]) > Decimal("0.33")
    assert plant["passes_firm_rule"] is False


def test_one_quarter_and_trade_group_has_two_owners(town: SmallTown) -> None:
    plant = town.plant("two_owner_cell")
    cells = [
        c
        for c in town.truth["cells"]["quarter_trade_group"]
        if (c["quarter_id"], c["trade_group"]) == (plant["quarter"], plant["trade_group"])
    ]
    assert len(cells) == len(town.manifest.months) + 1
    assert {c["owners"] for c in cells} == {2}
    assert not any(c["passes_firm_rule"] for c in cells)


def test_the_merchant_withdraws_and_goes_on_delivering(town: SmallTown) -> None:
    plant = town.plant("withdrawn_consent")
    rows = csv_rows((town.inbox / "consents/einwilligungen.csv").read_bytes())
    mine = [r for r in rows if r["mitgliedsnr"] == plant["member_no"]]
    withdrawn = [(r["zweck"], r["zeitpunkt"]) for r in mine if r["status"] == "widerrufen"]
    assert withdrawn == [("indikatoren", "2026-06-15T10:30:00+02:00")]
    assert ("indikatoren", "erteilt") in {(r["zweck"], r["status"]) for r in mine}
    assert plant["paths"]
    assert all((town.inbox / path).exists() for path in plant["paths"])
    owners = {r["owner_no"] for r in town.truth["receipts"] if not r["consented"]}
    assert (
        owners == {plant["owner_no"]} == set(town.truth["consent"]["indikatoren_withdrawn_owners"])
    )


def test_a_citizen_is_a_member_and_one_withdraws(town: SmallTown) -> None:
    members = csv_rows((town.inbox / "members/mitglieder.csv").read_bytes())
    kinds = {r["mitgliedsnr"]: (r["art"], r["ust_status"], r["austritt_am"]) for r in members}
    assert kinds[town.plant("citizen")["member_no"]] == ("buerger", "keine", "")
    consents = csv_rows((town.inbox / "consents/einwilligungen.csv").read_bytes())
    withdrawn = {r["mitgliedsnr"] for r in consents if r["status"] == "widerrufen"}
    assert town.plant("citizen_withdrawn")["member_no"] in withdrawn
