-- Providers correct their counts: of two readings for one hour the delivery that landed last
-- counts.
select
    _landing_sha256 as delivery_sha256,
    location as sensor_name,
    {{ instant("measured_at") }} as observed_at,
    pedestrians_count,
    temperature as temperature_celsius,
    weather_condition,
    incidents as incident
from
    {{ landed_table("raw", "footfall_hystreet_counts") }} {{ last_landed("location, measured_at") }}
