-- SPDX-License-Identifier: Apache-2.0
-- The ledger: append-only tables with a chain of hashes; written by foundation/ledger.py alone.

CREATE TABLE lake.ledger.consent (
    sequence BIGINT,
    booking_id VARCHAR,
    recorded_at TIMESTAMPTZ,
    reverses VARCHAR,
    member_id VARCHAR,
    purpose VARCHAR,
    status VARCHAR,
    given_at TIMESTAMPTZ,
    channel VARCHAR,
    wording_sha256 VARCHAR,
    proof VARCHAR,
    content_sha256 VARCHAR,
    previous_hash VARCHAR,
    row_hash VARCHAR
);
COMMENT ON TABLE lake.ledger.consent IS 'Einwilligungen und Widerrufe, wie sie gemeldet wurden.';
COMMENT ON COLUMN lake.ledger.consent.sequence IS 'Laufende Nummer in der Tabelle, ab 1.';
COMMENT ON COLUMN lake.ledger.consent.booking_id IS 'Kennung der Buchung aus ihrem natürlichen Schlüssel.';
COMMENT ON COLUMN lake.ledger.consent.recorded_at IS 'Stichtag des Laufs, der gebucht hat.';
COMMENT ON COLUMN lake.ledger.consent.reverses IS 'Kennung der Buchung, die diese zurücknimmt.';
COMMENT ON COLUMN lake.ledger.consent.member_id IS 'Pseudonym des Mitglieds.';
COMMENT ON COLUMN lake.ledger.consent.purpose IS 'Zweck: indikatoren, produkte oder vergleich.';
COMMENT ON COLUMN lake.ledger.consent.status IS 'erteilt oder widerrufen.';
COMMENT ON COLUMN lake.ledger.consent.given_at IS 'Zeitpunkt der Erklärung.';
COMMENT ON COLUMN lake.ledger.consent.channel IS 'Weg, auf dem die Erklärung kam.';
COMMENT ON COLUMN lake.ledger.consent.wording_sha256 IS 'Prüfsumme des Wortlauts.';
COMMENT ON COLUMN lake.ledger.consent.proof IS 'Fundstelle des Nachweises.';
COMMENT ON COLUMN lake.ledger.consent.content_sha256 IS 'Prüfsumme des Inhalts.';
COMMENT ON COLUMN lake.ledger.consent.previous_hash IS 'Kette: Prüfsumme der Zeile davor.';
COMMENT ON COLUMN lake.ledger.consent.row_hash IS 'Kette: Prüfsumme dieser Zeile.';

CREATE TABLE lake.ledger.usage (
    sequence BIGINT,
    booking_id VARCHAR,
    recorded_at TIMESTAMPTZ,
    reverses VARCHAR,
    edition VARCHAR,
    table_name VARCHAR,
    contract_id VARCHAR,
    contract_version VARCHAR,
    deliveries BIGINT,
    content_sha256 VARCHAR,
    previous_hash VARCHAR,
    row_hash VARCHAR
);
COMMENT ON TABLE lake.ledger.usage IS 'Verwendung von Daten in Veröffentlichungen und Produkten.';
COMMENT ON COLUMN lake.ledger.usage.sequence IS 'Laufende Nummer in der Tabelle, ab 1.';
COMMENT ON COLUMN lake.ledger.usage.booking_id IS 'Kennung der Buchung aus ihrem natürlichen Schlüssel.';
COMMENT ON COLUMN lake.ledger.usage.recorded_at IS 'Stichtag des Laufs, der gebucht hat.';
COMMENT ON COLUMN lake.ledger.usage.reverses IS 'Kennung der Buchung, die diese zurücknimmt.';
COMMENT ON COLUMN lake.ledger.usage.edition IS 'Ausgabe.';
COMMENT ON COLUMN lake.ledger.usage.table_name IS 'Freigegebene Tabelle.';
COMMENT ON COLUMN lake.ledger.usage.contract_id IS 'Vertrag, aus dem die Daten stammen.';
COMMENT ON COLUMN lake.ledger.usage.contract_version IS 'Fassung des Vertrags.';
COMMENT ON COLUMN lake.ledger.usage.deliveries IS 'Zahl der Lieferungen darin.';
COMMENT ON COLUMN lake.ledger.usage.content_sha256 IS 'Prüfsumme des Inhalts.';
COMMENT ON COLUMN lake.ledger.usage.previous_hash IS 'Kette: Prüfsumme der Zeile davor.';
COMMENT ON COLUMN lake.ledger.usage.row_hash IS 'Kette: Prüfsumme dieser Zeile.';

