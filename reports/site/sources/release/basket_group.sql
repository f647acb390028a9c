SELECT
    t.trade_group,
    CASE WHEN t.trade_group = 'ALLE' THEN 'Alle Branchen' ELSE t.trade_group END AS place,
    strftime(t.business_month, '%Y-%m') AS month,
    CAST(round(t.mean_basket_eur * 100) AS BIGINT) AS value,
    CAST(t.receipt_count AS BIGINT) AS base,
    t.status,
    t.reason,
    t.figure_code
FROM basket_by_trade_group AS t
ORDER BY t.business_month, t.trade_group = 'ALLE' DESC, place
