# SPDX-License-Identifier: Apache-2.0
"""A dbt run as a step shows it: the sentence about its failure, and where its lines go."""

import io
import json
from pathlib import Path

import pytest

from orchestration.dbt_run import _Log, failure, results


def written(folder: Path, **result: object) -> Path:
    """A target folder with one passed result and the given one."""
    passed = {"unique_id": "model.ortskern.dim_day", "status": "success", "message": "OK"}
    (folder / "run_results.json").write_text(json.dumps({"results": [passed, result]}))
    return folder


def test_a_failed_test_is_named_with_its_rows(tmp_path: Path) -> None:
    target = written(
        tmp_path, unique_id="test.ortskern.net_and_vat_make_gross.a1", status="fail", failures=3
    )
    sentence = failure(target, Path("logs"))
    assert sentence.startswith(
        "Prüfung „net_and_vat_make_gross“ der Modelle: gefunden 3 Zeilen, die ihr widersprechen"
    )
    assert sentence.count("\n") == 0


def test_a_model_that_cannot_be_built_is_named_with_the_reason_in_one_line(tmp_path: Path) -> None:
    target = written(
        tmp_path,
        unique_id="model.ortskern.fct_receipt",
        status="error",
        message="Runtime Error in model fct_receipt\n  Binder Error: no column",
    )
    assert failure(target, Path("logs")) == (
        "Modell „fct_receipt“ ist nicht zu bauen (Runtime Error in model fct_receipt Binder Error: no column); "
        "dbts Ausgabe steht in „logs“."
    )


def test_without_results_the_sentence_says_where_to_look(tmp_path: Path) -> None:
    assert results(tmp_path) == []
    assert "bevor ein Modell gebaut war" in failure(tmp_path, Path("logs"))


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("25 of 99 OK created sql table model core.fct_consent ... [OK in 0.11s]", (25, 99)),
        ("26 of 99 PASS a_till_stands_in_one_shop ... [PASS in 0.04s]", (26, 99)),
        ("27 of 99 START sql table model core.fct_product_sale ... [RUN]", (0, 1)),
        ("Concurrency: 1 threads (target='lake')", (0, 1)),
    ],
)
def test_lines_go_into_the_file_and_their_numbers_are_the_progress(
    line: str, seen: tuple[int, int]
) -> None:
    file, terminal = io.StringIO(), io.StringIO()
    log = _Log(file, terminal)
    log.write(f"{line}\n")
    assert (log.done, log.total) == seen
    assert file.getvalue() == f"{line}\n"
    assert terminal.getvalue() == ""
