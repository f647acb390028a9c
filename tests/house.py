# SPDX-License-Identifier: Apache-2.0
"""The rules of the house as functions: each takes a folder or file and returns what breaks a rule.

Belongs here: rules that hold for every file and that a linter does not know. Does not belong here:
what a single module should do. A finding is a line "path:line: what is wrong".
"""

import ast
import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

PACKAGES = ("foundation", "quality", "ingestion", "analysis", "reports", "orchestration")
# Who may import whom, beside itself
ALLOWED = {
    "foundation": frozenset[str](),
    "quality": frozenset({"foundation"}),
    "ingestion": frozenset({"foundation", "quality"}),
    "analysis": frozenset({"foundation"}),
    "reports": frozenset({"foundation"}),
    "orchestration": frozenset(PACKAGES),
}
HEADER = "# SPDX-License-Identifier: Apache-2.0"
CLOCK = Path("foundation/clock.py")
MAX_LINES = 450
LEFT_OUT = frozenset(
    {".venv", "node_modules", "var", "build", "target", "__pycache__", ".evidence", ".svelte-kit"}
)

CLOCK_CALLS = frozenset({"now", "today", "utcnow", "time_ns", "localtime", "gmtime"})
SQL_CLOCK = re.compile(
    r"\b(?:current_date|current_time|current_timestamp|localtimestamp|get_current_timestamp"
    r"|transaction_timestamp|run_started_at)\b|\b(?:now|today)\s*\(|modules\.datetime",
    re.IGNORECASE,
)
SQL_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/|\{#.*?#\}", re.DOTALL)
SOFT = frozenset({"pytest.mark.xfail", "pytest.mark.skip", "pytest.importorskip"})
UNFINISHED = re.compile(
    r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|raise\s+NotImplemented" + r"Error)\b"
)
# Put together, so that this file does not hold what it looks for
MACHINE = re.compile(
    r"(?<![\w.])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me/[a-z_]\w*|Us" + r"ers/[A-Za-z]\w*)/"
)
REGISTRY = re.compile(
    r'"resolved":\s*"ht' + r"tp|--(?:extra-|default-)?in" + r'dex-url|registry\s*=\s*"?ht' + r"tp"
    r"|^\s*in" + r"dex-url\s*=|UV_(?:DEFAULT_)?IN" + r"DEX(?:_URL)?\s*[=:]\s*\"?http",
    re.MULTILINE,
)


def files(root: Path, *suffixes: str) -> Iterator[Path]:
    """Files below `root` with one of the suffixes, without environments and build outputs."""
    for place, folders, names in os.walk(root):
        # Not entered at all: a folder of Node packages holds tens of thousands of files
        folders[:] = sorted(set(folders) - LEFT_OUT)
        yield from (Path(place, name) for name in sorted(names) if name.endswith(suffixes))


def tracked(root: Path) -> list[Path]:
    """Files that git holds, or would with the next `git add`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return [root / name for name in answer.stdout.split("\0") if name and (root / name).is_file()]


def _text(path: Path) -> str:
    """Content of a text file; empty for anything else (pictures, deliveries)."""
    content = path.read_bytes()
    return "" if b"\0" in content[:8192] else content.decode("utf-8", errors="replace")


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and first part of every imported module, also inside functions and by its name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.lineno, node.module.split(".")[0]
        elif isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            called = node.func.id if isinstance(node.func, ast.Name) else called
            first = node.args[0]
            if called in {"import_module", "__import__"} and isinstance(first, ast.Constant):
                yield node.lineno, str(first.value).split(".")[0]


def imports_against_the_rule(root: Path) -> list[str]:
    """Imports between packages that do not point one way; tests are imported by nobody."""
    found = []
    for package in PACKAGES:
        for path in files(root / package, ".py"):
            for line, name in _imported(ast.parse(_text(path))):
                foreign = name in PACKAGES and name != package and name not in ALLOWED[package]
                if foreign or name == "tests":
                    found.append(f"{path.relative_to(root)}:{line}: {package} imports {name}")
    return found


def _docstrings(tree: ast.AST) -> set[int]:
    """Identities of the constants that are docstrings."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, holders) and node.body and isinstance(node.body[0], ast.Expr)
    }


