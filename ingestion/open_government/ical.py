# SPDX-License-Identifier: Apache-2.0
"""Calendars of events as cities and associations issue them: iCalendar (RFC 5545).

Belongs here: the entries of a file as a text table, one row per occurrence, recurring ones written
out. Does not belong here: which of two deliveries counts (dbt), where a place lies (dbt).

Times with a zone, in UTC and without either become local days of the town. What ends before six in
the morning belongs to the evening on which it began. Recurrence without an end is written out for
the option ``horizonDays`` after the newest stamp of the file (DTSTAMP is when an entry was last
touched, RFC 5545 3.8.7.2, and an old market still takes place). An entry that cannot be read, lies
in a zone that nobody knows or repeats without measure is left out, with all of the same UID, and named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events  # type: ignore[import-untyped]
from icalendar.prop import vBroken

from foundation.contracts import Contract
from foundation.errors import BadDelivery, Finding
from ingestion.adapter import Parsed, refuse, utf8_bytes
from ingestion.documents import text_table

_EXPECTED = "ein Kalender von BEGIN:VCALENDAR bis END:VCALENDAR"
_NIGHT_ENDS = time(6)
Component = Any
Row = dict[str, str | None]
# What a town's calendar may repeat, and over how many years; a rule by the second would be written out for hours.
_MOST_YEARS = {"DAILY": 20, "WEEKLY": 20, "MONTHLY": 20, "YEARLY": 100}
_MOST_TIMES = 20 * 366
_STAMPS = ("DTSTAMP", "LAST-MODIFIED")
_TIMES = ("DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID")
_READ = (*_TIMES, *_STAMPS, "DURATION", "SEQUENCE", "RRULE")


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
    events, faults = _readable(file_name, list(calendar.walk("VEVENT")), zone)
    if not events:
        raise BadDelivery(list(faults))
    made = _newest(events, zone)
    # A moved occurrence is an entry of its own with the same UID; the calendar speaks with the
    # highest number of either.
    sequence: dict[str, int] = defaultdict(int)
    for event in events:
        sequence[_text(event, "UID") or ""] = max(
            sequence[_text(event, "UID") or ""], int(event.get("SEQUENCE", 0))
        )
    rows = []
    for event, day_or_time in _occurrences(events, made, horizon, zone):
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
    return rows, faults


def _readable(
    file_name: str, events: list[Component], zone: ZoneInfo
) -> tuple[list[Component], tuple[Finding, ...]]:
    """Entries that can be read; of the others the first fault by UID, and none of their moved occurrences."""
    made = _newest(events, zone)
    faults: dict[str | None, Finding] = {}
    for event in events:
        fault = _unreadable(event) or _unknown_zone(event) or _endless(event, made, zone)
        if fault is not None:
            uid = _text(event, "UID")
            faults.setdefault(uid, replace(fault, file=_place(file_name, uid)))
    left = [event for event in events if _text(event, "UID") not in faults]
    return left, tuple(faults.values())


def _fault(rule: str, field: str, found: str, expected: str) -> Finding:
    remedy = "Termin im Kalender berichtigen und den Kalender neu einliefern"
    return Finding("", None, field, found, expected, remedy, rule)


def _unreadable(event: Component) -> Finding | None:
    for name in _READ:
        if any(isinstance(value, vBroken) for value in _values(event, name)):
            found = "eine Angabe, die sich nicht lesen lässt"
            return _fault("termin_unlesbar", name, found, "eine Angabe nach RFC 5545")
    if not all(rule.get("FREQ") for rule in _values(event, "RRULE")):
        found = "eine Wiederholung ohne FREQ"
        return _fault("termin_unlesbar", "RRULE", found, "etwa FREQ=WEEKLY")
    return None


def _unknown_zone(event: Component) -> Finding | None:
    """icalendar hands out such a time without a zone: taken as the town's it would lie on a wrong hour or day."""
    for name in _TIMES:
        for value in _values(event, name):
            zone = value.params.get("TZID")
            # A list of times has its zone once, and every time of it is without one
            times = [getattr(part, "dt", None) for part in getattr(value, "dts", [value])]
            if zone and any(isinstance(t, datetime) and t.tzinfo is None for t in times):
                return _fault(
                    "zeitzone_unbekannt",
                    name,
                    f"die Zeitzone „{zone}“, die niemand kennt",
                    "eine Zeitzone wie Europe/Berlin, oder eine, die der Kalender selbst erklärt (VTIMEZONE)",
                )
    return None


