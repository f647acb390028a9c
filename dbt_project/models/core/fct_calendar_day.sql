with
    days as (
        select *
        from {{ ref("dim_day") }}
        -- Two weeks ahead: forecasts of sales need the calendar of the days they speak of.
        where day_date <= {{ as_of_date() }} + interval 14 day
    ),
    grid as (
        select quarters.quarter_id, days.* from {{ ref("dim_quarter") }} as quarters cross join days
    ),
    events as (
        select
            grid.quarter_id,
            grid.day_date,
            {{ count_where("events.event_kind = 'markt'") }} as markets,
            {{ count_where("events.event_kind = 'fest'") }} as festivals,
            {{ count_where("events.event_kind = 'baustelle'") }} as road_works,
            {{ count_where("events.is_public_event") }} as event_count
        from grid
        inner join
            {{ ref("fct_event_day") }} as events
            on events.day_date = grid.day_date
            and coalesce(events.quarter_id, grid.quarter_id) = grid.quarter_id
        group by grid.quarter_id, grid.day_date
    ),
    -- What was observed, else the newest forecast.
    weather as (
        select *
        from {{ ref("fct_weather_day") }}
        qualify
            row_number() over (
                partition by day_date order by weather_kind, issued_date desc nulls last
            )
            = 1
    )

select
    grid.quarter_id,
    grid.day_date,
    grid.weekday,
    grid.is_public_holiday,
    grid.is_school_holiday,
    grid.is_bridge_day,
    grid.is_payday,
    coalesce(events.markets > 0, false) as is_market_day,
    coalesce(events.event_count, 0) as event_count,
    coalesce(events.festivals > 0, false) as has_festival,
    coalesce(events.road_works > 0, false) as has_road_works,
    weather.temperature_max_c,
    weather.precipitation_mm,
    weather.sunshine_minutes,
    weather.weather_kind
from grid
left join events on events.quarter_id = grid.quarter_id and events.day_date = grid.day_date
left join weather on weather.day_date = grid.day_date
