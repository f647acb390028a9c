# SPDX-License-Identifier: Apache-2.0
"""An experiment is registered before it starts, with one wording; whatever else is refused in a sentence."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.experiments.registry import (
    Entry,
    Registration,
    canonical,
    changed_after_start,
    entry_sha256,
    load_entries,
    load_registrations,
    register,
    registered,
    with_diagnosis,
    write_registrations,
)
from foundation.errors import ConfigError
from tests.analysis.experiments.samples import DIAGNOSIS, FIRST, START, content, entry, record

BEFORE, AFTER = START - dt.timedelta(days=3), START + dt.timedelta(days=3)
WHO: dict[str, Any] = {"organ": "Beirat", "minutes": "Protokoll 1"}


def lay(folder: Path, text: str, name: str = "gassen") -> Path:
    """An entry's file in a cooperative's folder."""
    path = folder / "experiments" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def text_of(**changes: Any) -> str:
    return yaml.safe_dump(content(**changes), allow_unicode=True, sort_keys=False)


def test_comments_and_layout_change_no_fingerprint(tmp_path: Path) -> None:
    lay(tmp_path, "# Ein Versuch\n" + text_of())
    assert entry_sha256(load_entries(tmp_path)["gassen"]) == entry_sha256(
        Entry.model_validate(content())
    )


def test_every_change_of_content_changes_the_fingerprint() -> None:
    assert entry_sha256(entry()) != entry_sha256(entry(cost_eur=101))


def test_the_canonical_form_is_one_line_with_sorted_keys() -> None:
    text = canonical(entry())
    assert "\n" not in text
    assert text.startswith('{"analysis":')


def test_registered_before_the_start_it_stands(tmp_path: Path) -> None:
    records = register(entry(), (), on=BEFORE, **WHO)
    write_registrations(tmp_path, "gassen", records)
    assert load_registrations(tmp_path) == {"gassen": records}
    assert registered(entry(), records).registered_on == BEFORE


def test_registering_the_same_again_changes_nothing() -> None:
    records = register(entry(), (), on=BEFORE, **WHO)
    assert register(entry(), records, on=AFTER, **WHO) == records


def test_after_the_start_nothing_new_is_registered() -> None:
    with pytest.raises(
        ConfigError, match="gefunden eine Anmeldung am 07.05.2026, erwartet vor dem"
    ):
        register(entry(), (), on=AFTER, **WHO)


def test_the_day_of_the_start_is_too_late() -> None:
    with pytest.raises(ConfigError, match="erwartet vor dem Beginn am 04.05.2026"):
        register(entry(), (), on=START, **WHO)


def test_another_wording_of_the_same_version_is_refused() -> None:
    records = register(entry(), (), on=BEFORE, **WHO)
    with pytest.raises(ConfigError, match="Fassung 1 ist seit 01.05.2026 mit anderem Wortlaut"):
        register(entry(cost_eur=1), records, on=BEFORE, **WHO)


def test_without_a_diagnosis_nothing_is_registered() -> None:
    with pytest.raises(ConfigError, match="ortskern experiment diagnose gassen"):
        register(Entry.model_validate(content()), (), on=BEFORE, **WHO)


def test_a_skipped_version_is_refused() -> None:
    with pytest.raises(ConfigError, match="Feld „version“: gefunden 3, erwartet 1"):
        register(entry(version=3), (), on=BEFORE, **WHO)


def test_a_change_after_the_start_is_a_new_version_and_shows() -> None:
    records = register(entry(), (), on=BEFORE, **WHO)
    later = entry(version=2, cost_eur=1)
    records = register(later, records, on=AFTER, **WHO)
    assert registered(later, records).version == 2
    assert changed_after_start(later, records) == AFTER


def test_a_change_before_the_start_does_not_show() -> None:
    records = register(entry(), (), on=BEFORE, **WHO)
    records = register(entry(version=2, cost_eur=1), records, on=BEFORE, **WHO)
    assert changed_after_start(entry(version=2, cost_eur=1), records) is None


def test_what_is_not_registered_is_not_evaluated() -> None:
    with pytest.raises(ConfigError, match="nicht angemeldet, deshalb nicht ausgewertet"):
        registered(entry(), ())


def test_a_changed_wording_is_not_evaluated() -> None:
    with pytest.raises(ConfigError, match="der Wortlaut von Fassung 1 ist nicht der angemeldete"):
        registered(entry(cost_eur=1), (record(entry()),))


def test_a_record_with_a_day_after_the_start_counts_for_nothing() -> None:
    with pytest.raises(ConfigError, match="angemeldet am 07.05.2026, erwartet vor dem Beginn"):
        registered(entry(), (record(entry(), AFTER),))


def test_a_diagnosis_is_written_into_the_file_and_nothing_else_changes() -> None:
    text = "# Versuch\n" + text_of()
    once = with_diagnosis(text, DIAGNOSIS)
    assert once.startswith(text.rstrip("\n"))
    assert Entry.model_validate(yaml.safe_load(once)).diagnosis == DIAGNOSIS


def test_a_second_diagnosis_replaces_the_first() -> None:
    once = with_diagnosis(text_of(), DIAGNOSIS)
    other = DIAGNOSIS.model_copy(update={"trials": 7})
    twice = with_diagnosis(once, other)
    assert twice.count("diagnosis:") == 1
    assert Entry.model_validate(yaml.safe_load(twice)).diagnosis == other


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": 0}, "Feld „version“"),
        ({"hypothesis": ""}, "Feld „hypothesis“"),
        (
            {"test": {"first_day": START, "last_day": dt.date(2026, 6, 27)}},
            "von Montag bis Sonntag",
        ),
        (
            {"baseline": {"first_day": dt.date(2026, 4, 6), "last_day": START - dt.timedelta(1)}},
            "kürzer als acht",
        ),
        (
            {"baseline": {"first_day": dt.date(2026, 1, 5), "last_day": dt.date(2026, 4, 26)}},
            "endet am Tag vor",
        ),
        (
            {"units": {"kind": "block", "treated": ["A"], "controls": ["A", "B"]}},
            "auf beiden Seiten",
        ),
        ({"surprise": 1}, "Feld „surprise“"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_field(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    lay(tmp_path, text_of(**changes))
    with pytest.raises(ConfigError, match=f"experiments/gassen.yaml.*{message}"):
        load_entries(tmp_path)


def test_a_file_with_another_name_than_its_entry_is_refused(tmp_path: Path) -> None:
    lay(tmp_path, text_of(), name="anders")
    with pytest.raises(ConfigError, match="gefunden „gassen“, erwartet „anders“"):
        load_entries(tmp_path)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    lay(tmp_path, "x").write_bytes(text_of().encode("utf-16"))
    with pytest.raises(ConfigError, match="kein gültiges YAML in UTF-8"):
        load_entries(tmp_path)


def test_an_incomplete_record_is_refused(tmp_path: Path) -> None:
    path = write_registrations(tmp_path, "gassen", (record(entry()),))
    path.write_text(path.read_text("utf-8").replace("organ", "wer"), "utf-8")
    with pytest.raises(ConfigError, match="gassen.yaml“, Feld „registrations.0.organ“"):
        load_registrations(tmp_path)


def test_a_record_names_who_when_and_what() -> None:
    (found,) = register(entry(), (), on=BEFORE, **WHO)
    assert found == Registration(
        version=1,
        registered_on=BEFORE,
        entry_sha256=entry_sha256(entry()),
        organ="Beirat",
        minutes="Protokoll 1",
        first_day=entry().test.first_day,
    )


def later(start: dt.date, version: int) -> Entry:
    """The sample's entry, begun four weeks later."""
    return entry(
        version=version,
        baseline={"first_day": FIRST, "last_day": start - dt.timedelta(days=1)},
        test={"first_day": start, "last_day": start + dt.timedelta(days=55)},
    )


def test_a_start_that_is_moved_later_hides_no_change() -> None:
    (first,) = register(entry(), (), on=BEFORE, **WHO)
    moved, on = later(START + dt.timedelta(weeks=4), 2), START + dt.timedelta(days=24)
    records = register(moved, (first,), on=on, **WHO)
    assert changed_after_start(moved, records) == on


def test_a_plan_changed_since_its_diagnosis_is_not_registered() -> None:
    said = entry().model_dump(mode="json")
    said["target"]["minimum_relevant_percent"] = 0.5
    with pytest.raises(ConfigError, match="seit dem Durchrechnen wurde der Plan geändert"):
        register(Entry.model_validate(said), (), on=BEFORE, **WHO)


def test_a_window_that_can_never_stand_out_is_not_registered() -> None:
    start = FIRST + dt.timedelta(weeks=8)
    short = later(start, 1)
    with pytest.raises(ConfigError, match=r"gefunden 16 Wochen, davon 8 .* nie unter 0,125 kommen"):
        register(short, (), on=FIRST, **WHO)
