-- SPDX-License-Identifier: Apache-2.0
-- Footfall per month and the health of sensors. Written by the disclosure gate alone.
-- Columns and texts are those of cooperative/releases; a test holds them together.

CREATE TABLE lake.release.footfall_monthly (
    sensor_id VARCHAR,
    quarter_id VARCHAR,
    business_month DATE,
    pedestrians_per_day DECIMAL(18,2),
    pedestrians_sum BIGINT,
    observed_hours BIGINT,
    missing_hours BIGINT,
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.footfall_monthly IS 'Passanten je Monat. Eine Zeile je Zählstelle und Monat.';
COMMENT ON COLUMN lake.release.footfall_monthly.sensor_id IS
    'Kürzel der Zählstelle';
COMMENT ON COLUMN lake.release.footfall_monthly.quarter_id IS
    'Kürzel des Quartiers, in dem die Zählstelle steht';
COMMENT ON COLUMN lake.release.footfall_monthly.business_month IS
    'Erster Tag des Monats';
COMMENT ON COLUMN lake.release.footfall_monthly.pedestrians_per_day IS
    'Passanten an einem mittleren Tag, zusammengesetzt aus den Mitteln seiner 24 Stunden';
COMMENT ON COLUMN lake.release.footfall_monthly.pedestrians_sum IS
    'Passanten in den gemessenen Stunden';
COMMENT ON COLUMN lake.release.footfall_monthly.observed_hours IS
    'Gemessene Stunden';
COMMENT ON COLUMN lake.release.footfall_monthly.missing_hours IS
    'Stunden, die der Kalender kennt und die Zählstelle nicht lieferte';
COMMENT ON COLUMN lake.release.footfall_monthly.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.footfall_monthly.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.footfall_monthly.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';

CREATE TABLE lake.release.sensor_health (
    sensor_id VARCHAR,
    metric VARCHAR,
    state VARCHAR,
    last_observed_date DATE,
    observed_share DECIMAL(9,4),
    longest_gap_hours BIGINT,
    finding VARCHAR,
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.sensor_health IS 'Zustand der Sensoren. Eine Zeile je Sensor und Messgröße.';
COMMENT ON COLUMN lake.release.sensor_health.sensor_id IS
    'Kürzel des Sensors';
COMMENT ON COLUMN lake.release.sensor_health.metric IS
    'Messgröße: pedestrians (Passanten), bicycles (Fahrräder), pm10, pm2_5 (Feinstaub), ozone (Ozon), no2 (Stickstoffdioxid)';
COMMENT ON COLUMN lake.release.sensor_health.state IS
    'misst, auffällig oder verstummt';
COMMENT ON COLUMN lake.release.sensor_health.last_observed_date IS
    'Tag der letzten Messung';
COMMENT ON COLUMN lake.release.sensor_health.observed_share IS
    'Anteil der Zeit seit der ersten Messung, der gemessen wurde (0 bis 1)';
COMMENT ON COLUMN lake.release.sensor_health.longest_gap_hours IS
    'Längste Lücke in ganzen Stunden, auch die bis heute';
COMMENT ON COLUMN lake.release.sensor_health.finding IS
    'Was auffällt, in einem Satz';
COMMENT ON COLUMN lake.release.sensor_health.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.sensor_health.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.sensor_health.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';
