# SPDX-License-Identifier: Apache-2.0
"""Calendar files: what is read, what is refused, with which words."""

from datetime import date

import pytest

from foundation.errors import BadDelivery
from tests.ingestion.sensors.judging import broken_rules, parse, period, shipped

CONTRACT = shipped("events_ical")
TABLE = "events_occurrences"
MADE = "DTSTAMP:20260101T060000Z"


def event(*lines: str, uid: str = "a", title: str = "Fest", category: str = "Fest") -> list[str]:
    head = [f"UID:{uid}", MADE, f"SUMMARY:{title}", f"CATEGORIES:{category}"]
    return ["BEGIN:VEVENT", *head, *lines, "END:VEVENT"]


def calendar(*events: list[str]) -> bytes:
    lines = [line for part in events for line in part]
    text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR"])
    return (text + "\r\n").encode()


def days(data: bytes) -> list[tuple[str, str]]:
    rows = parse(CONTRACT, "a.ics", data).tables[TABLE].to_pylist()
    return [(row["first_date"], row["last_date"]) for row in rows]


ALL_DAY = event("DTSTART;VALUE=DATE:20260905", "DTEND;VALUE=DATE:20260907")


def test_a_festival_of_two_days_passes_the_contract() -> None:
    assert broken_rules(CONTRACT, parse(CONTRACT, "a.ics", calendar(ALL_DAY))) == []
    assert days(calendar(ALL_DAY)) == [("2026-09-05", "2026-09-06")]


def test_a_whole_day_without_an_end_is_one_day() -> None:
    assert days(calendar(event("DTSTART;VALUE=DATE:20260905"))) == [("2026-09-05", "2026-09-05")]


def test_a_time_in_utc_is_a_local_day_across_the_clock_change() -> None:
    entry = event("DTSTART:20261024T223000Z", "DTEND:20261025T013000Z")
    assert days(calendar(entry)) == [("2026-10-25", "2026-10-25")]


def test_what_ends_before_six_in_the_morning_belongs_to_the_evening() -> None:
    entry = event("DTSTART;TZID=Europe/Berlin:20260711T190000", "DURATION:PT6H")
    assert days(calendar(entry)) == [("2026-07-11", "2026-07-11")]


def test_a_weekly_market_leaves_its_holiday_out() -> None:
    entry = event(
        "DTSTART;TZID=Europe/Berlin:20260318T080000",
        "DTEND;TZID=Europe/Berlin:20260318T130000",
        "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=4",
        "EXDATE;TZID=Europe/Berlin:20260325T080000",
        category="Wochenmarkt",
    )
    assert [first for first, _ in days(calendar(entry))] == [
        "2026-03-18",
        "2026-04-01",
        "2026-04-08",
    ]


def test_a_market_keeps_its_hour_when_the_clocks_change() -> None:
    entry = event("DTSTART;TZID=Europe/Berlin:20260328T080000", "RRULE:FREQ=DAILY;COUNT=2")
    rows = parse(CONTRACT, "a.ics", calendar(entry)).tables[TABLE].to_pylist()
    assert [row["starts_at"][11:16] for row in rows] == ["07:00", "06:00"]


def test_recurrence_without_an_end_stops_at_the_horizon() -> None:
    entry = event("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=WEEKLY")
    assert days(calendar(entry))[-1][0] <= "2027-02-06"


def test_the_words_of_the_source_are_translated() -> None:
    entry = event("DTSTART;VALUE=DATE:20260905", category="Konzert")
    assert parse(CONTRACT, "a.ics", calendar(entry)).tables[TABLE]["category"].to_pylist() == [
        "Kultur"
    ]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (event("DTSTART;VALUE=DATE:20260905", category="Luftfahrt"), ("werteliste", "CATEGORIES")),
        (event(), ("pflichtfeld", "DTSTART")),
        (event("DTSTART;VALUE=DATE:20260905", title=""), ("pflichtfeld", "SUMMARY")),
        (event("DTSTART;VALUE=DATE:20260905", "STATUS:VIELLEICHT"), ("werteliste", "STATUS")),
        (
            event("DTSTART;VALUE=DATE:20260905", "DTEND;VALUE=DATE:20260901"),
            ("ende_nach_beginn", None),
        ),
        (
            event("DTSTART;VALUE=DATE:20260905", "DTEND;VALUE=DATE:20990901"),
            ("dauer_moeglich", None),
        ),
    ],
)
def test_a_wrong_entry_is_set_aside_and_the_other_stays(
    entry: list[str], expected: tuple[str, str | None]
) -> None:
    broken = broken_rules(CONTRACT, parse(CONTRACT, "a.ics", calendar(ALL_DAY, entry)))
    assert (*expected, 2) in broken
    assert {row for _, _, row in broken} == {2}


