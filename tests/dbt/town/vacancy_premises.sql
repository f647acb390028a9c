SELECT sha256('kataster' || m) AS _landing_sha256, 'L-' || i AS premise_id,
    ['ALT', 'BAH', 'NOR', 'SUE'][1 + i % 4] AS quarter_id, ['ALT', 'BAH', 'NOR', 'SUE'][1 + i % 4] || '-01' AS block_id,
    80 AS area_m2, 'Laden' AS premise_use,
    CASE WHEN (i + m) % 9 = 0 THEN 'leer' WHEN i % 17 = 0 THEN 'umbau' ELSE 'belegt' END AS status,
    CASE WHEN (i + m) % 9 <> 0 THEN 'baeckerei' END AS trade_id,
    CASE WHEN i % 11 <> 0 THEN i % 3 = 0 END AS is_chain,
    DATE '2025-10-01' + to_months(m::INTEGER) AS recorded_date
FROM range(80) AS t(i), range(13) AS u(m)
