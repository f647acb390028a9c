# SPDX-License-Identifier: Apache-2.0
"""The transparency report of an edition: released tables, contracts and the edition before, handed to ``reports``.

Belongs here: reading what the report speaks of. Does not belong here: its content (``reports/transparency``).
"""

from pathlib import Path

from analysis.vitality import load_index
from orchestration.house import House, work_dir
from quality.disclosure.definitions import load_definitions
from reports.exports import read_released, released_tables
from reports.transparency.changes import changes_since, earlier_edition
from reports.transparency.content import Edition
from reports.transparency.render import FILE, TransparencyFile, write_report


def report_path(house: House) -> Path:
    """Where the newest report lies before it is part of an edition."""
    return work_dir(house, "transparency") / FILE


def issue_report(house: House) -> TransparencyFile:
    """Write the transparency report of today's edition."""
    day = house.today
    definitions = load_definitions(house.settings.cooperative)
    index = load_index(house.settings.cooperative / "index.yaml")
    with house.lakehouse.connect(read_only=True) as con:
        tables = {name: read_released(con, name) for name in released_tables(con)}
    edition = Edition(
        day=day,
        released={name: table.to_pylist() for name, table in tables.items()},
        titles={name: d.title for name, d in definitions.items()},
        components={name: (c.title, c.unit) for name, c in index.components.items()},
        contracts=house.contracts,
        changes=changes_since(
            earlier_edition(house.settings.publications_dir, day.isoformat()), tables
        ),
    )
    return write_report(edition, house.cooperative, report_path(house).parent)
