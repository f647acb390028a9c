SELECT sha256('sensors') AS _landing_sha256, * FROM (VALUES
    ('S-1', 'Markt', 'ALT', 'ALT-01', 'footfall_hystreet'), ('S-2', 'Ring', 'SUE', 'SUE-01', 'footfall_csv'),
    ('S-3', 'Radweg', 'NOR', 'NOR-01', 'sensorthings'), ('S-4', 'Promenade', 'ALT', 'ALT-02', 'eco_counter'),
    ('S-5', 'DEMU001', 'ALT', 'ALT-03', 'air_uba'))
    AS v(sensor_id, name, quarter_id, block_id, contract)
