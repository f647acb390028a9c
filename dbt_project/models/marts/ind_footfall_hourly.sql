with
    -- A delivery speaks for its sensors in all its months: one that begins in February, in a file
    -- that begins in January, was silent in January.
    periods as (
        select
            delivery_sha256, min(business_month) as first_month, max(business_month) as last_month
        from {{ ref("fct_observation") }}
        where metric = 'pedestrians'
        group by delivery_sha256
    ),
    spans as (
        select
            observations.sensor_id,
            observations.quarter_id,
            min(periods.first_month) as first_month,
            max(periods.last_month) as last_month
        from {{ ref("fct_observation") }} as observations
        inner join periods on periods.delivery_sha256 = observations.delivery_sha256
        where observations.metric = 'pedestrians' and observations.sensor_id is not null
        group by observations.sensor_id, observations.quarter_id
    ),
    -- Every hour the sensor should have reported, by the calendar: in spring one is not there, in
    -- autumn one is there twice. Hours after as_of are not missing, they have not been.
    hours as (
        select
            sensor_id,
            quarter_id,
            unnest(
                generate_series(
                    {{ instant_of("cast(first_month as timestamp)") }},
                    least(
                        {{ instant_of("cast(last_month + interval 1 month as timestamp)") }},
                        {{ as_of() }}
                    )
                    - interval 1 hour,
                    interval 1 hour
                )
            ) as hour_at
        from spans
    ),
    local as (
        select
            *,
            cast({{ local_time("hour_at") }} as date) as day_date,
            cast(extract(hour from {{ local_time("hour_at") }}) as smallint) as hour
        from hours
    ),
    counted as (
        select
            local.sensor_id,
            local.quarter_id,
            days.business_month,
            days.day_kind,
            local.hour,
            {{ count_where("observations.observed_value is not null") }} as observed_hours,
            {{ count_where("observations.observed_value is null") }} as missing_hours,
            {{ eur_sum("observations.observed_value") }} as pedestrians
        from local
        inner join {{ ref("dim_day") }} as days on days.day_date = local.day_date
        left join
            {{ ref("fct_observation") }} as observations
            on observations.sensor_id = local.sensor_id
            and observations.observed_at = local.hour_at
            and observations.metric = 'pedestrians'
        group by local.sensor_id, local.quarter_id, days.business_month, days.day_kind, local.hour
    )

select
    sensor_id,
    quarter_id,
    business_month,
    day_kind,
    hour,
    {{ decimal_per("pedestrians", "observed_hours") }} as pedestrians_mean,
    observed_hours,
    missing_hours
from counted
