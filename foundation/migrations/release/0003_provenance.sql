-- SPDX-License-Identifier: Apache-2.0
-- Where released figures come from, and the noise that was drawn once (not for publication: names
-- that begin with an underscore are bookkeeping). Written by the disclosure gate alone.

CREATE TABLE lake.release.provenance (
    table_name VARCHAR,
    figure_prefix VARCHAR,
    title VARCHAR,
    definition_hash VARCHAR,
    rules_hash VARCHAR,
    approved_by VARCHAR,
    approved_on DATE,
    minutes VARCHAR,
    source_models VARCHAR,
    contracts VARCHAR,
    deliveries BIGINT,
    snapshot BIGINT,
    code_revision VARCHAR
);
COMMENT ON TABLE lake.release.provenance IS 'Herkunft der Zahlen. Eine Zeile je veröffentlichter Tabelle.';
COMMENT ON COLUMN lake.release.provenance.table_name IS
    'Name der veröffentlichten Tabelle';
COMMENT ON COLUMN lake.release.provenance.figure_prefix IS
    'Beginn der Kennungen ihrer Zahlen';
COMMENT ON COLUMN lake.release.provenance.title IS
    'Überschrift der Tabelle';
COMMENT ON COLUMN lake.release.provenance.definition_hash IS
    'SHA-256 der freigegebenen Definition';
COMMENT ON COLUMN lake.release.provenance.rules_hash IS
    'SHA-256 der freigegebenen Schutzregeln';
COMMENT ON COLUMN lake.release.provenance.approved_by IS
    'Organ, das die Veröffentlichung freigegeben hat, und wer angehört wurde';
COMMENT ON COLUMN lake.release.provenance.approved_on IS
    'Tag der Freigabe';
COMMENT ON COLUMN lake.release.provenance.minutes IS
    'Fundstelle im Protokoll';
COMMENT ON COLUMN lake.release.provenance.source_models IS
    'Modelle, aus denen die Tabelle berechnet ist';
COMMENT ON COLUMN lake.release.provenance.contracts IS
    'Datenverträge der Quellen als JSON, Kennung und Fassung';
COMMENT ON COLUMN lake.release.provenance.deliveries IS
    'Anzahl der Lieferungen, die eingegangen sind';
COMMENT ON COLUMN lake.release.provenance.snapshot IS
    'Stand des Datenbestands, aus dem die Zeilen entstanden sind';
COMMENT ON COLUMN lake.release.provenance.code_revision IS
    'Fassung des Programms, mit der die Zeilen entstanden sind';

CREATE TABLE lake.release._noise (
    fingerprint VARCHAR,
    perturbed_count BIGINT
);
COMMENT ON TABLE lake.release._noise IS 'Einmal gezogenes Rauschen. Eine Zeile je Gruppe von Menschen.';
COMMENT ON COLUMN lake.release._noise.fingerprint IS
    'Verschlüsselter Name einer Gruppe von Menschen, nicht umkehrbar';
COMMENT ON COLUMN lake.release._noise.perturbed_count IS
    'Veränderte Anzahl, die für diese Gruppe gilt';
