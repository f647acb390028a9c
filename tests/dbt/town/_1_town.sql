-- One row per receipt: which till, which day, how many lines. Every other file reads it.
CREATE TEMP TABLE town AS
SELECT
    i AS receipt,
    i % 24 AS site,
    (i // 24 * 7) % 396 AS day_number,
    DATE '2025-10-01' + CAST((i // 24 * 7) % 396 AS INTEGER) AS day,
    1 + (i * 13) % 5 AS line_count,
    i % 97 = 96 AS is_cancellation,
    CASE WHEN i % 53 = 52 THEN 'AVTraining' ELSE 'Beleg' END AS kind,
    'receipt-' || i AS receipt_id
FROM range($receipts) AS t(i)