def reads_of_the_clock(root: Path) -> list[str]:
    """Python and SQL (also inside Python) that asks for the time, outside foundation/clock.py."""
    found = []
    for package in PACKAGES:
        for path in files(root / package, ".py"):
            if path.relative_to(root) != CLOCK:
                found += [f"{path.relative_to(root)}:{hit}" for hit in _python_clock(path)]
    for folder in (*PACKAGES, "dbt_project"):
        for path in files(root / folder, ".sql", ".yml"):
            text = SQL_COMMENT.sub(lambda hit: "\n" * hit[0].count("\n"), _text(path))
            found += [
                f"{path.relative_to(root)}:{_line(text, hit.start())}: {hit[0]}"
                for hit in SQL_CLOCK.finditer(text)
            ]
    return found


def _python_clock(path: Path) -> Iterator[str]:
    tree = ast.parse(_text(path))
    docstrings = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            is_time = (
                isinstance(owner, ast.Name) and owner.id == "time" and node.func.attr == "time"
            )
            if node.func.attr in CLOCK_CALLS or is_time:
                yield f"{node.lineno}: {ast.unparse(node.func)}()"
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            for name in node.names:
                if name.name in CLOCK_CALLS | {"time"}:
                    yield f"{node.lineno}: from time import {name.name}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            hit = SQL_CLOCK.search(node.value)
            if hit and id(node) not in docstrings:
                yield f"{node.lineno}: {hit[0]}"


def python_without_header(root: Path) -> list[str]:
    """Python files without the licence's line or without a docstring after it."""
    found = []
    for path in files(root, ".py"):
        text = _text(path)
        lines = text.splitlines()
        if not text.strip() and path.name == "__init__.py":
            continue
        if HEADER not in lines[:2]:
            found.append(f"{path.relative_to(root)}:1: no line {HEADER!r}")
        elif not ast.get_docstring(ast.parse(text)):
            found.append(f"{path.relative_to(root)}:2: no module docstring")
    return found


def machine_paths_and_registries(paths: Iterable[Path]) -> list[str]:
    """Files that name a package registry's address or a place on somebody's machine."""
    found = []
    for path in paths:
        text = _text(path)
        for pattern in (MACHINE, REGISTRY):
            found += [
                f"{path}:{_line(text, hit.start())}: {hit[0]}" for hit in pattern.finditer(text)
            ]
    return found


def too_long(root: Path) -> list[str]:
    """Python, SQL and Typst files that nobody reads in one go."""
    return [
        f"{path.relative_to(root)}:{lines}: more than {MAX_LINES} lines"
        for path in files(root, ".py", ".sql", ".typ")
        if (lines := len(_text(path).splitlines())) > MAX_LINES
    ]


def unfinished(root: Path) -> list[str]:
    """Notes of work left over, and code that only says it is not there."""
    found = []
    for path in files(
        root, ".py", ".sql", ".typ", ".mjs", ".js", ".svelte", ".yml", ".yaml", ".md"
    ):
        text = _text(path)
        found += [
            f"{path.relative_to(root)}:{_line(text, hit.start())}: {hit[0]}"
            for hit in UNFINISHED.finditer(text)
        ]
    return found


def swallowed_errors(root: Path) -> list[str]:
    """`except` without a word about what is done with the error."""
    found = []
    for path in files(root, ".py"):
        for node in ast.walk(ast.parse(_text(path))):
            if isinstance(node, ast.ExceptHandler):
                only = node.body[0]
                empty = isinstance(only, ast.Expr) and isinstance(only.value, ast.Constant)
                if len(node.body) == 1 and (isinstance(only, ast.Pass) or empty):
                    found.append(f"{path.relative_to(root)}:{node.lineno}: error is swallowed")
    return found


def soft_tests(root: Path) -> list[str]:
    """Tests that skip or expect failure, and `pytest.raises` without `match`.

    Skipping is allowed where the text says that shared/data is not there.
    """
    found = []
    for path in files(root, ".py"):
        for node in ast.walk(ast.parse(_text(path))):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in SOFT:
                found.append(f"{path.relative_to(root)}:{node.lineno}: {ast.unparse(node)}")
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                words = ast.unparse(node)
                skips = called in {"pytest.skip", "pytest.mark.skipif"}
                if skips and "shared/data" not in words:
                    found.append(f"{path.relative_to(root)}:{node.lineno}: {called}")
                keywords = {keyword.arg for keyword in node.keywords}
                if called == "pytest.raises" and "match" not in keywords:
                    found.append(f"{path.relative_to(root)}:{node.lineno}: raises without match")
    return found
