-- What holds on the day of the run; a list for days to come waits for them.
select
    owner_id,
    article_number,
    article_name,
    product_group,
    unit,
    unit_price_eur,
    unit_cost_eur,
    salvage_eur,
    shelf_life_days,
    pack_size,
    minimum_order,
    is_perishable,
    valid_from_date
from {{ ref("stg_merchandise__articles") }}
where valid_from_date <= {{ as_of_date() }}
qualify row_number() over (partition by owner_id, article_number order by valid_from_date desc) = 1
