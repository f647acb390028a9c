SELECT
    t.quarter_id,
    CASE WHEN t.quarter_id = 'ALLE' THEN 'Gesamte Stadt' ELSE coalesce(q.name, t.quarter_id) END AS place,
    t.member_kind,
    CAST(t.member_count AS BIGINT) AS value,
    t.status,
    t.reason,
    t.figure_code
FROM members AS t
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
ORDER BY t.quarter_id = 'ALLE' DESC, place, t.member_kind
