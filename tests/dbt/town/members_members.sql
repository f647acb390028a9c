SELECT sha256('members') AS _landing_sha256, 'member-' || lpad(i::VARCHAR, 2, '0') AS member_id,
    CASE WHEN i >= 24 THEN 'buerger' WHEN i % 8 = 7 THEN 'erzeuger' ELSE 'haendler' END AS kind,
    ['ALT', 'BAH', 'NOR', 'SUE'][1 + i % 4] AS quarter_id,
    CASE WHEN i < 24 THEN 'owner-' || lpad((i // 2 * 2 % 22 + i % 2)::VARCHAR, 2, '0') END AS owner_id,
    CASE WHEN i < 24 THEN 'regulaer' ELSE 'keine' END AS vat_status,
    'gueltig' AS vat_id_check, 'gueltig' AS tax_number_check, 'gueltig' AS iban_check, TRUE AS has_iban,
    DATE '2024-01-01' AS joined_date,
    CASE WHEN i = 39 THEN DATE '2026-03-31' END AS left_date, 1 AS shares
FROM range(40) AS t(i)
