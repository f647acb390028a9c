-- Of two readings for one quarter of an hour the delivery that landed last counts.
select
    _landing_sha256 as delivery_sha256,
    channel_id,
    channel_name as sensor_name,
    metric,
    {{ instant("measured_at") }} as observed_at,
    value as observed_value,
    status as device_status
from {{ landed_table("raw", "eco_counter_counts") }} {{ last_landed("channel_id, measured_at") }}
