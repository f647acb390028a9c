# SPDX-License-Identifier: Apache-2.0
"""The dbt project is written as the house writes: described, owned, portable."""

import re
from pathlib import Path
from typing import Any

import pytest

from foundation.settings import PROJECT_ROOT
from tests.dbt.conftest import Build

PROJECT = PROJECT_ROOT / "dbt_project"
MODELS = sorted(PROJECT.glob("models/*/*.sql"))
SQL = sorted([*MODELS, *PROJECT.glob("tests/*.sql"), *PROJECT.glob("macros/*.sql")])
COMMENT = re.compile(r"--[^\n]*|\{#.*?#\}", re.DOTALL)
# What answers differently on the next engine, the next run or the next machine
FORBIDDEN = re.compile(
    r"\b(?:rowid|hash|nextval|uuid|gen_random_uuid|random|setseed|current_date|current_timestamp"
    r"|hugeint|enum|any_value|first|last|arg_max|arg_min|approx_\w+)\s*\(|\browid\b|\bhugeint\b",
    re.IGNORECASE,
)
ARITHMETIC = re.compile(r"\b(?:avg|median|round|quantile\w*)\s*\(|[\w)]\s+/\s+[\w(]", re.IGNORECASE)
OWNERS = {"steward", "source owner", "engineer"}


def code(path: Path) -> str:
    return COMMENT.sub("", path.read_text("utf-8"))


@pytest.mark.parametrize("path", SQL, ids=lambda p: p.stem)
def test_no_function_that_differs_between_engines_or_runs(path: Path) -> None:
    assert FORBIDDEN.findall(code(path)) == []


@pytest.mark.parametrize("path", MODELS, ids=lambda p: p.stem)
def test_division_and_rounding_stand_in_macros_only(path: Path) -> None:
    assert ARITHMETIC.findall(code(path)) == []


@pytest.mark.parametrize("path", MODELS, ids=lambda p: p.stem)
def test_sources_resolve_through_one_macro(path: Path) -> None:
    assert re.findall(r"\{\{\s*source\(|\blake\.raw\b|\bfrom raw\b", code(path)) == []


@pytest.mark.parametrize("path", MODELS, ids=lambda p: p.stem)
def test_model_has_its_description_beside_it(path: Path) -> None:
    assert path.with_suffix(".yml").is_file()


def nodes(build: Build, kind: str) -> list[dict[str, Any]]:
    found = build.record("manifest")["nodes"].values()
    return [n for n in found if n["resource_type"] == kind and n["package_name"] == "ortskern"]


def test_description_ends_in_the_grain(build: Build) -> None:
    wrong = [
        n["name"]
        for n in nodes(build, "model")
        if not re.search(r"\. One row per [^.]+\.$", n["description"])
    ]
    assert wrong == []


def test_every_column_is_described_and_no_other(build: Build) -> None:
    with build.lake.connect(read_only=True) as con:
        for node in nodes(build, "model"):
            there = con.execute(f"DESCRIBE lake.{node['schema']}.{node['name']}").fetchall()
            assert list(node["columns"]) == [row[0] for row in there], node["name"]
            assert all(c["description"] for c in node["columns"].values()), node["name"]


def own_tests(build: Build) -> list[dict[str, Any]]:
    # Tests of sources are derived from the contracts, which name owner and remedy themselves.
    return [n for n in nodes(build, "test") if not n["name"].startswith("source_")]


def test_every_test_says_what_it_holds_and_who_repairs(build: Build) -> None:
    wrong = [
        n["name"]
        for n in own_tests(build)
        if not n["description"] or n["config"]["meta"].get("owner") not in OWNERS
    ]
    assert wrong == []


def test_tests_for_a_steward_name_the_remedy(build: Build) -> None:
    wrong = [
        n["name"]
        for n in own_tests(build)
        if n["config"]["meta"]["owner"] != "engineer" and "Abhilfe:" not in n["description"]
    ]
    assert wrong == []


def test_contracts_are_enforced_on_marts(build: Build) -> None:
    marts = [n for n in nodes(build, "model") if n["schema"] == "marts"]
    assert marts
    assert all(n["config"]["contract"]["enforced"] for n in marts)
