-- Three waves of 120 people; in February one answers twice, May was corrected (one answer less,
-- no minutes of 500).
SELECT sha256('panel' || m) AS _landing_sha256, DATE '2026-02-01' + to_months(m::INTEGER) AS wave_month,
    i + 1 AS response_number, 'panel-' || lpad((i % 120)::VARCHAR, 3, '0') AS panel_id,
    DATE '2026-02-03' + CAST(i // 20 AS INTEGER) + to_months(m::INTEGER) AS submitted_date, 'de' AS language, 'Y' AS consent,
    ['ALT', 'BAH', 'NOR', 'SUE'][1 + i % 4] AS quarter_id,
    CASE WHEN i = 120 THEN 'auto' ELSE ['zu_fuss', 'rad', 'oepnv'][1 + i % 3] END AS travel_mode,
    CASE WHEN m = 3 AND i = 0 THEN 500 WHEN i % 24 <> 5 THEN i % 24 * 5 END AS walking_minutes,
    'einkauf' AS purpose, 'nichts' AS not_found, 1 + i % 5 AS satisfaction
FROM range(121) AS t(i), range(0, 9, 3) AS u(m) WHERE i < 120 OR m = 0
UNION ALL
SELECT sha256('panel korrigiert'), DATE '2026-05-01', i + 1, 'panel-' || lpad(i::VARCHAR, 3, '0'), DATE '2026-05-03', 'de', 'Y',
    ['ALT', 'BAH', 'NOR', 'SUE'][1 + i % 4], 'zu_fuss', i % 24 * 5, 'einkauf', 'nichts', 3
FROM range(119) AS t(i)
