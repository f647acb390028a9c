# SPDX-License-Identifier: Apache-2.0
"""The gate on a lake: what it writes, what it leaves, what it takes back."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from foundation.cooperative import DisclosureRules
from foundation.errors import GateError
from foundation.lakehouse import snapshot_of
from quality.disclosure.approvals import Approval, approve
from quality.disclosure.definitions import ReleaseDefinition, Stricter, load_definitions
from quality.disclosure.gate import GateReport, release_table
from tests.quality.disclosure.small_tables import RULES, SECRET

COOPERATIVE = Path(__file__).parents[3] / "cooperative"
DEFINITIONS = load_definitions(COOPERATIVE)
AS_OF = datetime(2026, 11, 22, 5, tzinfo=UTC)


def approval(name: str, rules: DisclosureRules = RULES) -> Approval:
    return approve(
        DEFINITIONS[name], rules, organ="Vorstand", date=date(2026, 11, 10), minutes="TOP 4"
    )


def run(
    con: DuckDBPyConnection,
    name: str,
    *,
    decision: Approval | None = None,
    definition: ReleaseDefinition | None = None,
) -> GateReport:
    return release_table(
        con,
        definition or DEFINITIONS[name],
        RULES,
        approval=decision,
        as_of=AS_OF,
        record_key=SECRET,
        snapshot=1,
    )


def fill_baskets(con: DuckDBPyConnection, months: tuple[str, ...] = ("2026-10-01",)) -> None:
    """Twelve even owners in ALT, eight in BAH, two in NOR."""
    con.execute(
        "INSERT INTO lake.marts.ind_basket_contribution "
        "SELECT lpad(n::VARCHAR, 32, '0'), "
        "CASE WHEN n < 12 THEN 'ALT' WHEN n < 20 THEN 'BAH' ELSE 'NOR' END, "
        "CASE WHEN n % 2 = 1 THEN 'cafe' ELSE 'baeckerei' END, "
        "CASE WHEN n % 2 = 1 THEN 'Gastronomie' ELSE 'Lebensmittel' END, m::DATE, 100 + n, "
        "1000 + 10 * n FROM range(22) AS shops(n), unnest(?::VARCHAR[]) AS months(m)",
        [list(months)],
    )


def rows(con: DuckDBPyConnection, name: str) -> list[tuple[object, ...]]:
    return con.execute(f"SELECT * FROM lake.release.{name} ORDER BY ALL").fetchall()


def test_an_approved_table_is_written_with_status_and_reason(lake: DuckDBPyConnection) -> None:
    fill_baskets(lake)
    report = run(lake, "basket_by_quarter", decision=approval("basket_by_quarter"))
    assert report.state == "geschrieben"
    assert (report.suppressed_primary, report.suppressed_complementary) == (1, 1)
    assert lake.execute(
        "SELECT quarter_id, status, mean_basket_eur IS NULL, receipt_count IS NULL "
        "FROM lake.release.basket_by_quarter ORDER BY 1"
    ).fetchall() == [
        ("ALLE", "veröffentlicht", False, False),
        ("ALT", "veröffentlicht", False, False),
        ("BAH", "unterdrückt", True, True),
        ("NOR", "unterdrückt", True, True),
    ]


def test_unchanged_content_makes_no_snapshot(lake: DuckDBPyConnection) -> None:
    fill_baskets(lake)
    run(lake, "basket_by_quarter", decision=approval("basket_by_quarter"))
    before = snapshot_of(lake)
    assert run(lake, "basket_by_quarter", decision=approval("basket_by_quarter")).state == (
        "unverändert"
    )
    assert snapshot_of(lake) == before


def test_without_approval_nothing_is_written(lake: DuckDBPyConnection) -> None:
    fill_baskets(lake)
    report = run(lake, "basket_by_quarter")
    assert report.state == "wartet auf Freigabe"
    assert report.cells == 4
    assert rows(lake, "basket_by_quarter") == []


def test_a_lost_approval_takes_the_table_back(lake: DuckDBPyConnection) -> None:
    fill_baskets(lake)
    run(lake, "basket_by_quarter", decision=approval("basket_by_quarter"))
    report = run(lake, "basket_by_quarter")
    assert report.removed
    assert rows(lake, "basket_by_quarter") == []


@pytest.mark.parametrize(
    "decision",
    [
        approval("basket_by_trade_group"),
        approval("basket_by_quarter", RULES.model_copy(update={"firms_min": 6})),
        approval("basket_by_quarter").model_copy(update={"date": date(2026, 11, 23)}),
        approval("basket_by_quarter").model_copy(update={"definition_hash": "0" * 64}),
    ],
    ids=["other table", "other rules", "later", "other definition"],
)
def test_an_approval_of_something_else_does_not_count(
    lake: DuckDBPyConnection, decision: Approval
) -> None:
    fill_baskets(lake)
    assert run(lake, "basket_by_quarter", decision=decision).state == "wartet auf Freigabe"


def test_a_changed_definition_waits_for_a_new_approval(lake: DuckDBPyConnection) -> None:
    fill_baskets(lake)
    changed = DEFINITIONS["vacancy"].model_copy(update={"rules": Stricter(ageing_months=3)})
    report = run(lake, "vacancy", definition=changed, decision=approval("vacancy"))
    assert report.state == "wartet auf Freigabe"


def test_open_months_stay_inside(lake: DuckDBPyConnection) -> None:
    fill_baskets(lake, ("2026-10-01", "2026-11-01"))
    report = run(lake, "basket_by_quarter", decision=approval("basket_by_quarter"))
    assert report.periods_not_closed == 1
    assert {r[1] for r in rows(lake, "basket_by_quarter")} == {date(2026, 10, 1)}


def test_linked_tables_agree_on_the_town(lake: DuckDBPyConnection) -> None:
    fill_baskets(lake)
    for name in ("basket_by_quarter", "basket_by_trade_group"):
        run(lake, name, decision=approval(name))
    town = lake.execute(
        "SELECT q.receipt_count, g.receipt_count FROM lake.release.basket_by_quarter q, "
        "lake.release.basket_by_trade_group g WHERE quarter_id = 'ALLE' AND trade_group = 'ALLE'"
    ).fetchone()
    assert town is not None
    assert town[0] == town[1] == sum(100 + n for n in range(22))


def test_what_nobody_delivered_is_missing_and_so_is_its_total(lake: DuckDBPyConnection) -> None:
    lake.execute(
        "INSERT INTO lake.marts.ind_vacancy VALUES ('ALT', '2026-09-01', 10, 1, 0.1), "
        "('ALT', '2026-10-01', 10, 2, 0.2), ('BAH', '2026-10-01', 30, 2, 0.0667)"
    )
    run(lake, "vacancy", decision=approval("vacancy"))
    found = lake.execute(
        "SELECT quarter_id, month(business_month), status, vacancy_share FROM lake.release.vacancy"
    ).fetchall()
    assert sorted(found) == [
        ("ALLE", 9, "fehlt", None),
        ("ALLE", 10, "veröffentlicht", 0.1),
        ("ALT", 9, "veröffentlicht", 0.1),
        ("ALT", 10, "veröffentlicht", 0.2),
        ("BAH", 9, "fehlt", None),
        ("BAH", 10, "veröffentlicht", 0.066667),
    ]


def test_an_hour_without_measurement_is_missing(lake: DuckDBPyConnection) -> None:
    lake.execute(
        "INSERT INTO lake.marts.ind_footfall_hourly VALUES "
        "('S1', 'ALT', '2026-10-01', 'Werktag', 9, 12.5, 20, 0), "
        "('S1', 'ALT', '2026-10-01', 'Werktag', 10, NULL, 0, 20)"
    )
    report = run(lake, "footfall_hourly", decision=approval("footfall_hourly"))
    assert (report.published, report.missing) == (1, 1)


def fill_members(con: DuckDBPyConnection) -> None:
    con.execute(
        "INSERT INTO lake.marts.ind_member_contribution SELECT lpad(n::VARCHAR, 32, '0'), "
        "CASE WHEN n % 10 = 0 THEN NULL WHEN n % 3 > 0 THEN 'ALT' ELSE 'BAH' END, "
        "CASE WHEN n % 4 > 0 THEN 'haendler' ELSE 'buerger' END FROM range(60) AS people(n)"
    )


def test_noise_is_drawn_once_and_stays(lake: DuckDBPyConnection) -> None:
    fill_members(lake)
    run(lake, "members", decision=approval("members"))
    first = rows(lake, "members")
    # Somebody who could draw anew would average the noise away: what was drawn is used again.
    lake.execute("UPDATE lake.release._noise SET perturbed_count = perturbed_count + 1")
    run(lake, "members", decision=approval("members"))
    moved = {r[0:2]: r[2] for r in rows(lake, "members") if r[2] is not None}
    assert moved
    assert all(moved[r[0:2]] == int(str(r[2])) + 1 for r in first if r[2] is not None)


def test_members_outside_the_town_have_a_cell(lake: DuckDBPyConnection) -> None:
    fill_members(lake)
    run(lake, "members", decision=approval("members"))
    assert {r[0] for r in rows(lake, "members")} == {"ALLE", "ALT", "AUSSERHALB", "BAH"}


def test_names_of_quarters_pass_without_figures(lake: DuckDBPyConnection) -> None:
    lake.execute("INSERT INTO lake.core.dim_quarter VALUES ('ALT', 'Altstadt')")
    run(lake, "quarter", decision=approval("quarter"))
    assert rows(lake, "quarter") == [("ALT", "Altstadt")]


def test_a_missing_source_is_an_error_with_a_remedy(lake: DuckDBPyConnection) -> None:
    with pytest.raises(GateError, match=r"ind_independent_shops.*ortskern run"):
        run(lake, "independent_shops", decision=approval("independent_shops"))


def test_a_row_without_owner_stops_the_table(lake: DuckDBPyConnection) -> None:
    fill_baskets(lake)
    lake.execute(
        "UPDATE lake.marts.ind_basket_contribution SET owner_id = NULL WHERE quarter_id = 'NOR'"
    )
    with pytest.raises(GateError, match="Zeile ohne Angabe"):
        run(lake, "basket_by_quarter", decision=approval("basket_by_quarter"))
    assert rows(lake, "basket_by_quarter") == []


def test_a_table_that_is_not_as_defined_is_not_written(lake: DuckDBPyConnection) -> None:
    fill_baskets(lake)
    lake.execute("ALTER TABLE lake.release.basket_by_quarter ADD COLUMN revenue_eur DECIMAL(18,2)")
    with pytest.raises(GateError, match="Definition und Migration angleichen"):
        run(lake, "basket_by_quarter", decision=approval("basket_by_quarter"))


def test_composites_do_not_pass_as_tables(lake: DuckDBPyConnection) -> None:
    with pytest.raises(GateError, match="write_composite"):
        run(lake, "vitality_index", decision=approval("vitality_index"))


def test_a_short_record_key_is_refused(lake: DuckDBPyConnection) -> None:
    with pytest.raises(GateError, match="16 Byte"):
        release_table(
            lake,
            DEFINITIONS["members"],
            RULES,
            approval=None,
            as_of=AS_OF,
            record_key=b"short",
            snapshot=1,
        )
