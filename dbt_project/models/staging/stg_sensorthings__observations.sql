-- Of two readings for one period the delivery that landed last counts.
select
    _landing_sha256 as delivery_sha256,
    thing as sensor_name,
    metric,
    unit as delivered_unit,
    {{ instant("measured_at") }} as observed_at,
    period_minutes,
    result as observed_value,
    result_quality
from
    {{ landed_table("raw", "sensorthings_observations") }}
    {{ last_landed("thing, metric, measured_at") }}