CREATE TABLE lake.ledger.revenue (
    sequence BIGINT,
    booking_id VARCHAR,
    recorded_at TIMESTAMPTZ,
    reverses VARCHAR,
    invoice_number VARCHAR,
    invoice_date DATE,
    fiscal_year VARCHAR,
    product_id VARCHAR,
    buyer_kind VARCHAR,
    member_id VARCHAR,
    net_eur DECIMAL(18,2),
    vat_eur DECIMAL(18,2),
    gross_eur DECIMAL(18,2),
    content_sha256 VARCHAR,
    previous_hash VARCHAR,
    row_hash VARCHAR
);
COMMENT ON TABLE lake.ledger.revenue IS 'Erlöse aus Datenprodukten und Leistungen.';
COMMENT ON COLUMN lake.ledger.revenue.sequence IS 'Laufende Nummer in der Tabelle, ab 1.';
COMMENT ON COLUMN lake.ledger.revenue.booking_id IS 'Kennung der Buchung aus ihrem natürlichen Schlüssel.';
COMMENT ON COLUMN lake.ledger.revenue.recorded_at IS 'Stichtag des Laufs, der gebucht hat.';
COMMENT ON COLUMN lake.ledger.revenue.reverses IS 'Kennung der Buchung, die diese zurücknimmt.';
COMMENT ON COLUMN lake.ledger.revenue.invoice_number IS 'Rechnungsnummer.';
COMMENT ON COLUMN lake.ledger.revenue.invoice_date IS 'Rechnungsdatum.';
COMMENT ON COLUMN lake.ledger.revenue.fiscal_year IS 'Geschäftsjahr.';
COMMENT ON COLUMN lake.ledger.revenue.product_id IS 'Produkt.';
COMMENT ON COLUMN lake.ledger.revenue.buyer_kind IS 'mitglied oder dritte.';
COMMENT ON COLUMN lake.ledger.revenue.member_id IS 'Pseudonym des Mitglieds, leer bei Dritten.';
COMMENT ON COLUMN lake.ledger.revenue.net_eur IS 'Netto in Euro.';
COMMENT ON COLUMN lake.ledger.revenue.vat_eur IS 'Umsatzsteuer in Euro.';
COMMENT ON COLUMN lake.ledger.revenue.gross_eur IS 'Brutto in Euro.';
COMMENT ON COLUMN lake.ledger.revenue.content_sha256 IS 'Prüfsumme des Inhalts.';
COMMENT ON COLUMN lake.ledger.revenue.previous_hash IS 'Kette: Prüfsumme der Zeile davor.';
COMMENT ON COLUMN lake.ledger.revenue.row_hash IS 'Kette: Prüfsumme dieser Zeile.';

