{#-
  Where things lie. Belongs here: names of schemas and the one way to a source table.
  Does not belong here: anything that computes.
-#}
{#- Schemas are called staging, core and marts, with no prefix in front. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema if custom_schema_name is none else custom_schema_name | trim }}
{%- endmacro %}

{#-
  The only way from a model to a source. A cooperative that has no vacancy register has no such raw
  table: then this is an empty table with the contract's columns, so that every model still
  builds and what depends on it is empty, never invented.
-#}
{% macro source_table(source_name, table_name) -%}
    {%- set relation = source(source_name, table_name) -%}
    {%- if not execute or relation.is_cte or relation.database is none -%} {{ relation }}
    {%- elif adapter.get_relation(
        relation.database, relation.schema, relation.identifier
    ) is not none -%}
        {{ relation }}
    {%- else -%} {{ empty_source(source_name, table_name) }}
    {%- endif -%}
{%- endmacro %}

{% macro empty_source(source_name, table_name) -%}
    {%- set found = (
        graph.sources.values()
        | selectattr("source_name", "equalto", source_name)
        | selectattr("name", "equalto", table_name)
        | list
    ) -%}
    {%- set columns = found[0].columns.values() | list -%}
    {%- set known = columns | map(attribute="name") | list -%}
    (
        select
            {% for column in columns %}
                cast(null as {{ column.data_type }}) as {{ column.name }},
            {% endfor %}
            {% for name, type in [("_landing_sha256", "varchar"), ("_row_number", "bigint")] if name not in known %}
                cast(null as {{ type }}) as {{ name }},
            {% endfor %}
        where false
    )
{%- endmacro %}

{#- dbt's own hook in front of every test: a source table that is not there is tested as an empty one. -#}
{% macro duckdb__get_where_subquery(relation) -%}
    {%- set absent = (
        execute
        and relation.schema in ("raw", "landing")
        and adapter.get_relation(
            relation.database, relation.schema, relation.identifier
        )
        is none
    ) -%}
    {%- if absent -%}
        (select * from {{ empty_source(relation.schema, relation.identifier) }} as nothing)
    {%- else -%} {{ default__get_where_subquery(relation) }}
    {%- endif -%}
{%- endmacro %}
