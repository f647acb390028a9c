with
    days as (
        select
            cast(
                unnest(
                    generate_series(
                        cast('{{ var("calendar_start") }}' as timestamp),
                        cast(
                            date_trunc('year', {{ as_of_date() }})
                            + interval 1 year
                            - interval 1 day as timestamp
                        ),
                        interval 1 day
                    )
                ) as date
            ) as day_date
    ),
    marked as (
        select
            day_date,
            cast(isodow(day_date) as smallint) as weekday,
            {% if var("holidays") -%}
                day_date in (
                    {%- for day in var("holidays") %}
                        date '{{ day }}'{{ "," if not loop.last }}
                    {% endfor %}
                )
            {%- else -%} false
            {%- endif %} as is_public_holiday
        from days
    )

select
    day_date,
    {{ month_of("day_date") }} as business_month,
    weekday,
    is_public_holiday,
    case
        when is_public_holiday or weekday = 7
        then 'Sonntag/Feiertag'
        when weekday = 6
        then 'Samstag'
        else 'Werktag'
    end as day_kind
from marked
