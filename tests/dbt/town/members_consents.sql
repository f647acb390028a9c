SELECT sha256('consents') AS _landing_sha256, 'member-' || lpad(i::VARCHAR, 2, '0') AS member_id,
    'indikatoren' AS purpose, 'erteilt' AS status, TIMESTAMP '2025-01-10 09:00:00' AS recorded_at,
    'Beitrittsformular' AS channel, sha256('wortlaut') AS wording_sha256, 'N-' || i AS proof_reference
FROM range(24) AS t(i)
UNION ALL
SELECT sha256('consents'), 'member-03', 'indikatoren', 'widerrufen', TIMESTAMP '2026-05-04 08:30:00',
    'Brief', sha256('wortlaut'), 'N-W'
