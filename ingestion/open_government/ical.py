# SPDX-License-Identifier: Apache-2.0
"""Calendars of events as cities and associations issue them: iCalendar (RFC 5545).

Belongs here: the entries of a file as a text table, one row per occurrence, recurring ones written
out. Does not belong here: which of two deliveries counts (dbt), where a place lies (dbt).

Times with a zone, in UTC and without either become local days of the town. What ends before six in
the morning belongs to the evening on which it began. Recurrence without an end is written out for
the option ``horizonDays`` after the file was made (DTSTAMP).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events  # type: ignore[import-untyped]

from foundation.contracts import Contract
from foundation.errors import BadDelivery, Finding
from ingestion.adapter import Parsed, refuse, utf8_bytes
from ingestion.documents import text_table

_EXPECTED = "ein Kalender von BEGIN:VCALENDAR bis END:VCALENDAR"
_NIGHT_ENDS = time(6)
Component = Any
Row = dict[str, str | None]
# What a town's calendar may repeat; a rule by the second would be written out for hours.
_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_MOST_YEARS = 20
_TIMES = ("DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID")


class IcalAdapter:
    """Reads one calendar file."""

    name = "open_government.ical"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """First and last day of its entries; days to come are among them. Raises BadDelivery."""
        rows, _ = _rows(file_name, data, contract)
        days = [str(row[name]) for row in rows for name in ("first_date", "last_date") if row[name]]
        if not days:
            raise refuse(
                file_name,
                rule="zeitpunkt_unlesbar",
                field="DTSTART",
                found="keinen einzigen lesbaren Termin",
                expected="Termine mit DTSTART",
                remedy="Kalender neu ausgeben lassen und erneut einliefern",
            )
        return date.fromisoformat(min(days)), date.fromisoformat(max(days))

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """One row per occurrence; a cancelled entry is one row. Raises BadDelivery."""
        rows, left_out = _rows(file_name, data, contract)
        obj = contract.objects[0]
        return Parsed(
            {obj.name: text_table({f.name: [row[f.name] for row in rows] for f in obj.fields})},
            left_out,
            places={obj.name: [_place(file_name, row["uid"]) for row in rows]},
        )


def _rows(file_name: str, data: bytes, contract: Contract) -> tuple[list[Row], tuple[Finding, ...]]:
    """The occurrences, and what is wrong with entries that give none."""
    calendar = _calendar(file_name, data)
    zone = ZoneInfo(str(contract.options.get("timezone", "Europe/Berlin")))
    words = {str(k): str(v) for k, v in (contract.options.get("categories") or {}).items()}
    horizon = timedelta(days=int(contract.options.get("horizonDays", 400)))
    events, foreign = _of_known_zones(file_name, list(calendar.walk("VEVENT")))
    if not events:
        raise BadDelivery(list(foreign))
    for event in events:
        _check_rule(file_name, event, zone)
    # A moved occurrence is an entry of its own with the same UID; the calendar speaks with the
    # highest number of either.
    sequence: dict[str, int] = defaultdict(int)
    for event in events:
        sequence[_text(event, "UID") or ""] = max(
            sequence[_text(event, "UID") or ""], int(event.get("SEQUENCE", 0))
        )
    rows = []
    for event, day_or_time in _occurrences(events, horizon, zone):
        category = _category(event)
        first, last, starts = _span(event, day_or_time, zone)
        rows.append(
            {
                "uid": _text(event, "UID"),
                "sequence": str(sequence[_text(event, "UID") or ""]),
                "event_status": (_text(event, "STATUS") or "CONFIRMED").upper(),
                "title": _text(event, "SUMMARY"),
                "category": words.get(category, category) if category else None,
                "place": _text(event, "LOCATION"),
                "block_id": _text(event, "X-ORTSKERN-BLOCK"),
                "event_class": (_text(event, "CLASS") or "PUBLIC").upper(),
                "first_date": first.isoformat() if first else None,
                "last_date": last.isoformat() if last else None,
                "starts_at": starts.astimezone(UTC).isoformat() if starts else None,
            }
        )
    return rows, foreign


def _of_known_zones(
    file_name: str, events: list[Component]
) -> tuple[list[Component], tuple[Finding, ...]]:
    """Entries whose times can be told; of the others the first time in a zone that nobody knows, by entry.

    icalendar hands out such a time without a zone: taken as the town's it would lie on a wrong hour or day. An entry with moved
    occurrences is left out whole.
    """
    unknown: dict[str | None, tuple[str, str]] = {}
    for event in events:
        for name in _TIMES:
            values = event.get(name, [])
            for value in values if isinstance(values, list) else [values]:
                zone = value.params.get("TZID")
                # A list of times has its zone once, and every time of it is without one
                known = [getattr(part, "dt", None) for part in getattr(value, "dts", [value])]
                if zone and any(isinstance(t, datetime) and t.tzinfo is None for t in known):
                    unknown.setdefault(_text(event, "UID"), (name, str(zone)))
    findings = tuple(
        Finding(
            file=_place(file_name, uid),
            row=None,
            field=name,
            found=f"die Zeitzone „{zone}“, die niemand kennt",
            expected="eine Zeitzone wie Europe/Berlin, oder eine, die der Kalender selbst erklärt (VTIMEZONE)",
            remedy="Zeitzone des Termins berichtigen und den Kalender neu einliefern",
            rule="zeitzone_unbekannt",
        )
        for uid, (name, zone) in unknown.items()
    )
    return [event for event in events if _text(event, "UID") not in unknown], findings


def _place(file_name: str, uid: str | None) -> str:
    return f"{file_name}, Termin {uid or 'ohne UID'}"


def _calendar(file_name: str, data: bytes) -> Component:
    if not data.strip():
        raise _refusal(file_name, "datei_leer", "kein einziges Zeichen")
    text = utf8_bytes(data, file_name).decode("utf-8")
    if "BEGIN:VCALENDAR" not in text:
        raise _refusal(file_name, "datei_unlesbar", "keinen Kalender (BEGIN:VCALENDAR fehlt)")
    lines = text.rstrip().splitlines()
    begun = sum(line.startswith("BEGIN:") for line in lines)
    ended = sum(line.startswith("END:") for line in lines)
    if begun != ended or lines[-1] != "END:VCALENDAR":
        raise _refusal(file_name, "datei_abgeschnitten", "ein vorzeitiges Ende", len(lines))
    try:
        calendar = icalendar.Calendar.from_ical(text)
    except ValueError as error:
        raise _refusal(file_name, "datei_unlesbar", str(error).splitlines()[0]) from error
    if not calendar.walk("VEVENT"):
        raise _refusal(file_name, "datei_leer", "keinen einzigen Termin (BEGIN:VEVENT)")
    return calendar


def _check_rule(file_name: str, event: Component, zone: ZoneInfo) -> None:
    """Refuse a rule that would take for ever to write out: more often than daily, or over more than twenty years."""
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        often = [str(f).upper() for f in rule.get("FREQ", [])]
        said = rule.to_ical().decode()
        clocked = [name for name in ("BYHOUR", "BYMINUTE", "BYSECOND") if name in rule]
        start, made = _start(event), event.get("DTSTAMP")
        years = 0.0
        if start and made is not None:
            years = (_as_time(made.dt, zone) - _as_time(start, zone)).days / 365.25
        steps = [int(step) for step in rule.get("INTERVAL", [1])]
        if clocked or min(steps) < 1 or not set(often) <= _FREQUENCIES or years > _MOST_YEARS:
            raise refuse(
                file_name,
                rule="wiederholung_zu_dicht",
                field="RRULE",
                found=f"„{said}“ im Termin „{_text(event, 'SUMMARY') or _text(event, 'UID')}“",
                expected=f"eine Wiederholung höchstens täglich und über höchstens {_MOST_YEARS} Jahre",
                remedy="Wiederholung im Kalender berichtigen und ihn neu einliefern",
            )


def _refusal(file_name: str, rule: str, found: str, row: int | None = None) -> Exception:
    return refuse(
        file_name,
        rule=rule,
        row=row,
        found=found,
        expected=_EXPECTED,
        remedy="Kalender neu ausgeben lassen und vollständig einliefern",
    )


def _occurrences(
    events: list[Component], horizon: timedelta, zone: ZoneInfo
) -> Iterator[tuple[Component, date | datetime | None]]:
    """Entries in the order of the file; recurring ones once per occurrence, in order of time."""
    recurring: dict[str, list[Component]] = defaultdict(list)
    for event in events:
        if any(name in event for name in ("RRULE", "RDATE", "RECURRENCE-ID")):
            recurring[str(event.get("UID"))].append(event)
    done: set[str] = set()
    for event in events:
        uid = str(event.get("UID"))
        if uid not in recurring:
            yield event, _start(event)
        elif uid not in done:
            done.add(uid)
            yield from _written_out(recurring[uid], horizon, zone)


def _written_out(
    series: list[Component], horizon: timedelta, zone: ZoneInfo
) -> Iterator[tuple[Component, date | datetime | None]]:
    starts = [_as_time(start, zone) for event in series if (start := _start(event))]
    if not starts or any(str(e.get("STATUS", "")).upper() == "CANCELLED" for e in series[:1]):
        yield series[0], _start(series[0])
        return
    made = [event.get("DTSTAMP").dt for event in series if event.get("DTSTAMP") is not None]
    last = max([_as_time(m, zone) for m in made] + starts) + horizon
    calendar = icalendar.Calendar()
    for event in series:
        calendar.add_component(event)
    found = recurring_ical_events.of(calendar).between(min(starts) - timedelta(days=1), last)
    for event in sorted(found, key=lambda e: _as_time(e.get("DTSTART").dt, zone)):
        yield event, event.get("DTSTART").dt


def _start(event: Component) -> date | datetime | None:
    value = event.get("DTSTART")
    return getattr(value, "dt", None)


def _span(
    event: Component, start: date | datetime | None, zone: ZoneInfo
) -> tuple[date | None, date | None, datetime | None]:
    """First and last local day, and the instant of the start unless it lasts whole days."""
    if start is None:
        return None, None, None
    end = getattr(event.get("DTEND"), "dt", None)
    if end is None and event.get("DURATION") is not None:
        end = start + event.get("DURATION").dt
    if not isinstance(start, datetime):
        # The end of whole days is the day after; without an end it is one day.
        last = (end - timedelta(days=1)) if end else start
        return start, last.date() if isinstance(last, datetime) else last, None
    begins = _as_time(start, zone)
    ends = _as_time(end, zone) if end else begins
    last = ends.date()
    if last > begins.date() and ends.time() < _NIGHT_ENDS:
        last -= timedelta(days=1)
    return begins.date(), last, begins


def _as_time(value: date | datetime, zone: ZoneInfo) -> datetime:
    """The local time; one without a zone is the town's."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return value.replace(tzinfo=zone) if value.tzinfo is None else value.astimezone(zone)


def _category(event: Component) -> str | None:
    value = event.get("CATEGORIES")
    if isinstance(value, list):
        value = value[0] if value else None
    names = [str(name).strip() for name in getattr(value, "cats", [])]
    return next((name for name in names if name), None)


def _text(event: Component, name: str) -> str | None:
    value = event.get(name)
    return str(value).strip() or None if value is not None else None


ADAPTER = IcalAdapter()
