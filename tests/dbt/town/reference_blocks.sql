SELECT sha256('blocks') AS _landing_sha256, q || '-01' AS block_id, q AS quarter_id, 'Block ' || q AS name
FROM (VALUES ('ALT'), ('BAH'), ('NOR'), ('SUE')) AS v(q)
