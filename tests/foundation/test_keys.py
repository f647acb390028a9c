# SPDX-License-Identifier: Apache-2.0
"""The root secret: made once, private, brought back by its recovery text, and derived by purpose."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.errors import ConfigError
from foundation.keys import Keys, open_keys, root_from_recovery_text
from foundation.settings import Settings, load_settings

ROOTS = st.binary(min_size=32, max_size=32)
PURPOSES = st.text(min_size=1, max_size=40)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a machine without keys."""
    return load_settings(home=tmp_path / "home")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@given(root=ROOTS)
def test_the_recovery_text_gives_the_root_back(root: bytes) -> None:
    assert root_from_recovery_text(Keys(root).recovery_text) == root


@given(root=ROOTS)
def test_spaces_and_small_letters_do_not_matter(root: bytes) -> None:
    text = Keys(root).recovery_text.replace(" ", "").lower()
    assert root_from_recovery_text(f" {text} ") == root


@given(root=ROOTS, place=st.integers(0, 54), letter=st.sampled_from(LETTERS))
def test_one_wrong_letter_is_noticed(root: bytes, place: int, letter: str) -> None:
    text = Keys(root).recovery_text.replace(" ", "")
    wrong = text[:place] + letter + text[place + 1 :]
    if wrong != text:
        with pytest.raises(ConfigError, match="die Prüfzeichen stimmen nicht"):
            root_from_recovery_text(wrong)


@given(text=st.text(max_size=80))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="Wiederherstellungstext: die Prüfzeichen"):
        root_from_recovery_text(text)


@given(root=ROOTS, one=PURPOSES, other=PURPOSES)
def test_purposes_have_different_keys(root: bytes, one: str, other: str) -> None:
    same = Keys(root).derive(one) == Keys(root).derive(other)
    assert same == (one == other)


@given(one=ROOTS, other=ROOTS)
def test_roots_have_different_keys(one: bytes, other: bytes) -> None:
    assert (Keys(one).derive("register") == Keys(other).derive("register")) == (one == other)


@given(root=ROOTS, purpose=PURPOSES)
def test_a_derived_key_is_not_the_root(root: bytes, purpose: str) -> None:
    derived = Keys(root).derive(purpose)
    assert len(derived) == 32
    assert derived != root


def test_the_recovery_text_is_groups_of_four() -> None:
    groups = Keys(bytes(32)).recovery_text.split(" ")
    assert {len(g) for g in groups} == {4}


def test_the_first_call_makes_keys_and_says_so(settings: Settings) -> None:
    assert open_keys(settings).is_new


def test_the_second_call_reads_the_same_keys(settings: Settings) -> None:
    first, second = open_keys(settings), open_keys(settings)
    assert not second.is_new
    assert first.derive("x") == second.derive("x")


def test_keys_are_private(settings: Settings) -> None:
    open_keys(settings)
    assert mode(settings.home) == 0o700
    assert mode(settings.keys_dir) == 0o700
    assert mode(settings.keys_dir / "root.key") == 0o600


def test_keys_do_not_show_themselves(settings: Settings) -> None:
    assert repr(open_keys(settings)) == "Keys(…)"


def test_the_signing_key_is_always_the_same(settings: Settings) -> None:
    keys = open_keys(settings)
    assert keys.signing_key().private_bytes_raw() == keys.signing_key().private_bytes_raw()


def test_keys_come_back_on_another_machine(settings: Settings, tmp_path: Path) -> None:
    lost = open_keys(settings)
    found = open_keys(load_settings(home=tmp_path / "neu"), lost.recovery_text)
    assert found.derive("register") == lost.derive("register")
    assert not found.is_new


def test_keys_that_are_there_are_not_replaced(settings: Settings) -> None:
    text = open_keys(settings).recovery_text
    with pytest.raises(ConfigError, match="vor der Wiederherstellung dort wegräumen"):
        open_keys(settings, text)


def test_a_damaged_key_is_named(settings: Settings) -> None:
    open_keys(settings)
    (settings.keys_dir / "root.key").write_bytes(b"kurz")
    with pytest.raises(ConfigError, match="ist beschädigt; aus dem Wiederherstellungstext"):
        open_keys(settings)


def test_beside_a_lake_no_new_keys_are_made(settings: Settings) -> None:
    (settings.home / "lake").mkdir(parents=True)
    (settings.home / "lake" / "catalog.sqlite").write_bytes(b"")
    with pytest.raises(ConfigError, match="ortskern init --wiederherstellen"):
        open_keys(settings)


def test_a_wrong_text_makes_no_keys(settings: Settings) -> None:
    with pytest.raises(ConfigError, match="jede Vierergruppe mit dem Ausdruck vergleichen"):
        open_keys(settings, "ABCD")
    assert not settings.keys_dir.exists()
