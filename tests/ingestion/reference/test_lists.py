# SPDX-License-Identifier: Apache-2.0
"""The steward's lists: the shipped ones fit together, and each way of breaking them is named."""

from datetime import date

import pytest

from foundation.errors import BadDelivery
from foundation.settings import PROJECT_ROOT
from ingestion.reference.lists import check_folder, check_lists
from tests.ingestion.sensors.judging import broken_rules, parse, period, shipped

CONTRACT = shipped("reference")
FOLDER = PROJECT_ROOT / "cooperative" / "reference"
LISTS = {
    "quarters.csv": "quarter_id;name\nALT;Altstadt\nBAH;Bahnhofsviertel\n",
    "blocks.csv": "block_id;quarter_id;name\nALT-01;ALT;Am Alten Markt\nBAH-01;BAH;Posthof\n",
    "trades.csv": "trade_id;name;trade_group\nbaeckerei;Bäckerei;Lebensmittel\n",
    "sensors.csv": (
        "sensor_id;name;quarter_id;block_id;contract\nFR-1;Markt;ALT;ALT-01;footfall_hystreet\n"
    ),
    "region.csv": "postcode;place\n48990;Musterbach\n48999;Musterstadt\n",
}


def lists(**changes: str) -> dict[str, bytes]:
    texts = LISTS | {f"{name}.csv": text for name, text in changes.items()}
    return {name: text.encode() for name, text in texts.items()}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_the_shipped_lists_pass_their_contract(name: str) -> None:
    parsed = parse(CONTRACT, name, (FOLDER / name).read_bytes())
    assert broken_rules(CONTRACT, parsed) == []


def test_the_shipped_lists_fit_together() -> None:
    assert check_folder(FOLDER, CONTRACT) == []


def test_the_shipped_town_has_four_quarters_and_twenty_blocks() -> None:
    quarters = parse(CONTRACT, "quarters.csv", (FOLDER / "quarters.csv").read_bytes())
    blocks = parse(CONTRACT, "blocks.csv", (FOLDER / "blocks.csv").read_bytes())
    assert len(quarters.tables["reference_quarters"]) == 4
    assert len(blocks.tables["reference_blocks"]) >= 20


def test_an_unknown_quarter_in_blocks_is_named_with_its_row() -> None:
    (finding,) = check_lists(lists(blocks=LISTS["blocks.csv"] + "NOR-01;NOR;Markt\n"), CONTRACT)
    assert (finding.file, finding.row, finding.field) == ("blocks.csv", 4, "quarter_id")
    assert "„NOR“" in finding.sentence()
    assert "quarters.csv" in finding.sentence()


def test_an_unknown_block_of_a_sensor_is_named() -> None:
    changed = LISTS["sensors.csv"].replace("ALT-01", "ALT-99")
    (finding,) = check_lists(lists(sensors=changed), CONTRACT)
    assert (finding.file, finding.field, finding.found) == ("sensors.csv", "block_id", "„ALT-99“")


def test_a_missing_list_is_named() -> None:
    files = lists()
    del files["trades.csv"]
    assert [f.sentence() for f in check_lists(files, CONTRACT)] == [
        "Datei „trades.csv“: gefunden keine solche Datei, erwartet die Liste unter "
        "cooperative/reference; Liste anlegen oder aus der Sicherung zurückholen."
    ]


def test_an_unreadable_list_does_not_hide_the_others() -> None:
    findings = check_lists(lists(trades="kaputt", sensors=""), CONTRACT)
    assert {f.file for f in findings} == {"trades.csv", "sensors.csv"}


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("quarters.csv", "BAH", "ALT", ("eindeutig", "quarter_id", 3)),
        ("quarters.csv", "BAH", "Bahn", ("muster", "quarter_id", 3)),
        ("blocks.csv", "BAH-01", "ALT-02", ("block_im_quartier", None, 3)),
        ("trades.csv", "Lebensmittel", "Essen", ("werteliste", "trade_group", 2)),
        ("trades.csv", "baeckerei", "Bäckerei", ("muster", "trade_id", 2)),
        ("sensors.csv", "Markt", "", ("pflichtfeld", "name", 2)),
        ("region.csv", "48999", "48990", ("eindeutig", "postcode", 3)),
        ("region.csv", "48999", "4899", ("muster", "postcode", 3)),
    ],
)
def test_a_wrong_value_is_found(
    name: str, old: str, new: str, expected: tuple[str, str, int]
) -> None:
    parsed = parse(CONTRACT, name, LISTS[name].replace(old, new, 1).encode())
    assert expected in broken_rules(CONTRACT, parsed)


def test_a_list_has_no_period() -> None:
    assert period(CONTRACT, "trades.csv", b"") == (date.min, date.max)


def test_a_file_of_another_name_is_refused() -> None:
    with pytest.raises(BadDelivery, match=r"strassen\.csv.*erwartet quarters\.csv oder"):
        parse(CONTRACT, "strassen.csv", b"a;b\n1;2\n")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (LISTS["trades.csv"].encode("latin-1"), "Zeile 2.*UTF-8"),
        (b"trade_id;name\nbaeckerei;B\n", "Feld „trade_group“"),
        (b"trade_id;name;trade_group\nbaeckerei;B", "Zeile 2.*abgeschnitten"),
        (b"", "Kopfzeile"),
    ],
)
def test_a_broken_file_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(BadDelivery, match=words):
        parse(CONTRACT, "trades.csv", data)
