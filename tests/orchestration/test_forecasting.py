# SPDX-License-Identifier: Apache-2.0
"""From ``core`` to proposals, record and order lines: once per change, own rows alone, nothing in place of what is not there."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from foundation import ledger
from foundation.errors import ConfigError, OrtskernError
from foundation.settings import PROJECT_ROOT, load_settings
from orchestration.assets.forecasting import forecast
from orchestration.forecasting import forecast_job, load_settings_of, read_inputs
from orchestration.house import House, open_house
from tests.analysis.forecast_town import owner

OWNERS = {"1" * 32: ("2" * 32, "3" * 32), "4" * 32: ("5" * 32, "6" * 32)}
SITES = """CREATE OR REPLACE TABLE core.fct_site_day AS SELECT owner_id, site_id, 'ALT' AS quarter_id, 'baeckerei' AS trade_id,
    day_date::DATE AS day_date, TRUE AS is_open, TRUE AS is_reported FROM sites"""
SALES = """CREATE OR REPLACE TABLE core.fct_daily_sale AS SELECT owner_id, site_id, article_number, 'Brot' AS product_group,
    day_date::DATE AS day_date, quantity::DECIMAL(18, 3) AS quantity FROM sales"""
SLIPS = """CREATE OR REPLACE TABLE core.fct_production_day AS SELECT owner_id, site_id, article_number, day_date::DATE AS day_date,
    (quantity + 4)::DECIMAL(18, 3) AS produced_quantity, 4::DECIMAL(18, 3) AS left_over_quantity, NULL::TIME AS sold_out_at
    FROM sales WHERE owner_id = (SELECT min(owner_id) FROM sales) AND day_date > DATE '2026-10-01'"""
GOODS = """CREATE OR REPLACE TABLE core.dim_article AS SELECT DISTINCT owner_id, article_number, 'Brot ' || article_number AS article_name,
    'Brot' AS product_group, 'Stück' AS unit, 1.07::DECIMAL(18, 2) AS unit_price_eur, 0.40::DECIMAL(18, 4) AS unit_cost_eur,
    0::DECIMAL(18, 4) AS salvage_eur, 1 AS shelf_life_days, 1::DECIMAL(18, 3) AS pack_size, 0::DECIMAL(18, 3) AS minimum_order
    FROM sales"""


def fill(house: House, *, second_sells: int = 1) -> None:
    """Two owners with one shop each; the first has slips, the second sells ``second_sells`` times as much."""
    data = owner(articles=3, days=120)
    sales, sites = [], []
    for position, (name, (site, _)) in enumerate(OWNERS.items()):
        times = second_sells if position else 1
        own = {"owner_id": name, "site_id": site}
        sales.append(data.sales.assign(quantity=data.sales["quantity"] * times, **own))
        sites.append(data.sites.assign(**own))
    with house.lakehouse.writer() as con:
        con.register("sales", pd.concat(sales))
        con.register("sites", pd.concat(sites))
        for statement in (SITES, SALES, SLIPS, GOODS):
            con.execute(statement)
        members = ", ".join(f"('{s}', '{m}')" for s, m in OWNERS.values())
        con.execute(
            f"CREATE OR REPLACE TABLE core.dim_site AS SELECT * FROM (VALUES {members}) AS t(site_id, member_id)"
        )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house whose ``core`` knows neither calendar nor weather, forecast once."""
    home = tmp_path_factory.mktemp("vorhersage") / "home"
    opened = open_house(load_settings(home=home, cooperative=PROJECT_ROOT / "cooperative"))
    opened.prepare()
    fill(opened)
    opened.reports["first"] = forecast(opened).counts
    return opened


def asked(house: House, sql: str) -> list[tuple[object, ...]]:
    with house.lakehouse.connect(read_only=True) as con:
        return con.execute(sql).fetchall()


def test_both_shops_get_a_proposal_and_one_of_them_quantities(house: House) -> None:
    assert house.reports["first"] == {
        "Stand": "neu gerechnet",
        "Läden": 2,
        "mit Menge": 3,
        "Zeilen": 6,
    }


def test_a_second_run_computes_nothing(house: House) -> None:
    before = house.lakehouse.snapshot()
    assert forecast(house).counts["Stand"] == "unverändert"
    assert house.lakehouse.snapshot() == before


def test_proposals_are_on_record_in_an_unbroken_chain(house: House) -> None:
    with house.lakehouse.connect(read_only=True) as con:
        assert ledger.verify_chain(con, ["order_proposal"]) == {"order_proposal": 6}


def test_lines_belong_to_the_member_of_the_shop(house: House) -> None:
    found = asked(house, "SELECT DISTINCT site_id, member_id FROM papers.order_line")
    assert set(found) == set(OWNERS.values())


