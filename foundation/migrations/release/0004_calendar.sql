-- SPDX-License-Identifier: Apache-2.0
-- Released indicators of the calendar. Written by the disclosure gate alone.
-- Columns and texts are those of cooperative/releases; a test holds them together.

CREATE TABLE lake.release.event_frequency (
    quarter_id VARCHAR,
    business_month DATE,
    event_count BIGINT,
    events_per_quarter DECIMAL(18,2),
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.event_frequency IS 'Veranstaltungen je Quartier. Eine Zeile je Quartier und Monat.';
COMMENT ON COLUMN lake.release.event_frequency.quarter_id IS
    'Kürzel des Quartiers; ALLE steht für die ganze Stadt';
COMMENT ON COLUMN lake.release.event_frequency.business_month IS
    'Erster Tag des Monats';
COMMENT ON COLUMN lake.release.event_frequency.event_count IS
    'Anzahl der öffentlichen Veranstaltungen; jeder Markttag zählt, Baustellen nicht';
COMMENT ON COLUMN lake.release.event_frequency.events_per_quarter IS
    'Veranstaltungen je Quartier; in der Zeile der Stadt das Mittel der Quartiere';
COMMENT ON COLUMN lake.release.event_frequency.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.event_frequency.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.event_frequency.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';
