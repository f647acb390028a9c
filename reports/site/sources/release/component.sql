SELECT
    t.quarter_id,
    CASE WHEN t.quarter_id = 'ALLE' THEN 'Gesamte Stadt' ELSE coalesce(q.name, t.quarter_id) END AS place,
    strftime(t.business_month, '%Y-%m') AS month,
    t.component,
    CAST(t.value AS DOUBLE) AS value,
    t.unit,
    CAST(t.score AS DOUBLE) AS score,
    CAST(t.weight AS DOUBLE) AS weight,
    t.status,
    t.reason,
    t.figure_code
FROM vitality_component AS t
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
ORDER BY t.business_month, t.quarter_id = 'ALLE' DESC, place
