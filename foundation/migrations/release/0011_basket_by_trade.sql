-- SPDX-License-Identifier: Apache-2.0
-- Mean basket by trade. Written by the disclosure gate alone.
-- Columns and texts are those of cooperative/releases; a test holds them together.

CREATE TABLE lake.release.basket_by_trade (
    trade_id VARCHAR,
    business_month DATE,
    mean_basket_eur DECIMAL(18,2),
    receipt_count BIGINT,
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.basket_by_trade IS 'Mittlerer Einkauf je Branche. Eine Zeile je Branche und Monat.';
COMMENT ON COLUMN lake.release.basket_by_trade.trade_id IS
    'Kürzel der Branche';
COMMENT ON COLUMN lake.release.basket_by_trade.business_month IS
    'Erster Tag des Monats';
COMMENT ON COLUMN lake.release.basket_by_trade.mean_basket_eur IS
    'Umsatz je Kassenbon in Euro, brutto, Betriebe mit Einwilligung';
COMMENT ON COLUMN lake.release.basket_by_trade.receipt_count IS
    'Anzahl der Kassenbons, Betriebe mit Einwilligung';
COMMENT ON COLUMN lake.release.basket_by_trade.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.basket_by_trade.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.basket_by_trade.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';