def test_a_file_cut_in_the_middle_is_refused_with_its_line() -> None:
    data = calendar(ALL_DAY, event("DTSTART;VALUE=DATE:20260910", uid="b"))
    with pytest.raises(BadDelivery, match=r"a\.ics“, Zeile \d+.*vorzeitiges Ende"):
        parse(CONTRACT, "a.ics", data[: len(data) * 2 // 3])


def test_a_calendar_without_entries_is_refused() -> None:
    with pytest.raises(BadDelivery, match="keinen einzigen Termin"):
        parse(CONTRACT, "a.ics", calendar())


def test_a_file_in_latin_1_is_refused_with_its_line() -> None:
    data = calendar(ALL_DAY).replace(b"SUMMARY:Fest", "SUMMARY:Märkte".encode("latin-1"))
    with pytest.raises(BadDelivery, match=r"Byte 0xe4.*UTF-8"):
        parse(CONTRACT, "a.ics", data)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(BadDelivery, match="kein einziges Zeichen.*BEGIN:VCALENDAR"):
        parse(CONTRACT, "a.ics", b"")


def test_an_entry_is_found_by_its_uid() -> None:
    parsed = parse(CONTRACT, "a.ics", calendar(ALL_DAY))
    (places,) = parsed.places.values()
    (uid,) = parsed.tables["events_occurrences"]["uid"].to_pylist()
    assert list(places) == [f"a.ics, Termin {uid}"]


def test_the_period_reaches_into_the_days_to_come() -> None:
    assert period(CONTRACT, "a.ics", calendar(ALL_DAY)) == (date(2026, 9, 5), date(2026, 9, 6))


@pytest.mark.parametrize(
    ("start", "rule"),
    [
        ("20260101T080000", "FREQ=SECONDLY"),
        ("20260101T080000", "FREQ=DAILY;INTERVAL=0"),
        ("20260101T080000", "FREQ=MINUTELY;INTERVAL=5"),
        ("20260101T080000", "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3"),
        ("19260101T080000", "FREQ=DAILY;UNTIL=20260101T000000"),
    ],
)
def test_a_rule_that_nobody_could_write_out_is_refused_by_name(start: str, rule: str) -> None:
    entry = event(f"DTSTART;TZID=Europe/Berlin:{start}", f"RRULE:{rule}", title="Dauerfest")
    with pytest.raises(BadDelivery, match="RRULE") as caught:
        period(CONTRACT, "a.ics", calendar(entry))
    (finding,) = caught.value.findings
    assert (finding.rule, finding.field) == ("wiederholung_zu_dicht", "RRULE")
    assert "Dauerfest" in finding.found


MOON = event("DTSTART;TZID=Mond:20260905T230000", uid="mond")


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        (["DTSTART;TZID=Mond:20260905T230000"], "DTSTART"),
        (["DTSTART:20260905T200000Z", "DTEND;TZID=Mond:20260905T230000"], "DTEND"),
        (
            ["DTSTART:20260905T200000Z", "RDATE;TZID=Mond:20260906T200000,20260907T200000"],
            "RDATE",
        ),
        (
            [
                "DTSTART:20260905T200000Z",
                "RRULE:FREQ=DAILY;COUNT=3",
                "EXDATE;TZID=Europe/Berlin:20260906T220000",
                "EXDATE;TZID=Mond:20260906T200000",
            ],
            "EXDATE",
        ),
    ],
)
def test_an_entry_in_a_zone_that_nobody_knows_is_left_out_alone(
    lines: list[str], field: str
) -> None:
    parsed = parse(CONTRACT, "a.ics", calendar(ALL_DAY, event(*lines, uid="mond")))
    assert parsed.tables[TABLE]["uid"].to_pylist() == ["a"]
    (finding,) = parsed.left_out
    assert (finding.rule, finding.field) == ("zeitzone_unbekannt", field)
    assert "a.ics, Termin mond" in finding.sentence()
    assert "„Mond“" in finding.sentence()


def test_a_series_with_one_occurrence_moved_to_an_unknown_zone_is_left_out_whole() -> None:
    series = event("DTSTART:20260905T200000Z", "RRULE:FREQ=DAILY;COUNT=3", uid="mond")
    moved = event("RECURRENCE-ID:20260906T200000Z", "DTSTART;TZID=Mond:20260906T210000", uid="mond")
    parsed = parse(CONTRACT, "a.ics", calendar(ALL_DAY, series, moved))
    assert parsed.tables[TABLE]["uid"].to_pylist() == ["a"]
    assert [f.rule for f in parsed.left_out] == ["zeitzone_unbekannt"]


