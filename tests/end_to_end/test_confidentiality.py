# SPDX-License-Identifier: Apache-2.0
"""Names, accounts and tax numbers are in no table of the lake and in no file that lies open.

Belongs here: canaries taken from the deliveries, searched in decrypted tables and in raw bytes.
Does not belong here: how identifiers are replaced (`tests/ingestion/test_pseudonyms.py`).
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from tests.end_to_end.town import Town

# What the deliveries call the people and their numbers. Names of streets and of the town are in
# public lists as well, names of firms are on shop signs: both are searched by whole words.
MEMBER_FIELDS = (
    "name", "ansprechpartner", "email", "telefon", "ustid", "steuernr", "iban", "kontoinhaber",
    "strasse", "mitgliedsnr", "inhaber_nr",
)  # fmt: skip
TILL_FIELDS = {
    "transactions.csv": ("BEDIENER_ID", "BEDIENER_NAME", "KUNDE_NAME", "KUNDE_STRASSE", "KUNDE_USTID"),
    "cashpointclosing.csv": ("NAME", "STRASSE", "STNR", "USTID", "Z_KASSE_ID"),
}  # fmt: skip
# Shorter texts stand in other words by chance.
SHORTEST = 6
# In public lists of the town: streets of empty premises.
PUBLIC_COLUMNS = {
    ("raw", "vacancy_premises"), ("staging", "stg_vacancy_register__premises"),
    ("core", "dim_premise"), ("core", "fct_premise_month"),
}  # fmt: skip


def _rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


@lru_cache(maxsize=1)
def _canaries(inbox: Path) -> frozenset[str]:
    found: set[str] = set()
    for row in _rows((inbox / "members/mitglieder.csv").read_bytes()):
        found |= {row[f] for f in MEMBER_FIELDS}
    for row in _rows((inbox / "members/betriebsstaetten.csv").read_bytes()):
        found |= {row["name"], row["strasse"], row["kasse_id"]}
    for path in sorted((inbox / "pos_dsfinvk").rglob("*_2026-09.zip")):
        with zipfile.ZipFile(path) as archive:
            for name, fields in TILL_FIELDS.items():
                for line in _rows(archive.read(name)):
                    found |= {line.get(f) or "" for f in fields}
    found |= {text.replace(" ", "") for text in found if re.fullmatch(r"[A-Z]{2}\d{2} .*", text)}
    return frozenset(text for text in found if len(text) >= SHORTEST)


@pytest.fixture(scope="module")
def canaries(town: Town) -> frozenset[str]:
    """Every text that names a person, a firm, an account or a till."""
    found = _canaries(town.settings.inbox)
    assert len(found) > 800
    return found


@pytest.fixture(scope="module")
def texts(town: Town) -> list[tuple[str, str, str, set[str]]]:
    """Schema, table, column and distinct values of every column of text, decrypted by the lake."""
    return list(_texts(town))


@pytest.fixture(scope="module")
def personal(town: Town, canaries: frozenset[str]) -> list[bytes]:
    """The canaries that stand in no word of their own by chance: people, numbers, addresses."""
    members = _rows((town.settings.inbox / "members/mitglieder.csv").read_bytes())
    numbers = {text for text in canaries if re.search(r"\d{6}|@", text)}
    people = {row["ansprechpartner"] for row in members if row["ansprechpartner"]}
    return [text.encode() for text in sorted(numbers | people)]


def _texts(town: Town) -> Iterator[tuple[str, str, str, set[str]]]:
    columns = town.rows(
        "SELECT table_schema, table_name, column_name FROM information_schema.columns "
        "WHERE table_catalog = 'lake' AND data_type = 'VARCHAR' ORDER BY ALL"
    )
    for schema, table, column in columns:
        # Pseudonyms and hashes are most of the text, and hold nothing else.
        values = town.rows(
            f'SELECT DISTINCT "{column}" FROM lake.{schema}."{table}" '
            f"""WHERE NOT regexp_full_match("{column}", '[0-9a-f]{{32,64}}')"""
        )
        yield schema, table, column, {str(v) for (v,) in values}


def test_the_canaries_hold_people_accounts_tax_numbers_and_tills(canaries: frozenset[str]) -> None:
    assert any(re.fullmatch(r"DE\d{20}", text) for text in canaries)
    assert any(re.fullmatch(r"DE\d{9}", text) for text in canaries)
    assert any(text.endswith(".example") for text in canaries)
    assert any(re.fullmatch(r"MK-\d{4}-\d", text) for text in canaries)
    assert any(re.fullmatch(r"M-\d{4}", text) for text in canaries)


def test_no_table_of_the_lake_holds_a_canary(
    texts: list[tuple[str, str, str, set[str]]], canaries: frozenset[str]
) -> None:
    leaks = []
    for schema, table, column, values in texts:
        if (schema, table) in PUBLIC_COLUMNS:
            continue
        # Names of files are as delivered; tills are in them, and only the steward sees them.
        if schema == "landing" or column in ("file_name", "delivery_file"):
            continue
        found = values & canaries
        leaks += [(schema, table, column, text) for text in sorted(found)[:2]]
    assert leaks == []


def test_no_longer_text_of_the_lake_contains_a_person_or_an_account(
    texts: list[tuple[str, str, str, set[str]]], personal: list[bytes]
) -> None:
    everything = "\n".join("\n".join(values) for *_, values in texts).encode()
    assert len(everything) > 100_000
    assert [text.decode() for text in personal if text in everything] == []


@pytest.mark.parametrize(
    "place", ["landing", "lake", "register", "keys", "work", "dbt", "dagster", "portal/site", "publications"]
)  # fmt: skip
def test_no_file_that_lies_open_holds_a_person_or_an_account(
    town: Town, personal: list[bytes], place: str
) -> None:
    folder = town.settings.home / place
    files = sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())
    assert files
    # Of many encrypted files some: that all are encrypted is a test of its own.
    everything = b"\n".join(p.read_bytes() for p in files[:: 1 + len(files) // 250])
    assert [text.decode() for text in personal if text in everything] == []


def test_landed_deliveries_are_encrypted_one_by_one(town: Town) -> None:
    files = [p for p in Path(town.settings.landing).rglob("*") if p.is_file()]
    landed = town.rows("SELECT count(*) FROM landing.delivery WHERE event = 'landed'")
    assert len(files) == landed[0][0]
    assert all(p.read_bytes().startswith(b"age-encryption.org/v1") for p in files[::50])


def test_parquet_files_of_the_lake_are_encrypted(town: Town) -> None:
    files = list(Path(town.settings.data).rglob("*.parquet"))
    assert len(files) > 50
    assert {p.read_bytes()[:4] for p in files} == {b"PARE"}


def test_what_is_personal_lies_where_only_the_owner_of_the_machine_reads(town: Town) -> None:
    for name in (".", "keys", "lake", "landing", "register", "archive", "statements", "dlt", "dbt"):
        folder = town.settings.home / name
        assert folder.is_dir(), name
        assert folder.stat().st_mode & 0o077 == 0, name


def test_the_loader_leaves_no_package_behind(town: Town) -> None:
    left = [p for p in town.settings.dlt_dir.rglob("*") if p.suffix in (".parquet", ".jsonl")]
    assert left == []


def test_every_read_of_the_register_is_logged(town: Town) -> None:
    from ingestion.membership.register import log_of_reads

    log = log_of_reads(town.settings, town.house().keys)
    assert {entry.purpose for entry in log} >= {"Papiere der Mitglieder ausstellen"}
