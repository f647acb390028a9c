# SPDX-License-Identifier: Apache-2.0
"""Responses as LimeSurvey exports them: JSON of RemoteControl's ``export_responses``.

Belongs here: the JSON (``heading_type=code``, ``response_type=short``), short codes of answers
(contract option ``answerCodes``) and the wave, which stands in the file's name. Does not belong
here: what an answer may be (the contract), which response counts (``dropRows`` there).

Only questions that the contract keeps are read: token, IP address, referring page, free text and
any question that the contract does not name never leave this module. LimeSurvey before version 4
wraps each response in an object under its number; both forms are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from foundation.contracts import Contract, ContractObject
from foundation.errors import BadDelivery, Finding
from ingestion.adapter import ROW_NUMBER, Parsed, kept_fields, refuse, utf8_bytes
from ingestion.documents import kind_of
from ingestion.sensors.times import days_of_texts

SENT = "submitdate"
WAVE = "wave_month"
_WAVE_IN_NAME = re.compile(r"(?<!\d)(20\d{2})-(0[1-9]|1[0-2])(?!\d)")
_SHOWN = 5
Response = dict[str, Any]


class LimeSurveyAdapter:
    """Reads one wave: every response begun, whether it was sent or not."""

    name = "surveys.limesurvey"

    def period(self, file_name: str, data: bytes, contract: Contract) -> tuple[date, date]:
        """Days of the first and the last response that was sent. Raises BadDelivery."""
        sent = [str(r[SENT])[:10] for r in _responses(file_name, data) if r.get(SENT)]
        return days_of_texts(sent, "%Y-%m-%d", file_name, SENT)

    def parse(self, file_name: str, data: bytes, contract: Contract) -> Parsed:
        """The responses as text; row numbers count responses, the first is 1. Raises BadDelivery."""
        obj = contract.objects[0]
        responses = _responses(file_name, data)
        kept = kept_fields(obj)
        _check_questions(file_name, responses, list(kept))
        columns = {name: [_text(r[source]) for r in responses] for source, name in kept.items()} | {
            WAVE: [_wave(file_name)] * len(responses)
        }
        codes: Mapping[str, Mapping[str, str]] = contract.options.get("answerCodes") or {}
        for name, meaning in codes.items():
            # A code that the contract does not know stays, so that the contract refuses and shows it.
            columns[name] = [meaning.get(v, v) if v else v for v in columns[name]]
        return Parsed({obj.name: _table(obj, columns, len(responses))})


def _table(obj: ContractObject, columns: Mapping[str, list[str | None]], rows: int) -> pa.Table:
    names = [f.name for f in obj.fields if f.name in columns]
    texts = {name: pa.array(columns[name], pa.string()) for name in names}
    return pa.table({**texts, ROW_NUMBER: pa.array(range(1, rows + 1), pa.int64())})


def _wave(file_name: str) -> str:
    """First day of the wave's month, from the file's name; its folders do not count."""
    found = _WAVE_IN_NAME.findall(file_name.rsplit("/", 1)[-1])
    if len(found) != 1:
        raise refuse(
            file_name,
            rule="welle_unbekannt",
            found="einen Dateinamen ohne Monat der Befragung" if not found else "mehrere Monate",
            expected="genau einen Monat wie in panel_2026-02.json",
            remedy="Datei nach dem Monat der Befragung benennen und erneut einliefern",
        )
    year, month = found[0]
    return f"{year}-{month}-01"


def _responses(file_name: str, data: bytes) -> list[Response]:
    content = _json(file_name, utf8_bytes(data, file_name))
    listed = content.get("responses") if isinstance(content, dict) else None
    if not isinstance(listed, list):
        raise refuse(
            file_name,
            rule="angabe_fehlt",
            field="responses",
            found=_refusal(content),
            expected="eine Liste von Antworten unter „responses“",
            remedy="Export (export_responses, JSON) wiederholen und unverändert einliefern",
        )
    if not listed:
        raise refuse(
            file_name,
            rule="datei_leer",
            field="responses",
            found="keine einzige Antwort",
            expected="mindestens eine Antwort",
            remedy="in LimeSurvey prüfen, ob die richtige Umfrage exportiert wurde",
        )
    responses = [_unwrapped(item) for item in listed]
    for number, response in enumerate(responses, start=1):
        if not isinstance(response, dict):
            raise refuse(
                file_name,
                rule="antwort_unlesbar",
                row=number,
                found=f"{kind_of(response)} statt einer Antwort",
                expected="je Antwort ein Objekt mit Fragen und Antworten",
                remedy="Export (export_responses, JSON) wiederholen und unverändert einliefern",
            )
    return responses


def _unwrapped(item: Any) -> Any:
    if isinstance(item, dict) and len(item) == 1:
        (only,) = item.values()
        return only if isinstance(only, dict) else item
    return item


def _json(file_name: str, data: bytes) -> Any:
    try:
        return json.loads(data)
    except json.JSONDecodeError as error:
        at_end = error.pos >= len(error.doc.rstrip()) - 1
        cut = at_end or error.msg.startswith("Unterminated string")
        raise refuse(
            file_name,
            rule="datei_abgeschnitten" if cut else "datei_unlesbar",
            row=error.lineno,
            found="ein vorzeitiges Ende" if cut else f"kein JSON ab Spalte {error.colno}",
            expected="ein vollständiger Export als JSON",
            remedy="Export wiederholen und vollständig einliefern",
        ) from error


def _refusal(content: Any) -> str:
    # RemoteControl answers a failed call with {"status": "…"} in place of the export.
    status = content.get("status") if isinstance(content, dict) else None
    return f"die Meldung „{str(status)[:80]}“" if status else "JSON ohne diese Angabe"


def _check_questions(file_name: str, responses: list[Response], wanted: list[str]) -> None:
    findings = []
    for question in wanted:
        without = [n for n, r in enumerate(responses, start=1) if question not in r]
        if without:
            findings.append(
                Finding(
                    file=file_name,
                    row=without[0],
                    field=question,
                    found=f"{len(without)} von {len(responses)} Antworten ohne diese Frage",
                    expected=f"die Frage mit dem Kurzzeichen {question} in jeder Antwort",
                    remedy="Kurzzeichen in LimeSurvey oder im Vertrag angleichen und mit "
                    "heading_type=code erneut exportieren",
                    rule="frage_fehlt",
                )
            )
    if findings:
        raise BadDelivery(findings[:_SHOWN])


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


ADAPTER = LimeSurveyAdapter()
