SELECT
    t.quarter_id,
    CASE WHEN t.quarter_id = 'ALLE' THEN 'Gesamte Stadt' ELSE coalesce(q.name, t.quarter_id) END AS place,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(t.index_value AS DOUBLE) AS value,
    CAST(t.components_available AS BIGINT) AS components_available,
    CAST(t.components_total AS BIGINT) AS components_total,
    CAST(t.weight_available AS DOUBLE) AS weight_available,
    t.status,
    t.reason,
    t.figure_code
FROM vitality_index AS t
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
ORDER BY t.business_month, t.quarter_id = 'ALLE' DESC, place
