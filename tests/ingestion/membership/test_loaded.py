# SPDX-License-Identifier: Apache-2.0
"""Members from the inbox to the lake: identities in the register, pseudonyms in the raw tables."""

from pathlib import Path
from typing import Any

import pytest

from foundation.keys import open_keys
from foundation.lakehouse import Lakehouse
from foundation.settings import Settings, load_settings
from ingestion.landing import land_inbox
from ingestion.loading import load_contract
from ingestion.membership.register import read_identities
from ingestion.pseudonyms import Pseudonyms
from tests.ingestion.membership.samples import baker, citizen, members, site, sites
from tests.ingestion.sensors.judging import shipped

Loaded = tuple[Settings, dict[str, list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """Two good members, one with a wrong account, one shop; all raw rows by table."""
    settings = load_settings(home=tmp_path_factory.mktemp("town"))
    keys, lakehouse = open_keys(settings), Lakehouse(settings)
    lakehouse.create()
    wrong = baker(mitgliedsnr="M-0003", inhaber_nr="I-3", iban="DE24430609670000417002")
    _put(settings.inbox / "members" / "mitglieder.csv", members(baker(), citizen(), wrong))
    _put(settings.inbox / "members" / "betriebsstaetten.csv", sites(site()))
    contracts = {"members": shipped("members")}
    land_inbox(settings, lakehouse, keys, contracts)
    load_contract(settings, lakehouse, keys, contracts["members"], with_suite=False)
    rows = {}
    with lakehouse.connect(read_only=True) as con:
        for table in ("members_members", "members_sites"):
            found = con.execute(f"SELECT * FROM lake.raw.{table} ORDER BY _row_number")
            names = [column[0] for column in found.description or []]
            rows[table] = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return settings, rows


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_raw_knows_members_by_pseudonym(loaded: Loaded) -> None:
    settings, rows = loaded
    pseudonyms = Pseudonyms(open_keys(settings))
    expected = [pseudonyms.of("member", number) for number in ("M-0001", "M-0002")]
    assert [row["member_id"] for row in rows["members_members"]] == expected
    assert [row["member_id"] for row in rows["members_sites"]] == expected[:1]


def test_no_clear_value_of_a_person_is_in_raw(loaded: Loaded) -> None:
    _, rows = loaded
    texts = {str(v) for table in rows.values() for row in table for v in row.values()}
    clear = {v for v in (*baker().values(), *citizen().values(), *site().values()) if len(v) > 3}
    public = {"haendler", "buerger", "regulaer", "keine", "baeckerei", "ALT-02"}
    days = {v for v in clear if v[:2] in {"19", "20"} and len(v) == 10}
    assert texts.isdisjoint(clear - public - days)


def test_a_member_with_a_wrong_account_is_neither_in_raw_nor_in_the_register(
    loaded: Loaded,
) -> None:
    settings, rows = loaded
    identities = read_identities(settings, open_keys(settings), reader="Abrechnung", purpose="Test")
    assert [i.member_number for i in identities.values()] == ["M-0001", "M-0002"]
    assert set(identities) == {row["member_id"] for row in rows["members_members"]}
