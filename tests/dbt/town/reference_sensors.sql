SELECT sha256('sensors') AS _landing_sha256, * FROM (VALUES
    ('S-1', 'Markt', 'ALT', 'ALT-01', 'footfall_hystreet'), ('S-2', 'Ring', 'SUE', 'SUE-01', 'footfall_csv'))
    AS v(sensor_id, name, quarter_id, block_id, contract)
