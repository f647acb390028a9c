with
    days as (
        select
            cast(
                unnest(
                    generate_series(
                        cast('{{ var("calendar_start") }}' as timestamp),
                        cast({{ calendar_end() }} as timestamp),
                        interval 1 day
                    )
                ) as date
            ) as day_date
    ),
    holidays as (
        select
            day_date,
            max(case when holiday_kind = 'feiertag' then holiday_name end) as holiday_name,
            {{ count_where("holiday_kind = 'feiertag'") }} > 0 as is_public_holiday,
            {{ count_where("holiday_kind = 'ferien'") }} > 0 as is_school_holiday
        from {{ ref("int_holidays_unified") }}
        group by day_date
    ),
    marked as (
        select
            days.day_date,
            cast(isodow(days.day_date) as smallint) as weekday,
            coalesce(holidays.is_public_holiday, false) as is_public_holiday,
            holidays.holiday_name,
            coalesce(holidays.is_school_holiday, false) as is_school_holiday
        from days
        left join holidays on holidays.day_date = days.day_date
    ),
    free as (select *, is_public_holiday or weekday >= 6 as is_free from marked),
    neighbours as (
        select
            *,
            lag(is_free) over (order by day_date) as is_free_before,
            lag(is_public_holiday) over (order by day_date) as is_holiday_before,
            lead(is_free) over (order by day_date) as is_free_after,
            lead(is_public_holiday) over (order by day_date) as is_holiday_after,
            -- On 24 and 31 December banks pay nothing out.
            not is_free
            and not (
                extract(month from day_date) = 12 and extract(day from day_date) in (24, 31)
            ) as is_bank_day
        from free
    ),
    paid as (
        select
            *,
            max(case when is_bank_day then day_date end) over (
                partition by date_trunc('month', day_date)
            ) as last_bank_day
        from neighbours
    )

select
    day_date,
    {{ month_of("day_date") }} as business_month,
    weekday,
    is_public_holiday,
    holiday_name,
    is_school_holiday,
    -- The one working day between a holiday and a weekend: many take it off.
    coalesce(
        not is_free
        and is_free_before
        and is_free_after
        and (is_holiday_before or is_holiday_after),
        false
    ) as is_bridge_day,
    coalesce(day_date = last_bank_day, false) as is_payday,
    case
        when is_public_holiday or weekday = 7
        then 'Sonntag/Feiertag'
        when weekday = 6
        then 'Samstag'
        else 'Werktag'
    end as day_kind
from paid
