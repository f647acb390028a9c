SELECT sha256('sales') AS _landing_sha256, 'R-' || i AS invoice_number, DATE '2026-01-15' AS invoice_date,
    DATE '2026-01-01' AS service_from_date, DATE '2026-01-31' AS service_to_date, 'quartiersbericht' AS product_id,
    CASE WHEN i = 1 THEN 'mitglied' ELSE 'dritte' END AS buyer_kind, CASE WHEN i = 1 THEN 'member-01' END AS member_id,
    100 AS net_eur, 19 AS vat_rate_percent, 19 AS vat_eur, 119 AS gross_eur
FROM range(3) AS t(i)
