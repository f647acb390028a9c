-- Stations deliver one value after the other, and correct them: of several values for one hour the
-- one that landed last counts, and a gap never takes a value away.
with
    delivered as (
        select
            _landing_sha256,
            _row_number,
            _landing_no,
            {{ instant("measured_at") }} as measured_instant,
            interval_minutes,
            case
                when observation_type = 'forecast' then 'vorhersage' else 'beobachtet'
            end as weather_kind,
            issued_date,
            temperature,
            precipitation,
            sunshine,
            wind_speed,
            weather_condition
        from {{ landed_table("raw", "weather_hours") }}
        union all
        -- Where both ways deliver an hour, the one that delivered last has the last word.
        select
            delivery_sha256,
            interval_minutes,
            landing_no,
            measured_at,
            60,
            'beobachtet',
            null,
            temperature_c,
            precipitation_mm,
            sunshine_minutes,
            wind_kmh,
            null
        from {{ ref("stg_weather_dwd__hours") }}
    )

select
    _landing_sha256 as delivery_sha256,
    weather_kind,
    issued_date,
    measured_instant as measured_at,
    interval_minutes,
    {% for value in ["temperature", "precipitation", "sunshine", "wind_speed"] -%}
        first_value({{ value }} ignore nulls) over corrections
        as {{
            {
                "temperature": "temperature_c",
                "precipitation": "precipitation_mm",
                "sunshine": "sunshine_minutes",
                "wind_speed": "wind_kmh",
            }[value]
        }},
    {% endfor -%}
    first_value(weather_condition ignore nulls) over corrections as weather_condition
from delivered
window
    corrections as (
        partition by weather_kind, issued_date, measured_instant
        order by _landing_no desc nulls last, _landing_sha256 desc, _row_number desc
        rows between unbounded preceding and unbounded following
    )
qualify
    row_number() over (
        partition by weather_kind, issued_date, measured_instant
        order by _landing_no desc nulls last, _landing_sha256 desc, _row_number desc
    )
    = 1
