with
    known as (
        select {{ month_of("min(day_date)") }} as first_month from {{ ref("fct_event_day") }}
    ),
    months as (
        select distinct days.business_month
        from {{ ref("dim_day") }} as days
        inner join known on days.business_month >= known.first_month
        where days.business_month < {{ month_of(as_of_date()) }}
    ),
    events as (
        select distinct event_id, quarter_id, {{ month_of("day_date") }} as business_month
        from {{ ref("fct_event_day") }}
        where is_public_event
    ),
    by_quarter as (
        select quarters.quarter_id, months.business_month, count(events.event_id) as event_count
        from {{ ref("dim_quarter") }} as quarters
        cross join months
        -- What takes place in the whole town takes place in every quarter.
        left join
            events
            on events.business_month = months.business_month
            and coalesce(events.quarter_id, quarters.quarter_id) = quarters.quarter_id
        group by quarters.quarter_id, months.business_month
    ),
    in_town as (
        select months.business_month, count(events.event_id) as event_count
        from months
        left join events on events.business_month = months.business_month
        group by months.business_month
    ),
    means as (
        select
            business_month, cast(sum(event_count) as bigint) as event_sum, count(*) as quarter_count
        from by_quarter
        group by business_month
    )

select
    quarter_id,
    business_month,
    event_count,
    cast(event_count as decimal(18, 2)) as events_per_quarter
from by_quarter
union all
select
    'ALLE',
    in_town.business_month,
    in_town.event_count,
    {{ decimal_per("means.event_sum", "means.quarter_count") }}
from in_town
inner join means on means.business_month = in_town.business_month
