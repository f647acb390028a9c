-- A day that only one of the two calendars knows is free for somebody all the same: it counts.
-- They can differ only where both speak of a day: the delivered list between its first and its
-- last day, and each of them in years of which it names any day of that kind.
with
    library as (
        select *
        from
            (
                values
                    (date '1900-01-01', 'feiertag', cast(null as varchar))
                    {%- for day in var("holidays") %}
                        ,
                        (
                            date '{{ day }}',
                            'feiertag',
                            {% if day in var("holiday_names") -%}
                                {{
                                    dbt.string_literal(
                                        dbt.escape_single_quotes(var("holiday_names")[day])
                                    )
                                }}
                            {%- else -%} null
                            {%- endif %}
                        )
                    {%- endfor %}
                    {%- for day in var("school_holidays") %}
                        , (date '{{ day }}', 'ferien', null)
                    {%- endfor %}
            ) as given(day_date, holiday_kind, holiday_name)
        where day_date > date '1900-01-01'
    ),
    listed as (
        select
            *,
            min(day_date) over (partition by holiday_kind) as first_listed_date,
            max(day_date) over (partition by holiday_kind) as last_listed_date
        from {{ ref("stg_open_holidays__days") }}
        where state = '{{ var("state") }}'
    ),
    library_years as (
        select distinct holiday_kind, extract(year from day_date) as calendar_year from library
    ),
    listed_years as (
        select distinct
            holiday_kind,
            extract(year from day_date) as calendar_year,
            first_listed_date,
            last_listed_date
        from listed
    ),
    days as (
        select
            coalesce(listed.day_date, library.day_date) as day_date,
            coalesce(listed.holiday_kind, library.holiday_kind) as holiday_kind,
            coalesce(library.holiday_name, listed.holiday_name) as holiday_name,
            case
                when library.day_date is null
                then 'openholidays'
                when listed.day_date is null
                then 'bibliothek'
                else 'beide'
            end as holiday_source
        from library
        full join
            listed
            on listed.day_date = library.day_date
            and listed.holiday_kind = library.holiday_kind
    )

select
    days.day_date,
    days.holiday_kind,
    days.holiday_name,
    days.holiday_source,
    days.holiday_source <> 'beide'
    and library_years.calendar_year is not null
    and listed_years.calendar_year is not null as is_contested
from days
left join
    library_years
    on library_years.holiday_kind = days.holiday_kind
    and library_years.calendar_year = extract(year from days.day_date)
left join
    listed_years
    on listed_years.holiday_kind = days.holiday_kind
    and listed_years.calendar_year = extract(year from days.day_date)
    and days.day_date between listed_years.first_listed_date and listed_years.last_listed_date
where days.day_date between cast('{{ var("calendar_start") }}' as date) and {{ calendar_end() }}
