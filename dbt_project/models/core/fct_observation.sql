with
    local as (
        select *, {{ local_time("observed_at") }} as observed_local_at
        from {{ ref("int_observations_unified") }}
    )

select
    {{
        surrogate_key(
            [
                "local.contract_id",
                "local.sensor_name",
                "local.metric",
                instant_key("local.observed_at"),
            ]
        )
    }} as observation_id,
    sensors.sensor_id,
    sensors.quarter_id,
    sensors.block_id,
    local.contract_id,
    local.delivery_sha256,
    local.sensor_name,
    local.observed_at,
    cast(local.observed_local_at as date) as observed_date,
    cast(extract(hour from local.observed_local_at) as smallint) as hour,
    {{ month_of("local.observed_local_at") }} as business_month,
    {{ is_ambiguous("local.observed_at") }} as is_repeated_hour,
    local.metric,
    local.observed_value,
    local.unit,
    local.period_minutes,
    local.incident
from local
left join
    {{ ref("dim_sensor") }} as sensors
    on sensors.contract_id = local.contract_id
    and sensors.sensor_name = local.sensor_name
