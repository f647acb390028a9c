SELECT delivery AS _landing_sha256, till AS z_kasse_id, closed_at AS z_erstellung, z_nr,
    '2.4' AS taxonomie_version, 0 AS z_se_zahlungen, 0 AS z_se_barzahlungen
FROM delivered
