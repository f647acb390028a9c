SELECT sha256('hystreet' || strftime(h, '%Y-%m')) AS _landing_sha256, 'Markt' AS location, h AS measured_at,
    (date_part('hour', h) * 20 + 7)::BIGINT AS pedestrians_count, 12.5 AS temperature
FROM (SELECT unnest(generate_series(
    TIMESTAMP '2025-10-01' - INTERVAL 2 HOUR, TIMESTAMP '2026-10-31 22:00:00', INTERVAL 1 HOUR)) AS h)
WHERE h::DATE <> DATE '2026-02-03'
