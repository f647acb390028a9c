-- One invoice per shop and month; each shop's first one arrives a second time. Every third supplier sits in the region.
SELECT sha256('rechnung' || site || month || again) AS _landing_sha256, 'site-' || lpad(site::VARCHAR, 2, '0') AS site_id,
    month || '-' || site AS invoice_number, DATE '2025-10-15' + to_months(month::INTEGER) AS invoice_date,
    CASE WHEN site = 7 AND month = 3 THEN '381' ELSE '380' END AS document_type, 'EUR' AS currency_code,
    'seller-' || site % 3 AS seller_id, CASE WHEN site % 3 = 0 THEN '48990' ELSE '20095' END AS seller_postcode,
    'DE' AS seller_country_code, 100.00 AS net_eur, 7.00 AS vat_eur, 107.00 AS gross_eur
FROM range(24) AS t(site), range(13) AS u(month), range(2) AS v(again)
WHERE again = 0 OR month = 0
