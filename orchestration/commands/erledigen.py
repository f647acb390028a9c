# SPDX-License-Identifier: Apache-2.0
"""``ortskern erledigen``: a delivery in quarantine that was replaced or is not needed.

Belongs here: the command. Does not belong here: the register of deliveries (``ingestion/landing``), which keeps the delivery
and the reason.
"""

from foundation.errors import OrtskernError
from foundation.settings import load_settings
from ingestion.quarantine import close
from orchestration.house import open_house
from orchestration.speech import say


def close_delivery(name: str, reason: str) -> None:
    """Put the delivery aside for good and say so.

    Raises:
        OrtskernError: no reason, no lake yet, or no such delivery in quarantine.
    """
    if not reason.strip():
        raise OrtskernError(
            "Lieferung abhaken: gefunden kein Grund, erwartet ein Satz; mit --grund angeben."
        )
    house = open_house(load_settings())
    if not house.lakehouse.exists():
        raise OrtskernError("Es gibt noch keinen Datenbestand; erst `ortskern run` ausführen.")
    with house.lakehouse.writer() as con:
        delivery = close(con, name, reason.strip(), house.contracts, house.as_of)
    say(
        f"Erledigt: „{delivery.file_name}“ ({delivery.contract_id}), Grund: {reason.strip()}. Die Datei bleibt im Haus bis zum Ende ihrer Frist."
    )
