with
    -- A value's time ends the interval it measures: what fell by midnight fell on the day before.
    -- A temperature is that of the instant itself.
    instants as (
        select
            weather_kind,
            issued_date,
            cast({{ local_time("measured_at") }} as date) as day_date,
            measured_at,
            temperature_c
        from {{ ref("stg_weather__hours") }}
        where temperature_c is not null
    ),
    temperatures as (
        select
            weather_kind,
            issued_date,
            day_date,
            cast(
                {{ decimal_per("sum(temperature_c)", "count(*)") }} as decimal(5, 2)
            ) as temperature_mean_c,
            max(temperature_c) as temperature_max_c,
            count(distinct date_trunc('hour', measured_at)) as observed_hours
        from instants
        group by weather_kind, issued_date, day_date
    ),
    intervals as (
        select
            weather_kind,
            issued_date,
            cast(
                {{ local_time("(measured_at - to_minutes(interval_minutes))") }} as date
            ) as day_date,
            precipitation_mm,
            sunshine_minutes,
            wind_kmh
        from {{ ref("stg_weather__hours") }}
    ),
    amounts as (
        select
            weather_kind,
            issued_date,
            day_date,
            cast(sum(precipitation_mm) as decimal(7, 2)) as precipitation_mm,
            cast(sum(sunshine_minutes) as integer) as sunshine_minutes,
            max(wind_kmh) as wind_max_kmh
        from intervals
        group by weather_kind, issued_date, day_date
    )

select
    {{
        surrogate_key(
            ["temperatures.weather_kind", "temperatures.issued_date", "temperatures.day_date"]
        )
    }} as weather_day_id,
    temperatures.day_date,
    temperatures.weather_kind,
    temperatures.issued_date,
    temperatures.temperature_mean_c,
    temperatures.temperature_max_c,
    amounts.precipitation_mm,
    amounts.sunshine_minutes,
    amounts.wind_max_kmh,
    temperatures.observed_hours
from temperatures
left join
    amounts
    on amounts.weather_kind = temperatures.weather_kind
    and amounts.issued_date is not distinct from temperatures.issued_date
    and amounts.day_date = temperatures.day_date
-- Half a day says nothing of the day: midnight alone, at the end of an answer, is no day.
where temperatures.observed_hours >= 12
