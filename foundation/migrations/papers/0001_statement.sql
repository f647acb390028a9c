-- What a member's papers print, without names. The gate alone writes here.
CREATE TABLE lake.papers.statement (
    member_id VARCHAR,
    fiscal_year VARCHAR,
    statement_number VARCHAR,
    is_draft BOOLEAN,
    member_kind VARCHAR,
    vat_status VARCHAR,
    period_from DATE,
    period_to DATE,
    points_total DECIMAL(18, 2),
    fee_net_eur DECIMAL(18, 2),
    refund_net_eur DECIMAL(18, 2),
    net_eur DECIMAL(18, 2),
    vat_eur DECIMAL(18, 2),
    gross_eur DECIMAL(18, 2),
    refund_percent DECIMAL(9, 4),
    refund_resolution VARCHAR,
    accounts_adoption VARCHAR,
    price_list_version VARCHAR,
    price_list_agreed_on DATE,
    price_per_point_eur DECIMAL(18, 4),
    terms_json VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.papers.statement IS 'Jahresabrechnung eines Mitglieds. Eine Zeile je Mitglied und Geschäftsjahr.';
COMMENT ON COLUMN lake.papers.statement.member_id IS 'Pseudonym des Mitglieds.';
COMMENT ON COLUMN lake.papers.statement.fiscal_year IS 'Geschäftsjahr, etwa 2025-26.';
COMMENT ON COLUMN lake.papers.statement.statement_number IS 'Fortlaufende Nummer der Jahresabrechnung.';
COMMENT ON COLUMN lake.papers.statement.is_draft IS 'Wahr, solange Feststellung oder Beschluss fehlen (Entwurf).';
COMMENT ON COLUMN lake.papers.statement.member_kind IS 'haendler, erzeuger oder buerger.';
COMMENT ON COLUMN lake.papers.statement.vat_status IS 'regulaer, kleinunternehmer (§ 19 UStG) oder keine.';
COMMENT ON COLUMN lake.papers.statement.period_from IS 'Erster Tag des Leistungszeitraums.';
COMMENT ON COLUMN lake.papers.statement.period_to IS 'Letzter Tag des Leistungszeitraums.';
COMMENT ON COLUMN lake.papers.statement.points_total IS 'Summe der Punkte des Jahres.';
COMMENT ON COLUMN lake.papers.statement.fee_net_eur IS 'Datenvergütung des Jahres, netto in Euro.';
COMMENT ON COLUMN lake.papers.statement.refund_net_eur IS 'Rückvergütung des Jahres, netto in Euro.';
COMMENT ON COLUMN lake.papers.statement.net_eur IS 'Summe aller Positionen, netto in Euro.';
COMMENT ON COLUMN lake.papers.statement.vat_eur IS 'Umsatzsteuer aller Positionen in Euro; bei Bezügen ist es die der Genossenschaft.';
COMMENT ON COLUMN lake.papers.statement.gross_eur IS 'Summe aller Positionen, brutto in Euro.';
COMMENT ON COLUMN lake.papers.statement.refund_percent IS 'Rückvergütung in Prozent, für alle Mitglieder gleich.';
COMMENT ON COLUMN lake.papers.statement.refund_resolution IS 'Organ, Tag und Protokoll des Beschlusses; leer beim Entwurf.';
COMMENT ON COLUMN lake.papers.statement.accounts_adoption IS 'Organ, Tag und Protokoll der Feststellung des Abschlusses; leer beim Entwurf.';
COMMENT ON COLUMN lake.papers.statement.price_list_version IS 'Fassung der Preisliste.';
COMMENT ON COLUMN lake.papers.statement.price_list_agreed_on IS 'Tag, an dem die Preisliste vereinbart wurde.';
COMMENT ON COLUMN lake.papers.statement.price_per_point_eur IS 'Preis je Punkt in Euro, netto.';
COMMENT ON COLUMN lake.papers.statement.terms_json IS 'Punkteregeln, Widerspruch und Verwendung des Überschusses als JSON, für alle gleich.';
COMMENT ON COLUMN lake.papers.statement.figure_code IS 'Woher-Code der Summen.';
CREATE TABLE lake.papers.statement_position (
    fiscal_year VARCHAR,
    member_id VARCHAR,
    position INTEGER,
    document_kind VARCHAR,
    invoice_number VARCHAR,
    pot VARCHAR,
    period_from DATE,
    period_to DATE,
    invoiced_on DATE,
    description VARCHAR,
    quantity DECIMAL(18, 2),
    unit VARCHAR,
    unit_price_eur DECIMAL(18, 4),
    basis_eur DECIMAL(18, 2),
    refund_percent DECIMAL(9, 4),
    months_delivered INTEGER,
    receipt_lines BIGINT,
    delivered_rows BIGINT,
    passed_rows BIGINT,
    deliveries BIGINT,
    on_time_deliveries BIGINT,
    points_base DECIMAL(18, 2),
    points_volume DECIMAL(18, 2),
    points_quality DECIMAL(18, 2),
    points_timeliness DECIMAL(18, 2),
    net_eur DECIMAL(18, 2),
    vat_rate DECIMAL(9, 4),
    vat_eur DECIMAL(18, 2),
    gross_eur DECIMAL(18, 2),
    is_draft BOOLEAN,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.papers.statement_position IS 'Position einer Jahresabrechnung. Eine Zeile je Mitglied, Geschäftsjahr und Position.';
COMMENT ON COLUMN lake.papers.statement_position.fiscal_year IS 'Geschäftsjahr, etwa 2025-26.';
COMMENT ON COLUMN lake.papers.statement_position.member_id IS 'Pseudonym des Mitglieds.';
COMMENT ON COLUMN lake.papers.statement_position.position IS 'Laufende Nummer der Position auf der Jahresabrechnung.';
COMMENT ON COLUMN lake.papers.statement_position.document_kind IS 'gutschrift (Unternehmer), abrechnung (sonst) oder entgeltminderung (Rückvergütung auf Bezüge).';
COMMENT ON COLUMN lake.papers.statement_position.invoice_number IS 'Fortlaufende Nummer des Belegs, zugleich Ende-zu-Ende-Referenz der Zahlung.';
COMMENT ON COLUMN lake.papers.statement_position.pot IS 'datenverguetung, rueckverguetung_lieferung oder rueckverguetung_bezug.';
COMMENT ON COLUMN lake.papers.statement_position.period_from IS 'Erster Tag des Leistungszeitraums.';
COMMENT ON COLUMN lake.papers.statement_position.period_to IS 'Letzter Tag des Leistungszeitraums.';
COMMENT ON COLUMN lake.papers.statement_position.invoiced_on IS 'Tag des Belegs; leer, solange nicht abgerechnet.';
COMMENT ON COLUMN lake.papers.statement_position.description IS 'Bezeichnung der Leistung.';
COMMENT ON COLUMN lake.papers.statement_position.quantity IS 'Menge in der Einheit, bei der Datenvergütung Punkte.';
COMMENT ON COLUMN lake.papers.statement_position.unit IS 'Einheit der Menge.';
COMMENT ON COLUMN lake.papers.statement_position.unit_price_eur IS 'Preis je Einheit in Euro, netto.';
COMMENT ON COLUMN lake.papers.statement_position.basis_eur IS 'Umsatz mit der Genossenschaft, auf den die Rückvergütung gerechnet ist, in Euro.';
COMMENT ON COLUMN lake.papers.statement_position.refund_percent IS 'Rückvergütung in Prozent; leer bei der Datenvergütung.';
COMMENT ON COLUMN lake.papers.statement_position.months_delivered IS 'Monate des Quartals mit angenommenen Daten.';
COMMENT ON COLUMN lake.papers.statement_position.receipt_lines IS 'Belegzeilen im Quartal.';
COMMENT ON COLUMN lake.papers.statement_position.delivered_rows IS 'Gelieferte Zeilen im Quartal.';
COMMENT ON COLUMN lake.papers.statement_position.passed_rows IS 'Zeilen, die den Vertrag erfüllen.';
COMMENT ON COLUMN lake.papers.statement_position.deliveries IS 'Lieferungen im Quartal.';
COMMENT ON COLUMN lake.papers.statement_position.on_time_deliveries IS 'Pünktliche Lieferungen im Quartal.';
COMMENT ON COLUMN lake.papers.statement_position.points_base IS 'Grundpunkte.';
COMMENT ON COLUMN lake.papers.statement_position.points_volume IS 'Mengenpunkte (Wurzel der Belegzeilen).';
COMMENT ON COLUMN lake.papers.statement_position.points_quality IS 'Qualitätspunkte (Anteil der Zeilen, die den Vertrag erfüllen).';
COMMENT ON COLUMN lake.papers.statement_position.points_timeliness IS 'Pünktlichkeitspunkte (Anteil pünktlicher Lieferungen).';
COMMENT ON COLUMN lake.papers.statement_position.net_eur IS 'Nettobetrag in Euro.';
COMMENT ON COLUMN lake.papers.statement_position.vat_rate IS 'Umsatzsteuersatz in Prozent; 0 ohne Umsatzsteuer.';
COMMENT ON COLUMN lake.papers.statement_position.vat_eur IS 'Umsatzsteuer in Euro.';
COMMENT ON COLUMN lake.papers.statement_position.gross_eur IS 'Bruttobetrag in Euro.';
COMMENT ON COLUMN lake.papers.statement_position.is_draft IS 'Wahr, solange Feststellung, Beschluss oder Abrechnungslauf fehlen.';
COMMENT ON COLUMN lake.papers.statement_position.figure_code IS 'Woher-Code der Zahlen dieser Position.';
