# SPDX-License-Identifier: Apache-2.0
"""The order sheet for the phone: one HTML file, no script, nothing fetched.

Belongs here: its look at 375 pixels. Does not belong here: its words (``content``).
"""

from __future__ import annotations

import re
from html import escape

from reports.orders.content import HOW, Line, Sheet

STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;padding:6px 12px 4px;font:16px/1.3 system-ui,sans-serif;color:#1d2b2a;background:#fff;max-width:640px}
h1{font-size:19px;margin:0;color:#0f5c56}.shop{margin:0 0 6px;color:#5b6664;font-size:13px}
.week,.closed{background:#eef4f2;border-radius:8px;padding:6px 9px;margin:0 0 6px;font-size:13px}
.closed{background:#fbeee6}h2{font-size:14px;margin:14px 0 2px;color:#5b6664;font-weight:600}
ol{list-style:none;margin:0;padding:0}li{border-top:1px solid #d7e0de}
summary{display:grid;grid-template-columns:44px minmax(0,1fr) auto;gap:0 9px;align-items:baseline;min-height:35px;padding:3px 0 2px;cursor:pointer}
summary::-webkit-details-marker{display:none}
.menge{font-size:21px;font-weight:700;line-height:1.35;text-align:right;color:#0f5c56;font-variant-numeric:tabular-nums}
.klein .menge{font-size:17px;color:#1d2b2a;font-weight:600}
.name{font-weight:600;font-size:15px;line-height:1.2;hyphens:auto;overflow-wrap:anywhere}
.warum{font-size:12px;color:#33423f;text-align:right;max-width:132px}
@media(max-width:350px){.warum{max-width:88px}}
.mehr{margin:0 0 8px 53px;font-size:13px;color:#33423f}.mehr b{font-weight:600}.woher{font-size:12px;color:#5b6664}
.how summary{display:list-item;min-height:0;padding:6px 0;list-style:revert}.how,.frage{font-size:13px;color:#5b6664;margin:6px 0 0}
a{color:#0f5c56;display:inline-block;padding:6px 0}
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
        f'<p class="frage">Fragen? <a href="{call}">{escape(sheet.contact)}: {escape(sheet.phone)}</a></p>'
        f'<details class="how"><summary>Wie ist das gerechnet?</summary>{escape(HOW)}'
        f'<p class="woher">{escape(sheet.number)}</p></details>'
    )
    return (
        '<!doctype html><html lang="de"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Bestellzettel {escape(sheet.day)}</title><style>{STYLE}</style></head>"
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _line(line: Line, figure: str) -> str:
    """One row to read; a tap opens all that is known of it."""
    told = f"erwartet {line.expected}, meist {line.span}" if line.order else f"meist {line.span}"
    # Degrees and rain in brackets would push the factor off a narrow screen; a tap shows them.
    strongest = re.sub(r" \(.*?\)", "", line.reasons[0])
    return (
        f'<li><details><summary><span class="menge">{escape(figure)}</span>'
        f'<span class="name">{escape(line.article)}</span><span class="warum">{escape(strongest)}</span></summary>'
        f'<div class="mehr">{escape(line.article)}: <b>{escape(told)}</b><br>{escape(" · ".join(line.reasons))}'
        f'<div class="woher">Spanne stimmte: {escape(line.hits)}. Woher: {escape(line.code)}</div></div></details></li>'
    )
