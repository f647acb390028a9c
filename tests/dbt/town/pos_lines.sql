SELECT d.delivery AS _landing_sha256, d.till AS z_kasse_id, d.closed_at AS z_erstellung, d.z_nr,
    l.receipt_id AS bon_id, l.number AS pos_zeile, 'Artikel ' || l.receipt % 400 AS artikeltext,
    l.gv AS gv_typ, FALSE AS inhaus, l.is_void AS p_storno, 'A' || l.receipt % 400 AS art_nr,
    'W' || l.receipt % 12 AS warengr_id, 'Warengruppe ' || l.receipt % 12 AS warengr,
    l.sign AS menge, 1 AS faktor, 'Stück' AS einheit, l.amount AS stk_br
FROM line l JOIN delivered d ON d.site = l.site AND d.day = l.day
