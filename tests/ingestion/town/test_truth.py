# SPDX-License-Identifier: Apache-2.0
"""The truth file against the delivered files, added up by an independent reader."""

from collections import Counter, defaultdict
from decimal import Decimal

from tests.ingestion.town.small_town import SmallTown, csv_rows, decimal

Cell = tuple[str, str, str]


def owners_and_quarters(town: SmallTown) -> dict[str, tuple[str, str]]:
    """Till -> owner and quarter, from the delivered lists."""
    members = csv_rows((town.inbox / "members/mitglieder.csv").read_bytes())
    owner = {r["mitgliedsnr"]: r["inhaber_nr"] for r in members}
    sites = csv_rows((town.inbox / "members/betriebsstaetten.csv").read_bytes())
    return {r["kasse_id"]: (owner[r["mitgliedsnr"]], r["block"][:3]) for r in sites}


def truth_by_cell(town: SmallTown, column: str) -> dict[Cell, Decimal]:
    found: dict[Cell, Decimal] = defaultdict(Decimal)
    for r in town.truth["receipts"]:
        found[r["owner_no"], r["quarter_id"], r["business_month"]] += Decimal(r[column])
    return {k: v for k, v in found.items() if v}


def test_revenue_and_receipts_of_the_exports_are_the_true_ones(town: SmallTown) -> None:
    place = owners_and_quarters(town)
    revenue: dict[Cell, Decimal] = defaultdict(Decimal)
    gross: dict[Cell, Decimal] = defaultdict(Decimal)
    receipts: Counter[Cell] = Counter()
    for export in town.exports.values():
        heads = {(r["Z_NR"], r["BON_ID"]): r for r in export.rows("transactions.csv")}
        kinds = {
            (r["Z_NR"], r["BON_ID"], r["POS_ZEILE"]): r["GV_TYP"] for r in export.rows("lines.csv")
        }
        sold = {k[:2] for k, kind in kinds.items() if kind == "Umsatz"}
        for key, head in heads.items():
            cell = (*place[head["Z_KASSE_ID"]], head["BON_START"][:7] + "-01")
            if head["BON_TYP"] == "Beleg":
                gross[cell] += decimal(head["UMS_BRUTTO"])
                receipts[cell] += key in sold if head["BON_STORNO"] == "0" else -1
        for row in export.rows("lines_vat.csv"):
            head = heads[row["Z_NR"], row["BON_ID"]]
            kind = kinds[row["Z_NR"], row["BON_ID"], row["POS_ZEILE"]]
            if head["BON_TYP"] == "Beleg" and kind in ("Umsatz", "Rabatt"):
                cell = (*place[head["Z_KASSE_ID"]], head["BON_START"][:7] + "-01")
                revenue[cell] += decimal(row["POS_BRUTTO"])
    for d in town.truth["deliveries"]:
        if d["contract_id"] != "pos_csv" or not d["good"]:
            continue
        rows = csv_rows((town.inbox / d["path"]).read_bytes(), "cp1252")
        cell = (*place[d["till"]], d["business_month"])
        revenue[cell] += sum((decimal(r["Summe"]) for r in rows), Decimal(0))
        gross[cell] = revenue[cell]
        sold = {r["Belegnummer"] for r in rows if r["Storno"] == "N"}
        receipts[cell] += len(sold) - len({r["Belegnummer"] for r in rows} - sold)
    assert {k: v for k, v in revenue.items() if v} == truth_by_cell(town, "revenue_eur")
    assert {k: v for k, v in gross.items() if v} == truth_by_cell(town, "gross_eur")
    assert {k: Decimal(v) for k, v in receipts.items() if v} == truth_by_cell(town, "receipt_count")


def test_totals_are_the_sums_of_the_cells(town: SmallTown) -> None:
    totals, rows = town.truth["totals"], town.truth["receipts"]
    for column in ("receipt_count", "purchase_count", "storno_count", "line_count"):
        assert totals[column] == sum(r[column] for r in rows)
    for column in ("revenue_eur", "gross_eur", "deposit_eur", "tips_eur", "transfer_eur"):
        assert Decimal(totals[column]) == sum(Decimal(r[column]) for r in rows)


def test_lines_of_the_exports_are_counted(town: SmallTown) -> None:
    lines = sum(len(export.rows("lines.csv")) for export in town.exports.values())
    totals = town.truth["totals"]
    assert lines + totals["csv_line_count"] == totals["line_count_all"]


def test_cells_leave_out_the_owner_who_withdrew(town: SmallTown) -> None:
    consented = sum(Decimal(r["revenue_eur"]) for r in town.truth["receipts"] if r["consented"])
    for cells in town.truth["cells"].values():
        assert sum(Decimal(c["revenue_eur"]) for c in cells) == consented


def test_files_of_a_quarantined_delivery_add_nothing(town: SmallTown) -> None:
    good = [d for d in town.truth["deliveries"] if d["good"] and not d["again"]]
    assert sum(d["receipt_count"] for d in good) == town.truth["totals"]["receipt_count"]


def test_a_closed_shop_delivers_nothing_after_its_last_day(town: SmallTown) -> None:
    months = [d["business_month"] for d in town.truth["deliveries"] if "MK-2033" in d["path"]]
    assert max(months) == "2026-06-01"


def test_a_new_shop_delivers_nothing_before_its_first_day(town: SmallTown) -> None:
    months = [d["business_month"] for d in town.truth["deliveries"] if "MK-2055" in d["path"]]
    assert min(months) == "2026-03-01"
