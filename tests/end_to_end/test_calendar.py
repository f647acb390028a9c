# SPDX-License-Identifier: Apache-2.0
"""Weather and events of the lake are those of the town, to the day."""

from collections import Counter
from decimal import Decimal

import pytest

from tests.end_to_end.town import Town


def test_every_event_day_is_the_truth(town: Town) -> None:
    found = town.rows(
        "SELECT day_date::VARCHAR, quarter_id, event_kind, title FROM core.fct_event_day"
    )
    planted = [
        (row["day_date"], row["quarter_id"], row["event_kind"], row["title"])
        for row in town.truth["events"]["days"]
    ]
    assert Counter(found) == Counter(planted)


def test_events_of_a_month_are_counted_as_planted(town: Town) -> None:
    found = town.rows(
        "SELECT business_month::VARCHAR, event_count FROM marts.ind_event_frequency "
        "WHERE quarter_id = 'ALLE'"
    )
    events = {
        (row["day_date"][:7] + "-01", row["uid"], row["occurrence"])
        for row in town.truth["events"]["days"]
        if row["event_kind"] != "baustelle"
    }
    planted = Counter(month for month, _, _ in events)
    assert dict(found) == {month: planted[month] for month, _ in found}
    assert len(found) == 13


@pytest.mark.parametrize(
    ("kind", "section"), [("beobachtet", "observed"), ("vorhersage", "forecast")]
)
def test_weather_of_each_day_is_the_truth(town: Town, kind: str, section: str) -> None:
    found = town.records(
        f"SELECT * FROM core.fct_weather_day WHERE weather_kind = '{kind}' ORDER BY ALL"
    )
    planted = {
        (row.get("issued_date"), row["day_date"]): row for row in town.truth["weather"][section]
    }
    assert len(found) == len(planted)
    for row in found:
        issued = row["issued_date"].isoformat() if row["issued_date"] else None
        truth = planted[issued, row["day_date"].isoformat()]
        assert row["temperature_max_c"] == Decimal(str(truth["temperature_max_c"]))
        assert row["precipitation_mm"] == Decimal(str(truth["precipitation_mm"]))
        assert row["sunshine_minutes"] == truth["sunshine_minutes"]
        assert row["observed_hours"] == truth["observed_hours"]
        mean = float(row["temperature_mean_c"])
        assert mean == pytest.approx(truth["temperature_mean_c"], abs=0.006)
