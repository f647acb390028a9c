SELECT d.delivery AS _landing_sha256, d.till AS z_kasse_id, d.closed_at AS z_erstellung, d.z_nr,
    v.key AS ust_schluessel, v.rate AS ust_satz
FROM delivered d, (VALUES (1, 19), (2, 7), (5, 0)) AS v(key, rate)
