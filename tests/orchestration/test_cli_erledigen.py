# SPDX-License-Identifier: Apache-2.0
"""`ortskern erledigen` puts a delivery aside for good and keeps the reason."""

from ingestion.landing import Event
from orchestration.house import House
from tests.orchestration.conftest import Run
from tests.orchestration.deliveries import KIOSK, broken, happened


def in_quarantine(house: House) -> None:
    happened(house, Event(KIOSK, "landed"), Event(KIOSK, "quarantined"), finding=broken())


def test_a_delivery_that_was_replaced_is_no_longer_open(ortskern: Run, house: House) -> None:
    in_quarantine(house)
    result = ortskern("erledigen", KIOSK.file_name, "--grund", "ersetzt durch neuen Export")
    assert result.exit_code == 0
    assert "Erledigt" in result.output
    assert KIOSK.file_name not in ortskern("status").output


def test_the_reason_stands_in_the_register(ortskern: Run, house: House) -> None:
    in_quarantine(house)
    ortskern("erledigen", KIOSK.sha256[:10], "--grund", "ersetzt durch neuen Export")
    with house.lakehouse.connect(read_only=True) as con:
        row = con.execute(
            "SELECT event, reason FROM landing.delivery ORDER BY event_no DESC LIMIT 1"
        ).fetchone()
    assert row == ("closed", "ersetzt durch neuen Export")


def test_a_name_that_is_not_in_quarantine_is_refused(ortskern: Run, house: House) -> None:
    result = ortskern("erledigen", "anders.csv", "--grund", "ersetzt")
    assert result.exit_code == 1
    assert "gefunden 0 in Quarantäne" in result.output


def test_a_reason_is_needed(ortskern: Run, house: House) -> None:
    in_quarantine(house)
    result = ortskern("erledigen", KIOSK.file_name, "--grund", " ")
    assert result.exit_code == 1
    assert "kein Grund" in result.output
