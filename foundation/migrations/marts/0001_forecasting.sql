-- SPDX-License-Identifier: Apache-2.0
-- Forecasts, how good they were, and proposals of orders; written by the group forecasting alone.

CREATE TABLE lake.marts.fct_forecast (
    owner_id VARCHAR,
    site_id VARCHAR,
    article_number VARCHAR,
    target_date DATE,
    known_until_date DATE,
    is_open BOOLEAN,
    rung VARCHAR,
    rung_reason VARCHAR,
    expected_quantity DECIMAL(18, 2),
    low_quantity DECIMAL(18, 2),
    high_quantity DECIMAL(18, 2),
    reasons VARCHAR
);
COMMENT ON TABLE lake.marts.fct_forecast IS 'Vorhersagen je Laden, Artikel und Tag.';
COMMENT ON COLUMN lake.marts.fct_forecast.owner_id IS 'Inhaber, als Pseudonym.';
COMMENT ON COLUMN lake.marts.fct_forecast.site_id IS 'Laden, als Pseudonym.';
COMMENT ON COLUMN lake.marts.fct_forecast.article_number IS 'Artikelnummer des Betriebs.';
COMMENT ON COLUMN lake.marts.fct_forecast.target_date IS 'Vorhergesagter Tag.';
COMMENT ON COLUMN lake.marts.fct_forecast.known_until_date IS 'Letzter Tag, dessen Verkäufe bekannt waren.';
COMMENT ON COLUMN lake.marts.fct_forecast.is_open IS 'Ob der Laden voraussichtlich geöffnet ist.';
COMMENT ON COLUMN lake.marts.fct_forecast.rung IS 'Stufe der Vorhersage: saisonal_naiv, exponentielle_glaettung oder baeume.';
COMMENT ON COLUMN lake.marts.fct_forecast.rung_reason IS 'Warum diese Stufe.';
COMMENT ON COLUMN lake.marts.fct_forecast.expected_quantity IS 'Erwarteter Absatz.';
COMMENT ON COLUMN lake.marts.fct_forecast.low_quantity IS 'An einem von zehn Tagen ist es weniger.';
COMMENT ON COLUMN lake.marts.fct_forecast.high_quantity IS 'An einem von zehn Tagen ist es mehr.';
COMMENT ON COLUMN lake.marts.fct_forecast.reasons IS 'Gründe mit Faktor, stärkster zuerst, höchstens vier.';

CREATE TABLE lake.marts.fct_backtest (
    owner_id VARCHAR,
    site_id VARCHAR,
    article_number VARCHAR,
    rung VARCHAR,
    is_used BOOLEAN,
    series_state VARCHAR,
    day_count BIGINT,
    wape DECIMAL(9, 4),
    mase DECIMAL(9, 4),
    bias DECIMAL(9, 4),
    pinball_loss DECIMAL(9, 4),
    coverage_share DECIMAL(9, 4)
);
COMMENT ON TABLE lake.marts.fct_backtest IS 'Rückblick: wie gut jede Stufe je Laden und Artikel war.';
COMMENT ON COLUMN lake.marts.fct_backtest.owner_id IS 'Inhaber, als Pseudonym.';
COMMENT ON COLUMN lake.marts.fct_backtest.site_id IS 'Laden, als Pseudonym.';
COMMENT ON COLUMN lake.marts.fct_backtest.article_number IS 'Artikelnummer des Betriebs.';
COMMENT ON COLUMN lake.marts.fct_backtest.rung IS 'Stufe.';
COMMENT ON COLUMN lake.marts.fct_backtest.is_used IS 'Ob die Stufe verwendet wird.';
COMMENT ON COLUMN lake.marts.fct_backtest.series_state IS 'laufend, neu oder ausgelaufen.';
COMMENT ON COLUMN lake.marts.fct_backtest.day_count IS 'Verglichene Tage; geschlossene und ausverkaufte zählen nicht.';
COMMENT ON COLUMN lake.marts.fct_backtest.wape IS 'Summe der Fehler durch Summe der Verkäufe.';
COMMENT ON COLUMN lake.marts.fct_backtest.mase IS 'Mittlerer Fehler gegenüber der Vorwoche.';
COMMENT ON COLUMN lake.marts.fct_backtest.bias IS 'Zu viel vorhergesagt (+) oder zu wenig (-), als Anteil.';
COMMENT ON COLUMN lake.marts.fct_backtest.pinball_loss IS 'Mittlerer Quantilsverlust.';
COMMENT ON COLUMN lake.marts.fct_backtest.coverage_share IS 'Anteil der Tage in der Spanne (soll 0,8).';

