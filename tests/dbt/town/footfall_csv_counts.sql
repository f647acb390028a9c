SELECT sha256('zaehlung') AS _landing_sha256, 'Ring' AS sensor, h AS measured_at, 50 AS pedestrians_count
FROM (SELECT unnest(generate_series(
    TIMESTAMP '2026-05-01 08:00:00', TIMESTAMP '2026-05-01 16:00:00', INTERVAL 1 HOUR)) AS h)
