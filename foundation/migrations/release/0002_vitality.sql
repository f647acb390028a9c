-- SPDX-License-Identifier: Apache-2.0
-- Composites of released indicators. Written by the disclosure gate alone.
-- Columns and texts are those of cooperative/releases; a test holds them together.

CREATE TABLE lake.release.vitality_component (
    quarter_id VARCHAR,
    business_month DATE,
    component VARCHAR,
    value DOUBLE,
    unit VARCHAR,
    score DECIMAL(9,4),
    weight DECIMAL(9,4),
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.vitality_component IS 'Bestandteile des Vitalitätsindex. Eine Zeile je Quartier, Monat und Bestandteil.';
COMMENT ON COLUMN lake.release.vitality_component.quarter_id IS
    'Kürzel des Quartiers; ALLE steht für die ganze Stadt';
COMMENT ON COLUMN lake.release.vitality_component.business_month IS
    'Erster Tag des Monats';
COMMENT ON COLUMN lake.release.vitality_component.component IS
    'vacancy, independents, walking_trips, basket, events oder local_supply';
COMMENT ON COLUMN lake.release.vitality_component.value IS
    'Veröffentlichte Zahl des Bestandteils in ihrer Einheit';
COMMENT ON COLUMN lake.release.vitality_component.unit IS
    'Einheit der Zahl';
COMMENT ON COLUMN lake.release.vitality_component.score IS
    'Punkte von 0 bis 100 zwischen den Zielmarken';
COMMENT ON COLUMN lake.release.vitality_component.weight IS
    'Gewicht im Index (0 bis 1)';
COMMENT ON COLUMN lake.release.vitality_component.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.vitality_component.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.vitality_component.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';

CREATE TABLE lake.release.vitality_index (
    quarter_id VARCHAR,
    business_month DATE,
    index_value DECIMAL(9,4),
    components_available INTEGER,
    components_total INTEGER,
    weight_available DECIMAL(9,4),
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.vitality_index IS 'Vitalitätsindex. Eine Zeile je Quartier und Monat.';
COMMENT ON COLUMN lake.release.vitality_index.quarter_id IS
    'Kürzel des Quartiers; ALLE steht für die ganze Stadt';
COMMENT ON COLUMN lake.release.vitality_index.business_month IS
    'Erster Tag des Monats';
COMMENT ON COLUMN lake.release.vitality_index.index_value IS
    'Index von 0 bis 100, gewichtetes Mittel der vorhandenen Bestandteile';
COMMENT ON COLUMN lake.release.vitality_index.components_available IS
    'Anzahl der Bestandteile, für die eine veröffentlichte Zahl vorliegt';
COMMENT ON COLUMN lake.release.vitality_index.components_total IS
    'Anzahl der Bestandteile des Index';
COMMENT ON COLUMN lake.release.vitality_index.weight_available IS
    'Summe der Gewichte der vorhandenen Bestandteile (0 bis 1)';
COMMENT ON COLUMN lake.release.vitality_index.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.vitality_index.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.vitality_index.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';
