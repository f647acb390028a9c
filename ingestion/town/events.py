# SPDX-License-Identifier: Apache-2.0
"""The town's calendar of events as its marketing office issues it: iCalendar files.

Belongs here: what takes place when, how it stands in a file, and what changes from one file to the
next. Does not belong here: what events do to shops (``rhythm``, ``conditions``).

The truth is counted from the plan by hand, week by week; nothing here expands a rule of recurrence.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from ingestion.town.delivered import Delivered
from ingestion.town.inputs import Town
from ingestion.town.rhythm import is_holiday

FOLDER = "events_ical"
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KINDS = {"Konzert": "kultur", "Kultur": "kultur", "Sport": "sport", "Baustelle": "baustelle"}
_KINDS |= {"Fest": "fest", "Wochenmarkt": "markt", "Weihnachtsmarkt": "markt"}
Row = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One VEVENT: its days (for the truth) and its lines of time (for the file)."""

    uid: str
    title: str
    category: str
    quarter_id: str | None
    block_id: str | None
    occurrences: tuple[tuple[date, ...], ...]
    times: tuple[str, ...]
    known_from: date
    sequence: int = 0
    is_cancelled: bool = False


def deliver_events(town: Town, inbox: Path) -> Delivered:
    """Writes the calendar files into the inbox and says what takes place on which day."""
    issues = [day for day in town.plan["events"]["issues"] if day <= town.until]
    paths = []
    for issued in issues:
        path = f"{FOLDER}/stadtkalender_{issued}.ics"
        _write(inbox / path, town, _known_on(town, issued), issued)
        paths.append(path)
    bad = _bad_files(town, inbox)
    paths += [row["path"] for row in bad]
    final = [entry for entry in _known_on(town, issues[-1]) if not entry.is_cancelled]
    days = [row for entry in final for row in _days_of(entry)]
    cancelled = [entry.uid for entry in _known_on(town, issues[-1]) if entry.is_cancelled]
    return Delivered(paths, {"days": days, "cancelled": cancelled}, bad)


def _known_on(town: Town, issued: date) -> list[Entry]:
    """The calendar as it stands on a day: changes that are known by then replace what was there."""
    plan = town.plan["events"]
    entries = [*_markets(town), _festival(town), *_road_works(town)]
    planned = {row["uid"]: row for row in plan["events"]}
    changes = {c["uid"]: c for c in plan["changes"] if c["from"] <= issued}
    for uid, row in planned.items():
        change = changes.get(uid, {})
        entry = _single(town, {**row, **{k: v for k, v in change.items() if k == "day"}})
        entries.append(
            replace(
                entry, sequence=int(bool(change)), is_cancelled=bool(change.get("cancelled", False))
            )
        )
    return [entry for entry in entries if entry.known_from <= issued]


def _markets(town: Town) -> list[Entry]:
    plan = town.plan["events"]
    first, last = plan["issues"][0], plan["markets_until"]
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    found = []
    for market in plan["markets"]:
        of_week = [day for day in days if day.weekday() == market["weekday"]]
        off = [day for day in of_week if is_holiday(town, day)]
        times = [
            _local("DTSTART", of_week[0], market["start"]),
            _local("DTEND", of_week[0], market["end"]),
            f"RRULE:FREQ=WEEKLY;BYDAY={_WEEKDAYS[market['weekday']]};UNTIL={last:%Y%m%d}T225959Z",
            *(_local("EXDATE", day, market["start"]) for day in off),
        ]
        held = tuple((day,) for day in of_week if day not in off)
        found.append(_entry(town, {**market, "category": "Wochenmarkt"}, held, times))
    return found


def _festival(town: Town) -> Entry:
    plan = town.plan["festival"]
    row = {"uid": "stadtfest-2026", "title": plan["name"], "category": "Fest"}
    return _whole_days(town, row, min(plan["days"]), max(plan["days"]))


def _road_works(town: Town) -> list[Entry]:
    found = []
    for works in town.plan["conditions"]["road_works"]:
        for block in works["blocks"]:
            row = {"uid": works["id"], "title": works["title"], "category": "Baustelle"}
            row["block"] = block
            entry = _whole_days(town, row, works["first_day"], works["last_day"])
            # Road works are announced about four weeks ahead.
            found.append(replace(entry, known_from=works["first_day"] - timedelta(days=28)))
    return found


