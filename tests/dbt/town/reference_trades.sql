SELECT sha256('trades') AS _landing_sha256, * FROM (VALUES
    ('baeckerei', 'Bäckerei', 'Lebensmittel'), ('cafe', 'Café', 'Gastronomie'),
    ('bekleidung', 'Bekleidung', 'Non-Food'), ('friseur', 'Friseur', 'Dienstleistung'))
    AS v(trade_id, name, trade_group)
