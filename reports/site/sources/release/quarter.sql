SELECT quarter_id, name FROM quarter ORDER BY name
