-- SPDX-License-Identifier: Apache-2.0
-- How good the forecasts for a member's shop were. The gate alone writes here.

CREATE TABLE lake.papers.member_forecast (
    member_id VARCHAR,
    report_month DATE,
    site_id VARCHAR,
    article_count BIGINT,
    compared_from_date DATE,
    compared_to_date DATE,
    day_count BIGINT,
    hit_share DECIMAL(9, 4),
    judged_count BIGINT,
    better_count BIGINT,
    week_from_date DATE,
    week_to_date DATE,
    week_saved_eur DECIMAL(18, 2),
    week_line_count BIGINT,
    week_sold_out_count BIGINT,
    week_recorded_count BIGINT,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.papers.member_forecast IS 'Wie gut die Vorhersagen für einen Laden waren. Eine Zeile je Mitglied und Laden.';
COMMENT ON COLUMN lake.papers.member_forecast.member_id IS 'Pseudonym des Mitglieds.';
COMMENT ON COLUMN lake.papers.member_forecast.report_month IS 'Letzter abgeschlossener Monat des Papiers.';
COMMENT ON COLUMN lake.papers.member_forecast.site_id IS 'Pseudonym des eigenen Ladens.';
COMMENT ON COLUMN lake.papers.member_forecast.article_count IS 'Vorhergesagte Artikel.';
COMMENT ON COLUMN lake.papers.member_forecast.compared_from_date IS 'Rückblick: erster Tag; leer, wenn nichts verglichen ist.';
COMMENT ON COLUMN lake.papers.member_forecast.compared_to_date IS 'Rückblick: letzter Tag.';
COMMENT ON COLUMN lake.papers.member_forecast.day_count IS 'Verglichene Tage, je Artikel gezählt; geschlossene und ausverkaufte zählen nicht.';
COMMENT ON COLUMN lake.papers.member_forecast.hit_share IS 'Anteil der verglichenen Tage, an denen der Verkauf in der Spanne lag (soll 0,8).';
COMMENT ON COLUMN lake.papers.member_forecast.judged_count IS 'Artikel, deren Fehler mit dem der Vorwoche verglichen werden kann.';
COMMENT ON COLUMN lake.papers.member_forecast.better_count IS 'Davon Artikel, deren Vorhersage näher am Verkauf lag als der gleiche Wochentag der Vorwoche.';
COMMENT ON COLUMN lake.papers.member_forecast.week_from_date IS 'Letzte Woche: erster Tag; leer ohne Retourenzettel mit Kosten.';
COMMENT ON COLUMN lake.papers.member_forecast.week_to_date IS 'Letzte Woche: letzter Tag.';
COMMENT ON COLUMN lake.papers.member_forecast.week_saved_eur IS 'Was die Vorschläge gespart (+) oder mehr gekostet (-) hätten, in Euro.';
COMMENT ON COLUMN lake.papers.member_forecast.week_line_count IS 'Verglichene Zeilen der Retourenzettel.';
COMMENT ON COLUMN lake.papers.member_forecast.week_sold_out_count IS 'Davon nicht gerechnet: ausverkauft, und der Vorschlag war höher.';
COMMENT ON COLUMN lake.papers.member_forecast.week_recorded_count IS 'Davon mit damals gemachtem Vorschlag; die übrigen sind nachgerechnet.';
COMMENT ON COLUMN lake.papers.member_forecast.figure_code IS 'Woher-Code der Zahlen dieses Ladens.';
