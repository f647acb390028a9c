with
    counted as (
        select
            quarter_id,
            business_month,
            count(*) as shop_count,
            {{ count_where("not is_chain") }} as independent_count
        from {{ ref("fct_premise_month") }}
        -- A shop of which the register does not say whether it is a chain's is in neither number.
        where premise_status = 'belegt' and is_chain is not null
        group by quarter_id, business_month
    )

select
    quarter_id,
    business_month,
    shop_count,
    independent_count,
    {{ share("independent_count", "shop_count") }} as independent_share
from counted
