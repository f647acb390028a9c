with
    months as (
        select
            sensor_id,
            business_month,
            {{ count_sum("observed_hours + missing_hours") }} as hours,
            {{ instant_of("cast(business_month as timestamp)") }} as starts_at,
            {{ instant_of("cast(business_month + interval 1 month as timestamp)") }} as ends_at
        from {{ ref("ind_footfall_hourly") }}
        group by sensor_id, business_month
    )

select sensor_id, business_month, hours
from months
where
    hours
    <> {{
        whole_quotient(
            instant_key("least(ends_at, " ~ as_of() ~ ")") ~ " - " ~ instant_key("starts_at"),
            "3600000000",
        )
    }}