def test_a_calendar_of_nothing_but_unknown_zones_is_refused() -> None:
    with pytest.raises(BadDelivery, match="Termin mond.*Zeitzone „Mond“"):
        period(CONTRACT, "a.ics", calendar(MOON))


def test_a_zone_that_the_calendar_explains_itself_is_known() -> None:
    zone = [
        "BEGIN:VTIMEZONE",
        "TZID:Ratszeit",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0200",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]
    data = calendar(zone, event("DTSTART;TZID=Ratszeit:20260905T100000"))
    parsed = parse(CONTRACT, "a.ics", data)
    assert parsed.left_out == ()
    assert parsed.tables[TABLE]["starts_at"].to_pylist() == ["2026-09-05T08:00:00+00:00"]


def test_a_zone_that_is_a_folder_of_zones_refuses_its_file_and_stops_nothing_else() -> None:
    with pytest.raises(BadDelivery, match="gefunden eine Zeitzone \\(TZID\\), die keine ist"):
        period(CONTRACT, "a.ics", calendar(event("DTSTART;TZID=Europe:20260905T230000")))


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("SEQUENCE:", "SEQUENCE"),
        ("DTSTAMP:gestern", "DTSTAMP"),
        ("RRULE:FREQ=DAILY;UNTIL=bald", "RRULE"),
        ("RRULE:taeglich", "RRULE"),
        ("DTEND;VALUE=DATE:20261305", "DTEND"),
        ("EXDATE:gestern", "EXDATE"),
    ],
)
def test_an_entry_that_cannot_be_read_is_left_out_alone(line: str, field: str) -> None:
    entry = event("DTSTART;VALUE=DATE:20260905", line, uid="kaputt")
    if line.startswith("DTSTAMP"):
        entry.remove(MADE)
    parsed = parse(CONTRACT, "a.ics", calendar(ALL_DAY, entry))
    assert parsed.tables[TABLE]["uid"].to_pylist() == ["a"]
    (finding,) = parsed.left_out
    assert (finding.file, finding.field) == ("a.ics, Termin kaputt", field)
    assert finding.rule == "termin_unlesbar"


WEEKLY = event(
    "DTSTART:20260401T080000Z", "DTEND:20260401T110000Z", "RRULE:FREQ=WEEKLY;COUNT=5", uid="markt"
)
CANCELLED = event(
    "RECURRENCE-ID:20260408T080000Z", "DTSTART:20260408T080000Z", "STATUS:CANCELLED", uid="markt"
)


@pytest.mark.parametrize("entries", [(WEEKLY, CANCELLED), (CANCELLED, WEEKLY)])
def test_one_cancelled_day_cancels_no_other_wherever_it_stands(
    entries: tuple[list[str], list[str]],
) -> None:
    rows = parse(CONTRACT, "a.ics", calendar(*entries)).tables[TABLE].to_pylist()
    assert [(r["first_date"], r["event_status"]) for r in rows] == [
        ("2026-04-01", "CONFIRMED"),
        ("2026-04-08", "CANCELLED"),
        ("2026-04-15", "CONFIRMED"),
        ("2026-04-22", "CONFIRMED"),
        ("2026-04-29", "CONFIRMED"),
    ]


def touched(entry: list[str], stamp: str) -> list[str]:
    return [f"DTSTAMP:{stamp}" if line == MADE else line for line in entry]


def test_a_market_entered_years_ago_still_takes_place() -> None:
    old = event("DTSTART;VALUE=DATE:20220302", "RRULE:FREQ=WEEKLY", uid="alt")
    found = days(calendar(touched(old, "20220301T060000Z"), touched(ALL_DAY, "20261120T060000Z")))
    assert max(first for first, _ in found) == "2027-12-22"


@pytest.mark.parametrize("end", ["UNTIL=20281231", "COUNT=157"])
def test_a_series_with_an_end_is_written_out_to_it(end: str) -> None:
    entry = event("DTSTART;VALUE=DATE:20260101", f"RRULE:FREQ=WEEKLY;{end}")
    assert len(days(calendar(entry))) == 157


def test_a_festival_since_1998_is_no_endless_rule() -> None:
    entry = event("DTSTART;VALUE=DATE:19980905", "RRULE:FREQ=YEARLY")
    assert days(calendar(entry))[-1][0] == "2026-09-05"


def test_an_endless_rule_leaves_the_other_entries_of_the_calendar() -> None:
    entry = event("DTSTART:20260101T080000", "RRULE:FREQ=HOURLY", uid="stuendlich")
    parsed = parse(CONTRACT, "a.ics", calendar(entry, ALL_DAY))
    assert parsed.tables[TABLE]["uid"].to_pylist() == ["a"]
    assert [f.rule for f in parsed.left_out] == ["wiederholung_zu_dicht"]
