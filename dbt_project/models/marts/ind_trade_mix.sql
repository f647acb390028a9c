with
    shops as (
        select quarter_id, business_month, trade_group
        from {{ ref("fct_premise_month") }}
        where premise_status = 'belegt' and trade_group is not null
    ),

    -- A group without a shop is zero shops, not a missing number.
    cells as (
        select places.quarter_id, places.business_month, kinds.trade_group
        from (select distinct quarter_id, business_month from shops) as places
        cross join (select distinct trade_group from {{ ref("dim_trade") }}) as kinds
    )

select
    cells.quarter_id,
    cells.business_month,
    cells.trade_group,
    count(shops.trade_group) as shop_count
from cells
left join
    shops
    on shops.quarter_id = cells.quarter_id
    and shops.business_month = cells.business_month
    and shops.trade_group = cells.trade_group
group by cells.quarter_id, cells.business_month, cells.trade_group
