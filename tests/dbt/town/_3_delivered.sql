-- One row per closing and delivery: a zip per till and month, and the last closing once more.
CREATE TEMP TABLE delivered AS
WITH closings AS (
    SELECT DISTINCT site, day, day_number FROM town WHERE site > 0
), shipped AS (
    SELECT *, sha256('dsfinvk' || site || strftime(day, '%Y-%m')) AS delivery, FALSE AS again FROM closings
    UNION ALL
    SELECT *, sha256('again' || site), TRUE FROM closings
    QUALIFY row_number() OVER (PARTITION BY site ORDER BY day_number DESC) = 1
)
SELECT
    delivery, again, site, day,
    'till-' || lpad(site::VARCHAR, 2, '0') AS till,
    day_number + 1 AS z_nr,
    day + INTERVAL 19 HOUR AS closed_at
FROM shipped
