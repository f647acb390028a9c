SELECT
    table_name,
    title,
    definition,
    definition_hash,
    rules_hash,
    approved_by,
    strftime(approved_on, '%Y-%m-%d') AS approved_on,
    minutes,
    source_models,
    contracts,
    deliveries,
    snapshot,
    code_revision
FROM provenance
ORDER BY table_name
