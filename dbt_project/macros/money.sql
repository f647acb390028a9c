{#-
  Money and numbers. Belongs here: every division, average and rounding of money, and sums of
  integers; an engine other than DuckDB gets its own version of these macros and nothing else changes.
  Does not belong here: business rules (see business_rules.sql).
-#}
{#- Rounds to cents, half away from zero, as DECIMAL(18, 2). -#}
{% macro eur(expression) -%} cast(round({{ expression }}, 2) as decimal(18, 2)) {%- endmacro %}

{#- Amounts of single lines keep the five places that DSFinV-K delivers. -#}
{% macro eur_exact(expression) -%} cast({{ expression }} as decimal(18, 5)) {%- endmacro %}

{#- Sum of money in cents; a sum over no rows is 0. -#}
{% macro eur_sum(expression) -%}
    cast(round(coalesce(sum({{ expression }}), 0), 2) as decimal(18, 2))
{%- endmacro %}

{#- Sum of exact line amounts; a sum over no rows is 0. -#}
{% macro eur_exact_sum(expression) -%}
    cast(coalesce(sum({{ expression }}), 0) as decimal(18, 5))
{%- endmacro %}

{#-
  An amount divided by a count, rounded to two places half away from zero; NULL for a count that is
  not positive. In whole numbers, because DECIMAL / DECIMAL is DOUBLE here and something else elsewhere.
-#}
{% macro decimal_per(amount, count) -%}
    case
        when {{ count }} > 0
        then
            cast(
                cast(sign({{ amount }}) as decimal(18, 0)) * cast(
                    {{
                        whole_quotient(
                            "(2 * cast(abs("
                            ~ amount
                            ~ ") * 100 as bigint) + cast("
                            ~ count
                            ~ " as bigint))",
                            "(2 * cast(" ~ count ~ " as bigint))",
                        )
                    }} as decimal(18, 0)
                )
                * cast(0.01 as decimal(3, 2)) as decimal(18, 2)
            )
    end
{%- endmacro %}

{#- Quotient of two positive whole numbers, without rest. -#}
{% macro whole_quotient(part, whole) -%} divide({{ part }}, {{ whole }}) {%- endmacro %}

{#- Sum of whole numbers as BIGINT: sum(bigint) is HUGEINT, which parquet turns into DOUBLE. -#}
{% macro count_sum(expression) -%}
    cast(coalesce(sum({{ expression }}), 0) as bigint)
{%- endmacro %}

{#- Number of rows for which a condition holds, as BIGINT. -#}
{% macro count_where(condition) -%}
    cast(coalesce(sum(case when {{ condition }} then 1 else 0 end), 0) as bigint)
{%- endmacro %}

{#- Part of a whole in 0..1; NULL when there is no whole. -#}
{% macro share(part, whole) -%}
    case when {{ whole }} > 0 then cast({{ part }} as double) / cast({{ whole }} as double) end
{%- endmacro %}

{#- Part of a whole as DECIMAL(9, 4), rounded down so that only the whole is 1; NULL when there is no whole. -#}
{% macro share_of_ten_thousand(part, whole) -%}
    case
        when {{ whole }} > 0
        then
            cast(
                cast(
                    {{ whole_quotient("(10000 * least(" ~ part ~ ", " ~ whole ~ "))", whole) }}
                    as decimal(9, 0)
                )
                * cast(0.0001 as decimal(5, 4)) as decimal(9, 4)
            )
    end
{%- endmacro %}
