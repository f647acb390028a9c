SELECT d.delivery AS _landing_sha256, d.till AS z_kasse_id, d.closed_at AS z_erstellung, d.z_nr,
    l.receipt_id AS bon_id, l.number AS pos_zeile, l.vat_key AS ust_schluessel,
    l.sign * l.amount AS pos_brutto, l.sign * l.amount AS pos_netto, 0 AS pos_ust
FROM line l JOIN delivered d ON d.site = l.site AND d.day = l.day
