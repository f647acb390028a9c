SELECT
    t.sensor_id,
    t.quarter_id,
    coalesce(s.name, t.sensor_id) AS place,
    coalesce(q.name, t.quarter_id) AS quarter,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(t.pedestrians_per_day AS DOUBLE) AS value,
    CAST(t.observed_hours AS BIGINT) AS observed_hours,
    CAST(t.missing_hours AS BIGINT) AS missing_hours,
    t.status,
    t.reason,
    t.figure_code
FROM footfall_monthly AS t
LEFT JOIN sensor AS s ON t.sensor_id = s.sensor_id
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
ORDER BY t.business_month, place
