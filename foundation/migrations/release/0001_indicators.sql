-- SPDX-License-Identifier: Apache-2.0
-- Released indicators and names of places. Written by the disclosure gate alone.
-- Columns and texts are those of cooperative/releases; a test holds them together.

CREATE TABLE lake.release.basket_by_quarter (
    quarter_id VARCHAR,
    business_month DATE,
    mean_basket_eur DECIMAL(18,2),
    receipt_count BIGINT,
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.basket_by_quarter IS 'Mittlerer Einkauf je Quartier. Eine Zeile je Quartier und Monat.';
COMMENT ON COLUMN lake.release.basket_by_quarter.quarter_id IS
    'Kürzel des Quartiers; ALLE steht für die ganze Stadt';
COMMENT ON COLUMN lake.release.basket_by_quarter.business_month IS
    'Erster Tag des Monats';
COMMENT ON COLUMN lake.release.basket_by_quarter.mean_basket_eur IS
    'Umsatz je Kassenbon in Euro, brutto, Betriebe mit Einwilligung';
COMMENT ON COLUMN lake.release.basket_by_quarter.receipt_count IS
    'Anzahl der Kassenbons, Betriebe mit Einwilligung';
COMMENT ON COLUMN lake.release.basket_by_quarter.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.basket_by_quarter.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.basket_by_quarter.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';

CREATE TABLE lake.release.basket_by_trade_group (
    trade_group VARCHAR,
    business_month DATE,
    mean_basket_eur DECIMAL(18,2),
    receipt_count BIGINT,
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.basket_by_trade_group IS 'Mittlerer Einkauf je Branchengruppe. Eine Zeile je Branchengruppe und Monat.';
COMMENT ON COLUMN lake.release.basket_by_trade_group.trade_group IS
    'Branchengruppe; ALLE steht für alle Gruppen zusammen';
COMMENT ON COLUMN lake.release.basket_by_trade_group.business_month IS
    'Erster Tag des Monats';
COMMENT ON COLUMN lake.release.basket_by_trade_group.mean_basket_eur IS
    'Umsatz je Kassenbon in Euro, brutto, Betriebe mit Einwilligung';
COMMENT ON COLUMN lake.release.basket_by_trade_group.receipt_count IS
    'Anzahl der Kassenbons, Betriebe mit Einwilligung';
COMMENT ON COLUMN lake.release.basket_by_trade_group.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.basket_by_trade_group.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.basket_by_trade_group.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';

CREATE TABLE lake.release.vacancy (
    quarter_id VARCHAR,
    business_month DATE,
    premise_count BIGINT,
    vacant_count BIGINT,
    vacancy_share DOUBLE,
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.vacancy IS 'Leerstand je Quartier. Eine Zeile je Quartier und Monat.';
COMMENT ON COLUMN lake.release.vacancy.quarter_id IS
    'Kürzel des Quartiers; ALLE steht für die ganze Stadt';
COMMENT ON COLUMN lake.release.vacancy.business_month IS
    'Erster Tag des Monats';
COMMENT ON COLUMN lake.release.vacancy.premise_count IS
    'Anzahl der Ladenlokale im Kataster';
COMMENT ON COLUMN lake.release.vacancy.vacant_count IS
    'Anzahl der leerstehenden Ladenlokale';
COMMENT ON COLUMN lake.release.vacancy.vacancy_share IS
    'Anteil der leerstehenden an allen Ladenlokalen (0 bis 1)';
COMMENT ON COLUMN lake.release.vacancy.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.vacancy.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.vacancy.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';

CREATE TABLE lake.release.independent_shops (
    quarter_id VARCHAR,
    business_month DATE,
    shop_count BIGINT,
    independent_count BIGINT,
    independent_share DOUBLE,
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.independent_shops IS 'Inhabergeführte Läden je Quartier. Eine Zeile je Quartier und Monat.';
COMMENT ON COLUMN lake.release.independent_shops.quarter_id IS
    'Kürzel des Quartiers; ALLE steht für die ganze Stadt';
COMMENT ON COLUMN lake.release.independent_shops.business_month IS
    'Erster Tag des Monats';
COMMENT ON COLUMN lake.release.independent_shops.shop_count IS
    'Anzahl der belegten Läden, von denen bekannt ist, ob sie zu einer Kette gehören';
COMMENT ON COLUMN lake.release.independent_shops.independent_count IS
    'Anzahl der inhabergeführten Läden';
COMMENT ON COLUMN lake.release.independent_shops.independent_share IS
    'Anteil der inhabergeführten an diesen Läden (0 bis 1)';
COMMENT ON COLUMN lake.release.independent_shops.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.independent_shops.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.independent_shops.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';

CREATE TABLE lake.release.footfall_hourly (
    sensor_id VARCHAR,
    quarter_id VARCHAR,
    business_month DATE,
    day_kind VARCHAR,
    hour SMALLINT,
    pedestrians_mean DECIMAL(18,2),
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.footfall_hourly IS 'Passanten je Stunde. Eine Zeile je Zählstelle, Monat, Tagesart und Stunde.';
COMMENT ON COLUMN lake.release.footfall_hourly.sensor_id IS
    'Kürzel der Zählstelle';
COMMENT ON COLUMN lake.release.footfall_hourly.quarter_id IS
    'Kürzel des Quartiers, in dem die Zählstelle steht';
COMMENT ON COLUMN lake.release.footfall_hourly.business_month IS
    'Erster Tag des Monats';
COMMENT ON COLUMN lake.release.footfall_hourly.day_kind IS
    'Werktag, Samstag oder Sonntag/Feiertag';
COMMENT ON COLUMN lake.release.footfall_hourly.hour IS
    'Stunde des Tages, Ortszeit (0 bis 23)';
COMMENT ON COLUMN lake.release.footfall_hourly.pedestrians_mean IS
    'Passanten je Stunde im Mittel der gemessenen Stunden';
COMMENT ON COLUMN lake.release.footfall_hourly.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.footfall_hourly.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.footfall_hourly.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';

CREATE TABLE lake.release.members (
    quarter_id VARCHAR,
    member_kind VARCHAR,
    member_count BIGINT,
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.members IS 'Mitglieder der Genossenschaft. Eine Zeile je Quartier und Art der Mitgliedschaft.';
COMMENT ON COLUMN lake.release.members.quarter_id IS
    'Kürzel des Quartiers; ALLE steht für die ganze Stadt';
COMMENT ON COLUMN lake.release.members.member_kind IS
    'haendler, erzeuger oder buerger';
COMMENT ON COLUMN lake.release.members.member_count IS
    'Anzahl der Mitglieder, um bis zu vier verändert; ab zehn genannt';
COMMENT ON COLUMN lake.release.members.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.members.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.members.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';

CREATE TABLE lake.release.quarter (
    quarter_id VARCHAR,
    name VARCHAR
);
COMMENT ON TABLE lake.release.quarter IS 'Quartiere. Eine Zeile je Quartier.';
COMMENT ON COLUMN lake.release.quarter.quarter_id IS
    'Kürzel des Quartiers';
COMMENT ON COLUMN lake.release.quarter.name IS
    'Name des Quartiers';

CREATE TABLE lake.release.sensor (
    sensor_id VARCHAR,
    name VARCHAR,
    quarter_id VARCHAR
);
COMMENT ON TABLE lake.release.sensor IS 'Zählstellen. Eine Zeile je Zählstelle.';
COMMENT ON COLUMN lake.release.sensor.sensor_id IS
    'Kürzel der Zählstelle';
COMMENT ON COLUMN lake.release.sensor.name IS
    'Name der Zählstelle';
COMMENT ON COLUMN lake.release.sensor.quarter_id IS
    'Kürzel des Quartiers, in dem sie steht';
