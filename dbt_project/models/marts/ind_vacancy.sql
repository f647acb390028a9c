with
    counted as (
        select
            quarter_id,
            business_month,
            count(*) as premise_count,
            {{ count_where("is_vacant") }} as vacant_count
        from {{ ref("fct_premise_month") }}
        group by quarter_id, business_month
    )

select
    quarter_id,
    business_month,
    premise_count,
    vacant_count,
    {{ share("vacant_count", "premise_count") }} as vacancy_share
from counted
