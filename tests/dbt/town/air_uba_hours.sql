SELECT sha256('luft') AS _landing_sha256, 'DEMU001' AS station, h AS measured_at, 12 + hour(h) AS pm10,
    40 + hour(h) AS ozone, CASE WHEN hour(h) <> 4 THEN 18 + hour(h) END AS no2, 8 + hour(h) AS pm2_5
FROM (SELECT unnest(generate_series(
    TIMESTAMP '2026-10-31 23:00:00', TIMESTAMP '2026-11-21 22:00:00', INTERVAL 1 HOUR)) AS h)
