-- Of two readings for one hour the delivery that landed last counts.
select
    _landing_sha256 as delivery_sha256,
    sensor as sensor_name,
    {{ instant("measured_at") }} as observed_at,
    pedestrians_count
from {{ landed_table("raw", "footfall_csv_counts") }} {{ last_landed("sensor, measured_at") }}
