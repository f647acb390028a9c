SELECT sha256('region') AS _landing_sha256, * FROM (VALUES ('48990', 'Bach'), ('48999', 'Stadt')) AS v(postcode, place)
