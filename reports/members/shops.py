# SPDX-License-Identifier: Apache-2.0
"""Pages about a member's shops: own months, the year before, what was outside, the comparison.

Belongs here: sentences, tables and charts of one shop. Does not belong here: the rest of the report.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.dates import format_date

from foundation import formats
from reports.papers.parts import Row, code, code_text, section, table

LEVELS = {"branche": "Ihre Branche", "gruppe": "Ihre Gruppe", "stadt": "die Stadt"}
NO_CONSENT = (
    "Vergleiche mit anderen stehen hier nicht, weil Sie dem Zweck „Vergleich“ nicht zugestimmt "
    "haben. Ein Anruf genügt, wenn Sie es möchten."
)
# Why nothing stands beside a month (``papers.member_month.comparison_gap``).
GAPS = {
    "unterdrückt": "Auch für die ganze Stadt waren es zu wenige Betriebe, oder einer überwog.",
    "fehlt": "Auch für die ganze Stadt liegt keine Angabe vor.",
    "nicht freigegeben": "Die Zahlen dazu sind noch nicht freigegeben.",
}
CHART_MONTHS = 13


@dataclass(frozen=True)
class Shop:
    """One shop of the member: its name, its counter's name, its months in order."""

    name: str
    sensor: str | None
    months: Sequence[Row]

    @property
    def last(self) -> Row:
        """The newest month."""
        return self.months[-1]

    @property
    def year_before_last(self) -> Row | None:
        """The month a year before the newest, whether or not the two may be compared."""
        wanted = _year_before(self.last["business_month"])
        return next((r for r in self.months if r["business_month"] == wanted), None)


def shop_sections(shop: Shop, *, has_comparison: bool, is_counted: bool) -> list[Row]:
    """What the report says about one shop; without anything to stand beside it, one section.

    ``is_counted``: whether the shop itself is in what is published of others.
    """
    own = section(
        shop.name,
        intro=f"{year_sentence(shop)} {basket_sentence(shop.last)}",
        charts=[revenue_chart(shop), *walkers_chart(shop)],
        table=_own_table(shop),
        notes=[_own_note(shop)],
    )
    beside = _beside_table(shop, has_comparison)
    if beside is None:
        return [own]
    what = "neben anderen" if has_comparison else "Passanten daneben"
    return [
        own,
        section(
            f"{shop.name}: {what}",
            intro=comparison_sentence(shop.last) if has_comparison else None,
            table=beside,
            notes=[_beside_note(shop, has_comparison, is_counted)],
        ),
    ]


def change(now: Decimal, before: Decimal) -> str:
    """ "4,5 % mehr als" the year before; without a year before that is above zero, empty."""
    if before <= 0:
        return ""
    share = (now - before) / before
    if abs(share) < Decimal("0.0005"):
        return "genauso viel wie"
    return f"{formats.percent(abs(share))} {'mehr' if share > 0 else 'weniger'} als"


def delivered_days(row: Row) -> str:
    """ "ab 20.10.2025" or "bis 12.10.2026" for a month that was delivered only in part, else empty."""
    ends = (("ab", row["delivered_from_date"]), ("bis", row["delivered_to_date"]))
    return " ".join(f"{word}\u00a0{formats.day(day)}" for word, day in ends if day is not None)


def year_sentence(shop: Shop) -> str:
    """The newest month's revenue beside the same month a year before, or why there is none beside it."""
    row = shop.last
    year_before = formats.month(_year_before(row["business_month"]))
    start = (
        f"Im {formats.month(row['business_month'])} haben Sie {formats.eur(row['revenue_eur'])} "
        "umgesetzt"
    )
    before = row["year_before_revenue_eur"]
    if before is not None and change(row["revenue_eur"], before):
        said = change(row["revenue_eur"], before)
        return f"{start}, {said} im {year_before} ({formats.eur(before)})."
    parts = [r for r in (shop.year_before_last, row) if r and delivered_days(r)]
    if not parts:
        return f"{start}; für {year_before} liegen keine Daten vor."
    if shop.year_before_last is None:
        return f"{start}; {_only_in_part(parts)}, und für {year_before} liegen keine Daten vor."
    return f"{start}; {_only_in_part(parts)}, deshalb steht hier kein Vergleich mit {year_before}."


def _only_in_part(rows: Sequence[Row]) -> str:
    named = [f"der {formats.month(r['business_month'])} ({delivered_days(r)})" for r in rows]
    return f"{' und '.join(named)} {'ist' if len(rows) == 1 else 'sind'} nur teilweise geliefert"


