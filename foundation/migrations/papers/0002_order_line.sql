-- SPDX-License-Identifier: Apache-2.0
-- Lines of the order sheet. The gate alone writes here.

CREATE TABLE lake.papers.order_line (
    member_id VARCHAR,
    site_id VARCHAR,
    article_number VARCHAR,
    article_name VARCHAR,
    product_group VARCHAR,
    unit VARCHAR,
    issued_date DATE,
    target_date DATE,
    is_next_day BOOLEAN,
    expected_quantity DECIMAL(18, 2),
    low_quantity DECIMAL(18, 2),
    high_quantity DECIMAL(18, 2),
    order_quantity DECIMAL(18, 3),
    no_quantity_reason VARCHAR,
    rung VARCHAR,
    rung_reason VARCHAR,
    hit_rate DECIMAL(9, 4),
    reasons VARCHAR,
    week_from_date DATE,
    week_to_date DATE,
    week_saved_eur DECIMAL(18, 2),
    week_sold_out_count BIGINT,
    week_recorded_count BIGINT,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.papers.order_line IS 'Zeilen des Bestellzettels eines Ladens für den nächsten offenen Tag.';
COMMENT ON COLUMN lake.papers.order_line.member_id IS 'Pseudonym des Mitglieds.';
COMMENT ON COLUMN lake.papers.order_line.site_id IS 'Laden, als Pseudonym.';
COMMENT ON COLUMN lake.papers.order_line.article_number IS 'Artikelnummer des Betriebs.';
COMMENT ON COLUMN lake.papers.order_line.article_name IS 'Name des Artikels.';
COMMENT ON COLUMN lake.papers.order_line.product_group IS 'Warengruppe.';
COMMENT ON COLUMN lake.papers.order_line.unit IS 'Einheit.';
COMMENT ON COLUMN lake.papers.order_line.issued_date IS 'Tag, an dem der Vorschlag gemacht wurde.';
COMMENT ON COLUMN lake.papers.order_line.target_date IS 'Tag, für den er gilt.';
COMMENT ON COLUMN lake.papers.order_line.is_next_day IS 'Ob das der nächste Tag ist; sonst ist der Laden dann geschlossen.';
COMMENT ON COLUMN lake.papers.order_line.expected_quantity IS 'Erwarteter Absatz.';
COMMENT ON COLUMN lake.papers.order_line.low_quantity IS 'An einem von zehn Tagen ist es weniger.';
COMMENT ON COLUMN lake.papers.order_line.high_quantity IS 'An einem von zehn Tagen ist es mehr.';
COMMENT ON COLUMN lake.papers.order_line.order_quantity IS 'Vorgeschlagene Menge; leer, wo Retourenzettel oder Kosten fehlen.';
COMMENT ON COLUMN lake.papers.order_line.no_quantity_reason IS 'Warum keine Menge vorgeschlagen wird.';
COMMENT ON COLUMN lake.papers.order_line.rung IS 'Stufe der Vorhersage: saisonal_naiv, exponentielle_glaettung oder baeume.';
COMMENT ON COLUMN lake.papers.order_line.rung_reason IS 'Warum diese Stufe.';
COMMENT ON COLUMN lake.papers.order_line.hit_rate IS 'Anteil der Tage im Rückblick, an denen der Absatz in der Spanne lag.';
COMMENT ON COLUMN lake.papers.order_line.reasons IS 'Gründe mit Faktor, stärkster zuerst, höchstens vier.';
COMMENT ON COLUMN lake.papers.order_line.week_from_date IS 'Rückblick: erster Tag der letzten Woche.';
COMMENT ON COLUMN lake.papers.order_line.week_to_date IS 'Rückblick: letzter Tag.';
COMMENT ON COLUMN lake.papers.order_line.week_saved_eur IS 'Rückblick des Ladens: gespart (+) oder gekostet (-) in Euro.';
COMMENT ON COLUMN lake.papers.order_line.week_sold_out_count IS 'Rückblick: ausverkaufte Zeilen.';
COMMENT ON COLUMN lake.papers.order_line.week_recorded_count IS 'Rückblick: Zeilen mit damals gemachtem Vorschlag.';
COMMENT ON COLUMN lake.papers.order_line.figure_code IS 'Woher-Code der Zeile.';
