-- Of two readings for one hour the delivery that landed last counts.
select
    _landing_sha256 as delivery_sha256,
    station as sensor_name,
    {{ instant("measured_at") }} as observed_at,
    pm10,
    ozone,
    no2,
    pm2_5
from {{ landed_table("raw", "air_uba_hours") }} {{ last_landed("station, measured_at") }}