CREATE TABLE lake.ledger.cost (
    sequence BIGINT,
    booking_id VARCHAR,
    recorded_at TIMESTAMPTZ,
    reverses VARCHAR,
    fiscal_year VARCHAR,
    account VARCHAR,
    title VARCHAR,
    amount_eur DECIMAL(18,2),
    content_sha256 VARCHAR,
    previous_hash VARCHAR,
    row_hash VARCHAR
);
COMMENT ON TABLE lake.ledger.cost IS 'Aufwendungen laut festgestelltem Jahresabschluss.';
COMMENT ON COLUMN lake.ledger.cost.sequence IS 'Laufende Nummer in der Tabelle, ab 1.';
COMMENT ON COLUMN lake.ledger.cost.booking_id IS 'Kennung der Buchung aus ihrem natürlichen Schlüssel.';
COMMENT ON COLUMN lake.ledger.cost.recorded_at IS 'Stichtag des Laufs, der gebucht hat.';
COMMENT ON COLUMN lake.ledger.cost.reverses IS 'Kennung der Buchung, die diese zurücknimmt.';
COMMENT ON COLUMN lake.ledger.cost.fiscal_year IS 'Geschäftsjahr.';
COMMENT ON COLUMN lake.ledger.cost.account IS 'Konto.';
COMMENT ON COLUMN lake.ledger.cost.title IS 'Bezeichnung.';
COMMENT ON COLUMN lake.ledger.cost.amount_eur IS 'Betrag in Euro.';
COMMENT ON COLUMN lake.ledger.cost.content_sha256 IS 'Prüfsumme des Inhalts.';
COMMENT ON COLUMN lake.ledger.cost.previous_hash IS 'Kette: Prüfsumme der Zeile davor.';
COMMENT ON COLUMN lake.ledger.cost.row_hash IS 'Kette: Prüfsumme dieser Zeile.';

CREATE TABLE lake.ledger.allocation (
    sequence BIGINT,
    booking_id VARCHAR,
    recorded_at TIMESTAMPTZ,
    reverses VARCHAR,
    fiscal_year VARCHAR,
    member_id VARCHAR,
    pot VARCHAR,
    period_from DATE,
    period_to DATE,
    invoiced_on DATE,
    description VARCHAR,
    quantity DECIMAL(18,2),
    unit VARCHAR,
    unit_price_eur DECIMAL(18,4),
    basis_eur DECIMAL(18,2),
    refund_percent DECIMAL(9,4),
    months_delivered INTEGER,
    receipt_lines BIGINT,
    delivered_rows BIGINT,
    passed_rows BIGINT,
    deliveries BIGINT,
    on_time_deliveries BIGINT,
    points_base DECIMAL(18,2),
    points_volume DECIMAL(18,2),
    points_quality DECIMAL(18,2),
    points_timeliness DECIMAL(18,2),
    net_eur DECIMAL(18,2),
    vat_rate DECIMAL(9,4),
    vat_eur DECIMAL(18,2),
    gross_eur DECIMAL(18,2),
    is_draft BOOLEAN,
    content_sha256 VARCHAR,
    previous_hash VARCHAR,
    row_hash VARCHAR
);
COMMENT ON TABLE lake.ledger.allocation IS 'Zuteilungen an Mitglieder: Datenvergütung und Rückvergütung.';
COMMENT ON COLUMN lake.ledger.allocation.sequence IS 'Laufende Nummer in der Tabelle, ab 1.';
COMMENT ON COLUMN lake.ledger.allocation.booking_id IS 'Kennung der Buchung aus ihrem natürlichen Schlüssel.';
COMMENT ON COLUMN lake.ledger.allocation.recorded_at IS 'Stichtag des Laufs, der gebucht hat.';
COMMENT ON COLUMN lake.ledger.allocation.reverses IS 'Kennung der Buchung, die diese zurücknimmt.';
COMMENT ON COLUMN lake.ledger.allocation.fiscal_year IS 'Geschäftsjahr.';
COMMENT ON COLUMN lake.ledger.allocation.member_id IS 'Pseudonym des Mitglieds.';
COMMENT ON COLUMN lake.ledger.allocation.pot IS 'Topf der Verteilung.';
COMMENT ON COLUMN lake.ledger.allocation.period_from IS 'Erster Tag des Zeitraums.';
COMMENT ON COLUMN lake.ledger.allocation.period_to IS 'Letzter Tag des Zeitraums.';
COMMENT ON COLUMN lake.ledger.allocation.invoiced_on IS 'Tag der Abrechnung.';
COMMENT ON COLUMN lake.ledger.allocation.description IS 'Text der Position.';
COMMENT ON COLUMN lake.ledger.allocation.quantity IS 'Menge.';
COMMENT ON COLUMN lake.ledger.allocation.unit IS 'Einheit der Menge.';
COMMENT ON COLUMN lake.ledger.allocation.unit_price_eur IS 'Preis je Einheit in Euro.';
COMMENT ON COLUMN lake.ledger.allocation.basis_eur IS 'Bemessungsgrundlage in Euro.';
COMMENT ON COLUMN lake.ledger.allocation.refund_percent IS 'Satz der Rückvergütung in Prozent.';
COMMENT ON COLUMN lake.ledger.allocation.months_delivered IS 'Gelieferte Monate.';
COMMENT ON COLUMN lake.ledger.allocation.receipt_lines IS 'Belegzeilen.';
COMMENT ON COLUMN lake.ledger.allocation.delivered_rows IS 'Gelieferte Zeilen.';
COMMENT ON COLUMN lake.ledger.allocation.passed_rows IS 'Zeilen, die den Vertrag erfüllen.';
COMMENT ON COLUMN lake.ledger.allocation.deliveries IS 'Lieferungen.';
COMMENT ON COLUMN lake.ledger.allocation.on_time_deliveries IS 'Pünktliche Lieferungen.';
COMMENT ON COLUMN lake.ledger.allocation.points_base IS 'Punkte: Grundbetrag.';
COMMENT ON COLUMN lake.ledger.allocation.points_volume IS 'Punkte: Umfang.';
COMMENT ON COLUMN lake.ledger.allocation.points_quality IS 'Punkte: Güte.';
COMMENT ON COLUMN lake.ledger.allocation.points_timeliness IS 'Punkte: Pünktlichkeit.';
COMMENT ON COLUMN lake.ledger.allocation.net_eur IS 'Netto in Euro.';
COMMENT ON COLUMN lake.ledger.allocation.vat_rate IS 'Steuersatz in Prozent.';
COMMENT ON COLUMN lake.ledger.allocation.vat_eur IS 'Umsatzsteuer in Euro.';
COMMENT ON COLUMN lake.ledger.allocation.gross_eur IS 'Brutto in Euro.';
COMMENT ON COLUMN lake.ledger.allocation.is_draft IS 'Entwurf; im Buch immer falsch.';
COMMENT ON COLUMN lake.ledger.allocation.content_sha256 IS 'Prüfsumme des Inhalts.';
COMMENT ON COLUMN lake.ledger.allocation.previous_hash IS 'Kette: Prüfsumme der Zeile davor.';
COMMENT ON COLUMN lake.ledger.allocation.row_hash IS 'Kette: Prüfsumme dieser Zeile.';

