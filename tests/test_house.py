# SPDX-License-Identifier: Apache-2.0
"""The rules of the house hold for every file, and each rule finds what it is there to find."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import house

ROOT = Path(__file__).resolve().parent.parent
SOURCES = (*house.PACKAGES, "tests", "tools", "dbt_project")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def everywhere(rule: Callable[[Path], list[str]]) -> list[str]:
    return [f"{name}/{line}" for name in SOURCES for line in rule(ROOT / name)]


def test_imports_point_one_way() -> None:
    assert house.imports_against_the_rule(ROOT) == []


def test_only_the_clock_reads_the_clock() -> None:
    assert house.reads_of_the_clock(ROOT) == []


def test_every_python_file_has_licence_and_docstring() -> None:
    assert everywhere(house.python_without_header) == []


def test_no_file_names_a_registry_or_somebodys_machine() -> None:
    assert house.machine_paths_and_registries(house.tracked(ROOT)) == []


def test_no_file_is_too_long() -> None:
    assert everywhere(house.too_long) == []


def test_nothing_is_left_unfinished() -> None:
    assert everywhere(house.unfinished) == []


def test_no_error_is_swallowed() -> None:
    assert everywhere(house.swallowed_errors) == []


def test_no_test_is_soft() -> None:
    assert house.soft_tests(ROOT / "tests") == []


@pytest.mark.parametrize(
    ("package", "line"),
    [
        ("foundation", "import quality"),
        ("quality", "from ingestion.landing import store"),
        ("analysis", "def f():\n    import reports.site"),
        ("reports", "if TYPE_CHECKING:\n    from analysis import distribution"),
        ("ingestion", "import importlib\nimportlib.import_module('orchestration.cli')"),
        ("ingestion", "from tests.servers import postgres"),
    ],
)
def test_an_import_against_the_direction_is_found(tmp_path: Path, package: str, line: str) -> None:
    write(tmp_path / package / "deep" / "bad.py", line)
    assert len(house.imports_against_the_rule(tmp_path)) == 1


@pytest.mark.parametrize(
    ("package", "line"),
    [
        ("ingestion", "import quality.expectations"),
        ("orchestration", "from reports import publication"),
        ("analysis", "from . import neighbour"),
    ],
)
def test_an_import_in_the_direction_is_fine(tmp_path: Path, package: str, line: str) -> None:
    write(tmp_path / package / "good.py", line)
    assert house.imports_against_the_rule(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("quality/a.py", "from datetime import datetime\nx = datetime.now(UTC)"),
        ("quality/a.py", "import datetime as d\nx = d.date.today()"),
        ("quality/a.py", "import time\nx = time.time()"),
        ("quality/a.py", "from time import time_ns"),
        ("quality/a.py", "con.execute('SELECT current_date')"),
        ("quality/a.py", "con.execute(f'SELECT {a}, now()')"),
        ("foundation/migrations/ledger/0001_a.sql", "CREATE TABLE a (b DATE DEFAULT today())"),
        ("dbt_project/models/a.sql", "select *\nfrom a where b < CURRENT_TIMESTAMP"),
        ("dbt_project/macros/a.sql", "{{ run_started_at }}"),
    ],
)
def test_a_read_of_the_clock_is_found(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path / name, text)
    assert len(house.reads_of_the_clock(tmp_path)) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("foundation/clock.py", "from datetime import datetime\nx = datetime.now(UTC)"),
        ("quality/a.py", '"""Never calls now() itself."""\n'),
        ("quality/a.py", "import time\nx = time.monotonic()"),
        ("dbt_project/models/a.sql", "-- no now() here\nselect nowhere from today_s /* now() */"),
    ],
)
def test_what_only_mentions_the_clock_is_fine(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path / name, text)
    assert house.reads_of_the_clock(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [('"""Doc."""\n', 1), (f"{house.HEADER}\nx = 1\n", 1), (f'{house.HEADER}\n"""Doc."""\n', 0)],
)
def test_a_missing_header_is_found(tmp_path: Path, text: str, expected: int) -> None:
    write(tmp_path / "a.py", text)
    assert len(house.python_without_header(tmp_path)) == expected


@pytest.mark.parametrize(
    "text",
    [
        '"resolved": "ht' + 'tps://registry.example/x.tgz"',
        "pip install --in" + "dex-url https://example.org/simple",
        "registry = " + '"ht' + 'tps://example.org"',
        "path: /ro" + "ot/lake",
        "cd /wo" + "rk/main",
        "open('/ho" + "me/anna/x')",
    ],
)
def test_a_registry_or_machine_path_is_found(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "a.txt", f"first\n{text}\n")
    assert len(house.machine_paths_and_registries([path])) == 1


@pytest.mark.parametrize("text", ["--no-emit-index-url", "https://example.org/work/a", "../work/a"])
def test_an_address_of_the_web_is_no_machine_path(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "a.txt", text)
    assert house.machine_paths_and_registries([path]) == []


def test_a_long_file_is_found(tmp_path: Path) -> None:
    write(tmp_path / "a.sql", "select 1\n" * (house.MAX_LINES + 1))
    write(tmp_path / "b.sql", "select 1\n" * house.MAX_LINES)
    assert [line.split(":")[0] for line in house.too_long(tmp_path)] == ["a.sql"]


@pytest.mark.parametrize(
    "text", ["# TO" + "DO later", "-- FIX" + "ME", "raise NotImplemented" + "Error"]
)
def test_an_unfinished_place_is_found(tmp_path: Path, text: str) -> None:
    write(tmp_path / "a.py", text)
    assert len(house.unfinished(tmp_path)) == 1


def test_a_swallowed_error_is_found(tmp_path: Path) -> None:
    write(tmp_path / "a.py", "try:\n    f()\nexcept OSError:\n    pass\n")
    write(tmp_path / "b.py", "try:\n    f()\nexcept OSError:\n    g()\n")
    assert [line.split(":")[0] for line in house.swallowed_errors(tmp_path)] == ["a.py"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pytest.skip('slow')", 1),
        ("pytest.importorskip('x')", 1),
        ("@pytest.mark.xfail\ndef test_a(): ...", 1),
        ("with pytest.raises(ValueError):\n    f()", 1),
        ("with pytest.raises(ValueError, match='a'):\n    f()", 0),
        ("pytest.skip('../shared/data is not there')", 0),
    ],
)
def test_a_soft_test_is_found(tmp_path: Path, text: str, expected: int) -> None:
    write(tmp_path / "test_a.py", text)
    assert len(house.soft_tests(tmp_path)) == expected
