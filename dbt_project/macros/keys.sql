{#-
  Keys. Belongs here: keys made from columns, and which delivery counts.
  Does not belong here: pseudonyms; they are made at the door, with a secret, before raw.
-#}
{#- Key of a row from its columns, the same on every engine: md5 over the texts, NULL told from empty. -#}
{% macro surrogate_key(columns) -%}
    md5(
        {%- for column in columns %}
            coalesce(cast({{ column }} as varchar), '~'){{ " || '|' || " if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}

{#-
  A raw table with the place of each row's delivery in the order of landing (`_landing_no`): the only thing staging looks up
  beside its own table, because which of two deliveries counts is a matter of their order.
-#}
{% macro landed_table(source_name, table_name) -%}
    (
        select rows_of.*, landing._landing_no
        from {{ source_table(source_name, table_name) }} as rows_of
        left join
            (
                select delivery_sha256, max(event_no) as _landing_no
                from {{ source_table("landing", "delivery") }}
                where event = 'landed'
                group by delivery_sha256
            ) as landing
            on landing.delivery_sha256 = rows_of._landing_sha256
    )
{%- endmacro %}

{#- Keeps, of rows with equal columns, the one whose delivery landed first. -#}
{% macro first_landed(columns) -%}
    qualify
        row_number() over (
            partition by {{ columns }} order by _landing_no nulls last, _landing_sha256, _row_number
        )
        = 1
{%- endmacro %}

{#- Keeps, of rows with equal columns, the one whose delivery landed last. -#}
{% macro last_landed(columns) -%}
    qualify
        row_number() over (
            partition by {{ columns }}
            order by _landing_no desc nulls last, _landing_sha256 desc, _row_number desc
        )
        = 1
{%- endmacro %}

{#- Keeps the rows of the delivery that landed last: lists are delivered whole, the last one holds. -#}
{% macro last_list() -%}
    qualify dense_rank() over (order by _landing_no desc nulls last, _landing_sha256 desc) = 1
{%- endmacro %}
