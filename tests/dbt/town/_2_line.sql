-- One row per line of a receipt: goods first, then what hangs on some receipts only.
CREATE TEMP TABLE line AS
WITH goods AS (
    SELECT town.*, unnest(range(1, line_count + 1)) AS number FROM town
), named AS (
    SELECT
        *,
        CASE
            WHEN number = 1 THEN 'Umsatz'
            WHEN number = 3 AND receipt % 10 = 0 THEN 'Rabatt'
            WHEN number = 4 AND receipt % 6 = 0 THEN 'Pfand'
            WHEN number = 4 AND receipt % 6 = 1 THEN 'TrinkgeldAN'
            WHEN number = 5 AND receipt % 8 = 0 THEN 'EinzweckgutscheinEinloesung'
            ELSE 'Umsatz'
        END AS gv
    FROM goods
)
SELECT
    *,
    number = 2 AND receipt % 31 = 0 AS is_void,
    (CASE WHEN is_cancellation THEN -1 ELSE 1 END)
    * (CASE WHEN number = 2 AND receipt % 31 = 0 THEN -1 ELSE 1 END)
    * (CASE WHEN gv IN ('Rabatt', 'EinzweckgutscheinEinloesung') THEN -1 ELSE 1 END) AS sign,
    CAST(1.10 + (receipt * 7 + number * 3) % 900 / 100.0 AS DECIMAL(18, 2)) AS amount,
    CASE WHEN gv <> 'Umsatz' AND gv <> 'Rabatt' THEN 5 WHEN number % 2 = 0 THEN 1 ELSE 2 END AS vat_key
FROM named
