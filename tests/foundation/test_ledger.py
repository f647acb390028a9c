# SPDX-License-Identifier: Apache-2.0
"""The ledger keeps what is booked, once, and notices a changed row. Chains and keys belong here, not what is booked."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from foundation import ledger
from foundation.errors import LedgerError
from foundation.lakehouse import Lakehouse
from foundation.migrations import migrate
from foundation.settings import load_settings

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
SALE = {
    "invoice_number": "R-1",
    "invoice_date": date(2026, 1, 5),
    "fiscal_year": "2025-26",
    "product_id": "warenkorb-quartiere",
    "buyer_kind": "dritte",
    "member_id": None,
    "net_eur": Decimal("100"),
    "vat_eur": Decimal("19.00"),
    "gross_eur": Decimal("119.00"),
}


@pytest.fixture
def lakehouse(tmp_path: Path) -> Lakehouse:
    lake = Lakehouse(load_settings(home=tmp_path))
    lake.create()
    with lake.writer() as con:
        migrate(con, "ledger")
    return lake


def test_a_booking_is_booked_once(lakehouse: Lakehouse) -> None:
    with lakehouse.writer() as con:
        assert ledger.append(con, "revenue", [SALE], as_of=NOW) == 1
        assert (
            ledger.append(con, "revenue", [SALE | {"net_eur": Decimal("100.00")}], as_of=NOW) == 0
        )
        assert con.execute("SELECT net_eur FROM ledger.revenue").fetchall() == [
            (Decimal("100.00"),)
        ]


def test_a_booking_with_other_content_is_refused(lakehouse: Lakehouse) -> None:
    with lakehouse.writer() as con:
        ledger.append(con, "revenue", [SALE], as_of=NOW)
        with pytest.raises(LedgerError, match="steht schon mit anderem Inhalt"):
            ledger.append(con, "revenue", [SALE | {"net_eur": Decimal("101")}], as_of=NOW)


def test_a_booking_is_corrected_by_reversal(lakehouse: Lakehouse) -> None:
    with lakehouse.writer() as con:
        ledger.append(con, "revenue", [SALE], as_of=NOW)
        booking = con.execute("SELECT booking_id FROM ledger.revenue").fetchone()
        assert booking is not None
        assert (
            ledger.reverse(
                con, "revenue", booking[0], ["net_eur", "vat_eur", "gross_eur"], as_of=NOW
            )
            == 1
        )
        assert (
            ledger.reverse(
                con, "revenue", booking[0], ["net_eur", "vat_eur", "gross_eur"], as_of=NOW
            )
            == 0
        )
        assert con.execute("SELECT sum(net_eur), count(*) FROM ledger.revenue").fetchone() == (
            Decimal("0.00"),
            2,
        )
        assert ledger.verify_chain(con)["revenue"] == 2


def test_a_draft_is_not_booked(lakehouse: Lakehouse) -> None:
    with lakehouse.writer() as con, pytest.raises(LedgerError, match="Entwurf wird nicht gebucht"):
        ledger.append(
            con, "pot", [{"fiscal_year": "2025-26", "pot": "x", "is_draft": True}], as_of=NOW
        )


def test_an_unknown_column_is_refused(lakehouse: Lakehouse) -> None:
    with (
        lakehouse.writer() as con,
        pytest.raises(LedgerError, match="unbekannte Spalten kirchensteuer"),
    ):
        ledger.append(con, "revenue", [SALE | {"kirchensteuer": 1}], as_of=NOW)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE lake.ledger.revenue SET net_eur = 1 WHERE sequence = 2",
        "DELETE FROM lake.ledger.revenue WHERE sequence = 1",
    ],
)
def test_the_chain_notices_tampering(lakehouse: Lakehouse, tampering: str) -> None:
    with lakehouse.writer() as con:
        ledger.append(
            con, "revenue", [SALE | {"invoice_number": f"R-{i}"} for i in range(3)], as_of=NOW
        )
        assert ledger.verify_chain(con)["revenue"] == 3
        con.execute(tampering)
        with pytest.raises(LedgerError, match="Kette der Prüfsummen ist gebrochen"):
            ledger.verify_chain(con)
