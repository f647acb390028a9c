# SPDX-License-Identifier: Apache-2.0
"""The sample cooperative's own data: enough shops, valid numbers, nothing that points nowhere."""

import shutil
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from schwifty import IBAN
from stdnum import ean
from stdnum.de import stnr, vat

from foundation.errors import ConfigError
from ingestion.town.deliveries import COUNTS, count
from ingestion.town.inputs import Month, Town, input_files, read_csv, read_town
from ingestion.town.receipts import draw_till
from tests.ingestion.town.small_town import COOPERATIVE


@pytest.fixture(scope="module")
def plan() -> Town:
    return read_town(COOPERATIVE, scale=1.0, seed=None, months=None)


def test_four_quarters_in_at_least_twenty_blocks(plan: Town) -> None:
    quarters = {q["quarter_id"] for q in plan.quarters}
    assert len(quarters) == 4
    assert len(plan.blocks) >= 20
    assert {b["quarter_id"] for b in plan.blocks} == quarters


def test_at_least_eighty_member_shops_with_about_ninety_tills(plan: Town) -> None:
    assert sum(site.member is not None for site in plan.sites) >= 80
    assert 85 <= len(plan.tills) <= 95


def test_three_trades_have_fifteen_owners_or_more(plan: Town) -> None:
    owners = defaultdict(set)
    for site in plan.sites:
        if site.member:
            owners[site.trade_id].add(site.member.owner_no)
    assert sum(len(found) >= 15 for found in owners.values()) >= 3


def test_some_owners_have_two_shops(plan: Town) -> None:
    shops = Counter(site.member.owner_no for site in plan.sites if site.member)
    assert sum(number >= 2 for number in shops.values()) >= 2


def test_chain_shops_without_membership_are_there(plan: Town) -> None:
    assert sum(site.is_chain and site.member is None for site in plan.sites) >= 10


def test_three_shops_have_a_till_without_dsfinvk(plan: Town) -> None:
    assert sum(site.system == "csv" for site in plan.sites) == 3


def test_sensors_of_four_formats_stand_in_known_blocks(plan: Town) -> None:
    assert Counter(s["contract"] for s in plan.sensors) == {
        "footfall_hystreet": 6, "sensorthings": 3, "eco_counter": 1, "air_uba": 1,
    }  # fmt: skip
    assert {s["block_id"] for s in plan.sensors} <= {b["block_id"] for b in plan.blocks}


def test_each_quarter_has_at_least_twelve_citizens(plan: Town) -> None:
    assert min(Counter(c["quarter_id"] for c in plan.citizens).values()) >= 12


def test_shops_stand_in_known_blocks_and_trades(plan: Town) -> None:
    assert {s.block_id for s in plan.sites} <= {b["block_id"] for b in plan.blocks}
    assert {s.trade_id for s in plan.sites} <= set(plan.trade_groups)


def test_each_delivering_trade_has_goods_and_a_rhythm(plan: Town) -> None:
    delivering = {t.site.trade_id for t in plan.tills}
    assert delivering <= set(plan.goods)
    assert delivering <= set(plan.plan["trades"])


def test_trade_groups_are_the_four_of_the_house(plan: Town) -> None:
    groups = {"Lebensmittel", "Non-Food", "Gastronomie", "Dienstleistung"}
    assert set(plan.trade_groups.values()) == groups


def test_account_numbers_are_valid_and_nobody_shares_one(plan: Town) -> None:
    members = {s.member.number: s.member.iban for s in plan.sites if s.member}
    ibans = [*members.values(), *(c["iban"] for c in plan.citizens)]
    assert all(IBAN(iban, validate_bban=False).is_valid for iban in ibans)
    assert IBAN(plan.identity["iban"]).is_valid
    assert len(set(ibans)) == len(ibans)


def test_tax_numbers_are_valid(plan: Town) -> None:
    members = [s.member for s in plan.sites if s.member]
    assert all(vat.is_valid(m.vat_id) for m in members if m.vat_id)
    assert all(stnr.is_valid(m.tax_number, "Nordrhein-Westfalen") for m in members)
    assert vat.is_valid(plan.identity["vat_id"])


def test_article_numbers_of_packaged_goods_are_valid(plan: Town) -> None:
    numbers = [gtin for goods in plan.goods.values() for gtin in goods.gtin if gtin]
    assert len(numbers) > 50
    assert all(ean.is_valid(gtin) for gtin in numbers)


def test_every_planted_shop_exists(plan: Town) -> None:
    for plant in plan.plants:
        for key in ("site", "like"):
            if key in plant:
                assert plan.site_named(plant[key]).member is not None


def test_at_full_size_every_quarter_passes_the_firm_rule_in_an_ordinary_month(plan: Town) -> None:
    turnover: dict[str, Counter[str]] = defaultdict(Counter)
    for till in plan.tills:
        sums = count(draw_till(plan, till, [Month(2026, 5)], 1)).sum(axis=0)
        assert till.site.member is not None
        cents = int(sums[COUNTS.index("revenue_cents")])
        turnover[till.site.quarter_id][till.site.member.owner_no] += cents
    for owners in turnover.values():
        values = sorted(owners.values(), reverse=True)
        assert len(values) >= 5
        assert values[0] <= 0.33 * sum(values)
        assert sum(values[:2]) < 0.60 * sum(values)


def test_a_plant_in_a_shop_that_does_not_exist_is_named(plan: Town) -> None:
    with pytest.raises(ConfigError, match="gefunden „Laden Nirgendwo“, erwartet der Name"):
        plan.site_named("Laden Nirgendwo")


def test_a_ragged_row_is_named_with_its_line(tmp_path: Path) -> None:
    for name in input_files(COOPERATIVE):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(COOPERATIVE / name, tmp_path / name)
    path = tmp_path / "town/goods.csv"
    path.write_text(path.read_text(encoding="utf-8") + "99001;baeckerei\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"goods\.csv“, Zeile 224: .* Semikolons prüfen"):
        read_town(tmp_path, scale=1.0, seed=None, months=None)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"„sales\.csv“: fehlt"):
        read_csv(tmp_path / "sales.csv")
