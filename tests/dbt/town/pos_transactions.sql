SELECT d.delivery AS _landing_sha256, d.till AS z_kasse_id, d.closed_at AS z_erstellung, d.z_nr,
    t.receipt_id AS bon_id, t.receipt AS bon_nr, t.kind AS bon_typ, t.is_cancellation AS bon_storno,
    t.day + to_minutes(7 * 60 + t.receipt % 600) AS bon_start,
    t.day + to_minutes(7 * 60 + 2 + t.receipt % 600) AS bon_ende,
    FALSE AS bon_start_mehrdeutig,
    coalesce(s.total, 0) AS ums_brutto
FROM town t JOIN delivered d ON d.site = t.site AND d.day = t.day
LEFT JOIN (SELECT receipt, sum(sign * amount) AS total FROM line GROUP BY receipt) s USING (receipt)
