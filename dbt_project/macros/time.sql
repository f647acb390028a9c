{#-
  Time. Belongs here: reading delivered times, UTC and local time, days and months, the run's as_of.
  Does not belong here: the clock; no model asks what time it is.
-#}
{#- The instant the run speaks for. -#}
{% macro as_of() -%}
    {%- if execute and not var("as_of", none) -%}
        {{
            exceptions.raise_compiler_error(
                "Variable as_of fehlt: Lauf mit --vars '{as_of: 2026-11-22T06:00:00+01:00}' starten."
            )
        }}
    {%- endif -%}
    cast('{{ var("as_of", "") }}' as timestamptz)
{%- endmacro %}

{#- The local day of as_of. -#}
{% macro as_of_date() -%} cast({{ local_time(as_of()) }} as date) {%- endmacro %}

{#- Last day of the calendar: the end of the year in which the day lies that follows as_of by 31. -#}
{% macro calendar_end() -%}
    cast(
        date_trunc('year', {{ as_of_date() }} + interval 31 day)
        + interval 1 year
        - interval 1 day as date
    )
{%- endmacro %}

{#- A delivered instant, whether its column carries UTC or says nothing and means it (sessions run in UTC). -#}
{% macro instant(delivered) -%} cast({{ delivered }} as timestamptz) {%- endmacro %}

{#- What the clock on the town hall showed at an instant. -#}
{% macro local_time(instant) -%}({{ instant }} at time zone '{{ var("timezone") }}') {%- endmacro %}

{#- The instant at which the clock on the town hall shows a time; of the hour that autumn repeats, one. -#}
{% macro instant_of(local_time) -%}
    ({{ local_time }} at time zone '{{ var("timezone") }}')
{%- endmacro %}

{#- Whether the clock on the town hall shows the time of this instant twice: the hour that autumn repeats. -#}
{% macro is_ambiguous(instant) -%}
    (
        {{ local_time(instant) }} = {{ local_time("(" ~ instant ~ " + interval 1 hour)") }}
        or {{ local_time(instant) }} = {{ local_time("(" ~ instant ~ " - interval 1 hour)") }}
    )
{%- endmacro %}

{#- Start of the quarter of an hour: nobody who analyses needs the minute a person stood at a till. -#}
{% macro quarter_hour(instant) -%} time_bucket(interval 15 minute, {{ instant }}) {%- endmacro %}

{#- First day of the month of a day or local time. -#}
{% macro month_of(day) -%} cast(date_trunc('month', {{ day }}) as date) {%- endmacro %}

{#- An instant as text for a key, the same in every session: microseconds since 1970. -#}
{% macro instant_key(instant) -%} epoch_us({{ instant }}) {%- endmacro %}

{#- A day as Germans write it. -#}
{% macro german_day(day) -%} strftime({{ day }}, '%d.%m.%Y') {%- endmacro %}

{#- Whole minutes from one instant to a later one. -#}
{% macro minutes_between(earlier, later) -%}
    {{ whole_quotient("(" ~ instant_key(later) ~ " - " ~ instant_key(earlier) ~ ")", "60000000") }}
{%- endmacro %}
