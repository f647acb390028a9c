# SPDX-License-Identifier: Apache-2.0
"""A second cooperative on real data: founded as `ortskern init` founds one, fed from shared/data.

Belongs here: its folder, its lists, its inbox. What is its own in writing lies in `cooperative/`
beside this file and replaces what founding wrote. Does not belong here: what must come out
(`expected.py`), tests. The town is invented, the counts and receipts are real; both are told in the
local time of Melbourne, so that nothing rests on the sample's time zone.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from foundation.settings import PROJECT_ROOT
from orchestration.founding import Founding, Place, Sensor, found_cooperative

DATA = PROJECT_ROOT.parent / "shared" / "data"
RETAIL = DATA / "retail" / "online_retail_germany.csv"
FOOTFALL = DATA / "footfall" / "melbourne_pedestrian_2015_2016.csv.gz"
OWN = Path(__file__).resolve().parent / "cooperative"

ZONE = ZoneInfo("Australia/Melbourne")
AS_OF = datetime(2017, 1, 15, 6, tzinfo=ZONE)
STATE = "SN"
SENSORS = {
    "Birrarung Marr": "ZEN",
    "Bourke Street Mall (North)": "ZEN",
    "QV Market-Elizabeth St (West)": "ZEN",
    "Southern Cross Station": "BHF",
}
# The sample's releases that this cooperative does not have at all.
NOT_RELEASED = ("independent_shops",)
# Released by definition, but no organ has decided yet.
NOT_APPROVED = ("members",)
MEMBERS = """\
mitgliedsnr;art;name;ansprechpartner;strasse;plz;ort;land;email;telefon;quartier;inhaber_nr;\
ust_status;ustid;steuernr;iban;kontoinhaber;gutschrift_vereinbart_am;beitritt_am;austritt_am;anteile
M-1;haendler;Geschenkeladen;Eva Öz;Ring 1;01067;Zweitort;DE;laden@zweitort.example;;ZEN;I-1;\
regulaer;DE299041712;;DE24430609670000417001;Eva Öz;2010-11-01;2010-11-01;;5
M-2;buerger;Noah Keil;;Ring 2;01067;Zweitort;DE;;;BHF;;keine;;;DE89370400440532013000;Noah Keil;;\
2010-11-01;;1
"""
SITES = """\
betriebsstaette_nr;mitgliedsnr;name;strasse;plz;ort;block;branche;filialist;kasse_id;eroeffnet_am;\
geschlossen_am
B-1;M-1;Geschenkeladen am Ring;Ring 1;01067;Zweitort;ZEN-01;haushaltswaren;0;GESCHENKE-1;2009-05-01;
"""
CONSENTS = f"""\
mitgliedsnr;zweck;status;zeitpunkt;kanal;wortlaut_sha256;nachweis
M-1;indikatoren;erteilt;2010-11-01T10:00:00+11:00;Beitrittsformular;{"a" * 64};B-1/2010
"""


@dataclass(frozen=True)
class Deliveries:
    """Files of an inbox: contract and name to content."""

    files: dict[tuple[str, str], bytes]

    def lay_into(self, inbox: Path) -> None:
        """Write them, one folder per contract."""
        for (contract, name), content in self.files.items():
            path = inbox / contract / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def deliveries() -> Deliveries:
    """Two real files, three lists."""
    return Deliveries(
        {
            ("pos_csv", RETAIL.name): RETAIL.read_bytes(),
            ("footfall_csv", FOOTFALL.name): FOOTFALL.read_bytes(),
            ("members", "mitglieder.csv"): MEMBERS.encode(),
            ("members", "betriebsstaetten.csv"): SITES.encode(),
            ("consents", "einwilligungen.csv"): CONSENTS.encode(),
        }
    )


def found(folder: Path) -> None:
    """Write the cooperative's folder."""
    found_cooperative(
        folder,
        Founding(
            values={
                "name": "Ortskern Zweitort eG",
                "short_name": "Ortskern Zweitort",
                "street": "Ring 3",
                "postcode": "01067",
                "city": "Zweitort",
                "state": STATE,
                "register": "Amtsgericht Zweitort, GnR 2",
                "tax_number": "",
                "vat_id": "",
                "iban": "DE89370400440532013000",
                "account_holder": "Ortskern Zweitort eG",
                "website": "https://ortskern-zweitort.example",
                "email": "post@ortskern-zweitort.example",
                "audit_association": "",
                "supervisory_authority": "Datenschutzaufsicht",
            },
            board=["Anna Arndt"],
            people={
                "contact": {
                    "name": "Eva Öz",
                    "role": "Digitallotsin",
                    "phone": "+49 221 4710 417",
                    "email": "lotsin@ortskern-zweitort.example",
                },
                "data_protection_officer": {
                    "name": "Dr. Xenia Xanten",
                    "email": "datenschutz@ortskern-zweitort.example",
                },
            },
            data_start="2010-12-01",
            fiscal_year_start_month=1,
            quarters=[Place("ZEN", "Zentrum"), Place("BHF", "Bahnhof")],
            sources=["pos_csv", "footfall_csv"],
            sensors=[Sensor(name, q, "footfall_csv") for name, q in SENSORS.items()],
        ),
    )
    shutil.copytree(OWN, folder, dirs_exist_ok=True)
    settings = folder / "cooperative.yaml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("timezone: Europe/Berlin", f"timezone: {ZONE.key}"), "utf-8")
    # It sells no data products and has no list of their sales.
    (folder / "contracts" / "product_sales.odcs.yaml").unlink()
    for table in NOT_RELEASED:
        (folder / "releases" / f"{table}.yaml").unlink()
