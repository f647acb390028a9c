-- SPDX-License-Identifier: Apache-2.0
-- How much of what the shops buy is of the region. Written by the disclosure gate alone.
-- Columns and texts are those of cooperative/releases; a test holds them together.

CREATE TABLE lake.release.local_supply (
    quarter_id VARCHAR,
    business_month DATE,
    local_share DOUBLE,
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.local_supply IS 'Regionale Versorgung. Eine Zeile je Quartier und Monat.';
COMMENT ON COLUMN lake.release.local_supply.quarter_id IS
    'Kürzel des Quartiers; ALLE steht für die ganze Stadt';
COMMENT ON COLUMN lake.release.local_supply.business_month IS
    'Erster Tag des Monats';
COMMENT ON COLUMN lake.release.local_supply.local_share IS
    'Anteil des Einkaufs (netto) bei Lieferanten aus der Region, Betriebe mit Einwilligung (0 bis 1)';
COMMENT ON COLUMN lake.release.local_supply.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.local_supply.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.local_supply.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';
