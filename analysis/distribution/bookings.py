# SPDX-License-Identifier: Apache-2.0
"""Double entry: every allocation becomes an entry whose debits equal its credits.

Belongs here: which account an allocation touches. Does not belong here: amounts (they come in
final), DATEV files, the ledger's hash chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analysis.distribution.positions import Position
from analysis.distribution.refund import PURCHASE
from analysis.distribution.surplus import Reserve
from analysis.distribution.terms import Account, FiscalYear
from foundation.errors import OrtskernError

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class BookingLine:
    """One line of an entry; exactly one of debit and credit is above zero."""

    fiscal_year: str
    entry_number: int
    line_number: int
    booked_on: date | None
    pot: str
    member_id: str | None
    account: str
    account_name: str
    debit_eur: Decimal
    credit_eur: Decimal
    text: str
    is_draft: bool


class Journal:
    """Collects entries, numbers them, refuses one that does not balance."""

    def __init__(self, year: FiscalYear) -> None:
        self._year = year
        self.lines: list[BookingLine] = []
        self._entries = 0

    def book(
        self,
        pot: str,
        member_id: str | None,
        booked_on: date | None,
        text: str,
        debited: list[tuple[Account, Decimal]],
        credited: list[tuple[Account, Decimal]],
    ) -> None:
        """Add one entry; lines of zero are left out.

        Raises OrtskernError when debits and credits differ.
        """
        difference = sum((a for _, a in debited), ZERO) - sum((a for _, a in credited), ZERO)
        if difference != 0:
            raise OrtskernError(
                f"Buchung „{text}“: Soll und Haben unterscheiden sich um {difference} €, erwartet "
                "0,00 €; Beträge der Position prüfen."
            )
        sided = [(account, amount, ZERO) for account, amount in debited]
        sided += [(account, ZERO, amount) for account, amount in credited]
        used = [line for line in sided if line[1] or line[2]]
        self._entries += bool(used)
        for number, (account, debit, credit) in enumerate(used, start=1):
            self.lines.append(
                BookingLine(
                    self._year.id,
                    self._entries,
                    number,
                    None if self._year.is_draft else booked_on,
                    pot,
                    member_id,
                    account.number,
                    account.name,
                    debit,
                    credit,
                    text,
                    self._year.is_draft,
                )
            )


def book_year(
    year: FiscalYear, positions: list[Position], reserves: list[Reserve], carried: Decimal
) -> list[BookingLine]:
    """Entries for all positions, reserves and what is carried forward, in that order.

    A fee or refund on deliveries debits cost and input tax, a refund on purchases debits the
    reduction of revenue and output tax; both credit what is owed to members.
    """
    journal = Journal(year)
    owed = year.account("verbindlichkeiten_mitglieder")
    for position in positions:
        tax = "umsatzsteuer" if position.pot == PURCHASE else "vorsteuer"
        journal.book(
            position.pot,
            position.member_id,
            position.invoiced_on,
            position.description,
            [(year.account(position.pot), position.net_eur), (year.account(tax), position.vat_eur)],
            [(owed, position.gross_eur)],
        )
    use = year.account("ergebnisverwendung")
    adopted_on = year.adopted.decided_on if year.adopted else None
    for reserve in reserves:
        text = f"{reserve.title} {year.id}"
        to_fund = [(reserve.account, reserve.amount_eur)]
        journal.book(reserve.pot, None, adopted_on, text, [(use, reserve.amount_eur)], to_fund)
    forward = [(year.account("ergebnisvortrag"), abs(carried))]
    used = [(use, abs(carried))]
    debits, credited = (used, forward) if carried >= 0 else (forward, used)
    text = f"Vortrag auf neue Rechnung {year.id}"
    journal.book("ergebnisvortrag", None, adopted_on, text, debits, credited)
    return journal.lines
