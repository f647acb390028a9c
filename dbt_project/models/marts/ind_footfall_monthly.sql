with
    -- The mean day is put together from its hours: a sensor that was silent at night, or counted by
    -- hand at noon, would else give a day that is too full.
    hours as (
        select
            sensor_id,
            quarter_id,
            business_month,
            hour,
            {{ eur_sum("observed_value") }} as pedestrians,
            {{ count_where("observed_value is not null") }} as observed
        from {{ ref("fct_observation") }}
        where metric = 'pedestrians' and sensor_id is not null
        group by sensor_id, quarter_id, business_month, hour
    ),
    months as (
        select
            sensor_id,
            quarter_id,
            business_month,
            case
                when count(*) = 24 then {{ eur_sum(decimal_per("pedestrians", "observed")) }}
            end as pedestrians_per_day,
            cast(sum(pedestrians) as bigint) as pedestrians_sum
        from hours
        group by sensor_id, quarter_id, business_month
    ),
    calendar as (
        select
            sensor_id,
            quarter_id,
            business_month,
            {{ count_sum("observed_hours") }} as observed_hours,
            {{ count_sum("missing_hours") }} as missing_hours
        from {{ ref("ind_footfall_hourly") }}
        group by sensor_id, quarter_id, business_month
    )

select
    calendar.sensor_id,
    calendar.quarter_id,
    calendar.business_month,
    months.pedestrians_per_day,
    months.pedestrians_sum,
    calendar.observed_hours,
    calendar.missing_hours
from calendar
left join
    months
    on months.sensor_id = calendar.sensor_id
    and months.business_month = calendar.business_month
