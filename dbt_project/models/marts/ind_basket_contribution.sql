select
    receipts.owner_id,
    receipts.quarter_id,
    receipts.trade_id,
    receipts.trade_group,
    receipts.business_month,
    {{ count_sum("receipts.basket_count") }} as receipt_count,
    {{ eur_sum("receipts.revenue_eur") }} as revenue_eur
from {{ ref("fct_receipt") }} as receipts
inner join
    {{ ref("dim_owner") }} as owners
    on owners.owner_id = receipts.owner_id
    and owners.is_in_indicators
where
    receipts.quarter_id is not null
    and receipts.trade_id is not null
    and receipts.trade_group is not null
group by
    receipts.owner_id,
    receipts.quarter_id,
    receipts.trade_id,
    receipts.trade_group,
    receipts.business_month
