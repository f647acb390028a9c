-- Observed from October to the day before as_of, and one forecast of the day before for ten days.
SELECT sha256('weather' || strftime(h, '%Y-%m')) AS _landing_sha256, h AS measured_at, 60::SMALLINT AS interval_minutes,
    'historical' AS observation_type, '04711' AS station_id, NULL::DATE AS issued_date,
    (date_part('month', h) + date_part('hour', h) / 10)::DECIMAL(5,2) AS temperature,
    (date_part('day', h) % 3 / 10)::DECIMAL(7,2) AS precipitation, 10::DECIMAL(5,2) AS sunshine, 12::DECIMAL(6,2) AS wind_speed
FROM (SELECT unnest(generate_series(
    TIMESTAMP '2025-09-30 22:00:00', TIMESTAMP '2026-11-20 23:00:00', INTERVAL 1 HOUR)) AS h)
UNION ALL
SELECT sha256('forecast'), h, 60, 'forecast', '04711', DATE '2026-11-21', 5, 0, 0, 20
FROM (SELECT unnest(generate_series(
    TIMESTAMP '2026-11-20 23:00:00', TIMESTAMP '2026-12-01 23:00:00', INTERVAL 1 HOUR)) AS h)
