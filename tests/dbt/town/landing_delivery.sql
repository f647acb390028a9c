-- Second deliveries land last, all others in the order of their hashes; till 5 was late in May.
SELECT delivery AS delivery_sha256, 'pos_dsfinvk' AS contract_id, 'landed' AS event,
    CASE WHEN min(till) = 'till-05' AND min(day) BETWEEN DATE '2026-05-01' AND DATE '2026-05-31'
        THEN 'nachlieferung/' ELSE '' END || min(till) || '.zip' AS file_name,
    row_number() OVER (ORDER BY bool_or(again), delivery) AS event_no,
    min(day) AS first_date, max(day) AS last_date, TIMESTAMPTZ '2026-11-22 06:00:00+01' AS "at"
FROM delivered GROUP BY delivery
UNION ALL
SELECT sha256(name), 'citizen_panel', 'landed', name || '.json', 1000000 + number, day, day, TIMESTAMPTZ '2026-11-22 06:00:00+01'
FROM (VALUES ('panel0', 1, DATE '2026-02-03'), ('panel3', 2, DATE '2026-05-03'), ('panel6', 3, DATE '2026-08-03'),
    ('panel korrigiert', 4, DATE '2026-05-03')) AS t(name, number, day)
