with
    counts as (
        select
            'footfall_hystreet' as contract_id,
            delivery_sha256,
            sensor_name,
            observed_at,
            pedestrians_count,
            incident
        from {{ ref("stg_footfall_hystreet__counts") }}
        union all
        select
            'footfall_csv',
            delivery_sha256,
            sensor_name,
            observed_at,
            pedestrians_count,
            cast(null as varchar)
        from {{ ref("stg_footfall_csv__counts") }}
    ),
    local as (select *, {{ local_time("observed_at") }} as observed_local_at from counts)

select
    {{
        surrogate_key(
            ["local.contract_id", "local.sensor_name", instant_key("local.observed_at")]
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
    'pedestrians' as metric,
    cast(local.pedestrians_count as decimal(18, 3)) as observed_value,
    'persons/h' as unit,
    local.incident
from local
left join
    {{ ref("dim_sensor") }} as sensors
    on sensors.contract_id = local.contract_id
    and sensors.sensor_name = local.sensor_name
