-- SPDX-License-Identifier: Apache-2.0
-- Counts of the citizen panel and the mix of trades. Written by the disclosure gate alone.
-- Columns and texts are those of cooperative/releases; a test holds them together.

CREATE TABLE lake.release.panel_trips (
    quarter_id VARCHAR,
    business_month DATE,
    travel_mode VARCHAR,
    person_count BIGINT,
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.panel_trips IS 'Wege in die Quartiere. Eine Zeile je Quartier, Welle und Verkehrsmittel.';
COMMENT ON COLUMN lake.release.panel_trips.quarter_id IS
    'Kürzel des Quartiers; ALLE steht für die ganze Stadt';
COMMENT ON COLUMN lake.release.panel_trips.business_month IS
    'Erster Tag des Monats der Welle';
COMMENT ON COLUMN lake.release.panel_trips.travel_mode IS
    'zu_fuss, rad, oepnv, auto oder sonstige; ALLE steht für alle Wege';
COMMENT ON COLUMN lake.release.panel_trips.person_count IS
    'Anzahl der Befragten, deren letzter Weg so war, um bis zu vier verändert; ab zehn genannt';
COMMENT ON COLUMN lake.release.panel_trips.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.panel_trips.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.panel_trips.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';

CREATE TABLE lake.release.panel_dwell (
    quarter_id VARCHAR,
    business_month DATE,
    minutes_band VARCHAR,
    person_count BIGINT,
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.panel_dwell IS 'Zu Fuß in der Stadt verbrachte Zeit. Eine Zeile je Quartier, Welle und Band von Minuten.';
COMMENT ON COLUMN lake.release.panel_dwell.quarter_id IS
    'Kürzel des Quartiers; ALLE steht für die ganze Stadt';
COMMENT ON COLUMN lake.release.panel_dwell.business_month IS
    'Erster Tag des Monats der Welle';
COMMENT ON COLUMN lake.release.panel_dwell.minutes_band IS
    'Minuten zu Fuß beim letzten Besuch (0 bis 29, 30 bis 59, 60 bis 89, ab 90); ALLE steht für alle Bänder';
COMMENT ON COLUMN lake.release.panel_dwell.person_count IS
    'Anzahl der Befragten mit dieser Dauer, um bis zu vier verändert; ab zehn genannt';
COMMENT ON COLUMN lake.release.panel_dwell.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.panel_dwell.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.panel_dwell.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';

CREATE TABLE lake.release.trade_mix (
    quarter_id VARCHAR,
    business_month DATE,
    trade_group VARCHAR,
    shop_count BIGINT,
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.trade_mix IS 'Branchenmix je Quartier. Eine Zeile je Quartier, Monat und Branchengruppe.';
COMMENT ON COLUMN lake.release.trade_mix.quarter_id IS
    'Kürzel des Quartiers; ALLE steht für die ganze Stadt';
COMMENT ON COLUMN lake.release.trade_mix.business_month IS
    'Erster Tag des Monats';
COMMENT ON COLUMN lake.release.trade_mix.trade_group IS
    'Lebensmittel, Non-Food, Gastronomie oder Dienstleistung';
COMMENT ON COLUMN lake.release.trade_mix.shop_count IS
    'Anzahl der belegten Läden dieser Gruppe im Kataster';
COMMENT ON COLUMN lake.release.trade_mix.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.trade_mix.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.trade_mix.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';
