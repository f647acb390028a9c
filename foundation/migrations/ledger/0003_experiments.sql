-- SPDX-License-Identifier: Apache-2.0
-- Registrations of experiments; written by foundation/ledger.py alone.

CREATE TABLE lake.ledger.experiment (
    sequence BIGINT,
    booking_id VARCHAR,
    recorded_at TIMESTAMPTZ,
    reverses VARCHAR,
    experiment_id VARCHAR,
    version INTEGER,
    registered_on DATE,
    entry_sha256 VARCHAR,
    organ VARCHAR,
    minutes VARCHAR,
    content_sha256 VARCHAR,
    previous_hash VARCHAR,
    row_hash VARCHAR
);
COMMENT ON TABLE lake.ledger.experiment IS 'Anmeldungen von Versuchen: welcher Wortlaut an welchem Tag galt.';
COMMENT ON COLUMN lake.ledger.experiment.sequence IS
    'Laufende Nummer in der Tabelle, ab 1.';
COMMENT ON COLUMN lake.ledger.experiment.booking_id IS
    'Kennung der Buchung aus ihrem natürlichen Schlüssel.';
COMMENT ON COLUMN lake.ledger.experiment.recorded_at IS
    'Stichtag des Laufs, der gebucht hat.';
COMMENT ON COLUMN lake.ledger.experiment.reverses IS
    'Kennung der Buchung, die diese zurücknimmt.';
COMMENT ON COLUMN lake.ledger.experiment.experiment_id IS
    'Kennung des Versuchs.';
COMMENT ON COLUMN lake.ledger.experiment.version IS
    'Fassung.';
COMMENT ON COLUMN lake.ledger.experiment.registered_on IS
    'Tag der Anmeldung.';
COMMENT ON COLUMN lake.ledger.experiment.entry_sha256 IS
    'Prüfsumme des angemeldeten Wortlauts.';
COMMENT ON COLUMN lake.ledger.experiment.organ IS
    'Organ, das angemeldet hat.';
COMMENT ON COLUMN lake.ledger.experiment.minutes IS
    'Fundstelle im Protokoll.';
COMMENT ON COLUMN lake.ledger.experiment.content_sha256 IS
    'Prüfsumme des Inhalts.';
COMMENT ON COLUMN lake.ledger.experiment.previous_hash IS
    'Kette: Prüfsumme der Zeile davor.';
COMMENT ON COLUMN lake.ledger.experiment.row_hash IS
    'Kette: Prüfsumme dieser Zeile.';
