-- A counter that says four for two days and is silent from 1 June on.
SELECT sha256('radweg') AS _landing_sha256, 'Radweg' AS thing, 'Radweg 15-Min' AS datastream,
    'Anzahl Fahrräder' AS observed_property, 'bicycles' AS metric, 'Anzahl' AS unit, q AS measured_at,
    15 AS period_minutes, CASE WHEN q < TIMESTAMP '2026-05-29 22:00:00' THEN minute(q) // 15 ELSE 4 END AS result,
    'good' AS result_quality
FROM (SELECT unnest(generate_series(
    TIMESTAMP '2026-05-20 22:00:00', TIMESTAMP '2026-05-31 21:45:00', INTERVAL 15 MINUTE)) AS q)
