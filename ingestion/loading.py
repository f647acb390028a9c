# SPDX-License-Identifier: Apache-2.0
"""From landed deliveries to `raw`: the way every source takes.

Belongs here: the order of the steps for one contract: what is pending, read, admitted, packed,
checked, loaded, registered. Does not belong here: the steps themselves (modules beside this one).

A delivery is registered as loaded after its rows are in; a run killed between the two is taken
back by the next one, so rows are neither lost nor counted twice.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import pyarrow as pa

from foundation.clock import as_of, local_date
from foundation.contracts import Contract
from foundation.cooperative import load_cooperative
from foundation.errors import BadDelivery, Finding
from foundation.keys import Keys
from foundation.lakehouse import Lakehouse
from foundation.settings import Settings
from ingestion import quarantine, raw
from ingestion.adapter import Adapter, Parsed, Registering, read_with
from ingestion.admission import Admission
from ingestion.landing import (
    Delivery,
    Event,
    Landing,
    Progress,
    pending,
    prepare,
    quiet,
    record,
    workers,
)
from ingestion.packages import Outcome, SuiteResult, process, text_tables
from ingestion.pseudonyms import Pseudonyms
from ingestion.registry import adapter_for

PACKAGE_ROWS = 500_000
# A daily file is small: a package is closed at this number of deliveries too.
PACKAGE_DELIVERIES = 2_000


@dataclass
class LoadReport:
    """What one load of one contract did.

    `rows` counts loaded rows by table; `deliveries` by what became of them (loaded, quarantined,
    refused, waiting: not looked at because a till is still unknown); `violations` counts rows by
    (table, rule, severity); `findings` are examples, worst deliveries first.
    """

    contract_id: str
    rows: Counter[str] = field(default_factory=Counter)
    deliveries: Counter[str] = field(default_factory=Counter)
    left_out_rows: int = 0
    packages: int = 0
    violations: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    suite: list[SuiteResult] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    first_date: date | None = None
    last_date: date | None = None

    @property
    def quarantined_share(self) -> float:
        """Share of deliveries, or of rows where single rows stay out, that went to quarantine."""
        if self.left_out_rows:
            return self.left_out_rows / (self.left_out_rows + sum(self.rows.values()))
        looked_at = sum(n for event, n in self.deliveries.items() if event != "waiting")
        return self.deliveries["quarantined"] / looked_at if looked_at else 0.0


MAX_FINDINGS = 50


def load_contract(
    settings: Settings,
    lakehouse: Lakehouse,
    keys: Keys,
    contract: Contract,
    first_day: date | None = None,
    last_day: date | None = None,
    progress: Progress = quiet,
    *,
    with_suite: bool = True,
) -> LoadReport:
    """Load what is pending of one contract, for deliveries that cover a day of the range.

    Bad deliveries and rows go to quarantine and stop nothing else. Where nothing is pending,
    nothing is written. `with_suite` runs the Great Expectations suite on each package besides the
    rules on every row.

    Raises:
        OrtskernError: a delivery cannot be read back, or the lake refuses; the next run completes.
    """
    with lakehouse.lock():
        return _Load(settings, lakehouse, keys, contract, progress, with_suite).run(
            first_day, last_day
        )


class _Load:
    def __init__(
        self,
        settings: Settings,
        lakehouse: Lakehouse,
        keys: Keys,
        contract: Contract,
        progress: Progress,
        with_suite: bool,
    ) -> None:
        self.settings, self.lakehouse, self.keys, self.contract = (
            settings,
            lakehouse,
            keys,
            contract,
        )
        self.progress, self.with_suite = progress, with_suite
        self.adapter: Adapter = adapter_for(contract)
        self.landing = Landing(settings, keys)
        self.instant: datetime = as_of(settings)
        self.report = LoadReport(contract.id)

    def run(self, first_day: date | None, last_day: date | None) -> LoadReport:
        with self.lakehouse.writer() as con:
            prepare(con)
            raw.create_tables(con, self.contract)
            open_deliveries = pending(con, self.contract.id, first_day, last_day)
            admission = Admission(
                con,
                self.contract,
                Pseudonyms(self.keys),
                local_date(self.settings),
                load_cooperative(self.settings.cooperative).timezone,
            )
            due = [d for d in open_deliveries if admission.is_due(d)]
            self.report.deliveries["waiting"] = len(open_deliveries) - len(due)
            if due:
                raw.take_back(con, self.contract, [d.sha256 for d in open_deliveries])
        if due:
            self._load(due, admission)
        return self.report

    def _load(self, due: Sequence[Delivery], admission: Admission) -> None:
        package: list[tuple[Delivery, Parsed]] = []
        stopped: list[tuple[Event, list[Finding]]] = []
        rows = 0
        for number, (delivery, outcome) in enumerate(self._read(due), start=1):
            if number % 100 == 0 or number == len(due):
                self.progress(f"{self.contract.name} lesen", number, len(due))
            if isinstance(outcome, BadDelivery):
                event = Event(delivery, "quarantined", outcome.findings[0].rule)
                stopped.append((event, outcome.findings))
                continue
            verdict = admission.judge(delivery, outcome)
            if verdict is not None:
                event = Event(delivery, verdict.event, verdict.finding.rule, verdict.subjects)
                stopped.append((event, [verdict.finding]))
                continue
            package.append((delivery, outcome))
            rows += max((len(t) for t in outcome.tables.values()), default=0)
            if rows >= PACKAGE_ROWS or len(package) >= PACKAGE_DELIVERIES:
                self._finish(package, stopped)
                package, stopped, rows = [], [], 0
        if package or stopped:
            self._finish(package, stopped)

    def _read(self, due: Sequence[Delivery]) -> Iterator[tuple[Delivery, Parsed | BadDelivery]]:
        """Read and parse in threads, in order, a few deliveries ahead of the package."""
        sealed = self.landing.keys_of(d.sha256 for d in due)
        count = workers()
        with ThreadPoolExecutor(count) as pool:
            ahead: deque[Future[tuple[Delivery, Parsed | BadDelivery]]] = deque()
            for delivery in due:
                ahead.append(pool.submit(self._parse, delivery, sealed.get(delivery.sha256)))
                if len(ahead) > 8 * count:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()

    def _parse(
        self, delivery: Delivery, sealed: bytes | None
    ) -> tuple[Delivery, Parsed | BadDelivery]:
        data = self.landing.read(delivery.sha256, sealed)
        try:
            if delivery.first_date is None:
                # The door could not tell the days; say why, or take them now.
                first, last = read_with(
                    self.adapter.period, delivery.file_name, data, self.contract
                )
                delivery = replace(delivery, first_date=first, last_date=last)
            return delivery, read_with(self.adapter.parse, delivery.file_name, data, self.contract)
        except BadDelivery as error:
            return delivery, error

    def _finish(
        self, package: list[tuple[Delivery, Parsed]], stopped: list[tuple[Event, list[Finding]]]
    ) -> None:
        """Check and load a package, then register what became of its deliveries."""
        outcome = Outcome()
        deliveries = [delivery for delivery, _ in package]
        left_out = [(delivery, parsed.left_out) for delivery, parsed in package]
        if package:
            self.progress(f"{self.contract.name} prüfen und laden", self.report.packages + 1, 0)
            registers = isinstance(self.adapter, Registering)
            texts = text_tables(self.contract, package)
            places = {d.sha256: parsed.places for d, parsed in package if parsed.places}
            # A package is large: what was read is let go before rows are made of it.
            package.clear()
            outcome = process(
                self.contract,
                texts,
                deliveries,
                Pseudonyms(self.keys),
                with_suite=self.with_suite,
                with_identities=registers,
                places=places,
            )
            if isinstance(self.adapter, Registering):
                self.adapter.register(
                    Parsed(outcome.identities), self.settings, self.keys, self.contract
                )
            del texts
            raw.load(self.settings, self.lakehouse, self.contract, outcome.tables)
            self.report.packages += 1
            self.progress(f"{self.contract.name} eintragen", self.report.packages, 0)
        entries = list(outcome.entries)
        for delivery, parts in left_out:
            entries += quarantine.from_findings(delivery, parts, "row")
            outcome.left_out[delivery.sha256] += len(parts)
        events = [self._event(delivery, outcome) for delivery in deliveries]
        for event, findings in stopped:
            events.append(event)
            entries += quarantine.from_findings(event.delivery, findings)
        self._register(events, entries)
        self._report(events, entries, outcome)
        pa.default_memory_pool().release_unused()

    def _event(self, delivery: Delivery, outcome: Outcome) -> Event:
        sha = delivery.sha256
        if sha in outcome.refused:
            blocking = (
                e.finding.rule
                for e in outcome.entries
                if e.delivery.sha256 == sha and e.finding.severity == "block"
            )
            return Event(delivery, "quarantined", next(blocking, None))
        return Event(
            delivery,
            "loaded",
            loaded_rows=outcome.loaded_rows[sha],
            quarantined_rows=outcome.left_out[sha],
        )

    def _register(self, events: list[Event], entries: list[quarantine.Entry]) -> None:
        with self.lakehouse.writer() as con:
            con.execute("BEGIN")
            try:
                first = record(con, events, {self.contract.id: self.contract}, self.instant)
                numbers = {e.delivery.sha256: first + i for i, e in enumerate(events)}
                quarantine.write(con, entries, numbers, self.instant)
                con.execute("COMMIT")
            except BaseException:
                con.execute("ROLLBACK")
                raise

    def _report(
        self, events: list[Event], entries: list[quarantine.Entry], outcome: Outcome
    ) -> None:
        report = self.report
        report.rows.update({name: len(table) for name, table in outcome.tables.items()})
        report.deliveries.update(Counter(e.event for e in events))
        report.left_out_rows += sum(outcome.left_out.values())
        report.violations.update(outcome.violations)
        report.suite += outcome.suite
        per_rule = {(e.delivery.sha256, e.finding.rule) for e in entries}
        report.rules.update(Counter(rule for _, rule in per_rule))
        room = MAX_FINDINGS - len(report.findings)
        report.findings += [e.finding for e in entries][: max(room, 0)]
        days = [e.delivery for e in events if e.event == "loaded" and e.delivery.first_date]
        firsts = [d.first_date for d in days if d.first_date] + [report.first_date]
        lasts = [d.last_date for d in days if d.last_date] + [report.last_date]
        report.first_date = min((d for d in firsts if d), default=None)
        report.last_date = max((d for d in lasts if d), default=None)
