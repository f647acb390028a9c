-- SPDX-License-Identifier: Apache-2.0
-- What was proposed on which day, so that later it can be said who was right.

CREATE TABLE lake.ledger.order_proposal (
    sequence BIGINT,
    booking_id VARCHAR,
    recorded_at TIMESTAMPTZ,
    reverses VARCHAR,
    owner_id VARCHAR,
    site_id VARCHAR,
    article_number VARCHAR,
    issued_date DATE,
    target_date DATE,
    expected_quantity DECIMAL(18, 2),
    order_quantity DECIMAL(18, 3),
    rung VARCHAR,
    content_sha256 VARCHAR,
    previous_hash VARCHAR,
    row_hash VARCHAR
);
COMMENT ON TABLE lake.ledger.order_proposal IS 'Bestellvorschläge, wie sie gemacht wurden.';
COMMENT ON COLUMN lake.ledger.order_proposal.sequence IS 'Laufende Nummer in der Tabelle, ab 1.';
COMMENT ON COLUMN lake.ledger.order_proposal.booking_id IS 'Kennung der Buchung aus ihrem natürlichen Schlüssel.';
COMMENT ON COLUMN lake.ledger.order_proposal.recorded_at IS 'Stichtag des Laufs, der gebucht hat.';
COMMENT ON COLUMN lake.ledger.order_proposal.reverses IS 'Kennung der Buchung, die diese zurücknimmt.';
COMMENT ON COLUMN lake.ledger.order_proposal.owner_id IS 'Inhaber, als Pseudonym.';
COMMENT ON COLUMN lake.ledger.order_proposal.site_id IS 'Laden, als Pseudonym.';
COMMENT ON COLUMN lake.ledger.order_proposal.article_number IS 'Artikelnummer des Betriebs.';
COMMENT ON COLUMN lake.ledger.order_proposal.issued_date IS 'Tag, an dem der Vorschlag gemacht wurde.';
COMMENT ON COLUMN lake.ledger.order_proposal.target_date IS 'Tag, für den er gilt.';
COMMENT ON COLUMN lake.ledger.order_proposal.expected_quantity IS 'Erwarteter Absatz.';
COMMENT ON COLUMN lake.ledger.order_proposal.order_quantity IS 'Vorgeschlagene Menge.';
COMMENT ON COLUMN lake.ledger.order_proposal.rung IS 'Stufe der Vorhersage.';
COMMENT ON COLUMN lake.ledger.order_proposal.content_sha256 IS 'Prüfsumme des Inhalts.';
COMMENT ON COLUMN lake.ledger.order_proposal.previous_hash IS 'Kette: Prüfsumme der Zeile davor.';
COMMENT ON COLUMN lake.ledger.order_proposal.row_hash IS 'Kette: Prüfsumme dieser Zeile.';