CREATE TABLE lake.marts.fct_order_proposal (
    owner_id VARCHAR,
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
    order_level DECIMAL(9, 4),
    on_hand_quantity DECIMAL(18, 3),
    no_quantity_reason VARCHAR,
    rung VARCHAR,
    rung_reason VARCHAR,
    reasons VARCHAR
);
COMMENT ON TABLE lake.marts.fct_order_proposal IS 'Bestellvorschläge für den nächsten offenen Tag.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.owner_id IS 'Inhaber, als Pseudonym.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.site_id IS 'Laden, als Pseudonym.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.article_number IS 'Artikelnummer des Betriebs.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.article_name IS 'Name des Artikels.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.product_group IS 'Warengruppe.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.unit IS 'Einheit.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.issued_date IS 'Tag, an dem der Vorschlag gemacht wurde.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.target_date IS 'Tag, für den er gilt.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.is_next_day IS 'Ob das der nächste Tag ist; sonst ist der Laden dann geschlossen.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.expected_quantity IS 'Erwarteter Absatz.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.low_quantity IS 'An einem von zehn Tagen ist es weniger.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.high_quantity IS 'An einem von zehn Tagen ist es mehr.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.order_quantity IS 'Vorgeschlagene Menge; leer, wo Retourenzettel oder Kosten fehlen.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.order_level IS 'Anteil der Tage, an denen die Menge reicht: Fehlkosten / (Fehlkosten + Verderb).';
COMMENT ON COLUMN lake.marts.fct_order_proposal.on_hand_quantity IS 'Bestand vom letzten Retourenzettel, der noch verkauft werden kann.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.no_quantity_reason IS 'Warum keine Menge vorgeschlagen wird.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.rung IS 'Stufe der Vorhersage: saisonal_naiv, exponentielle_glaettung oder baeume.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.rung_reason IS 'Warum diese Stufe.';
COMMENT ON COLUMN lake.marts.fct_order_proposal.reasons IS 'Gründe mit Faktor, stärkster zuerst, höchstens vier.';

CREATE TABLE lake.marts.fct_order_week (
    owner_id VARCHAR,
    site_id VARCHAR,
    week_from_date DATE,
    week_to_date DATE,
    saved_eur DECIMAL(18, 2),
    line_count BIGINT,
    sold_out_count BIGINT,
    recorded_count BIGINT
);
COMMENT ON TABLE lake.marts.fct_order_week IS 'Was die Vorschläge der letzten Woche gespart oder gekostet hätten, je Laden.';
COMMENT ON COLUMN lake.marts.fct_order_week.owner_id IS 'Inhaber, als Pseudonym.';
COMMENT ON COLUMN lake.marts.fct_order_week.site_id IS 'Laden, als Pseudonym.';
COMMENT ON COLUMN lake.marts.fct_order_week.week_from_date IS 'Erster Tag.';
COMMENT ON COLUMN lake.marts.fct_order_week.week_to_date IS 'Letzter Tag.';
COMMENT ON COLUMN lake.marts.fct_order_week.saved_eur IS 'Gespart in Euro; negativ: mehr gekostet.';
COMMENT ON COLUMN lake.marts.fct_order_week.line_count IS 'Verglichene Zeilen der Retourenzettel.';
COMMENT ON COLUMN lake.marts.fct_order_week.sold_out_count IS 'Davon ausverkauft; was mehr verkauft worden wäre, ist nicht bekannt.';
COMMENT ON COLUMN lake.marts.fct_order_week.recorded_count IS 'Davon mit damals gemachtem Vorschlag; die übrigen sind nachgerechnet.';
