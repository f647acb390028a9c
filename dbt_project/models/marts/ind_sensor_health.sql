{#- Silent for two days is silent; the same value for two days is no weather and no night. -#}
{%- set silent_minutes = 2880 -%}
{%- set constant_minutes = 2880 -%}
{%- set recent = "interval 30 day" -%}
with
    readings as (
        select
            sensor_id,
            contract_id,
            metric,
            observed_at,
            observed_value,
            coalesce(period_minutes, 60) as period_minutes,
            observed_at + to_minutes(coalesce(period_minutes, 60)) as ends_at
        from {{ ref("fct_observation") }}
        where sensor_id is not null
    ),
    -- Until when a sensor should have reported: as far as any sensor of its contract did, and where
    -- that is longer ago, to the end of the month that closed at least ten days before as_of.
    horizons as (
        select
            contract_id,
            least(
                greatest(
                    max(ends_at),
                    {{
                        instant_of(
                            "date_trunc('month', " ~ local_time(as_of()) ~ " - interval 10 day)"
                        )
                    }}
                ),
                {{ as_of() }}
            ) as expected_until
        from readings
        group by contract_id
    ),
    steps as (
        select
            readings.*,
            horizons.expected_until,
            lead(readings.observed_at) over (
                partition by readings.sensor_id, readings.metric order by readings.observed_at
            ) as next_at,
            case
                when
                    lag(readings.observed_value) over (
                        partition by readings.sensor_id, readings.metric
                        order by readings.observed_at
                    )
                    = readings.observed_value
                then 0
                else 1
            end as is_change
        from readings
        inner join horizons on horizons.contract_id = readings.contract_id
    ),
    numbered as (
        select
            *,
            sum(is_change) over (
                partition by sensor_id, metric
                order by observed_at
                rows between unbounded preceding and current row
            ) as run_number
        from steps
    ),
    runs as (
        select
            sensor_id,
            metric,
            run_number,
            {{ count_sum("period_minutes") }} as run_minutes,
            max(ends_at) as run_ends_at
        from numbered
        group by sensor_id, metric, run_number
    ),
    -- The longest constant run, of equals the latest.
    longest as (
        select sensor_id, metric, run_minutes, run_ends_at
        from runs
        qualify
            row_number() over (
                partition by sensor_id, metric order by run_minutes desc, run_ends_at desc
            )
            = 1
    ),
    measured as (
        select
            sensor_id,
            metric,
            max(expected_until) as expected_until,
            max(ends_at) as last_at,
            {{ count_sum("period_minutes") }} as observed_minutes,
            {{ minutes_between("min(observed_at)", "max(expected_until)") }} as expected_minutes,
            {{
                count_sum(
                    "case when observed_at >= expected_until - "
                    ~ recent
                    ~ " then period_minutes end"
                )
            }} as recent_minutes,
            least(
                {{ minutes_between("min(observed_at)", "max(expected_until)") }}, 30 * 24 * 60
            ) as recent_expected_minutes,
            max(
                {{
                    minutes_between(
                        "ends_at", "greatest(coalesce(next_at, expected_until), ends_at)"
                    )
                }}
            ) as gap_minutes
        from steps
        group by sensor_id, metric
    ),
    judged as (
        select
            measured.*,
            longest.run_minutes,
            longest.run_ends_at,
            {{
                minutes_between(
                    "measured.last_at", "greatest(measured.expected_until, measured.last_at)"
                )
            }} >= {{ silent_minutes }} as is_silent,
            longest.run_minutes >= {{ constant_minutes }} as is_constant,
            longest.run_minutes >= {{ constant_minutes }}
            and longest.run_ends_at
            >= measured.expected_until - {{ recent }} as was_constant_recently,
            100 * measured.recent_minutes < 95 * measured.recent_expected_minutes as is_incomplete
        from measured
        inner join
            longest on longest.sensor_id = measured.sensor_id and longest.metric = measured.metric
    ),
    told as (
        select
            sensor_id,
            metric,
            case
                when is_silent
                then 'verstummt'
                when was_constant_recently or is_incomplete
                then 'auffällig'
                else 'misst'
            end as state,
            cast({{ local_time("(last_at - interval 1 minute)") }} as date) as last_observed_date,
            {{ share_of_ten_thousand("observed_minutes", "expected_minutes") }} as observed_share,
            {{ whole_quotient("gap_minutes", "60") }} as longest_gap_hours,
            case
                when is_silent
                then
                    'Keine Messung seit '
                    || {{ german_day("cast(" ~ local_time("last_at") ~ " as date)") }}
                    || case
                        when is_constant and run_ends_at = last_at
                        then
                            ', davor '
                            || {{ whole_quotient("run_minutes", "60") }}
                            || ' Stunden lang derselbe Wert'
                        else ''
                    end
                when was_constant_recently
                then
                    {{ whole_quotient("run_minutes", "60") }}
                    || ' Stunden lang derselbe Wert, bis '
                    || {{ german_day("cast(" ~ local_time("run_ends_at") ~ " as date)") }}
                when is_incomplete
                then
                    'In den letzten 30 Tagen fehlen '
                    || {{ whole_quotient("(recent_expected_minutes - recent_minutes)", "60") }}
                    || ' Stunden'
                else 'Misst regelmäßig'
            end as finding
        from judged
    )

select
    sensors.sensor_id,
    coalesce(told.metric, 'unbekannt') as metric,
    coalesce(told.state, 'verstummt') as state,
    told.last_observed_date,
    told.observed_share,
    cast(told.longest_gap_hours as bigint) as longest_gap_hours,
    coalesce(told.finding, 'Hat noch nie etwas geliefert') as finding
from {{ ref("dim_sensor") }} as sensors
left join told on told.sensor_id = sensors.sensor_id
