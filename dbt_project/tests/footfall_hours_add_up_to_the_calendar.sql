with
    observed as (
        select distinct
            sensor_id,
            business_month,
            {{ instant_of("cast(business_month as timestamp)") }} as starts_at,
            {{ instant_of("cast(business_month + interval 1 month as timestamp)") }} as ends_at
        from {{ ref("fct_observation") }}
        where sensor_id is not null and metric = 'pedestrians'
    ),
    counted as (
        select sensor_id, business_month, {{ count_sum("observed_hours + missing_hours") }} as hours
        from {{ ref("ind_footfall_hourly") }}
        group by sensor_id, business_month
    )

select observed.sensor_id, observed.business_month, counted.hours
from observed
left join
    counted
    on counted.sensor_id = observed.sensor_id
    and counted.business_month = observed.business_month
where
    coalesce(counted.hours, 0)
    <> {{
        whole_quotient(
            instant_key("least(ends_at, " ~ as_of() ~ ")") ~ " - " ~ instant_key("starts_at"),
            "3600000000",
        )
    }}