def _single(town: Town, row: Row) -> Entry:
    if "utc_start" in row:
        start, end = row["utc_start"], row["utc_end"]
        times = [f"DTSTART:{start:%Y%m%dT%H%M%S}Z", f"DTEND:{end:%Y%m%dT%H%M%S}Z"]
        # Two hours ahead of UTC, until three in the morning of the last Sunday of October.
        return _entry(town, row, (((start + timedelta(hours=2)).date(),),), times)
    if "start" not in row:
        return _whole_days(
            town, row, row["day"], row["last_day"] if "last_day" in row else row["day"]
        )
    ends = row["day"] + timedelta(days=int(row["end"] < row["start"]))
    times = [_local("DTSTART", row["day"], row["start"]), _local("DTEND", ends, row["end"])]
    return _entry(town, row, ((row["day"],),), times)


def _whole_days(town: Town, row: Row, first: date, last: date) -> Entry:
    days = tuple(first + timedelta(days=i) for i in range((last - first).days + 1))
    end = last + timedelta(days=1)
    times = [f"DTSTART;VALUE=DATE:{first:%Y%m%d}", f"DTEND;VALUE=DATE:{end:%Y%m%d}"]
    return _entry(town, row, (days,), times)


def _entry(
    town: Town, row: Row, occurrences: tuple[tuple[date, ...], ...], times: list[str]
) -> Entry:
    block = row.get("block")
    quarter = block[:3] if block else row.get("quarter")
    return Entry(
        uid=f"{row['uid']}@musterstadt.example",
        title=row["title"],
        category=row["category"],
        quarter_id=quarter,
        block_id=block,
        occurrences=occurrences,
        times=tuple(times),
        known_from=town.plan["events"]["issues"][0],
    )


def _local(name: str, day: date, clock: str) -> str:
    at = datetime.fromisoformat(f"{day}T{clock}:00")
    return f"{name};TZID=Europe/Berlin:{at:%Y%m%dT%H%M%S}"


def _days_of(entry: Entry) -> list[Row]:
    return [
        {
            "uid": entry.uid,
            "occurrence": days[0].isoformat(),
            "day_date": day.isoformat(),
            "quarter_id": entry.quarter_id,
            "block_id": entry.block_id,
            "event_kind": _KINDS[entry.category],
            "title": entry.title,
        }
        for days in entry.occurrences
        for day in days
    ]


def _write(path: Path, town: Town, entries: list[Entry], issued: date) -> None:
    names = {b["block_id"]: b["name"] for b in town.blocks}
    names |= {q["quarter_id"]: q["name"] for q in town.quarters}
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Stadtmarketing Musterstadt//Kalender//DE"]
    for entry in entries:
        place = entry.block_id or entry.quarter_id
        lines += ["BEGIN:VEVENT", f"UID:{entry.uid}", f"DTSTAMP:{issued:%Y%m%d}T060000Z"]
        lines += [f"SEQUENCE:{entry.sequence}", f"SUMMARY:{entry.title}"]
        lines += [f"CATEGORIES:{entry.category}", *entry.times]
        # The marketing office writes names of quarters; the office for road works adds the block.
        lines += [f"LOCATION:{names[place]}"] if place else []
        lines += [f"X-ORTSKERN-BLOCK:{entry.block_id}"] if entry.category == "Baustelle" else []
        lines += [f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}", "END:VEVENT"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(("\r\n".join([*lines, "END:VCALENDAR"]) + "\r\n").encode())


def _bad_files(town: Town, inbox: Path) -> list[Row]:
    """A file cut in the middle, and one with an entry of a category that nobody agreed on."""
    bad: list[Row] = []
    for plant in town.plants_of("event_truncated", "event_unknown_category"):
        path = f"{FOLDER}/stadtkalender_{plant['period']}.ics"
        row: Row = {"plant_id": plant["id"], "contract_id": FOLDER, "path": path}
        row |= {"reason": plant["kind"], "unit": "delivery"}
        entries = _known_on(town, plant["period"])
        if plant["kind"] == "event_unknown_category":
            strange = {"uid": "flugtag", "title": "Flugtag", "category": "Luftfahrt"}
            entries = [_whole_days(town, strange, plant["period"], plant["period"])]
            row |= {"unit": "row", "row": 1}
        _write(inbox / path, town, entries, plant["period"])
        if plant["kind"] == "event_truncated":
            data = (inbox / path).read_bytes()
            (inbox / path).write_bytes(data[: len(data) // 2])
        bad.append(row)
    return bad
