-- SPDX-License-Identifier: Apache-2.0
-- The north star, a composite of released figures. Written by the disclosure gate alone.
-- Columns and texts are those of cooperative/releases; a test holds them together.

CREATE TABLE lake.release.north_star (
    quarter_id VARCHAR,
    business_month DATE,
    value DECIMAL(9,4),
    low DECIMAL(9,4),
    high DECIMAL(9,4),
    cents_per_minute DECIMAL(9,4),
    revenue_eur DECIMAL(18,2),
    minutes BIGINT,
    mean_minutes DECIMAL(9,4),
    diversity_factor DECIMAL(9,4),
    reachability_factor DECIMAL(9,4),
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.north_star IS 'Nordstern. Eine Zeile je Quartier und Monat.';
COMMENT ON COLUMN lake.release.north_star.quarter_id IS
    'Kürzel des Quartiers; ALLE steht für die ganze Stadt';
COMMENT ON COLUMN lake.release.north_star.business_month IS
    'Erster Tag des Monats';
COMMENT ON COLUMN lake.release.north_star.value IS
    'Cent Umsatz je Minute zu Fuß, mal Vielfalt, mal Erreichbarkeit';
COMMENT ON COLUMN lake.release.north_star.low IS
    'Untere Grenze des Intervalls von 95 % aus Stichprobe und Rauschen der Befragung';
COMMENT ON COLUMN lake.release.north_star.high IS
    'Obere Grenze dieses Intervalls';
COMMENT ON COLUMN lake.release.north_star.cents_per_minute IS
    'Cent Umsatz je Minute zu Fuß, ohne die beiden Faktoren';
COMMENT ON COLUMN lake.release.north_star.revenue_eur IS
    'Umsatz in Euro, brutto, mittlerer Einkauf mal Kassenbons, Betriebe mit Einwilligung';
COMMENT ON COLUMN lake.release.north_star.minutes IS
    'Minuten, die Menschen in dem Monat zu Fuß im Quartier waren';
COMMENT ON COLUMN lake.release.north_star.mean_minutes IS
    'Mittlere Minuten zu Fuß je Besuch aus der neuesten Welle der Befragung';
COMMENT ON COLUMN lake.release.north_star.diversity_factor IS
    'Vielfalt, wirksame Zahl der Branchengruppen geteilt durch die Zielmarke';
COMMENT ON COLUMN lake.release.north_star.reachability_factor IS
    'Erreichbarkeit, Anteil der Wege ohne Auto geteilt durch die Zielmarke';
COMMENT ON COLUMN lake.release.north_star.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.north_star.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.north_star.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';
