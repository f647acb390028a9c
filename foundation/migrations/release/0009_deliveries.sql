-- SPDX-License-Identifier: Apache-2.0
-- What came in and what was not taken. Written by the disclosure gate alone.
-- Columns and texts are those of cooperative/releases; a test holds them together.

CREATE TABLE lake.release.deliveries (
    source_id VARCHAR,
    business_month DATE,
    loaded_count BIGINT,
    quarantined_count BIGINT,
    refused_count BIGINT,
    left_out_rows BIGINT,
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.deliveries IS 'Lieferungen. Eine Zeile je Quelle und Monat.';
COMMENT ON COLUMN lake.release.deliveries.source_id IS
    'Quelle der Daten, pos für alle Kassen zusammen, sonst die Kennung des Vertrags';
COMMENT ON COLUMN lake.release.deliveries.business_month IS
    'Erster Tag des Monats, bis zu dem die Lieferungen reichen';
COMMENT ON COLUMN lake.release.deliveries.loaded_count IS
    'Anzahl der geladenen Lieferungen';
COMMENT ON COLUMN lake.release.deliveries.quarantined_count IS
    'Anzahl der Lieferungen, die wegen Fehlern zurückgestellt sind';
COMMENT ON COLUMN lake.release.deliveries.refused_count IS
    'Anzahl der Lieferungen, die nach einem Widerruf abgelehnt wurden';
COMMENT ON COLUMN lake.release.deliveries.left_out_rows IS
    'Anzahl der Zeilen, die aus geladenen Lieferungen zurückgestellt sind';
COMMENT ON COLUMN lake.release.deliveries.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.deliveries.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.deliveries.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';
