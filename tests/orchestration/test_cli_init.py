# SPDX-License-Identifier: Apache-2.0
"""`ortskern init` asks, checks each answer at once, and writes a folder that the runs accept."""

import csv
from pathlib import Path

import pytest
import yaml

from foundation.contracts import load_contracts
from foundation.cooperative import load_cooperative
from foundation.errors import ConfigError
from foundation.keys import open_keys
from foundation.settings import load_settings
from orchestration.answers import iban, phone, quarter, vat_id, website
from orchestration.checkup import Status, rulebook
from orchestration.commands.doctor import CHECKS, lines_of
from orchestration.house import open_house
from tests.orchestration.conftest import Run

ANSWERS = {
    "name": "Ortskern Lindau eG",
    "short_name": "",
    "street": 'Gasse "Zum Anker": 1',
    "postcode": "01067",
    "city": "Lindau",
    "state": "by",
    "register": "Amtsgericht Kempten, GnR 1",
    "tax_number": "",
    "vat_id": "",
    "iban": "DE89 3704 0044 0532 0130 00",
    "account_holder": "",
    "website": "lindau.example",
    "email": "post@lindau.example",
    "audit": "",
    "board": "Anna A, Bert B",
    "contact": "Eva Öz",
    "role": "",
    "phone": "+49 221 4710 417",
    "contact_email": "",
    "officer": "Dr. X",
    "officer_email": "",
    "authority": "",
    "start": "01.10.2025",
    "month": "10",
    "quarter_1": "INS Insel",
    "quarter_2": "FES Festland",
    "quarters_end": "",
    "pos_dsfinvk": "j",
    "pos_csv": "n",
    "merchandise": "n",
    "returns_slip": "n",
    "hystreet": "j",
    "footfall_csv": "n",
    "sensorthings": "n",
    "eco_counter": "n",
    "air_uba": "n",
    "vacancy": "n",
    "panel": "n",
    "einvoices": "n",
    "sensor_1": "Insel, Markt",
    "sensor_1_quarter": "ins",
    "sensors_end": "",
}


def answered(**changes: str) -> str:
    """All answers as typed, one per line; a wrong one and its repetition by a line break."""
    return "\n".join((ANSWERS | changes).values()) + "\n"


@pytest.fixture
def founded(ortskern: Run, tmp_path: Path) -> Path:
    """A cooperative that was asked for and written."""
    folder = tmp_path / "lindau"
    result = ortskern("init", str(folder), input=answered())
    assert result.exit_code == 0, result.output
    return folder


def test_the_answers_stand_in_cooperative_yaml(founded: Path) -> None:
    found = load_cooperative(founded)
    assert found.name == "Ortskern Lindau eG"
    assert found.short_name == "Ortskern Lindau"
    assert found.street == 'Gasse "Zum Anker": 1'
    assert found.postcode == "01067"
    assert found.state == "BY"
    assert found.iban == "DE89370400440532013000"
    assert found.represented_by == ["Anna A", "Bert B"]
    assert found.contact.role == "Digitallotsin"
    assert found.supervisory_authority == "Bayerisches Landesamt für Datenschutzaufsicht"
    assert found.fiscal_year_start_month == 10
    assert found.data_start.isoformat() == "2025-10-01"


def test_the_day_follows_the_clock(founded: Path) -> None:
    assert load_cooperative(founded).as_of is None


def test_the_comments_of_the_sample_stay(founded: Path) -> None:
    text = (founded / "cooperative.yaml").read_text("utf-8")
    assert "# wie im Genossenschaftsregister eingetragen" in text
    assert "# in Anführungszeichen, damit Nullen vorn bleiben" in text


def test_nothing_of_the_samples_people_and_accounts_is_left(founded: Path) -> None:
    content = yaml.safe_load((founded / "cooperative.yaml").read_text("utf-8"))
    text = yaml.safe_dump(content, allow_unicode=True)
    for word in ("Musterstadt", "Willms", "Terbrüggen", "Oehlenschläger", "DE24430609670000417001"):
        assert word not in text


def test_only_the_chosen_sources_have_a_contract(founded: Path) -> None:
    assert set(load_contracts(founded)) == {
        "members",
        "consents",
        "product_sales",
        "reference",
        "pos_dsfinvk",
        "footfall_hystreet",
    }


def test_quarters_blocks_and_sensors_are_written(founded: Path) -> None:
    rows = {}
    for name in ("quarters", "blocks", "sensors"):
        with (founded / "reference" / f"{name}.csv").open(encoding="utf-8") as file:
            rows[name] = list(csv.reader(file, delimiter=";"))[1:]
    assert rows == {
        "quarters": [["INS", "Insel"], ["FES", "Festland"]],
        "blocks": [["INS-01", "INS", "Insel"], ["FES-01", "FES", "Festland"]],
        "sensors": [["FR-INS-1", "Insel, Markt", "INS", "INS-01", "footfall_hystreet"]],
    }


def test_there_are_no_approvals_no_fiscal_years_and_no_town(founded: Path) -> None:
    assert list((founded / "approvals").iterdir()) == []
    assert list((founded / "fiscal_years").iterdir()) == []
    assert not (founded / "town").exists()


