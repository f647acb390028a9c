# SPDX-License-Identifier: Apache-2.0
"""A cooperative of Münster, whose bicycles, air, holidays and weather are real: founded as `ortskern init` founds one.

Belongs here: its folder, its inbox, loading, and the models that rest on these. Does not belong
here: what must come out (`expected.py`), tests. It stands beside the town on Melbourne's clock because
its counts change between summer and winter time as Germany's do, and are ten years younger.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from foundation.settings import load_settings
from ingestion.landing import land_inbox
from ingestion.loading import LoadReport, load_contract
from orchestration.assets import models
from orchestration.assets.ingestion import place_reference
from orchestration.founding import Founding, Place, Sensor, found_cooperative
from orchestration.house import House, open_house
from tests.second_cooperative.founded import DATA, Deliveries

MARCH = DATA / "bike" / "muenster_promenade_100031297_2025-03.csv"
OCTOBER = DATA / "bike" / "muenster_promenade_100031297_2025-10.csv"
AIR = DATA / "air" / "uba_muenster_2022_2023_station1140.csv"
PUBLIC = DATA / "holidays" / "openholidays_de_holidays.public.csv"
SCHOOL = DATA / "holidays" / "openholidays_de_holidays.school.nw.csv"
SUNSHINE = DATA / "weather" / "dwd_10minutenwerte_SOLAR_01766_akt.zip"
WIND = DATA / "weather" / "dwd_observations_recent_FF_akt.zip"
CURRENT = DATA / "weather" / "dwd_observations_current.csv"
METADATA = DATA / "weather" / "dwd_Meta_Daten_zehn_min_sd_01766.zip"
REAL = (MARCH, OCTOBER, AIR, PUBLIC, SCHOOL, SUNSHINE, WIND, CURRENT, METADATA)
ZONE = ZoneInfo("Europe/Berlin")
AS_OF = datetime(2025, 11, 20, 6, tzinfo=ZONE)
COUNTER, CHANNEL, STATION = "Promenade (nördl. Salzstraße)", "100031297", "Münster-Geist"
SENSORS = [Sensor(COUNTER, "ZEN", "eco_counter"), Sensor(STATION, "GEI", "air_uba")]
# The lines of the sample's contracts that another town changes: what stood there and what it writes.
CHANGED = {
    "eco_counter": ('{"100041701": bicycles}', f'{{"{CHANNEL}": bicycles}}'),
    "air_uba": ('{DEMU001: "Musterstadt, Luft am Rathaushof"}', f'{{DENW095: "{STATION}"}}'),
}
# October again, as a device delivers it whose total fell silent while its lanes still count.
SILENT = "muenster_promenade_stumm.csv"
# School holidays of two years once more, with a day too many and the autumn of one left out.
CORRECTED = "schulferien_nw_berichtigt.csv"
EXTRA_DAY, LOST_AUTUMN = date(2023, 6, 9), 2022
# Public holidays a second time, byte for byte.
AGAIN = "zweimal_dieselben_feiertage.csv"
SOURCES = [*CHANGED, "open_holidays", "weather_dwd"]
BUILT = ("+fct_observation", "+ind_sensor_health", "+dim_day", "+fct_weather_day")


@dataclass(frozen=True)
class Muenster:
    """The cooperative after loading and building, with the report of each contract."""

    house: House
    loaded: dict[str, LoadReport]


def deliveries() -> Deliveries:
    """Two months of bicycles, one of them a second time without any total, two years of air; holidays
    of the state, two years of them again and changed; weather of three stations, and what is none."""
    return Deliveries(
        {
            ("eco_counter", MARCH.name): MARCH.read_bytes(),
            ("eco_counter", OCTOBER.name): OCTOBER.read_bytes(),
            ("eco_counter", SILENT): _without_total(OCTOBER.read_text("utf-8")).encode(),
            ("air_uba", AIR.name): AIR.read_bytes(),
            ("open_holidays", PUBLIC.name): PUBLIC.read_bytes(),
            ("open_holidays", AGAIN): PUBLIC.read_bytes(),
            ("open_holidays", SCHOOL.name): SCHOOL.read_bytes(),
            ("open_holidays", CORRECTED): _corrected(SCHOOL.read_text("utf-8")).encode(),
            **{
                ("weather_dwd", p.name): p.read_bytes() for p in (SUNSHINE, WIND, CURRENT, METADATA)
            },
        }
    )


def _without_total(text: str) -> str:
    header, *lines = text.splitlines()
    cells = [line.split(",") for line in lines]
    return "\n".join([header, *(",".join([c[0], "", *c[2:]]) for c in cells)]) + "\n"


def _corrected(text: str) -> str:
    header, *lines = text.splitlines()
    years = f"{LOST_AUTUMN}-", f"{EXTRA_DAY.year}-"
    kept = [
        line
        for line in lines
        if (start := line.split(";")[2]).startswith(years)
        and not (start.startswith(str(LOST_AUTUMN)) and "DE Herbstferien" in line)
    ]
    extra = f"planted;DE;{EXTRA_DAY};;School;Regional;DE Ferientag,EN Holiday;NW"
    return "\n".join([header, *kept, extra]) + "\n"


def opened(place: Path) -> Muenster:
    """Found it, load its files, build what rests on sensors."""
    folder = place / "genossenschaft"
    _found(folder)
    house = open_house(load_settings(home=place / "home", cooperative=folder, as_of=AS_OF))
    deliveries().lay_into(house.settings.inbox)
    house.prepare()
    place_reference(house)
    lake, keys = house.lakehouse, house.keys
    land_inbox(house.settings, lake, keys, house.contracts)
    loaded = {
        c: load_contract(house.settings, lake, keys, house.contracts[c], with_suite=False)
        for c in ("reference", *SOURCES)
    }
    _build(house)
    return Muenster(house, loaded)


def _found(folder: Path) -> None:
    person = {"name": "Eva Öz", "email": "lotsin@ortskern-zweitort.example"}
    values = {
        **dict.fromkeys(("tax_number", "vat_id", "audit_association"), ""),
        "name": "Ortskern Münster eG",
        "short_name": "Ortskern Münster",
        "street": "Ring 3",
        "postcode": "48143",
        "city": "Münster",
        "state": "NW",
        "register": "Amtsgericht Münster, GnR 2",
        "supervisory_authority": "LDI NRW",
        "iban": "DE89370400440532013000",
        "account_holder": "Ortskern Münster eG",
        "website": "https://ortskern-zweitort.example",
        "email": person["email"],
    }
    people: dict[str, Any] = {
        "contact": {**person, "role": "Digitallotsin", "phone": "+49 221 4710 417"},
        "data_protection_officer": person,
    }
    found_cooperative(
        folder,
        Founding(
            values=values,
            board=["Anna Arndt"],
            people=people,
            data_start="2022-01-01",
            fiscal_year_start_month=1,
            quarters=[Place("ZEN", "Zentrum"), Place("GEI", "Geist")],
            sources=SOURCES,
            sensors=SENSORS,
        ),
    )
    for contract, (sample, own) in CHANGED.items():
        path = folder / "contracts" / f"{contract}.odcs.yaml"
        text = path.read_text("utf-8")
        assert text.count(sample) == 1
        path.write_text(text.replace(sample, own), "utf-8")


def _build(house: House) -> None:
    folder = house.settings.dbt_dir
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            "--quiet",
            *("build", "--select", *BUILT, "--exclude", *models.LEFT_OUT.split()),
            *("--indirect-selection", "buildable", "--vars", json.dumps(models.variables(house))),
            *("--profiles-dir", str(house.lakehouse.write_dbt_profile())),
            *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
        ],
        cwd=models.PROJECT,
        env=models.environment(house),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
