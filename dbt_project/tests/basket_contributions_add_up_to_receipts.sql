with
    receipts as (
        select
            business_month,
            {{ eur_sum("revenue_eur") }} as revenue_eur,
            {{ count_sum("basket_count") }} as receipt_count
        from {{ ref("fct_receipt") }}
        group by business_month
    ),
    left_out as (
        select
            receipts.business_month,
            {{ eur_sum("receipts.revenue_eur") }} as revenue_eur,
            {{ count_sum("receipts.basket_count") }} as receipt_count
        from {{ ref("fct_receipt") }} as receipts
        left join {{ ref("dim_owner") }} as owners on owners.owner_id = receipts.owner_id
        where
            owners.owner_id is null
            or not owners.is_in_indicators
            or receipts.quarter_id is null
            or receipts.trade_id is null
            or receipts.trade_group is null
        group by receipts.business_month
    ),
    contributions as (
        select
            business_month,
            {{ eur_sum("revenue_eur") }} as revenue_eur,
            {{ count_sum("receipt_count") }} as receipt_count
        from {{ ref("ind_basket_contribution") }}
        group by business_month
    )

select receipts.business_month, receipts.revenue_eur, contributions.revenue_eur as in_indicator_eur
from receipts
left join left_out on left_out.business_month = receipts.business_month
left join contributions on contributions.business_month = receipts.business_month
where
    receipts.revenue_eur
    <> coalesce(contributions.revenue_eur, 0) + coalesce(left_out.revenue_eur, 0)
    or receipts.receipt_count
    <> coalesce(contributions.receipt_count, 0) + coalesce(left_out.receipt_count, 0)