def _endless(event: Component, made: datetime | None, zone: ZoneInfo) -> Finding | None:
    """A rule that would take for ever to write out: more often than daily, or over too many years."""
    for rule in _values(event, "RRULE"):
        often = {str(name).upper() for name in rule["FREQ"]}
        clocked = [name for name in ("BYHOUR", "BYMINUTE", "BYSECOND") if name in rule]
        steps = [int(step) for step in rule.get("INTERVAL", [1])]
        times = [int(count) for count in rule.get("COUNT", [1])]
        ends = [_as_time(end, zone) for end in rule.get("UNTIL", [])]
        last = max(ends, default=None if "COUNT" in rule else made)
        start = _start(event)
        years = (last - _as_time(start, zone)).days / 365.25 if start and last else 0.0
        most = min(_MOST_YEARS.get(name, 0) for name in often)
        if clocked or min(steps) < 1 or max(times) > _MOST_TIMES or most == 0 or years > most:
            title = _text(event, "SUMMARY") or _text(event, "UID")
            return _fault(
                "wiederholung_zu_dicht",
                "RRULE",
                f"„{rule.to_ical().decode()}“ im Termin „{title}“",
                f"eine Wiederholung höchstens täglich und über höchstens {_MOST_YEARS['DAILY']} Jahre, "
                f"jährlich über {_MOST_YEARS['YEARLY']}",
            )
    return None


def _values(event: Component, name: str) -> list[Any]:
    value = event.get(name, [])
    return value if isinstance(value, list) else [value]


def _newest(events: Iterable[Component], zone: ZoneInfo) -> datetime | None:
    """The newest stamp of the file; one that cannot be read is none."""
    found = [v for e in events for name in _STAMPS for v in _values(e, name)]
    return max((_as_time(v.dt, zone) for v in found if not isinstance(v, vBroken)), default=None)


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
    except OSError as error:
        # zoneinfo looks for a file of that name; a folder ("Europe") or an endless name is none
        found = "eine Zeitzone (TZID), die keine ist"
        raise _refusal(file_name, "zeitzone_unbekannt", found) from error
    except ValueError as error:
        raise _refusal(file_name, "datei_unlesbar", str(error).splitlines()[0]) from error
    if not calendar.walk("VEVENT"):
        raise _refusal(file_name, "datei_leer", "keinen einzigen Termin (BEGIN:VEVENT)")
    return calendar


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
    events: list[Component], made: datetime | None, horizon: timedelta, zone: ZoneInfo
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
            yield from _written_out(recurring[uid], made, horizon, zone)


def _written_out(
    series: list[Component], made: datetime | None, horizon: timedelta, zone: ZoneInfo
) -> Iterator[tuple[Component, date | datetime | None]]:
    starts = [_as_time(start, zone) for event in series if (start := _start(event))]
    # The entry of the series itself, wherever it stands; the others are single occurrences, moved or cancelled.
    heads = [event for event in series if "RECURRENCE-ID" not in event]
    if not starts or any(str(e.get("STATUS", "")).upper() == "CANCELLED" for e in heads):
        head = (heads or series)[0]
        yield head, _start(head)
        return
    last = max([made or starts[0], *starts]) + horizon
    rules = [rule for event in heads for rule in _values(event, "RRULE")]
    if rules and all("UNTIL" in rule or "COUNT" in rule for rule in rules):
        # It ends by itself, however long after the file was made
        last = max(last, min(starts) + timedelta(days=366 * max(_MOST_YEARS.values())))
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