def test_what_is_only_a_sample_says_so_in_its_first_line(founded: Path) -> None:
    for name in ("statute.yaml", "price_list.yaml", "licences.yaml"):
        first = (founded / name).read_text("utf-8").splitlines()[0]
        assert first.startswith("# MUSTER aus der erfundenen Musterstadt")


def test_the_doctor_finds_no_fault_in_it(founded: Path) -> None:
    house = open_house(load_settings(cooperative=founded))
    own = tuple(c for c in CHECKS if c[1].__module__ == rulebook.__name__)
    assert [li for li in lines_of(house, own) if li.status is Status.FAULT] == []


def test_it_ends_with_what_to_do_next(ortskern: Run, tmp_path: Path) -> None:
    output = ortskern("init", str(tmp_path / "neu"), input=answered()).output
    assert f"export ORTSKERN_COOPERATIVE={tmp_path / 'neu'}" in output
    assert "export ORTSKERN_HOME=" in output
    assert "ortskern doctor" in output


def test_a_folder_with_something_in_it_is_never_overwritten(ortskern: Run, tmp_path: Path) -> None:
    (tmp_path / "voll").mkdir()
    (tmp_path / "voll" / "brief.txt").write_text("lieb", "utf-8")
    result = ortskern("init", str(tmp_path / "voll"), input=answered())
    assert result.exit_code == 1
    assert "überschrieben wird nichts" in result.output
    assert [p.name for p in (tmp_path / "voll").iterdir()] == ["brief.txt"]


def test_an_interrupted_dialogue_leaves_nothing(ortskern: Run, tmp_path: Path) -> None:
    result = ortskern("init", str(tmp_path / "halb"), input="Ortskern Lindau eG\n\n")
    assert result.exit_code == 1
    assert not (tmp_path / "halb").exists()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("postcode", "123\n01067", "Postleitzahl: gefunden „123“, erwartet fünf Ziffern"),
        ("state", "XX\nBY", "Bundesland: gefunden „XX“, erwartet eines von BB, BE"),
        ("iban", "DE00\nDE89370400440532013000", "IBAN: die Prüfziffern oder die Länge"),
        ("vat_id", "DE1\n", "USt-IdNr.: gefunden „DE1“, erwartet DE und neun Ziffern"),
        ("tax_number", "12\n", "Steuernummer: gefunden „12“"),
        ("email", "post\npost@lindau.example", "E-Mail: gefunden „post“, erwartet eine Adresse"),
        ("phone", "eins\n+49 221 4710 417", "Telefon: gefunden „eins“"),
        ("start", "31.02.2026\n01.10.2025", "Tag: gefunden „31.02.2026“"),
        ("month", "13\n10", "Monat: gefunden „13“, erwartet eine Zahl von 1 bis 12"),
        ("quarter_1", "Insel\nINS Insel", "Quartier: gefunden „Insel“, erwartet drei Groß"),
        ("quarter_2", "INS Insel\nFES Festland", "erwartet ein anderes Kürzel als INS"),
        ("pos_csv", "vielleicht\nn", "Angabe: gefunden „vielleicht“, erwartet eines von J, N"),
    ],
)
def test_a_wrong_answer_is_told_at_once_and_asked_again(
    ortskern: Run, tmp_path: Path, field: str, typed: str, sentence: str
) -> None:
    result = ortskern("init", str(tmp_path / "neu"), input=answered(**{field: typed}))
    assert result.exit_code == 0, result.output
    assert sentence in result.output


def test_a_wrong_iban_is_not_repeated_on_the_screen() -> None:
    with pytest.raises(ConfigError, match=r"^IBAN: die Prüfziffern oder die Länge stimmen nicht;"):
        iban("DE00370400440532013000")


def test_a_vat_number_is_written_without_spaces() -> None:
    assert vat_id("DE 299 041 712") == "DE299041712"


def test_a_website_without_scheme_gets_one() -> None:
    assert website("lindau.example") == "https://lindau.example"


def test_a_telephone_number_keeps_its_spelling() -> None:
    assert phone("(0221) 4710-417") == "(0221) 4710-417"


def test_the_list_of_quarters_may_end_only_when_there_is_one() -> None:
    with pytest.raises(ConfigError, match="Quartier: gefunden nichts"):
        quarter(set(), may_be_empty=False)("")


def test_keys_come_back_from_the_recovery_text(ortskern: Run, tmp_path: Path) -> None:
    lost = open_keys(load_settings(home=tmp_path / "alt"))
    result = ortskern("init", "--wiederherstellen", input=f"{lost.recovery_text}\n")
    assert result.exit_code == 0, result.output
    assert open_keys(load_settings()).derive("probe") == lost.derive("probe")


def test_a_misspelt_recovery_text_is_refused(ortskern: Run) -> None:
    result = ortskern("init", "--wiederherstellen", input="ABCD EFGH\n")
    assert result.exit_code == 1
    assert "Wiederherstellungstext: die Prüfzeichen stimmen nicht" in result.output


def test_keys_that_are_there_are_not_replaced(ortskern: Run) -> None:
    own = open_keys(load_settings())
    result = ortskern("init", "--wiederherstellen", input=f"{own.recovery_text}\n")
    assert result.exit_code == 1
    assert "vor der Wiederherstellung dort wegräumen" in result.output
