SELECT
    t.quarter_id,
    CASE WHEN t.quarter_id = 'ALLE' THEN 'Gesamte Stadt' ELSE coalesce(q.name, t.quarter_id) END AS place,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(t.value AS DOUBLE) AS value,
    CAST(t.low AS DOUBLE) AS low,
    CAST(t.high AS DOUBLE) AS high,
    CAST(t.cents_per_minute AS DOUBLE) AS cents_per_minute,
    CAST(round(t.revenue_eur * 100) AS DOUBLE) AS revenue_cents,
    CAST(t.minutes AS DOUBLE) AS minutes,
    CAST(t.mean_minutes AS DOUBLE) AS mean_minutes,
    CAST(t.diversity_factor AS DOUBLE) AS diversity_factor,
    CAST(t.reachability_factor AS DOUBLE) AS reachability_factor,
    t.status,
    t.reason,
    t.figure_code
FROM north_star AS t
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
ORDER BY t.business_month, t.quarter_id = 'ALLE' DESC, place
