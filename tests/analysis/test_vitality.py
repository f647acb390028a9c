# SPDX-License-Identifier: Apache-2.0
"""The vitality index: scores between fixed goalposts, missing parts shown, never invented."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.vitality import (
    COMPONENTS,
    HIDDEN,
    INPUT_COLUMNS,
    MISSING,
    NO_ROW,
    NO_WAVE,
    NOT_RELEASED,
    PUBLISHED,
    SUPPRESSED,
    IndexDefinition,
    components_from,
    load_index,
    sensitivity,
    vitality,
)
from foundation.errors import ConfigError, OrtskernError

PATH = Path(__file__).resolve().parents[2] / "cooperative" / "index.yaml"
MAY = date(2026, 5, 1)
VALUES = {"vacancy": 0.14, "independents": 0.63, "basket": 22.5}
# The values lie well between the goalposts.
SCORES = {
    "vacancy": Decimal("50.0000"),
    "independents": Decimal("60.0000"),
    "basket": Decimal("50.0000"),
}

EVENTS = "source: {table: event_frequency, column: events_per_quarter}"


@pytest.fixture(scope="module")
def index() -> IndexDefinition:
    return load_index(PATH)


def part(
    name: str, value: object = None, status: str = PUBLISHED, reason: object = None
) -> list[object]:
    return ["ALT", MAY, name, value, status, reason]


def frame(*rows: list[object]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=INPUT_COLUMNS, dtype=object)


def published(**values: object) -> pd.DataFrame:
    return frame(*(part(name, value) for name, value in values.items()))


def only(found: pd.DataFrame, **where: object) -> pd.Series:
    for column, value in where.items():
        found = found[found[column] == value]
    assert len(found) == 1
    return found.iloc[0]


def test_score_is_linear_between_the_goalposts(index: IndexDefinition) -> None:
    _, parts = vitality(published(**VALUES), index)
    assert {n: only(parts, component=n).score for n in SCORES} == SCORES


@pytest.mark.parametrize(("value", "score"), [(0.0, 100), (0.03, 100), (0.25, 0), (0.9, 0)])
def test_score_is_cut_off_beyond_the_goalposts(
    index: IndexDefinition, value: float, score: int
) -> None:
    _, parts = vitality(published(vacancy=value), index)
    assert only(parts, component="vacancy").score == score


def test_index_is_the_weighted_mean_of_what_is_there(index: IndexDefinition) -> None:
    found, _ = vitality(published(**VALUES), index)
    row = only(found, quarter_id="ALT")
    assert (row.index_value, row.weight_available) == (Decimal("53.3333"), Decimal("0.6000"))


def test_all_six_components_are_always_listed(index: IndexDefinition) -> None:
    found, parts = vitality(published(vacancy=0.14), index)
    assert tuple(parts.component) == COMPONENTS
    assert only(found, quarter_id="ALT").components_total == 6


def test_component_without_source_is_missing_with_its_reason(tmp_path: Path) -> None:
    text = PATH.read_text("utf-8").replace(EVENTS, "missing_reason: Noch kein Kalender")
    (tmp_path / "index.yaml").write_text(text, "utf-8")
    _, parts = vitality(published(vacancy=0.14), load_index(tmp_path / "index.yaml"))
    events = only(parts, component="events")
    assert (events.status, events.reason) == (MISSING, "Noch kein Kalender")
    assert events.value is None
    assert events.score is None


def test_suppressed_basket_is_left_out_and_says_so(index: IndexDefinition) -> None:
    rows = frame(
        part("vacancy", 0.14), part("independents", 0.63), part("basket", None, SUPPRESSED)
    )
    found, parts = vitality(rows, index)
    basket, row = only(parts, component="basket"), only(found, quarter_id="ALT")
    assert (basket.status, basket.reason, basket.score) == (SUPPRESSED, HIDDEN, None)
    assert (row.index_value, row.components_available) == (Decimal("55.0000"), 2)
    assert "Mittlerer Einkauf" in row.reason


def test_index_is_missing_below_the_minimum_weight(index: IndexDefinition) -> None:
    found, _ = vitality(published(vacancy=0.14), index)
    row = only(found, quarter_id="ALT")
    assert (row.index_value, row.status) == (None, MISSING)
    assert row.weight_available == Decimal("0.2000")


def test_months_do_not_influence_each_other(index: IndexDefinition) -> None:
    rows = published(**VALUES)
    june = rows.assign(business_month=date(2026, 6, 1), value=[0.25, 0.30, 5.0])
    alone, _ = vitality(rows, index)
    both, _ = vitality(pd.concat([june, rows]), index)
    assert only(both, business_month=MAY).equals(only(alone, business_month=MAY))


def test_value_beside_a_status_that_denies_it_is_refused(index: IndexDefinition) -> None:
    with pytest.raises(OrtskernError, match="widersprechen sich"):
        vitality(frame(part("basket", 22.5, SUPPRESSED)), index)


@pytest.mark.parametrize("names", [("vacancy", "vacancy"), ("weather",)])
def test_unknown_or_repeated_component_is_refused(
    index: IndexDefinition, names: tuple[str, ...]
) -> None:
    with pytest.raises(OrtskernError, match="unbekannt oder doppelt"):
        vitality(frame(*(part(name, 0.1) for name in names)), index)


def released(**tables: tuple[str, list[tuple[object, ...]]]) -> dict[str, pd.DataFrame]:
    return {
        name: pd.DataFrame(
            rows, columns=["quarter_id", "business_month", column, "status", "reason"], dtype=object
        )
        for name, (column, rows) in tables.items()
    }


def test_components_are_taken_from_released_tables(index: IndexDefinition) -> None:
    tables = released(
        vacancy=("vacancy_share", [("ALT", MAY, 0.14, PUBLISHED, None)]),
        basket_by_quarter=("mean_basket_eur", [("BAH", MAY, None, SUPPRESSED, "geschützt")]),
    )
    found = components_from(tables, index)
    assert len(found) == 12
    cases = {
        ("ALT", "vacancy"): (Decimal("0.14"), PUBLISHED, None),
        ("BAH", "vacancy"): (None, MISSING, NO_ROW),
        ("BAH", "basket"): (None, SUPPRESSED, "geschützt"),
        ("ALT", "independents"): (None, MISSING, NOT_RELEASED),
    }
    for (quarter, component), wanted in cases.items():
        row = only(found, quarter_id=quarter, component=component)
        assert (row.value, row.status, row.reason) == wanted


def walking(*counts: tuple[date, str, int | None]) -> dict[str, pd.DataFrame]:
    """Vacancy of May, so that there is a cell, beside counts of trips by wave and means of travel."""
    rows = [("ALT", wave, mode, count) for wave, mode, count in counts]
    columns = ["quarter_id", "business_month", "travel_mode", "person_count"]
    trips = pd.DataFrame(rows, columns=columns, dtype=object)
    vacancy = ("vacancy_share", [("ALT", MAY, 0.14, PUBLISHED, None)])
    return released(vacancy=vacancy) | {"panel_trips": trips}


FEBRUARY, JANUARY = date(2026, 2, 1), date(2026, 1, 1)


@pytest.mark.parametrize(
    ("counts", "wanted"),
    [
        ([(FEBRUARY, "ALLE", 80), (FEBRUARY, "zu_fuss", 28)], (Decimal("0.35"), PUBLISHED, None)),
        (
            [(FEBRUARY, "ALLE", 80), (FEBRUARY, "zu_fuss", 8), (MAY, "ALLE", 40), (MAY, "zu_fuss", 30)],
            (Decimal("0.75"), PUBLISHED, None),
        ),
        ([(FEBRUARY, "ALLE", 80), (FEBRUARY, "zu_fuss", None)], (None, SUPPRESSED, HIDDEN)),
        ([(FEBRUARY, "ALLE", None), (FEBRUARY, "zu_fuss", 28)], (None, SUPPRESSED, HIDDEN)),
        ([(JANUARY, "ALLE", 80), (JANUARY, "zu_fuss", 28)], (None, MISSING, NO_WAVE)),
    ],
    ids=["held", "newest", "part-hidden", "all-hidden", "too-old"],
)  # fmt: skip
def test_share_of_a_survey_holds_until_the_next_wave(
    index: IndexDefinition,
    counts: list[tuple[date, str, int | None]],
    wanted: tuple[Decimal | None, str, str | None],
) -> None:
    found = components_from(walking(*counts), index)
    row = only(found, business_month=MAY, component="walking_trips")
    assert (row.value, row.status, row.reason) == wanted


def test_noise_above_the_whole_is_a_share_of_one(index: IndexDefinition) -> None:
    found = components_from(walking((MAY, "ALLE", 10), (MAY, "zu_fuss", 12)), index)
    assert only(found, component="walking_trips").value == 1


def test_months_that_are_not_over_have_no_index(index: IndexDefinition) -> None:
    june = date(2026, 6, 1)
    rows = [("ALT", month, 0.14, PUBLISHED, None) for month in (MAY, june)]
    tables = released(vacancy=("vacancy_share", rows))
    assert set(components_from(tables, index, before=june).business_month) == {MAY}


def test_every_component_of_the_sample_has_a_source(index: IndexDefinition) -> None:
    assert all(component.source for component in index.components.values())


def test_nothing_released_gives_no_index(index: IndexDefinition) -> None:
    found, parts = vitality(components_from({}, index), index)
    assert (len(found), len(parts)) == (0, 0)


def test_sensitivity_spans_the_decided_and_the_equal_weights(index: IndexDefinition) -> None:
    _, parts = vitality(published(**VALUES), index)
    row = only(sensitivity(parts, index), quarter_id="ALT")
    assert row.lowest <= row.index_value <= row.highest
    assert row.equal_weights == Decimal("53.3333")
    assert row.lowest < row.highest


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ('weight: "0.10"', 'weight: "0.20"', "Gewichte ergeben"),
        ('best: "8"', 'best: "0"', "worst und best sind gleich"),
        (EVENTS, "", "entweder source oder"),
        ("  events:", "  event:", "Bestandteile"),
        ("version: 2 ", "version: [", "nicht lesbar"),
    ],
)
def test_faulty_definition_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, match: str
) -> None:
    text = PATH.read_text("utf-8")
    assert old in text
    (tmp_path / "index.yaml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ConfigError, match=match):
        load_index(tmp_path / "index.yaml")


numbers = st.decimals("-1", "60", places=4)
given_values = st.dictionaries(st.sampled_from(COMPONENTS), numbers, min_size=1)


@settings(deadline=None, max_examples=60)
@given(values=given_values)
def test_index_lies_between_its_lowest_and_highest_score(values: dict[str, Decimal]) -> None:
    found, parts = vitality(published(**values), load_index(PATH))
    scores = [score for score in parts.score if score is not None]
    assert all(0 <= score <= 100 for score in scores)
    for value in found.index_value:
        assert value is None or min(scores) <= value <= max(scores)


@settings(deadline=None, max_examples=60)
@given(
    values=given_values, name=st.sampled_from(COMPONENTS), step=st.decimals("0.01", "30", places=2)
)
def test_a_better_component_never_lowers_the_index(
    values: dict[str, Decimal], name: str, step: Decimal
) -> None:
    definition = load_index(PATH)
    component = definition.components[name]
    base = values | {name: values.get(name, component.worst)}
    better = base | {name: base[name] + (step if component.best > component.worst else -step)}
    before, after = (vitality(published(**v), definition)[0].index_value[0] for v in (base, better))
    assert before is None or after >= before


@settings(deadline=None, max_examples=40)
@given(values=given_values, seed=st.integers(0, 1000))
def test_order_of_rows_does_not_matter(values: dict[str, Decimal], seed: int) -> None:
    definition, rows = load_index(PATH), published(**values)
    shuffled = rows.sample(frac=1, random_state=seed)
    for one, other in zip(vitality(rows, definition), vitality(shuffled, definition), strict=True):
        pd.testing.assert_frame_equal(one, other)
