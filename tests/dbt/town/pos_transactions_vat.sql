SELECT d.delivery AS _landing_sha256, d.till AS z_kasse_id, d.closed_at AS z_erstellung, d.z_nr,
    l.receipt_id AS bon_id, l.vat_key AS ust_schluessel, sum(l.sign * l.amount) AS bon_brutto,
    sum(l.sign * l.amount) AS bon_netto, 0 AS bon_ust
FROM line l JOIN delivered d ON d.site = l.site AND d.day = l.day GROUP BY ALL
