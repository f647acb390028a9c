# SPDX-License-Identifier: Apache-2.0
"""The data catalogue: every source and every released table as DCAT-AP.de 3.0, in JSON-LD, and as rows for a page.

Belongs here: what contracts, definitions and ``cooperative.yaml`` say, in the words of the standard. Does not belong here:
reading the lake, writing files (``exports.py``), a page's layout.

Released tables are data sets with two distributions (CSV, Parquet) under a licence. Sources are data sets without one: they
are named so that everyone sees what the cooperative holds, and marked as not public.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from foundation.contracts import Contract
from foundation.cooperative import Cooperative
from foundation.formats import day

FILE_NAME = "katalog.jsonld"
LICENCE = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
LICENCE_NAME = "Datenlizenz Deutschland Namensnennung 2.0"
_EU = "http://publications.europa.eu/resource/authority"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_FORMATS = {"csv": ("CSV", "text/csv"), "parquet": ("PARQUET", "application/vnd.apache.parquet")}
# Frequencies as contracts write them, in the vocabulary of the European Union.
_FREQUENCIES = {"day": "DAILY", "tag": "DAILY", "monat": "MONTHLY", "month": "MONTHLY"}


@dataclass(frozen=True)
class ReleasedTable:
    """A released table: what it says, of which months, from which contracts. Days are None where it has none."""

    name: str
    title: str
    description: str
    contracts: tuple[str, ...]
    first: date | None = None
    last: date | None = None


def catalogue(
    cooperative: Cooperative,
    contracts: Mapping[str, Contract],
    tables: Sequence[ReleasedTable],
    issued: date,
) -> dict[str, Any]:
    """The catalogue as JSON-LD; the same inputs give the same object.

    Addresses are those under the cooperative's website where an edition lies, ``daten/<table>.csv``.
    """
    base = cooperative.website.rstrip("/")
    publisher = {
        "@id": f"{base}/#genossenschaft",
        "@type": "foaf:Organization",
        "foaf:name": cooperative.name,
        "foaf:mbox": {"@id": f"mailto:{cooperative.email}"},
        "foaf:homepage": {"@id": base},
    }
    shared = {
        "dct:publisher": {"@id": publisher["@id"]},
        "dcat:contactPoint": {
            "@type": "vcard:Individual",
            "vcard:fn": cooperative.contact.name,
            "vcard:hasEmail": {"@id": f"mailto:{cooperative.contact.email}"},
            "vcard:hasTelephone": {"@id": "tel:" + cooperative.contact.phone.replace(" ", "")},
        },
        "dcat:theme": [{"@id": f"{_EU}/data-theme/{theme}"} for theme in ("ECON", "REGI")],
        "dct:language": {"@id": f"{_EU}/language/DEU"},
        "dct:spatial": {
            "@type": "dct:Location",
            "dcatde:geocodingDescription": _de(cooperative.city),
        },
        "dcatde:politicalGeocodingLevelURI": {
            "@id": "http://dcat-ap.de/def/politicalGeocoding/Level/municipality"
        },
    }
    released = [_released(base, t, cooperative, issued) | shared for t in tables]
    sources = [_source(base, c) | shared for c in contracts.values()]
    return {
        "@context": _CONTEXT,
        "@graph": [
            publisher,
            {
                "@id": f"{base}/{FILE_NAME}",
                "@type": "dcat:Catalog",
                "dct:title": _de(f"Datenkatalog der {cooperative.name}"),
                "dct:description": _de(
                    "Veröffentlichte Tabellen zum Herunterladen, und woher ihre Zahlen kommen."
                ),
                "dct:publisher": {"@id": publisher["@id"]},
                "dct:issued": _day(issued),
                "dct:language": {"@id": f"{_EU}/language/DEU"},
                "dct:license": {"@id": LICENCE},
                "foaf:homepage": {"@id": base},
                "dcat:dataset": [{"@id": d["@id"]} for d in (*released, *sources)],
            },
            *released,
            *sources,
        ],
    }


def catalogue_bytes(content: Mapping[str, Any]) -> bytes:
    """The catalogue as a file."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def catalogue_rows(
    contracts: Mapping[str, Contract], tables: Sequence[ReleasedTable]
) -> list[dict[str, str]]:
    """The same for a page, in German: one row per released table, then one per source."""
    rows = [
        {
            "art": "Veröffentlichte Tabelle",
            "id": t.name,
            "titel": t.title,
            "beschreibung": t.description,
            "zeitraum": f"{day(t.first)} bis {day(t.last)}" if t.first and t.last else "",
            "aktualisierung": "je Ausgabe",
            "quellen": ", ".join(contracts[c].name for c in t.contracts if c in contracts),
            "lizenz": LICENCE_NAME,
            "zugang": "öffentlich",
            "dateien": ", ".join(f"{t.name}.{ending}" for ending in _FORMATS),
        }
        for t in tables
    ]
    return rows + [
        {
            "art": "Quelle",
            "id": c.id,
            "titel": c.name,
            "beschreibung": c.purpose,
            "zeitraum": "",
            "aktualisierung": c.frequency,
            "quellen": str(c.options["owner"]),
            "lizenz": "",
            "zugang": "nicht öffentlich",
            "dateien": "",
        }
        for c in contracts.values()
    ]


