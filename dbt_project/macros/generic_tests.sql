{#-
  Generic tests. Belongs here: the few forms of statement that hold for many tables.
  Does not belong here: a statement about one table (tests/*.sql), rules of a source (its contract).
-#}
{#- The columns together name a row, and none of them is empty. -#}
{% test unique_combination(model, columns) %}
    select {{ columns | join(", ") }}, count(*) as row_count
    from {{ model }}
    group by {{ columns | join(", ") }}
    having count(*) > 1 {% for column in columns %} or {{ column }} is null {% endfor %}
{% endtest %}

{#- The columns together name a row; an empty one is a value like others. -#}
{% test unique_combination_or_empty(model, columns) %}
    select {{ columns | join(", ") }}, count(*) as row_count
    from {{ model }}
    group by {{ columns | join(", ") }}
    having count(*) > 1
{% endtest %}

{#- Each value lies between the two bounds, both included; empty values are left to not_null. -#}
{% test in_range(model, column_name, lowest=none, highest=none) %}
    select {{ column_name }}
    from {{ model }}
    where
        false
        {% if lowest is not none %} or {{ column_name }} < {{ lowest }} {% endif %}
        {% if highest is not none %} or {{ column_name }} > {{ highest }} {% endif %}
{% endtest %}

{#- The parts of each row add up to its total, to the cent. -#}
{% test adds_up(model, total, parts) %}
    select {{ total }}, {{ parts | join(", ") }}
    from {{ model }}
    where {{ total }} <> {{ parts | join(" + ") }}
{% endtest %}

{#- A part of each row is never more than its whole. -#}
{% test part_of(model, part, whole) %}
    select {{ part }}, {{ whole }} from {{ model }} where {{ part }} > {{ whole }} or {{ part }} < 0
{% endtest %}

{#- Every value is found in the other table; unlike relationships it says how often it is not. -#}
{% test found_in(model, column_name, to, field) %}
    select here.{{ column_name }}, count(*) as row_count
    from {{ model }} as here
    left join {{ to }} as there on there.{{ field }} = here.{{ column_name }}
    where there.{{ field }} is null
    group by here.{{ column_name }}
{% endtest %}

{#- A day is the first of its month. -#}
{% test first_of_month(model, column_name) %}
    select {{ column_name }} from {{ model }} where extract(day from {{ column_name }}) <> 1
{% endtest %}

{#- The flag is set nowhere. -#}
{% test never_true(model, column_name) %}
    select * from {{ model }} where {{ column_name }}
{% endtest %}
