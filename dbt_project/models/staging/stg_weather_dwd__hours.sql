-- A file holds one kind of measurement: the values of an instant come together from several
-- deliveries, of each the one that landed last. Six values of ten minutes make an hour; with one
-- missing there is no sum, because five sixths of an hour's rain are not its rain.
with
    delivered as (
        select *, {{ instant("measured_at") }} as measured_instant
        from {{ landed_table("raw", "weather_dwd_values") }}
    ),
    latest as (
        select
            _landing_sha256,
            _landing_no,
            interval_minutes,
            measured_instant,
            case
                when interval_minutes = 60
                then measured_instant
                else
                    date_trunc('hour', measured_instant - to_minutes(interval_minutes))
                    + interval 1 hour
            end as hour_end,
            {% for value in ["temperature", "precipitation", "sunshine", "wind_speed"] -%}
                first_value({{ value }} ignore nulls) over corrections
                as {{ value }}{{ "," if not loop.last }}
            {% endfor %}
        from delivered
        window
            corrections as (
                partition by interval_minutes, measured_instant
                order by _landing_no desc nulls last, _landing_sha256 desc, _row_number desc
                rows between unbounded preceding and unbounded following
            )
        qualify
            row_number() over (
                partition by interval_minutes, measured_instant
                order by _landing_no desc nulls last, _landing_sha256 desc, _row_number desc
            )
            = 1
    )

select
    max(_landing_sha256) as delivery_sha256,
    max(_landing_no) as landing_no,
    hour_end as measured_at,
    cast(interval_minutes as smallint) as interval_minutes,
    max(case when measured_instant = hour_end then temperature end) as temperature_c,
    {% for value, name in [
        ("precipitation", "precipitation_mm"),
        ("sunshine", "sunshine_minutes"),
    ] -%}
        cast(
            case
                when count({{ value }}) * interval_minutes = 60 then sum({{ value }})
            end as decimal(7, 2)
        ) as {{ name }},
    {% endfor -%}
    cast(
        case
            when count(wind_speed) * interval_minutes = 60
            then {{ decimal_per("sum(wind_speed)", "count(wind_speed)") }}
        end as decimal(6, 2)
    ) as wind_kmh
from latest
group by hour_end, interval_minutes