def basket_sentence(row: Row) -> str:
    """What a customer spends, beside the year before."""
    if row["mean_basket_eur"] is None:
        return "Einkäufe gab es in diesem Monat nicht."
    count, mean = formats.number(row["receipt_count"]), formats.eur(row["mean_basket_eur"])
    before = row["year_before_mean_basket_eur"]
    year = "" if before is None else f"; im Jahr davor waren es {formats.eur(before)}"
    return f"Das waren {count} Einkäufe zu im Mittel {mean}{year}."


def comparison_sentence(row: Row) -> str:
    """Which comparison is shown, and why not a finer one."""
    month, level = formats.month(row["business_month"]), row["comparison_level"]
    if level is None:
        why = GAPS.get(row["comparison_gap"])
        return f"Für {month} ist kein Vergleich veröffentlicht" + (f": {why}" if why else ".")
    if row["mean_basket_eur"] is None:
        return f"Für {month} steht hier kein Vergleich, weil es bei Ihnen keine Einkäufe gab."
    value = row["comparison_trade_eur"] or row["comparison_group_eur"]
    place = {
        "branche": f"in Ihrer Branche ({row['comparison_name']})",
        "gruppe": f"in der Gruppe {row['comparison_name']}",
        "stadt": "in der gesamten Stadt",
    }[level]
    why = {
        "branche": "",
        "gruppe": " Für Ihre Branche allein gibt es keine veröffentlichte Zahl; deshalb sehen Sie "
        "die Gruppe.",
        "stadt": " Für Ihre Gruppe allein wären einzelne Betriebe zu erkennen; deshalb sehen Sie "
        "die Stadt.",
    }[level]
    days = delivered_days(row)
    part = f" Bei Ihnen sind das nur die gelieferten Tage {days}." if days else ""
    return (
        f"Je Einkauf geben Kundinnen und Kunden bei Ihnen {formats.eur(row['mean_basket_eur'])} "
        f"aus, {place} sind es {formats.eur(value)} ({month}).{part}{why}"
    )


def revenue_chart(shop: Shop) -> Row:
    """Revenue by month, the newest dark, the year before as a mark."""
    months = list(shop.months)[-CHART_MONTHS:]
    values = [row["revenue_eur"] for row in months]
    marks = [row["year_before_revenue_eur"] for row in months]
    notes = []
    if any(m is not None for m in marks):
        notes.append("Der Strich zeigt denselben Monat im Jahr davor.")
    if any(map(delivered_days, months)):
        notes.append("* nur teilweise geliefert.")
    title, note = "Umsatz je Monat in Euro", " ".join(notes) or None
    return chart(title, months, values, marks, note, "Umsatz", height=24, is_own=True)


def walkers_chart(shop: Shop) -> list[Row]:
    """Pedestrians by month at the nearest counter, on the same months; none without a counter."""
    months = list(shop.months)[-CHART_MONTHS:]
    values = [row["pedestrians_per_day"] for row in months]
    if all(value is None for value in values):
        return []
    title = f"Passanten je Tag an der Zählstelle {shop.sensor}"
    return [chart(title, months, values, [None] * len(months), None, "Passanten", height=13)]


def chart(
    title: str,
    months: Sequence[Row],
    values: Sequence[Decimal | None],
    marks: Sequence[Decimal | None],
    note: str | None,
    what: str,
    *,
    height: int,
    is_own: bool = False,
) -> Row:
    """Bars in the shape of the template; what they show stands as text beside each and in `alt`.

    ``is_own``: of the shop itself, so that a month that was delivered only in part is marked.
    """
    top = max([v for v in (*values, *marks) if v is not None], default=Decimal(0)) or Decimal(1)
    shown = [formats.MISSING if v is None else formats.number(v) for v in values]
    pairs = zip(months, shown, strict=True)
    name = month_name if is_own else (lambda row: formats.month(row["business_month"]))
    listed = ", ".join(f"{name(m)}: {text}" for m, text in pairs)
    return {
        "title": title,
        "alt": f"{what} je Monat. {listed}.",
        "note": note,
        "height": height,
        "bars": [
            {
                "label": short_month(row["business_month"])
                + ("*" if is_own and delivered_days(row) else ""),
                "share": None if value is None else float(max(value, Decimal(0)) / top),
                "mark": None if mark is None else float(max(mark, Decimal(0)) / top),
                "text": text,
                "strong": index == len(months) - 1,
            }
            for index, (row, value, mark, text) in enumerate(
                zip(months, values, marks, shown, strict=True)
            )
        ],
    }


def short_month(month: dt.date) -> str:
    """ "Okt 26"."""
    return str(format_date(month, "LLL yy", locale="de_DE")).replace(".", "")


