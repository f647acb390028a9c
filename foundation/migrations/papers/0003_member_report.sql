-- SPDX-License-Identifier: Apache-2.0
-- What a member's report prints, without names. The gate alone writes here.
CREATE TABLE lake.papers.member_month (
    member_id VARCHAR,
    report_month DATE,
    site_id VARCHAR,
    business_month DATE,
    open_days BIGINT,
    receipt_count BIGINT,
    revenue_eur DECIMAL(18, 2),
    mean_basket_eur DECIMAL(18, 2),
    year_before_receipt_count BIGINT,
    year_before_revenue_eur DECIMAL(18, 2),
    year_before_mean_basket_eur DECIMAL(18, 2),
    sensor_id VARCHAR,
    pedestrians_per_day DECIMAL(18, 2),
    pedestrians_code VARCHAR,
    temperature_max_c DECIMAL(5, 2),
    precipitation_mm DECIMAL(18, 2),
    sunshine_hours DECIMAL(18, 2),
    comparison_level VARCHAR,
    comparison_name VARCHAR,
    comparison_trade_eur DECIMAL(18, 2),
    comparison_group_eur DECIMAL(18, 2),
    comparison_code VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.papers.member_month IS 'Monat eines Ladens auf dem Papier seines Mitglieds. Eine Zeile je Mitglied, Laden und Monat.';
COMMENT ON COLUMN lake.papers.member_month.member_id IS 'Pseudonym des Mitglieds.';
COMMENT ON COLUMN lake.papers.member_month.report_month IS 'Letzter abgeschlossener Monat des Papiers.';
COMMENT ON COLUMN lake.papers.member_month.site_id IS 'Pseudonym des eigenen Ladens.';
COMMENT ON COLUMN lake.papers.member_month.business_month IS 'Erster Tag des Monats.';
COMMENT ON COLUMN lake.papers.member_month.open_days IS 'Tage mit Verkauf.';
COMMENT ON COLUMN lake.papers.member_month.receipt_count IS 'Einkäufe im Laden.';
COMMENT ON COLUMN lake.papers.member_month.revenue_eur IS 'Umsatz des Ladens in Euro, brutto.';
COMMENT ON COLUMN lake.papers.member_month.mean_basket_eur IS 'Umsatz je Einkauf in Euro, brutto.';
COMMENT ON COLUMN lake.papers.member_month.year_before_receipt_count IS 'Einkäufe im selben Monat des Vorjahres; leer, wenn es dazu keine Daten gibt.';
COMMENT ON COLUMN lake.papers.member_month.year_before_revenue_eur IS 'Umsatz im selben Monat des Vorjahres in Euro.';
COMMENT ON COLUMN lake.papers.member_month.year_before_mean_basket_eur IS 'Umsatz je Einkauf im selben Monat des Vorjahres in Euro.';
COMMENT ON COLUMN lake.papers.member_month.sensor_id IS 'Nächste Zählstelle, im Block des Ladens oder sonst in seinem Quartier.';
COMMENT ON COLUMN lake.papers.member_month.pedestrians_per_day IS 'Passanten je Tag an der Zählstelle, wie veröffentlicht.';
COMMENT ON COLUMN lake.papers.member_month.pedestrians_code IS 'Woher-Code der veröffentlichten Passantenzahl.';
COMMENT ON COLUMN lake.papers.member_month.temperature_max_c IS 'Höchsttemperatur im Mittel der Tage, in Grad Celsius.';
COMMENT ON COLUMN lake.papers.member_month.precipitation_mm IS 'Niederschlag des Monats in Millimetern.';
COMMENT ON COLUMN lake.papers.member_month.sunshine_hours IS 'Sonnenstunden des Monats.';
COMMENT ON COLUMN lake.papers.member_month.comparison_level IS 'Womit verglichen wird: branche, gruppe oder stadt; leer ohne Vergleich.';
COMMENT ON COLUMN lake.papers.member_month.comparison_name IS 'Name der Branche oder Gruppe, mit der verglichen wird.';
COMMENT ON COLUMN lake.papers.member_month.comparison_trade_eur IS 'Umsatz je Einkauf der Branche, wie veröffentlicht.';
COMMENT ON COLUMN lake.papers.member_month.comparison_group_eur IS 'Umsatz je Einkauf der Branchengruppe oder der Stadt, wie veröffentlicht.';
COMMENT ON COLUMN lake.papers.member_month.comparison_code IS 'Woher-Code der veröffentlichten Vergleichszahl.';
COMMENT ON COLUMN lake.papers.member_month.figure_code IS 'Woher-Code der Zahlen dieses Monats.';
CREATE TABLE lake.papers.member_usage (
    member_id VARCHAR,
    report_month DATE,
    edition VARCHAR,
    contract_id VARCHAR,
    table_name VARCHAR,
    title VARCHAR,
    own_deliveries BIGINT,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.papers.member_usage IS 'Wofür die Daten eines Mitglieds gebraucht wurden. Eine Zeile je Mitglied, Vertrag und veröffentlichter Tabelle.';
COMMENT ON COLUMN lake.papers.member_usage.member_id IS 'Pseudonym des Mitglieds.';
COMMENT ON COLUMN lake.papers.member_usage.report_month IS 'Letzter abgeschlossener Monat des Papiers.';
COMMENT ON COLUMN lake.papers.member_usage.edition IS 'Ausgabe, in der die Tabelle erschien.';
COMMENT ON COLUMN lake.papers.member_usage.contract_id IS 'Vertrag, unter dem das Mitglied geliefert hat.';
COMMENT ON COLUMN lake.papers.member_usage.table_name IS 'Veröffentlichte Tabelle.';
COMMENT ON COLUMN lake.papers.member_usage.title IS 'Überschrift der Tabelle.';
COMMENT ON COLUMN lake.papers.member_usage.own_deliveries IS 'Lieferungen des Mitglieds unter diesem Vertrag, deren Daten zählen.';
COMMENT ON COLUMN lake.papers.member_usage.figure_code IS 'Woher-Code dieser Zeile.';
CREATE TABLE lake.papers.member_report (
    member_id VARCHAR,
    report_month DATE,
    member_kind VARCHAR,
    has_comparison BOOLEAN,
    is_in_indicators BOOLEAN,
    share_count BIGINT,
    share_value_eur DECIMAL(18, 2),
    shares_eur DECIMAL(18, 2),
    fiscal_year VARCHAR,
    is_draft BOOLEAN,
    purchases_gross_eur DECIMAL(18, 2),
    fee_net_eur DECIMAL(18, 2),
    refund_net_eur DECIMAL(18, 2),
    statement_code VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.papers.member_report IS 'Bericht an ein Mitglied. Eine Zeile je Mitglied und Berichtsmonat.';
COMMENT ON COLUMN lake.papers.member_report.member_id IS 'Pseudonym des Mitglieds.';
COMMENT ON COLUMN lake.papers.member_report.report_month IS 'Letzter abgeschlossener Monat des Papiers.';
COMMENT ON COLUMN lake.papers.member_report.member_kind IS 'haendler, erzeuger oder buerger.';
COMMENT ON COLUMN lake.papers.member_report.has_comparison IS 'Ob das Mitglied in den Vergleich eingewilligt hat.';
COMMENT ON COLUMN lake.papers.member_report.is_in_indicators IS 'Ob seine Daten in Kennzahlen eingehen; leer ohne Laden.';
COMMENT ON COLUMN lake.papers.member_report.share_count IS 'Geschäftsanteile.';
COMMENT ON COLUMN lake.papers.member_report.share_value_eur IS 'Wert eines Geschäftsanteils in Euro.';
COMMENT ON COLUMN lake.papers.member_report.shares_eur IS 'Eingezahlte Anteile in Euro.';
COMMENT ON COLUMN lake.papers.member_report.fiscal_year IS 'Letztes abgerechnetes Geschäftsjahr, leer ohne Abrechnung.';
COMMENT ON COLUMN lake.papers.member_report.is_draft IS 'Wahr, solange Feststellung oder Beschluss fehlen.';
COMMENT ON COLUMN lake.papers.member_report.purchases_gross_eur IS 'Bezüge bei der Genossenschaft im Geschäftsjahr in Euro, brutto.';
COMMENT ON COLUMN lake.papers.member_report.fee_net_eur IS 'Datenvergütung des Geschäftsjahres in Euro, netto.';
COMMENT ON COLUMN lake.papers.member_report.refund_net_eur IS 'Rückvergütung des Geschäftsjahres in Euro, netto.';
COMMENT ON COLUMN lake.papers.member_report.statement_code IS 'Woher-Code der Jahresabrechnung.';
COMMENT ON COLUMN lake.papers.member_report.figure_code IS 'Woher-Code der Zahlen dieses Berichts.';
