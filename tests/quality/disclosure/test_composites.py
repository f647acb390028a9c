# SPDX-License-Identifier: Apache-2.0
"""Composites, papers and provenance."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pytest
from duckdb import DuckDBPyConnection

from foundation.errors import GateError
from foundation.lakehouse import snapshot_of
from quality.disclosure.composites import (
    provenance_of,
    write_composite,
    write_papers,
    write_provenance,
)
from quality.disclosure.frames import Row
from quality.disclosure.gate import GateReport
from tests.quality.disclosure.small_tables import RULES
from tests.quality.disclosure.test_gate import (
    AS_OF,
    DEFINITIONS,
    approval,
    fill_baskets,
    run,
)

PARENTS = DEFINITIONS["vitality_component"].parents


def components(released: Mapping[str, list[Row]]) -> list[Row]:
    """One row per quarter: the mean basket, where it was released."""
    return [
        {
            "quarter_id": r["quarter_id"],
            "business_month": r["business_month"],
            "component": "basket",
            "value": None if r["mean_basket_eur"] is None else float(r["mean_basket_eur"]),
            "unit": "Euro",
            "score": None if r["mean_basket_eur"] is None else Decimal("50.0000"),
            "weight": Decimal("0.2000"),
            "status": r["status"],
            "reason": r["reason"],
        }
        for r in released["basket_by_quarter"]
    ]


def compose(
    con: DuckDBPyConnection, parents: tuple[str, ...] = PARENTS, approved: bool = True
) -> GateReport:
    return write_composite(
        con,
        DEFINITIONS["vitality_component"],
        components,
        parents,
        rules=RULES,
        approval=approval("vitality_component") if approved else None,
        as_of=AS_OF,
        snapshot=1,
    )


def test_a_composite_sees_what_was_released_and_nothing_else(lake: DuckDBPyConnection) -> None:
    fill_baskets(lake)
    run(lake, "basket_by_quarter", decision=approval("basket_by_quarter"))
    assert compose(lake).state == "geschrieben"
    found = lake.execute(
        "SELECT quarter_id, value IS NULL, status FROM lake.release.vitality_component ORDER BY 1"
    ).fetchall()
    assert found == [
        ("ALLE", False, "veröffentlicht"),
        ("ALT", False, "veröffentlicht"),
        ("BAH", True, "unterdrückt"),
        ("NOR", True, "unterdrückt"),
    ]


def test_a_table_without_approval_looks_empty_to_a_composite(lake: DuckDBPyConnection) -> None:
    fill_baskets(lake)
    run(lake, "basket_by_quarter")
    assert compose(lake).cells == 0


def test_a_composite_waits_for_its_own_approval(lake: DuckDBPyConnection) -> None:
    fill_baskets(lake)
    run(lake, "basket_by_quarter", decision=approval("basket_by_quarter"))
    assert compose(lake, approved=False).state == "wartet auf Freigabe"


def test_a_composite_reads_only_its_approved_parents(lake: DuckDBPyConnection) -> None:
    with pytest.raises(GateError, match="aus der Definition"):
        compose(lake, (*PARENTS, "members"))


def test_a_composite_cannot_show_a_value_beside_a_suppression(lake: DuckDBPyConnection) -> None:
    def lie(released: Mapping[str, list[Row]]) -> list[Row]:
        return [{**r, "value": 1.0} for r in components(released)]

    fill_baskets(lake)
    run(lake, "basket_by_quarter", decision=approval("basket_by_quarter"))
    with pytest.raises(GateError, match="widersprechen sich"):
        write_composite(
            lake,
            DEFINITIONS["vitality_component"],
            lie,
            PARENTS,
            rules=RULES,
            approval=approval("vitality_component"),
            as_of=AS_OF,
            snapshot=1,
        )


ME, OTHER = "a" * 32, "b" * 32


def letter(
    member: str | None = ME, text: str = "Danke", basket: str | None = None, year: str = "2025-26"
) -> pa.Table:
    schema = pa.schema(
        [
            ("member_id", pa.string()),
            ("fiscal_year", pa.string()),
            ("text", pa.string()),
            ("town_basket_eur", pa.decimal128(18, 2)),
        ]
    )
    value = None if basket is None else Decimal(basket)
    return pa.Table.from_pylist(
        [{"member_id": member, "fiscal_year": year, "text": text, "town_basket_eur": value}],
        schema=schema,
    )


def send(con: DuckDBPyConnection, frame: pa.Table) -> bool:
    return write_papers(
        con,
        "letter",
        frame,
        scope={"fiscal_year": "2025-26"},
        comparisons={"town_basket_eur": ("basket_by_quarter", "mean_basket_eur")},
    )


def test_papers_of_one_year_leave_other_years_alone(lake: DuckDBPyConnection) -> None:
    lake.execute("INSERT INTO lake.papers.letter VALUES (?, '2024-25', 'alt', NULL)", [ME])
    assert send(lake, letter())
    assert not send(lake, letter())
    assert lake.execute("SELECT count(*) FROM lake.papers.letter").fetchone() == (2,)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (letter(member=None), "genau ein Mitglied je Zeile"),
        (letter(member="Bäckerei Müller"), "genau ein Mitglied je Zeile"),
        (letter(text=f"wie {OTHER}"), "Kennung eines anderen"),
        (letter(year="2024-25"), "nur Zeilen dieses Umfangs"),
        (letter(basket="12.34"), "nur veröffentlichte Vergleiche"),
        (letter().drop_columns(["text"]), "Papier und Migration angleichen"),
    ],
    ids=["nobody", "name", "other", "year", "comparison", "columns"],
)
def test_papers_that_show_more_than_ones_own_are_refused(
    lake: DuckDBPyConnection, frame: pa.Table, message: str
) -> None:
    with pytest.raises(GateError, match=message):
        send(lake, frame)


def test_a_released_comparison_may_stand_on_a_paper(lake: DuckDBPyConnection) -> None:
    fill_baskets(lake)
    run(lake, "basket_by_quarter", decision=approval("basket_by_quarter"))
    town = lake.execute(
        "SELECT mean_basket_eur FROM lake.release.basket_by_quarter WHERE quarter_id = 'ALLE'"
    ).fetchone()
    assert town is not None
    assert send(lake, letter(basket=str(town[0])))


def test_provenance_stays_until_a_figure_or_its_ground_changes(lake: DuckDBPyConnection) -> None:
    fill_baskets(lake)
    decision = approval("basket_by_quarter")
    report = run(lake, "basket_by_quarter", decision=decision)
    entry = provenance_of(
        DEFINITIONS["basket_by_quarter"],
        report,
        decision,
        source_models=["marts.ind_basket_contribution"],
        contracts={"pos_dsfinvk": "1.0.0"},
        deliveries=3,
        code_revision="abc",
    )
    assert write_provenance(lake, [entry], [report.table])
    before = snapshot_of(lake)
    assert not write_provenance(lake, [replace(entry, snapshot=9, code_revision="def")], [])
    assert snapshot_of(lake) == before
    assert write_provenance(lake, [replace(entry, snapshot=9)], [report.table])
    assert write_provenance(lake, [replace(entry, deliveries=4)], [])


def test_provenance_of_an_unreleased_table_is_refused(lake: DuckDBPyConnection) -> None:
    fill_baskets(lake)
    decision = approval("basket_by_quarter")
    entry = provenance_of(
        DEFINITIONS["basket_by_quarter"],
        run(lake, "basket_by_quarter"),
        decision,
        source_models=[],
        contracts={},
        deliveries=0,
        code_revision="abc",
    )
    with pytest.raises(GateError, match="nicht veröffentlicht"):
        write_provenance(lake, [entry], [])
