SELECT sha256('sites') AS _landing_sha256, 'site-' || lpad(i::VARCHAR, 2, '0') AS site_id,
    'member-' || lpad(i::VARCHAR, 2, '0') AS member_id,
    ['ALT', 'BAH', 'NOR', 'SUE'][1 + i % 4] || '-01' AS block_id,
    ['baeckerei', 'cafe', 'bekleidung', 'friseur'][1 + i // 4 % 4] AS trade_id,
    i % 9 = 8 AS is_chain, 'till-' || lpad(i::VARCHAR, 2, '0') AS till_id,
    DATE '2020-01-01' AS opened_date
FROM range(24) AS t(i)