CREATE TABLE lake.ledger.posting (
    sequence BIGINT,
    booking_id VARCHAR,
    recorded_at TIMESTAMPTZ,
    reverses VARCHAR,
    fiscal_year VARCHAR,
    entry_number INTEGER,
    line_number INTEGER,
    booked_on DATE,
    pot VARCHAR,
    member_id VARCHAR,
    account VARCHAR,
    account_name VARCHAR,
    debit_eur DECIMAL(18,2),
    credit_eur DECIMAL(18,2),
    text VARCHAR,
    is_draft BOOLEAN,
    content_sha256 VARCHAR,
    previous_hash VARCHAR,
    row_hash VARCHAR
);
COMMENT ON TABLE lake.ledger.posting IS 'Buchungen in doppelter Buchführung; je Buchung Soll gleich Haben.';
COMMENT ON COLUMN lake.ledger.posting.sequence IS 'Laufende Nummer in der Tabelle, ab 1.';
COMMENT ON COLUMN lake.ledger.posting.booking_id IS 'Kennung der Buchung aus ihrem natürlichen Schlüssel.';
COMMENT ON COLUMN lake.ledger.posting.recorded_at IS 'Stichtag des Laufs, der gebucht hat.';
COMMENT ON COLUMN lake.ledger.posting.reverses IS 'Kennung der Buchung, die diese zurücknimmt.';
COMMENT ON COLUMN lake.ledger.posting.fiscal_year IS 'Geschäftsjahr.';
COMMENT ON COLUMN lake.ledger.posting.entry_number IS 'Nummer der Buchung.';
COMMENT ON COLUMN lake.ledger.posting.line_number IS 'Zeile der Buchung.';
COMMENT ON COLUMN lake.ledger.posting.booked_on IS 'Buchungstag.';
COMMENT ON COLUMN lake.ledger.posting.pot IS 'Topf der Verteilung.';
COMMENT ON COLUMN lake.ledger.posting.member_id IS 'Pseudonym des Mitglieds.';
COMMENT ON COLUMN lake.ledger.posting.account IS 'Konto.';
COMMENT ON COLUMN lake.ledger.posting.account_name IS 'Name des Kontos.';
COMMENT ON COLUMN lake.ledger.posting.debit_eur IS 'Soll in Euro.';
COMMENT ON COLUMN lake.ledger.posting.credit_eur IS 'Haben in Euro.';
COMMENT ON COLUMN lake.ledger.posting.text IS 'Buchungstext.';
COMMENT ON COLUMN lake.ledger.posting.is_draft IS 'Entwurf; im Buch immer falsch.';
COMMENT ON COLUMN lake.ledger.posting.content_sha256 IS 'Prüfsumme des Inhalts.';
COMMENT ON COLUMN lake.ledger.posting.previous_hash IS 'Kette: Prüfsumme der Zeile davor.';
COMMENT ON COLUMN lake.ledger.posting.row_hash IS 'Kette: Prüfsumme dieser Zeile.';