def test_lines_are_for_tomorrow(house: House) -> None:
    found = asked(house, "SELECT DISTINCT target_date FROM papers.order_line")
    assert found == [(date(2026, 11, 23),)]


def test_another_owner_s_sales_change_nothing_and_the_record_of_today_stands(house: House) -> None:
    first = min(OWNERS)
    query = f"SELECT * FROM marts.fct_forecast WHERE owner_id = '{first}' ORDER BY ALL"
    before = asked(house, query)
    recorded = asked(house, "SELECT order_quantity, expected_quantity FROM ledger.order_proposal")
    fill(house, second_sells=5)
    assert forecast(house).counts["Stand"] == "neu gerechnet"
    assert asked(house, query) == before
    after = asked(house, "SELECT order_quantity, expected_quantity FROM ledger.order_proposal")
    assert after == recorded


def failing(monkeypatch: pytest.MonkeyPatch, *owners: str) -> None:
    """Let the computing of these owners break, in this process."""
    plan = load_settings_of(PROJECT_ROOT / "cooperative")
    assert plan is not None
    alone = plan.model_copy(update={"workers": 1})
    monkeypatch.setattr("orchestration.assets.forecasting.load_settings_of", lambda _: alone)
    sites = {OWNERS[owner][0] for owner in owners}

    def job(frames: dict[str, pd.DataFrame], *rest: object) -> object:
        if sites & set(frames["fct_site_day"]["site_id"]):
            raise ZeroDivisionError("geteilt durch nichts")
        return forecast_job(frames, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("orchestration.forecasting.forecast_job", job)


def test_one_owner_s_failure_costs_no_other_its_sheet_and_is_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = sorted(OWNERS)
    fill(house, second_sells=3)
    with monkeypatch.context() as broken:
        failing(broken, bad)
        outcome = forecast(house)
    (problem,) = outcome.problems
    assert problem.startswith(f"Betrieb {bad[:8]}… (Pseudonym): keine Vorhersage")
    assert "ZeroDivisionError: geteilt durch nichts (test_forecasting.py, Zeile" in problem
    shops = "SELECT DISTINCT site_id FROM papers.order_line"
    assert asked(house, shops) == [(OWNERS[good][0],)]
    assert forecast(house).counts["Stand"] == "neu gerechnet"
    assert len(asked(house, shops)) == 2


def test_where_every_owner_fails_the_old_sheets_stay(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(house, second_sells=2)
    before = asked(house, "SELECT * FROM papers.order_line ORDER BY ALL")
    failing(monkeypatch, *OWNERS)
    with pytest.raises(OrtskernError, match="für keinen von 2 Betrieben gelungen.*alten Bestell"):
        forecast(house)
    assert asked(house, "SELECT * FROM papers.order_line ORDER BY ALL") == before


def test_of_two_proposals_for_a_day_the_newest_counts(house: House) -> None:
    owner_id, (site, _) = min(OWNERS.items())
    day = date(2026, 11, 16)
    rows = [
        {
            "owner_id": owner_id,
            "site_id": site,
            "article_number": "01001",
            "issued_date": issued,
            "target_date": day,
            "expected_quantity": Decimal(45),
            "order_quantity": Decimal(order),
            "rung": "baeume",
        }
        for issued, order in ((date(2026, 11, 14), 50), (date(2026, 11, 15), 40))
    ]
    with house.lakehouse.writer() as con:
        ledger.append(con, "order_proposal", rows, as_of=house.as_of)
        found = read_inputs(con, ["baeckerei"], house.today).recorded
    of_day = found[pd.to_datetime(found["target_date"]) == pd.Timestamp(day)]
    assert of_day["order_quantity"].tolist() == [40]


def test_the_sample_cooperative_forecasts_bakeries_and_delicatessen() -> None:
    plan = load_settings_of(PROJECT_ROOT / "cooperative")
    assert plan is not None
    assert plan.trades == ["baeckerei", "feinkost"]
    assert plan.vat_percent == Decimal("7.00")


def test_a_cooperative_without_settings_forecasts_nothing(tmp_path: Path) -> None:
    assert load_settings_of(tmp_path) is None


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("folds: 4", "folds: 2", "folds"),
        ("[0.1, 0.5, 0.75, 0.9]", "[0.5, 0.1]", "quantiles"),
        ("workers: 2", "arbeiter: 2", "workers"),
    ],
)
def test_settings_out_of_range_name_file_and_field(
    tmp_path: Path, old: str, new: str, field: str
) -> None:
    text = (PROJECT_ROOT / "cooperative" / "forecasting.yaml").read_text("utf-8")
    (tmp_path / "forecasting.yaml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ConfigError, match=f"Datei „forecasting.yaml“, Feld „{field}“"):
        load_settings_of(tmp_path)
