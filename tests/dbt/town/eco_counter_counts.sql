SELECT sha256('promenade') AS _landing_sha256, '100041701' AS channel_id, 'Promenade' AS channel_name,
    'bicycles' AS metric, q AS measured_at, minute(q) // 15 + hour(q) AS value, '0' AS status
FROM (SELECT unnest(generate_series(
    TIMESTAMP '2026-10-21 22:00:00', TIMESTAMP '2026-11-21 22:45:00', INTERVAL 15 MINUTE)) AS q)
