# SPDX-License-Identifier: Apache-2.0
"""Contract rules find what breaks them, row by row. What happens to a bad row belongs to ingestion."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.contracts import ContractField, ContractObject, SqlRule
from foundation.errors import ContractError
from foundation.lakehouse import engine
from quality.rules import EXAMPLES_PER_RULE, check, violations
from quality.types import Dialect, typed_expression, typed_select

BERLIN = ZoneInfo("Europe/Berlin")


def field(name: str, kind: str = "VARCHAR", **changes: object) -> ContractField:
    values: dict[str, object] = {
        "name": name,
        "source": name.upper(),
        "logical_type": "string",
        "physical_type": kind,
        "required": False,
        "unique": False,
        "classification": "internal",
        "handling": "keep",
        "pseudonym_domain": None,
        "minimum": None,
        "maximum": None,
        "pattern": None,
        "example": None,
        "valid_values": (),
        "severity": "block",
        "description": "Feld",
    }
    return ContractField(**(values | changes))  # type: ignore[arg-type]


def table(**columns: Sequence[str | None]) -> pa.Table:
    rows = len(next(iter(columns.values())))
    return pa.table(
        {name: pa.array(values, pa.string()) for name, values in columns.items()}
        | {"_landing_sha256": ["lieferung"] * rows, "_row_number": list(range(2, rows + 2))}
    )


def found(obj: ContractObject, data: pa.Table) -> list[tuple[str, str | None, int]]:
    with engine() as con:
        con.register("v", data)
        return [(v.rule, v.field, v.row_number) for v in violations(con, obj, "v", {obj.name: "v"})]


def one(f: ContractField, *rules: SqlRule) -> ContractObject:
    return ContractObject("t", "t.csv", "Tabelle", (f,), rules)


def typed(kind: str, text: str | None, dialect: Dialect | None = None) -> object:
    with engine() as con:
        con.register("v", table(a=[text]))
        expression = typed_expression(field("a", kind), dialect or Dialect())
        row = con.execute(f"SELECT {expression} FROM v").fetchone()
        assert row is not None
        return row[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,50", Decimal("1234.50000")),
        ("-0,01", Decimal("-0.01000")),
        ("+7", Decimal("7.00000")),
        ("12.34", None),
        ("1.23,4", None),
        ("1,234.50", None),
        ("zwölf", None),
        ("", None),
        ("1e3", None),
    ],
)
def test_german_money_is_read_exactly_or_not_at_all(text: str, value: Decimal | None) -> None:
    assert typed("DECIMAL(18,5)", text) == value


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
@settings(max_examples=60, deadline=None)
def test_every_amount_survives_the_way_through_german_text(amount: Decimal) -> None:
    text = f"{amount:,.2f}".replace(",", "~").replace(".", ",").replace("~", ".")
    assert typed("DECIMAL(18,2)", text) == amount


@pytest.mark.parametrize(
    ("text", "value"), [("1.000", 1000), ("12,00", 12), ("12,5", None), ("-3", -3), ("1.00", None)]
)
def test_a_whole_number_is_whole(text: str, value: int | None) -> None:
    assert typed("BIGINT", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-10-25T02:30:00+02:00", datetime(2026, 10, 25, 0, 30, tzinfo=ZoneInfo("UTC"))),
        ("2020-05-06 00:00:00 +0200", datetime(2020, 5, 5, 22, tzinfo=ZoneInfo("UTC"))),
        ("2026-07-01T12:00:00", datetime(2026, 7, 1, 12, tzinfo=BERLIN)),
        ("2026-01-01", None),
        ("gestern", None),
    ],
)
def test_an_instant_without_offset_is_local(text: str, value: datetime | None) -> None:
    assert typed("TIMESTAMPTZ", text) == value


def test_a_format_of_the_contract_is_kept_to() -> None:
    american = Dialect(decimal=".", grouping=",", date_format="%m/%d/%Y %H:%M")
    read = typed("TIMESTAMP", "12/1/2010 13:04", american)
    assert isinstance(read, datetime)
    assert read.isoformat() == "2010-12-01T13:04:00"
    assert typed("DATE", "05.11.2026", Dialect(date_format="%d.%m.%Y")) == date(2026, 11, 5)


@pytest.mark.parametrize(
    ("text", "value"), [("J", True), ("0", False), ("nein", False), ("x", None)]
)
def test_yes_and_no_are_read_in_german(text: str, value: bool | None) -> None:
    assert typed("BOOLEAN", text) is value


def test_a_dropped_field_is_not_typed() -> None:
    obj = ContractObject("t", "t", "T", (field("a"), field("geheim", handling="drop")), ())
    assert "geheim" not in typed_select(obj, "v")


def test_a_missing_required_value_is_found() -> None:
    assert found(one(field("a", required=True)), table(a=["x", "", None])) == [
        ("pflichtfeld", "A", 3),
        ("pflichtfeld", "A", 4),
    ]


def test_a_wrong_type_is_found() -> None:
    assert found(one(field("a", "DATE")), table(a=["2026-02-28", "2026-02-30"])) == [
        ("typ", "A", 3)
    ]


def test_a_value_out_of_range_is_found() -> None:
    f = field("a", "BIGINT", minimum="0", maximum="100")
    assert found(one(f), table(a=["-1", "0", "100", "101"])) == [
        ("bereich", "A", 2),
        ("bereich", "A", 5),
    ]


@pytest.mark.parametrize(
    ("kind", "bound", "words"),
    [
        ("DECIMAL(18,3)", "0.001", "mindestens 0,001"),
        ("BIGINT", "60000", "mindestens 60.000"),
        ("DATE", "2000-01-01", "mindestens 01.01.2000"),
        ("TIMESTAMP", "2000-01-01T00:00:00", "mindestens 01.01.2000"),
    ],
)
def test_a_bound_is_told_in_german(kind: str, bound: str, words: str) -> None:
    low = {"DATE": "1999-12-31", "TIMESTAMP": "1999-12-31T10:00:00"}.get(kind, "0")
    obj = one(field("a", kind, minimum=bound))
    with engine() as con:
        con.register("v", table(a=[low]))
        (violation,) = violations(con, obj, "v", {obj.name: "v"})
    assert violation.expected == words


def test_an_unknown_value_is_found() -> None:
    assert found(
        one(field("a", valid_values=("ja", "nein"))), table(a=["ja", "vielleicht", None])
    ) == [("werteliste", "A", 3)]


def test_a_value_of_another_form_is_found_and_a_right_one_shown() -> None:
    obj = one(field("a", pattern="[A-Z]{3}-\\d+", example="ALT-02"))
    with engine() as con:
        con.register("v", table(a=["ALT-01", "alt-1"]))
        (violation,) = violations(con, obj, "v", {obj.name: "v"})
    assert (violation.rule, violation.field, violation.row_number) == ("muster", "A", 3)
    assert violation.expected == "eine Angabe der Form „ALT-02“"


def test_a_repeated_key_is_found_but_its_first() -> None:
    assert found(one(field("a", unique=True)), table(a=["1", "2", "1"])) == [("eindeutig", "A", 4)]


def test_a_rule_of_the_contract_is_applied_to_typed_values() -> None:
    rule = SqlRule("netto_unter_brutto", "netto > brutto", "Netto höchstens brutto", "block")
    obj = ContractObject(
        "t", "t", "T", (field("netto", "DECIMAL(18,2)"), field("brutto", "DECIMAL(18,2)")), (rule,)
    )
    assert found(obj, table(netto=["9,00", "10,00"], brutto=["10,00", "9,00"])) == [
        ("netto_unter_brutto", None, 3)
    ]


def test_a_rule_may_name_another_table_of_the_delivery() -> None:
    rule = SqlRule("summe", "a <> (SELECT sum(b) FROM {other})", "Summe", "block")
    head = ContractObject("head", "h", "H", (field("a", "BIGINT"),), (rule,))
    other = ContractObject("other", "o", "O", (field("b", "BIGINT"),), ())
    with engine() as con:
        con.register("h", table(a=["3"]))
        con.register("o", table(b=["1", "1"]))
        views = {"head": "h", "other": "o"}
        check(con, other, "o", views)
        assert [v.rule for v in violations(con, head, "h", views)] == ["summe"]


def test_a_rule_that_names_an_absent_table_blames_the_contract() -> None:
    rule = SqlRule("summe", "a IN (SELECT b FROM {fehlt})", "Summe", "block")
    with engine() as con:
        con.register("v", table(a=["3"]))
        with pytest.raises(
            ContractError, match="Tabelle „fehlt“, die es in der Lieferung nicht gibt"
        ):
            violations(con, one(field("a", "BIGINT"), rule), "v", {"t": "v"})


def test_a_personal_value_is_not_shown() -> None:
    f = field("a", "DATE", classification="personal", handling="pseudonym", pseudonym_domain="x")
    with engine() as con:
        con.register("v", table(a=["Erika Mustermann"]))
        (seen,) = violations(con, one(f), "v", {"t": "v"})
    assert "Erika" not in seen.found
    assert "16 Zeichen" in seen.found


def test_examples_are_bounded_and_counts_are_not() -> None:
    with engine() as con:
        con.register("v", table(a=["x"] * 500))
        report = check(con, one(field("a", "BIGINT")), "v", {"t": "v"})
    assert len(report.violations) == EXAMPLES_PER_RULE
    assert report.counts == {("lieferung", "typ"): 500}
