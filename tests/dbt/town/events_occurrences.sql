-- A festival in the whole town, a market every week in one quarter, road works in one block.
SELECT sha256('events') AS _landing_sha256, 'fest' AS uid, 0 AS sequence, 'CONFIRMED' AS event_status, 'PUBLIC' AS event_class,
    'Stadtfest' AS title, 'Fest' AS category, NULL AS place, NULL AS block_id, DATE '2026-09-05' AS first_date, DATE '2026-09-06' AS last_date
UNION ALL
SELECT sha256('events'), 'markt', 0, 'CONFIRMED', 'PUBLIC', 'Wochenmarkt', 'Markt', 'Nordstadt', NULL,
    (DATE '2025-10-01' + to_days(7 * w::INTEGER))::DATE, (DATE '2025-10-01' + to_days(7 * w::INTEGER))::DATE FROM range(60) AS t(w)
UNION ALL
SELECT sha256('events'), 'kanal', 0, 'CONFIRMED', 'PUBLIC', 'Kanalbau', 'Baustelle', NULL, 'BAH-01', DATE '2026-03-09', DATE '2026-05-15'