def _released(
    base: str, table: ReleasedTable, cooperative: Cooperative, issued: date
) -> dict[str, Any]:
    found = {
        "@id": f"{base}/katalog/{table.name}",
        "@type": "dcat:Dataset",
        "dct:identifier": table.name,
        "dct:title": _de(table.title),
        "dct:description": _de(table.description),
        "dct:issued": _day(issued),
        "dct:accessRights": {"@id": f"{_EU}/access-right/PUBLIC"},
        "dct:accrualPeriodicity": {"@id": f"{_EU}/frequency/MONTHLY"},
        "dct:source": [{"@id": f"{base}/katalog/quelle/{c}"} for c in table.contracts],
        "dcat:distribution": [
            {
                "@id": f"{base}/katalog/{table.name}/{ending}",
                "@type": "dcat:Distribution",
                "dct:title": _de(
                    f"{table.title} ({name.title() if ending == 'parquet' else name})"
                ),
                "dcat:accessURL": {"@id": f"{base}/daten/{table.name}.{ending}"},
                "dcat:downloadURL": {"@id": f"{base}/daten/{table.name}.{ending}"},
                "dct:format": {"@id": f"{_EU}/file-type/{name}"},
                "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"},
                "dct:license": {"@id": LICENCE},
                "dcatde:licenseAttributionByText": _de(cooperative.name),
            }
            for ending, (name, media) in _FORMATS.items()
        ],
    }
    if table.first and table.last:
        found["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day(table.first),
            "dcat:endDate": _day(table.last),
        }
    return found


def _source(base: str, contract: Contract) -> dict[str, Any]:
    found = {
        "@id": f"{base}/katalog/quelle/{contract.id}",
        "@type": "dcat:Dataset",
        "dct:identifier": contract.id,
        "dct:title": _de(contract.name),
        "dct:description": _de(contract.purpose),
        "dct:accessRights": {"@id": f"{_EU}/access-right/NON_PUBLIC"},
        "dcatde:legalBasis": _de(str(contract.options["legalBasis"])),
        "dcatde:originator": {"@type": "foaf:Agent", "foaf:name": str(contract.options["owner"])},
        "dcat:version": contract.version,
    }
    words = contract.frequency.lower()
    known = [code for word, code in _FREQUENCIES.items() if word in words]
    if known:
        found["dct:accrualPeriodicity"] = {"@id": f"{_EU}/frequency/{known[0]}"}
    return found


def _de(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "de"}


def _day(day: date) -> dict[str, str]:
    return {"@value": day.isoformat(), "@type": "xsd:date"}
