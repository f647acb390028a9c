# SPDX-License-Identifier: Apache-2.0
"""Invoices of the town are what its truth says, counted here from the files alone."""

import zipfile
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from ingestion.town.delivered import Delivered
from ingestion.town.inputs import Town, read_town
from ingestion.town.supply import deliver_supply
from tests.ingestion.town.small_town import COOPERATIVE

RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
Key = tuple[str, str]


@pytest.fixture(scope="module")
def plan() -> Town:
    return read_town(COOPERATIVE, scale=0.01, seed=None, months=None)


@pytest.fixture(scope="module")
def written(plan: Town, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Delivered]:
    inbox = tmp_path_factory.mktemp("eingang")
    return inbox, deliver_supply(plan, inbox)


def files(inbox: Path) -> Iterator[tuple[str, str, bytes]]:
    """Shop, name and content of each invoice."""
    for path in sorted((inbox / "einvoices").rglob("*.*")):
        if path.suffix != ".zip":
            yield path.parent.name, path.name, path.read_bytes()
            continue
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield path.parent.name, name, archive.read(name)


def good_cii(inbox: Path) -> Iterator[tuple[str, Any]]:
    """Shop and tree of each readable ZUGFeRD invoice that states its sums rightly."""
    for shop, _, data in files(inbox):
        if b"CrossIndustryInvoice" not in data or not data.endswith(b">\n"):
            continue
        root = etree.fromstring(data)
        lines = [Decimal(e.text) for e in root.iter(f"{RAM}LineTotalAmount")]
        allowance = Decimal(root.findtext(f".//{RAM}AllowanceTotalAmount"))
        # The last one is the sum of those before it.
        if lines[-1] - allowance == Decimal(root.findtext(f".//{RAM}TaxBasisTotalAmount")):
            yield shop, root


def test_the_truth_is_the_sum_of_the_files(plan: Town, written: tuple[Path, Delivered]) -> None:
    inbox, delivered = written
    quarter = {s.number: s.quarter_id for s in plan.sites}
    region = {row["postcode"] for row in plan.region}
    found: dict[Key, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    numbers = set()
    for shop, root in good_cii(inbox):
        number = root.findtext(f".//{{*}}ExchangedDocument/{RAM}ID")
        seller = root.find(f".//{RAM}SellerTradeParty")
        if (number, seller.findtext(f"{RAM}Name")) in numbers:
            continue
        numbers.add((number, seller.findtext(f"{RAM}Name")))
        day = root.findtext(".//{*}IssueDateTime/{*}DateTimeString")
        sign = -1 if root.findtext(f".//{RAM}TypeCode") == "381" else 1
        net = sign * Decimal(root.findtext(f".//{RAM}TaxBasisTotalAmount"))
        cell = found[quarter[shop], f"{day[:4]}-{day[4:6]}-01"]
        cell[0] += net
        cell[1] += net if seller.findtext(f".//{RAM}PostcodeCode") in region else 0
    truth = {
        (c["quarter_id"], c["business_month"]): [Decimal(c["net_eur"]), Decimal(c["local_net_eur"])]
        for c in delivered.truth["cells"]
    }
    # One invoice is written in the other syntax, in the Südring's January.
    assert {k for k in truth if truth[k] != found[k]} == {("SUE", "2026-01-01")}
    assert len(numbers) == delivered.truth["invoices"] - 1


def test_every_quarter_has_enough_owners_and_only_the_planted_cell_is_dominated(
    written: tuple[Path, Delivered],
) -> None:
    cells = written[1].truth["cells"]
    assert min(c["owners"] for c in cells) >= 7
    dominated = [c for c in cells if float(c["largest_local_share"]) > 0.33]
    assert [(c["quarter_id"], c["business_month"]) for c in dominated] == [("SUE", "2026-03-01")]


def test_faulty_files_are_listed_with_path_and_reason(written: tuple[Path, Delivered]) -> None:
    inbox, delivered = written
    assert [b["reason"] for b in delivered.bad_files] == [
        "invoice_wrong_totals",
        "invoice_truncated",
        "invoice_pdf",
    ]
    assert all((inbox / b["path"]).is_file() for b in delivered.bad_files)


def test_one_invoice_comes_again_a_month_later(written: tuple[Path, Delivered]) -> None:
    (number,) = written[1].truth["twice"]
    assert [name for _, name, _ in files(written[0])].count(f"{number}.xml") == 2


def test_the_same_plan_gives_the_same_bytes_whatever_the_scale(
    written: tuple[Path, Delivered], tmp_path: Path
) -> None:
    other = read_town(COOPERATIVE, scale=1.0, seed=None, months=None)
    assert deliver_supply(other, tmp_path) == written[1]
    for path in written[1].paths:
        assert (tmp_path / path).read_bytes() == (written[0] / path).read_bytes()
