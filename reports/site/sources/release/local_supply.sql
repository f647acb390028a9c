SELECT
    t.quarter_id,
    CASE WHEN t.quarter_id = 'ALLE' THEN 'Gesamte Stadt' ELSE coalesce(q.name, t.quarter_id) END AS place,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(t.local_share AS DOUBLE) AS value,
    t.status,
    t.reason,
    t.figure_code
FROM local_supply AS t
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
ORDER BY t.business_month, t.quarter_id = 'ALLE' DESC, place
