SELECT sensor_id, name FROM sensor ORDER BY name
