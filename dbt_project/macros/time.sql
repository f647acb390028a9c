{#-
  Time. Belongs here: reading delivered times, UTC and local time, days and months, the run's as_of.
  Does not belong here: the clock; no model asks what time it is.
-#}
{#- The instant the run speaks for, as UTC timestamp. -#}
{% macro as_of() -%}
    {%- if execute and not var("as_of", none) -%}
        {{ exceptions.raise_compiler_error("Variable as_of fehlt: Lauf mit --vars '{as_of: 2026-11-22T06:00:00+01:00}' starten.") }}
    {%- endif -%}
    (cast('{{ var("as_of", "") }}' as timestamptz) at time zone 'UTC')
{%- endmacro %}

{#- The local day of as_of. -#}
{% macro as_of_date() -%}
    cast(cast('{{ var("as_of", "") }}' as timestamptz) at time zone '{{ var("timezone") }}' as date)
{%- endmacro %}

{#- First day of the month of a day. -#}
{% macro month_of(day) -%} cast(date_trunc('month', {{ day }}) as date) {%- endmacro %}

{#- Local time of the town to UTC. Of the two readings of the repeated hour in autumn the engine takes one: see is_ambiguous. -#}
{% macro local_to_utc(local_time) -%}
    {{ local_time }} at time zone '{{ var("timezone") }}' at time zone 'UTC'
{%- endmacro %}

{#- UTC to local time of the town. -#}
{% macro utc_to_local(utc_time) -%}
    {{ utc_time }} at time zone 'UTC' at time zone '{{ var("timezone") }}'
{%- endmacro %}

{#- Whether a UTC instant, read as local time, names two instants: the hour repeated in autumn. -#}
{% macro is_ambiguous(utc_time) -%}
    (
        {{ utc_to_local(utc_time) }} = {{ utc_to_local("(" ~ utc_time ~ " + interval 1 hour)") }}
        or {{ utc_to_local(utc_time) }} = {{ utc_to_local("(" ~ utc_time ~ " - interval 1 hour)") }}
    )
{%- endmacro %}

{#- Start of the quarter of an hour: nobody who analyses needs the minute a person stood at a till. -#}
{% macro quarter_hour(utc_time) -%}
    time_bucket(interval 15 minute, {{ utc_time }})
{%- endmacro %}
