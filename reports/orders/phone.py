# SPDX-License-Identifier: Apache-2.0
"""The order sheet for the phone: one HTML file, no script, nothing fetched.

Belongs here: its look at 375 pixels. Does not belong here: its words (``content``).
"""

from __future__ import annotations

from html import escape

from reports.orders.content import HOW, Line, Sheet

STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;padding:12px 14px 24px;font:16px/1.35 system-ui,sans-serif;color:#1d2b2a;background:#fff;max-width:640px}
h1{font-size:21px;margin:0;color:#0f5c56}.shop{margin:0 0 8px;color:#5b6664;font-size:14px}
.week,.closed{background:#eef4f2;border-radius:8px;padding:8px 10px;margin:0 0 8px;font-size:14px}
.closed{background:#fbeee6}h2{font-size:14px;margin:14px 0 2px;color:#5b6664;font-weight:600}
ol{list-style:none;margin:0;padding:0}li{display:grid;grid-template-columns:64px 1fr;gap:0 10px;padding:5px 0 0;border-top:1px solid #d7e0de}
.menge{font-size:27px;font-weight:700;line-height:1.1;text-align:right;color:#0f5c56;font-variant-numeric:tabular-nums}
.klein .menge{font-size:19px;color:#1d2b2a;font-weight:600}
.name{font-weight:600}.warum{font-size:13px;line-height:1.25;color:#33423f}.woher{font-size:12px;color:#5b6664}summary{padding:2px 0 5px}
a{color:#0f5c56;display:inline-block;padding:10px 0}p.how{font-size:13px;color:#5b6664}
"""


def phone_page(sheet: Sheet, shop: str) -> str:
    """The whole page."""
    parts = [f"<h1>{escape(sheet.day)}</h1>", f'<p class="shop">Bestellzettel · {escape(shop)}</p>']
    parts += [f'<p class="closed">{escape(t)}</p>' for t in (sheet.closed, sheet.missing) if t]
    parts += [f'<p class="week">{escape(sheet.week)}</p>'] if sheet.week else []
    if sheet.to_order:
        parts.append(f"<ol>{''.join(_line(line, line.order) for line in sheet.to_order)}</ol>")
    if sheet.to_expect:
        parts.append("<h2>Erwarteter Verkauf, ohne Mengenvorschlag</h2>")
        lines = "".join(_line(line, line.expected) for line in sheet.to_expect)
        parts.append(f'<ol class="klein">{lines}</ol>')
    call = "tel:" + "".join(c for c in sheet.phone if c in "+0123456789")
    parts.append(
        f'<p>Fragen? <a href="{call}">{escape(sheet.contact)}: {escape(sheet.phone)}</a></p>'
        f'<p class="how">{escape(HOW)}</p><p class="woher">{escape(sheet.number)}</p>'
    )
    return (
        '<!doctype html><html lang="de"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Bestellzettel {escape(sheet.day)}</title><style>{STYLE}</style></head>"
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _line(line: Line, figure: str) -> str:
    told = f"erwartet {line.expected}, meist {line.span}" if line.order else f"meist {line.span}"
    return (
        f'<li><span class="menge">{escape(figure)}</span><div><span class="name">{escape(line.article)}</span>'
        f'<div class="warum">{escape(" · ".join(line.reasons))}</div>'
        f'<details class="woher"><summary>{escape(told)}</summary>'
        f"Spanne stimmte: {escape(line.hits)}. Woher: {escape(line.code)}</details></div></li>"
    )
