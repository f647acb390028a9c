-- Lists come whole, so of several deliveries the last one counts with all its entries, per state
-- and
-- kind, and per year in which an entry begins: Christmas holidays end in the next. What holds in a
-- part of a state or for one kind of school does not hold for the state.
with
    states as (select * from {{ german_states() }} as given(state)),
    entries as (
        select
            states.state,
            case when holiday_kind = 'School' then 'ferien' else 'feiertag' end as holiday_kind,
            holiday_name,
            start_date,
            coalesce(end_date, start_date) as last_date,
            delivered._landing_sha256,
            delivered._landing_no,
            delivered._row_number
        from {{ landed_table("raw", "open_holidays_entries") }} as delivered
        inner join
            states
            on delivered.subdivisions is null
            or list_contains(string_split(delivered.subdivisions, ','), states.state)
        where regional_scope <> 'Local' and school_kinds is null
    ),
    latest as (
        select *
        from entries
        qualify
            dense_rank() over (
                partition by state, holiday_kind, extract(year from start_date)
                order by _landing_no desc nulls last, _landing_sha256 desc
            )
            = 1
    ),
    days as (
        select
            latest.*,
            cast(
                unnest(
                    generate_series(
                        cast(start_date as timestamp), cast(last_date as timestamp), interval 1 day
                    )
                ) as date
            ) as day_date
        from latest
    )

select _landing_sha256 as delivery_sha256, day_date, state, holiday_kind, holiday_name
from days
-- Of entries that overlap, the one that began first names the day.
qualify
    row_number() over (
        partition by day_date, state, holiday_kind
        order by start_date, holiday_name, _landing_sha256, _row_number
    )
    = 1