CREATE TABLE lake.ledger.pot (
    sequence BIGINT,
    booking_id VARCHAR,
    recorded_at TIMESTAMPTZ,
    reverses VARCHAR,
    fiscal_year VARCHAR,
    sort INTEGER,
    pot VARCHAR,
    title VARCHAR,
    amount_eur DECIMAL(18,2),
    share_of_surplus DECIMAL(9,6),
    counts_in_surplus BOOLEAN,
    legal_basis VARCHAR,
    resolution VARCHAR,
    is_draft BOOLEAN,
    content_sha256 VARCHAR,
    previous_hash VARCHAR,
    row_hash VARCHAR
);
COMMENT ON TABLE lake.ledger.pot IS 'Verwendung des Überschusses nach Töpfen.';
COMMENT ON COLUMN lake.ledger.pot.sequence IS 'Laufende Nummer in der Tabelle, ab 1.';
COMMENT ON COLUMN lake.ledger.pot.booking_id IS 'Kennung der Buchung aus ihrem natürlichen Schlüssel.';
COMMENT ON COLUMN lake.ledger.pot.recorded_at IS 'Stichtag des Laufs, der gebucht hat.';
COMMENT ON COLUMN lake.ledger.pot.reverses IS 'Kennung der Buchung, die diese zurücknimmt.';
COMMENT ON COLUMN lake.ledger.pot.fiscal_year IS 'Geschäftsjahr.';
COMMENT ON COLUMN lake.ledger.pot.sort IS 'Reihenfolge.';
COMMENT ON COLUMN lake.ledger.pot.pot IS 'Topf.';
COMMENT ON COLUMN lake.ledger.pot.title IS 'Bezeichnung.';
COMMENT ON COLUMN lake.ledger.pot.amount_eur IS 'Betrag in Euro.';
COMMENT ON COLUMN lake.ledger.pot.share_of_surplus IS 'Anteil am Überschuss, 0 bis 1.';
COMMENT ON COLUMN lake.ledger.pot.counts_in_surplus IS 'Ob der Betrag Teil der Summe des Überschusses ist.';
COMMENT ON COLUMN lake.ledger.pot.legal_basis IS 'Rechtsgrundlage.';
COMMENT ON COLUMN lake.ledger.pot.resolution IS 'Beschluss.';
COMMENT ON COLUMN lake.ledger.pot.is_draft IS 'Entwurf; im Buch immer falsch.';
COMMENT ON COLUMN lake.ledger.pot.content_sha256 IS 'Prüfsumme des Inhalts.';
COMMENT ON COLUMN lake.ledger.pot.previous_hash IS 'Kette: Prüfsumme der Zeile davor.';
COMMENT ON COLUMN lake.ledger.pot.row_hash IS 'Kette: Prüfsumme dieser Zeile.';