def month_name(row: Row) -> str:
    """ "Oktober 2026"; where it was delivered only in part, that stands beside it."""
    return formats.month(row["business_month"]) + (" (teilweise)" if delivered_days(row) else "")


def _year_before(month: dt.date) -> dt.date:
    return month.replace(year=month.year - 1)


def _own_table(shop: Shop) -> Row:
    has_weather = any(row["temperature_max_c"] is not None for row in shop.months)
    cells: list[list[Any]] = []
    for row in shop.months:
        weather = [
            _number(row["temperature_max_c"], 1),
            _number(row["precipitation_mm"]),
            _number(row["sunshine_hours"]),
        ]
        cells.append(
            [
                month_name(row),
                formats.number(row["open_days"]),
                formats.eur(row["revenue_eur"]),
                formats.number(row["receipt_count"]),
                _eur(row["mean_basket_eur"]),
                *(weather if has_weather else []),
                code(row),
            ]
        )
    labels = ["Monat", "Tage", "Umsatz", "Einkäufe", "je Einkauf"]
    labels += ["Höchstw. °C", "Regen mm", "Sonne Std."] if has_weather else []
    # A code does not break: its column is as wide as it needs to be
    shares = (17, 7, 13, 11, 12, 12, 11, 11, 20) if has_weather else (17, 8, 15, 12, 13, 20)
    return table([*labels, "Woher"], cells, size=8.4, breakable=True, shares=shares)


def _own_note(shop: Shop) -> str:
    has_weather = any(row["temperature_max_c"] is not None for row in shop.months)
    text = "Tage: an denen Ihre Kasse verkauft hat. Umsatz brutto, ohne Pfand, Trinkgeld und Gutscheine."
    if has_weather:
        text += (
            " Wetter: Höchstwert im Mittel der Tage, Regen und Sonne zusammen, an der nächsten "
            "Wetterstation. Es steht daneben; was daran Ursache ist, sagt es nicht."
        )
    return f"{text} {_part_note(shop)}".rstrip()


def _part_note(shop: Shop) -> str:
    """Which months are parts, and that what stands beside them is of the whole month."""
    parts = [r for r in shop.months if delivered_days(r)]
    if not parts:
        return ""
    named = [f"{formats.month(r['business_month'])} ({delivered_days(r)})" for r in parts]
    return (
        f"Nur teilweise geliefert: {', '.join(named)}; was von anderen und von draußen daneben "
        "steht, gilt für den ganzen Monat."
    )


def _beside_table(shop: Shop, has_comparison: bool) -> Row | None:
    has_walkers = any(row["pedestrians_per_day"] is not None for row in shop.months)
    cells: list[list[Any]] = []
    for row in shop.months:
        line: list[Any] = [month_name(row)]
        if has_comparison:
            value = row["comparison_trade_eur"] or row["comparison_group_eur"]
            line += [
                _eur(row["mean_basket_eur"]),
                _eur(value),
                row["comparison_name"] or "nicht veröffentlicht",
                code_text(row["comparison_code"] or ""),
            ]
        if has_walkers:
            line += [_number(row["pedestrians_per_day"]), code_text(row["pedestrians_code"] or "")]
        cells.append(line)
    labels = ["Monat"]
    labels += ["Sie je Einkauf", "andere", "wer", "Woher"] if has_comparison else []
    labels += ["Passanten je Tag", "Woher"] if has_walkers else []
    if len(labels) == 1:
        return None
    texts = (0, 3) if has_comparison else (0,)
    # With two codes in a row equal columns would break them
    shares = (15, 13, 9, 16, 18, 14, 18) if len(labels) == 7 else None
    return table(labels, cells, texts=texts, size=8.4, breakable=True, even=True, shares=shares)


def _beside_note(shop: Shop, has_comparison: bool, is_counted: bool) -> str:
    parts = []
    if has_comparison:
        parts.append(
            "Andere: nur Zahlen, die veröffentlicht sind, erst die Branche, sonst die Gruppe, sonst "
            "die Stadt; darin stecken mindestens fünf Inhaber, keiner überwiegt"
            + (", auch Ihr Laden zählt mit." if is_counted else ".")
        )
    if shop.sensor:
        parts.append(f"Passanten: Zählstelle {shop.sensor}, die nächste zu Ihrem Laden.")
    text = " ".join(parts) or "In der Nähe Ihres Ladens steht keine Zählstelle."
    return f"{text} {_part_note(shop)}".rstrip()


def _eur(value: Decimal | None) -> str:
    return formats.MISSING if value is None else formats.eur(value)


def _number(value: Decimal | None, digits: int = 0) -> str:
    return formats.MISSING if value is None else formats.number(value, digits)
