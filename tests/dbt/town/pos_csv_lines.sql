SELECT sha256('csv' || strftime(day, '%Y-%m')) AS _landing_sha256, receipt_id, 'till-00' AS till_id,
    day + INTERVAL 9 HOUR AS sold_at, 'A' || receipt % 400 AS article, gv AS description,
    sign AS quantity, amount AS unit_price, sign * amount AS line_total,
    number = 2 AND sign < 0 AS is_cancellation, gv = 'Pfand' AS is_service
FROM line WHERE site = 0