CREATE TABLE lake.ledger.decision (
    sequence BIGINT,
    booking_id VARCHAR,
    recorded_at TIMESTAMPTZ,
    reverses VARCHAR,
    subject VARCHAR,
    fiscal_year VARCHAR,
    organ VARCHAR,
    decided_on DATE,
    minutes VARCHAR,
    text VARCHAR,
    content_sha256 VARCHAR,
    previous_hash VARCHAR,
    row_hash VARCHAR
);
COMMENT ON TABLE lake.ledger.decision IS 'Beschlüsse der Organe.';
COMMENT ON COLUMN lake.ledger.decision.sequence IS 'Laufende Nummer in der Tabelle, ab 1.';
COMMENT ON COLUMN lake.ledger.decision.booking_id IS 'Kennung der Buchung aus ihrem natürlichen Schlüssel.';
COMMENT ON COLUMN lake.ledger.decision.recorded_at IS 'Stichtag des Laufs, der gebucht hat.';
COMMENT ON COLUMN lake.ledger.decision.reverses IS 'Kennung der Buchung, die diese zurücknimmt.';
COMMENT ON COLUMN lake.ledger.decision.subject IS 'Gegenstand.';
COMMENT ON COLUMN lake.ledger.decision.fiscal_year IS 'Geschäftsjahr.';
COMMENT ON COLUMN lake.ledger.decision.organ IS 'Organ.';
COMMENT ON COLUMN lake.ledger.decision.decided_on IS 'Tag des Beschlusses.';
COMMENT ON COLUMN lake.ledger.decision.minutes IS 'Fundstelle im Protokoll.';
COMMENT ON COLUMN lake.ledger.decision.text IS 'Wortlaut.';
COMMENT ON COLUMN lake.ledger.decision.content_sha256 IS 'Prüfsumme des Inhalts.';
COMMENT ON COLUMN lake.ledger.decision.previous_hash IS 'Kette: Prüfsumme der Zeile davor.';
COMMENT ON COLUMN lake.ledger.decision.row_hash IS 'Kette: Prüfsumme dieser Zeile.';

CREATE TABLE lake.ledger.approval (
    sequence BIGINT,
    booking_id VARCHAR,
    recorded_at TIMESTAMPTZ,
    reverses VARCHAR,
    table_name VARCHAR,
    definition_hash VARCHAR,
    rules_hash VARCHAR,
    organ VARCHAR,
    approved_on DATE,
    minutes VARCHAR,
    content_sha256 VARCHAR,
    previous_hash VARCHAR,
    row_hash VARCHAR
);
COMMENT ON TABLE lake.ledger.approval IS 'Freigaben von Tabellen zur Veröffentlichung.';
COMMENT ON COLUMN lake.ledger.approval.sequence IS 'Laufende Nummer in der Tabelle, ab 1.';
COMMENT ON COLUMN lake.ledger.approval.booking_id IS 'Kennung der Buchung aus ihrem natürlichen Schlüssel.';
COMMENT ON COLUMN lake.ledger.approval.recorded_at IS 'Stichtag des Laufs, der gebucht hat.';
COMMENT ON COLUMN lake.ledger.approval.reverses IS 'Kennung der Buchung, die diese zurücknimmt.';
COMMENT ON COLUMN lake.ledger.approval.table_name IS 'Freigegebene Tabelle.';
COMMENT ON COLUMN lake.ledger.approval.definition_hash IS 'Prüfsumme der Definition.';
COMMENT ON COLUMN lake.ledger.approval.rules_hash IS 'Prüfsumme des Regelwerks.';
COMMENT ON COLUMN lake.ledger.approval.organ IS 'Organ.';
COMMENT ON COLUMN lake.ledger.approval.approved_on IS 'Tag der Freigabe.';
COMMENT ON COLUMN lake.ledger.approval.minutes IS 'Fundstelle im Protokoll.';
COMMENT ON COLUMN lake.ledger.approval.content_sha256 IS 'Prüfsumme des Inhalts.';
COMMENT ON COLUMN lake.ledger.approval.previous_hash IS 'Kette: Prüfsumme der Zeile davor.';
COMMENT ON COLUMN lake.ledger.approval.row_hash IS 'Kette: Prüfsumme dieser Zeile.';

