-- Two lines of 50 euro on each invoice, in each of its deliveries.
SELECT i._landing_sha256, i._row_number AS invoice_row, 'zeile' AS line_kind, line::VARCHAR AS line_number,
    10.0000 AS quantity, 'KGM' AS unit_code, 50.00 AS net_eur
FROM lake.raw.einvoice_invoices AS i, range(2) AS w(line)
