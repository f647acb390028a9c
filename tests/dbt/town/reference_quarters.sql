SELECT sha256('quarters') AS _landing_sha256, * FROM (VALUES
    ('ALT', 'Altstadt'), ('BAH', 'Bahnhofsviertel'), ('NOR', 'Nordstadt'), ('SUE', 'Südring')) AS v(quarter_id, name)