CREATE TABLE lake.ledger.issued_paper (
    sequence BIGINT,
    booking_id VARCHAR,
    recorded_at TIMESTAMPTZ,
    reverses VARCHAR,
    fiscal_year VARCHAR,
    member_id VARCHAR,
    document_kind VARCHAR,
    invoice_number VARCHAR,
    issued_on DATE,
    pdf_sha256 VARCHAR,
    xml_sha256 VARCHAR,
    net_eur DECIMAL(18,2),
    vat_eur DECIMAL(18,2),
    gross_eur DECIMAL(18,2),
    is_draft BOOLEAN,
    content_sha256 VARCHAR,
    previous_hash VARCHAR,
    row_hash VARCHAR
);
COMMENT ON TABLE lake.ledger.issued_paper IS 'Ausgegebene Papiere an Mitglieder.';
COMMENT ON COLUMN lake.ledger.issued_paper.sequence IS 'Laufende Nummer in der Tabelle, ab 1.';
COMMENT ON COLUMN lake.ledger.issued_paper.booking_id IS 'Kennung der Buchung aus ihrem natürlichen Schlüssel.';
COMMENT ON COLUMN lake.ledger.issued_paper.recorded_at IS 'Stichtag des Laufs, der gebucht hat.';
COMMENT ON COLUMN lake.ledger.issued_paper.reverses IS 'Kennung der Buchung, die diese zurücknimmt.';
COMMENT ON COLUMN lake.ledger.issued_paper.fiscal_year IS 'Geschäftsjahr.';
COMMENT ON COLUMN lake.ledger.issued_paper.member_id IS 'Pseudonym des Mitglieds.';
COMMENT ON COLUMN lake.ledger.issued_paper.document_kind IS 'gutschrift, abrechnung oder jahresabrechnung.';
COMMENT ON COLUMN lake.ledger.issued_paper.invoice_number IS 'Fortlaufende Nummer.';
COMMENT ON COLUMN lake.ledger.issued_paper.issued_on IS 'Ausgestellt am.';
COMMENT ON COLUMN lake.ledger.issued_paper.pdf_sha256 IS 'Prüfsumme der PDF-Datei.';
COMMENT ON COLUMN lake.ledger.issued_paper.xml_sha256 IS 'Prüfsumme der E-Rechnung.';
COMMENT ON COLUMN lake.ledger.issued_paper.net_eur IS 'Netto in Euro.';
COMMENT ON COLUMN lake.ledger.issued_paper.vat_eur IS 'Umsatzsteuer in Euro.';
COMMENT ON COLUMN lake.ledger.issued_paper.gross_eur IS 'Brutto in Euro.';
COMMENT ON COLUMN lake.ledger.issued_paper.is_draft IS 'Entwurf; im Buch immer falsch.';
COMMENT ON COLUMN lake.ledger.issued_paper.content_sha256 IS 'Prüfsumme des Inhalts.';
COMMENT ON COLUMN lake.ledger.issued_paper.previous_hash IS 'Kette: Prüfsumme der Zeile davor.';
COMMENT ON COLUMN lake.ledger.issued_paper.row_hash IS 'Kette: Prüfsumme dieser Zeile.';

