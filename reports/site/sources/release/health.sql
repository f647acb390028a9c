SELECT
    t.sensor_id,
    coalesce(s.name, t.sensor_id) AS sensor,
    t.metric,
    t.state,
    CAST(t.last_observed_date AS VARCHAR) AS last_day,
    CAST(t.observed_share AS DOUBLE) AS value,
    CAST(t.longest_gap_hours AS BIGINT) AS longest_gap_hours,
    t.finding,
    t.status,
    t.reason,
    t.figure_code
FROM sensor_health AS t
LEFT JOIN sensor AS s ON t.sensor_id = s.sensor_id
ORDER BY t.state = 'misst', t.metric, sensor
