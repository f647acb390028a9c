SELECT
    t.sensor_id,
    coalesce(s.name, t.sensor_id) AS sensor,
    coalesce(q.name, t.quarter_id) AS place,
    strftime(t.business_month, '%Y-%m') AS month,
    t.day_kind,
    CAST(t.hour AS INTEGER) AS hour,
    CAST(t.pedestrians_mean AS DOUBLE) AS value,
    t.status,
    t.reason,
    t.figure_code
FROM footfall_hourly AS t
LEFT JOIN sensor AS s ON t.sensor_id = s.sensor_id
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
ORDER BY t.business_month, place, sensor, t.day_kind, t.hour