CREATE TABLE lake.ledger.payout (
    sequence BIGINT,
    booking_id VARCHAR,
    recorded_at TIMESTAMPTZ,
    reverses VARCHAR,
    fiscal_year VARCHAR,
    member_id VARCHAR,
    invoice_number VARCHAR,
    amount_eur DECIMAL(18,2),
    end_to_end_reference VARCHAR,
    status VARCHAR,
    status_on DATE,
    content_sha256 VARCHAR,
    previous_hash VARCHAR,
    row_hash VARCHAR
);
COMMENT ON TABLE lake.ledger.payout IS 'Auszahlungen: vorgemerkt, angewiesen, gebucht, zurück.';
COMMENT ON COLUMN lake.ledger.payout.sequence IS 'Laufende Nummer in der Tabelle, ab 1.';
COMMENT ON COLUMN lake.ledger.payout.booking_id IS 'Kennung der Buchung aus ihrem natürlichen Schlüssel.';
COMMENT ON COLUMN lake.ledger.payout.recorded_at IS 'Stichtag des Laufs, der gebucht hat.';
COMMENT ON COLUMN lake.ledger.payout.reverses IS 'Kennung der Buchung, die diese zurücknimmt.';
COMMENT ON COLUMN lake.ledger.payout.fiscal_year IS 'Geschäftsjahr.';
COMMENT ON COLUMN lake.ledger.payout.member_id IS 'Pseudonym des Mitglieds.';
COMMENT ON COLUMN lake.ledger.payout.invoice_number IS 'Fortlaufende Nummer.';
COMMENT ON COLUMN lake.ledger.payout.amount_eur IS 'Betrag in Euro.';
COMMENT ON COLUMN lake.ledger.payout.end_to_end_reference IS 'Ende-zu-Ende-Referenz.';
COMMENT ON COLUMN lake.ledger.payout.status IS 'vorgemerkt, angewiesen, gebucht oder zurueck.';
COMMENT ON COLUMN lake.ledger.payout.status_on IS 'Tag des Stands.';
COMMENT ON COLUMN lake.ledger.payout.content_sha256 IS 'Prüfsumme des Inhalts.';
COMMENT ON COLUMN lake.ledger.payout.previous_hash IS 'Kette: Prüfsumme der Zeile davor.';
COMMENT ON COLUMN lake.ledger.payout.row_hash IS 'Kette: Prüfsumme dieser Zeile.';

CREATE TABLE lake.ledger.privacy_budget (
    sequence BIGINT,
    booking_id VARCHAR,
    recorded_at TIMESTAMPTZ,
    reverses VARCHAR,
    release VARCHAR,
    population VARCHAR,
    epsilon DECIMAL(9,6),
    delta DECIMAL(18,12),
    content_sha256 VARCHAR,
    previous_hash VARCHAR,
    row_hash VARCHAR
);
COMMENT ON TABLE lake.ledger.privacy_budget IS 'Verbrauch des Datenschutzbudgets.';
COMMENT ON COLUMN lake.ledger.privacy_budget.sequence IS 'Laufende Nummer in der Tabelle, ab 1.';
COMMENT ON COLUMN lake.ledger.privacy_budget.booking_id IS 'Kennung der Buchung aus ihrem natürlichen Schlüssel.';
COMMENT ON COLUMN lake.ledger.privacy_budget.recorded_at IS 'Stichtag des Laufs, der gebucht hat.';
COMMENT ON COLUMN lake.ledger.privacy_budget.reverses IS 'Kennung der Buchung, die diese zurücknimmt.';
COMMENT ON COLUMN lake.ledger.privacy_budget.release IS 'Veröffentlichung.';
COMMENT ON COLUMN lake.ledger.privacy_budget.population IS 'Personenkreis.';
COMMENT ON COLUMN lake.ledger.privacy_budget.epsilon IS 'Verbrauchtes Epsilon.';
COMMENT ON COLUMN lake.ledger.privacy_budget.delta IS 'Verbrauchtes Delta.';
COMMENT ON COLUMN lake.ledger.privacy_budget.content_sha256 IS 'Prüfsumme des Inhalts.';
COMMENT ON COLUMN lake.ledger.privacy_budget.previous_hash IS 'Kette: Prüfsumme der Zeile davor.';
COMMENT ON COLUMN lake.ledger.privacy_budget.row_hash IS 'Kette: Prüfsumme dieser Zeile.';
