-- Every figure with its code, for the register on "Woher kommt diese Zahl?". Footfall: last month only,
-- the earlier ones stand in the file itself.
SELECT
    'basket_by_quarter' AS table_name,
    t.figure_code,
    CASE WHEN t.quarter_id = 'ALLE' THEN 'Gesamte Stadt' ELSE coalesce(q.name, t.quarter_id) END AS place,
    CAST(NULL AS VARCHAR) AS detail,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(round(t.mean_basket_eur * 100) AS DOUBLE) AS value,
    'euro' AS kind,
    CAST(NULL AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM basket_by_quarter AS t
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
UNION ALL
SELECT
    'basket_by_trade_group' AS table_name,
    t.figure_code,
    CASE WHEN t.trade_group = 'ALLE' THEN 'Alle Branchen' ELSE t.trade_group END AS place,
    CAST(NULL AS VARCHAR) AS detail,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(round(t.mean_basket_eur * 100) AS DOUBLE) AS value,
    'euro' AS kind,
    CAST(NULL AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM basket_by_trade_group AS t
UNION ALL
SELECT
    'basket_by_trade' AS table_name,
    t.figure_code,
    'Branche ' || t.trade_id AS place,
    CAST(NULL AS VARCHAR) AS detail,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(round(t.mean_basket_eur * 100) AS DOUBLE) AS value,
    'euro' AS kind,
    CAST(NULL AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM basket_by_trade AS t
UNION ALL
SELECT
    'vacancy' AS table_name,
    t.figure_code,
    CASE WHEN t.quarter_id = 'ALLE' THEN 'Gesamte Stadt' ELSE coalesce(q.name, t.quarter_id) END AS place,
    CAST(NULL AS VARCHAR) AS detail,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(t.vacancy_share AS DOUBLE) AS value,
    'share' AS kind,
    CAST(NULL AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM vacancy AS t
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
UNION ALL
SELECT
    'independent_shops' AS table_name,
    t.figure_code,
    CASE WHEN t.quarter_id = 'ALLE' THEN 'Gesamte Stadt' ELSE coalesce(q.name, t.quarter_id) END AS place,
    CAST(NULL AS VARCHAR) AS detail,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(t.independent_share AS DOUBLE) AS value,
    'share' AS kind,
    CAST(NULL AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM independent_shops AS t
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
UNION ALL
SELECT
    'local_supply' AS table_name,
    t.figure_code,
    CASE WHEN t.quarter_id = 'ALLE' THEN 'Gesamte Stadt' ELSE coalesce(q.name, t.quarter_id) END AS place,
    CAST(NULL AS VARCHAR) AS detail,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(t.local_share AS DOUBLE) AS value,
    'share' AS kind,
    CAST(NULL AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM local_supply AS t
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
UNION ALL
SELECT
    'event_frequency' AS table_name,
    t.figure_code,
    CASE WHEN t.quarter_id = 'ALLE' THEN 'Gesamte Stadt' ELSE coalesce(q.name, t.quarter_id) END AS place,
    CAST(NULL AS VARCHAR) AS detail,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(t.events_per_quarter AS DOUBLE) AS value,
    'count' AS kind,
    CAST(NULL AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM event_frequency AS t
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
UNION ALL
SELECT
    'footfall_hourly' AS table_name,
    t.figure_code,
    coalesce(s.name, t.sensor_id) AS place,
    CAST(t.day_kind || ', ' || t.hour || ' Uhr' AS VARCHAR) AS detail,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(t.pedestrians_mean AS DOUBLE) AS value,
    'count' AS kind,
    CAST(NULL AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM footfall_hourly AS t
LEFT JOIN sensor AS s ON t.sensor_id = s.sensor_id
WHERE t.business_month = (SELECT max(business_month) FROM footfall_hourly)
UNION ALL
SELECT
    'footfall_monthly' AS table_name,
    t.figure_code,
    coalesce(s.name, t.sensor_id) AS place,
    'an einem mittleren Tag' AS detail,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(t.pedestrians_per_day AS DOUBLE) AS value,
    'count' AS kind,
    CAST(NULL AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM footfall_monthly AS t
LEFT JOIN sensor AS s ON t.sensor_id = s.sensor_id
UNION ALL
SELECT
    'sensor_health' AS table_name,
    t.figure_code,
    coalesce(s.name, t.sensor_id) AS place,
    CAST(t.state || ': ' || t.finding AS VARCHAR) AS detail,
    NULL AS month,
    CAST(t.observed_share AS DOUBLE) AS value,
    'share' AS kind,
    CAST(NULL AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM sensor_health AS t
LEFT JOIN sensor AS s ON t.sensor_id = s.sensor_id
UNION ALL
SELECT
    'members' AS table_name,
    t.figure_code,
    CASE WHEN t.quarter_id = 'ALLE' THEN 'Gesamte Stadt' ELSE coalesce(q.name, t.quarter_id) END AS place,
    CAST(t.member_kind AS VARCHAR) AS detail,
    NULL AS month,
    CAST(t.member_count AS DOUBLE) AS value,
    'count' AS kind,
    CAST(NULL AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM members AS t
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
UNION ALL
SELECT
    'deliveries' AS table_name,
    t.figure_code,
    'Quelle ' || t.source_id AS place,
    CAST(t.loaded_count || ' geladen, ' || t.quarantined_count || ' zurückgestellt, ' || t.refused_count || ' abgelehnt' AS VARCHAR) AS detail,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(t.loaded_count + t.quarantined_count + t.refused_count AS DOUBLE) AS value,
    'count' AS kind,
    CAST(NULL AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM deliveries AS t
UNION ALL
SELECT
    'panel_trips' AS table_name,
    t.figure_code,
    CASE WHEN t.quarter_id = 'ALLE' THEN 'Gesamte Stadt' ELSE coalesce(q.name, t.quarter_id) END AS place,
    CAST(CASE WHEN t.travel_mode = 'ALLE' THEN 'alle Wege' ELSE t.travel_mode END AS VARCHAR) AS detail,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(t.person_count AS DOUBLE) AS value,
    'count' AS kind,
    CAST(NULL AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM panel_trips AS t
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
UNION ALL
SELECT
    'panel_dwell' AS table_name,
    t.figure_code,
    CASE WHEN t.quarter_id = 'ALLE' THEN 'Gesamte Stadt' ELSE coalesce(q.name, t.quarter_id) END AS place,
    CAST(CASE WHEN t.minutes_band = 'ALLE' THEN 'alle Dauern' ELSE t.minutes_band || ' Minuten' END AS VARCHAR) AS detail,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(t.person_count AS DOUBLE) AS value,
    'count' AS kind,
    CAST(NULL AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM panel_dwell AS t
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
UNION ALL
SELECT
    'trade_mix' AS table_name,
    t.figure_code,
    CASE WHEN t.quarter_id = 'ALLE' THEN 'Gesamte Stadt' ELSE coalesce(q.name, t.quarter_id) END AS place,
    CAST(t.trade_group AS VARCHAR) AS detail,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(t.shop_count AS DOUBLE) AS value,
    'count' AS kind,
    CAST(NULL AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM trade_mix AS t
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
UNION ALL
SELECT
    'north_star' AS table_name,
    t.figure_code,
    CASE WHEN t.quarter_id = 'ALLE' THEN 'Gesamte Stadt' ELSE coalesce(q.name, t.quarter_id) END AS place,
    CAST(NULL AS VARCHAR) AS detail,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(t.value AS DOUBLE) AS value,
    'unit' AS kind,
    CAST('Cent je Minute' AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM north_star AS t
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
UNION ALL
SELECT
    'experiment' AS table_name,
    t.figure_code,
    CAST(t.title AS VARCHAR) AS place,
    CAST(replace(t.verdict_kind || ', p = ' || round(t.p_space, 3) || ' (Orte) und ' || round(t.p_time, 3) || ' (Zeiten)', '.', ',') AS VARCHAR) AS detail,
    strftime(t.end_date, '%Y-%m') AS month,
    CAST(t.effect_percent AS DOUBLE) AS value,
    'unit' AS kind,
    '% Unterschied' AS unit,
    t.status,
    t.reason
FROM experiment AS t
UNION ALL
SELECT
    'experiment_week' AS table_name,
    t.figure_code,
    CAST(coalesce(e.title, t.experiment_id) AS VARCHAR) AS place,
    CAST('Woche ab ' || strftime(t.week_start_date, '%d.%m.%Y') || ', ohne Maßnahme erwartet ' || replace(CAST(round(t.synthetic_index, 1) AS VARCHAR), '.', ',') AS VARCHAR) AS detail,
    strftime(t.week_start_date, '%Y-%m') AS month,
    CAST(t.treated_index AS DOUBLE) AS value,
    'unit' AS kind,
    'Punkte, Vorzeit = 100' AS unit,
    t.status,
    t.reason
FROM experiment_week AS t
LEFT JOIN experiment AS e ON t.experiment_id = e.experiment_id
UNION ALL
SELECT
    'vitality_index' AS table_name,
    t.figure_code,
    CASE WHEN t.quarter_id = 'ALLE' THEN 'Gesamte Stadt' ELSE coalesce(q.name, t.quarter_id) END AS place,
    CAST(NULL AS VARCHAR) AS detail,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(t.index_value AS DOUBLE) AS value,
    'points' AS kind,
    CAST(NULL AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM vitality_index AS t
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
UNION ALL
SELECT
    'vitality_component' AS table_name,
    t.figure_code,
    CASE WHEN t.quarter_id = 'ALLE' THEN 'Gesamte Stadt' ELSE coalesce(q.name, t.quarter_id) END AS place,
    CAST(t.component AS VARCHAR) AS detail,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(t.value AS DOUBLE) AS value,
    'unit' AS kind,
    CAST(t.unit AS VARCHAR) AS unit,
    t.status,
    t.reason
FROM vitality_component AS t
LEFT JOIN quarter AS q ON t.quarter_id = q.quarter_id
ORDER BY table_name, month DESC, place, detail
